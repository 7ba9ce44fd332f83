// What each strategy's closed trades brought, twice: at the broker's prices, and with every fill half a quoted spread worse.
import type { StrategyId } from '../../domain/ids.ts';
import { dollars } from '../../domain/money.ts';
import type { Trade } from '../../domain/trade.ts';
import type { BookView } from '../strategy.ts';
import type { Ledger, Result } from './ledger.ts';

interface Costs {
  /** Dollars a contract and side. */
  readonly fee: number;
  /** By trade: half the quoted spread of all its fills, as the engine kept it. A trade with a fill nobody quoted is not in it. */
  readonly penalties: BookView['penalties'];
}

/** Contracts that changed hands, in and out; a contract that expired or was delivered counts its way out all the same. */
const contractSides = ({ legs, units }: Pick<Trade, 'legs' | 'units'>): number =>
  2 * units * legs.reduce((n, leg) => n + (leg.instrument.kind === 'option' ? leg.ratio : 0), 0);

/** A closed trade's result in dollars after fees, and at penalised prices; null where a fill had no quote to judge it by. */
export function resultOf(trade: Trade, { fee, penalties }: Costs): Result {
  const booked = dollars(trade.realized) - fee * contractSides(trade);
  const penalty = penalties.get(trade.id);
  return {
    trade: trade.id,
    day: trade.closedDay ?? '',
    booked,
    penalised: penalty === undefined ? null : booked - dollars(penalty),
  };
}

const byDay = (a: Result, b: Result): number => (a.day < b.day ? -1 : a.day > b.day ? 1 : a.trade < b.trade ? -1 : 1);

/** Results with those of a strategy's recently closed trades among them, each trade once, the newest `keep`. */
function withTrades(before: readonly Result[], trades: readonly Trade[], costs: Costs, keep: number): readonly Result[] {
  const fresh = trades.map((trade) => resultOf(trade, costs));
  const again = new Set(fresh.map((r) => r.trade));
  return [...before.filter((r) => !again.has(r.trade)), ...fresh].sort(byDay).slice(-keep);
}

/** The ledger with the results of everything the strategies closed in the days still in sight. */
export function withResults(
  before: Ledger,
  strategies: readonly StrategyId[],
  book: Pick<BookView, 'trades' | 'penalties'>,
  rule: { readonly fee: number; readonly keep: number },
): Ledger {
  const costs: Costs = { fee: rule.fee, penalties: book.penalties };
  const closed = book.trades.filter((t) => t.closedDay !== null);
  const results = { ...before.results };
  for (const id of strategies) {
    const mine = closed.filter((t) => t.owner === id);
    if (mine.length > 0) results[id] = withTrades(results[id] ?? [], mine, costs, rule.keep);
  }
  return { ...before, results };
}

/** Largest fall of the summed results from their running high, dollars, not negative. */
export function largestFall(results: readonly number[]): number {
  let sum = 0;
  let high = 0;
  let worst = 0;
  for (const result of results) {
    sum += result;
    high = Math.max(high, sum);
    worst = Math.max(worst, high - sum);
  }
  return worst;
}
