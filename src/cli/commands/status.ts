// `wsb status`: how the run stands, read from its ledger; the daemon need not be alive.
import { join } from 'node:path';
import type { Command } from 'commander';
import { scopeText } from '../../domain/halt.ts';
import { stepUnder } from '../../risk/ladder.ts';
import { readEquity } from '../../store/equity-records.ts';
import { lockState } from '../../store/lock.ts';
import { readBreakers, readPositions, readStatus, type StatusFacts } from '../../store/queries.ts';
import type { Globals } from '../globals.ts';
import { money, print, printJson } from '../output.ts';
import { withLedger } from '../reader.ts';

const mask = (account: string): string => `...${account.slice(-4)}`;

type Equity = ReturnType<typeof readEquity>;

/** Equity, the day, the fall from the highest close, and how much of each opening is left. */
function equityLines({ last, losses }: Equity, halts: StatusFacts['halts']): readonly string[] {
  if (last === null || losses === null) return ['equity      not looked at yet'];
  const fall = last.nav === null ? '-' : `${(Math.max(0, 1 - last.nav / last.peak) * 100).toFixed(2)} %`;
  return [
    `equity      ${last.equity === null ? `not known (${last.why ?? ''})` : money(last.equity)}, the broker says ${money(last.brokerEquity)}; day ${money(last.dayPnl)}, drawdown ${fall}`,
    `ladder      ${stepUnder(losses.ladder, halts)}: ${String(losses.factor)} of each opening`,
  ];
}

function lines(
  facts: StatusFacts,
  equity: Equity,
  alive: string,
  positions: readonly string[],
  breakers: readonly string[],
): readonly string[] {
  return [
    `mode        ${facts.stamp?.mode ?? 'not yet stamped'}`,
    `account     ${facts.stamp === null ? '-' : mask(facts.stamp.account)}`,
    `daemon      ${alive}`,
    `last turn   ${facts.turn === null ? 'none' : `${new Date(facts.turn.at).toISOString()} (session ${facts.turn.day})`}`,
    `modes       ${facts.modes.join(', ') || 'READY'}`,
    `halts       ${facts.halts.map((h) => `${h.level} ${scopeText(h.scope)}: ${h.reason}`).join('; ') || 'none'}`,
    `breakers    ${breakers.join(', ') || 'never moved'}`,
    `cash        ${money(facts.cash)}`,
    ...equityLines(equity, facts.halts),
    `positions   ${facts.positions}${positions.length > 0 ? `: ${positions.join(', ')}` : ''}`,
    `orders      ${facts.liveOrders} live, ${facts.ambiguousOrders} unresolved`,
    `today       ${facts.decisionsToday} decisions, ${facts.fillsToday} fills`,
  ];
}

export function registerStatus(root: Command): void {
  root
    .command('status')
    .description('mode, modes of degradation, halts, equity and the day, positions, unresolved orders')
    .option('--strict', 'exit 13 when halted or degraded')
    .action((flags: { readonly strict?: boolean }, command: Command) => {
      const globals = command.optsWithGlobals<Globals>();
      withLedger(globals, (reader, stateDir) => {
        const facts = readStatus(reader);
        const positions = readPositions(reader);
        const breakers = readBreakers(reader);
        const equity = readEquity(reader.db);
        const lock = lockState(join(stateDir, 'state.lock'));
        const alive = lock.held ? `running${lock.holder === null ? '' : ` as process ${lock.holder.pid}`}` : 'not running';
        if (globals.json === true)
          printJson({
            ...facts,
            equity: equity.last,
            ladder:
              equity.losses === null ? null : { step: stepUnder(equity.losses.ladder, facts.halts), sizeFactor: equity.losses.factor },
            stamp: facts.stamp === null ? null : { mode: facts.stamp.mode, account: mask(facts.stamp.account) },
            daemon: lock,
            breakers,
            positions,
          });
        else
          for (const line of lines(
            facts,
            equity,
            alive,
            positions.map((p) => `${p.owner} ${p.qty} ${p.instrument.symbol}`),
            breakers.map((b) => `${b.lane} ${b.state}`),
          ))
            print(line);
        if (flags.strict === true && (facts.halts.length > 0 || facts.modes.length > 0)) process.exitCode = 13;
      });
    });
}
