// The debit call spreads' worked examples: a context in, decisions out, each with a neighbour that must come out otherwise.
import { describe, expect, it } from 'vitest';
import { symbol } from '../../../src/domain/ids.ts';
import { tradingDay } from '../../../src/domain/time.ts';
import { bsPrice } from '../../../src/pricing/black-scholes.ts';
import { evaluate } from '../../../src/strategies/debit-call-spreads/entry.ts';
import { levels } from '../../../src/strategies/debit-call-spreads/held.ts';
import { manage } from '../../../src/strategies/debit-call-spreads/manage.ts';
import { type Frame, judgeSpread, prospectAt, rewardRisk } from '../../../src/strategies/debit-call-spreads/spread.ts';
import { settingOf } from '../../../src/strategies/toolkit/context.ts';
import { type Outcome, settle } from '../../../src/strategies/toolkit/gates.ts';
import { expiryOdds } from '../../../src/strategies/toolkit/odds.ts';
import type { Pair } from '../../../src/strategies/toolkit/pairs.ts';
import { rowsOf, type ValuedRow, valuedRows } from '../../../src/strategies/toolkit/select.ts';
import { quotedLegs } from '../../../src/strategies/toolkit/structure.ts';
import { trendScore } from '../../../src/strategies/toolkit/trend.ts';
import { dividends, EXPIRY, heldMarket, marketOn, NAME, params, quoted, smile, spread, stopSeen, withCalls } from './dcs-worlds.ts';
import { expectGolden } from './golden.ts';
import { closesOf, gate, opensOf, passesOf } from './wheel-worlds.ts';
import { contextOf, type World } from './world.ts';

const expiry = tradingDay(EXPIRY);
const P = params();

/** What every pair of the example is judged against. */
function frameOf(w: World): { readonly frame: Frame; row(strike: number): ValuedRow } {
  const ctx = contextOf(w, P);
  const quote = ctx.market.quote(symbol(NAME));
  const chain = ctx.market.chain(symbol(NAME));
  if (!quote.known || !chain.known) throw new Error('the example has a market');
  const setting = settingOf(ctx, symbol(NAME), quote.value, expiry);
  const odds = expiryOdds(ctx.market, chain.value, expiry, setting);
  if (!odds.known) throw new Error(odds.why);
  const rows = valuedRows(rowsOf(chain.value.rows, 'call', expiry), setting, (s) => ctx.market.quote(s));
  return {
    frame: { name: symbol(NAME), expiry, spot: setting.spot, odds: odds.value, trend: 0.7, ivRank: 36 },
    row(strike) {
      const found = rows.find((r) => r.option.strike === strike * 1e6);
      if (found === undefined) throw new Error(`no strike ${strike}`);
      return found;
    },
  };
}

const pairOf = (w: World, long: number, short: number): Pair => {
  const { row } = frameOf(w);
  return { long: row(long), short: row(short) };
};

const valueOf = <T>(outcome: Outcome<T>): T => {
  if (!outcome.ok) throw new Error(outcome.why);
  return outcome.value;
};

/** What a pair promises at a debit. */
function prospect(w: World, long: number, short: number, debit: number) {
  const { market } = contextOf(w, P);
  const pair = pairOf(w, long, short);
  const legs = quotedLegs(market, [
    { option: pair.long.option, side: 'buy', ratio: 1 },
    { option: pair.short.option, side: 'sell', ratio: 1 },
  ]);
  if (!legs.known) throw new Error(legs.why);
  return valueOf(settle(prospectAt(legs.value, short - long, debit, frameOf(w).frame.odds)));
}

describe('G-S3-01: prices and deltas of the strikes', () => {
  it.each([
    [185, 8.3097, 0.5662],
    [190, 5.769, 0.4551],
    [195, 3.7977, 0.3453],
    [200, 2.3816, 0.2469],
  ])('of %d', (strike, value, delta) => {
    const w = marketOn({ strikes: smile });
    const row = frameOf(w).row(strike);
    const sigma = smile.find((s) => s.strike === strike)?.sigma ?? 0;
    expect(bsPrice({ right: 'call', spot: 186.4, strike, years: 36 / 365, rate: 0.04, dividendYield: 0, sigma })).toBeCloseTo(value, 4);
    expect(row.sigma).toBeCloseTo(sigma, 4);
    expect(Math.abs(row.delta - delta)).toBeLessThan(1e-4);
  });
  it('make 185/195 the pair nearest the two deltas', () => {
    const [open] = opensOf(evaluate(contextOf(marketOn({ strikes: smile }), P)));
    expect(open?.legs.map((l) => `${l.side} ${l.instrument.symbol}`)).toEqual(['buy NVDA260417C00185000', 'sell NVDA260417C00195000']);
  });
  it('and another pair when the short band leaves 195 out', () => {
    const narrow = params({ short_delta_max: 0.34, pop_min: 0.3 });
    const [open] = opensOf(evaluate(contextOf(marketOn({ strikes: smile }), narrow)));
    expect(open?.legs[1]?.instrument.symbol).toBe('NVDA260417C00200000');
  });
});

