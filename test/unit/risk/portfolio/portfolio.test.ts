import { describe, expect, it } from 'vitest';
import { strategyId, symbol } from '../../../../src/domain/ids.ts';
import { equity, parseOcc } from '../../../../src/domain/instrument.ts';
import { leg, legs } from '../../../../src/domain/legs.ts';
import { netQty, qty, usd } from '../../../../src/domain/money.ts';
import { isAmbiguous, type OrderState } from '../../../../src/domain/order.ts';
import type { Position } from '../../../../src/domain/position.ts';
import { absent, known } from '../../../../src/domain/reasons.ts';
import { epochMs } from '../../../../src/domain/time.ts';
import { riskReading } from '../../../../src/risk/portfolio/figures.ts';
import { clusters, dayRiskOf, openRiskOf, sectorWeight } from '../../../../src/risk/portfolio/measures.ts';
import { portfolioOf, type RiskMarket } from '../../../../src/risk/portfolio/portfolio.ts';
import { thinTail } from '../../../../src/risk/portfolio/value-at-risk.ts';
import { orderOf } from '../../domain/orders.ts';
import { closesOf, stillMarket, terms, today } from './still-market.ts';
import { workedPositions, workedSigmas, workedSpots, xyzPut } from './worked-book.ts';

const spy = symbol('SPY');
const [abc, def] = [symbol('ABC'), symbol('DEF')];
const position = (of: string, n: number, owner: Position['owner'] = strategyId('base')): Position => ({
  owner,
  instrument: parseOcc(of) ?? equity(symbol(of)),
  qty: netQty(n),
  cost: usd(0),
  openedDay: today,
});
const market = stillMarket({ spots: { ...workedSpots, DEF: 50 }, sigmas: workedSigmas });
const built = (positions: readonly Position[], live: Parameters<typeof portfolioOf>[1] = [], of: RiskMarket = market, over = {}) => {
  const portfolio = portfolioOf(positions, live, of, terms(over));
  if (!portfolio.known) throw new Error(portfolio.why);
  return portfolio.value;
};
const shares = (n: number, filled: number, state: OrderState) =>
  orderOf({
    strategy: strategyId('base'),
    legs: legs(leg(equity(abc), 'buy', 'open')),
    qty: qty(n),
    cumQty: filled,
    state,
  });
const wave = (a: number, b: number, days = 120) =>
  Array.from({ length: days }, (_, i) => 0.01 * (a * Math.sin(i * 1.7) + b * Math.cos(i * 2.9)));

describe('the book', () => {
  it('counts every owner, nobody’s holdings included', () => {
    const { books } = built([position('ABC', 10), position('ABC', 5, 'EXTERNAL'), position('ABC', -2, strategyId('dip'))]);
    expect(books[0].name(abc).shareValue).toBe(13 * 180);
    expect(books[0].stakes.map((s) => s.owner)).toEqual(['base', 'EXTERNAL', 'dip']);
  });
  it.each(['recorded', 'submitting', 'unknown', 'absent_watch', 'quarantined', 'working', 'canceling'] as const)(
    'counts what is open of an order that is %s, as filled and as not',
    (state) => {
      const { books } = built([position('ABC', 10)], [shares(8, 3, state)]);
      expect(books.map((b) => b?.name(abc).shareValue)).toEqual([1_800, 15 * 180]);
      expect(isAmbiguous(state) || ['recorded', 'working', 'canceling'].includes(state)).toBe(true);
    },
  );
  it('frees nothing for an exit before it fills', () => {
    const exit = orderOf({ strategy: strategyId('base'), legs: legs(leg(equity(abc), 'sell', 'close')), qty: qty(10), state: 'working' });
    expect(built([position('ABC', 10)], [exit]).books).toHaveLength(1);
  });
  it('takes a roll whole, since it trades whole', () => {
    const later = parseOcc('XYZ260515P00095000');
    if (later === undefined) throw new Error('no option');
    const roll = orderOf({
      strategy: strategyId('wheel'),
      legs: legs(leg(xyzPut, 'buy', 'close'), leg(later, 'sell', 'open')),
      qty: qty(1),
      state: 'working',
    });
    const of = stillMarket({ spots: workedSpots, sigma: 0.35 });
    const { books } = built([{ ...position('XYZ', 0), owner: strategyId('wheel'), instrument: xyzPut, qty: netQty(-1) }], [roll], of);
    expect(books[1]?.stakes[0]?.options.map((o) => o.weight)).toEqual([-1, 1, -1]);
  });
  it('is absent, with the name and the reason, when one holding has no price', () => {
    const found = portfolioOf([position('ABC', 1), position('GONE', 1)], [], market, terms());
    expect(found).toEqual(absent('BOOK_UNVALUED', 'the book cannot be valued: GONE: no quote'));
  });
  it('is absent when a working order has none', () => {
    const gone = orderOf({ legs: legs(leg(equity(symbol('GONE')), 'buy', 'open')), state: 'unknown' });
    expect(portfolioOf([], [gone], market, terms()).known).toBe(false);
  });
  it('is absent, and no number, where the market gives none', () => {
    const nan = { ...market, spot: () => known({ value: Number.NaN, standIn: null }) };
    expect(portfolioOf([position('ABC', 1)], [], nan, terms())).toMatchObject({ known: false, code: 'BOOK_UNVALUED' });
    const wild = { ...market, volatility: () => known({ value: Number.NaN, standIn: null }) };
    expect(portfolioOf(workedPositions, [], wild, terms())).toMatchObject({ known: false, code: 'BOOK_UNVALUED' });
  });
  it('values what has expired without asking for its volatility', () => {
    const of = { ...stillMarket({ spots: { ABC: 180 } }), years: () => 0 };
    expect(built([position('ABC260309P00190000', -1)], [], of).books[0].total).toMatchObject({ value: -1_000, dollarDelta: 18_000 });
  });
  it('of nothing is empty', () => {
    const { books, standIns } = built([], [], stillMarket({ spots: {} }));
    expect(books[0].total).toEqual({ value: 0, dollarDelta: 0, betaDelta: 0, gamma1pct: 0, vega: 0, theta: 0 });
    expect(standIns).toEqual([]);
  });
});

