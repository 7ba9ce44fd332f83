// The lottery tickets' worked examples: odds to four digits, a context in and decisions out, each with its near miss.
import { describe, expect, it } from 'vitest';
import { bsPrice, probabilityItm } from '../../../src/pricing/black-scholes.ts';
import { probabilityBeyond } from '../../../src/pricing/probability.ts';
import { reachOdds, spotWorth } from '../../../src/pricing/touch.ts';
import { smileThrough } from '../../../src/pricing/volatility/smile.ts';
import { evaluate } from '../../../src/strategies/lotto-scanner/entry.ts';
import { manage } from '../../../src/strategies/lotto-scanner/manage.ts';
import { jumpOdds } from '../../../src/strategies/lotto-scanner/ticket.ts';
import { lottoScanner } from '../../../src/strategies/lotto-scanner.ts';
import { sigmaOf } from './earn-worlds.ts';
import { expectGolden } from './golden.ts';
import {
  addName,
  bought,
  type HeldTold,
  heldAt,
  moved,
  over,
  params,
  reportsTonight,
  SPOT,
  SPY,
  smile,
  type Told,
  TUESDAY,
} from './lotto-worlds.ts';
import { closesOf, gate, memoryOf, opensOf, passesOf } from './wheel-worlds.ts';
import { contextOf, sharePosition, type World } from './world.ts';
import { holding } from './world-more.ts';

const near = (observed: unknown, wanted: number, within = 1e-4) => expect(Math.abs(Number(observed) - wanted)).toBeLessThan(within);
const say = (w: World, over_: Record<string, unknown> = {}) => evaluate(contextOf(w, params(over_)));
const codeOf = (told: Told = {}, over_: Record<string, unknown> = {}) => passesOf(say(moved(told), over_))[0]?.code;

const YEAR = 252 * 390;
const call = (strike: number, sigma: number) =>
  ({ right: 'call', spot: SPOT, strike, years: 300 / YEAR, rate: 0.04, dividendYield: 0.012, sigma }) as const;

describe('G-S9-01: five calls of today', () => {
  const levels = smileThrough(smile.filter(({ strike }) => strike >= 604));
  it.each([
    [604, 0.165, 0.7585, 0.2345, 0.1923],
    [605, 0.163, 0.533, 0.1797, 0.1536],
    [606, 0.161, 0.3615, 0.1328, 0.1179],
    [607, 0.159, 0.2359, 0.0942, 0.0864],
    [608, 0.157, 0.1476, 0.0641, 0.0603],
  ])('%d', (strike, sigma, price, inTheMoney, profit) => {
    if (levels.kind === 'refused') throw new Error(levels.reason);
    const option = call(strike, sigma);
    near(bsPrice(option), price);
    near(probabilityItm(option), inTheMoney);
    const even = strike + bsPrice(option);
    near(probabilityBeyond('above', even, option, levels.sigmaAt(even)), profit);
  });
});

describe('G-S9-02: three times the price within 150 minutes', () => {
  it.each([
    [604, 0.165, 605.25, 0.1773],
    [605, 0.163, 605.096, 0.185],
    [606, 0.161, 605.007, 0.1873],
    [607, 0.159, 604.971, 0.185],
    [608, 0.157, 604.978, 0.1789],
  ])('%d', (strike, sigma, level, pHit) => {
    const option = call(strike, sigma);
    const odds = reachOdds(option, { entry: bsPrice(option), multiple: 3, horizon: 150 / YEAR });
    if (odds.kind === 'refused') throw new Error(odds.reason);
    near(odds.level, level, 1e-3);
    near(odds.probability, pHit);
    expect(odds.probability).toBeLessThan(1 / 3);
  });
  it('chooses 606', () => {
    const decisions = say(moved());
    const [open] = opensOf(decisions);
    expect(open?.legs).toMatchObject([{ side: 'buy', instrument: { symbol: 'SPY261117C00606000' } }]);
    near(gate(open, 'chance of 3 times the price'), 0.1873);
    near(gate(open, 'share price it takes'), 605.007, 1e-3);
    expectGolden('lotto-s9-02', decisions);
  });
  it('chooses the next likeliest where 606 trades too thinly', () => {
    const strikes = smile.filter(({ strike }) => strike !== 606);
    expect(opensOf(say(moved({ strikes })))[0]?.legs[0].instrument.symbol).toMatch(/C0060[57]000$/);
  });
  it('buys a put where the price falls', () => {
    const strikes = smile.map(({ strike, sigma }) => ({ strike: 1_200 - strike, sigma }));
    const [open] = opensOf(say(moved({ open: SPOT * 1.0075, strikes, lastClose: 603 })));
    expect(open?.legs[0].instrument).toMatchObject({ right: 'put' });
  });
});

