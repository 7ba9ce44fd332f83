// The daily report as a person reads it, and as rows for a spreadsheet.
import { type Cell, csv, money, table } from '../output.ts';
import type { DailyReport } from './daily.ts';
import type { Difference } from './differences.ts';

const figure = ({ unit }: Difference, value: number | null): string =>
  value === null ? '-' : unit === 'usd_micros' ? money(value) : String(value);

const block = (title: string, head: readonly string[], rows: readonly (readonly Cell[])[]): string =>
  rows.length === 0 ? `${title}: none` : `${title}\n${table(head, rows)}`;

function equityLines({ equity }: DailyReport): readonly string[] {
  if (equity === null) return ['equity: the broker was not read twice'];
  const { from, to, transfers, realized, unrealizedChange, income } = equity;
  const change = money(to.equity - from.equity - transfers);
  return [
    `equity ${money(from.equity)} to ${money(to.equity)}, deposits and withdrawals ${money(transfers)}: ${change}`,
    `  realized ${money(realized)}, change of unrealized ${money(unrealizedChange)}, income and fees ${money(income)}`,
  ];
}

const STRATEGY_HEAD = ['strategy', 'realized', 'unrealized', 'income', 'fees', 'orders', 'executions', 'opened', 'closed'];
const TRADE_HEAD = [
  'strategy',
  'underlying',
  'opened',
  'units',
  'entry cash',
  'realized',
  'so far',
  'unrealized',
  'closed',
  'exit',
  'trade',
];
const POSITION_HEAD = ['owner', 'symbol', 'qty', 'cash', 'mark', 'unrealized'];
const DIFFERENCE_HEAD = ['what', 'symbol', 'ledger', 'broker'];

type Rows = readonly (readonly Cell[])[];

const strategyRows = ({ strategies }: DailyReport): Rows =>
  strategies.map(({ owner, realized, unrealized, income, fees, orders, executions, opened, closed }) => [
    owner,
    money(realized),
    money(unrealized),
    money(income),
    money(fees),
    orders,
    executions,
    opened,
    closed,
  ]);

const tradeRows = ({ trades }: DailyReport): Rows =>
  trades.map(({ owner, underlying, openedDay, units, entryCash, realized, realizedSoFar, unrealized, closedDay, exit, id }) => [
    owner,
    underlying,
    openedDay,
    units,
    money(entryCash),
    money(realized),
    money(realizedSoFar),
    money(unrealized),
    closedDay,
    exit,
    id,
  ]);

const positionRows = ({ positions }: DailyReport): Rows =>
  positions.map(({ owner, symbol, qty, cash, mark, unrealized }) => [owner, symbol, qty, money(cash), money(mark), money(unrealized)]);

const differenceRows = ({ differences }: DailyReport): Rows =>
  differences.map((d) => [d.what, d.symbol, figure(d, d.ledger), figure(d, d.broker)]);

function headLines(report: DailyReport): readonly string[] {
  const { day, mode, account, asOf, cash } = report;
  const whose = mode === null ? '' : `, ${mode} account ${account ?? ''}`;
  return [
    `${day}${whose}, as of ${new Date(asOf).toISOString()}`,
    ...equityLines(report),
    `cash ${money(cash.before)} to ${money(cash.after)}`,
    ...cash.flows.map((flow) => `  ${flow.kind} ${money(flow.cash)} in ${String(flow.rows)}`),
  ];
}

/** The report for a person. */
export const dailyText = (report: DailyReport): string =>
  [
    headLines(report).join('\n'),
    block('by strategy', STRATEGY_HEAD, strategyRows(report)),
    block('trades', TRADE_HEAD, tradeRows(report)),
    block('positions at the end of the day', POSITION_HEAD, positionRows(report)),
    report.differences.length === 0
      ? "ledger and the broker's record agree to the cent"
      : block('differences', DIFFERENCE_HEAD, differenceRows(report)),
  ].join('\n\n');

/** A line for each trade that was open on the day. */
export const dailyCsv = (report: DailyReport): string => csv(TRADE_HEAD, tradeRows(report));
