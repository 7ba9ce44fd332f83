// Bars of shares and of options: windows, frames, and pages over several symbols.
import { addDays, type EpochMs } from '../../../domain/time.ts';
import type { MarketBar } from '../../market.ts';
import { barJson } from '../market-json.ts';
import { badRequest, json, type WireResponse } from '../message.ts';
import { placeOf, placeToken } from '../page.ts';
import { type Call, firstOf, route, wantedSymbols } from '../route.ts';
import { gather, parseTimeframe, type Timeframe } from '../timeframe.ts';

interface Window {
  readonly start: number;
  readonly end: number;
  readonly frame: Timeframe;
}

/** Without `start` the window begins with today's New York midnight; without `end` it ends now. */
function windowOf(call: Call): Window {
  const { query, calendar, now } = call;
  const frame = parseTimeframe(query.text('timeframe') ?? '');
  const start = query.instant('start', 'start') ?? calendar.instant(calendar.dayOf(now as EpochMs), 0, 0);
  const end = Math.min(query.instant('end', 'end') ?? now, now);
  if (start > end && query.text('end') !== undefined) throw badRequest(400, 40010001, 'end should not be before start');
  return { start, end, frame };
}

function stockBars(call: Call, symbol: string, window: Window): readonly MarketBar[] {
  const { market, calendar, now } = call;
  const inside = (bar: MarketBar): boolean => bar.at >= window.start && bar.at <= window.end;
  if (window.frame.unit === 'minute') {
    return gather(market.minuteBars(symbol, window.start, window.end, now).filter(inside), window.frame, calendar);
  }
  const days = market.dailyBars(symbol, calendar.dayOf(window.start as EpochMs), calendar.dayOf(window.end as EpochMs), now);
  return gather(days.filter(inside), window.frame, calendar);
}

function optionBars(call: Call, symbol: string, window: Window): readonly MarketBar[] {
  const { market, calendar, now } = call;
  if (window.frame.unit === 'minute') {
    throw badRequest(422, 42210000, 'this exchange keeps daily bars of options only; ask for timeframe 1Day');
  }
  const days = market.optionDailyBars(symbol, calendar.dayOf(window.start as EpochMs), calendar.dayOf(window.end as EpochMs), now);
  return gather(
    days.filter((bar) => bar.at >= window.start && bar.at <= window.end),
    window.frame,
    calendar,
  );
}

interface Gathered {
  readonly bars: Readonly<Record<string, readonly unknown[]>>;
  readonly next: string | null;
}

/** One page over symbols in order, then time; `limit` counts bars of all symbols together. Only the symbols of the page are read. */
function gatherPage(call: Call, symbols: readonly string[], read: (symbol: string) => readonly MarketBar[]): Gathered {
  const newestFirst = call.query.oneOf('sort', ['asc', 'desc'], 'asc') === 'desc';
  const from = placeOf(call.query.text('page_token'));
  const bars: Record<string, readonly unknown[]> = {};
  let room = call.query.int('limit', 1000, 1, 10_000);
  for (const [list, symbol] of [...symbols].sort().entries()) {
    if (list < from.list) continue;
    const all = newestFirst ? [...read(symbol)].reverse() : read(symbol);
    const item = list === from.list ? from.item : 0;
    const part = all.slice(item, item + room);
    if (part.length > 0) bars[symbol] = part.map(barJson);
    if (item + part.length < all.length) return { bars, next: placeToken({ list, item: item + part.length }) };
    room -= part.length;
  }
  return { bars, next: null };
}

/** The market's bars are split-adjusted, and splits are the only adjustment it knows. */
function checkStockParameters(call: Call): void {
  call.query.oneOf('feed', ['iex', 'sip', 'delayed_sip', 'boats', 'overnight', 'otc'], 'sip');
  const adjustment = call.query.text('adjustment') ?? 'raw';
  if (adjustment !== 'raw' && adjustment !== 'split') {
    throw badRequest(400, 40010001, `invalid adjustment: ${adjustment}; this exchange knows raw and split`);
  }
}

function manyStockBars(call: Call): WireResponse {
  checkStockParameters(call);
  const window = windowOf(call);
  const { bars, next } = gatherPage(call, wantedSymbols(call, 1000), (symbol) => stockBars(call, symbol, window));
  return json({ bars, next_page_token: next });
}

function oneStockBars(call: Call): WireResponse {
  checkStockParameters(call);
  const window = windowOf(call);
  const symbol = firstOf(call);
  const { bars, next } = gatherPage(call, [symbol], () => stockBars(call, symbol, window));
  return json({ bars: bars[symbol] ?? null, symbol, next_page_token: next });
}

function manyOptionBars(call: Call): WireResponse {
  const window = windowOf(call);
  const { bars, next } = gatherPage(call, wantedSymbols(call, 100), (symbol) => optionBars(call, symbol, window));
  return json({ bars, next_page_token: next });
}

/** The newest minute that has ended; none in the last week means there is none. */
function latestBar(call: Call, symbol: string): MarketBar | undefined {
  const today = call.calendar.dayOf(call.now as EpochMs);
  for (let back = 0; back < 7; back++) {
    const day = addDays(today, -back);
    if (call.calendar.session(day) === undefined) continue;
    const bar = call.market.minuteBars(symbol, call.calendar.instant(day, 0, 0), call.now, call.now).at(-1);
    if (bar !== undefined) return bar;
  }
  return undefined;
}

function latestBars(call: Call): WireResponse {
  const found = wantedSymbols(call, 1000).flatMap((symbol) => {
    const bar = latestBar(call, symbol);
    return bar === undefined ? [] : [[symbol, barJson(bar)] as const];
  });
  return json({ bars: Object.fromEntries(found) });
}

function latestBarOf(call: Call): WireResponse {
  const bar = latestBar(call, firstOf(call));
  return json({ symbol: firstOf(call), bar: bar === undefined ? null : barJson(bar) });
}

export const barRoutes = [
  route('GET', '/v2/stocks/bars', 'data', manyStockBars),
  route('GET', '/v2/stocks/bars/latest', 'data', latestBars),
  route('GET', '/v2/stocks/*/bars', 'data', oneStockBars),
  route('GET', '/v2/stocks/*/bars/latest', 'data', latestBarOf),
  route('GET', '/v1beta1/options/bars', 'data', manyOptionBars),
];
