// The same-day seller's worked examples: a context in, decisions out, each with a neighbour that must come out otherwise.
import { describe, expect, it } from 'vitest';
import { symbol } from '../../../src/domain/ids.ts';
import { leg, legs } from '../../../src/domain/legs.ts';
import { known } from '../../../src/domain/reasons.ts';
import { epochMs, SECOND, tradingDay } from '../../../src/domain/time.ts';
import { yearsToExpiry } from '../../../src/market/expiry.ts';
import { bsGreeks, bsPrice } from '../../../src/pricing/black-scholes.ts';
import { payoffAtExpiry } from '../../../src/pricing/payoff.ts';
import { touchProbability } from '../../../src/pricing/touch.ts';
import { settingOf } from '../../../src/strategies/toolkit/context.ts';
import { expiryOdds, netOf, packageOdds } from '../../../src/strategies/toolkit/odds.ts';
import { evaluate } from '../../../src/strategies/zero-dte-credit-spreads/entry.ts';
import { manage } from '../../../src/strategies/zero-dte-credit-spreads/manage.ts';
import { kindOf, leanOf } from '../../../src/strategies/zero-dte-credit-spreads/structure.ts';
import { expectGolden } from './golden.ts';
import { calendar, RATE, type World } from './world.ts';
import { optionOf } from './world-more.ts';
import {
  ask,
  closesIn,
  DAY,
  gate,
  held,
  memoryOf,
  NAME,
  opensOf,
  passesOf,
  risen,
  SPOT,
  sigmaOf,
  soldPuts,
  strikes,
  type Told,
  YIELD,
  zdteWorld,
} from './zdte-worlds.ts';

const NBBO = strikes({ 594: { put: [0.9, 0.93] }, 589: { put: [0.34, 0.36] } });
const codeOf = (w: World, parts = {}) => passesOf(evaluate(ask(w, parts)))[0]?.code;
const years = (hour: number, minute: number) => yearsToExpiry(calendar.instant(tradingDay(DAY), hour, minute), tradingDay(DAY), calendar);
const terms = { spot: SPOT, rate: RATE, dividendYield: YIELD };
const strike = (right: 'put' | 'call', at: number, sigma: number) => ({ ...terms, right, strike: at, years: years(10, 0), sigma });

describe('G-S7-01: the put nearest a delta of 0.20, and the put five dollars under it', () => {
  it('counts the session in minutes', () => expect(years(10, 0)).toBeCloseTo(0.003663004, 9));
  it.each([
    [594, 0.21, -0.2103, 0.9139],
    [593, 0.214, -0.1787, 0.7561],
    [589, 0.23, -0.0895, 0.3483],
  ])('values the put at %d', (at, sigma, delta, value) => {
    expect(sigmaOf(at)).toBeCloseTo(sigma, 12);
    expect(bsGreeks(strike('put', at, sigma)).delta).toBeCloseTo(delta, 4);
    expect(bsPrice(strike('put', at, sigma))).toBeCloseTo(value, 4);
  });
  it('sells 594 over 589', () => {
    const [open] = opensOf(evaluate(ask(risen())));
    expect(open?.legs.map((l) => `${l.side} ${l.instrument.symbol}`)).toEqual(['buy SPY260310P00589000', 'sell SPY260310P00594000']);
    expect(gate(open, 'put delta')).toBeCloseTo(-0.2103, 4);
    expectGolden('zdte-s7-01', [open]);
  });
  it('has a credit of 0.5656 by the model', () => {
    const credit = bsPrice(strike('put', 594, 0.21)) - bsPrice(strike('put', 589, 0.23));
    expect(credit).toBeCloseTo(0.5656, 4);
  });
  it('sells 593 where the band leaves 594 out, and nothing where it leaves all out', () => {
    const [open] = opensOf(evaluate(ask(risen(), { short_delta_target: 0.19, short_delta_max: 0.2, credit_width_min: 0.05 })));
    expect(open?.legs[1]?.instrument.symbol).toBe('SPY260310P00593000');
    expect(codeOf(risen(), { short_delta_min: 0.211, short_delta_target: 0.215, short_delta_max: 0.22 })).toBe('NO_STRIKE_IN_BAND');
  });
});

