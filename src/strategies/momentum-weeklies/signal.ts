// Which setup a name shows on the bar that has just ended, if any: cheap questions first, then volume, then the shapes.
import type { Symbol } from '../../domain/ids.ts';
import { dollars } from '../../domain/money.ts';
import { MINUTE } from '../../domain/time.ts';
import { atrWilder } from '../../market/indicators.ts';
import { barEnd } from '../../market/intraday.ts';
import type { Bar } from '../../market/quote.ts';
import { relativeVolume } from '../../market/rvol.ts';
import { vwap } from '../../market/vwap.ts';
import { closesOf } from '../toolkit/context.ts';
import { holds, need, noted, refuse, type Trial, told } from '../toolkit/gates.ts';
import { justEnded, noReportAhead, notChased, shapeOf, type Timed } from '../toolkit/intraday.ts';
import { mid } from '../toolkit/limits.ts';
import { liquidName, tradable } from '../toolkit/name-gates.ts';
import { beyond, farthest, gained, opposite, type Way, ways, wordOf } from '../toolkit/way.ts';
import type { MwkParams } from './params.ts';
import { isBreakout, isReversal, reversalOf, type Setup, score } from './patterns.ts';

/** What a setup is judged on: an evaluation has it, and so has the planning of what to fetch. */
export type SignalContext = Timed & { readonly params: MwkParams };

/** All that the shapes are looked for in. */
interface Tape {
  readonly five: readonly Bar[];
  readonly fifteen: readonly Bar[];
  /** Of the last five-minute bars, and of the last 15-minute bar. */
  readonly rvol: number;
  readonly rvol15: number;
  /** Dollars: the last five-minute close, and the session's mean price by volume. */
  readonly price: number;
  readonly vwap: number;
}

/** A shape that is there, whatever its volume. */
type Shape = Setup & { readonly rvolMin: number };

/** Without the first bar of the running session: its prints settle the night's orders, and are part of no pattern. */
const afterOpening = (ctx: SignalContext, bars: readonly Bar[]): readonly Bar[] => {
  const opening = bars.findIndex((bar) => bar.day === ctx.day);
  return bars.filter((_, i) => i !== opening);
};

function* read(ctx: SignalContext, name: Symbol): Trial<Tape> {
  const { params, market, calendar } = ctx;
  const five = yield* need('5-minute bars', market.intradayBars(name, 5, params.rvol_sessions, 2));
  const fifteen = yield* need('15-minute bars', market.intradayBars(name, 15, params.rvol_sessions, 2));
  yield* justEnded(ctx, five, 5);
  yield* justEnded(ctx, fifteen, 15);
  const rvol = yield* need('relative volume, 5 minutes', relativeVolume(five, params.rvol_bars, calendar));
  const rvol15 = yield* need('relative volume, 15 minutes', relativeVolume(fifteen, 1, calendar));
  const mean = yield* need('vwap', vwap(five, ctx.day));
  const price = dollars((five.at(-1) as Bar).close);
  for (const gate of [
    noted('relative volume, 5 minutes', rvol),
    noted('relative volume, 15 minutes', rvol15),
    noted('last close', price),
    noted('vwap', mean),
  ])
    yield { gate, code: 'HOLD', why: '' };
  return { five, fifteen, rvol, rvol15, price, vwap: mean };
}

function* reversals(ctx: SignalContext, tape: Tape): Trial<readonly Shape[]> {
  const { params } = ctx;
  const bars = afterOpening(ctx, tape.five).slice(-params.reversal_window_bars);
  const range = atrWilder(tape.five.map(shapeOf), params.atr_bars);
  if (bars.length < params.reversal_window_bars || range === undefined)
    return yield* refuse('5-minute bars', 'BARS_SHORT', `${bars.length} bars, ${params.reversal_window_bars} are needed`);
  const closes = closesOf(bars);
  const found: Shape[] = [];
  for (const way of ways) {
    const turn = reversalOf(way, closes, params);
    yield told(way === 1 ? 'bounce' : 'drop', turn.bounce);
    yield told(way === 1 ? 'place of the low' : 'place of the high', turn.index);
    if (!isReversal(way, turn, tape.price, tape.vwap, params)) continue;
    // A price that trades lower than its closes did would be stopped at once: the level is of the traded extreme.
    const extreme = farthest(
      opposite(way),
      bars.map((bar) => dollars(way === 1 ? bar.low : bar.high)),
    );
    const invalidation = extreme - way * params.reversal_stop_atr * range;
    found.push({ kind: 'reversal', way, rvol: tape.rvol, rvolMin: params.rvol_min, momentum: turn.bounce, level: extreme, invalidation });
  }
  return found;
}

