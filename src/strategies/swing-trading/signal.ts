// The strongest setup that a name shows on the bars that have just ended: cheap questions first, then volume, shapes and strength.
import type { Symbol } from '../../domain/ids.ts';
import { dollars } from '../../domain/money.ts';
import { adxWilder, atrWilder, type HighLowClose, runningRsi, sma } from '../../market/indicators.ts';
import type { Bar } from '../../market/quote.ts';
import { relativeVolume } from '../../market/rvol.ts';
import { vwap } from '../../market/vwap.ts';
import { closesOf } from '../toolkit/context.ts';
import { atLeast, holds, need, refuse, type Trial, told } from '../toolkit/gates.ts';
import { justEnded, noReportAhead, notChased, shapeOf, type Timed } from '../toolkit/intraday.ts';
import { mid } from '../toolkit/limits.ts';
import { liquidName, tradable } from '../toolkit/name-gates.ts';
import { beyond, gained, type Way, ways, wordOf } from '../toolkit/way.ts';
import type { SwingParams } from './params.ts';
import { closesHigh, pivotHigh, seenBy } from './shapes.ts';
import { breakoutStrength, momentumStrength, reversalStrength } from './strength.ts';

/** What a setup is judged on: an evaluation has it, and so has the planning of what to fetch. */
export type SignalContext = Timed & { readonly params: SwingParams };

export type Kind = 'breakout' | 'momentum' | 'reversal';

/** One setup with all that its rank and its exits need. */
export interface Setup {
  readonly kind: Kind;
  readonly way: Way;
  /** 0 to 100. */
  readonly strength: number;
  readonly rvol: number;
  /** The level broken, or the extreme bounced from, dollars; null for momentum, whose level moves. */
  readonly level: number | null;
  /** The price beyond which the idea is wrong; null for momentum, which ends behind its slow mean. */
  readonly invalidation: number | null;
}

/** A shape that is there, with the volume that it needs. */
type Shape = Setup & { readonly rvolMin: number };

/** All that the shapes are looked for in. */
interface Tape {
  readonly five: readonly Bar[];
  readonly fifteen: readonly Bar[];
  readonly shapes15: readonly HighLowClose[];
  /** Of two bars of fifteen minutes, and of six of five. */
  readonly rvol15: number;
  readonly rvol5: number;
  readonly vwap: number;
  /** Average true range of the bars of fifteen minutes, dollars. */
  readonly range: number;
}

const BARS_15 = 2;
const BARS_5 = 6;

function* read(ctx: SignalContext, name: Symbol): Trial<Tape> {
  const { params, market, calendar } = ctx;
  const fifteen = yield* need('15-minute bars', market.intradayBars(name, 15, params.rvol_sessions, 1));
  yield atLeast('15-minute bars', params.bars_min, fifteen.length, 'BARS_SHORT');
  const five = yield* need('5-minute bars', market.intradayBars(name, 5, params.rvol_sessions, 1));
  yield* justEnded(ctx, five, 5);
  yield* justEnded(ctx, fifteen, 15);
  const rvol15 = yield* need('relative volume, 15 minutes', relativeVolume(fifteen, BARS_15, calendar));
  const rvol5 = yield* need('relative volume, 5 minutes', relativeVolume(five, BARS_5, calendar));
  const mean = yield* need('vwap', vwap(five, ctx.day));
  const shapes15 = fifteen.map(shapeOf);
  const range = atrWilder(shapes15, params.atr_bars) ?? 0;
  yield told('relative volume, 15 minutes', rvol15);
  yield told('relative volume, 5 minutes', rvol5);
  yield told('vwap', mean);
  return { five, fifteen, shapes15, rvol15, rvol5, vwap: mean, range };
}

/** The level a close would break one's way: the last sessions' outermost pivot. */
function levelOf(ctx: SignalContext, tape: Tape, way: Way): number | undefined {
  const first = ctx.calendar.offset(ctx.day, 1 - ctx.params.pivot_sessions).day;
  const from = tape.fifteen.findIndex((bar) => bar.day >= first);
  const pivot = pivotHigh(
    tape.shapes15.slice(Math.max(0, from)).map((bar) => seenBy(way, bar)),
    ctx.params,
  );
  return pivot === undefined ? undefined : way * pivot;
}

/** Opened beyond the level: then a bar of today must have stayed beyond it from its first trade to its last. */
function gapHeld(ctx: SignalContext, tape: Tape, way: Way, level: number): boolean {
  const today = tape.fifteen.filter((bar) => bar.day === ctx.day);
  const [opening] = today;
  if (opening === undefined || !beyond(way, dollars(opening.open), level)) return true;
  return today.some((bar) => !beyond(way, level, dollars(way === 1 ? bar.low : bar.high)));
}

function* breakout(ctx: SignalContext, tape: Tape, way: Way): Trial<Shape | undefined> {
  const { params } = ctx;
  const level = levelOf(ctx, tape, way);
  yield told(way === 1 ? 'pivot high' : 'pivot low', level ?? 'none');
  const closes = closesOf(tape.fifteen);
  const close = closes.at(-1) as number;
  const before = closes.at(-1 - params.roc_bars);
  if (level === undefined || before === undefined) return undefined;
  const distance = gained(way, close, level);
  const roc = gained(way, close, before);
  if (distance < params.breakout_min_pct || roc < params.breakout_roc_min || !gapHeld(ctx, tape, way, level)) return undefined;
  const strength = breakoutStrength({ distance, rvol: tape.rvol15, roc });
  const invalidation = level - way * params.breakout_stop_atr * tape.range;
  return { kind: 'breakout', way, strength, rvol: tape.rvol15, rvolMin: params.breakout_rvol_min, level, invalidation };
}