describe('G-S9-03: 606 at 0.35 to 0.37', () => {
  const quoted = smile.map((row) => (row.strike === 606 ? { ...row, call: [0.35, 0.37] as const } : row));
  const decisions = (equity = 100_000) =>
    say({ ...moved({ strikes: quoted }), account: { equity, settledCash: equity, optionsBuyingPower: equity, ageMs: 0 } });
  it('goes from 0.36 to 0.36: six contracts of 36.10 within 250', () => {
    const [open] = opensOf(decisions());
    expect(open?.prices.rungs).toEqual([360_000]);
    expect(open?.qty).toBe(6);
    expect(open?.maxLoss).toBe(216_600_000);
    near(gate(open, 'relative spread'), 0.0556);
    expectGolden('lotto-s9-03', decisions());
  });
  it('is none where the budget holds none', () => {
    expect(passesOf(decisions(14_000))).toMatchObject([{ code: 'SIZE_ZERO' }]);
    expect(opensOf(decisions(14_500))[0]?.qty).toBe(1);
  });
});

describe('G-S9-04: what is not played', () => {
  it('a third play of the week', () => {
    const two = [over('AAA', '2026-11-16'), over('BBB', TUESDAY)];
    expect(passesOf(say(holding(moved(), ...two)))).toMatchObject([{ code: 'WEEKLY_CAP' }]);
    expect(opensOf(say(holding(moved(), over('AAA', '2026-11-13'), over('BBB', TUESDAY))))).toHaveLength(1);
    expect(passesOf(say({ ...holding(moved(), over('AAA', TUESDAY)), busy: [SPY] }))[0]?.code).toBe('ORDER_WORKING');
  });
  it('a contract of 3.10', () => {
    const dear = [592, 594, 596, 598, 600, 602].map((strike) => ({
      strike,
      sigma: 0.6,
      call: [3.05 + (602 - strike), 3.15 + (602 - strike)] as const,
    }));
    expect(codeOf({ strikes: dear })).toBe('PREMIUM_TOO_HIGH');
  });
  it('a contract of 0.04', () => {
    const cheap = [610, 612, 614, 616, 618].map((strike) => ({ strike, sigma: 0.15, call: [0.03, 0.05] as const }));
    const dear = [595, 596, 597, 598].map((strike) => ({ strike, sigma: 0.15 }));
    expect(codeOf({ strikes: [...dear, ...cheap] }, { premium_min_usd: 0.06, premium_max_usd: 0.07 })).toBe('PREMIUM_TOO_LOW');
  });
  it('a name without an expiry today', () => expect(codeOf({ expiry: '2026-11-18' })).toBe('NO_0DTE_LISTED'));
  it('on a Tuesday, where one is listed', () => expect(codeOf()).toBeUndefined());
  it.each([
    ['too little volume', { volume: 249_000 }, 'RVOL_TOO_LOW'],
    ['too small a move', { open: SPOT * 0.9945 }, 'NO_PATTERN'],
    ['a wide market', { terms: { half: 0.2 } }, 'SPREAD_TOO_WIDE'],
    ['open interest of 499', { terms: { openInterest: 499 } }, 'OI_TOO_LOW'],
    ['a volume of 199', { terms: { volume: 199 } }, 'VOLUME_TOO_LOW'],
  ] as const)('%s', (_what, told, code) => expect(codeOf(told)).toBe(code));
  it('options dearer than what the share does', () => {
    const dear = smile.map(({ strike }) => ({ strike, sigma: 0.55 }));
    expect(codeOf({ strikes: dear, swing: 0.001 }, { premium_max_usd: 20 })).toBe('EDGE_TOO_SMALL');
  });
  it('odds under their least', () => expect(codeOf({}, { p_hit_min: 0.19 })).toBe('P_HIT_TOO_LOW'));
  it('the same name twice a day', () => expect(passesOf(say(holding(moved(), over('SPY', TUESDAY))))[0]?.code).toBe('COOLDOWN'));
  it('a stock that moves like a fund', () => {
    const stockLike = { name: 'NVDA', open: SPOT * 0.9865 };
    expect(passesOf(say(moved(stockLike), { universe: ['NVDA'] }))[0]?.code).toBe('NO_PATTERN');
    expect(opensOf(say(moved({ ...stockLike, open: SPOT * 0.984 }), { universe: ['NVDA'] }))).toHaveLength(1);
  });
});

