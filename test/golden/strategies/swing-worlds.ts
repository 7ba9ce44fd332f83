// Worlds of the swing trader: bars in which one of its three setups has just been completed, and nothing else is going on.
import type { Decision, Open, Pass } from '../../../src/domain/decision.ts';
import { symbol } from '../../../src/domain/ids.ts';
import { evaluate } from '../../../src/strategies/swing-trading/entry.ts';
import { type SwingParams, swingParams } from '../../../src/strategies/swing-trading/params.ts';
import { type ChainTerms, contextOf, type Listed, list, stock, type World, world } from './world.ts';
import { barsUpToNow } from './world-bars.ts';
import type { Shape } from './world-more.ts';

export const XYZ = symbol('XYZ');
export const MONDAY = '2026-11-16';
/** 17.2 days after 11:12 of that Monday. */
export const EXPIRY = '2026-12-03';
const USUAL = 1_000_000;

export interface Story {
  readonly name?: string;
  readonly spot: number;
  readonly day?: string;
  readonly hour?: number;
  readonly minute?: number;
  readonly five?: readonly Shape[];
  readonly fifteen?: readonly Shape[];
  /** Usual bars of fifteen minutes. */
  readonly range?: readonly [number, number];
  readonly sessions?: number;
  readonly earningsIn?: number;
  readonly earningsTime?: 'BMO' | 'AMC' | 'UNKNOWN';
  /** Close of the session before; the spot when not said. */
  readonly eve?: number;
}

export function tell(w: World, story: Story): World {
  const { spot, name = 'XYZ', five = [], fifteen = [], sessions, earningsIn, earningsTime } = story;
  const [low, high] = story.range ?? [spot - 0.5, spot + 0.5];
  stock(w, name, {
    spot,
    from: spot * 0.98,
    ...(earningsIn === undefined ? {} : { earningsIn }),
    ...(earningsTime === undefined ? {} : { earningsTime }),
  });
  if (story.eve !== undefined) {
    const daily = contextOf(w, params()).market.dailyBars(symbol(name), 260);
    const close = Math.round(story.eve * 1e6);
    if (!daily.known) throw new Error(daily.why);
    w.board.setDailyBars(
      symbol(name),
      [...daily.value.slice(0, -1), { ...(daily.value.at(-1) as (typeof daily.value)[number]), close: close as never }],
      1_000_000 as never,
    );
  }
  const history = sessions === undefined ? {} : { sessions };
  barsUpToNow(w, name, { minutes: 5, usual: { close: spot, volume: () => USUAL }, last: five, ...history });
  barsUpToNow(w, name, { minutes: 15, usual: { close: (low + high) / 2, low, high, volume: () => USUAL }, last: fifteen, ...history });
  return w;
}

export const told = (story: Story): World => tell(world(story.day ?? MONDAY, story.hour ?? 11, story.minute ?? 12), story);

/** Bars of fifteen minutes, each open where the one before closed, and a tenth wider than both. */
export const path = (closes: readonly number[], volumes: readonly number[]): readonly Shape[] =>
  closes.map((close, i) => {
    const open = closes[i - 1] ?? close;
    return {
      close,
      open,
      high: Math.max(open, close) + 0.1,
      low: Math.min(open, close) - 0.1,
      volume: volumes[i - (closes.length - volumes.length)] ?? USUAL,
    };
  });

/** A pivot of 182.40 ten bars ago, and a close at 184.22 which is 1.2 % above that of five bars before. */
export function breakoutBars(close = 184.22, volumes: readonly number[] = [3_400_000, 3_400_000]): readonly Shape[] {
  const before = Math.round((close / 1.012) * 1e6) / 1e6;
  const shapes = path([181, 181.5, 182.3, 181.6, 181.2, 181.1, 181.3, 181.5, before, 182, 182.1, 182.2, 182.25, close], volumes);
  return shapes.map((shape, i) =>
    i === 2 ? { ...shape, high: 182.4 } : { ...shape, high: i === 13 ? close : Math.min(shape.high ?? 0, 182.35) },
  );
}
export const breakout = (more: Partial<Story> = {}): Story => ({
  spot: 184.22,
  eve: 181,
  range: [179.5, 180.5],
  fifteen: breakoutBars(),
  ...more,
});

/** Fifteen hours down to 180, and back up by 2.6 % on 2.9 times the volume. */
export const turnBars = (close = 184.68, volumes: readonly number[] = [2_900_000, 2_900_000]): readonly Shape[] => {
  const fall = Array.from({ length: 24 }, (_, i) => 192 - 0.5 * i - (i % 3 === 0 ? 0.2 : 0));
  const shapes = path([...fall, 180.4, 182.5, close], volumes);
  return shapes.map((shape, i) => (i === 24 ? { ...shape, low: 180 } : { ...shape, low: Math.max(shape.low ?? 0, 180.05) }));
};
export const turn = (more: Partial<Story> = {}): Story => ({ spot: 184.68, eve: 186, range: [191.5, 192.5], fifteen: turnBars(), ...more });

/** Five-minute closes that rise by half a percent an hour and more, on a little more than twice the volume. */
export const runBars = (volume = 2_200_000, step = 0.2): readonly Shape[] =>
  path(
    Array.from({ length: 40 }, (_, i) => Math.round((184.22 - step * (39 - i)) * 100) / 100),
    Array.from({ length: 40 }, () => volume),
  );
export const run = (more: Partial<Story> = {}): Story => ({ spot: 184.22, eve: 181, range: [181.5, 187], five: runBars(), ...more });

/** The same in a mirror that stands at a price. */
export const mirror = (shapes: readonly Shape[], at: number): readonly Shape[] => {
  const seen = (x: number | undefined): number => Math.round((2 * at - (x ?? 0)) * 1e6) / 1e6;
  return shapes.map((s) => ({ close: seen(s.close), open: seen(s.open), high: seen(s.low), low: seen(s.high), volume: s.volume }));
};

export function chain(w: World, spot: number, given: readonly Listed[] = [], terms: ChainTerms = {}, name = 'XYZ', expiry = EXPIRY): World {
  const middle = Math.round(spot / 2.5) * 2.5;
  const told_ = new Set(given.map((row) => row.strike));
  const rows = Array.from({ length: 13 }, (_, i) => ({ strike: middle + 2.5 * (i - 6), sigma: 0.33 })).filter(
    (row) => !told_.has(row.strike),
  );
  list(
    w,
    name,
    spot,
    expiry,
    [...rows, ...given].sort((a, b) => a.strike - b.strike),
    { half: 0.04, ...terms },
  );
  return w;
}

export const params = (changed: Partial<Record<keyof SwingParams, unknown>> = {}): SwingParams =>
  swingParams.parse({ universe: ['XYZ'], ...changed });
export const say = (w: World, changed: Partial<Record<keyof SwingParams, unknown>> = {}): readonly Decision[] =>
  evaluate(contextOf(w, params(changed)));
export const whole = (story: Story): World => chain(told(story), story.spot);
export const opens = (decisions: readonly Decision[]): readonly Open[] => decisions.filter((d) => d.kind === 'open');
export const passes = (decisions: readonly Decision[]): readonly Pass[] => decisions.filter((d) => d.kind === 'pass');
export const gate = (decision: Decision | undefined, name: string): string | number | null | undefined =>
  decision === undefined || decision.kind === 'remember' ? undefined : decision.gates.find((g) => g.name === name)?.observed;
