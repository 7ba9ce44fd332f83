// Strategies as one book: who brings the risk, and how many bets it is.
import { describe, expect, it } from 'vitest';
import { type Owner, strategyId } from '../../../../src/domain/ids.ts';
import { usd } from '../../../../src/domain/money.ts';
import { addDays, tradingDay } from '../../../../src/domain/time.ts';
import type { StrategyDay } from '../../../../src/risk/performance/strategy-daily.ts';
import { togetherOf } from '../../../../src/risk/performance/together.ts';

const first = tradingDay('2026-01-02');
const [one, two, three] = ['dip', 'mwk', 'wheel'].map(strategyId) as [Owner, Owner, Owner];
/** Days of an owner, its return a function of how many came before. */
const days = (owner: Owner, count: number, returnOn: (i: number) => number | null, from = 0): readonly StrategyDay[] =>
  Array.from({ length: count }, (_, i) => ({
    owner,
    day: addDays(first, from + i),
    sessions: 1,
    realized: usd(0),
    unrealizedChange: usd(0),
    income: usd(0),
    fees: usd(0),
    pnl: usd(0),
    exposureAvg: null,
    exposureMax: null,
    traded: usd(0),
    trades: 0,
    wins: 0,
    capital: usd(1),
    returnOnCap: returnOn(from + i),
  }));
const caps = new Map([
  [one, 0.5],
  [two, 0.5],
  [three, 0.5],
]);
/** Three returns that never vary together over 48 days: periods of two, four and eight. */
const wave = (period: number) => (i: number) => (i % period < period / 2 ? 0.01 : -0.01);

describe('strategies together', () => {
  it('that move alike are one bet', () => {
    const found = togetherOf([...days(one, 48, wave(2)), ...days(two, 48, wave(2))], caps);
    expect(found?.correlations).toEqual([
      [1, 1],
      [1, 1],
    ]);
    expect(found?.concentration.diversificationRatio).toBeCloseTo(1, 12);
    expect(found?.concentration.riskShares[0]).toBeCloseTo(0.5, 12);
  });
  it('that do not, weigh by what each may use', () => {
    const daily = [...days(one, 48, wave(2)), ...days(two, 48, wave(4)), ...days(three, 48, wave(8))];
    const even = togetherOf(daily, caps)?.concentration;
    expect(even?.effectiveBets).toBeCloseTo(3, 10);
    expect(even?.diversificationRatio).toBeCloseTo(Math.sqrt(3), 10);
    // Weights 3, 1, 1 without correlation: shares 9/11, 1/11, 1/11; 121/83 bets.
    const uneven = togetherOf(daily, new Map([...caps, [one, 1.5]]))?.concentration;
    expect(uneven?.riskShares.map((s) => s * 11)).toEqual([expect.closeTo(9, 9), expect.closeTo(1, 9), expect.closeTo(1, 9)]);
    expect(uneven?.effectiveBets).toBeCloseTo(121 / 83, 10);
  });
  it('are taken to move together where they have too few days in common, and that is said', () => {
    const found = togetherOf([...days(one, 48, wave(2)), ...days(two, 48, wave(4), 20)], caps);
    expect(found?.assumed).toEqual([[one, two]]);
    expect(found?.correlations[0]?.[1]).toBeCloseTo(0.8, 12);
  });
  it('are not known with fewer than forty days, without known returns, and where nothing moved', () => {
    expect(togetherOf([...days(one, 48, wave(2)), ...days(two, 39, wave(2))], caps)).toBeNull();
    expect(togetherOf([...days(one, 48, wave(2)), ...days(two, 48, () => null)], caps)).toBeNull();
    expect(togetherOf([...days(one, 48, wave(2)), ...days('EXTERNAL', 48, wave(2))], caps)).toBeNull();
    expect(togetherOf([...days(one, 48, () => 0), ...days(two, 48, () => 0)], caps)).toBeNull();
  });
});