describe('catalysts', () => {
  const over_ = { universe: ['SPY'], catalyst_universe: ['GME'] };
  const jumped: Told = {
    name: 'GME',
    spot: 600,
    lastClose: 580,
    volume: 310_000,
    expiry: '2026-11-20',
    swing: 0.04,
    news: [{ minutesAgo: 90, text: 'a headline' }],
  };
  const decide = (told: Partial<Told>, more: Record<string, unknown> = {}) => {
    const w = moved({ volume: 1 });
    addCatalyst(w, { ...jumped, ...told });
    return say(w, { ...over_, p_hit_min: 0.02, ...more });
  };
  const addCatalyst = addName;
  const of = (decisions: ReturnType<typeof say>) => decisions.find((d) => d.kind !== 'remember' && d.subject === 'GME');
  it('are bought with an expiry of the week', () => {
    expect(of(decide({}))).toMatchObject({ kind: 'open', thesis: { play: 'catalyst' }, legs: [{ instrument: { expiry: '2026-11-20' } }] });
  });
  it.each([
    ['no headline', { news: [] }, 'NO_PATTERN'],
    ['a headline about others', { news: [{ minutesAgo: 5, text: 'others', symbols: ['AAA'] }] }, 'NO_PATTERN'],
    ['a headline of the day before yesterday', { news: [{ minutesAgo: 1_441, text: 'old' }] }, 'NO_PATTERN'],
    ['a move of 2.9 %', { lastClose: 583.2 }, 'NO_PATTERN'],
    ['2.9 times the volume', { volume: 289_000 }, 'RVOL_TOO_LOW'],
    ['a pause of trading today', { pause: [20, 26] }, 'HALTED_SYMBOL'],
    ['a report within the week', { stock: { earningsIn: 2 } }, 'EARNINGS_WINDOW'],
    ['expiries of next week only', { expiry: '2026-11-27' }, 'NO_EXPIRY_IN_RANGE'],
  ] as const)('%s', (_what, told, code) => expect(of(decide(told as Partial<Told>))).toMatchObject({ kind: 'pass', code }));
  it('headlines that nobody could be asked for', () => {
    const { news: _news, ...silent } = jumped;
    const w = moved({ volume: 1 });
    addCatalyst(w, silent);
    expect(of(say(w, over_))).toMatchObject({ code: 'NEWS_UNKNOWN' });
  });
});