describe('G-S3-02: 185/195 with quotes', () => {
  const decisions = () => evaluate(contextOf(marketOn(), P));
  it('is accepted: reward to risk 1.2026, break-even 189.54, chance 0.4279 with that level`s own volatility', () => {
    const [open] = opensOf(decisions());
    expect(gate(open, 'last price')).toBe(4.54);
    expect(gate(open, 'reward to risk at the last price')).toBeCloseTo(1.2026, 4);
    expect(gate(open, 'break-even at the last price')).toBeCloseTo(189.54, 9);
    expect(gate(open, 'volatility at that break-even')).toBeCloseTo(0.302736, 4);
    expect(Math.abs(Number(gate(open, 'chance of a gain at the last price')) - 0.4279)).toBeLessThan(1e-4);
    expectGolden('dcs-s3-02', decisions());
  });
  it('is three spreads of 100,000: greatest loss 1,362.60 with fees, greatest profit 1,638 without', () => {
    const [open] = opensOf(decisions());
    expect(open?.qty).toBe(3);
    expect(open?.maxLoss).toBe(1_362_600_000);
    expect(gate(open, 'greatest profit, dollars')).toBe(1_638);
  });
  it.each([
    [45_420, undefined, 1],
    [30_279, 'SIZE_ZERO', 0],
    [30_280, undefined, 1],
  ])('never rounds a size up: equity of %d', (equity, code, units) => {
    const w = { ...marketOn(), account: { equity, settledCash: equity, optionsBuyingPower: equity, ageMs: 0 } };
    const all = evaluate(contextOf(w, P));
    expect(opensOf(all)[0]?.qty ?? 0).toBe(units);
    expect(passesOf(all)[0]?.code).toBe(code);
  });
  it('takes its profit at 7.27 and its loss at 2.27', () => {
    const { target, stop } = levels(4.54, 10, P);
    expect(target).toBeCloseTo(7.27, 9);
    expect(stop).toBeCloseTo(2.27, 9);
  });
  it('closes at a mark of 7.27, and not a cent below', () => {
    // Mids 10.47 - 3.20 = 7.27, then 10.46 - 3.20 = 7.26
    const at = (bid: number) => manage(contextOf(heldMarket({ 185: [bid, bid + 0.1], 195: [3.15, 3.25] }), P));
    const [close] = closesOf(at(10.42));
    expect(close).toMatchObject({ code: 'TARGET', qty: 3, subject: NAME });
    expect(close?.prices.rungs[0]).toBe(-7_270_000);
    expect(close?.prices.rungs.at(-1)).toBe(-7_170_000);
    expect(closesOf(at(10.41))).toEqual([]);
    expectGolden('dcs-s3-02-target', at(10.42));
  });
  it('closes at a mark of 2.27 on the second of two quotes, and not a cent above', () => {
    const of = spread();
    const world = (bid: number) => heldMarket({ 185: [bid, bid + 0.1], 195: [1.9, 2.0] }, {}, of);
    const at = (bid: number, secondsAgo: number) => {
      const w = world(bid);
      return manage(contextOf({ ...w, memory: stopSeen(w, of, secondsAgo) }, P));
    };
    const [close] = closesOf(at(4.17, 5)); // mids 4.22 - 1.95 = 2.27
    expect(close).toMatchObject({ code: 'STOP', qty: 3 });
    expect(closesOf(at(4.18, 5))).toEqual([]);
    expect(closesOf(at(4.17, 4))).toEqual([]);
    expect(closesOf(manage(contextOf(world(4.17), P)))).toEqual([]);
    expectGolden('dcs-s3-02-stop', at(4.17, 5));
  });
});

describe('G-S3-03: the ladder of 02', () => {
  it('ends at 4.54, where reward to risk is still 1.20: 4.51 4.51 4.52 4.53 4.54, a repeated rung sent once', () => {
    const [open] = opensOf(evaluate(contextOf(marketOn(), P)));
    expect(open?.prices.rungs).toEqual([4_510_000, 4_520_000, 4_530_000, 4_540_000]);
    expect(open?.prices.stepMs).toBe(10_000);
  });
  it('never reaches 4.55, and would go to 4.59 if less were asked', () => {
    expect(rewardRisk(10, 4.55)).toBeCloseTo(1.1978, 4);
    expect(rewardRisk(10, 4.59)).toBeCloseTo(1.1786, 4);
    expect(10 / 2.2).toBeCloseTo(4.5454, 3);
    const [open] = opensOf(evaluate(contextOf(marketOn(), params({ reward_risk_min: 1.1 }))));
    expect(open?.prices.rungs.at(-1)).toBe(4_590_000);
  });
  it('is not begun when even the first rung promises too little', () => {
    const [refused] = passesOf(evaluate(contextOf(marketOn(), params({ reward_risk_min: 1.22, expiries_max: 1 }))));
    expect(refused?.code).toBe('RR_TOO_LOW');
    expect(gate(refused, 'reward to risk')).toBeCloseTo(1.2173, 4);
  });
  it('stops where the chance of a gain would fall under its least', () => {
    const [open] = opensOf(evaluate(contextOf(marketOn(), params({ pop_min: 0.4283 }))));
    const [all] = opensOf(evaluate(contextOf(marketOn(), P)));
    expect(Number(gate(open, 'chance of a gain at the last price'))).toBeGreaterThanOrEqual(0.4283);
    expect(open?.prices.rungs.at(-1)).toBeLessThan(all?.prices.rungs.at(-1) ?? 0);
  });
});

