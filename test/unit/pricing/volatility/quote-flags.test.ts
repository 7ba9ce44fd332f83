import { describe, expect, it } from 'vitest';
import { bsPrice } from '../../../../src/pricing/black-scholes.ts';
import { flagQuotes } from '../../../../src/pricing/volatility/quote-flags.ts';
import type { ExpiryTerms, OptionQuote, QuoteFault } from '../../../../src/pricing/volatility/quote-terms.ts';
import { type Svi, sviVariance } from '../../../../src/pricing/volatility/svi.ts';

const terms: ExpiryTerms = { style: 'european', spot: 100, years: 30 / 365, rate: 0.04, dividendYield: 0.01, slack: 0.01, rateSlack: 0 };
const smile: Svi = { a: 0.001, b: 0.03, rho: -0.5, m: 0.01, sigma: 0.08 };
const forward = 100 * Math.exp((0.03 * 30) / 365);

/** A chain of strikes 70 to 130 by 2.5, calls then puts, quoted two cents and 1 % wide about the smile's prices, in whole cents. */
const chain: readonly OptionQuote[] = (['call', 'put'] as const).flatMap((right) =>
  Array.from({ length: 25 }, (_, i) => {
    const strike = 70 + 2.5 * i;
    const sigma = Math.sqrt(sviVariance(smile, Math.log(strike / forward)) / terms.years);
    const price = bsPrice({ ...terms, right, strike, sigma });
    const half = 0.02 + 0.005 * price;
    return { right, strike, bid: Math.max(0, Math.floor(100 * (price - half)) / 100), ask: Math.ceil(100 * (price + half)) / 100 };
  }),
);
const at = (right: 'call' | 'put', strike: number): number => chain.findIndex((q) => q.right === right && q.strike === strike);

/** Changes that leave no put under what exercise pays at once. */
const exercisable = chain.flatMap(({ right, strike, bid, ask }, i) => {
  const lift = Math.max(0, strike - 100 - (bid + ask) / 2);
  return right === 'put' && lift > 0 ? [[i, { bid: bid + lift, ask: ask + lift }] as const] : [];
});

/** Faults by option, once the given quotes are changed. */
function faults(
  changes: readonly (readonly [number, Partial<OptionQuote>])[],
  of: ExpiryTerms = terms,
): Readonly<Record<string, QuoteFault>> {
  const changed = chain.map((q, i) => ({ ...q, ...changes.find(([index]) => index === i)?.[1] }));
  const judged = flagQuotes(changed, of);
  if (judged.kind !== 'judged') throw new Error(judged.reason);
  return Object.fromEntries(
    judged.verdicts.flatMap(({ fault }, i) =>
      fault === undefined ? [] : [[`${chain[i]?.right ?? ''} ${String(chain[i]?.strike)}`, fault]],
    ),
  );
}