describe('G-S9-05: a call into a report', () => {
  const years = 2 / 365;
  const sigma = sigmaOf(2, 0.4, 0.065);
  const entry = bsPrice({ right: 'call', spot: 180, strike: 190, years, rate: 0.04, dividendYield: 0, sigma });
  const after = { right: 'call', spot: 180, strike: 190, years: 1.25 / 365, rate: 0.04, dividendYield: 0, sigma: 0.4 } as const;
  it('costs 1.7201 at a volatility of 0.9649', () => {
    near(sigma, 0.964916, 1e-6);
    near(entry, 1.7201);
    near(probabilityBeyond('above', 190 + entry, { spot: 180, years, rate: 0.04, dividendYield: 0 }, sigma), 0.1799);
  });
  it.each([
    [3, 0.08227, 0.1059],
    [5, 0.1029, 0.0619],
  ])('%d times its price takes %d, with a chance of %d', (multiple, move, chance) => {
    const odds = jumpOdds(after, multiple * entry, 0.065);
    near((odds?.level ?? 0) / 180 - 1, move, 1e-5);
    near(odds?.pHit, chance);
  });
  it('the level of a put is reached from above, and one of nothing never', () => {
    const put = { ...after, right: 'put', strike: 170 } as const;
    const level = spotWorth(put, 3) ?? 0;
    near(bsPrice({ ...put, spot: level }), 3);
    expect(jumpOdds(put, 3, 0.065)?.pHit).toBeGreaterThan(0);
    expect(jumpOdds(put, 171, 0.065)).toEqual({ level: 0, pHit: 0 });
  });
  const quiet = { moves: Array.from({ length: 8 }, (_, i) => (i % 2 === 0 ? 0.07 : -0.07)) };
  const decide = (w: World, more: Record<string, unknown> = {}) =>
    say(w, { earnings_universe: ['XYZ'], premium_max_usd: 2.3, min_volume: 50, ...more });
  it('is too unlikely at 0.12, and taken at 0.05', () => {
    expect(passesOf(decide(reportsTonight(quiet)))).toMatchObject([{ subject: 'XYZ', code: 'P_HIT_TOO_LOW' }]);
    const [open] = opensOf(decide(reportsTonight(quiet), { p_hit_min: 0.05 }));
    expect(open).toMatchObject({
      thesis: { play: 'earnings' },
      legs: [{ side: 'buy', instrument: { right: 'call', expiry: '2027-01-29' } }],
    });
    expect(opensOf(decide(reportsTonight({ ...quiet, falling: true }), { p_hit_min: 0.05 }))[0]?.legs[0].instrument).toMatchObject({
      right: 'put',
    });
  });
  it('is not bought where options expect as much as the past brought', () => {
    expect(passesOf(decide(reportsTonight()))).toMatchObject([{ code: 'EDGE_TOO_SMALL' }]);
  });
  it('is not bought where nobody names the time', () => {
    const w = reportsTonight(quiet);
    const known = w.board.earnings('XYZ' as typeof SPY) ?? [];
    w.board.setEarnings(known.map((r) => (r.day === w.day ? { ...r, time: 'UNKNOWN' as const } : r)));
    expect(passesOf(decide(w))).toMatchObject([{ code: 'EARNINGS_TIME_UNKNOWN' }]);
  });
});

describe('G-S9-06: six calls bought at 0.37', () => {
  const P = params();
  /** Bids one after the other, ten seconds apart; what each made of the position. */
  function ride(bids: readonly number[], told: HeldTold = {}, over_: Record<string, unknown> = {}) {
    let left = told.units ?? 6;
    let memory: World['memory'] = null;
    return bids.map((bid, i) => {
      const w = heldAt(bid, bought({ ...told, left }), 12, i);
      const decisions = manage(contextOf({ ...w, memory }, over_ === undefined ? P : params(over_)));
      memory = memoryOf(decisions) ?? memory;
      const [close] = closesOf(decisions);
      if (close === undefined) return 'hold';
      left -= close.qty;
      return `${close.code} ${close.qty}`;
    });
  }
  it('half at 1.11, the rest at 1.08 on the way back from 1.80; the first rung once only', () => {
    expect(ride([1.1, 1.11, 1.6, 1.8, 1.09, 1.08])).toEqual(['hold', 'SCALE_OUT 3', 'hold', 'hold', 'hold', 'TRAIL 3']);
  });
  it('the rest at 1.85', () => expect(ride([1.1, 1.11, 1.6, 1.85])).toEqual(['hold', 'SCALE_OUT 3', 'hold', 'TARGET 3']));
  it('the rest at 1.85, not at 1.84', () => expect(ride([1.11, 1.84])).toEqual(['SCALE_OUT 3', 'hold']));
  it('a single contract whole', () => expect(ride([1.1, 1.11], { units: 1 })).toEqual(['hold', 'TARGET 1']));
  it('the odd one with the half', () => expect(ride([1.11], { units: 5 })).toEqual(['SCALE_OUT 3']));
  it('all at once beyond both targets', () => expect(ride([1.9])).toEqual(['TARGET 6']));
  it('no stop by default, one on two quotes where it is asked for', () => {
    expect(ride([0.1, 0.05])).toEqual(['hold', 'hold']);
    expect(ride([0.18, 0.18], {}, { stop_part: 0.5 })).toEqual(['hold', 'STOP 6']);
    expect(ride([0.18, 0.2, 0.18], {}, { stop_part: 0.5 })).toEqual(['hold', 'hold', 'hold']);
  });
  it('is written down whole', () => {
    const w = heldAt(1.11, bought());
    expectGolden('lotto-s9-06', manage(contextOf(w, P)));
  });
});

