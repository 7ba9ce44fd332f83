// How prices are written: quotes, bars and options' snapshots as JSON numbers.
import type { TradingDay } from '../../domain/time.ts';
import type { Calendar } from '../../market/calendar.ts';
import type { ExchangeMarket, Mark, MarketBar, MarketNews, MarketQuote, OptionStats } from '../market.ts';
import { instant, real } from './encode.ts';
import type { Listing } from './listing.ts';

type Fields = Readonly<Record<string, unknown>>;
/** A trade of an option, as its statistics hold the last. */
export type OptionTrade = NonNullable<OptionStats['last']>;

const tapes = { NYSE: 'A', ARCA: 'B', NASDAQ: 'C' } as const;
const stockConditions: Readonly<Record<Mark, readonly string[]>> = { live: ['R'], held: ['held'], assumed: ['assumed'] };
const optionConditions: Readonly<Record<Mark, string>> = { live: ' ', held: 'held', assumed: 'assumed' };

export const tapeOf = (symbol: string, listing: Listing): string => tapes[listing.equity(symbol)?.venue ?? 'NASDAQ'];

/** A quote but for its instant, which REST writes as text and msgpack as a timestamp. A size the record lacks is null. */
export const stockQuoteFields = (quote: MarketQuote, tape: string): Fields => ({
  ax: 'V',
  ap: real(quote.ask),
  as: quote.askSize,
  bx: 'V',
  bp: real(quote.bid),
  bs: quote.bidSize,
  c: stockConditions[quote.mark],
  z: tape,
});
export const stockQuote = (quote: MarketQuote, tape: string): Fields => ({ t: instant(quote.at), ...stockQuoteFields(quote, tape) });

export const optionQuoteFields = (quote: MarketQuote): Fields => ({
  bp: real(quote.bid),
  bs: quote.bidSize,
  bx: 'C',
  ap: real(quote.ask),
  as: quote.askSize,
  ax: 'C',
  c: optionConditions[quote.mark],
});
/** A trade of an option but for its instant; a size the record lacks is null. */
export const optionTradeFields = ({ price, size }: OptionTrade): Fields => ({ p: real(price), s: size, x: 'C', c: ' ' });
export const optionTrade = (trade: OptionTrade): Fields => ({ t: instant(trade.at), ...optionTradeFields(trade) });

export const optionQuote = (quote: MarketQuote): Fields => ({ t: instant(quote.at), ...optionQuoteFields(quote) });

/** Trade counts and volume-weighted prices are not recorded, so `n` and `vw` are absent. */
export const barFields = (bar: Pick<MarketBar, 'open' | 'high' | 'low' | 'close' | 'volume'>): Fields => ({
  o: real(bar.open),
  h: real(bar.high),
  l: real(bar.low),
  c: real(bar.close),
  v: bar.volume,
});
export const barJson = (bar: MarketBar): Fields => ({ t: instant(bar.at), ...barFields(bar) });

/** A day's bar of an option: the recorded one, or the volume alone where only that is known. */
function optionDay(day: TradingDay, bars: readonly MarketBar[], volume: number | null, calendar: Calendar): Fields | null {
  const bar = bars.find((one) => one.day === day);
  if (bar !== undefined) return { ...barJson(bar), v: volume ?? bar.volume };
  return volume === null ? null : { t: instant(calendar.instant(day, 0, 0)), v: volume };
}

export interface SnapshotDays {
  readonly today: TradingDay;
  readonly previous: TradingDay;
}

/** An option's snapshot; undefined when nothing at all is known of it. What cannot be known is absent. */
export function optionSnapshot(
  market: ExchangeMarket,
  symbol: string,
  at: number,
  days: SnapshotDays,
  calendar: Calendar,
): Fields | undefined {
  const quote = market.quote(symbol, at);
  const stats = market.optionStats(symbol, at);
  const bars = market.optionDailyBars(symbol, days.previous, days.today, at);
  const daily = optionDay(days.today, bars, stats.volume, calendar);
  const previous = optionDay(days.previous, bars, stats.previousVolume, calendar);
  if (quote === undefined && stats.last === null && daily === null && previous === null) return undefined;
  return {
    ...(quote === undefined ? {} : { latestQuote: optionQuote(quote) }),
    ...(stats.last === null ? {} : { latestTrade: optionTrade(stats.last) }),
    ...(daily === null ? {} : { dailyBar: daily }),
    ...(previous === null ? {} : { prevDailyBar: previous }),
    ...(stats.greeks === null ? {} : { greeks: { ...stats.greeks } }),
    ...(stats.iv === null ? {} : { impliedVolatility: stats.iv }),
  };
}

/** A headline but for its instants. The market writes headlines alone: no text, author or address stands behind them. */
export const newsFields = ({ id, headline, symbols }: MarketNews): Fields => ({
  id,
  headline,
  summary: '',
  author: '',
  url: null,
  content: '',
  symbols,
  source: 'exchange',
});
