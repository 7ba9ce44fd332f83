import { describe, expect, it } from 'vitest';
import { nearestRank, percentilesOf } from '../../../src/base/percentiles.ts';

describe('percentiles', () => {
  it('are figures that were observed, by nearest rank', () => {
    const figures = Array.from({ length: 100 }, (_, i) => 100 - i);
    expect(percentilesOf(figures)).toEqual({ n: 100, mean: 50.5, min: 1, p5: 5, p50: 50, p95: 95, p99: 99, max: 100 });
    expect(percentilesOf([7])).toEqual({ n: 1, mean: 7, min: 7, p5: 7, p50: 7, p95: 7, p99: 7, max: 7 });
    expect(percentilesOf([3, 1, 2])).toMatchObject({ min: 1, p5: 1, p50: 2, p95: 3, max: 3 });
  });
  it('hold for twenty figures, where 0.95 x 20 is no whole number in floats', () => {
    const figures = Array.from({ length: 20 }, (_, i) => i + 1);
    expect(nearestRank(figures, 0.95)).toBe(19);
    expect(nearestRank(figures, 0.05)).toBe(1);
  });
  it('of nothing are nothing', () => {
    expect(percentilesOf([])).toBeNull();
    expect(nearestRank([], 0.5)).toBeUndefined();
  });
});
