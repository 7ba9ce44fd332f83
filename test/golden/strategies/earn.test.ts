// The report trades' worked examples: the arithmetic of a night, a context in and decisions out, each with its near miss.
import { describe, expect, it } from 'vitest';
import { tradingDay } from '../../../src/domain/time.ts';
import { firstAffectedExpiry, gapOf } from '../../../src/market/report-gap.ts';
import { bsPrice } from '../../../src/pricing/black-scholes.ts';
import { meanValueAfter, valueAfter } from '../../../src/pricing/scenario.ts';
import { eventVariance, jumpDeviation } from '../../../src/pricing/volatility/event.ts';
import { evaluate } from '../../../src/strategies/earnings-protection/entry.ts';
import { eventTonight } from '../../../src/strategies/toolkit/event.ts';
import { settle } from '../../../src/strategies/toolkit/gates.ts';
import { addName, BASE, EVENT, evening, NAME, params, report, SPOT, sigmaOf, type Told, TUESDAY } from './earn-worlds.ts';
import { expectGolden } from './golden.ts';
import { gate, opensOf, passesOf } from './wheel-worlds.ts';
import { calendar, contextOf, stock, type World, world } from './world.ts';

const near = (observed: unknown, wanted: number, within = 1e-4) => expect(Math.abs(Number(observed) - wanted)).toBeLessThan(within);
const price = (strike: number, days: number, sigma: number, right: 'call' | 'put' = 'call', spot = SPOT): number =>
  bsPrice({ right, spot, strike, years: days / 365, rate: 0.04, dividendYield: 0, sigma });
const decide = (w: World, over: Record<string, unknown> = {}) => evaluate(contextOf(w, params(over)));
const first = (told: Told = {}, over: Record<string, unknown> = {}) => decide(evening(told), over)[0];
const codeOf = (told: Told = {}, over: Record<string, unknown> = {}) => passesOf(decide(evening(told), over))[0]?.code;

describe('G-S8-01: the event in the term structure', () => {
  it('is solved from two expiries', () => {
    const found = eventVariance({ years: 3 / 365, sigma: 0.769702 }, { years: 31 / 365, sigma: 0.357975 });
    if (found.kind === 'refused') throw new Error(found.reason);
    near(found.baseVariance, 0.0784, 1e-6);
    near(found.variance, 0.004225, 1e-6);
    near(found.deviation, 0.065);
    near(found.expectedMove, 0.051862);
  });
  it('is found in quotes, dear against eight past moves', () => {
    const open = first();
    near(gate(open, 'base volatility'), BASE);
    near(gate(open, 'event deviation'), EVENT);
    near(gate(open, 'expected move'), 0.051862);
    near(gate(open, 'mean past move'), 0.041);
    near(gate(open, 'richness'), 1.2649);
    near(gate(open, 'front over back volatility'), 2.1502);
  });
  it('is not there where the later expiry is as dear as the nearer', () => {
    expect(codeOf({ front: { sigma: 0.27 }, back: { sigma: 0.28 } })).toBe('EVENT_VOL_UNSOLVABLE');
    expect(codeOf({ front: { sigma: 0.77 }, back: { sigma: 0.2 } })).toBe('EVENT_VOL_UNSOLVABLE');
  });
  it('is not sold where the past moved as much', () => {
    expect(codeOf({ moves: Array.from({ length: 8 }, () => 0.0452) })).toBe('RICHNESS_TOO_LOW');
    expect(codeOf({ moves: Array.from({ length: 8 }, () => 0.045) }, { edge_min: 0.01 })).toBeUndefined();
  });
});

const CALENDAR = [
  { right: 'call', strike: 250, years: 2.25 / 365, weight: -1 },
  { right: 'call', strike: 250, years: 30.25 / 365, weight: 1 },
] as const;
const AFTER = { spot: SPOT, rate: 0.04, dividendYield: 0, sigma: BASE };
const PAST_SD = jumpDeviation(0.041);

