import { describe, expect, it } from 'vitest';
import { percentileWithin, rankWithin } from '../../../../src/pricing/volatility/rank.ts';

describe('rank and percentile', () => {
  it.each([
    [[0.22, 0.25, 0.21, 0.3, 0.28, 0.35, 0.4, 0.33, 0.27, 0.24], 0.31, 0.526316, 0.7],
    [[0.2, 0.22, 0.25, 0.3, 0.28, 0.24, 0.35, 0.27, 0.26, 0.23], 0.29, 0.6, 0.8],
  ])('are two different things', (history, today, rank, percentile) => {
    const [ranked, counted] = [rankWithin(history, today), percentileWithin(history, today)];
    expect(ranked.kind === 'standing' && ranked.share).toBeCloseTo(rank, 6);
    expect(counted).toEqual({ kind: 'standing', share: percentile });
  });

  it('rank stays within its ends, percentile counts only what lies strictly below', () => {
    expect(rankWithin([0.2, 0.3], 0.5)).toEqual({ kind: 'standing', share: 1 });
    expect(rankWithin([0.2, 0.3], 0.1)).toEqual({ kind: 'standing', share: 0 });
    expect(percentileWithin([0.2, 0.3, 0.3, 0.4], 0.3)).toEqual({ kind: 'standing', share: 0.25 });
  });

  it('bear a history of any length', () => {
    const long = Array.from({ length: 300_000 }, (_, i) => i);
    expect(rankWithin(long, 150_000)).toMatchObject({ kind: 'standing' });
  });

  it('are absent without a history, a range or a number', () => {
    expect(rankWithin([], 0.2)).toEqual({ kind: 'absent', reason: 'no_history' });
    expect(percentileWithin([], 0.2)).toEqual({ kind: 'absent', reason: 'no_history' });
    expect(rankWithin([0.2, 0.2], 0.2)).toEqual({ kind: 'absent', reason: 'no_range' });
    expect(rankWithin([0.2, 0.3], Number.NaN)).toEqual({ kind: 'absent', reason: 'not_finite' });
    expect(percentileWithin([0.2, Infinity], 0.2)).toEqual({ kind: 'absent', reason: 'not_finite' });
  });
});
