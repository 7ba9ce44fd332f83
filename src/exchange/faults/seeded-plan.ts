// A fault plan from a seed: some kinds of trouble, each at a rate of its own, others not at all.
import { type Rng, seededRng } from '../../base/rng.ts';
import type { Fault, FaultPlan } from './plan.ts';

export interface PlanSetting {
  /** The account at which a human trades by hand. */
  readonly account: string;
  /** Symbols that may be halted, whose quotes may stand still, and that the human trades. */
  readonly symbols: readonly string[];
}

type Draw = (rng: Rng, setting: PlanSetting) => readonly Fault[];

/** A chance in thousandths, as a fraction. */
const rate = (rng: Rng, least: number, most: number): number => rng.int(least, most) / 1_000;
/** An instant some minutes from the start, in steps. */
const sometime = (rng: Rng): string => `+${String(rng.int(2, 240))}m`;
const symbolOf = (rng: Rng, { symbols }: PlanSetting): string | undefined => symbols[rng.int(0, symbols.length - 1)];

const ofSymbol =
  (kind: 'halt' | 'stale'): Draw =>
  (rng, setting) => {
    const symbol = symbolOf(rng, setting);
    return symbol === undefined ? [] : [{ kind, symbol, at: sometime(rng), seconds: rng.int(60, 900) }];
  };

const draws: Readonly<Record<string, Draw>> = {
  latency: (rng) => [
    {
      kind: 'latency',
      route: '/v*/**',
      ms: [rng.int(0, 50), rng.int(100, 1_500)],
      late: rng.chance(1, 2) ? 'answer' : 'request',
      probability: rate(rng, 20, 300),
    },
  ],
  refusals: (rng) => [
    { kind: 'status', route: '/v*/**', status: 429, retryAfter: rng.int(1, 3), committed: false, probability: rate(rng, 5, 30) },
    { kind: 'status', route: 'GET /v*/**', status: 500 + rng.int(0, 4), committed: false, probability: rate(rng, 5, 50) },
  ],
  ambiguous: (rng) => [
    { kind: 'hang', route: 'POST /v2/orders', committed: true, probability: rate(rng, 10, 100) },
    { kind: 'status', route: 'POST /v2/orders', status: 504, committed: true, probability: rate(rng, 10, 100) },
    { kind: 'reset', route: 'POST /v2/orders', committed: rng.chance(1, 2), probability: rate(rng, 10, 100) },
  ],
  bodies: (rng) => [
    { kind: 'body', route: 'GET /v2/**', form: 'truncated', probability: rate(rng, 2, 20) },
    { kind: 'body', route: 'GET /v2/**', form: rng.chance(1, 2) ? 'wrong_type' : 'html', probability: rate(rng, 2, 20) },
  ],
  frames: (rng) => [
    { kind: 'duplicate', stream: '/stream', probability: rate(rng, 20, 200) },
    { kind: 'reorder', stream: '/stream', probability: rate(rng, 20, 200) },
    { kind: 'drop', stream: '/stream', probability: rate(rng, 10, 100) },
  ],
  lines: (rng) => [
    { kind: 'kill', stream: '/stream', at: sometime(rng) },
    { kind: 'kill', stream: '/v2/iex', at: sometime(rng) },
    { kind: 'mute', stream: '/stream', at: sometime(rng), nth: 1, seconds: rng.int(10, 90) },
  ],
  keys: (rng) => [{ kind: 'auth', stream: '/stream', at: sometime(rng), count: rng.int(1, 3) }],
  halts: ofSymbol('halt'),
  stale: ofSymbol('stale'),
  human: (rng, setting) => {
    const symbol = symbolOf(rng, setting);
    const order = { symbol, qty: String(rng.int(1, 3)), side: 'buy', type: 'market', time_in_force: 'day' };
    return symbol === undefined ? [] : [{ kind: 'trade', account: setting.account, at: sometime(rng), order }];
  },
};

/** Each kind of trouble is wholly on or wholly off for a seed, so that some seeds see one kind alone; never are all off. */
export function planOfSeed(seed: number, setting: PlanSetting): FaultPlan {
  const rng = seededRng(seed).fork('plan');
  const names = Object.keys(draws);
  const sure = names[rng.int(0, names.length - 1)];
  const on = names.filter((name) => rng.fork(`on:${name}`).chance(1, 3) || name === sure);
  return { seed, faults: on.flatMap((name) => draws[name]?.(rng.fork(name), setting) ?? []) };
}

/** What the adverse fill model does to the wire: gaps, duplicates and reorders on the trade stream, and now and then no service. */
export const adversePlan = (seed: number): FaultPlan => ({
  seed,
  faults: [
    { kind: 'latency', route: '/v*/**', ms: [50, 800], late: 'answer', probability: 0.1 },
    { kind: 'status', route: '/v*/**', status: 429, retryAfter: 1, committed: false, probability: 0.01 },
    { kind: 'status', route: '/v*/**', status: 503, committed: false, probability: 0.01 },
    { kind: 'status', route: 'POST /v2/orders', status: 504, committed: true, probability: 0.01 },
    { kind: 'drop', stream: '/stream', probability: 0.02 },
    { kind: 'duplicate', stream: '/stream', probability: 0.05 },
    { kind: 'reorder', stream: '/stream', probability: 0.05 },
    { kind: 'kill', stream: '/stream', probability: 0.002 },
  ],
});
