import { describe, expect, it } from 'vitest';
import { outOfTheMoneySmile, type Smile, smileThrough } from '../../../../src/pricing/volatility/smile.ts';

function sigmaAt(smile: Smile): (level: number) => number {
  if (smile.kind !== 'smile') throw new Error(smile.reason);
  return smile.sigmaAt;
}

describe('a smile', () => {
  it('is straight between strikes, exact on them and flat beyond the outermost', () => {
    const at = sigmaAt(
      smileThrough([
        { strike: 110, sigma: 0.2 },
        { strike: 90, sigma: 0.3 },
        { strike: 100, sigma: 0.25 },
      ]),
    );
    expect([90, 100, 110].map(at)).toEqual([0.3, 0.25, 0.2]);
    expect(at(92.5)).toBeCloseTo(0.2875, 15);
    expect(at(107.5)).toBeCloseTo(0.2125, 15);
    expect([0, 50, 110.01, 1000].map(at)).toEqual([0.3, 0.3, 0.2, 0.2]);
  });

  it('of one strike is flat', () => {
    expect(sigmaAt(smileThrough([{ strike: 100, sigma: 0.25 }]))(250)).toBe(0.25);
  });

  it('takes puts at or below the forward and calls above', () => {
    const quoted = [
      { right: 'put' as const, strike: 100, sigma: 0.25 },
      { right: 'call' as const, strike: 100, sigma: 0.9 },
      { right: 'put' as const, strike: 101, sigma: 0.9 },
      { right: 'call' as const, strike: 101, sigma: 0.24 },
    ];
    expect(outOfTheMoneySmile(quoted, 100)).toMatchObject({
      points: [
        { strike: 100, sigma: 0.25 },
        { strike: 101, sigma: 0.24 },
      ],
    });
  });

  it('refuses what is none', () => {
    expect(smileThrough([])).toEqual({ kind: 'refused', reason: 'no_strikes' });
    expect(smileThrough([{ strike: 100, sigma: 0 }])).toEqual({ kind: 'refused', reason: 'not_positive' });
    expect(smileThrough([{ strike: Number.NaN, sigma: 0.2 }])).toEqual({ kind: 'refused', reason: 'not_positive' });
    expect(
      smileThrough([
        { strike: 100, sigma: 0.2 },
        { strike: 100, sigma: 0.3 },
      ]),
    ).toEqual({ kind: 'refused', reason: 'strike_twice' });
  });
});