/** The extreme of the full sessions before today and of today's bars up to two ago, without today's first; BARS_SHORT without enough sessions. */
function* levelOf(ctx: SignalContext, way: Way, bars: readonly Bar[]): Trial<number> {
  const { breakout_sessions } = ctx.params;
  const days = [...new Set(bars.map((bar) => bar.day))].filter((day) => day < ctx.day).slice(-breakout_sessions);
  const [first] = days;
  if (first === undefined || days.length < breakout_sessions)
    return yield* refuse('full sessions', 'BARS_SHORT', `${days.length} full sessions of 15-minute bars, ${breakout_sessions} are needed`);
  const before = bars.filter((bar) => bar.day >= first && bar.day < ctx.day);
  const today = bars.filter((bar) => bar.day === ctx.day).slice(1, -2);
  const level = farthest(
    way,
    [...before, ...today].map((bar) => dollars(way === 1 ? bar.high : bar.low)),
  );
  yield told(way === 1 ? 'high to break' : 'low to break', level);
  return level;
}

function* breakouts(ctx: SignalContext, tape: Tape): Trial<readonly Shape[]> {
  const { params } = ctx;
  const found: Shape[] = [];
  const today = tape.fifteen.filter((bar) => bar.day === ctx.day);
  const close = dollars((tape.fifteen.at(-1) as Bar).close);
  for (const way of ways) {
    const level = yield* levelOf(ctx, way, tape.fifteen);
    if (today.length < 2 || !isBreakout(way, close, level, params)) continue;
    const invalidation = level * (1 - way * params.breakout_back_pct);
    const momentum = gained(way, close, level);
    found.push({ kind: 'breakout', way, rvol: tape.rvol15, rvolMin: params.breakout_rvol, momentum, level, invalidation });
  }
  return found;
}

/** Moves since a young headline about the name alone. Headlines that nobody could be asked for leave the other shapes as they are. */
function* news(ctx: SignalContext, name: Symbol, tape: Tape): Trial<readonly Shape[]> {
  const { params } = ctx;
  const items = ctx.market.news(name, params.news_max_age_minutes * MINUTE);
  const own = items.known
    ? items.value.filter((item) => item.symbols.length <= params.news_symbols_max && item.symbols.includes(name))
    : [];
  yield told('headlines', items.known ? own.length : items.code);
  let best: Shape | undefined;
  for (const item of own) {
    // The last price nobody had read it at: the close before the bar in which it came.
    const before = tape.five.findLast((bar) => barEnd(bar, 5) <= item.at);
    if (before === undefined) continue;
    for (const way of ways) {
      const momentum = gained(way, tape.price, dollars(before.close));
      if (momentum < params.news_move_pct || !beyond(way, tape.price, tape.vwap)) continue;
      if (best === undefined || momentum > best.momentum)
        best = { kind: 'news', way, rvol: tape.rvol, rvolMin: params.rvol_min, momentum, level: null, invalidation: null };
    }
  }
  return best === undefined ? [] : [best];
}

/** The price has not come back through what would end the trade at once. */
function* stillThere(found: Setup, spot: number): Trial<void> {
  if (found.invalidation === null) return;
  yield holds(
    'price against the invalidation',
    { observed: spot, threshold: found.invalidation, pass: beyond(found.way, spot, found.invalidation) },
    'SIGNAL_GONE',
    `the price ${spot} is back beyond ${found.invalidation}, where the ${found.kind} is over`,
  );
}

/** The setup of the bar that has just ended, the best ranked of several; RVOL_TOO_LOW or NO_PATTERN when there is none. */
function* pattern(ctx: SignalContext, name: Symbol): Trial<Setup> {
  const { params } = ctx;
  const tape = yield* read(ctx, name);
  const shapes = [...(yield* reversals(ctx, tape)), ...(yield* breakouts(ctx, tape)), ...(yield* news(ctx, name, tape))];
  const carried = shapes.filter((shape) => shape.rvol >= shape.rvolMin);
  const [best] = carried.sort((a, b) => score(b, params) - score(a, params));
  const quiet = tape.rvol < params.rvol_min && tape.rvol15 < params.breakout_rvol;
  yield holds(
    'volume behind the move',
    { observed: tape.rvol, threshold: params.rvol_min, pass: best !== undefined || (shapes.length === 0 && !quiet) },
    'RVOL_TOO_LOW',
    `${shapes.length} shapes, none with the volume asked for: ${tape.rvol.toFixed(2)} times the usual in 5-minute bars, ${tape.rvol15.toFixed(2)} in the last 15 minutes`,
  );
  const asked = 'reversal, breakout or news';
  if (best === undefined) return yield* refuse('pattern', 'NO_PATTERN', 'the volume is there, but no shape of momentum', 'none', asked);
  yield holds('pattern', { observed: `${best.kind} ${wordOf(best.way)}`, threshold: asked, pass: true }, 'NO_PATTERN', '');
  return best;
}

/** All of a setup that is asked before any option is looked at, cheapest first. */
export function* setup(ctx: SignalContext, name: Symbol): Trial<Setup> {
  const { params, market } = ctx;
  yield* tradable(market, name);
  const daily = yield* need('daily bars', market.dailyBars(name, params.dollar_volume_sessions));
  yield* liquidName(daily, params);
  const spot = mid(yield* need('quote', market.quote(name)));
  yield* notChased(spot, daily, params.chase_max_day_move_pct);
  yield* noReportAhead(ctx, name, params.earnings_guard_sessions);
  const found = yield* pattern(ctx, name);
  yield* stillThere(found, spot);
  return found;
}
