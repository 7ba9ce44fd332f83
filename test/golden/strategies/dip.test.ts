// The dip buyer's worked examples: a context in, decisions out, each with a neighbour that must come out otherwise.
import { describe, expect, it } from 'vitest';
import { symbol } from '../../../src/domain/ids.ts';
import { price } from '../../../src/domain/money.ts';
import { epochMs, SECOND, tradingDay } from '../../../src/domain/time.ts';
import { bsGreeks, bsPrice } from '../../../src/pricing/black-scholes.ts';
import { probabilityBeyond } from '../../../src/pricing/probability.ts';
import { touchProbability } from '../../../src/pricing/touch.ts';
import { score } from '../../../src/strategies/dip-after-run/call.ts';
import { evaluate } from '../../../src/strategies/dip-after-run/entry.ts';
import { manage } from '../../../src/strategies/dip-after-run/manage.ts';
import {
  ask,
  bought,
  closesIn,
  DAY,
  dipWorld,
  gate,
  memoryOf,
  NAME,
  NEAR,
  opensOf,
  params,
  passesOf,
  RUN,
  SIGMA,
  SPOT,
  type Told,
} from './dip-worlds.ts';
import { expectGolden } from './golden.ts';
import { grid, list, RATE, stock, type World, world } from './world.ts';
import { holding, optionOf } from './world-more.ts';

const NBBO = [2.72, 2.86] as const;
const codeOf = (w: World, parts = {}) => passesOf(evaluate(ask(w, parts)))[0]?.code;

describe('G-S1-01: a run of 12 %, a dip of 3.5 %, and the listed call nearest 5 % over', () => {
  it('chooses 113 of the expiry 32 days out, with its score', () => {
    const [open] = opensOf(evaluate(ask(dipWorld({ call: NBBO }))));
    expect(open?.legs[0].instrument.symbol).toBe('XYZ260605C00113000');
    expect(gate(open, 'run')).toBeCloseTo(0.12, 9);
    expect(gate(open, 'dip')).toBeCloseTo(-0.035, 9);
    expect(gate(open, 'out of the money by')).toBeCloseTo(0.04552, 5);
    expect(gate(open, 'expiry')).toBe(NEAR);
    expect(gate(open, 'relative spread')).toBeCloseTo(0.05018, 5);
    expect(gate(open, 'score')).toBeCloseTo(1.0463, 4);
    expectGolden('dip-s1-01', [open]);
  });
  it('takes the later of two expiries equally near, and the nearer of two others', () => {
    const w = dipWorld();
    list(w, 'XYZ', SPOT, '2026-06-01', grid(SPOT, SIGMA)); // 28 days out, where 32 is as far from 30
    expect(gate(opensOf(evaluate(ask(w)))[0], 'expiry')).toBe(NEAR);
    expect(gate(opensOf(evaluate(ask(w, { dte_target: 29 })))[0], 'expiry')).toBe('2026-06-01');
  });
  it('has no score beyond twice its thresholds', () => {
    const wild = { run: 0.9, dip: -0.11, reference: 100, spot: 89 };
    expect(score(params(), wild, 0.2)).toBeCloseTo(1.6, 9);
  });
  it('does not trade a run of 9.99 %', () => {
    expect(codeOf(dipWorld({ closes: [101.83, ...RUN.slice(1)] }))).toBe('RUN_TOO_SMALL');
  });
});