describe('what stands in for what is not known', () => {
  it('is told: betas, the market’s history, and last marks', () => {
    const held = { ...market, spot: () => known({ value: 100, standIn: 'price:ABC' }) };
    expect(built([position('ABC', 1)], [], held).standIns).toEqual(['beta:ABC', 'history:SPY', 'price:ABC']);
  });
  it('a beta is 1 for the market itself, and assumed high for what has no history', () => {
    const { names } = built([]);
    expect([names.beta(spy), names.beta(symbol('QQQ')), names.beta(abc)]).toEqual([1, 1.2, 1.5]);
  });
  it('a beta is measured from sixty daily returns on, a fund’s like a share’s', () => {
    const of = stillMarket({
      spots: workedSpots,
      closes: { SPY: closesOf(wave(1, 0)), QQQ: closesOf(wave(1.3, 0)), ABC: closesOf(wave(0.5, 0, 60).slice(-59)) },
    });
    const { names } = built([], [], of);
    expect(names.beta(symbol('QQQ'))).toBeCloseTo(1.3, 6);
    expect(names.beta(abc)).toBe(1.5);
  });
});

describe('a day’s risk', () => {
  const betaSum = 1_800 * 1.5 + 3_000;
  it('is thin without sixty days of the market: a percent of the sum of beta deltas', () => {
    const { books, names } = built([position('ABC', 10), position('SPY', 6)]);
    expect(dayRiskOf(books[0], names)).toEqual({
      var95: thinTail(betaSum, 0.95).valueAtRisk,
      var99: thinTail(betaSum, 0.99).valueAtRisk,
      es99: thinTail(betaSum, 0.99).shortfall,
      method: 'thin',
    });
  });
  it('is never zero for a hedged book with a thin history', () => {
    const { books, names } = built([position('ABC', 10), position('SPY', -6)]);
    expect(dayRiskOf(books[0], names).var95).toBeGreaterThan(0);
  });
  it('is the largest of its methods once there is a history', () => {
    const of = stillMarket({ spots: workedSpots, closes: { SPY: closesOf([...wave(1, 0.2, 119), -0.08]), ABC: closesOf(wave(2, 0.1)) } });
    const { books, names } = built([position('SPY', 60)], [], of);
    const risk = dayRiskOf(books[0], names);
    expect(risk.es99).toBeGreaterThanOrEqual(2_400 - 1e-6);
    expect(risk.var99).toBeGreaterThanOrEqual(risk.var95);
    expect(risk.method).not.toBe('thin');
  });
  it('takes a name without a history at its beta’s share of the market, and the thin estimate as well', () => {
    const of = stillMarket({ spots: workedSpots, closes: { SPY: closesOf(wave(0.01, 0)) } });
    const { books, names } = built([position('ABC', 10)], [], of);
    expect(books[0].onPastDays()).toHaveLength(120);
    expect(Math.max(...books[0].onPastDays())).toBeCloseTo(2_700 * Math.max(...wave(0.01, 0)), 6);
    expect(dayRiskOf(books[0], names)).toMatchObject({ method: 'thin', var95: thinTail(2_700, 0.95).valueAtRisk });
  });
});