describe('the clock', () => {
  const at = (hour: number, minute: number, told: HeldTold = {}, market: Told = {}) =>
    manage(contextOf(heldAt(0.4, bought(told), hour, minute, market), params()));
  it.each([
    [14, 59, undefined],
    [15, 0, 'FLAT_TIME'],
  ])('%d:%d on the last day: %s', (hour, minute, code) => expect(closesOf(at(hour, minute))[0]?.code).toBe(code));
  it('the last hour of the last day is not its own', () => {
    expect(at(15, 1)[0]).toMatchObject({ kind: 'pass', code: 'EXPIRY_DEADLINE' });
  });
  it('an option of Friday is held on', () => {
    expect(closesOf(at(15, 30, { expiry: '2026-11-20', play: 'catalyst' }, { expiry: '2026-11-20' }))).toEqual([]);
  });
  it.each([
    [9, 44, undefined],
    [9, 45, 'TIME_STOP'],
  ])('a report play at %d:%d of the morning after: %s', (hour, minute, code) => {
    const told = { expiry: '2026-11-20', play: 'earnings', openedDay: '2026-11-16' } as const;
    expect(closesOf(at(hour, minute, told, { expiry: '2026-11-20' }))[0]?.code).toBe(code);
  });
  it('shares of an exercise are sold', () => {
    const t = {
      ...bought(),
      held: [{ ...sharePosition('SPY', 100, 606, TUESDAY, 'lotto'), cash: sharePosition('SPY', 100, 606, TUESDAY).cost }],
    };
    expect(closesOf(manage(contextOf(holding(moved(), t), params())))).toMatchObject([{ code: 'ASSIGNED', qty: 100 }]);
  });
});

describe('what is fetched', () => {
  const needs = (w: World, phase: 'entry' | 'manage', over_: Record<string, unknown> = {}) => {
    const ctx = contextOf(w, params(over_));
    return { ...ctx, phase, equity: ctx.account.equity };
  };
  it('the chain of today, of a name that moves', () => {
    expect(lottoScanner.chains(needs(moved(), 'entry'))).toEqual([{ underlying: SPY, dteFrom: 0, dteTo: 0 }]);
    expect(lottoScanner.chains(needs(moved({ volume: 200_000 }), 'entry'))).toEqual([]);
  });
  it('nothing once the week`s plays are open', () => {
    const w = holding(moved(), bought({ name: 'AAA' }), bought({ name: 'BBB' }));
    expect(lottoScanner.watches(needs(w, 'entry')).quotes).toEqual([]);
  });
  it('in the evening, names that report', () => {
    const w = reportsTonight({ moves: Array.from({ length: 8 }, () => 0.07) });
    const asked = needs(w, 'entry', { earnings_universe: ['XYZ', 'AAA'] });
    expect(lottoScanner.watches(asked)).toMatchObject({ quotes: ['XYZ'], intradayBars: [], earnings: ['XYZ', 'AAA'] });
    expect(lottoScanner.chains(asked)).toEqual([{ underlying: 'XYZ', dteFrom: 1, dteTo: 40 }]);
  });
  it('the quotes of what is held', () => {
    expect(lottoScanner.watches(needs(heldAt(0.4, bought()), 'manage')).quotes).toEqual(['SPY', 'SPY261117C00606000']);
  });
});
