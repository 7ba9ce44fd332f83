// The performance report as a person reads it, within a hundred columns, and as rows for a spreadsheet.
import { dollars, type Usd } from '../../domain/money.ts';
import type { AgainstBenchmark, ReturnFigures } from '../../risk/performance/figures.ts';
import type { Performance, PerformanceReport } from '../../risk/performance/performance.ts';
import type { StrategyDay } from '../../risk/performance/strategy-daily.ts';
import { type Cell, csv, table } from '../output.ts';

/** Under a quarter of daily returns no ratio means anything: it is printed, and said. */
const OBSERVATIONS_ENOUGH = 60;
const DAYS_SHOWN = 25;

const cents = (amount: Usd | null): string => (amount === null ? '-' : dollars(amount).toFixed(2));
/** Above this a part is no longer read digit by digit. */
const LONG = 1e5;
const percent = (part: number | null | undefined, digits = 2): string => {
  if (part === null || part === undefined) return '-';
  return Math.abs(100 * part) < LONG ? (100 * part).toFixed(digits) : (100 * part).toExponential(1);
};
const ratio = (value: number | null | undefined, digits = 2): string =>
  value === null || value === undefined ? '-' : value.toFixed(digits);

const RETURNS_HEAD = ['', 'P&L $', 'return %', 'CAGR %', 'vol. %', 'Sharpe', 'Sortino', 'Calmar', 'fall %'] as const;

function returnsRow(name: string, pnl: Usd | null, figures: ReturnFigures): readonly Cell[] {
  const { timeWeighted, cagr, volatility, sharpe, sortino, calmar, drawdown } = figures;
  return [
    name,
    cents(pnl),
    percent(timeWeighted),
    percent(cagr, 1),
    percent(volatility, 1),
    ratio(sharpe),
    ratio(sortino),
    ratio(calmar),
    percent(drawdown?.depth),
  ];
}

const TRADES_HEAD = ['', 'trades', 'won %', 'profit factor', 'expectancy $', 'exposure %', 'at most %', 'turnover'] as const;

function tradesRow(name: string, { trades, activity }: Performance): readonly Cell[] {
  const said = trades.known ? trades.value : null;
  return [
    name,
    said?.count ?? 0,
    percent(said?.winRate, 1),
    ratio(said?.profitFactor),
    ratio(said?.expectancy),
    percent(activity.exposureAvg, 1),
    percent(activity.exposureMax, 1),
    ratio(activity.turnover),
  ];
}

const DAYS_HEAD = ['day', 'equity $', 'in and out $', 'P&L $', 'return %', 'growth', 'fall %', 'benchmark %'] as const;

const dayRows = ({ curve, benchmarkDaily }: PerformanceReport): readonly (readonly Cell[])[] =>
  curve.map(({ day, equity, flow, pnl, dayReturn, growth, drawdown }) => [
    day,
    cents(equity),
    cents(flow),
    cents(pnl),
    percent(dayReturn, 3),
    ratio(growth, 5),
    percent(drawdown),
    percent(benchmarkDaily.get(day), 3),
  ]);

function benchmarkLines(benchmark: AgainstBenchmark | null): readonly string[] {
  if (benchmark === null) return ['no benchmark: the ledger has no two marks of it (the index baseline takes one after each close)'];
  const { symbol, ours, figures, beta, alpha, trackingError, informationRatio } = benchmark;
  return [
    `against ${symbol}, dividends reinvested, on the ${figures.days} days that both have: ` +
      `${percent(ours.timeWeighted)} % to ${percent(figures.timeWeighted)} %`,
    `  beta ${ratio(beta)}, alpha ${percent(alpha)} % a year, tracking error ${percent(trackingError)} %, information ratio ${ratio(informationRatio)}`,
  ];
}

function fallLine({ account: { returns } }: PerformanceReport): string {
  const { drawdown, timeWeighted } = returns;
  if (drawdown === null) return timeWeighted === null ? 'largest fall: not known, a return is missing' : 'largest fall: none';
  const { depth, peak, trough, recovered } = drawdown;
  const end = recovered === null ? 'not made good yet' : `made good on ${recovered}`;
  return `largest fall ${percent(depth)} %, from ${peak ?? 'the beginning'} to ${trough}, ${end}`;
}

function headLines(report: PerformanceReport): readonly string[] {
  const { from, to, start, account, curve } = report;
  const { observations } = account.returns;
  const end = curve.at(-1)?.equity ?? null;
  return [
    `${from} to ${to}: equity ${cents(start.equity)} to ${cents(end)}, ${curve.length} session days, ${observations} daily returns`,
    fallLine(report),
    ...(observations < OBSERVATIONS_ENOUGH ? [`fewer than ${OBSERVATIONS_ENOUGH} daily returns: no ratio below says much`] : []),
    ...benchmarkLines(report.benchmark),
  ];
}

