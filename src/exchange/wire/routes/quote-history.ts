// Quotes of shares over a window: the touch that stood at each whole minute of a session, where it had changed.
import { type EpochMs, MINUTE } from '../../../domain/time.ts';
import type { MarketQuote } from '../../market.ts';
import { shareWindow } from '../entitlement.ts';
import { stockQuote, tapeOf } from '../market-json.ts';
import { json, type WireResponse } from '../message.ts';
import { type Call, firstOf, route, sessionsBetween, wantedSymbols } from '../route.ts';
import { newestFirst, onlyRows, type Part, type SeriesPage, type SeriesReader, seriesPage } from '../series.ts';

/** Minutes looked at for one page; a page that ends before it is full goes on with the next. */
const MOST_LOOKS = 20_000;

interface Stretch {
  readonly first: number;
  readonly minutes: number;
}

/** The whole minutes of the window's sessions, the closing one included. */
function stretchesOf(call: Call, start: number, end: number): readonly Stretch[] {
  const { calendar } = call;
  return sessionsBetween(call, calendar.dayOf(start as EpochMs), calendar.dayOf(end as EpochMs)).flatMap(({ open, close }) => {
    const first = Math.max(open, Math.ceil(start / MINUTE) * MINUTE);
    const minutes = Math.floor((Math.min(close, end) - first) / MINUTE) + 1;
    return minutes > 0 ? [{ first, minutes }] : [];
  });
}

/** The instants of all stretches by number. */
function minuteAt(stretches: readonly Stretch[]): (index: number) => number {
  const starts: number[] = [];
  let count = 0;
  for (const { minutes } of stretches) {
    starts.push(count);
    count += minutes;
  }
  return (index) => {
    const at = starts.findLastIndex((first) => first <= index);
    return (stretches[at]?.first ?? 0) + (index - (starts[at] ?? 0)) * MINUTE;
  };
}

const same = (a: MarketQuote | undefined, b: MarketQuote): boolean =>
  a !== undefined && a.bid === b.bid && a.ask === b.ask && a.bidSize === b.bidSize && a.askSize === b.askSize;

function quoteReader(call: Call): SeriesReader<MarketQuote> {
  const { start, end } = shareWindow(call);
  const stretches = stretchesOf(call, start, end);
  const total = stretches.reduce((sum, { minutes }) => sum + minutes, 0);
  const instantOf = minuteAt(stretches);
  const backwards = newestFirst(call);
  let looks = MOST_LOOKS;
  return (symbol, from, most): Part<MarketQuote> => {
    if (call.listing.equity(symbol) === undefined) return { rows: [], next: null };
    const quote = (minute: number): MarketQuote | undefined => (minute < 0 ? undefined : call.market.quote(symbol, instantOf(minute)));
    const rows: MarketQuote[] = [];
    for (let place = from; place < total; place++) {
      if (rows.length === most || looks === 0) return { rows, next: place };
      looks -= 1;
      const minute = backwards ? total - 1 - place : place;
      const found = quote(minute);
      if (found !== undefined && found.at >= start && !same(quote(minute - 1), found)) rows.push(found);
    }
    return { rows, next: null };
  };
}

function quotes(call: Call, symbols: readonly string[]): SeriesPage {
  return seriesPage(call, symbols, quoteReader(call), (quote, symbol) => stockQuote(quote, tapeOf(symbol, call.listing)));
}

function manyQuotes(call: Call): WireResponse {
  const { rows, next } = quotes(call, wantedSymbols(call, 1000));
  return json({ quotes: rows, next_page_token: next });
}

function oneQuotes(call: Call): WireResponse {
  const page = quotes(call, [firstOf(call)]);
  return json({ quotes: onlyRows(page), symbol: firstOf(call), next_page_token: page.next });
}

export const quoteHistoryRoutes = [
  route('GET', '/v2/stocks/quotes', 'data', manyQuotes),
  route('GET', '/v2/stocks/*/quotes', 'data', oneQuotes),
];