describe('a ticket whose price is all it can lose', () => {
  it('is no risk of what it may gain', () => {
    const of = stillMarket({ spots: { SPY: 600 }, sigma: 0.16, closes: { SPY: closesOf(wave(1, 0.3)) } });
    const { books, names } = built([position('SPY260311C00610000', 6)], [], of);
    const [price, gains] = [books[0].total.value, books[0].onPastDays()];
    expect(Math.max(...gains)).toBeGreaterThan(3 * price);
    expect(Math.max(...books[0].onPastDaysTempered())).toBeCloseTo(price, 6);
    expect(dayRiskOf(books[0], names).var95).toBeLessThan(2 * price);
    expect([...books[0].onPastDaysTempered()].filter((g) => g < 0)).toEqual([...gains].filter((g) => g < 0));
  });
});

describe('names together', () => {
  const closes = { SPY: closesOf(wave(1, 0)), ABC: closesOf(wave(0, 1)), DEF: closesOf(wave(0.1, 1)) };
  const held = [position('ABC', 10), position('DEF', 10), position('SPY', 10)];
  it('cluster by their returns, index funds aside', () => {
    const of = stillMarket({ spots: { ...workedSpots, DEF: 50 }, closes });
    const { books, names } = built(held, [], of);
    expect(clusters(books[0], names)).toEqual([[abc, def]]);
    const apart = built(held, [], stillMarket({ spots: { ...workedSpots, DEF: 50 }, closes: { ...closes, DEF: closesOf(wave(1, 0)) } }));
    expect(clusters(apart.books[0], apart.names)).toEqual([[abc], [def]]);
  });
  it('cluster by their sector only while their history is short', () => {
    const sectors = new Map([
      ['ABC', 'Utilities'],
      ['DEF', 'Utilities'],
    ]);
    const { books, names } = built(held, [], market, { sectors });
    expect(clusters(books[0], names)).toEqual([[abc, def]]);
    expect(sectorWeight(books[0], names, 'Utilities')).toBe(2_300);
    const unknown = built(held, [], market, { sectors: new Map() });
    expect(clusters(unknown.books[0], unknown.names)).toEqual([[abc], [def]]);
  });
  it('add their risks up in full while nothing is known, and less once they are known to go their own ways', () => {
    const full = built(held, [], market);
    const plain = 0.35 * 1_800 + 0.35 * 500 + 0.15 * 5_000;
    expect(openRiskOf(full.books[0], full.names)).toBeCloseTo(plain, 6);
    const apart = built(held, [], stillMarket({ spots: { ...workedSpots, DEF: 50 }, closes }));
    const found = openRiskOf(apart.books[0], apart.names);
    expect(found).toBeLessThan(plain - 1);
    expect(found).toBeGreaterThan(Math.hypot(0.35 * 1_800, 0.35 * 500, 0.15 * 5_000) - 1e-6);
  });
});

describe('the record of a book', () => {
  const at = epochMs(0);
  const own = usd(100_000 * 1e6);
  it('is in whole micros and names its stand-ins', () => {
    const portfolio = portfolioOf([position('ABC', 10), position('DEF', 10)], [shares(8, 3, 'unknown')], market, terms());
    const reading = riskReading(portfolio, own, at);
    if (reading.kind !== 'figures') throw new Error(reading.why);
    const { figures } = reading;
    expect(figures).toMatchObject({
      gross: 3_200e6,
      net: 3_200e6,
      betaDelta: 4_800e6,
      worstStressName: '1987-10-19',
      worstStress: -Math.round(4_800 * 0.205 * 1e6),
      worstGap: { name: 'ABC', pnl: -945e6 },
      varMethod: 'thin',
      inputsOk: false,
      standIns: ['beta:ABC', 'beta:DEF', 'history:SPY'],
      clusters: [{ names: [abc, def], betaDelta: 4_800e6 }],
    });
    expect(
      Object.values(figures)
        .filter((f) => typeof f === 'number')
        .every(Number.isSafeInteger),
    ).toBe(true);
  });
  it('of an empty book is zeros, and all right', () => {
    const reading = riskReading(portfolioOf([], [], market, terms()), own, at);
    expect(reading).toMatchObject({ kind: 'figures', figures: { gross: 0, var95: 0, worstStress: 0, worstGap: null, inputsOk: true } });
  });
  it('is absent with the reason when the book is', () => {
    expect(riskReading(portfolioOf([position('GONE', 1)], [], market, terms()), own, at)).toEqual({
      kind: 'absent',
      code: 'BOOK_UNVALUED',
      why: 'the book cannot be valued: GONE: no quote',
    });
  });
});
