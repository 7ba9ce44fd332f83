// A seed spelled out: which market, how fast, which faults and when. Every draw has its own stream, so that a new one shifts no other.
import { type Rng, seededRng } from '../base/rng.ts';
import { type NetworkTrouble, networkFaults, soundNetwork } from './network-faults.ts';
import { type Universes, universesOf } from './universes.ts';

export const faultKinds = ['crash', 'stream', 'latency', 'network'] as const;
export type FaultKind = (typeof faultKinds)[number];

/** Where a crash hits: at an instant, or the next time the thing comes by once its instant has passed. */
export const crashPoints = ['instant', 'before_commit', 'after_commit', 'before_dispatch', 'before_accept', 'after_accept'] as const;
export type CrashPoint = (typeof crashPoints)[number];

export type Fault =
  | { readonly kind: 'crash'; readonly point: CrashPoint; readonly atMs: number; readonly downMs: number }
  /** `trade`, `clock` and `quotes` break one stream, `all` breaks them all, `cut` takes the requests under way with them. */
  | { readonly kind: 'stream'; readonly what: 'trade' | 'clock' | 'quotes' | 'all' | 'cut'; readonly atMs: number };

export interface Latency {
  /** Wall milliseconds of one delivery. */
  readonly least: number;
  readonly most: number;
  /** Deliveries in a thousand that take `spikeMs` instead. */
  readonly spikesPerMille: number;
  readonly spikeMs: number;
}

/** In the files' own spelling; what is left out is as shipped. */
export interface WheelWish {
  readonly universe: readonly string[];
  readonly [key: string]: number | boolean | readonly number[] | readonly string[];
}

export interface SwarmOptions {
  readonly seed: number;
  readonly days: number;
  /** Exchange milliseconds per wall millisecond. */
  readonly speed: number;
  /** Sessions after the reference day on which the run starts. */
  readonly startSession: number;
  /** Minutes after that session's open at which the exchange's clock begins. */
  readonly startMinutes: number;
  /** How the faulty phase ends: on the last day before the close, or on the morning after it. */
  readonly ends: 'afternoon' | 'morning';
  /** The wheel's section of the configuration, where it differs from the one shipped. */
  readonly wheel: WheelWish;
  /** Strategies that trade beside the wheel and the index baseline; all others open nothing. */
  readonly also: readonly string[];
  /** The names that those look at, where they are fewer than shipped. */
  readonly universes: Universes;
  /** Whether options are listed at round strikes alone, or as finely as the exchange has them. */
  readonly listing: 'round' | 'full';
  readonly faults: readonly Fault[];
  /** Wall time after which a person lifts a halt that a crash loop has set; null when nobody comes. */
  readonly resumeMs: number | null;
  readonly latency: Latency;
  /** Trade-stream frames in a thousand that never arrive while faults are on. */
  readonly lostPerMille: number;
  /** Requests that end in another way than with their answer while faults are on. */
  readonly network: NetworkTrouble;
}

export interface SwarmWish {
  readonly seed: number;
  readonly days: number;
  /** Kinds that may be drawn; each is wholly on or wholly off for the seed. */
  readonly kinds: readonly FaultKind[];
}

const SESSION_MS = 23_400_000;
/** Three seeds in four take a session in forty wall seconds; the slow ones give orders time to walk, and guards against slow machines time to act. */
const speeds = [60, 120, 120, 300, 300, 300, ...Array<number>(18).fill(600)] as const;
const STARTS = 250;
/** Before the first slot of any strategy, so that a day exercises all of them. */
const START_MINUTES = 5;
const NAMES = { least: 2, most: 4 } as const;
/** Names of the synthetic market whose hundred shares a small account can hold. */
const universe = ['F', 'BAC', 'T', 'KO', 'PFE', 'INTC', 'WFC', 'VZ', 'PLTR'] as const;
/** Each costs a simulated day some seconds, so a seed draws few; many seeds see them all, and in company. */
const others = ['zdte', 'dcs', 'earn', 'dip', 'mwk', 'swing', 'leaps', 'lotto'] as const;
const ALSO_MOST = 2;
const calm: Latency = { least: 1, most: 3, spikesPerMille: 0, spikeMs: 0 };

/** A run in which nothing goes wrong, and nobody has anything to mend. */
export const untroubled: Pick<SwarmOptions, 'faults' | 'resumeMs' | 'latency' | 'lostPerMille' | 'network'> = {
  faults: [],
  resumeMs: null,
  latency: calm,
  lostPerMille: 0,
  network: soundNetwork,
};

const pick = <T>(rng: Rng, from: readonly T[]): T => from[rng.int(0, from.length - 1)] as T;

function shuffled<T>(rng: Rng, from: readonly T[]): readonly T[] {
  const left = [...from];
  const out: T[] = [];
  while (left.length > 0) out.push(...left.splice(rng.int(0, left.length - 1), 1));
  return out;
}

/** Wall instants spread over the sessions of the run; nights pass in seconds, so they need no share of their own. */
const instants = (rng: Rng, count: number, days: number, speed: number): readonly number[] =>
  Array.from({ length: count }, () => rng.int(1_000, Math.floor((days * SESSION_MS) / speed))).sort((a, b) => a - b);

