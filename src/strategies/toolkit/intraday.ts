// Readings of bars of a few minutes that the faster strategies share: how far a price has come, what has just ended, how long a hold has lasted.
import type { Symbol } from '../../domain/ids.ts';
import { dollars } from '../../domain/money.ts';
import { type EpochMs, MINUTE } from '../../domain/time.ts';
import type { Calendar } from '../../market/calendar.ts';
import type { HighLowClose } from '../../market/indicators.ts';
import { type BarMinutes, barEnd } from '../../market/intraday.ts';
import type { Bar } from '../../market/quote.ts';
import type { AnyContext } from './context.ts';
import { figure, holds, refuse, type Trial } from './gates.ts';
import { nextReportMove } from './report-guard.ts';

/** What a reading of bars needs of a tick; the planning of what to fetch has it as well. */
export type Timed = Pick<AnyContext, 'market' | 'day' | 'now' | 'calendar'>;

/** `to` over `from` less one, to nine decimals: thresholds are round numbers, quotients of floats are not. */
export const change = (to: number, from: number): number => Math.round((to / from - 1) * 1e9) / 1e9;

/** High, low and close of a bar in dollars. */
export const shapeOf = (bar: Bar): HighLowClose => ({ high: dollars(bar.high), low: dollars(bar.low), close: dollars(bar.close) });

/**
 * The last bar is the one that has just ended. An older one says that nobody traded since, as in a halt, or that the newest has not
 * come yet: either way what it completed is over. BARS_STALE.
 */
export function* justEnded(ctx: Pick<Timed, 'now'>, bars: readonly Bar[], minutes: BarMinutes): Trial<void> {
  const label = `age of the last ${minutes}-minute bar, s`;
  const last = bars.at(-1);
  if (last === undefined) return yield* refuse(label, 'BARS_MISSING', `no ${minutes}-minute bar is known`);
  const age = (ctx.now.exchange - barEnd(last, minutes)) / 1_000;
  yield holds(
    label,
    { observed: age, threshold: minutes * 60, pass: age < minutes * 60 },
    'BARS_STALE',
    `the last ${minutes}-minute bar ended ${age} s ago: nobody traded since, or the newest bar has not come yet`,
  );
}

/** The price is not further from the last close than `max`, either way: what has run that far is chased. */
export function* notChased(spot: number, daily: readonly Bar[], max: number): Trial<void> {
  const last = daily.at(-1);
  if (last === undefined) return yield* refuse('day move', 'BARS_MISSING', 'no daily bar is known');
  const moved = change(spot, dollars(last.close));
  yield holds(
    'day move',
    { observed: moved, threshold: max, pass: Math.abs(moved) <= max },
    'CHASE',
    `the price is ${figure(100 * moved)} % from the last close, ${figure(100 * max)} % is allowed either way`,
  );
}

/** No report can move the price from now to the close of the session `ahead` sessions on: EARNINGS_WINDOW, EARNINGS_UNKNOWN. */
export function* noReportAhead(ctx: Timed, name: Symbol, ahead: number): Trial<void> {
  const until = ctx.calendar.offset(ctx.day, ahead);
  const move = nextReportMove(ctx, name, until);
  const why = move.known ? `the report of ${name} on ${move.value?.day ?? ''} comes before the close of ${until.day}` : move.why;
  yield holds(
    'no report until',
    { observed: move.known ? (move.value?.day ?? 'none') : null, threshold: until.day, pass: move.known && move.value === null },
    move.known ? 'EARNINGS_WINDOW' : move.code,
    why,
  );
}

/** Minutes of regular session between two instants: what a hold over a night has lasted. */
export function tradedMinutes(calendar: Calendar, from: EpochMs, to: EpochMs): number {
  let total = 0;
  for (const session of calendar.between(calendar.dayOf(from), calendar.dayOf(to)))
    total += Math.max(0, Math.min(session.close, to) - Math.max(session.open, from));
  return total / MINUTE;
}
