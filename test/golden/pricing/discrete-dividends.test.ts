import { describe, expect, it } from 'vitest';
import { americanImpliedVolatility, americanPrice, europeanCashDerivatives } from '../../../src/pricing/american/american.ts';
import type { AmericanInput } from '../../../src/pricing/american/contract.ts';
import { type GoldenRow, goldenRows } from './table.ts';

const inputOf = (row: GoldenRow): AmericanInput => ({
  right: row.text('type') as 'call' | 'put',
  spot: row.number('S'),
  strike: row.number('K'),
  years: row.number('T'),
  rate: row.number('r'),
  dividendYield: 0,
  sigma: row.number('sigma'),
  dividends: row
    .text('dividends')
    .split(';')
    .map((pair) => pair.split(':').map(Number) as [number, number])
    .map(([day, amount]) => ({ years: day / 365, amount })),
});

function priceOf(row: GoldenRow): number {
  if (row.text('exercise') === 'european') {
    const priced = europeanCashDerivatives(inputOf(row));
    return priced.kind === 'priced' ? priced.derivatives.price : Number.NaN;
  }
  const priced = americanPrice(inputOf(row));
  return priced.kind === 'priced' ? priced.price : Number.NaN;
}

const american = (row: GoldenRow): boolean => row.text('exercise') === 'american';
const offBy = (rows: readonly GoldenRow[], allowed: (row: GoldenRow) => number): string[] =>
  rows.filter((row) => !(Math.abs(priceOf(row) - row.number('price')) <= allowed(row))).map((row) => row.id);

describe.skipIf(!process.env['WSB_SHARED'])('Options on a share that pays cash against discrete_dividends.csv of WSB_SHARED', () => {
  it('price every European option and American call within 3e-5 dollars', () => {
    const rows = goldenRows('discrete_dividends').filter((row) => !american(row) || row.text('type') === 'call');
    expect(rows.length).toBeGreaterThan(150);
    expect(offBy(rows, () => 3e-5)).toEqual([]);
  });

  it('price every American put within 1e-4 of a dollar, or of the price if that is more', () => {
    // The table's puts over a year with four dividends are low by up to 2.5e-4 dollars: exercise there is allowed only at the steps of the
    // grid behind it, an error of first order in the step that its extrapolation, of second order, does not remove.
    const rows = goldenRows('discrete_dividends').filter((row) => american(row) && row.text('type') === 'put');
    expect(rows.length).toBeGreaterThan(50);
    expect(offBy(rows, (row) => 1e-4 * Math.max(1, row.number('price')))).toEqual([]);
  });

  it('find a volatility that gives American prices back', () => {
    const rows = goldenRows('discrete_dividends').filter((row, i) => american(row) && row.number('price') > 1 && i % 7 === 0);
    const wrong = rows.filter((row) => {
      const input = inputOf(row);
      const price = priceOf(row);
      const solved = americanImpliedVolatility({ ...input, price });
      const again = solved.kind === 'solved' ? americanPrice({ ...input, sigma: solved.sigma }) : solved;
      return !(again.kind === 'priced' && Math.abs(again.price - price) < 1e-10);
    });
    expect(rows.length).toBeGreaterThan(8);
    expect(wrong.map((row) => row.id)).toEqual([]);
  });
});