describe('G-S1-02: price, size and odds of that call', () => {
  const terms = { right: 'call' as const, spot: SPOT, strike: 113, years: 32 / 365, rate: RATE, dividendYield: 0, sigma: SIGMA };
  it('is worth 2.7703 by the model, with a delta of 0.3702', () => {
    expect(bsPrice(terms)).toBeCloseTo(2.7703, 4);
    expect(bsGreeks(terms).delta).toBeCloseTo(0.3702, 4);
  });
  it('is bought from 2.79 up to 2.83, three contracts with a risk of 849.30', () => {
    const [open] = opensOf(evaluate(ask(dipWorld({ call: NBBO }))));
    expect(open?.prices.rungs).toEqual([2_790_000, 2_800_000, 2_810_000, 2_820_000, 2_830_000]);
    expect(open?.prices.stepMs).toBe(10_000);
    expect(open?.qty).toBe(3);
    expect(open?.maxLoss).toBe(849_300_000);
    expect(gate(open, 'limit')).toBe(2.83);
  });
  it('breaks even at 115.80 when filled at 2.80, with a probability of 0.2522', () => {
    expect(probabilityBeyond('above', 115.8, terms, SIGMA)).toBeCloseTo(0.2522, 4);
    const [open] = opensOf(evaluate(ask(dipWorld({ call: NBBO }))));
    expect(gate(open, 'break-even')).toBeCloseTo(115.83, 9);
    expect(gate(open, 'probability above break-even') as number).toBeGreaterThan(0.24);
    expect(gate(open, 'probability above break-even') as number).toBeLessThan(0.2522);
  });
  it('is never more than ten contracts, and never more than the room of the strategy', () => {
    const rich: World = {
      ...dipWorld({ call: NBBO }),
      account: { equity: 1_000_000, settledCash: 1e6, optionsBuyingPower: 1e6, ageMs: 0 },
    };
    expect(opensOf(evaluate(ask(rich)))[0]?.qty).toBe(10);
    const used = { ...dipWorld({ call: NBBO }), risks: [{ strategy: 'dip', underlying: 'ABC', amount: 2_500 }] };
    expect(opensOf(evaluate(ask(used)))[0]?.qty).toBe(1);
    expect(codeOf({ ...used, risks: [{ strategy: 'dip', underlying: 'ABC', amount: 2_720 }] })).toBe('STRATEGY_CEILING');
    expect(codeOf({ ...used, risks: [{ strategy: 'mwk', underlying: 'ABC', amount: 24_720 }] })).toBe('BOOK_CEILING');
    expect(codeOf({ ...used, risks: [{ strategy: 'wheel', underlying: 'XYZ', amount: 19_720 }] })).toBe('UNDERLYING_CEILING');
  });
});

describe('G-S1-03: a run over nine intervals is no run over ten', () => {
  it('is 8.5 % from the eleventh close back, and refused', () => {
    const closes = [100, 98, 99, 100, 101, 102, 103, 104, 105, 106, 108.5];
    const [refused] = passesOf(evaluate(ask(dipWorld({ closes, spot: 104.7 }))));
    expect(refused?.code).toBe('RUN_TOO_SMALL');
    expect(gate(refused, 'run')).toBeCloseTo(0.085, 9);
    expect(108.5 / 98 - 1).toBeCloseTo(0.1071, 4); // what nine intervals would have said
    expectGolden('dip-s1-03', [refused]);
  });
});

describe('G-S1-04: the dip has a least and a most, and the account a least size', () => {
  const at = (spot: number): Told => ({ spot });
  it.each([
    ['-2.99 % is too shallow', 112 * 0.9701, 'DIP_TOO_SHALLOW'],
    ['-13 % is too deep', 112 * 0.87, 'DIP_TOO_DEEP'],
  ])('%s', (_name, spot, code) => {
    expect(codeOf(dipWorld(at(Math.round(spot * 100) / 100)))).toBe(code);
  });
  it('-3 % to the last digit is a dip, and -12 % is one', () => {
    expect(codeOf(dipWorld(at(108.64)))).not.toBe('DIP_TOO_SHALLOW');
    expect(codeOf(dipWorld(at(98.56)))).not.toBe('DIP_TOO_DEEP');
  });
  it('an account of 20,000 has a budget of 200, and one contract risks 283.10', () => {
    const small: World = { ...dipWorld({ call: NBBO }), account: { equity: 20_000, settledCash: 2e4, optionsBuyingPower: 2e4, ageMs: 0 } };
    const [refused] = passesOf(evaluate(ask(small)));
    expect(refused?.code).toBe('SIZE_ZERO');
    expect(refused?.why).toContain('283.1');
    expectGolden('dip-s1-04', [refused]);
    const enough = { ...small, account: { ...small.account, equity: 28_310 } };
    expect(opensOf(evaluate(ask(enough)))[0]?.qty).toBe(1);
  });
  it('measures from a close less the dividend that goes ex today', () => {
    const w = dipWorld({ spot: 108.5 });
    w.board.setDividends(NAME, {
      from: tradingDay('2026-05-01'),
      to: tradingDay('2026-07-01'),
      dividends: [{ symbol: NAME, exDay: tradingDay(DAY), amount: price(500_000) }],
      seen: ask(w).now,
    });
    expect(codeOf(w)).toBe('DIP_TOO_SHALLOW'); // 108.50 / 111.50 - 1 = -2.69 %
    expect(codeOf(dipWorld({ spot: 108.5 }))).toBeUndefined();
  });
  it('wants five minutes in a row in the dip', () => {
    expect(codeOf(dipWorld({ minutes: [108, 108, 108.65, 108, 108, 108, 108] }))).toBe('DIP_NOT_PERSISTENT');
    expect(codeOf(dipWorld({ minutes: [108, 108.65, 108, 108, 108, 108, 108] }))).toBeUndefined();
  });
});

