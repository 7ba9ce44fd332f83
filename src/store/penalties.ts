// The penalties of trades once more, from the journal: every fill in and out of them, and the market its order was decided in.
import { and, eq, inArray, sql } from 'drizzle-orm';
import type { BetterSQLite3Database } from 'drizzle-orm/better-sqlite3';
import { type Usd, usd } from '../domain/money.ts';
import { type HalfSpreads, halfSpreadsOf, withFill } from '../domain/penalty.ts';
import type { Trade } from '../domain/trade.ts';
import { decisionOrders, decisions } from './schema/decision.ts';
import { closures, lots } from './schema/lot.ts';

type Db = BetterSQLite3Database;

/** A key of a fill is order/leg/cumulative quantity. */
const orderOf = (fillKey: string): string => fillKey.slice(0, fillKey.indexOf('/'));

/** Half the spreads an order was decided in; none for a decision that kept no quotes. */
function spreadsOf(db: Db): (order: string) => HalfSpreads {
  const ask = db
    .select({ quotes: decisions.quotes })
    .from(decisionOrders)
    .innerJoin(decisions, eq(decisions.id, decisionOrders.decisionId))
    .where(eq(decisionOrders.orderId, sql.placeholder('order')))
    .prepare();
  const found = new Map<string, HalfSpreads>();
  return (order) => {
    const there = found.get(order) ?? halfSpreadsOf(ask.get({ order })?.quotes ?? []);
    found.set(order, there);
    return there;
  };
}

/** By trade: half the quoted spreads of all its fills; a trade with one that nobody quoted is not in it. */
export function penaltiesOf(db: Db, trades: readonly Trade[]): ReadonlyMap<string, Usd> {
  const spreads = spreadsOf(db);
  const ids = trades.map((t) => t.id);
  const lot = { trade: lots.trade, symbol: lots.symbol, instrument: lots.instrument };
  const opened = db
    .select({ ...lot, by: lots.id, qty: lots.qty })
    .from(lots)
    .where(and(inArray(lots.trade, ids), eq(lots.origin, 'fill')))
    .all();
  const closed = db
    .select({ ...lot, by: closures.by, qty: closures.qty })
    .from(closures)
    .innerJoin(lots, eq(lots.id, closures.lot))
    .where(and(inArray(lots.trade, ids), eq(closures.kind, 'fill')))
    .all();
  const sums = new Map<string, Usd | null>(ids.map((id) => [id, usd(0)]));
  for (const { trade, symbol, instrument, by, qty } of [...opened, ...closed]) {
    if (trade === null) continue;
    const halfSpread = spreads(orderOf(by))[symbol];
    sums.set(trade, withFill(sums.get(trade) ?? null, halfSpread, { qty, multiplier: instrument.multiplier }));
  }
  return new Map([...sums].flatMap(([trade, penalty]) => (penalty === null ? [] : [[trade, penalty]])));
}