function crashes(rng: Rng, days: number, speed: number): readonly Fault[] {
  const count = Array.from({ length: days }, () => rng.int(0, 4)).reduce((sum, n) => sum + n, 0);
  // An instant hits anywhere; the traps hit where an order is on its way, and between them they would take most orders down.
  const points: readonly CrashPoint[] = ['instant', 'instant', ...crashPoints];
  return instants(rng, count, days, speed).map((atMs) => ({
    kind: 'crash',
    point: pick(rng, points),
    atMs,
    downMs: rng.int(1_000, 15_000),
  }));
}

function breaks(rng: Rng, days: number, speed: number): readonly Fault[] {
  return instants(rng, rng.int(0, 6), days, speed).map((atMs) => ({
    kind: 'stream',
    what: pick(rng, ['trade', 'clock', 'quotes', 'all', 'cut']),
    atMs,
  }));
}

function latencyOf(rng: Rng): Latency {
  const least = rng.int(1, 20);
  return { least, most: least + rng.int(5, 120), spikesPerMille: pick(rng, [0, 1, 4]), spikeMs: pick(rng, [800, 6_000, 12_000]) };
}

/** Some of the ways in which a request can fail, so that some seeds see one way alone. */
function networkOf(rng: Rng): NetworkTrouble {
  return { perMille: pick(rng, [3, 10, 30]), ways: shuffled(rng, networkFaults).slice(0, rng.int(1, networkFaults.length)) };
}

/** Sells for a few days what is nearly at the money, and lets it be assigned: nights, expiries and share sales come by often. */
export const hastyWheel = {
  dte_min: 2,
  dte_target: 5,
  dte_max: 9,
  put_delta_min: 0.2,
  put_delta_target: 0.45,
  put_delta_max: 0.6,
  call_dte_min: 2,
  call_dte_target: 5,
  call_dte_max: 9,
  call_delta_target: 0.45,
  call_delta_max: 0.6,
  call_yield_min: 0,
  repair_delta_max: 0.5,
  credit_min_usd: 5,
  yield_min: 0,
  manage_dte: 0,
  profit_take_part: 0.99,
  defend_delta: 0.99,
  thesis_stop_credits: 20,
  expiry_buy_back_max_usd: 0,
  accept_pin: true,
} as const;

/** From the shipped wheel, which waits for rich premium, to one that sells whenever it may. */
function wheelWish(rng: Rng): WheelWish {
  return {
    ...(rng.chance(1, 2) ? hastyWheel : {}),
    universe: shuffled(rng, universe).slice(0, rng.int(NAMES.least, NAMES.most)),
    iv_rank_min: pick(rng, [0, 0, 30]),
    trend_sessions: pick(rng, [20, 50, 200]),
    new_names_per_day: rng.int(2, 4),
    entry_minutes_after_open: pick(rng, [
      [45, 210],
      [45, 105, 165, 225, 285],
    ]),
    entry_cap_part: pick(rng, [0.7, 1]),
  };
}

const alsoOf = (rng: Rng): readonly string[] => shuffled(rng, others).slice(0, rng.int(0, ALSO_MOST));

/** All of a seed's options. The same wish gives the same options. */
export function swarmOptions({ seed, days, kinds }: SwarmWish): SwarmOptions {
  const root = seededRng(seed).fork('swarm');
  const shape = root.fork('shape');
  const speed = pick(shape, speeds);
  const on = (kind: FaultKind): boolean => kinds.includes(kind) && root.fork(`${kind}/on`).chance(2, 3);
  const lossy = root.fork('lossy');
  const also = alsoOf(root.fork('also'));
  return {
    seed,
    days,
    speed,
    startSession: shape.int(0, STARTS),
    startMinutes: START_MINUTES,
    ends: shape.chance(1, 3) ? 'morning' : 'afternoon',
    wheel: wheelWish(root.fork('wheel')),
    also,
    universes: universesOf(root.fork('universes'), also),
    listing: root.fork('listing').chance(1, 6) ? 'full' : 'round',
    faults: [
      ...(on('crash') ? crashes(root.fork('crash'), days, speed) : []),
      ...(on('stream') ? breaks(root.fork('stream'), days, speed) : []),
    ].sort((a, b) => a.atMs - b.atMs),
    resumeMs: root.fork('person').chance(3, 4) ? root.fork('person/when').int(2_000, 20_000) : null,
    latency: on('latency') ? latencyOf(root.fork('latency')) : calm,
    lostPerMille: on('stream') ? pick(lossy, [0, 50, 200]) : 0,
    network: on('network') ? networkOf(root.fork('network')) : soundNetwork,
  };
}

/** `crash,stream`, `all` or `none` as a set of kinds; undefined for anything else. */
export function parseFaults(text: string): readonly FaultKind[] | undefined {
  if (text === 'all') return faultKinds;
  if (text === 'none') return [];
  const names = text.split(',').map((name) => name.trim());
  return names.every((name): name is FaultKind => faultKinds.some((kind) => kind === name)) ? names : undefined;
}