function* momentum(ctx: SignalContext, tape: Tape, way: Way): Trial<Shape | undefined> {
  const { params } = ctx;
  const closes = closesOf(tape.five);
  const close = closes.at(-1) as number;
  const [fast, middle, slow] = [params.sma_fast, params.sma_middle, params.sma_slow].map((n) => sma(closes, n));
  const adx = adxWilder(tape.five.map(shapeOf), params.adx_bars);
  if (fast === undefined || middle === undefined || slow === undefined || adx === undefined)
    return yield* refuse('5-minute bars', 'BARS_SHORT', `${closes.length} bars are too few for the means and the directional index`);
  const spread = gained(way, fast, slow);
  if (way === 1) {
    yield told('fast mean over slow', spread);
    yield told('directional index', adx);
  }
  if (!beyond(way, fast, middle) || !beyond(way, middle, slow) || !beyond(way, close, tape.vwap)) return undefined;
  const strength = momentumStrength({ spread, rvol: tape.rvol5, adx });
  return { kind: 'momentum', way, strength, rvol: tape.rvol5, rvolMin: params.momentum_rvol_min, level: null, invalidation: null };
}

/** The most exhausted reading among the last bars, as of a fall; undefined where there are too few bars. */
function exhaustion(ctx: SignalContext, tape: Tape, way: Way): number | undefined {
  const rsi = runningRsi(ctx.params.rsi_bars);
  const readings = closesOf(tape.fifteen).map((close) => rsi.next(close));
  const recent = readings.slice(-ctx.params.rsi_look_back_bars).filter((r) => r !== undefined);
  return recent.length === 0 ? undefined : Math.min(...recent.map((r) => (way === 1 ? r : 100 - r)));
}

function* reversal(ctx: SignalContext, tape: Tape, way: Way): Trial<Shape | undefined> {
  const { params } = ctx;
  const rsi = exhaustion(ctx, tape, way);
  const seen = tape.shapes15.slice(-params.bounce_bars).map((bar) => seenBy(way, bar));
  const last = seen.at(-1);
  if (rsi === undefined || last === undefined)
    return yield* refuse('15-minute bars', 'BARS_SHORT', `${tape.fifteen.length} bars are too few for the strength index`);
  const extreme = way * Math.min(...seen.map((bar) => bar.low));
  const bounce = gained(way, way * last.close, extreme);
  yield told(way === 1 ? 'lowest strength index' : 'highest strength index', way === 1 ? rsi : 100 - rsi);
  yield told(way === 1 ? 'bounce' : 'drop', bounce);
  if (rsi > params.rsi_max || bounce < params.bounce_min_pct || !closesHigh(last)) return undefined;
  const strength = reversalStrength({ bounce, rvol: tape.rvol15, rsi });
  return { kind: 'reversal', way, strength, rvol: tape.rvol15, rvolMin: params.reversal_rvol_min, level: extreme, invalidation: extreme };
}

function* shapesIn(ctx: SignalContext, tape: Tape): Trial<readonly Shape[]> {
  const found: Shape[] = [];
  for (const way of ways) {
    for (const look of [breakout, momentum, reversal]) {
      const shape = yield* look(ctx, tape, way);
      if (shape !== undefined) found.push(shape);
    }
  }
  return found;
}

/** One setup a name: the strongest that has its volume. NO_PATTERN, RVOL_TOO_LOW or STRENGTH_TOO_LOW when there is none. */
function* strongest(ctx: SignalContext, name: Symbol): Trial<Setup> {
  const tape = yield* read(ctx, name);
  const shapes = yield* shapesIn(ctx, tape);
  const asked = 'breakout, momentum or reversal';
  if (shapes.length === 0) return yield* refuse('pattern', 'NO_PATTERN', 'the bars show none of the three setups', 'none', asked);
  const [best] = shapes.filter((shape) => shape.rvol >= shape.rvolMin).sort((a, b) => b.strength - a.strength);
  if (best === undefined) {
    const [first] = shapes;
    const why = `a ${first?.kind ?? ''} is there without its volume: ${(first?.rvol ?? 0).toFixed(2)} times the usual`;
    return yield* refuse('volume behind the move', 'RVOL_TOO_LOW', why, first?.rvol ?? null, first?.rvolMin ?? null);
  }
  yield holds('pattern', { observed: `${best.kind} ${wordOf(best.way)}`, threshold: asked, pass: true }, 'NO_PATTERN', '');
  yield atLeast('strength', ctx.params.strength_min, best.strength, 'STRENGTH_TOO_LOW');
  return best;
}

/** The price has not come back through what would end the trade at once. */
function* stillThere({ kind, way, invalidation }: Setup, spot: number): Trial<void> {
  if (invalidation === null) return;
  yield holds(
    'price against the invalidation',
    { observed: spot, threshold: invalidation, pass: !beyond(way, invalidation, spot) },
    'SIGNAL_GONE',
    `the price ${spot} is back beyond ${invalidation}, where the ${kind} is over`,
  );
}

/** All of a setup that is asked before any option is looked at, cheapest first. */
export function* setup(ctx: SignalContext, name: Symbol): Trial<Setup> {
  const { params, market } = ctx;
  yield* tradable(market, name);
  const daily = yield* need('daily bars', market.dailyBars(name, params.dollar_volume_sessions));
  yield* liquidName(daily, params);
  const spot = mid(yield* need('quote', market.quote(name)));
  yield* notChased(spot, daily, params.chase_max_day_move_pct);
  if (!params.no_reports.includes(name)) yield* noReportAhead(ctx, name, params.earnings_guard_sessions);
  const found = yield* strongest(ctx, name);
  yield* stillThere(found, spot);
  return found;
}
