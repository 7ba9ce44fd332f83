// What the ledger knows of forecasts: the trades they were made for, and what expiries said of where shares ended.
import { and, asc, desc, eq, gte, inArray, isNotNull } from 'drizzle-orm';
import type { Forecast } from '../domain/forecast.ts';
import type { StrategyId } from '../domain/ids.ts';
import type { Option } from '../domain/instrument.ts';
import type { EpochMs, TradingDay } from '../domain/time.ts';
import type { Trade } from '../domain/trade.ts';
import type { Reader } from './reader.ts';
import { tradeOf } from './rows.ts';
import { decisionOrders, decisions } from './schema/decision.ts';
import { closures, lots, trades } from './schema/lot.ts';
import { orders } from './schema/order.ts';
import { turns } from './schema/run.ts';

export interface ForetoldTrade {
  readonly trade: Trade;
  /** When its decision was made; null where that is not on record. */
  readonly saidAt: EpochMs | null;
  /** What that decision foretold; empty where it foretold nothing, or is not on record. */
  readonly forecasts: readonly Forecast[];
}

export interface ForetoldFilter {
  readonly strategy?: StrategyId;
  /** Closed on this day or later. */
  readonly since?: TradingDay;
}

interface Said {
  readonly at: EpochMs;
  readonly forecasts: readonly Forecast[];
}

const forecastsIn = (intent: unknown): readonly Forecast[] =>
  (intent as { readonly forecasts?: readonly Forecast[] } | null)?.forecasts ?? [];

/** By walk: the decision that began it. */
function saidByWalk({ db }: Reader): ReadonlyMap<string, Said> {
  const rows = db
    .select({ walk: orders.ladder, at: decisions.firstAt, intent: decisions.intent })
    .from(decisionOrders)
    .innerJoin(orders, eq(orders.id, decisionOrders.orderId))
    .innerJoin(decisions, eq(decisions.id, decisionOrders.decisionId))
    .where(eq(decisions.kind, 'open'))
    .orderBy(desc(decisions.id))
    .all();
  // Of several of one walk the first stands: it is the last to be set.
  return new Map(rows.map(({ walk, at, intent }) => [walk, { at, forecasts: forecastsIn(intent) }]));
}

/** Every closed trade with what its decision foretold, the one opened first in front. */
export function foretoldTrades(reader: Reader, filter: ForetoldFilter = {}): readonly ForetoldTrade[] {
  const said = saidByWalk(reader);
  return reader.db
    .select()
    .from(trades)
    .where(
      and(
        isNotNull(trades.closedDay),
        filter.strategy === undefined ? undefined : eq(trades.owner, filter.strategy),
        filter.since === undefined ? undefined : gte(trades.closedDay, filter.since),
      ),
    )
    .orderBy(asc(trades.openedAt), asc(trades.id))
    .all()
    .map((row) => {
      const found = said.get(row.id);
      return { trade: tradeOf(row), saidAt: found?.at ?? null, forecasts: found?.forecasts ?? [] };
    });
}

/** How one of our options came to its end: worth something, and delivered, or worth nothing. */
export interface OptionEnd {
  readonly option: Option;
  readonly kind: 'expiry' | 'assignment' | 'exercise';
  readonly day: TradingDay;
}

/** Every end of an option of ours that no order brought about. */
export function optionEnds({ db }: Reader): readonly OptionEnd[] {
  const rows = db
    .selectDistinct({ instrument: lots.instrument, kind: closures.kind, day: closures.day })
    .from(closures)
    .innerJoin(lots, eq(lots.id, closures.lot))
    .where(inArray(closures.kind, ['expiry', 'assignment', 'exercise']))
    .all();
  return rows.flatMap(({ instrument, kind, day }) =>
    instrument.kind === 'option' && (kind === 'expiry' || kind === 'assignment' || kind === 'exercise')
      ? [{ option: instrument, kind, day }]
      : [],
  );
}

/** The exchange instant of the last turn: up to when the ledger knows anything. Null before the first. */
export const lastTurnAt = ({ db }: Reader): EpochMs | null =>
  db.select({ at: turns.at }).from(turns).orderBy(desc(turns.seq)).limit(1).get()?.at ?? null;
