import { describe, expect, it } from 'vitest';
import { bsPrice } from '../../../../src/pricing/black-scholes.ts';
import { impliedForward, type ParityPair } from '../../../../src/pricing/volatility/forward.ts';

const terms = { spot: 100, years: 0.25, rate: 0.04, dividendYield: 0.02, sigma: 0.3 };
const pairs: readonly ParityPair[] = Array.from({ length: 17 }, (_, i) => {
  const strike = 80 + 2.5 * i;
  return { strike, call: bsPrice({ ...terms, right: 'call', strike }), put: bsPrice({ ...terms, right: 'put', strike }) };
});
const truth = 100 * Math.exp(0.02 * 0.25);

describe('impliedForward', () => {
  it('is the forward that priced the options', () => {
    const found = impliedForward(pairs, 100, 0.04, 0.25);
    expect(found).toMatchObject({ kind: 'forward', pairs: 9 });
    expect(found.kind === 'forward' && found.forward).toBeCloseTo(truth, 10);
  });

  it('bears four bad pairs of nine', () => {
    const bad = pairs.map((p) => ([97.5, 100, 102.5, 105].includes(p.strike) ? { ...p, call: p.call + 0.8 } : p));
    const found = impliedForward(bad, 100, 0.04, 0.25);
    expect(found.kind === 'forward' && found.forward).toBeCloseTo(truth, 10);
  });

  it('is the middle of two when the votes are even', () => {
    const two = pairs.filter((p) => p.strike === 100 || p.strike === 102.5);
    const found = impliedForward(
      two.map((p, i) => ({ ...p, call: p.call + 0.1 * i })),
      100,
      0,
      0,
    );
    const votes = two.map((p, i) => p.strike + p.call + 0.1 * i - p.put);
    expect(found.kind === 'forward' && found.forward).toBeCloseTo(((votes[0] ?? 0) + (votes[1] ?? 0)) / 2, 12);
  });

  it('refuses without a pair near the spot', () => {
    expect(impliedForward([], 100, 0.04, 0.25)).toEqual({ kind: 'refused', reason: 'no_pairs' });
    expect(impliedForward(pairs, 300, 0.04, 0.25)).toEqual({ kind: 'refused', reason: 'no_pairs' });
    expect(
      impliedForward(
        pairs.map((p) => ({ ...p, call: Number.NaN })),
        100,
        0.04,
        0.25,
      ),
    ).toEqual({ kind: 'refused', reason: 'no_pairs' });
    expect(impliedForward(pairs, Number.NaN, 0.04, 0.25)).toEqual({ kind: 'refused', reason: 'not_finite' });
  });
});
