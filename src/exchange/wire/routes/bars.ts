// Bars of shares and of options: windows, frames, and pages over several symbols.
import type { EpochMs } from '../../../domain/time.ts';
import type { MarketBar } from '../../market.ts';
import { barJson } from '../market-json.ts';
import { badRequest, json, type WireResponse } from '../message.ts';
import { latestMinute } from '../minute-prints.ts';
import { type Call, firstOf, route, stockFeed, wantedSymbols } from '../route.ts';
import { listReader, onlyRows, type SeriesPage, seriesPage, type TimeWindow, timeWindow } from '../series.ts';
import { gather, parseTimeframe, type Timeframe } from '../timeframe.ts';

interface Window extends TimeWindow {
  readonly frame: Timeframe;
}

const windowOf = (call: Call): Window => ({ frame: parseTimeframe(call.query.text('timeframe') ?? ''), ...timeWindow(call) });

/** One page of the bars that a reader finds. */
const barsPage = (call: Call, symbols: readonly string[], read: (symbol: string) => readonly MarketBar[]): SeriesPage =>
  seriesPage(call, symbols, listReader(call, read), barJson);

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

/** The market's bars are split-adjusted, and splits are the only adjustment it knows. */
function checkStockParameters(call: Call): void {
  stockFeed(call);
  const adjustment = call.query.text('adjustment') ?? 'raw';
  if (adjustment !== 'raw' && adjustment !== 'split') {
    throw badRequest(400, 40010001, `invalid adjustment: ${adjustment}; this exchange knows raw and split`);
  }
}

function manyStockBars(call: Call): WireResponse {
  checkStockParameters(call);
  const window = windowOf(call);
  const { rows, next } = barsPage(call, wantedSymbols(call, 1000), (symbol) => stockBars(call, symbol, window));
  return json({ bars: rows, next_page_token: next });
}

function oneStockBars(call: Call): WireResponse {
  checkStockParameters(call);
  const window = windowOf(call);
  const symbol = firstOf(call);
  const page = barsPage(call, [symbol], () => stockBars(call, symbol, window));
  return json({ bars: onlyRows(page), symbol, next_page_token: page.next });
}

function manyOptionBars(call: Call): WireResponse {
  const window = windowOf(call);
  const { rows, next } = barsPage(call, wantedSymbols(call, 100), (symbol) => optionBars(call, symbol, window));
  return json({ bars: rows, next_page_token: next });
}

function latestBars(call: Call): WireResponse {
  stockFeed(call);
  const found = wantedSymbols(call, 1000).flatMap((symbol) => {
    const bar = latestMinute(call, symbol);
    return bar === undefined ? [] : [[symbol, barJson(bar)] as const];
  });
  return json({ bars: Object.fromEntries(found) });
}

function latestBarOf(call: Call): WireResponse {
  stockFeed(call);
  const bar = latestMinute(call, firstOf(call));
  return json({ symbol: firstOf(call), bar: bar === undefined ? null : barJson(bar) });
}

export const barRoutes = [
  route('GET', '/v2/stocks/bars', 'data', manyStockBars),
  route('GET', '/v2/stocks/bars/latest', 'data', latestBars),
  route('GET', '/v2/stocks/*/bars', 'data', oneStockBars),
  route('GET', '/v2/stocks/*/bars/latest', 'data', latestBarOf),
  route('GET', '/v1beta1/options/bars', 'data', manyOptionBars),
];
