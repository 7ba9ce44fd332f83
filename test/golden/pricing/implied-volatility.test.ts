import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { forwardIntrinsicValue, type ImpliedVolatilityInput, impliedVolatility } from '../../../src/pricing/implied-volatility.ts';

const shared = process.env['WSB_SHARED'];

interface Row {
  readonly id: string;
  readonly input: ImpliedVolatilityInput;
  readonly answer: string;
  readonly cond: number;
}

function table(name: string): readonly Row[] {
  const lines = readFileSync(join(shared as string, 'golden', name), 'utf8')
    .trim()
    .split('\n')
    .slice(1);
  return lines.map((line) => {
    const [id, , right, spot, strike, years, rate, dividendYield, price, answer, cond] = line.split(',') as [string, ...string[]];
    const input = {
      right: right as 'call' | 'put',
      spot: Number(spot),
      strike: Number(strike),
      years: Number(years),
      rate: Number(rate),
      dividendYield: Number(dividendYield),
      price: Number(price),
    };
    return { id, input, answer: answer as string, cond: Number(cond) };
  });
}

describe.skipIf(!shared)('implied volatility against the golden tables of WSB_SHARED', () => {
  it('solves every row of implied_vol.csv to four last bits times its condition', () => {
    const rows = table('implied_vol.csv');
    const wrong = rows.filter(({ input, answer, cond }) => {
      const solved = impliedVolatility(input);
      const sigma = Number(answer);
      return !(solved.kind === 'solved' && Math.abs(solved.sigma - sigma) <= sigma * 4 * Number.EPSILON * Math.max(1, cond));
    });
    expect(rows.length).toBeGreaterThan(2000);
    expect(wrong.map((row) => row.id)).toEqual([]);
  });

  it('refuses every row of implied_vol_invalid.csv for its reason', () => {
    // The table calls a price of 0 out of the money at_intrinsic among the prices in cents and zero elsewhere; here it is always zero.
    const expected = ({ input, answer }: Row): string => (input.price === 0 && forwardIntrinsicValue(input) === 0 ? 'zero' : answer);
    const rows = table('implied_vol_invalid.csv');
    const reason = ({ input }: Row): string => {
      const solved = impliedVolatility(input);
      return solved.kind === 'solved' ? solved.kind : solved.reason;
    };
    expect(rows.length).toBeGreaterThan(40);
    expect(rows.map((row) => `${row.id} ${reason(row)}`)).toEqual(rows.map((row) => `${row.id} ${expected(row)}`));
  });
});
