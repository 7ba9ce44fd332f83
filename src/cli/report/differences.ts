// Where the ledger and the broker's own words on a day differ: cash, holdings, executions, and every other row of its record.
import type { Activity } from '../../domain/account.ts';
import type { Usd } from '../../domain/money.ts';
import type { TradingDay } from '../../domain/time.ts';
import { executionsOn, lotsAfter } from '../../store/daily-books.ts';
import { activitiesOf, adjustmentsOn, type BrokerRead, bookedFor, deliveriesOn } from '../../store/daily-broker.ts';
import type { Reader } from '../../store/reader.ts';
import type { EquityWalk } from './equity-walk.ts';

/** One figure on which they differ. Money in micros; null is what one side does not state. */
export interface Difference {
  readonly what: string;
  readonly symbol: string | null;
  readonly ledger: number | null;
  readonly broker: number | null;
  readonly unit: 'usd_micros' | 'units';
}

interface Stated {
  readonly read: BrokerRead | null;
  readonly equity: EquityWalk | null;
  /** After the turn of the read. */
  readonly ledgerCash: Usd | null;
}

type Figure = number | null;

/** Money is told in cents; half of one is no difference. */
const HALF_CENT = 5_000;
const differ = (a: number, b: number): boolean => Math.abs(a - b) >= HALF_CENT;

const money = (what: string, ledger: Figure, broker: Figure, symbol: string | null = null): Difference => ({
  what,
  symbol,
  ledger,
  broker,
  unit: 'usd_micros',
});
const units = (what: string, ledger: Figure, broker: Figure, symbol: string | null): Difference => ({
  what,
  symbol,
  ledger,
  broker,
  unit: 'units',
});

/** What a price that moves between the broker's answers makes of one read. */
export const MOVED = 'equity at the last read, and its own cash and prices';

function ofAccount({ read, equity, ledgerCash }: Stated): readonly Difference[] {
  if (read === null) return [money('the broker was not read on this day', null, null)];
  const { cash } = read.snapshot.account;
  const found = ledgerCash === null || differ(ledgerCash, cash) ? [money('cash at the last read', ledgerCash, cash)] : [];
  if (equity === null) return found;
  const { from, to, transfers, realized, unrealizedChange, income } = equity;
  const change = to.equity - from.equity - transfers;
  if (unrealizedChange === null || from.reckoned === null || to.reckoned === null)
    return [...found, money('change of equity: a holding has no price at one of the reads', null, change)];
  // Prices may move between the answers that make a read: what its own cash and prices make is what the ledger must explain.
  const explained = realized + unrealizedChange + income;
  const own = to.reckoned - from.reckoned - transfers;
  return [
    ...found,
    ...(differ(explained, own) ? [money('change of equity between the reads', explained, own)] : []),
    ...(differ(to.reckoned, to.equity) ? [money(MOVED, to.reckoned, to.equity)] : []),
  ];
}

/** Every symbol of two tables, in order. */
const symbolsOf = (a: ReadonlyMap<string, unknown>, b: ReadonlyMap<string, unknown>): readonly string[] =>
  [...new Set([...a.keys(), ...b.keys()])].sort();

function ofHoldings(reader: Reader, { read }: Stated): readonly Difference[] {
  if (read === null) return [];
  const ours = new Map<string, number>();
  for (const { instrument, qty } of lotsAfter(reader, read.seq)) ours.set(instrument.symbol, (ours.get(instrument.symbol) ?? 0) + qty);
  // A fractional holding is shown by the broker and never traded by us: it is nobody's of ours.
  const whole = read.snapshot.positions.flatMap(({ symbol, net }) => (typeof net === 'number' ? [[symbol as string, net] as const] : []));
  const theirs = new Map<string, number>(whole);
  return symbolsOf(ours, theirs).flatMap((symbol) => {
    const [ledger, broker] = [ours.get(symbol) ?? 0, theirs.get(symbol) ?? 0];
    return ledger === broker ? [] : [units('held at the last read', ledger, broker, symbol)];
  });
}

interface Traded {
  readonly traded: number;
  readonly cash: number;
}
const nothing: Traded = { traded: 0, cash: 0 };

function ofExecutions(reader: Reader, day: TradingDay, activities: readonly Activity[]): readonly Difference[] {
  const ours = new Map<string, Traded>(executionsOn(reader, day).map((row) => [row.symbol, row]));
  const theirs = new Map<string, Traded>();
  for (const { type, symbol, qty, netAmount } of activities) {
    if (type !== 'FILL' || symbol === null) continue;
    const { traded, cash } = theirs.get(symbol) ?? nothing;
    theirs.set(symbol, { traded: traded + Math.abs(qty), cash: cash + netAmount });
  }
  return symbolsOf(ours, theirs).flatMap((symbol) => {
    const [mine, his] = [ours.get(symbol) ?? nothing, theirs.get(symbol) ?? nothing];
    return [
      ...(mine.traded === his.traded ? [] : [units('executed', mine.traded, his.traded, symbol)]),
      ...(differ(mine.cash, his.cash) ? [money('cash of executions', mine.cash, his.cash, symbol)] : []),
    ];
  });
}

/** What options became: the cash of these rows is booked with the shares that were delivered. */
const DELIVERIES: ReadonlySet<string> = new Set(['OPASN', 'OPEXC', 'OPTRD', 'OPEXP']);

function ofOthers(reader: Reader, day: TradingDay, activities: readonly Activity[]): readonly Difference[] {
  const others = activities.filter(({ type }) => type !== 'FILL');
  const rows = others.flatMap(({ id, type, symbol, netAmount }) => {
    const booked = bookedFor(reader, id);
    if (booked === null) return [money(`${type}, not booked`, null, netAmount, symbol)];
    return !DELIVERIES.has(type) && differ(booked, netAmount) ? [money(type, booked, netAmount, symbol)] : [];
  });
  const stated = others.reduce((total, { type, netAmount }) => total + (DELIVERIES.has(type) ? netAmount : 0), 0);
  const delivered = deliveriesOn(reader, day);
  const adjusted = adjustmentsOn(reader, day).map(({ symbol, cash, qty, why }) => {
    const what = `booked to agree with the broker: ${why}`;
    return qty === 0 ? money(what, cash, null, symbol) : units(what, qty, null, symbol);
  });
  return [...rows, ...(differ(delivered, stated) ? [money('cash of delivered shares', delivered, stated)] : []), ...adjusted];
}

/** Every figure on which they differ by half a cent or one unit, the account's first. */
export function differencesOf(reader: Reader, day: TradingDay, stated: Stated): readonly Difference[] {
  const activities = activitiesOf(reader, day);
  return [
    ...ofAccount(stated),
    ...ofHoldings(reader, stated),
    ...ofExecutions(reader, day, activities),
    ...ofOthers(reader, day, activities),
  ];
}
