// Where a name's implied volatility stands in its own history: the readings that are fit for it, and the rank of today's.
import type { IvReading } from '../../domain/event.ts';
import type { Symbol } from '../../domain/ids.ts';
import type { TradingDay } from '../../domain/time.ts';
import { iv30FromChain, ivRank } from '../../market/iv.ts';
import type { Chain } from '../../market/quote.ts';
import type { MarketView } from '../strategy.ts';
import type { AnyContext } from './context.ts';
import { atLeast, need, type Trial } from './gates.ts';
import type { Setting } from './select.ts';

/** The stored readings of a name, fresh and enough of them. None where the operator's rank stands in the history's place. */
export function* ivReadings(market: MarketView, name: Symbol, observationsMin: number): Trial<readonly IvReading[]> {
  if (market.assumedIvRank(name) !== undefined) return [];
  const readings = yield* need('iv history', market.ivHistory(name));
  yield atLeast('iv observations', observationsMin, readings.length, 'IV_HISTORY_SHORT');
  return readings;
}

export interface RankAsk {
  readonly chain: Chain;
  readonly setting: Setting;
  readonly readings: readonly IvReading[];
  /** Until when reports are looked up, to flag a reading that has one between its expiries. */
  readonly horizon: TradingDay;
}

/** False of a contract that the others of its expiry contradict. How old its quote is, is asked where it would be traded. */
const inLine =
  (market: MarketView) =>
  (symbol: Symbol): boolean => {
    const quote = market.entryQuote(symbol);
    return quote.known || quote.code === 'QUOTE_STALE' || quote.code === 'QUOTE_MISSING';
  };

/** Today's thirty-day volatility against its history, 0 to 100. */
export function* ivRankNow(ctx: Pick<AnyContext, 'market' | 'day'>, ask: RankAsk): Trial<number> {
  const name = ask.chain.underlying;
  const assumed = ctx.market.assumedIvRank(name);
  if (assumed !== undefined) return assumed;
  const reports = ctx.market.earnings(name, ctx.day, ask.horizon);
  const today = yield* need('iv30', iv30FromChain(ask.chain, reports, { ...ask.setting, trusts: inLine(ctx.market) }));
  const history = ask.readings.map((reading) => reading.iv30);
  return yield* need('iv rank', ivRank(history, today.iv30));
}
