// The cheap questions asked of a name before its chain is worth fetching: its report tonight, its past moves, its volatility's history.
import type { IvReading } from '../../domain/event.ts';
import type { Symbol } from '../../domain/ids.ts';
import { after, type EpochMs, MINUTE } from '../../domain/time.ts';
import type { Quote } from '../../market/quote.ts';
import type { Context } from '../strategy.ts';
import type { AnyContext } from '../toolkit/context.ts';
import { eventTonight, meanAbsolute, type NightEvent, pastMoves } from '../toolkit/event.ts';
import { need, type Trial, told } from '../toolkit/gates.ts';
import { ivReadings } from '../toolkit/iv-rank.ts';
import { liquidName, tradable } from '../toolkit/name-gates.ts';
import type { EarnParams } from './params.ts';

export type EarnContext = Context<EarnParams>;

/** What the cheap questions need; the tick has it, and so has the planning of what to fetch. */
export type ScreenContext = Pick<AnyContext, 'market' | 'day' | 'calendar' | 'now'> & { readonly params: EarnParams };

export interface Screened {
  readonly event: NightEvent;
  readonly quote: Quote;
  readonly readings: readonly IvReading[];
  /** Mean absolute log move of the past reports. */
  readonly pastMove: number;
}

/** The instant on the morning after at which the night's trade is valued. */
export const exitInstant = ({ gap }: NightEvent, params: Pick<EarnParams, 'scenario_minutes_after_open'>): EpochMs =>
  after(gap.after.open, params.scenario_minutes_after_open * MINUTE);

/** A name that reports tonight, with enough of its past to judge the price of the night. */
export function* screen(ctx: ScreenContext, name: Symbol): Trial<Screened> {
  const { params, market } = ctx;
  const event = yield* eventTonight(ctx, name);
  yield* tradable(market, name);
  const bars = yield* need('daily bars', market.dailyBars(name, params.dollar_volume_sessions));
  yield* liquidName(bars, params);
  const moves = yield* need('past moves', pastMoves(ctx, name, { reports: params.history_reports, atLeast: params.history_reports_min }));
  const pastMove = meanAbsolute(moves);
  yield told('past reports', moves.length);
  yield told('mean past move', pastMove);
  const readings = yield* ivReadings(market, name, params.iv_observations_min);
  const quote = yield* need('quote', market.quote(name));
  return { event, quote, readings, pastMove };
}
