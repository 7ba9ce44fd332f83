// The workloads: a million out-of-the-money contracts, and a million one-minute bars of a share, in columns; from a file if there is one, else drawn here.
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

export interface BarColumns {
  readonly high: Float64Array;
  readonly low: Float64Array;
  readonly close: Float64Array;
}

const file = (name: string): string => join(process.env['BENCH_TMP'] ?? join(tmpdir(), 'wsb-bench'), 'data', name);

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

/** The columns of a file of doubles, one after the other, by number. */
function columnsOf(name: string): (k: number) => Float64Array {
  const bytes = readFileSync(file(name));
  const all = new Float64Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 8);
  return (k) => all.slice(k * ROWS, (k + 1) * ROWS);
}

/** Columns S K T r q sigma side price. */
function fromFile(): Workload {
  const part = columnsOf('chain.f64');
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
  workload ??= existsSync(file('chain.f64')) ? fromFile() : drawn();
  return workload;
}

/** Minutes of a share that keeps near 100: the open gaps a little, the close walks, the range opens both ways. */
function drawnBars(): BarColumns {
  const rng = seededRng(77);
  const bars: BarColumns = { high: column(), low: column(), close: column() };
  let close = 100;
  for (let i = 0; i < ROWS; i++) {
    const open = close * Math.exp(1e-4 * rng.normal());
    close = Math.max(5, open * Math.exp(6e-4 * rng.normal() - 1.2e-6 * Math.log(open / 100)));
    bars.high[i] = Math.max(open, close) * (1 + 3e-4 * rng.float());
    bars.low[i] = Math.min(open, close) * (1 - 3e-4 * rng.float());
    bars.close[i] = close;
  }
  return bars;
}

/** Columns t open high low close volume. */
function barsFromFile(): BarColumns {
  const part = columnsOf('bars.f64');
  return { high: part(2), low: part(3), close: part(4) };
}

export const barWorkload = (): BarColumns => (existsSync(file('bars.f64')) ? barsFromFile() : drawnBars());
