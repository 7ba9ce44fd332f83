import { describe, expect, it } from 'vitest';
import { symbol } from '../../../../src/domain/ids.ts';
import { aggregateRisk, concentrationOf } from '../../../../src/risk/portfolio/concentration.ts';
import { clustersOf, correlation, meanOffDiagonal, shrunk } from '../../../../src/risk/portfolio/correlation.ts';
import { betaOf, filledMoves, historyOf, recentCorrelation } from '../../../../src/risk/portfolio/history.ts';
import { closesOf } from './still-market.ts';

const rho = [
  [1, 0.85, 0.1],
  [0.85, 1, 0.15],
  [0.1, 0.15, 1],
];

describe('a book of three strategies', () => {
  const found = concentrationOf([0.4, 0.3, 0.3], [1.2, 1, 0.6], rho);
  it('has its deviation, and who brings it', () => {
    expect(found.deviation).toBeCloseTo(0.7944, 4);
    expect(found.undiversified).toBeCloseTo(0.96, 10);
    expect(found.diversificationRatio).toBeCloseTo(1.2085, 4);
    expect(found.riskShares.map((s) => Math.round(s * 1_000) / 10)).toEqual([57.3, 34.9, 7.8]);
    expect(found.effectiveBets).toBeCloseTo(2.19, 2);
    expect((1.6448536269514722 * found.deviation * 100_000) / 100).toBeCloseTo(1_306.68, 1);
  });
  it('is as many bets as it has parts when they are alike and apart, and one when they are the same', () => {
    const apart = [
      [1, 0],
      [0, 1],
    ];
    expect(concentrationOf([0.5, 0.5], [1, 1], apart).effectiveBets).toBeCloseTo(2, 10);
    expect(concentrationOf([1], [1], [[1]])).toMatchObject({ effectiveBets: 1, diversificationRatio: 1 });
  });
});

describe('risks added up', () => {
  it('are their plain sum when all move as one, and less when they do not', () => {
    const one = rho.map((row) => row.map(() => 1));
    expect(aggregateRisk([4_500, 2_819.9, 856.33], one)).toBeCloseTo(8_176.23, 6);
    expect(aggregateRisk([3, 4], [[1, 0], [0, 1]])).toBeCloseTo(5, 10); // biome-ignore format: a matrix
    expect(aggregateRisk([], [])).toBe(0);
  });
  it('are no number when one is none', () => {
    expect(aggregateRisk([1, Number.NaN], [[1, 1], [1, 1]])).toBeNaN(); // biome-ignore format: a matrix
  });
});

describe('correlations', () => {
  it('are shrunk to the mean of what is off the diagonal', () => {
    expect(meanOffDiagonal(rho)).toBeCloseTo(1.1 / 3, 10);
    expect(shrunk(rho)[0]?.[1]).toBeCloseTo(0.8 * 0.85 + (0.2 * 1.1) / 3, 10);
    expect(shrunk(rho).map((row, i) => row[i])).toEqual([1, 1, 1]);
    expect(shrunk([[1]])).toEqual([[1]]);
  });
  it('are one of a thing with itself, minus one with its opposite, and none with what stands still', () => {
    expect(correlation([1, 2, 4], [1, 2, 4])).toBeCloseTo(1, 12);
    expect(correlation([1, 2, 4], [-1, -2, -4])).toBeCloseTo(-1, 12);
    expect(correlation([1, 2, 4], [5, 5, 5])).toBeNaN();
  });
  it('make clusters of all that are linked, through others as well', () => {
    const links = new Set(['ab', 'bc', 'de']);
    const linked = (a: string, b: string): boolean => links.has(a + b) || links.has(b + a);
    expect(clustersOf(['a', 'd', 'c', 'b', 'e', 'f'], linked)).toEqual([['a', 'c', 'b'], ['d', 'e'], ['f']]);
    expect(clustersOf([], linked)).toEqual([]);
  });
});

describe('daily moves', () => {
  const spy = symbol('SPY');
  const abc = symbol('ABC');
  const market = Array.from({ length: 80 }, (_, i) => 0.01 * Math.sin(i * 1.7));
  const moved = (of: number) => market.map((m, i) => of * m + 0.002 * Math.cos(i * 2.3));
  const history = (closes: Readonly<Record<string, readonly { day: never; close: number }[]>>) => historyOf(spy, (of) => closes[of] ?? []);
  const whole = closesOf(market) as never;

  it('give a beta over all common days, and none for fewer than sixty', () => {
    const twice = history({ SPY: whole, ABC: closesOf(market.map((m) => 2 * m)) as never });
    expect(betaOf(twice.moves(abc), twice.market)).toBeCloseTo(2, 10);
    expect(betaOf(twice.market, twice.market)).toBeCloseTo(1, 12);
    const late = (n: number) => history({ SPY: whole, ABC: closesOf(moved(2).slice(-n)) as never });
    expect(betaOf(late(60).moves(abc), late(60).market)).toBeCloseTo(2, 0);
    expect(betaOf(late(59).moves(abc), late(59).market)).toBeUndefined();
    expect(recentCorrelation(late(59).moves(abc), late(59).market)).toBeUndefined();
    expect(recentCorrelation(late(60).moves(abc), late(60).market)).toBeGreaterThan(0.9);
  });
  it('stand beside the market’s own days: a move over a missing day is none', () => {
    const closes = closesOf(market.map((m) => 2 * m));
    const holed = history({ SPY: whole, ABC: closes.filter((_, i) => i !== 10) as never });
    const moves = holed.moves(abc);
    expect(moves).toHaveLength(80);
    expect([moves[9], moves[10]]).toEqual([Number.NaN, Number.NaN]);
    expect(moves[11]).toBeCloseTo(2 * (market[11] as number), 12);
    expect(betaOf(moves, holed.market)).toBeCloseTo(2, 10);
  });
  it('go back no further than 250', () => {
    const long = Array.from({ length: 300 }, (_, i) => 0.01 * Math.sin(i));
    const { market: found } = history({ SPY: closesOf(long) as never });
    expect(found).toHaveLength(250);
    expect(found[0]).toBeCloseTo(long[50] as number, 12);
  });
  it('are the market’s times beta where a name has none, and never zero', () => {
    const filled = filledMoves(Float64Array.of(Number.NaN, 0.03), Float64Array.of(0.01, 0.02), 1.5);
    expect([...filled]).toEqual([0.015, 0.03]);
  });
  it('are none without the market', () => {
    const { market: none, moves } = history({ ABC: whole });
    expect([none.length, moves(abc).length]).toEqual([0, 0]);
    expect(betaOf(moves(abc), none)).toBeUndefined();
  });
});