describe('G-S8-02: the calendar', () => {
  const debit = price(250, 31, sigmaOf(31)) - price(250, 3, sigmaOf(3));
  it('costs 3.8137', () => {
    near(price(250, 3, sigmaOf(3)), 6.9983);
    near(price(250, 31, sigmaOf(31)), 10.812);
    near(debit, 3.8137);
  });
  it.each([
    [-0.065, -1.4477],
    [-0.03, 0.9871],
    [0, 2.4075],
    [0.03, 1.3753],
    [0.065, -0.6536],
    [0.1, -1.9208],
  ])('after a move of %d gains %d', (move, gain) => near(valueAfter(CALENDAR, AFTER, SPOT * (1 + move)) - debit, gain));
  it('gains 0.5168 over the past moves and 0.0391 over the priced one', () => {
    near(meanValueAfter(CALENDAR, AFTER, PAST_SD) - debit, 0.5168);
    near(meanValueAfter(CALENDAR, AFTER, EVENT) - debit, 0.0391);
    near((meanValueAfter(CALENDAR, AFTER, PAST_SD) - debit) / debit, 0.1355);
  });
  it('is opened: buy the later call, sell the nearer, one unit within 750', () => {
    const decisions = decide(evening());
    const [open] = opensOf(decisions);
    expect(open?.legs.map((l) => `${l.side} ${l.instrument.symbol}`)).toEqual(['buy XYZ270226C00250000', 'sell XYZ270129C00250000']);
    expect(open?.qty).toBe(1);
    expect(open?.maxLoss).toBe(382_200_000);
    expect(open?.prices.rungs).toEqual([3_810_000, 3_820_000]);
    near(gate(open, 'mean gain over the priced move, of the risk'), 0.0391 / 3.8137);
    near(gate(open, 'mean gain over past moves'), 0.5168 + 3.8137 - 3.82);
    expectGolden('earn-s8-02', decisions);
  });
  it('is not opened where the quotes contradict the model', () => {
    expect(codeOf({ back: { terms: { half: 0.01 }, sigma: sigmaOf(31) * 1.04 } }, { consistency_max: 0.001 })).toBe(
      'EVENT_PRICING_INCONSISTENT',
    );
  });
  it('gives way to the condor where its back leg trades too thinly', () => {
    const open = first({ back: { terms: { openInterest: 249 } } });
    expect(gate(open, 'structure')).toContain('condor');
  });
  it('is not considered before the broker was seen to take one', () => {
    const open = first({}, { mleg_calendar: false });
    expect(gate(open, 'calendar')).toBe('CAPABILITY_OFF');
    expect(gate(open, 'structure')).toContain('condor');
  });
});

describe('G-S8-03: the condor', () => {
  const legs = [
    { right: 'put', strike: 227.5, weight: 1 },
    { right: 'put', strike: 232.5, weight: -1 },
    { right: 'call', strike: 267.5, weight: -1 },
    { right: 'call', strike: 272.5, weight: 1 },
  ] as const;
  const net = legs.reduce((sum, { right, strike, weight }) => sum + weight * price(strike, 3, sigmaOf(3), right), 0);
  const after = legs.map((leg) => ({ ...leg, years: 2.25 / 365 }));
  it('brings 1.2610 and gains 0.4921 over the past moves, 0.0396 over the priced one', () => {
    near(-net, 1.261);
    near(meanValueAfter(after, AFTER, PAST_SD) - net, 0.4921);
    near(meanValueAfter(after, AFTER, EVENT) - net, 0.0396);
    near((meanValueAfter(after, AFTER, PAST_SD) - net) / (5 + net), 0.1316);
  });
  const decisions = () => decide(evening(), { mleg_calendar: false });
  it('is chosen by 1.05 deviations and 2 % of the price', () => {
    const [open] = opensOf(decisions());
    expect(open?.legs.map((l) => `${l.side} ${l.instrument.symbol}`)).toEqual([
      'buy XYZ270129C00272500',
      'buy XYZ270129P00227500',
      'sell XYZ270129C00267500',
      'sell XYZ270129P00232500',
    ]);
    expect(open?.prices.rungs).toEqual([-1_270_000, -1_260_000, -1_250_000]);
    expect(open?.qty).toBe(1);
    expect(gate(open, 'last price')).toBe(-1.25);
    expect(open?.maxLoss).toBe(375_400_000);
    expectGolden('earn-s8-03', decisions());
  });
  it('gains at expiry with a chance of 0.7187 at its mid', () => {
    const w = evening({ front: { terms: { half: 0.00001 } } });
    const [open] = opensOf(decide(w, { mleg_calendar: false }));
    near(gate(open, 'chance of a gain at expiry'), 0.7187, 5e-4);
  });
  it('is not preferred to the calendar', () => expect(gate(first(), 'structure')).toContain('calendar'));
  it('needs strikes far enough out', () => {
    const strikes = Array.from({ length: 15 }, (_, i) => 232.5 + 2.5 * i);
    expect(codeOf({ strikes }, { mleg_calendar: false })).toBe('NO_STRIKE_IN_BAND');
  });
});

