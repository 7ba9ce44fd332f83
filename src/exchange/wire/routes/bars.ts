// Bars of shares and of options: windows, frames, and pages over several symbols.
import { type EpochMs, MINUTE } from '../../../domain/time.ts';
import type { MarketBar } from '../../market.ts';
import { adjuster, adjustmentOf } from '../adjustment.ts';
import { checkShareFeed, shareWindow } from '../entitlement.ts';
import { barJson } from '../market-json.ts';
import { json, type WireResponse } from '../message.ts';
import { latestMinute } from '../minute-prints.ts';
import { optionMinutes, tradedSessions } from '../option-prints.ts';
import { type Call, firstOf, route, wantedSymbols } from '../route.ts';
import {
  listReader,
  onlyRows,
  type SeriesPage,
  type SeriesReader,
  seriesPage,
  sessionReader,
  type TimeWindow,
  timeWindow,
} from '../series.ts';
import { gather, parseTimeframe, type Timeframe } from '../timeframe.ts';

interface Window extends TimeWindow {
  readonly frame: Timeframe;
}

const windowOf = (call: Call, window: TimeWindow): Window => ({ frame: parseTimeframe(call.query.text('timeframe') ?? ''), ...window });

const inside =
  ({ start, end }: TimeWindow) =>
  (bar: MarketBar): boolean =>
    bar.at >= start && bar.at <= end;

/** One page of the bars that a reader finds. */
const barsPage = (call: Call, symbols: readonly string[], read: (symbol: string) => readonly MarketBar[]): SeriesPage =>
  seriesPage(call, symbols, listReader(call, read), barJson);

function stockBars(call: Call, symbol: string, window: Window): readonly MarketBar[] {
  const { market, calendar, now } = call;
  const first = calendar.dayOf(window.start as EpochMs);
  const adjusted = adjuster(call, symbol, first, adjustmentOf(call));
  if (window.frame.unit === 'minute') {
    const minutes = market.minuteBars(symbol, window.start, window.end, now).filter(inside(window));
    return gather(minutes.map(adjusted), window.frame, calendar);
  }
  const days = market.dailyBars(symbol, first, calendar.dayOf(window.end as EpochMs), now, 'raw').filter(inside(window));
  return gather(days.map(adjusted), window.frame, calendar);
}

const optionDays = (call: Call, symbol: string, window: Window): readonly MarketBar[] => {
  const { market, calendar, now } = call;
  const days = market.optionDailyBars(symbol, calendar.dayOf(window.start as EpochMs), calendar.dayOf(window.end as EpochMs), now);
  return gather(days.filter(inside(window)), window.frame, calendar);
};

/** Frames within a day are made of the contract's trades; a minute that began within the window is told whole. */
function optionBars(call: Call, window: Window): SeriesReader<MarketBar> {
  if (window.frame.unit !== 'minute') return listReader(call, (symbol) => optionDays(call, symbol, window));
  const traded = { start: window.start - (window.start % MINUTE), end: Math.min(call.now, window.end + MINUTE - 1) };
  return sessionReader(call, tradedSessions(call, traded), (symbol, session) =>
    gather(optionMinutes(call, symbol, session, traded).filter(inside(window)), window.frame, call.calendar),
  );
}

function manyStockBars(call: Call): WireResponse {
  adjustmentOf(call); // a wrong one is refused whatever symbols follow
  const window = windowOf(call, shareWindow(call));
  const { rows, next } = barsPage(call, wantedSymbols(call, 1000), (symbol) => stockBars(call, symbol, window));
  return json({ bars: rows, next_page_token: next });
}

function oneStockBars(call: Call): WireResponse {
  const window = windowOf(call, shareWindow(call));
  const symbol = firstOf(call);
  const page = barsPage(call, [symbol], () => stockBars(call, symbol, window));
  return json({ bars: onlyRows(page), symbol, next_page_token: page.next });
}

function manyOptionBars(call: Call): WireResponse {
  const reader = optionBars(call, windowOf(call, timeWindow(call)));
  const { rows, next } = seriesPage(call, wantedSymbols(call, 100), reader, barJson);
  return json({ bars: rows, next_page_token: next });
}

function latestBars(call: Call): WireResponse {
  checkShareFeed(call);
  const found = wantedSymbols(call, 1000).flatMap((symbol) => {
    const bar = latestMinute(call, symbol);
    return bar === undefined ? [] : [[symbol, barJson(bar)] as const];
  });
  return json({ bars: Object.fromEntries(found) });
}

function latestBarOf(call: Call): WireResponse {
  checkShareFeed(call);
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
