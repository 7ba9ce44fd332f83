// Trades and auctions of shares, and trades of options.
import type { EpochMs } from '../../../domain/time.ts';
import type { MarketBar } from '../../market.ts';
import { instant, real } from '../encode.ts';
import { checkOptionFeed, checkShareFeed, shareWindow } from '../entitlement.ts';
import { isOptionSymbol } from '../listing.ts';
import { optionTrade } from '../market-json.ts';
import { json, type WireResponse } from '../message.ts';
import { latestMinute, printedMinutes, printJson } from '../minute-prints.ts';
import { optionTradesIn, tradedSessions } from '../option-prints.ts';
import { type Call, firstOf, route, wantedSymbols } from '../route.ts';
import { listReader, onlyRows, type SeriesPage, seriesPage, sessionReader, type TimeWindow, timeWindow } from '../series.ts';

type Fields = Readonly<Record<string, unknown>>;

function latestTrade(call: Call, symbol: string): Fields | undefined {
  const bar = latestMinute(call, symbol);
  return bar === undefined || bar.volume === 0 ? undefined : printJson(call, bar, symbol);
}

/** A map by symbol in which what is not known is absent. */
const known = (symbols: readonly string[], read: (symbol: string) => Fields | undefined): Fields =>
  Object.fromEntries(
    [...symbols].sort().flatMap((symbol) => {
      const found = read(symbol);
      return found === undefined ? [] : [[symbol, found]];
    }),
  );

function latestStockTrades(call: Call): WireResponse {
  checkShareFeed(call);
  return json({ trades: known(wantedSymbols(call, 1000), (symbol) => latestTrade(call, symbol)) });
}

function latestStockTrade(call: Call): WireResponse {
  checkShareFeed(call);
  return json({ symbol: firstOf(call), trade: latestTrade(call, firstOf(call)) ?? null });
}

function stockTrades(call: Call, symbols: readonly string[]): SeriesPage {
  const { start, end } = shareWindow(call);
  const read = (symbol: string): readonly MarketBar[] => printedMinutes(call, symbol, start, end);
  return seriesPage(call, symbols, listReader(call, read), (bar, symbol) => printJson(call, bar, symbol));
}

/** The official open and close of a session, which are its daily bar's; the volume of an auction is not known. */
function auctionsOf(call: Call, symbol: string, { start, end }: TimeWindow): readonly Fields[] {
  const { calendar, market, now } = call;
  const [from, to] = [calendar.dayOf(start as EpochMs), calendar.dayOf(end as EpochMs)];
  const print = (at: number, price: number, condition: string): readonly Fields[] =>
    at <= now ? [{ t: instant(at), x: 'V', p: real(price), c: condition }] : [];
  return market.dailyBars(symbol, from, to, now).flatMap((bar) => {
    const session = calendar.session(bar.day);
    if (session === undefined || session.open > end || session.close < start) return [];
    return [{ d: bar.day, o: print(session.open, bar.open, 'Q'), c: print(session.close, bar.close, 'M') }];
  });
}

function auctions(call: Call, symbols: readonly string[]): SeriesPage {
  const window = shareWindow(call);
  return seriesPage(
    call,
    symbols,
    listReader(call, (symbol) => auctionsOf(call, symbol, window)),
    (row) => row,
  );
}

function optionTrades(call: Call): WireResponse {
  const window = timeWindow(call);
  const reader = sessionReader(call, tradedSessions(call, window), (symbol, session) => optionTradesIn(call, symbol, session, window));
  const { rows, next } = seriesPage(call, wantedSymbols(call, 100), reader, optionTrade);
  return json({ trades: rows, next_page_token: next });
}

function latestOptionTrades(call: Call): WireResponse {
  checkOptionFeed(call);
  const read = (symbol: string): Fields | undefined => {
    const last = isOptionSymbol(symbol) ? call.market.optionStats(symbol, call.now).last : null;
    return last === null ? undefined : optionTrade(last);
  };
  return json({ trades: known(wantedSymbols(call, 100), read) });
}

const many =
  (name: string, read: (call: Call, symbols: readonly string[]) => SeriesPage) =>
  (call: Call): WireResponse => {
    const { rows, next } = read(call, wantedSymbols(call, 1000));
    return json({ [name]: rows, next_page_token: next });
  };
const single =
  (name: string, read: (call: Call, symbols: readonly string[]) => SeriesPage) =>
  (call: Call): WireResponse => {
    const page = read(call, [firstOf(call)]);
    return json({ [name]: onlyRows(page), symbol: firstOf(call), next_page_token: page.next });
  };

export const tradeRoutes = [
  route('GET', '/v2/stocks/trades/latest', 'data', latestStockTrades),
  route('GET', '/v2/stocks/trades', 'data', many('trades', stockTrades)),
  route('GET', '/v2/stocks/auctions', 'data', many('auctions', auctions)),
  route('GET', '/v2/stocks/*/trades/latest', 'data', latestStockTrade),
  route('GET', '/v2/stocks/*/trades', 'data', single('trades', stockTrades)),
  route('GET', '/v2/stocks/*/auctions', 'data', single('auctions', auctions)),
  route('GET', '/v1beta1/options/trades', 'data', optionTrades),
  route('GET', '/v1beta1/options/trades/latest', 'data', latestOptionTrades),
];
