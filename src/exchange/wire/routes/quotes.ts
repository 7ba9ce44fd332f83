// Latest quotes and snapshots of shares and of options, the option chain included.
import { addDays, type EpochMs, type TradingDay } from '../../../domain/time.ts';
import type { ListedContract } from '../../market.ts';
import { checkOptionFeed, checkShareFeed } from '../entitlement.ts';
import { isOptionSymbol } from '../listing.ts';
import { barJson, optionQuote, optionSnapshot, type SnapshotDays, stockQuote, tapeOf } from '../market-json.ts';
import { json, type WireResponse } from '../message.ts';
import { latestMinute, printJson } from '../minute-prints.ts';
import { pageOf } from '../page.ts';
import { type Call, firstOf, route, wantedSymbols } from '../route.ts';

type Fields = Readonly<Record<string, unknown>>;

/** A map by symbol in which what is not known is absent. */
function mapped(symbols: readonly string[], read: (symbol: string) => Fields | undefined): Readonly<Record<string, Fields>> {
  const out: Record<string, Fields> = {};
  for (const symbol of [...symbols].sort()) {
    const value = read(symbol);
    if (value !== undefined) out[symbol] = value;
  }
  return out;
}

function stockQuoteOf(call: Call, symbol: string): Fields | undefined {
  if (call.listing.equity(symbol) === undefined) return undefined;
  const quote = call.market.quote(symbol, call.now);
  return quote === undefined ? undefined : stockQuote(quote, tapeOf(symbol, call.listing));
}

function latestStockQuotes(call: Call): WireResponse {
  checkShareFeed(call);
  return json({ quotes: mapped(wantedSymbols(call, 1000), (symbol) => stockQuoteOf(call, symbol)) });
}

function latestStockQuote(call: Call): WireResponse {
  checkShareFeed(call);
  return json({ symbol: firstOf(call), quote: stockQuoteOf(call, firstOf(call)) ?? null });
}

function stockSnapshot(call: Call, symbol: string): Fields | undefined {
  if (call.listing.equity(symbol) === undefined) return undefined;
  const { market, calendar, now } = call;
  const today = calendar.dayOf(now as EpochMs);
  const [previous, daily] = market.dailyBars(symbol, addDays(today, -10), today, now).slice(-2);
  const minute = market.minuteBars(symbol, calendar.instant(today, 0, 0), now, now).at(-1);
  const quote = stockQuoteOf(call, symbol);
  const printed = latestMinute(call, symbol);
  const latest = daily ?? previous;
  return {
    ...(printed === undefined || printed.volume === 0 ? {} : { latestTrade: printJson(call, printed, symbol) }),
    ...(quote === undefined ? {} : { latestQuote: quote }),
    ...(minute === undefined ? {} : { minuteBar: barJson(minute) }),
    ...(latest === undefined ? {} : { dailyBar: barJson(latest) }),
    ...(daily === undefined || previous === undefined ? {} : { prevDailyBar: barJson(previous) }),
  };
}

function stockSnapshots(call: Call): WireResponse {
  checkShareFeed(call);
  return json(mapped(wantedSymbols(call, 1000), (symbol) => stockSnapshot(call, symbol)));
}

function oneStockSnapshot(call: Call): WireResponse {
  checkShareFeed(call);
  return json({ symbol: firstOf(call), ...stockSnapshot(call, firstOf(call)) });
}

/** The session of today, or the last one before it on a closed day, and the session before that. */
function snapshotDays(call: Call): SnapshotDays {
  const today = call.calendar.dayOf(call.now as EpochMs);
  const session = call.calendar.session(today)?.day ?? call.calendar.lastClosed(call.now as EpochMs).day;
  return { today: session, previous: call.calendar.offset(session, -1).day };
}

function snapshotsOf(call: Call, symbols: readonly string[]): Readonly<Record<string, Fields>> {
  const days = snapshotDays(call);
  return mapped(symbols.filter(isOptionSymbol), (symbol) => optionSnapshot(call.market, symbol, call.now, days, call.calendar));
}

/** Contracts of a chain as its filters ask; without bounds, everything that is listed. */
function chainContracts(call: Call): readonly ListedContract[] {
  const { query, market, now } = call;
  const today = call.calendar.dayOf(now as EpochMs);
  const exact = query.day('expiration_date');
  const from: TradingDay = exact ?? query.day('expiration_date_gte') ?? today;
  const to: TradingDay = exact ?? query.day('expiration_date_lte') ?? addDays(today, 1200);
  const least = query.micros('strike_price_gte') ?? 0;
  const most = query.micros('strike_price_lte') ?? Infinity;
  const right = query.choice('type', ['call', 'put']);
  const root = query.text('root_symbol');
  return market
    .contracts(firstOf(call), from, to, now, false)
    .filter(
      (contract) =>
        contract.strike >= least &&
        contract.strike <= most &&
        (right === undefined || contract.right === right) &&
        (root === undefined || contract.symbol.slice(0, -15) === root),
    );
}

function optionChain(call: Call): WireResponse {
  const limit = call.query.int('limit', 100, 1, 1000);
  checkOptionFeed(call);
  const page = pageOf(chainContracts(call), limit, call.query.text('page_token'));
  return json({
    snapshots: snapshotsOf(
      call,
      page.items.map((contract) => contract.symbol),
    ),
    next_page_token: page.next,
  });
}

function optionSnapshots(call: Call): WireResponse {
  checkOptionFeed(call);
  const page = pageOf([...wantedSymbols(call, 100)].sort(), call.query.int('limit', 100, 1, 1000), call.query.text('page_token'));
  return json({ snapshots: snapshotsOf(call, page.items), next_page_token: page.next });
}

function latestOptionQuotes(call: Call): WireResponse {
  checkOptionFeed(call);
  const read = (symbol: string): Fields | undefined => {
    const quote = isOptionSymbol(symbol) ? call.market.quote(symbol, call.now) : undefined;
    return quote === undefined ? undefined : optionQuote(quote);
  };
  return json({ quotes: mapped(wantedSymbols(call, 100), read) });
}

export const quoteRoutes = [
  route('GET', '/v2/stocks/quotes/latest', 'data', latestStockQuotes),
  route('GET', '/v2/stocks/*/quotes/latest', 'data', latestStockQuote),
  route('GET', '/v2/stocks/snapshots', 'data', stockSnapshots),
  route('GET', '/v2/stocks/*/snapshot', 'data', oneStockSnapshot),
  route('GET', '/v1beta1/options/quotes/latest', 'data', latestOptionQuotes),
  route('GET', '/v1beta1/options/snapshots', 'data', optionSnapshots),
  route('GET', '/v1beta1/options/snapshots/*', 'data', optionChain),
];
