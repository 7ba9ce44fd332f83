// The option workload: a million out-of-the-money contracts in columns, from a file if there is one, else drawn here.
import { existsSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { seededRng } from '../src/base/rng.ts';
import { type ChainColumns, priceChain } from '../src/pricing/chain.ts';
import type { GreekColumns } from '../src/pricing/european-kernel.ts';

export const ROWS = 1_000_000;

export interface Workload {
  readonly contracts: ChainColumns;
  /** What they are worth. */
  readonly price: Float64Array;
}

const FILE = join(process.env['BENCH_TMP'] ?? join(tmpdir(), 'wsb-bench'), 'data', 'chain.f64');

export const column = (rows = ROWS): Float64Array => new Float64Array(rows);

export const greekColumns = (rows = ROWS): GreekColumns => ({
  price: column(rows),
  delta: column(rows),
  gamma: column(rows),
  vega: column(rows),
  theta: column(rows),
  rho: column(rows),
  status: new Uint8Array(rows),
});

/** Columns S K T r q sigma side price of doubles, one after the other. */
function fromFile(): Workload {
  const bytes = readFileSync(FILE);
  const all = new Float64Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 8);
  const part = (k: number): Float64Array => all.slice(k * ROWS, (k + 1) * ROWS);
  const [spot, strike, years, rate] = [part(0), part(1), part(2), part(3)];
  return { contracts: { spot, strike, years, rate, dividendYield: part(4), sigma: part(5), side: part(6) }, price: part(7) };
}

/**
 * Spots lognormal about 120, days up to two years with the near ones the likelier, volatilities from 8 to 98 % with the low ones the
 * likelier, every other share without dividends, strikes about the forward by its deviation, cents kept, the side out of the money.
 */
function drawn(): Workload {
  const rng = seededRng(20_240_607);
  const contracts: ChainColumns = {
    spot: column(),
    strike: column(),
    years: column(),
    rate: column(),
    dividendYield: column(),
    sigma: column(),
    side: column(),
  };
  for (let i = 0; i < ROWS; i++) {
    const spot = Math.round(100 * 120 * Math.exp(0.8 * rng.normal())) / 100;
    const years = Math.max(1, Math.floor(730 * rng.float() * rng.float())) / 365;
    const rate = 0.06 * rng.float();
    const dividendYield = rng.float() < 0.5 ? 0 : 0.04 * rng.float();
    const sigma = 0.08 + 0.9 * rng.float() * rng.float();
    const forward = spot * Math.exp((rate - dividendYield) * years);
    const distance = Math.min(3.5, Math.max(-3.5, 1.3 * rng.normal())) * sigma * Math.sqrt(years);
    const strike = Math.max(0.01, Math.round(100 * forward * Math.exp(distance)) / 100);
    const row = { spot, strike, years, rate, dividendYield, sigma, side: strike >= forward ? 1 : -1 };
    for (const [name, value] of Object.entries(row)) contracts[name as keyof ChainColumns][i] = value;
  }
  const out = greekColumns();
  priceChain(contracts, out);
  return { contracts, price: out.price };
}

let workload: Workload | undefined;

/** The workload, made once. */
export function optionWorkload(): Workload {
  workload ??= existsSync(FILE) ? fromFile() : drawn();
  return workload;
}