/** The session after the entry at the close: 31 days to expiry. */
function nextDay(spot: number, call?: readonly [number, number], hour = 16, minute = 0, second = 0): World {
  const w = world('2026-05-05', hour, minute);
  const at = { ...w, at: epochMs(w.at + second * SECOND) };
  stock(at, 'XYZ', { spot });
  const strikes = Array.from({ length: 13 }, (_, i) => ({ strike: 107 + i, sigma: SIGMA }));
  list(at, 'XYZ', spot, NEAR, call === undefined ? strikes : strikes.map((s) => (s.strike === 113 ? { ...s, call } : s)));
  for (const row of at.board.chain(NAME)?.rows ?? []) if (row.quote !== null) at.board.setQuote(row.quote);
  return at;
}

describe('G-S1-05: the delta of 0.60 comes long before three times the price', () => {
  const at = { right: 'call' as const, strike: 113, years: 31 / 365, rate: RATE, dividendYield: 0, sigma: SIGMA };
  it('is reached at 115.016, where the call is worth 6.057, and sells two of three', () => {
    expect(bsGreeks({ ...at, spot: 115.016 }).delta).toBeCloseTo(0.6, 4);
    expect(bsPrice({ ...at, spot: 115.016 })).toBeCloseTo(6.057, 3);
    expect(bsPrice({ ...at, spot: 115.016 }) / 2.8).toBeCloseTo(2.163, 3);
    const decisions = manage(ask(holding(nextDay(115.03), bought(3))));
    expect(closesIn(decisions)).toMatchObject([{ code: 'DELTA_EXIT', qty: 2, subject: 'XYZ' }]);
    expectGolden('dip-s1-05', decisions);
  });
  it('is not reached at 115.00', () => {
    const [held] = passesOf(manage(ask(holding(nextDay(115), bought(3)))));
    expect(held?.code).toBe('HOLD');
    expect(gate(held, 'delta') as number).toBeLessThan(0.6);
  });
  it('sells the only contract there is, and nothing more once the half is sold', () => {
    expect(closesIn(manage(ask(holding(nextDay(115.03), bought(1)))))).toMatchObject([{ code: 'DELTA_EXIT', qty: 1 }]);
    expect(passesOf(manage(ask(holding(nextDay(115.03), bought(3, { left: 1 })))))).toMatchObject([{ code: 'HOLD' }]);
    expect(closesIn(manage(ask(holding(nextDay(115.03), bought(3, { left: 2 })))))).toMatchObject([{ code: 'DELTA_EXIT', qty: 1 }]);
  });
  it('has the stop of the last at 2.80, on two quotes', () => {
    const first = holding(nextDay(108, [2.78, 2.82], 11, 0, 0), bought(3, { left: 1 }));
    const seenOnce = manage(ask(first));
    expect(closesIn(seenOnce)).toEqual([]);
    const second = { ...holding(nextDay(108, [2.78, 2.82], 11, 0, 15), bought(3, { left: 1 })), memory: memoryOf(seenOnce) };
    expect(closesIn(manage(ask(second)))).toMatchObject([{ code: 'STOP', qty: 1 }]);
    const whole = { ...holding(nextDay(108, [2.78, 2.82], 11, 0, 15), bought(3)), memory: memoryOf(seenOnce) };
    expect(closesIn(manage(ask(whole)))).toEqual([]); // nothing sold yet: the stop stands at 1.40
  });
  it('sells all at a bid of 8.40, and not at 8.35', () => {
    expect(closesIn(manage(ask(holding(nextDay(118.6, [8.4, 8.6]), bought(3)))))).toMatchObject([{ code: 'TARGET', qty: 3 }]);
    expect(closesIn(manage(ask(holding(nextDay(118.6, [8.35, 8.6]), bought(3)))))[0]?.code).not.toBe('TARGET');
    expect(bsPrice({ ...at, spot: 118.594 })).toBeCloseTo(8.4, 3);
  });
  it('has odds of 0.0518 against 0.0037 within two sessions', () => {
    const touch = (barrier: number) =>
      touchProbability({ spot: SPOT, barrier, years: 2 / 252, rate: RATE, dividendYield: 0, sigma: SIGMA });
    expect(touch(115.016)).toBeCloseTo(0.0518, 4);
    expect(touch(118.594)).toBeCloseTo(0.0037, 4);
  });
});

