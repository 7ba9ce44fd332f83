// Trades and auctions of shares, and trades of options.
import { addDays, type EpochMs } from '../../../domain/time.ts';
import type { MarketBar } from '../../market.ts';
import { instant, real } from '../encode.ts';
import { isOptionSymbol } from '../listing.ts';
import { json, type WireResponse } from '../message.ts';
import { latestMinute, printedMinutes, printJson } from '../minute-prints.ts';
import { type Call, firstOf, route, sessionsBetween, stockFeed, wantedSymbols } from '../route.ts';
import { listReader, onlyRows, type SeriesPage, seriesPage, type TimeWindow, timeWindow } from '../series.ts';

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
  stockFeed(call);
  return json({ trades: known(wantedSymbols(call, 1000), (symbol) => latestTrade(call, symbol)) });
}

function latestStockTrade(call: Call): WireResponse {
  stockFeed(call);
  return json({ symbol: firstOf(call), trade: latestTrade(call, firstOf(call)) ?? null });
}

function stockTrades(call: Call, symbols: readonly string[]): SeriesPage {
  stockFeed(call);
  const { start, end } = timeWindow(call);
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
  stockFeed(call);
  const window = timeWindow(call);
  return seriesPage(
    call,
    symbols,
    listReader(call, (symbol) => auctionsOf(call, symbol, window)),
    (row) => row,
  );
}

interface OptionTrade {
  readonly price: number;
  readonly at: number;
}

/** How far back the trades of a contract are looked for, in calendar days. */
const OPTION_DAYS = 400;

/** Each last trade, then the last one before it, back to the start of the window. */
function optionTradesOf(call: Call, symbol: string, { start, end }: TimeWindow): readonly OptionTrade[] {
  if (!isOptionSymbol(symbol)) return [];
  const { calendar, market } = call;
  const lastDay = calendar.dayOf(end as EpochMs);
  const earliest = Math.max(start, calendar.instant(addDays(lastDay, -OPTION_DAYS), 0, 0));
  const trades: OptionTrade[] = [];
  for (const session of [...sessionsBetween(call, calendar.dayOf(earliest as EpochMs), lastDay)].reverse()) {
    let at = Math.min(end, session.close);
    while (at >= Math.max(earliest, session.open)) {
      const { last } = market.optionStats(symbol, at);
      if (last === null || last.at < Math.max(earliest, session.open)) break;
      trades.push(last);
      at = last.at - 1;
    }
  }
  return trades.reverse();
}

const optionTradeJson = ({ at, price }: OptionTrade): Fields => ({ t: instant(at), p: real(price), x: 'C', c: ' ' });

function optionTrades(call: Call): WireResponse {
  const window = timeWindow(call);
  const reader = listReader(call, (symbol) => optionTradesOf(call, symbol, window));
  const { rows, next } = seriesPage(call, wantedSymbols(call, 100), reader, optionTradeJson);
  return json({ trades: rows, next_page_token: next });
}

function latestOptionTrades(call: Call): WireResponse {
  call.query.oneOf('feed', ['opra', 'indicative'], 'indicative');
  const read = (symbol: string): Fields | undefined => {
    const last = isOptionSymbol(symbol) ? call.market.optionStats(symbol, call.now).last : null;
    return last === null ? undefined : optionTradeJson(last);
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
