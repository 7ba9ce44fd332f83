// GET /v2/account/portfolio/history: what the account was worth, frame by frame, and what it had gained.
import type { EpochMs, TradingDay } from '../../../domain/time.ts';
import { quotient, real } from '../encode.ts';
import { type EquityHistory, equityHistory } from '../equity-history.ts';
import { type Frame, frameName, framesOf, historyWindow, type Reporting } from '../history-frames.ts';
import { badRequest, json, type WireResponse } from '../message.ts';
import { type Call, route } from '../route.ts';

const PLACES = 6;

function reportingOf(call: Call): Reporting {
  const standard = call.query.flag('extended_hours') ? 'extended_hours' : 'market_hours';
  return call.query.oneOf<Reporting>('intraday_reporting', ['market_hours', 'extended_hours', 'continuous'], standard);
}

/** The close before a day, or the opening of the account where that came later. */
const baseInstant = (call: Call, day: TradingDay, opened: number): number =>
  Math.max(opened, call.calendar.lastClosed(call.calendar.instant(day, 0, 0)).close);

/** Cash that moved otherwise than by trading, by type, in the frame in which it moved. */
function cashflowOf(call: Call, frames: readonly Frame[], history: EquityHistory): Readonly<Record<string, readonly number[]>> {
  const asked = call.query.list('cashflow_types') ?? ['NONE'];
  if (asked.length === 1 && asked[0]?.toUpperCase() === 'NONE') return {};
  const all = asked.some((type) => type.toUpperCase() === 'ALL');
  const sums = new Map<string, number[]>();
  const first = frames[0]?.label ?? Infinity;
  for (const row of history.cashRows) {
    if (row.at < first || row.visibleAt > call.now || !(all || asked.includes(row.type))) continue;
    const found = frames.findLastIndex((frame) => frame.label <= row.at);
    const list = sums.get(row.type) ?? frames.map(() => 0);
    list[found] = (list[found] ?? 0) + row.netAmount;
    sums.set(row.type, list);
  }
  return Object.fromEntries([...sums].sort(([a], [b]) => (a < b ? -1 : 1)).map(([type, list]) => [type, list.map(real)]));
}

/** Days gain over the base; frames of a day gain over the close before that day, unless `no_reset` is asked for. */
function portfolioHistory(call: Call): WireResponse {
  const window = historyWindow(call);
  const name = frameName(call, window);
  const reporting = reportingOf(call);
  const daily = call.query.oneOf('pnl_reset', ['per_day', 'no_reset'], 'per_day') === 'per_day' && name !== '1D';
  const frames = framesOf(call, window, name, reporting);
  if (frames.some((frame) => frame.label > call.now)) throw badRequest(422, 40010001, 'the window lies in the future');
  const history = equityHistory(call);
  const baseAt = baseInstant(call, frames[0]?.day ?? window.firstDay, history.opened);
  const bases = frames.map((frame) => (daily ? baseInstant(call, frame.day, history.opened) : baseAt));
  const values = history.at([baseAt, ...frames.map((frame) => frame.at), ...bases]);
  const base = values[0] ?? null;
  const equity = values.slice(1, frames.length + 1);
  const gains = equity.map((value, i) => {
    const from = values[frames.length + 1 + i] ?? null;
    return value === null || from === null ? null : { gain: value - from, from };
  });
  return json({
    timestamp: frames.map((frame) => frame.label / 1000),
    equity: equity.map((value) => (value === null ? null : real(value))),
    profit_loss: gains.map((one) => (one === null ? null : real(one.gain))),
    profit_loss_pct: gains.map((one) => (one === null || one.from === 0 ? null : Number(quotient(one.gain, one.from, PLACES)))),
    base_value: base === null ? null : real(base),
    base_value_asof: call.calendar.dayOf(baseAt as EpochMs),
    timeframe: name,
    cashflow: cashflowOf(call, frames, history),
  });
}

export const portfolioHistoryRoutes = [route('GET', '/v2/account/portfolio/history', 'trading', portfolioHistory)];