describe('G-S1-06: the stop wants two quotes at or under half of what was paid', () => {
  const tick = (mid: number, second: number, memory: World['memory'] = null): World => ({
    ...holding(nextDay(105, [mid - 0.02, mid + 0.02], 11, 0, second), bought(3)),
    memory,
  });
  it('does nothing at 1.41, waits at 1.40, and sells at 1.39 ten seconds later', () => {
    expect(passesOf(manage(ask(tick(1.41, 0))))).toMatchObject([{ code: 'HOLD', why: 'no exit is due' }]);
    const once = manage(ask(tick(1.4, 10)));
    expect(closesIn(once)).toEqual([]);
    const twice = manage(ask(tick(1.39, 20, memoryOf(once))));
    expect(closesIn(twice)).toMatchObject([{ code: 'STOP', qty: 3 }]);
    expectGolden('dip-s1-06', twice);
  });
  it('starts anew when the mark comes back in between', () => {
    const once = manage(ask(tick(1.4, 10)));
    const back = manage(ask(tick(1.41, 20, memoryOf(once))));
    expect(closesIn(manage(ask(tick(1.39, 30, memoryOf(back)))))).toEqual([]);
  });
  it('takes no two looks at one moment for two quotes', () => {
    const once = manage(ask(tick(1.4, 10)));
    expect(closesIn(manage(ask(tick(1.39, 14, memoryOf(once)))))).toEqual([]);
  });
  it('asks at least a tick for a call nobody bids for', () => {
    const gone = (second: number, memory: World['memory'] = null): World => ({
      ...holding(nextDay(95, [0, 0.03], 11, 0, second), bought(3)),
      memory,
    });
    const [close] = closesIn(manage(ask(gone(10, memoryOf(manage(ask(gone(0))))))));
    expect(close?.prices.rungs.every((rung) => rung <= -10_000)).toBe(true);
  });
});

