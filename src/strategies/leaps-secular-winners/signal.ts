// Is a name worth owning for a year? The cheap questions, on completed daily bars, before any chain is looked at.
import type { Symbol } from '../../domain/ids.ts';
import { type Known, known } from '../../domain/reasons.ts';
import type { Bar } from '../../market/quote.ts';
import type { Context, MarketView } from '../strategy.ts';
import { closesOf } from '../toolkit/context.ts';
import { atLeast, atMost, holds, need, settle, type Trial } from '../toolkit/gates.ts';
import { liquidName, regime, tradable } from '../toolkit/name-gates.ts';
import { type LeapsParams, universeOf } from './params.ts';
import { type Scores, scoresOf } from './scores.ts';

/** What the questions need: an evaluation has it, and so has the planning of what to fetch. */
export interface SignalContext {
  readonly params: LeapsParams;
  readonly market: MarketView;
}

/** As many closes as any score can use: the long mean on each day of the lookback, and on the one before. */
export const barsWanted = (params: LeapsParams): number =>
  Math.max(params.closes_min, params.trend_long_sessions + params.cross_lookback_sessions + 1, params.dollar_volume_sessions);

/** All bars there are between the least and the most that scores use; the absence of the least when there are fewer. */
export function barsOf({ params, market }: SignalContext, name: Symbol): Known<readonly Bar[]> {
  const most = market.dailyBars(name, barsWanted(params));
  if (most.known) return most;
  const least = market.dailyBars(name, params.closes_min);
  if (!least.known) return least;
  // What is known for a count is known for any smaller one: the largest is found by halving.
  let [low, high] = [params.closes_min, barsWanted(params)];
  let best: readonly Bar[] = least.value;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    const bars = market.dailyBars(name, middle);
    if (bars.known) [low, best] = [middle, bars.value];
    else high = middle;
  }
  return known(best);
}

/** Scores of a name on its completed bars. */
export function scoresNow(ctx: SignalContext, name: Symbol): Known<Scores> {
  const bars = barsOf(ctx, name);
  return bars.known ? scoresOf(closesOf(bars.value), ctx.params) : bars;
}

/** A name whose trend, momentum and timing speak for it. */
export function* winner(ctx: SignalContext, name: Symbol): Trial<Scores> {
  const { params, market } = ctx;
  yield* tradable(market, name);
  yield* liquidName(yield* need('daily bars', barsOf(ctx, name)), params);
  const scores = yield* need('scores', scoresNow(ctx, name));
  const { close, long } = scores.means;
  yield holds(
    'close above its long mean',
    { observed: close, threshold: long, pass: close > long },
    'TREND_TOO_WEAK',
    `close ${close} is not above its ${params.trend_long_sessions}-session mean ${long}`,
  );
  for (const [what, score] of [
    ['trend', scores.trend],
    ['momentum', scores.momentum],
  ] as const)
    yield holds(what, { observed: score, threshold: null, pass: true }, 'HOLD', '');
  yield atLeast('composite', params.composite_min, scores.composite, 'COMPOSITE_TOO_LOW');
  yield atLeast('entry timing', params.entry_timing_min, scores.timing.entry, 'TIMING_TOO_LOW');
  yield atMost('exit timing', params.exit_timing_max, scores.timing.exit, 'TIMING_TOO_LOW');
  yield* regime(market, params.regime_index, params.regime_sma_sessions);
  return scores;
}

/** The best-ranked names that pass, whose chains are worth fetching: of those that could still be bought, ties by name. */
export function shortlist(ctx: SignalContext & Pick<Context<LeapsParams>, 'trades' | 'busy'>): readonly Symbol[] {
  const { params, trades, busy } = ctx;
  const open = universeOf(params).filter((name) => !busy.has(name) && trades.filter((t) => t.underlying === name).length < params.tranches);
  const passed = open.flatMap((name) => {
    const outcome = settle(winner(ctx, name));
    return outcome.ok ? [{ name, composite: outcome.value.composite }] : [];
  });
  return passed
    .sort((a, b) => b.composite - a.composite || (a.name < b.name ? -1 : 1))
    .slice(0, params.chains_max)
    .map(({ name }) => name);
}