describe('G-S7-02: price, loss and size', () => {
  const priced = (told: Told = {}) => risen({ strikes: NBBO, ...told });
  it('asks for 0.57 first and 0.56 last, two spreads, losing 444.20 each at worst', () => {
    const [open] = opensOf(evaluate(ask(priced())));
    expect(open?.prices).toEqual({ rungs: [-570_000, -560_000], stepMs: 5_000 });
    expect(open?.qty).toBe(2);
    expect(open?.maxLoss).toBe(888_400_000);
    expect(gate(open, 'credit')).toBe(0.56);
    expectGolden('zdte-s7-02', [open]);
  });
  it('never rounds a size up: two spreads need 88,840 of equity, one 44,420, and less is none', () => {
    const of = (equity: number) => evaluate(ask({ ...priced(), account: { ...priced().account, equity } }));
    expect(opensOf(of(88_840))[0]?.qty).toBe(2);
    expect(opensOf(of(88_839))[0]?.qty).toBe(1);
    expect(opensOf(of(44_420))[0]?.qty).toBe(1);
    expect(passesOf(of(44_419))[0]?.code).toBe('SIZE_ZERO');
  });
  it('knows its levels: bought back at 0.28, stopped at 1.12', () => {
    const [pass] = passesOf(manage(ask(held({ at: [12, 0] }))));
    expect(gate(pass, 'target')).toBe(0.28);
    expect(gate(pass, 'stop')).toBe(1.12);
  });
});

describe('G-S7-03: the odds at a credit of 0.56', () => {
  it('reckons each chance with the volatility of its own level', () => {
    const [open] = opensOf(evaluate(ask(risen())));
    expect(gate(open, 'break-even')).toBe(593.44);
    expect(gate(open, 'chance of a gain')).toBeCloseTo(0.8044, 4);
    expect(1 - Number(gate(open, 'put: chance to end beyond the short strike'))).toBeCloseTo(0.786, 4);
    expect(gate(open, 'put: chance to lose the whole width')).toBeCloseTo(0.0918, 4);
    expect(gate(open, 'put: chance that the short strike is touched')).toBeCloseTo(0.4285, 4);
  });
  it('has 0.21224 at the break-even, and refuses a spread whose chance is too small', () => {
    const ctx = ask(risen());
    const odds = expiryOdds(ctx.market, chainOf(ctx), tradingDay(DAY), settingOfSpot(ctx));
    expect(odds.known && odds.value.sigmaAt(593.44)).toBeCloseTo(0.21224, 4);
    expect(codeOf(risen(), { pop_min: 0.8044 })).toBe('POP_TOO_LOW');
    expect(codeOf(risen(), { pop_min: 0.8043 })).toBeUndefined();
  });
});

const settingOfSpot = (ctx: ReturnType<typeof ask>) => {
  const quote = ctx.market.quote(NAME);
  if (!quote.known) throw new Error('the share is not quoted');
  return settingOf(ctx, NAME, quote.value, ctx.day);
};
const chainOf = (ctx: ReturnType<typeof ask>) => {
  const chain = ctx.market.chain(NAME);
  if (!chain.known) throw new Error('there is no chain');
  return chain.value;
};