describe('flagQuotes', () => {
  it('finds nothing wrong with a sound chain, of puts that may be exercised early either', () => {
    expect(faults([])).toEqual({});
    expect(faults(exercisable, { ...terms, style: 'american' })).toEqual({});
  });

  it('finds puts under what exercise pays at once', () => {
    expect(new Set(Object.values(faults([], { ...terms, style: 'american' })))).toEqual(new Set(['below_bound']));
  });

  it.each<[string, number, Partial<OptionQuote>, QuoteFault]>([
    ['a price that is none', at('call', 100), { bid: Number.NaN }, 'not_a_price'],
    ['a negative price', at('put', 100), { bid: -0.01 }, 'not_a_price'],
    ['a strike that is none', at('put', 90), { strike: 0 }, 'not_a_price'],
    ['an empty quote', at('put', 90), { bid: 0, ask: 0 }, 'no_quote'],
    ['a crossed quote', at('call', 100), { bid: 2.9, ask: 2.8 }, 'crossed'],
    ['a locked quote', at('call', 100), { bid: 2.8, ask: 2.8 }, 'crossed'],
    ['a call under its forward value', at('call', 80), { bid: 18, ask: 19 }, 'below_bound'],
    ['a put under its forward value', at('put', 125), { bid: 23, ask: 24 }, 'below_bound'],
    ['a call dearer than the share', at('call', 70), { bid: 101, ask: 103 }, 'above_bound'],
    ['a put dearer than its strike', at('put', 70), { bid: 71, ask: 73 }, 'above_bound'],
    ['a call dearer than those of lower strikes', at('call', 110), { bid: 6, ask: 6.2 }, 'not_monotone'],
    ['a put dearer than those of higher strikes', at('put', 90), { bid: 5, ask: 5.2 }, 'not_monotone'],
    ['a stale quote of a week ago', at('put', 97.5), { bid: 3.4, ask: 3.45 }, 'not_monotone'],
  ])('finds %s and nothing else', (_, index, change, fault) => {
    const { right, strike } = chain[index] as OptionQuote;
    expect(faults([[index, change]])).toEqual({ [`${right} ${String(strike)}`]: fault });
  });

  it('finds a strike that bulges between its neighbours', () => {
    const q = chain[at('call', 105)] as OptionQuote;
    expect(faults([[at('call', 105), { bid: q.bid + 0.55, ask: q.ask + 0.55 }]])).toEqual({ 'call 105': 'not_convex' });
  });

  it('finds a strike off the smile that contradicts no other', () => {
    const q = chain[at('call', 105)] as OptionQuote;
    const raised = { bid: q.bid + 0.2, ask: q.ask + 0.2 };
    expect(
      faults([
        [at('call', 105), raised],
        [at('put', 105), { bid: 0, ask: 0 }],
      ]),
    ).toEqual({ 'call 105': 'off_smile', 'put 105': 'no_quote' });
  });

  it('finds the one of two that breaks parity, and lets the other be', () => {
    const [put, call] = [chain[at('put', 105)] as OptionQuote, chain[at('call', 97.5)] as OptionQuote];
    expect(faults([[at('put', 105), { bid: put.bid - 0.5, ask: put.ask - 0.3 }]])).toEqual({ 'put 105': 'off_parity' });
    expect(faults([[at('call', 97.5), { bid: call.bid + 0.15, ask: call.ask + 0.15 }]])).toEqual({ 'call 97.5': 'off_parity' });
  });

  it('believes those near the money against a greater number far out that agree with each other', () => {
    const frozen = Array.from({ length: 40 }, (_, i) => ({ right: 'call' as const, strike: 1500 + 50 * i, bid: 80 - i, ask: 81 - i }));
    const judged = flagQuotes([...chain, ...frozen], terms);
    if (judged.kind !== 'judged') throw new Error(judged.reason);
    const found = judged.verdicts.map(({ fault }) => fault);
    expect(found.slice(0, chain.length)).toEqual(chain.map(() => undefined));
    expect(new Set(found.slice(chain.length))).toEqual(new Set(['not_monotone']));
  });

  it('finds many faults at once, ghosts that agree with each other among them', () => {
    // Strikes of before a split, frozen at the prices of a share of 1,000.
    const ghosts: readonly OptionQuote[] = [300, 500, 700, 800, 900, 1000, 1100, 1200, 1300, 1400, 1600, 1800, 2000, 2200].flatMap(
      (strike) =>
        (['call', 'put'] as const).map((right) => {
          const price = bsPrice({ right, spot: 1000, strike, years: 0.5, rate: 0.04, dividendYield: 0, sigma: 0.6 });
          return { right, strike, bid: 0.98 * price, ask: 1.02 * price + 0.05 };
        }),
    );
    const sound = chain.map((q, i) => ({ ...q, ...exercisable.find(([index]) => index === i)?.[1] }));
    const judged = flagQuotes([...sound, ...ghosts], { ...terms, style: 'american' });
    if (judged.kind !== 'judged') throw new Error(judged.reason);
    expect(judged.verdicts.slice(0, chain.length).map(({ fault }) => fault)).toEqual(chain.map(() => undefined));
    const missed = ghosts.filter((_, i) => judged.verdicts[chain.length + i]?.fault === undefined);
    expect(missed).toEqual([]);
  });

  it('keeps the static judgement when there are too few strikes to fit', () => {
    const few = chain.filter(({ strike }) => strike >= 97.5 && strike <= 102.5).map((q, i) => (i === 1 ? { ...q, bid: q.ask + 1 } : q));
    const judged = flagQuotes(few, terms);
    if (judged.kind !== 'judged') throw new Error(judged.reason);
    expect(judged.fit).toMatchObject({ kind: 'refused', reason: 'too_few_strikes' });
    expect(judged.verdicts.map(({ fault }) => fault)).toEqual([undefined, 'crossed', undefined, undefined, undefined, undefined]);
    expect(judged.verdicts.every(({ distance }) => distance === undefined)).toBe(true);
  });

  it('measures how far a quote lies from the smile in half spreads and tolerance', () => {
    const q = chain[at('put', 75)] as OptionQuote;
    const shifted = chain.map((c, i) => (i === at('put', 75) ? { ...c, bid: q.bid + 0.5, ask: q.ask + 0.5 } : c));
    const [near, far] = [flagQuotes(chain, terms), flagQuotes(shifted, terms)];
    if (near.kind !== 'judged' || far.kind !== 'judged') throw new Error('refused');
    expect(near.verdicts[at('put', 75)]?.distance).toBe(0);
    expect(far.verdicts[at('put', 75)]?.distance).toBeGreaterThan(5);
  });

  it.each([
    ['not_finite', { rate: Number.NaN }],
    ['not_finite', { slack: Infinity }],
    ['spot_not_positive', { spot: 0 }],
    ['expired', { years: 0 }],
  ])('refuses terms that are %s', (reason, change) => {
    expect(flagQuotes(chain, { ...terms, ...change })).toEqual({ kind: 'refused', reason });
  });
});
