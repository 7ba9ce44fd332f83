// `wsb status`: how the run stands, read from its ledger; the daemon need not be alive.
import { join } from 'node:path';
import type { Command } from 'commander';
import { scopeText } from '../../domain/halt.ts';
import { lockState } from '../../store/lock.ts';
import { readBreakers, readPositions, readStatus, type StatusFacts } from '../../store/queries.ts';
import type { Globals } from '../globals.ts';
import { money, print, printJson } from '../output.ts';
import { withLedger } from '../reader.ts';

const mask = (account: string): string => `...${account.slice(-4)}`;

function lines(facts: StatusFacts, alive: string, positions: readonly string[], breakers: readonly string[]): readonly string[] {
  return [
    `mode        ${facts.stamp?.mode ?? 'not yet stamped'}`,
    `account     ${facts.stamp === null ? '-' : mask(facts.stamp.account)}`,
    `daemon      ${alive}`,
    `last turn   ${facts.turn === null ? 'none' : `${new Date(facts.turn.at).toISOString()} (session ${facts.turn.day})`}`,
    `modes       ${facts.modes.join(', ') || 'READY'}`,
    `halts       ${facts.halts.map((h) => `${h.level} ${scopeText(h.scope)}: ${h.reason}`).join('; ') || 'none'}`,
    `breakers    ${breakers.join(', ') || 'never moved'}`,
    `cash        ${money(facts.cash)}`,
    `positions   ${facts.positions}${positions.length > 0 ? `: ${positions.join(', ')}` : ''}`,
    `orders      ${facts.liveOrders} live, ${facts.ambiguousOrders} unresolved`,
    `today       ${facts.decisionsToday} decisions, ${facts.fillsToday} fills`,
  ];
}

export function registerStatus(root: Command): void {
  root
    .command('status')
    .description('mode, modes of degradation, halts, positions, unresolved orders')
    .option('--strict', 'exit 13 when halted or degraded')
    .action((flags: { readonly strict?: boolean }, command: Command) => {
      const globals = command.optsWithGlobals<Globals>();
      withLedger(globals, (reader, stateDir) => {
        const facts = readStatus(reader);
        const positions = readPositions(reader);
        const breakers = readBreakers(reader);
        const lock = lockState(join(stateDir, 'state.lock'));
        const alive = lock.held ? `running${lock.holder === null ? '' : ` as process ${lock.holder.pid}`}` : 'not running';
        if (globals.json === true)
          printJson({
            ...facts,
            stamp: facts.stamp === null ? null : { mode: facts.stamp.mode, account: mask(facts.stamp.account) },
            daemon: lock,
            breakers,
            positions,
          });
        else
          for (const line of lines(
            facts,
            alive,
            positions.map((p) => `${p.owner} ${p.qty} ${p.instrument.symbol}`),
            breakers.map((b) => `${b.lane} ${b.state}`),
          ))
            print(line);
        if (flags.strict === true && (facts.halts.length > 0 || facts.modes.length > 0)) process.exitCode = 13;
      });
    });
}
