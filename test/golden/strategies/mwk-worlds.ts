// Worlds of the momentum buyer: a name that has turned from a low on a Monday morning, and what may stand against it.
import { ensure } from '../../../src/base/assert.ts';
import type { Decision, Open, Pass } from '../../../src/domain/decision.ts';
import { symbol } from '../../../src/domain/ids.ts';
import { evaluate } from '../../../src/strategies/momentum-weeklies/entry.ts';
import { type MwkParams, mwkParams } from '../../../src/strategies/momentum-weeklies/params.ts';
import { type ChainTerms, calendar, contextOf, type Listed, list, stock, type World, world } from './world.ts';
import { barsUpToNow } from './world-bars.ts';
import type { Shape } from './world-more.ts';

export const XYZ = symbol('XYZ');
export const MONDAY = '2026-11-16';
export const FRIDAY = '2026-11-20';

// biome-ignore format: one window
export const turn = [
  250, 249.4, 248.9, 248.1, 247.6, 246.9, 246.2, 245.3, 244.6, 244, 244.5, 244.9, 245.2, 245.6, 245.9, 246.1, 246.4, 246.6, 246.9, 247.1, 247.4, 247.6, 247.9, 248.2,
];
/** Shares in the last three bars. */
export const surge = [420_000, 510_000, 470_000];
const QUIET = 100_000;
/** The last three slots of an 11:00 usually trade 410,000 together. */
const usualVolume = (slot: number): number => [140_000, 130_000, 140_000][slot - 15] ?? QUIET;

export interface Story {
  readonly closes?: readonly number[];
  readonly volumes?: readonly number[];
  readonly vwap?: number;
  /** Sessions of history. */
  readonly sessions?: number;
  readonly hour?: number;
  readonly minute?: number;
  readonly day?: string;
  readonly earningsIn?: number;
  readonly earningsTime?: 'BMO' | 'AMC' | 'UNKNOWN';
  readonly spot?: number;
  /** 15-minute bars: the range of usual ones, and the last ones when they are told. */
  readonly range?: readonly [number, number];
  readonly fifteen?: readonly Shape[];
  readonly fifteenVolume?: number;
  readonly name?: string;
}

/** Closes as bars: each as high and low as it closes and opens. */
const bars = (closes: readonly number[], volumes: readonly number[]): readonly Shape[] =>
  closes.map((close, i) => ({ close, open: closes[i - 1] ?? close, volume: volumes[i - (closes.length - volumes.length)] ?? QUIET }));

/** The first bar of the day that makes the session's mean price by volume what the case says. */
function openingFor(target: number, today: readonly Shape[]): Shape {
  const volume = 50 * QUIET;
  let owed = target * volume;
  for (const { close, open = close, volume: traded } of today) {
    owed += (target - (Math.max(open, close) + Math.min(open, close) + close) / 3) * traded;
  }
  return { close: owed / volume, open: owed / volume, volume };
}

/** Bars of a name whose price has turned at 11:00. */
export function tell(w: World, story: Story = {}): World {
  const { closes = turn, volumes = surge, name = 'XYZ', range = [243, 252] } = story;
  const spot = story.spot ?? ensure(closes.at(-1), 'a close');
  stock(w, name, {
    spot,
    dividendYield: 0.004,
    from: spot * 0.98,
    ...(story.earningsIn === undefined ? {} : { earningsIn: story.earningsIn }),
    ...(story.earningsTime === undefined ? {} : { earningsTime: story.earningsTime }),
  });
  const session = calendar.session(w.day);
  const done = Math.floor((w.at - (session?.open ?? w.at)) / 300_000) - 1;
  const told = bars(closes, volumes);
  // The first bar of the day stands between the told ones wherever they reach back over the night, and is part of no pattern.
  const opening = openingFor(story.vwap ?? 247, told.slice(-done));
  const { sessions } = story;
  barsUpToNow(w, name, {
    minutes: 5,
    usual: { close: closes[0] as number, volume: usualVolume },
    last: told.length > done ? [...told.slice(0, -done), opening, ...told.slice(-done)] : told,
    opening,
    ...(sessions === undefined ? {} : { sessions }),
  });
  const [low, high] = range;
  barsUpToNow(w, name, {
    minutes: 15,
    usual: { close: (low + high) / 2, low, high, volume: () => story.fifteenVolume ?? 1_000_000 },
    last: story.fifteen ?? [],
    ...(sessions === undefined ? {} : { sessions }),
  });
  return w;
}

export const turned = (story: Story = {}): World => tell(world(story.day ?? MONDAY, story.hour ?? 11, story.minute ?? 0), story);

const strikes = (sigma: number): readonly Listed[] => Array.from({ length: 13 }, (_, i) => ({ strike: 235 + 2.5 * i, sigma }));

/** Lists the weekly, a strike each 2.50, the quotes of single strikes as told. */
export function weekly(
  w: World,
  spot = 248.2,
  given: readonly Listed[] = [],
  terms: ChainTerms = {},
  expiry = FRIDAY,
  name = 'XYZ',
): World {
  const told = new Map(given.map((row) => [row.strike, row]));
  const rows = [...strikes(0.34).filter((row) => !told.has(row.strike)), ...given].sort((a, b) => a.strike - b.strike);
  list(w, name, spot, expiry, rows, { half: 0.03, ...terms });
  return w;
}

export const params = (changed: Partial<Record<keyof MwkParams, unknown>> = {}): MwkParams =>
  mwkParams.parse({ universe: ['XYZ'], ...changed });

export const say = (w: World, changed: Partial<Record<keyof MwkParams, unknown>> = {}): readonly Decision[] =>
  evaluate(contextOf(w, params(changed)));
export const opens = (decisions: readonly Decision[]): readonly Open[] => decisions.filter((d) => d.kind === 'open');
export const passes = (decisions: readonly Decision[]): readonly Pass[] => decisions.filter((d) => d.kind === 'pass');
export const gate = (decision: Decision | undefined, name: string): string | number | null | undefined =>
  decision === undefined || decision.kind === 'remember' ? undefined : decision.gates.find((g) => g.name === name)?.observed;