describe('time, reports and entries at work', () => {
  const on = (
    day: string,
    hour: number,
    minute: number,
    parts = {},
    earnings?: { days: number; time: 'BMO' | 'AMC' | 'UNKNOWN' },
  ): World => {
    const w = world(day, hour, minute);
    stock(w, 'XYZ', { spot: 109, ...(earnings === undefined ? {} : { earningsIn: earnings.days, earningsTime: earnings.time }) });
    list(
      w,
      'XYZ',
      109,
      NEAR,
      Array.from({ length: 13 }, (_, i) => ({ strike: 107 + i, sigma: SIGMA })),
    );
    for (const row of w.board.chain(NAME)?.rows ?? []) if (row.quote !== null) w.board.setQuote(row.quote);
    return holding(w, bought(3, parts));
  };
  it('sells all at 15:45 of the second session after the entry, and not a minute before', () => {
    expect(closesIn(manage(ask(on('2026-05-06', 15, 44))))).toEqual([]);
    expect(closesIn(manage(ask(on('2026-05-06', 15, 45))))).toMatchObject([{ code: 'TIME_STOP', qty: 3 }]);
    expect(closesIn(manage(ask(on('2026-05-07', 9, 45))))).toMatchObject([{ code: 'TIME_STOP', qty: 3 }]);
  });
  it('sells all at seven days to expiry, and not at eight', () => {
    const late = { openedDay: '2026-05-28' };
    expect(closesIn(manage(ask(on('2026-05-28', 11, 0, late))))).toEqual([]);
    expect(closesIn(manage(ask(on('2026-05-29', 11, 0, late))))).toMatchObject([{ code: 'TIME_STOP', qty: 3 }]);
  });
  it('sells all by 15:45 before a report that came up', () => {
    expect(closesIn(manage(ask(on('2026-05-05', 15, 44, {}, { days: 1, time: 'BMO' }))))).toEqual([]);
    expect(closesIn(manage(ask(on('2026-05-05', 15, 45, {}, { days: 1, time: 'BMO' }))))).toMatchObject([
      { code: 'EARNINGS_EXIT', qty: 3 },
    ]);
    // After the close of the last session the call is no longer held.
    expect(closesIn(manage(ask(on('2026-05-05', 15, 45, {}, { days: 1, time: 'AMC' }))))).toEqual([]);
  });
  it.each([
    [-4, 'BMO', undefined],
    [-3, 'BMO', 'EARNINGS_WINDOW'], // the gap into the session before: its dip is the report's
    [0, 'BMO', 'EARNINGS_WINDOW'],
    [3, 'BMO', 'EARNINGS_WINDOW'],
    [3, 'AMC', undefined], // after the close of the third session ahead
    [3, 'UNKNOWN', 'EARNINGS_WINDOW'],
    [4, 'BMO', undefined],
  ] as const)('a report %i days away, %s, makes the entry %s', (days, time, code) => {
    expect(codeOf(dipWorld({ stock: { earningsIn: days, earningsTime: time } }))).toBe(code);
  });
  it('takes an entry back once the dip has recovered above -2 %, and not before', () => {
    const back = (spot: number): World => ({ ...dipWorld({ spot }), busy: [symbol('XYZ')] });
    const gone = manage(ask(back(109.77))); // -1.991 %
    expect(gone).toMatchObject([{ kind: 'cancel', walk: 'open', code: 'SIGNAL_GONE', subject: 'XYZ' }]);
    expect(manage(ask(back(109.76)))).toMatchObject([{ kind: 'pass', code: 'ORDER_WORKING' }]); // -2 %
    expectGolden('dip-signal-gone', gone);
  });
  it('enters a name once a day, and never one it holds', () => {
    const closed = bought(1, { openedDay: DAY, closed: { day: DAY, exit: 'STOP', realized: -140 } });
    expect(codeOf(holding(dipWorld(), closed))).toBe('COOLDOWN');
    expect(codeOf(holding(dipWorld(), bought(1)))).toBe('ALREADY_HELD');
    expect(codeOf({ ...dipWorld(), busy: [NAME] })).toBe('ORDER_WORKING');
    expect(codeOf({ ...dipWorld(), disputed: [NAME] })).toBe('RECON_PENDING');
  });
});

describe('what is missing', () => {
  const without = (change: (w: World) => void): World => {
    const w = dipWorld();
    change(w);
    return w;
  };
  it('stays out of a falling market', () => {
    expect(codeOf(without((w) => void stock(w, 'SPY', { spot: 700, from: 900 })))).toBe('REGIME_BLOCK');
  });
  it('holds a call without a quote, and says so', () => {
    const w = holding(dipWorld(), bought(1, { legs: [{ expiry: NEAR, right: 'call', strike: 250, side: 'buy' }] }));
    expect(passesOf(manage(ask(w)))).toMatchObject([{ code: 'QUOTE_MISSING' }]);
  });
  it('names the three strikes it tried', () => {
    const [refused] = passesOf(evaluate(ask(dipWorld(), { min_open_interest: 2_000 })));
    expect(refused?.code).toBe('NO_STRIKE_IN_BAND');
    expect(refused?.why).toMatch(/113: OI_TOO_LOW.*; 114: OI_TOO_LOW.*; 112: OI_TOO_LOW/);
  });
  it('goes on to the next strike when the nearest is not to be had', () => {
    const [open] = opensOf(evaluate(ask(dipWorld({ call: [2.2, 3.4] }))));
    expect(open?.legs[0].instrument.symbol).toBe(optionOf('XYZ', NEAR, 'call', 114).symbol);
  });
});
