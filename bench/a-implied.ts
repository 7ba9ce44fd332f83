// How fast and how exactly columns of prices become volatilities: cold, and from the volatilities of the last tick.
import { impliedVolatilityChain, impliedVolatilityChainFrom } from '../src/pricing/implied-volatility-chain.ts';
import { bench, type Errors, errors } from './harness.ts';
import { optionWorkload, ROWS } from './inputs.ts';

const COLD = 'A2 implied vol';
const TICK = 'A2 implied vol (tick)';
const SIZES = [200_000, 10_000, ROWS] as const;
/** How far the volatility has moved since the last tick: as little as ticks do, and far more. */
const MOVES = [
  ['1 %', 0.01],
  ['10 %', 0.1],
] as const;

interface Solved {
  readonly sigma: Float64Array;
  readonly status: Uint8Array;
}

/** Errors of what was solved; what was refused counts as failed. */
function accuracy({ sigma, status }: Solved, want: Float64Array, n: number): Errors {
  const got = Array.from(sigma.subarray(0, n), (value, i) => (status[i] === 0 ? value : Number.NaN));
  return errors(got, want.subarray(0, n));
}

export function run(): void {
  const { contracts, price } = optionWorkload();
  const prices = { ...contracts, price };
  const out: Solved = { sigma: new Float64Array(ROWS), status: new Uint8Array(ROWS) };
  const measure = (name: string, work: string, n: number, solve: () => void): void =>
    bench({ name, work, n, unit: 'contracts' }, solve, () => accuracy(out, contracts.sigma, n));
  for (const n of SIZES) {
    measure(`ours, cold (${String(n)})`, COLD, n, () => impliedVolatilityChain(prices, out, 0, n));
  }
  for (const [moved, share] of MOVES) {
    const previous = contracts.sigma.map((sigma, i) => sigma * (1 + share * Math.sin(i)));
    for (const n of SIZES) {
      measure(`ours, last tick off by ${moved} (${String(n)})`, TICK, n, () => impliedVolatilityChainFrom(prices, previous, out, 0, n));
    }
  }
}