describe('G-S3-04: 185/200 at 5.98', () => {
  const wide = () => marketOn({ strikes: withCalls({ ...quoted, 200: [2.28, 2.38] }) });
  it('has a reward to risk of 1.5084 and a chance of 0.3965', () => {
    const p = prospect(wide(), 185, 200, 5.98);
    expect(p.rewardRisk).toBeCloseTo(1.5084, 4);
    expect(p.breakEven).toBeCloseTo(190.98, 9);
    expect(Math.abs(p.pop - 0.3965)).toBeLessThan(1e-4);
  });
  it('is refused for its chance', () => {
    const w = wide();
    const outcome = settle(judgeSpread(contextOf(w, P), pairOf(w, 185, 200), frameOf(w).frame));
    expect(outcome).toMatchObject({ ok: false, code: 'POP_TOO_LOW' });
  });
  it('is the reason of the name where 195 is not listed', () => {
    const without = withCalls({ ...quoted, 200: [2.28, 2.38] }).filter((s) => s.strike !== 195);
    const decisions = evaluate(contextOf(marketOn({ strikes: without }), P));
    expect(passesOf(decisions)[0]?.code).toBe('POP_TOO_LOW');
    expectGolden('dcs-s3-04', decisions);
  });
  it('is taken by whom a chance of 0.39 is enough', () => {
    const w = wide();
    const ctx = contextOf(w, params({ pop_min: 0.39 }));
    expect(settle(judgeSpread(ctx, pairOf(w, 185, 200), frameOf(w).frame)).ok).toBe(true);
  });
});

describe('G-S3-05: 200/205 at 0.9492', () => {
  const w = () => marketOn({ strikes: smile });
  it('promises 4.27 for 1 with a chance of 0.2036', () => {
    const p = prospect(w(), 200, 205, 0.9492);
    expect(p.rewardRisk).toBeCloseTo(4.2676, 3);
    expect(Math.abs(p.pop - 0.2036)).toBeLessThan(1e-4);
  });
  it('is refused by its deltas, and by its chance where those do not bind', () => {
    const world = w();
    const judge = (over: Record<string, unknown>) =>
      settle(judgeSpread(contextOf(world, params(over)), pairOf(world, 200, 205), frameOf(world).frame));
    expect(judge({})).toMatchObject({ ok: false, code: 'NO_STRIKE_IN_BAND' });
    expect(judge({ long_delta_min: 0.1, short_delta_min: 0.1 })).toMatchObject({ ok: false, code: 'POP_TOO_LOW' });
  });
});

describe('G-S3-06: trend, and the dividend of a short call', () => {
  it('scores 0.7610', () => {
    expect(trendScore({ ma: 1, roc20: 0.084, aboveEma20: 0.75, volumeRatio: 1.12 })).toBeCloseTo(0.761, 9);
    expect(trendScore({ ma: 0.6, roc20: 0.084, aboveEma20: 0.75, volumeRatio: 1.12 })).toBeCloseTo(0.621, 9);
  });
  const held = (bid: number, exDay: string) => {
    const calls = { 185: [27.2, 27.4], 200: [bid, bid + 0.1] } as const;
    const w = heldMarket(calls, { spot: 212, stock: { from: 180 } }, spread({ short: 200, debit: 5.98 }));
    dividends(w, [{ exDay, amount: 0.85 }]);
    return manage(contextOf(w, P));
  };
  it('closes the spread when the short 200 call at 12.30 holds 0.30 of time value against a dividend of 0.85 tomorrow', () => {
    const decisions = held(12.3, '2026-03-13');
    const [close] = closesOf(decisions);
    expect(close).toMatchObject({ code: 'EXDIV_RISK', qty: 3 });
    expect(gate(close, 'time value at the bid')).toBeCloseTo(0.3, 9);
    expectGolden('dcs-s3-06', decisions);
  });
  it('does so on the second session before, too', () => {
    expect(closesOf(held(12.3, '2026-03-16'))[0]?.code).toBe('EXDIV_RISK');
  });
  it.each([
    ['a time value of the dividend', 12.85, '2026-03-13'],
    ['a dividend three sessions away', 12.3, '2026-03-17'],
    ['a dividend that went ex today', 12.3, '2026-03-12'],
  ])('does not for %s', (_what, bid, exDay) => {
    expect(closesOf(held(bid, exDay)).map((c) => c.code)).not.toContain('EXDIV_RISK');
  });
});
