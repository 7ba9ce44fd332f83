import { describe, expect, it } from 'vitest';
import { eventVariance, jumpDeviation, meanAbsoluteJump } from '../../../../src/pricing/volatility/event.ts';

const point = (days: number, sigma: number) => ({ years: days / 365, sigma });

describe('the variance of an event', () => {
  it('is what the nearer expiry holds beyond the base', () => {
    const found = eventVariance(point(3, 0.769702), point(31, 0.357975));
    expect(found).toMatchObject({ kind: 'event' });
    if (found.kind === 'event') expect(found.expectedMove).toBeCloseTo(0.7978845608 * found.deviation, 10);
  });
  it.each([
    ['no time to the nearer', point(0, 0.5), point(31, 0.3), 'not_positive'],
    ['a volatility that is no number', point(3, Number.NaN), point(31, 0.3), 'not_positive'],
    ['an endless volatility', point(3, 0.5), point(31, Number.POSITIVE_INFINITY), 'not_positive'],
    ['expiries the wrong way round', point(31, 0.3), point(3, 0.5), 'out_of_order'],
    ['one expiry twice', point(3, 0.5), point(3, 0.4), 'out_of_order'],
    ['a later expiry with less total variance', point(3, 0.8), point(31, 0.2), 'base_not_positive'],
    ['a nearer expiry that holds no more than the base', point(3, 0.2), point(31, 0.3), 'event_not_positive'],
  ])('%s: refused', (_what, near, far, reason) => expect(eventVariance(near, far)).toEqual({ kind: 'refused', reason }));
  it('turns a mean absolute move into its deviation and back', () => {
    expect(meanAbsoluteJump(jumpDeviation(0.041))).toBeCloseTo(0.041, 15);
  });
});
