// The daily report: what a session day brought by strategy and by trade, its cash, its positions at their marks, and how far all of it agrees
// with what the broker itself said and recorded. Reads the ledger alone.
import type { Owner } from '../../domain/ids.ts';
import { type Usd, usd } from '../../domain/money.ts';
import type { TradingDay } from '../../domain/time.ts';
import { type CashFlow, cashAfter, cashBefore, cashFlows, incomeOn, lotsAfter, realizedOn } from '../../store/daily-books.ts';
import { lastReadOn, readBefore } from '../../store/daily-broker.ts';
import { type DayOf, dayOf, ordersOn, type TouchedTrade, tradesTouched } from '../../store/daily-trades.ts';
import type { Reader } from '../../store/reader.ts';
import { type Difference, differencesOf } from './differences.ts';
import { type EquityWalk, equityWalk, type MarkedHolding, markedAt, sumKnown, sumOf } from './equity-walk.ts';

export interface DailyTrade extends TouchedTrade {
  /** On this day alone. */
  readonly realized: Usd;
  /** Null while a price of what it holds is not known. */
  readonly unrealized: Usd | null;
}

export interface DailyStrategy {
  readonly owner: Owner;
  readonly realized: Usd;
  /** At the end of the day; null while a price is not known. */
  readonly unrealized: Usd | null;
  /** Dividends and interest. */
  readonly income: Usd;
  readonly fees: Usd;
  readonly orders: number;
  readonly executions: number;
  readonly opened: number;
  readonly closed: number;
}

export interface DailyReport extends DayOf {
  readonly cash: { readonly before: Usd | null; readonly flows: readonly CashFlow[]; readonly after: Usd | null };
  readonly strategies: readonly DailyStrategy[];
  /** Those that were open at some time of the day. */
  readonly trades: readonly DailyTrade[];
  /** At the end of the day, by trade. */
  readonly positions: readonly MarkedHolding[];
  /** From the last read before the day to the last one on it; null where there are not two. */
  readonly equity: EquityWalk | null;
  /** What ledger and broker say differently; empty when they agree to the cent. */
  readonly differences: readonly Difference[];
}

function tradesOf(reader: Reader, day: TradingDay, positions: readonly MarkedHolding[]): readonly DailyTrade[] {
  const realized = new Map(realizedOn(reader, day).map((row) => [row.trade, row.realized]));
  return tradesTouched(reader, day).map((trade) => {
    const own = positions.filter((p) => p.trade === trade.id);
    return { ...trade, realized: realized.get(trade.id) ?? usd(0), unrealized: sumKnown(own.map((p) => p.unrealized)) };
  });
}

function strategiesOf(
  reader: Reader,
  day: TradingDay,
  positions: readonly MarkedHolding[],
  trades: readonly DailyTrade[],
): readonly DailyStrategy[] {
  const realized = realizedOn(reader, day);
  const incomes = incomeOn(reader, day);
  const orders = ordersOn(reader, day);
  const owners = new Set<Owner>([...realized, ...incomes, ...positions, ...orders].map((row) => row.owner));
  return [...owners].sort().map((owner) => {
    const income = incomes.find((row) => row.owner === owner);
    const order = orders.find((row) => row.owner === owner);
    const own = trades.filter((trade) => trade.owner === owner);
    return {
      owner,
      realized: sumOf(realized.filter((row) => row.owner === owner).map((row) => row.realized)),
      unrealized: sumKnown(positions.filter((p) => p.owner === owner).map((p) => p.unrealized)),
      income: income?.income ?? usd(0),
      fees: income?.fees ?? usd(0),
      orders: order?.orders ?? 0,
      executions: order?.executions ?? 0,
      opened: own.filter((trade) => trade.openedDay === day).length,
      closed: own.filter((trade) => trade.closedDay === day).length,
    };
  });
}

function cashOf(reader: Reader, day: TradingDay): DailyReport['cash'] {
  const before = cashBefore(reader, day);
  const flows = cashFlows(reader, day);
  const opened = before !== null || flows.some(({ kind }) => kind === 'opening');
  return { before, flows, after: opened ? usd((before ?? 0) + sumOf(flows.map(({ cash }) => cash))) : null };
}

/** The report of a session day; undefined when the daemon never ran on it. */
export function dailyReport(reader: Reader, day: TradingDay): DailyReport | undefined {
  const found = dayOf(reader, day);
  if (found === undefined) return undefined;
  const { lastSeq, ...stamp } = found;
  const read = lastReadOn(reader, day);
  const positions = markedAt(read, lotsAfter(reader, lastSeq));
  const trades = tradesOf(reader, day, positions);
  const equity = equityWalk(reader, readBefore(reader, day), read);
  const ledgerCash = read === null ? null : cashAfter(reader, read.seq);
  return {
    ...stamp,
    cash: cashOf(reader, day),
    strategies: strategiesOf(reader, day, positions, trades),
    trades,
    positions,
    equity,
    differences: differencesOf(reader, day, { read, equity, ledgerCash }),
  };
}
