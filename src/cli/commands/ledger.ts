// `wsb positions` and `wsb orders`: views of the ledger.
import type { Command } from 'commander';
import { exitKind, termText } from '../../domain/exit-rule.ts';
import { strategyId, symbol } from '../../domain/ids.ts';
import type { TradingDay } from '../../domain/time.ts';
import { readExits, readOrders, readPositions } from '../../store/queries.ts';
import { dayFlag, numeric } from '../flags.ts';
import type { Globals } from '../globals.ts';
import { type Cell, csv, limitText, money, print, printJson, table } from '../output.ts';
import { withLedger } from '../reader.ts';

interface ListFlags {
  readonly strategy?: string;
  readonly symbol?: string;
  readonly since?: TradingDay;
  readonly open?: boolean;
  readonly exits?: boolean;
  readonly limit?: number;
  readonly csv?: boolean;
}

function show(globals: Globals, flags: ListFlags, head: readonly string[], rows: readonly (readonly Cell[])[], raw: unknown): void {
  if (globals.json === true) printJson(raw);
  else if (flags.csv === true) print(csv(head, rows));
  else print(rows.length === 0 ? 'none' : table(head, rows));
}

const EXIT_HEAD = ['owner', 'underlying', 'reason', 'kind', 'when', 'units', 'armed', 'fired', 'resting order', 'trade'];

function showExits(globals: Globals, flags: ListFlags): void {
  withLedger(globals, (reader) => {
    const found = readExits(reader, flags.strategy === undefined ? {} : { owner: strategyId(flags.strategy) });
    const rows = found.map((rule) => [
      rule.owner,
      rule.underlying,
      rule.code,
      exitKind(rule.code),
      rule.when.map(termText).join(', or '),
      rule.units ?? 'all',
      new Date(rule.armedAt).toISOString(),
      rule.fired,
      rule.order,
      rule.trade,
    ]);
    show(globals, flags, EXIT_HEAD, rows, found);
  });
}

export function registerLedger(root: Command): void {
  root
    .command('positions')
    .description('what is held, by owner')
    .option('--strategy <id>')
    .option('--exits', 'what would close each open trade instead: levels, days and events, and since when they stand')
    .option('--csv', 'comma-separated')
    .action((flags: ListFlags, command: Command) => {
      const globals = command.optsWithGlobals<Globals>();
      if (flags.exits === true) return showExits(globals, flags);
      withLedger(globals, (reader) => {
        const found = readPositions(reader, flags.strategy === undefined ? {} : { owner: strategyId(flags.strategy) });
        const rows = found.map((p) => [
          p.owner,
          p.instrument.symbol,
          p.qty,
          money(p.cost),
          money(Math.abs(Math.round(p.cost / (p.qty * p.instrument.multiplier)))),
          p.openedDay,
        ]);
        show(globals, flags, ['owner', 'symbol', 'qty', 'cost', 'average', 'opened'], rows, found);
      });
    });
  root
    .command('orders')
    .description('orders, newest first')
    .option('--strategy <id>')
    .option('--symbol <symbol>')
    .option('--since <date>', 'from this session day on', dayFlag)
    .option('--open', 'only those that may still trade')
    .option('--limit <n>', 'rows', numeric, 100)
    .option('--csv', 'comma-separated')
    .action((flags: ListFlags, command: Command) => {
      const globals = command.optsWithGlobals<Globals>();
      withLedger(globals, (reader) => {
        const found = readOrders(reader, {
          ...(flags.since === undefined ? {} : { since: flags.since }),
          limit: flags.limit ?? 100,
          ...(flags.open === true ? { open: true } : {}),
          ...(flags.strategy === undefined ? {} : { strategy: strategyId(flags.strategy) }),
          ...(flags.symbol === undefined ? {} : { symbol: symbol(flags.symbol.toUpperCase()) }),
        });
        const rows = found.map((o) => [
          new Date(o.recordedAt).toISOString(),
          o.strategy,
          o.legs.map((l) => `${l.side} ${l.instrument.symbol}`).join(' + '),
          o.qty,
          o.type,
          limitText(o.limit ?? o.stop, o.legs.length),
          o.state,
          o.cumQty,
          o.id,
          o.reason,
        ]);
        show(globals, flags, ['recorded', 'strategy', 'legs', 'qty', 'type', 'price', 'state', 'filled', 'id', 'reason'], rows, found);
      });
    });
}
