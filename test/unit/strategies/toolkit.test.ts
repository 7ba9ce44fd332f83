import { describe, expect, it } from 'vitest';
import { symbol } from '../../../src/domain/ids.ts';
import { price } from '../../../src/domain/money.ts';
import { absent, known } from '../../../src/domain/reasons.ts';
import { tradingDay } from '../../../src/domain/time.ts';
import { urgency } from '../../../src/domain/urgency.ts';
import { patientBuyBack, shortMark, urgentBuyBack } from '../../../src/strategies/toolkit/exits.ts';
import { atLeast, need, pass, settle, type Trial } from '../../../src/strategies/toolkit/gates.ts';
import { ladder, netTick } from '../../../src/strategies/toolkit/limits.ts';
import { nearestExpiry } from '../../../src/strategies/toolkit/select.ts';
import { calendar } from '../../golden/strategies/world.ts';

const dollars = (bid: number, ask: number) => ({ bid: price(Math.round(bid * 1e6)), ask: price(Math.round(ask * 1e6)) });
const cent = () => price(10_000);
const nickel = () => price(50_000);
const entry = { from: 0, to: 0.7, steps: 4, stepSeconds: 10 };

describe('a ladder', () => {
  it.each([
    ['sells from the mid down to 0.35 of the spread', { side: 'sell', market: dollars(0.95, 1.03), tickAt: cent }, [-0.99, -0.98, -0.97]],
    ['buys from the mid up to 0.35 of the spread', { side: 'buy', market: dollars(0.95, 1.03), tickAt: cent }, [0.99, 1.0, 1.01]],
    ['rounds a sale up and a purchase down on a wide grid', { side: 'sell', market: dollars(0.95, 1.03), tickAt: nickel }, [-1.0]],
    ['stops at its bound', { side: 'sell', market: dollars(0.95, 1.03), tickAt: cent, bound: -0.98 }, [-0.99, -0.98]],
    [
      'starts at its bound when that is better than the mid',
      { side: 'buy', market: dollars(0.95, 1.03), tickAt: cent, bound: 0.96 },
      [0.96],
    ],
    ['never buys for nothing', { side: 'buy', market: dollars(0, 0.01), tickAt: cent }, [0.01]],
  ] as const)('%s', (_name, spec, rungs) => {
    const plan = ladder({ ...entry, ...spec });
    expect(plan.rungs).toEqual(rungs.map((r) => Math.round(r * 1e6)));
    expect(plan.stepMs).toBe(10_000);
  });
  it('rounds each rung from the unrounded ladder, not from the rung before', () => {
    // 2.00 to 2.07 in four moves: 2.0175, 2.035, 2.0525 and the cap
    expect(ladder({ ...entry, side: 'buy', market: dollars(1.9, 2.1), tickAt: cent }).rungs).toEqual([
      2_000_000, 2_010_000, 2_030_000, 2_050_000, 2_070_000,
    ]);
  });
  it('keeps to the grid of the price it is at', () => {
    const penny = (at: number) => price(at < 3_000_000 ? 10_000 : 50_000);
    expect(netTick(-3.5775, penny)).toBe(-3_600_000);
    expect(netTick(3.5775, penny)).toBe(3_550_000);
    expect(netTick(2.839, penny)).toBe(2_830_000);
  });
});

describe('buying back', () => {
  const spec = { market: dollars(1.0, 1.2), tickAt: cent, stepSeconds: 10 };
  it('goes patiently from mid to ask for a profit', () => {
    expect(patientBuyBack(spec).rungs).toEqual([1_100_000, 1_120_000, 1_150_000, 1_170_000, 1_200_000]);
  });
  it('starts half-way and goes five ticks through the ask in danger', () => {
    expect(urgentBuyBack(spec).rungs).toEqual([1_150_000, 1_170_000, 1_200_000, 1_210_000, 1_220_000, 1_230_000, 1_240_000, 1_250_000]);
  });
  it('never pays more than its bound', () => {
    expect(urgentBuyBack({ ...spec, bound: 1.21 }).rungs.at(-1)).toBe(1_210_000);
  });
  it('marks a short at the mid of a fair market and at the ask of an unfair one', () => {
    expect(shortMark(dollars(1.0, 1.08), 0.1)).toBeCloseTo(1.04, 9);
    expect(shortMark(dollars(1.0, 1.2), 0.1)).toBeCloseTo(1.2, 9);
  });
  it('ranks expiry before assignment before stops before time before profit', () => {
    const order = (['EXPIRY_DEADLINE', 'EXDIV_RISK', 'THESIS_STOP', 'TIME_STOP', 'TARGET'] as const).map(urgency);
    expect(order).toEqual([...order].sort((a, b) => a - b));
    expect(new Set(order).size).toBe(5);
  });
});

describe('the nearest expiry', () => {
  const day = tradingDay('2026-03-10');
  const ask = { day, calendar, min: 28, target: 38, max: 45, monthlyWithin: 3 };
  const days = (...list: string[]) => list.map((d) => tradingDay(d));
  it.each([
    ['is nearest to the target', days('2026-04-10', '2026-04-24'), '2026-04-10'],
    ['prefers the monthly within three days of the target', days('2026-04-15', '2026-04-17', '2026-04-24'), '2026-04-17'],
    ['prefers no monthly further away', days('2026-04-13', '2026-04-17'), '2026-04-17'],
    ['is none when nothing is listed in the window', days('2026-04-02', '2026-05-15'), undefined],
  ] as const)('%s', (_name, listed, expected) => {
    expect(nearestExpiry(listed, ask)).toBe(expected);
  });
  it('knows the monthly that a holiday moves to Thursday', () => {
    // Good Friday 2025-04-18 is the third Friday: the standard expiry is Thursday the 17th.
    const holiday = { ...ask, day: tradingDay('2025-03-11'), target: 36 };
    expect(nearestExpiry(days('2025-04-16', '2025-04-17'), holiday)).toBe('2025-04-17');
  });
  it('does not reach for a monthly four days off', () => {
    expect(nearestExpiry(days('2026-04-13', '2026-04-17'), { ...ask, target: 34 })).toBe('2026-04-13');
  });
});

describe('a trial', () => {
  function* ask(value: number): Trial<number> {
    const base = yield* need('base', value < 0 ? absent('QUOTE_MISSING', 'nothing there') : known(value));
    yield atLeast('base', 10, base, 'CREDIT_TOO_LOW');
    return base * 2;
  }
  it('returns what it was after when every test passes', () => {
    expect(settle(ask(11))).toEqual({ ok: true, value: 22, gates: [{ name: 'base', threshold: 10, observed: 11, pass: true }] });
  });
  it('ends at the first test that fails, with its reason and its numbers', () => {
    expect(settle(ask(9))).toMatchObject({ ok: false, code: 'CREDIT_TOO_LOW', gates: [{ observed: 9, threshold: 10, pass: false }] });
    expect(settle(ask(-1))).toMatchObject({ ok: false, code: 'QUOTE_MISSING', why: 'nothing there' });
  });
  it('stamps what was assumed on a pass, and leaves the field out when nothing was', () => {
    expect(pass(symbol('XYZ'), 'HOLD', 'x', [], ['quote:XYZ'])).toMatchObject({ assumed: ['quote:XYZ'] });
    expect(pass(symbol('XYZ'), 'HOLD', 'x')).not.toHaveProperty('assumed');
  });
});
