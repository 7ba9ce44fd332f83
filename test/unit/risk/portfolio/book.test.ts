import { describe, expect, it } from 'vitest';
import { symbol } from '../../../../src/domain/ids.ts';
import { grossOf, openRiskOf, worstFall, worstScenario } from '../../../../src/risk/portfolio/measures.ts';
import { gainsOf } from '../../../../src/risk/portfolio/revalue.ts';
import { gapJump, jumpsOf, namedScenarios, scenarios } from '../../../../src/risk/portfolio/scenarios.ts';
import { stakeRisk } from '../../../../src/risk/portfolio/stake.ts';
import { aaplCall, workedBetas, workedBook, workedLine, workedNames, workedPositions, xyzPut } from './worked-book.ts';

const book = workedBook();

/** The book's gain when the index and all volatilities jump. */
function gain(index: number, volatility: number): number {
  return workedPositions.reduce((sum, { instrument, qty }) => {
    const line = workedLine(instrument, qty);
    if (!line.known) throw new Error(line.why);
    const jumps = jumpsOf(workedBetas[instrument.underlying] ?? 1, [{ name: '', index, volatility }]);
    return sum + (gainsOf(line.value, jumps)[0] as number);
  }, 0);
}

describe('the worked book', () => {
  it('adds up to its printed totals', () => {
    expect(Math.round(book.total.dollarDelta)).toBe(50_961);
    expect(Math.round(book.total.betaDelta)).toBe(54_831);
    expect(Math.round(book.total.gamma1pct)).toBe(229);
    expect(book.total.vega).toBeCloseTo(30.1, 1);
    expect(book.total.theta).toBeCloseTo(-9.7, 1);
    expect(Math.round(grossOf(book))).toBe(50_961);
  });
  it.each([
    ['SPY', 34_370],
    ['XYZ', 2_762],
    ['AAPL', 13_828],
  ] as const)('has its net delta of %s', (name, delta) => {
    expect(Math.round(book.name(symbol(name)).dollarDelta)).toBe(delta);
  });
  it('keeps the strike behind a lone put and the width behind a spread', () => {
    expect(book.name(symbol('XYZ')).reserve).toBe(9_500);
    expect(book.name(symbol('SPY')).reserve).toBe(1_000);
    expect(book.name(symbol('AAPL')).reserve).toBe(0);
  });
  it.each([
    ['SPY shares', 'base', 4_500],
    ['the XYZ put', 'wheel', 2_819.9],
    ['the SPY spread', 'zdte', 856.33],
    ['the AAPL calls', 'swing', 863.5],
  ] as const)('has at risk: %s', (_name, owner, amount) => {
    const stake = book.stakes.find((s) => s.owner === owner);
    if (stake === undefined) throw new Error(owner);
    expect(stakeRisk(stake, stake.spot, workedNames.gap(stake.name))).toBeCloseTo(amount, 1);
  });
  it('has at risk in all the plain sum, while nothing is known of correlations', () => {
    expect(openRiskOf(book, workedNames)).toBeCloseTo(9_039.72, 2);
  });
  it.each([
    [-0.205, 1.5, -9_662],
    [-0.09, 0.256, -4_633],
    [-0.041, 1.156, -1_168],
    [-0.12, 0.43, -6_044],
    [-0.03, 0.65, -1_062],
    [-0.06, 0.51, -2_863],
    [-0.1, 0.5, -4_992],
    [0, -0.3, -255],
  ] as const)('gains in an index move of %d with volatility %d: %d', (index, volatility, expected) => {
    expect(Math.round(gain(index, volatility))).toBe(expected);
  });
  it('is fully revalued, and not by its sensitivities', () => {
    expect(gain(-0.03, 0)).toBeCloseTo(-1_626.1, 1);
    const linear = -0.03 * book.total.betaDelta;
    expect(linear).toBeCloseTo(-1_644.93, 2);
    const curved = book.names.reduce((sum, name) => sum + 50 * book.name(name).gamma1pct * (0.03 * (workedBetas[name] ?? 1)) ** 2, linear);
    expect(curved).toBeCloseTo(-1_619.3, 1);
  });
  it.each([
    ['XYZ', xyzPut, -1, 0.35, -2_791],
    ['AAPL', aaplCall, 2, 0.25, -841],
  ] as const)('loses in a fall of %s alone', (_name, instrument, qty, fall, expected) => {
    const line = workedLine(instrument, qty);
    if (!line.known) throw new Error(line.why);
    expect(Math.round(gainsOf(line.value, gapJump(fall, 0.5))[0] as number)).toBe(expected);
  });
  it('finds the worst scenario and the worst single name', () => {
    expect(scenarios).toHaveLength(52);
    expect(Math.round(book.inScenarios()[scenarios.findIndex((s) => s.name === '1987-10-19')] ?? 0)).toBe(-9_662);
    // The puts that were bought are worth less in a calm fall than in a frightened one.
    expect(worstScenario(book)).toEqual({ what: 'index -20%, volatility -30%', gain: gain(-0.2, -0.3) });
    expect(namedScenarios).toHaveLength(7);
    expect(worstFall(book, workedNames)?.what).toBe('XYZ');
    expect(Math.round(worstFall(book, workedNames)?.gain ?? 0)).toBe(-2_791);
  });
});

describe('the worked book on twenty past days', () => {
  const moves = [1.2, -0.4, 0.3, -2.1, 0.7, 0.1, -1.3, 0.9, -0.2, 0.5, -0.8, 1.1, -1.7, 0.4, 0.2, -0.6, 0.8, -0.1, 0.6, -1.0];
  it('has its three worst: -1,141, -925, -709', () => {
    const gains = moves.map((percent) => gain(percent / 100, 0)).sort((a, b) => a - b);
    expect(gains.slice(0, 3).map(Math.round)).toEqual([-1_141, -925, -709]);
  });
});