describe('G-S8-04: what the crush takes', () => {
  it('from the call at the money: two thirds', () => {
    near(price(250, 2.25, BASE), 2.2232);
    near(price(250, 2.25, BASE) / price(250, 3, sigmaOf(3)) - 1, -0.6823, 2e-4);
  });
  it('from the deep call: next to nothing', () => {
    near(price(212.5, 3, sigmaOf(3)), 37.6231);
    near(price(212.5, 2.25, BASE), 37.5524);
    near((price(212.5, 3, sigmaOf(3)) - 37.5) / price(212.5, 3, sigmaOf(3)), 0.0033);
  });
});

describe('G-S8-05: before the open or after the close', () => {
  const listed = ['2027-01-28', '2027-01-29', '2027-02-05'].map(tradingDay);
  const gapFor = (time: 'AMC' | 'BMO') => {
    const gap = gapOf(report(NAME, '2027-01-28', time), calendar);
    if (gap === undefined) throw new Error('no gap');
    return gap;
  };
  it('a report after the close of Thursday is felt by Friday`s options, not by Thursday`s', () => {
    expect(firstAffectedExpiry(gapFor('AMC'), listed)).toBe('2027-01-29');
    expect(firstAffectedExpiry(gapFor('BMO'), listed)).toBe('2027-01-28');
    expect(firstAffectedExpiry(gapFor('BMO'), listed.slice(1))).toBe('2027-01-29');
  });
  const tonight = (day: string, time: 'AMC' | 'BMO') => {
    const w = world(day, 15, 45);
    stock(w, 'XYZ', { spot: SPOT });
    w.board.setEarnings([report(NAME, '2027-01-28', time)]);
    const outcome = settle(eventTonight(contextOf(w, params()), NAME));
    return outcome.ok ? 'traded' : outcome.code;
  };
  it.each([
    ['AMC', '2027-01-28', 'traded'],
    ['AMC', '2027-01-27', 'NO_EVENT'],
    ['AMC', '2027-01-29', 'NO_EVENT'],
    ['BMO', '2027-01-27', 'traded'],
    ['BMO', '2027-01-28', 'NO_EVENT'],
  ] as const)('%s on Thursday, on %s: %s', (time, day, said) => expect(tonight(day, time)).toBe(said));
});