describe('G-S7-04: the condor of a day near its mean', () => {
  const package_ = legs(
    leg(optionOf('SPY', DAY, 'put', 594), 'sell', 'open'),
    leg(optionOf('SPY', DAY, 'put', 589), 'buy', 'open'),
    leg(optionOf('SPY', DAY, 'call', 605), 'sell', 'open'),
    leg(optionOf('SPY', DAY, 'call', 610), 'buy', 'open'),
  );
  it('values its calls', () => {
    expect(bsPrice(strike('call', 605, 0.163))).toBeCloseTo(0.6764, 4);
    expect(bsPrice(strike('call', 610, 0.154))).toBeCloseTo(0.0884, 4);
  });
  it('has one width at risk, two break-evens, and the chance to end between them', () => {
    const payoff = payoffAtExpiry(package_, netOf(-1.1536));
    expect(payoff.worstLoss).toBe(384_640_000);
    expect(payoff.breakEvens.map((x) => Number(x.toFixed(3)))).toEqual([592.846, 606.154]);
    const ctx = ask(zdteWorld());
    const odds = expiryOdds(ctx.market, chainOf(ctx), tradingDay(DAY), settingOfSpot(ctx));
    const chance = odds.known ? packageOdds(package_, netOf(-1.1536), odds.value) : odds;
    const gainsWithin = [{ from: expect.closeTo(592.846, 3), to: expect.closeTo(606.154, 3) }];
    expect(chance).toEqual(known({ breakEvens: expect.anything(), gainsWithin, pop: expect.closeTo(0.6738, 4) }));
  });
  it('is sold whole, for the sum of both sides, and not for twice one of them', () => {
    const [open] = opensOf(evaluate(ask(zdteWorld())));
    expect(open?.legs.map((l) => `${l.side} ${l.instrument.symbol.slice(9)}`)).toEqual([
      'buy C00610000',
      'buy P00589000',
      'sell C00605000',
      'sell P00594000',
    ]);
    expect(open?.prices.rungs).toEqual([-1_160_000, -1_150_000]);
    expect(open?.maxLoss).toBe(2 * 385_400_000); // (5 - 1.15) x 100, and eight fees
    expectGolden('zdte-s7-04', [open]);
  });
  it.each([
    [0.249, 'condor'],
    [-0.249, 'condor'],
    [0.25, 'put'],
    [-0.25, 'call'],
  ] as const)('at %d deviations from the mean sells the %s', (z, kind) => expect(kindOf(z, 0.25)).toBe(kind));
  it('measures the lean in deviations of one session', () => {
    expect(leanOf({ spot: 600, vwap: 597, sigma: 0.185 })).toBeCloseTo(3 / (600 * 0.185 * Math.sqrt(1 / 252)), 12);
    const [open] = opensOf(evaluate(ask(zdteWorld({ traded: 603 }))));
    expect(open?.legs.map((l) => l.instrument.symbol.slice(9))).toEqual(['C00610000', 'C00605000']);
  });
  it('asks less of the chance than one side does, but asks it', () => {
    expect(codeOf(zdteWorld(), { pop_condor_min: 0.68 })).toBe('POP_TOO_LOW');
    expect(codeOf(zdteWorld(), { pop_condor_min: 0.67 })).toBeUndefined();
  });
});

describe('G-S7-05: the wing is a listed strike, and the credit is of the two strikes that are traded', () => {
  it('takes the strike exactly the width away', () => {
    expect(gate(opensOf(evaluate(ask(risen())))[0], 'put wing')).toBe(589);
  });
  it('takes the next one further out where that is not listed, and reckons its loss with it', () => {
    const [open] = opensOf(evaluate(ask(risen({ strikes: strikes().filter((s) => s.strike !== 589) }))));
    expect(gate(open, 'put wing')).toBe(588);
    const credit = Number(gate(open, 'credit'));
    expect(open?.maxLoss).toBe(Math.round(((6 - credit) * 100 + 0.2) * 1e6) * (open?.qty ?? 0));
  });
  it('sells nothing where the next one is more than half as far again', () => {
    const gap = strikes().filter((s) => s.strike > 589 || s.strike < 586);
    expect(codeOf(risen({ strikes: [...gap, ...strikes({}, 560, 569)] }))).toBe('NO_STRIKE_IN_BAND');
  });
});

describe('G-S7-06: at noon, with every strike at its own volatility', () => {
  const at = (spot: number, when: readonly [number, number] = [12, 0], memory: World['memory'] = null) => ({
    ...held({ at: when, spot }),
    memory,
  });
  it('costs 0.3962 where the share stands still', () => {
    const [pass] = passesOf(manage(ask(at(600))));
    expect(gate(pass, 'cost to close')).toBeCloseTo(0.3962, 4);
    expect(pass?.code).toBe('HOLD');
  });
  it('reaches the stop of 1.12 at 595.743, 0.71 % down, and is closed when a second quote agrees', () => {
    const first = manage(ask(at(595.743)));
    expect(gate(passesOf(first)[0], 'cost to close')).toBeCloseTo(1.12, 4);
    expect(passesOf(first)[0]?.why).toContain('a second quote');
    const then = at(595.743, [12, 0], memoryOf(first));
    const later = { ...then, at: epochMs(then.at + 5 * SECOND) };
    const [close] = closesIn(manage(ask(later)));
    expect(close).toMatchObject({ code: 'STOP', subject: 'SPY', qty: 2 });
    expect(close?.legs.map((l) => `${l.side} ${l.instrument.symbol.slice(9)}`)).toEqual(['buy P00594000', 'sell P00589000']);
    expectGolden('zdte-s7-06-stop', [close]);
    expect(gate(passesOf(manage(ask(at(595.75))))[0], 'cost to close')).toBeLessThan(1.12);
    expect(memoryOf(manage(ask(at(595.75))))).toMatchObject({ stopSince: {} });
  });
  it('forgets a stop that the second quote does not see', () => {
    const calm = manage(ask(at(600, [12, 1], memoryOf(manage(ask(at(595.743)))))));
    expect(closesIn(calm)).toEqual([]);
    expect(memoryOf(calm)).toMatchObject({ stopSince: {} });
  });
  it('reaches the target of 0.28 with 178 minutes left where the share stands still', () => {
    expect(closesIn(manage(ask(at(600, [13, 1]))))).toEqual([]);
    const [close] = closesIn(manage(ask(at(600, [13, 2]))));
    expect(close).toMatchObject({ code: 'TARGET', qty: 2 });
    expectGolden('zdte-s7-06-target', [close]);
  });
  it('is touched at the short strike about 58 days in a hundred when the strike has a delta of 0.30', () => {
    expect(touchProbability({ ...terms, years: years(10, 0), barrier: 596, sigma: 0.202 })).toBeCloseTo(0.5836, 4);
  });
});

