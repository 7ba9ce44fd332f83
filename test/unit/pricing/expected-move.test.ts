import { describe, expect, it } from 'vitest';
import { bsPrice } from '../../../src/pricing/black-scholes.ts';
import { expectedMove, moveFromStraddle } from '../../../src/pricing/expected-move.ts';

const straddle = { spot: 500, strike: 500, years: 7 / 365, rate: 0.04, dividendYield: 0, sigma: 0.2 };
const call = bsPrice({ ...straddle, right: 'call' });
const put = bsPrice({ ...straddle, right: 'put' });

describe('expectedMove', () => {
  it('of 20 % over a week on 500 is 13.848495, its straddle 11.049147', () => {
    expect(call).toBeCloseTo(5.716281, 6);
    expect(put).toBeCloseTo(5.332866, 6);
    const move = expectedMove(500, 0.2, 7 / 365);
    if (move.kind !== 'move') throw new Error(move.reason);
    expect(move.oneSd).toBeCloseTo(13.848495, 6);
    expect(move.meanAbsolute).toBeCloseTo(0.7979 * move.oneSd, 3);
    expect(Math.abs(move.meanAbsolute / (call + put) - 1)).toBeLessThan(1e-3);
  });

  it('from a straddle gives back the deviation, and 0.85 of it beside', () => {
    const move = moveFromStraddle(call + put);
    if (move.kind !== 'move') throw new Error(move.reason);
    expect(Math.abs(move.oneSd / 13.848495 - 1)).toBeLessThan(1e-3);
    expect(move.meanAbsolute).toBe(call + put);
    expect(move.popular).toBeCloseTo(9.391775, 6);
  });

  it('is nothing without time', () => {
    expect(expectedMove(500, 0.2, 0)).toEqual({ kind: 'move', oneSd: 0, meanAbsolute: 0, popular: 0 });
  });

  it('refuses what is no number or negative', () => {
    expect(expectedMove(500, Number.NaN, 1)).toEqual({ kind: 'refused', reason: 'not_finite' });
    expect(expectedMove(500, 0.2, -1)).toEqual({ kind: 'refused', reason: 'negative' });
    expect(moveFromStraddle(-1)).toEqual({ kind: 'refused', reason: 'negative' });
    expect(moveFromStraddle(Infinity)).toEqual({ kind: 'refused', reason: 'not_finite' });
  });
});
