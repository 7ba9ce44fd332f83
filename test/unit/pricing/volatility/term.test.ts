import { describe, expect, it } from 'vitest';
import { constantMaturity } from '../../../../src/pricing/volatility/term.ts';

describe('constantMaturity', () => {
  it('of 34 % at 23 days and 30 % at 37 is 0.315932 at 30', () => {
    const found = constantMaturity({ days: 23, iv: 0.34 }, { days: 37, iv: 0.3 }, 30);
    expect(found).toMatchObject({ kind: 'volatility', fallingVariance: false });
    expect(found.kind === 'volatility' && found.iv).toBeCloseTo(0.315932, 6);
  });

  it('passes through its points and is flat where they are', () => {
    const [near, far] = [
      { days: 20, iv: 0.25 },
      { days: 50, iv: 0.35 },
    ];
    const at = (days: number): number => {
      const found = constantMaturity(near, far, days);
      return found.kind === 'volatility' ? found.iv : Number.NaN;
    };
    expect(at(20)).toBeCloseTo(0.25, 15);
    expect(at(50)).toBeCloseTo(0.35, 15);
    expect(constantMaturity(near, near, 30)).toEqual({ kind: 'volatility', iv: 0.25, fallingVariance: false });
  });

  it('says that variance falls, and is absent where it has run out', () => {
    const [near, far] = [
      { days: 20, iv: 0.6 },
      { days: 30, iv: 0.3 },
    ];
    expect(constantMaturity(near, far, 25)).toMatchObject({ kind: 'volatility', fallingVariance: true });
    expect(constantMaturity(near, far, 60)).toEqual({ kind: 'absent', reason: 'negative_variance' });
  });

  it('is absent for what is no term structure', () => {
    expect(constantMaturity({ days: 20, iv: 0 }, { days: 30, iv: 0.3 }, 25)).toEqual({ kind: 'absent', reason: 'not_positive' });
    expect(constantMaturity({ days: 20, iv: 0.3 }, { days: 30, iv: Number.NaN }, 25)).toEqual({ kind: 'absent', reason: 'not_positive' });
    expect(constantMaturity({ days: 40, iv: 0.3 }, { days: 30, iv: 0.3 }, 25)).toEqual({ kind: 'absent', reason: 'out_of_order' });
  });
});