describe('G-S8-06: what is not known is not traded', () => {
  const next = (...reports: readonly ReturnType<typeof report>[]): Told => ({ next: reports });
  const conflict = { conflict: true, confirmed: false } as const;
  it.each([
    [
      'sources that disagree on the date',
      next(report(NAME, TUESDAY, 'AMC', conflict), report(NAME, '2027-01-27', 'AMC', conflict)),
      'EARNINGS_DATE_CONFLICT',
    ],
    ['a time that nobody names', next(report(NAME, TUESDAY, 'UNKNOWN')), 'EARNINGS_TIME_UNKNOWN'],
    ['a time of tomorrow that nobody names', next(report(NAME, '2027-01-27', 'UNKNOWN')), 'EARNINGS_TIME_UNKNOWN'],
    ['a report during the session', next(report(NAME, '2027-01-27', 'DMH')), 'EARNINGS_WINDOW'],
    ['a date that is not confirmed', next(report(NAME, TUESDAY, 'AMC', { confirmed: false })), 'EARNINGS_UNKNOWN'],
    ['a report of tomorrow evening', next(report(NAME, '2027-01-27', 'AMC')), 'NO_EVENT'],
    ['two past reports of eight', { moves: [0.04, 0.05] }, 'EARNINGS_HISTORY_SHORT'],
    ['five past reports', { moves: [0.04, 0.05, 0.03, 0.04, 0.04] }, 'EARNINGS_HISTORY_SHORT'],
  ] as const)('%s', (_what, told, code) => expect(codeOf(told)).toBe(code));
  it('six past reports are enough', () => expect(first({ moves: [0.05, -0.03, 0.03, 0.06, -0.04, 0.036] })?.kind).toBe('open'));
  it('a percentile of 65 is too low, one of 70 is not', () => {
    const at = (share: number) => evening({ stock: { iv: [sigmaOf(3) - share, sigmaOf(3) + 1 - share], ivSessions: 252 } });
    expect(passesOf(decide(at(0.65)))[0]?.code).toBe('IV_RANK_OUT_OF_BAND');
    expect(opensOf(decide(at(0.705)))).toHaveLength(1);
  });
  it('a short history of volatility', () => {
    expect(codeOf({ stock: { ivSessions: 120 } })).toBe('IV_HISTORY_SHORT');
  });
  it('no calendar at all', () => {
    const w = evening();
    w.board.setEarnings([]);
    expect(passesOf(decide(w))[0]?.code).toBe('EARNINGS_UNKNOWN');
  });
});

describe('G-S8-07: a back leg that holds the report as well', () => {
  it('loses 44 % at an unchanged price', () => {
    near(sigmaOf(10), 0.482299, 1e-6);
    near(price(250, 10, sigmaOf(10)), 8.0932);
    near(price(250, 9, BASE), 4.5069);
    near(price(250, 9, BASE) / price(250, 10, sigmaOf(10)) - 1, -0.4431, 1e-3);
  });
});

describe('the night is shared out', () => {
  const many = (names: readonly string[], moves: readonly number[][] = []) => {
    const w = world(TUESDAY);
    for (const [i, name] of names.entries())
      addName(w, name, { moves: moves[i] ?? [0.05, -0.032, 0.028, 0.061, -0.045, 0.022, -0.057, 0.033] });
    return w;
  };
  const universe = (names: readonly string[], sectors: Record<string, string> = {}) => ({ universe: names, sectors });
  it('one position a sector, the one with the best odds', () => {
    const names = ['AAA', 'BBB', 'CCC'];
    const w = many(
      names,
      [[], Array.from({ length: 8 }, () => 0.038), []].map((m) => (m.length > 0 ? m : Array.from({ length: 8 }, () => 0.041))),
    );
    const decisions = decide(w, universe(names, { AAA: 'chips', BBB: 'chips' }));
    expect(opensOf(decisions).map((d) => d.subject)).toEqual(['BBB', 'CCC']);
    expect(passesOf(decisions)).toMatchObject([{ subject: 'AAA', code: 'RANKED_OUT' }]);
  });
  it('three positions, and the ceiling of the strategy', () => {
    const names = ['AAA', 'BBB', 'CCC', 'DDD'];
    const decisions = decide(many(names), universe(names));
    expect(opensOf(decisions)).toHaveLength(3);
    expect(passesOf(decisions)).toMatchObject([{ code: 'MAX_POSITIONS' }]);
    expect(passesOf(decide(many(names), { ...universe(names), strategy_risk_pct: 0.007 }))[0]?.code).toBe('STRATEGY_CEILING');
  });
  it('a name without a report tonight says so', () => {
    const w = evening({ next: [report(NAME, '2027-02-24', 'AMC')] });
    expect(decide(w)).toMatchObject([{ kind: 'pass', subject: 'XYZ', code: 'NO_EVENT' }]);
  });
});
