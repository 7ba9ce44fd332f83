import { describe, expect, it } from 'vitest';
import {
  americanDerivatives,
  americanImpliedVolatility,
  americanPrice,
  exerciseBoundary,
  exerciseVerdict,
  type SchemeName,
} from '../../../src/pricing/american/american.ts';
import type { BsInput, Derivatives } from '../../../src/pricing/black-scholes.ts';
import { type GoldenRow, goldenRows } from './table.ts';

const inputOf = (row: GoldenRow): BsInput => ({
  right: row.text('type') as 'call' | 'put',
  spot: row.number('S'),
  strike: row.number('K'),
  years: row.number('T'),
  rate: row.number('r'),
  dividendYield: row.number('q'),
  sigma: row.number('sigma'),
});

function priceOf(row: GoldenRow, scheme: SchemeName): number {
  const priced = americanPrice(inputOf(row), scheme);
  return priced.kind === 'priced' ? priced.price : Number.NaN;
}

function derivativesOf(row: GoldenRow): Derivatives {
  const priced = americanDerivatives(inputOf(row));
  if (priced.kind !== 'priced') throw new Error(`${row.id} ${priced.reason}`);
  return priced.derivatives;
}

/** The ids of the rows whose figure is off by more than allowed; a figure that is no number is off too. */
const offBy = (rows: readonly GoldenRow[], error: (row: GoldenRow) => number, allowed: (row: GoldenRow) => number): string[] =>
  rows.filter((row) => !(error(row) <= allowed(row))).map((row) => row.id);

const d1 = ({ spot, strike, years, rate, dividendYield, sigma }: BsInput): number =>
  (Math.log(spot / strike) + (rate - dividendYield + (sigma * sigma) / 2) * years) / (sigma * Math.sqrt(years));

/** The table's vega is a five-point difference of prices, of this step relative to sigma. */
const STENCIL = 0.01;

/** That difference, of the prices here. */
function stencilVega(row: GoldenRow): number {
  const step = STENCIL * row.number('sigma');
  const price = (k: number): number => {
    const input = inputOf(row);
    const priced = americanPrice({ ...input, sigma: input.sigma + k * step }, 'accurate');
    return priced.kind === 'priced' ? priced.price : Number.NaN;
  };
  return (8 * (price(1) - price(-1)) - (price(2) - price(-2))) / (12 * step);
}

/** Within 1 % of the boundary the steps in sigma cross it, and the difference is no derivative. Beyond it the table has 0. */
function nearBoundary(row: GoldenRow): boolean {
  if (row.text('exercise_now') === '1') return false;
  const boundary = exerciseBoundary(inputOf(row));
  return boundary.kind === 'boundary' && Math.abs(row.number('S') / boundary.spot - 1) < 0.01;
}

describe.skipIf(!process.env['WSB_SHARED'])('American options against american.csv of WSB_SHARED', () => {
  const strike = (row: GoldenRow): number => row.number('K');

  it('price every row within 1e-8 of the strike by the accurate scheme', () => {
    const rows = goldenRows('american');
    expect(rows.length).toBeGreaterThan(700);
    expect(
      offBy(
        rows,
        (row) => Math.abs(priceOf(row, 'accurate') - row.number('price')),
        (row) => 1e-8 * strike(row),
      ),
    ).toEqual([]);
  });

  it('price every row within 2e-6 of the strike by the fast scheme, half of them within 1e-9', () => {
    const rows = goldenRows('american');
    const error = (row: GoldenRow): number => Math.abs(priceOf(row, 'fast') - row.number('price'));
    expect(offBy(rows, error, (row) => 2e-6 * strike(row))).toEqual([]);
    expect(offBy(rows, error, (row) => 1e-9 * strike(row)).length).toBeLessThan(rows.length / 2);
  });

  it('price every row within 1 % of the strike by the screen', () => {
    expect(
      offBy(
        goldenRows('american'),
        (row) => Math.abs(priceOf(row, 'screen') - row.number('price')),
        (row) => 0.01 * strike(row),
      ),
    ).toEqual([]);
  });

  it('have delta within 1e-6, gamma and vega within 1e-5 relative, where |d1| < 3 and the table has them', () => {
    const rows = goldenRows('american').filter((row) => Math.abs(d1(inputOf(row))) < 3);
    const all = new Map(rows.map((row) => [row.id, derivativesOf(row)]));
    const worse = (name: 'delta' | 'gamma' | 'vega', error: (row: GoldenRow) => number, allowed: (row: GoldenRow) => number): string[] =>
      offBy(
        rows.filter((row) => row.text(name) !== ''),
        error,
        allowed,
      );
    const apart = (name: 'delta' | 'gamma' | 'vega') => (row: GoldenRow) =>
      Math.abs((all.get(row.id)?.[name] ?? Number.NaN) - row.number(name));
    const relative = (name: 'gamma' | 'vega') => (row: GoldenRow) => 1e-5 * Math.abs(row.number(name));
    expect(rows.length).toBeGreaterThan(600);
    expect(worse('delta', apart('delta'), () => 1e-6)).toEqual([]);
    expect(worse('gamma', apart('gamma'), relative('gamma'))).toEqual([]);
    // The table's prices differ by err_scheme between two methods: so much of its vega is noise.
    const noise = (row: GoldenRow): number => row.number('err_scheme') / (STENCIL * row.number('sigma')) + 1e-9 * strike(row);
    const vegaError = (row: GoldenRow): number =>
      nearBoundary(row) ? Math.abs(stencilVega(row) - row.number('vega')) : apart('vega')(row);
    expect(worse('vega', vegaError, (row) => relative('vega')(row) + noise(row))).toEqual([]);
  });

  it('say when to exercise at once, by verdict and by boundary', () => {
    const rows = goldenRows('american').filter((row) => row.text('exercise_now') !== '');
    const beyond = (row: GoldenRow): boolean => {
      const input = inputOf(row);
      const boundary = exerciseBoundary(input);
      if (boundary.kind !== 'boundary') return false;
      return input.right === 'call' ? input.spot >= boundary.spot : input.spot <= boundary.spot;
    };
    const now = (row: GoldenRow): boolean => row.text('exercise_now') === '1';
    expect(rows.filter((row) => now(row) !== (exerciseVerdict(inputOf(row)).kind === 'exercise')).map((row) => row.id)).toEqual([]);
    expect(rows.filter((row) => now(row) !== beyond(row)).map((row) => row.id)).toEqual([]);
  });

  it('find the volatility of every row whose price carries it', () => {
    const rows = goldenRows('american').filter((row) => row.number('vega') > 1e-3 * strike(row));
    const error = (row: GoldenRow): number => {
      const solved = americanImpliedVolatility({ ...inputOf(row), price: row.number('price') });
      return solved.kind === 'solved' ? Math.abs(solved.sigma - row.number('sigma')) : Number.NaN;
    };
    expect(rows.length).toBeGreaterThan(500);
    expect(offBy(rows, error, (row) => (2e-8 * strike(row)) / row.number('vega') + 1e-10)).toEqual([]);
  });
});