/** More of the common risk than this in one strategy, or fewer equal bets than this in three, is one bet in several coats. */
const SHARE_MAX = 0.5;
const BETS_MIN = 2;
/** Strategies named in one line of a hundred columns. */
const A_LINE = 5;

function togetherLines(found: PerformanceReport['together']): readonly string[] {
  if (found === null) return ['strategies together: not known, fewer than two have forty daily returns'];
  const { owners, concentration, assumed } = found;
  const { effectiveBets, diversificationRatio, riskShares } = concentration;
  const shares = owners.map((owner, i) => `${owner} ${percent(riskShares[i], 1)} %`);
  const heavy = owners.filter((_, i) => !((riskShares[i] ?? Number.NaN) <= SHARE_MAX));
  const few = owners.length >= 3 && !(effectiveBets >= BETS_MIN);
  return [
    `strategies together: as good as ${ratio(effectiveBets)} equal bets, diversification ratio ${ratio(diversificationRatio)}`,
    ...shares.flatMap((_, i) => (i % A_LINE === 0 ? [`  risk  ${shares.slice(i, i + A_LINE).join(', ')}`] : [])),
    ...(heavy.length > 0 ? [`  more than half of it is in ${heavy.join(', ')}`] : []),
    ...(few ? [`  fewer than ${BETS_MIN} bets in ${owners.length} strategies`] : []),
    ...(assumed.length > 0 ? [`  taken to move together, with too few days in common: ${assumed.map((p) => p.join('/')).join(', ')}`] : []),
  ];
}

function daysBlock(report: PerformanceReport): string {
  const rows = dayRows(report);
  const left = rows.length - DAYS_SHOWN;
  const said = left > 0 ? `the last ${DAYS_SHOWN} days (--csv has the ${left} before them, too)\n` : '';
  return `${said}${table(DAYS_HEAD, rows.slice(-DAYS_SHOWN))}`;
}

/** The report for a person. */
export function performanceText(report: PerformanceReport): string {
  const { account, strategies, benchmark } = report;
  const returns = [
    returnsRow('account', account.pnl, account.returns),
    ...(benchmark === null ? [] : [returnsRow(benchmark.symbol, null, benchmark.figures)]),
    ...strategies.map(({ owner, pnl, returns: own }) => returnsRow(owner, pnl, own)),
  ];
  const trades = [tradesRow('account', account), ...strategies.map((one) => tradesRow(one.owner, one))];
  return [
    headLines(report).join('\n'),
    table(RETURNS_HEAD, returns),
    table(TRADES_HEAD, trades),
    togetherLines(report.together).join('\n'),
    daysBlock(report),
  ].join('\n\n');
}

const CSV_HEAD = [
  'day',
  'who',
  'sessions',
  'equity',
  'flow',
  'pnl',
  'return',
  'growth',
  'drawdown',
  'realized',
  'unrealized_change',
  'income',
  'fees',
  'exposure_avg',
  'exposure_max',
  'traded',
  'trades',
  'wins',
] as const;

const plain = (amount: Usd | null): number | null => (amount === null ? null : dollars(amount));

const strategyLine = (d: StrategyDay): readonly Cell[] => [
  d.day,
  d.owner,
  d.sessions,
  plain(d.capital),
  null,
  plain(d.pnl),
  d.returnOnCap,
  null,
  null,
  plain(d.realized),
  plain(d.unrealizedChange),
  plain(d.income),
  plain(d.fees),
  plain(d.exposureAvg),
  plain(d.exposureMax),
  plain(d.traded),
  d.trades,
  d.wins,
];

/** A line for the account and each strategy on each day: dollars and fractions with all their digits; a strategy's equity is its capital. */
export function performanceCsv({ curve, daily, benchmark, benchmarkDaily }: PerformanceReport): string {
  const blank = Array.from({ length: 9 }, () => null);
  const rows = curve.flatMap(({ day, sessions, equity, flow, pnl, dayReturn, growth, drawdown }): readonly (readonly Cell[])[] => [
    [day, 'account', sessions, plain(equity), plain(flow), plain(pnl), dayReturn, growth, drawdown, ...blank],
    ...(benchmarkDaily.has(day)
      ? [[day, benchmark?.symbol, sessions, null, null, null, benchmarkDaily.get(day), null, null, ...blank]]
      : []),
    ...daily.filter((d) => d.day === day).map(strategyLine),
  ]);
  return csv(CSV_HEAD, rows);
}

/** As a document: what a map holds is an object by day. */
export const performanceJson = ({ benchmarkDaily, ...report }: PerformanceReport): unknown => ({
  ...report,
  benchmarkDaily: Object.fromEntries(benchmarkDaily),
});
