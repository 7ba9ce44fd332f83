// Our greeks beside a vendor's: SPY's busiest contracts of 2021 (`options/chains/SPY_2021.csv.gz` of WSB_SHARED), with the vendor's own
// volatility in. The vendor values them as European on a share without dividends, days / 365, and rounds to five decimals; so do we here.
// Quotes are not compared: one price leads to the vendor's volatility only under its unstated rate and exercise rule.
import { describe, expect, it } from 'vitest';
import { seededRng } from '../../../src/base/rng.ts';
import { tradingDay } from '../../../src/domain/time.ts';
import { eachRow } from '../../../src/exchange/tape/csv.ts';
import { dte } from '../../../src/market/expiry.ts';
import { bsDerivatives } from '../../../src/pricing/black-scholes.ts';

const shared = process.env['WSB_SHARED'];
const CONTRACTS = 200;
const SEED = 20_210_104;
const DELTA_WITHIN = 0.01;
const VEGA_WITHIN = 0.02;

interface VendorRow {
  readonly name: string;
  readonly occ: string;
  readonly delta: number;
  readonly vega: number;
  /** Ours from the vendor's volatility: delta, and vega a volatility point. */
  readonly ours: { readonly delta: number; readonly vega: number };
}

/** Three-month Treasury bill on each day of the year, a fraction a year: on days without a figure the last one published. */
function bills(): (day: string) => number | undefined {
  const published: (readonly [string, number])[] = [];
  eachRow(`${String(shared)}/rates/treasury_par_yields.csv.gz`, ['date', 'm3'], (cells) => {
    const percent = cells.number('m3');
    if (percent !== null) published.push([cells.text('date'), percent / 100]);
  });
  return (day) => published.findLast(([of]) => of <= day)?.[1];
}

/** Every row, and how many were left out for want of a figure. */
function vendorRows(): { readonly rows: readonly VendorRow[]; readonly leftOut: Readonly<Record<string, number>> } {
  const rate = bills();
  const rows: VendorRow[] = [];
  const leftOut = { 'no vendor volatility or greeks': 0, 'no Treasury rate': 0 };
  eachRow(`${String(shared)}/options/chains/SPY_2021.csv.gz`, ['ts', 'occ', 'iv', 'delta', 'vega', 'underlying_price'], (cells) => {
    const [sigma, delta, vega] = [cells.number('iv'), cells.number('delta'), cells.number('vega')];
    const [spot, strike] = [cells.number('underlying_price'), cells.number('strike')];
    const day = cells.text('ts').slice(0, 10);
    const r = rate(day);
    if (sigma === null || delta === null || vega === null || spot === null || strike === null) leftOut['no vendor volatility or greeks']++;
    else if (r === undefined) leftOut['no Treasury rate']++;
    else {
      const years = dte(tradingDay(day), cells.day('expiry')) / 365;
      const right = cells.text('right') === 'C' ? 'call' : 'put';
      const ours = bsDerivatives({ right, spot, strike, years, rate: r, dividendYield: 0, sigma });
      const occ = cells.text('occ');
      rows.push({ name: `${occ} on ${day}`, occ, delta, vega, ours: { delta: ours.delta, vega: ours.vega / 100 } });
    }
  });
  return { rows, leftOut };
}

/** One row each of so many contracts, by a seeded draw. */
function chosen(rows: readonly VendorRow[]): readonly VendorRow[] {
  const rng = seededRng(SEED);
  const left = [...rows];
  const found = new Map<string, VendorRow>();
  while (found.size < CONTRACTS && left.length > 0) {
    const [row] = left.splice(rng.int(0, left.length - 1), 1);
    if (row !== undefined && !found.has(row.occ)) found.set(row.occ, row);
  }
  return [...found.values()];
}

const offDelta = (rows: readonly VendorRow[]): readonly string[] =>
  rows
    .filter((r) => !(Math.abs(r.ours.delta - r.delta) <= DELTA_WITHIN))
    .map((r) => `${r.name}: ${String(r.ours.delta)} against ${String(r.delta)}`);

/** A vendor's vega of 0, rounded away, has no relative distance to anything: ours must then round to 0 as well. */
const offVega = (rows: readonly VendorRow[]): readonly string[] =>
  rows
    .filter((r) => (r.vega === 0 ? !(r.ours.vega < 0.000_005) : !(Math.abs(r.ours.vega / r.vega - 1) <= VEGA_WITHIN)))
    .map((r) => `${r.name}: ${String(r.ours.vega)} against ${String(r.vega)}`);

describe.skipIf(shared === undefined)("a vendor's greeks on recorded SPY chains of WSB_SHARED", () => {
  const { rows, leftOut } = shared === undefined ? { rows: [], leftOut: {} } : vendorRows();

  it('leave no row out, and one whose vega the vendor rounds to nothing', () => {
    expect(leftOut).toEqual({ 'no vendor volatility or greeks': 0, 'no Treasury rate': 0 });
    expect(rows).toHaveLength(5_040);
    expect(rows.filter((r) => r.vega === 0)).toHaveLength(1);
  });

  it(`meet ours on ${String(CONTRACTS)} contracts: delta within ${String(DELTA_WITHIN)}, vega within 2 %`, () => {
    const sample = chosen(rows);
    expect(sample).toHaveLength(CONTRACTS);
    expect(offDelta(sample)).toEqual([]);
    expect(offVega(sample)).toEqual([]);
  });

  it('meet ours on every row there is', () => {
    expect(offDelta(rows)).toEqual([]);
    expect(offVega(rows)).toEqual([]);
  });
});
