// What a stream of shares has to say: quotes that changed, and each minute that ended as its bar, its print, and the day so far.
import type { EpochMs } from '../../domain/time.ts';
import type { Calendar } from '../../market/calendar.ts';
import type { ExchangeClock } from '../clock.ts';
import type { ExchangeMarket, MarketBar } from '../market.ts';
import { type Asked, chosen, type DataFeed, type DataFrame, endedMinutes } from './data-feed.ts';
import type { Channel } from './data-subscriptions.ts';
import type { Listing } from './listing.ts';
import { barFields, stockQuoteFields, tapeOf } from './market-json.ts';
import { printedAt, printFields } from './minute-prints.ts';
import { quoteChanges } from './quote-changes.ts';
import { statusChanges } from './status-changes.ts';

export interface StockFeedParts {
  readonly market: ExchangeMarket;
  readonly clock: ExchangeClock;
  readonly calendar: Calendar;
  readonly listing: Listing;
  /** Whether trading in a symbol is halted at an instant. */
  readonly isHalted: (symbol: string, at: number) => boolean;
}

/** Price bands, corrections and late trades do not happen here: their channels are subscribed to, and nothing comes. */
export function stockFeed({ market, clock, calendar, listing, isHalted }: StockFeedParts): DataFeed {
  const changes = quoteChanges(market, clock);
  const statuses = statusChanges(isHalted, clock, (symbol) => tapeOf(symbol, listing));
  const ended = endedMinutes();

  const namesOf = chosen(({ names, all }) =>
    all ? listing.equities().map((equity) => equity.symbol) : names.filter((name) => listing.equity(name) !== undefined),
  );
  const frame = (channel: Channel, kind: string, symbol: string, at: number, fields: DataFrame['fields']): DataFrame => ({
    channel,
    symbols: [symbol],
    fields: { T: kind, S: symbol, ...fields },
    stamps: { t: at },
  });
  const ofMinute = (symbol: string, bar: MarketBar): readonly DataFrame[] => [
    ...(bar.volume > 0 ? [frame('trades', 't', symbol, printedAt(bar), printFields(bar, tapeOf(symbol, listing)))] : []),
    frame('bars', 'b', symbol, bar.at, barFields(bar)),
  ];
  const dayFrames = (symbol: string, asOf: number): readonly DataFrame[] => {
    const today = calendar.dayOf(asOf as EpochMs);
    return market.dailyBars(symbol, today, today, asOf).map((bar) => frame('dailyBars', 'd', symbol, bar.at, barFields(bar)));
  };
  const minuteFrames = (now: number, asked: Asked): readonly DataFrame[] => {
    const { from, to } = ended(now);
    if (from >= to) return [];
    const days = new Set(namesOf(asked, 'dailyBars'));
    const names = new Set([...namesOf(asked, 'bars'), ...namesOf(asked, 'trades'), ...days]);
    return [...names].sort().flatMap((symbol) => {
      const bars = market.minuteBars(symbol, from, to - 1, now).filter((bar) => bar.at >= from && bar.at < to);
      const day = bars.length > 0 && days.has(symbol) ? dayFrames(symbol, to) : [];
      return [...bars.flatMap((bar) => ofMinute(symbol, bar)), ...day];
    });
  };
  return {
    next(now, asked) {
      const quotes = changes(now, namesOf(asked, 'quotes')).map(({ symbol, quote }) =>
        frame('quotes', 'q', symbol, quote.at, stockQuoteFields(quote, tapeOf(symbol, listing))),
      );
      const halts = statuses(now, namesOf(asked, 'statuses')).map(({ symbol, fields }) => frame('statuses', 's', symbol, now, fields));
      return [...halts, ...quotes, ...minuteFrames(now, asked)];
    },
  };
}