describe('G-S7-07: days and chains', () => {
  it('is allowed on a Tuesday, if today is listed', () => expect(codeOf(risen())).toBeUndefined());
  it('opens nothing on a day that closes early', () => {
    expect(codeOf(risen({ day: '2026-11-27' }))).toBe('EARLY_CLOSE_DAY');
  });
  it('opens nothing above a VIX of 30, and at 30 it does', () => {
    expect(codeOf(risen({ vix: 31 }))).toBe('VIX_TOO_HIGH');
    expect(codeOf(risen({ vix: 30 }))).toBeUndefined();
  });
  it('sells nothing for 0.19, and for 0.20 it does', () => {
    const at = (credit: number) =>
      risen({ strikes: strikes({ 589: { put: [credit + 0.12, credit + 0.14] }, 584: { put: [0.12, 0.14] } }) });
    const only = { credit_width_min: 0, short_delta_min: 0.01, short_delta_target: 0.11 };
    const of = (credit: number) => evaluate(ask(narrow(at(credit)), only));
    expect(passesOf(of(0.2))[0]?.code).toBe('CREDIT_TOO_LOW');
    expect(opensOf(of(0.21))).toHaveLength(1);
  });
  it('needs an expiry today: tomorrow is another strategy', () => {
    expect(codeOf(risen({ expiry: '2026-03-11' }))).toBe('NO_0DTE_LISTED');
    expect(codeOf(risen({ strikes: strikes({}, 581, 619) }))).toBe('NO_0DTE_LISTED'); // 19 a side
    expect(codeOf(risen({ strikes: strikes({}, 580, 620) }))).toBeUndefined();
  });
  it('says so, too, where the listing of today came back empty', () => {
    const full = risen();
    full.board.setChain({ underlying: NAME, from: tradingDay(DAY), to: tradingDay(DAY), rows: [], seen: ask(full).now.mono });
    expect(codeOf(full)).toBe('NO_0DTE_LISTED');
  });
});

/** The same world, with every put but 594 and 589 thinly traded: no other strike can be chosen in their place. */
const narrow = (w: World): World => {
  const chain = w.board.chain(symbol('SPY'));
  if (chain === undefined) throw new Error('there is no chain');
  const kept = new Set(['SPY260310P00589000', 'SPY260310P00584000']);
  w.board.setChain({
    ...chain,
    rows: chain.rows.map((row) =>
      kept.has(row.contract.option.symbol) ? row : { ...row, contract: { ...row.contract, openInterest: 0 } },
    ),
  });
  return w;
};

describe('after a trade of today', () => {
  it('sells no second spread in a name while one is held', () => {
    expect(codeOf(held({ traded: 597 }, soldPuts()))).toBe('ALREADY_HELD');
  });
  it('goes on after a win, and not after a stop', () => {
    const won = soldPuts({ closed: { day: DAY, exit: 'TARGET', realized: 56 } });
    const lost = soldPuts({ closed: { day: DAY, exit: 'STOP', realized: -112 } });
    expect(codeOf(held({ traded: 597 }, won))).toBeUndefined();
    expect(codeOf(held({ traded: 597 }, lost))).toBe('COOLDOWN');
  });
  it('stops at two entries a day', () => {
    const won = (openedAt: string) => soldPuts({ openedAt, closed: { day: DAY, exit: 'TARGET', realized: 56 } });
    expect(codeOf(held({ traded: 597 }, won('09:46'), won('09:55')))).toBe('MAX_POSITIONS');
  });
});
