// What one trade, one strategy and the option book may put at stake.
import { describe, expect, it } from 'vitest';
import { strategyId, symbol } from '../../../src/domain/ids.ts';
import { instrumentOf } from '../../../src/domain/instrument.ts';
import { type Legs, leg, legs } from '../../../src/domain/legs.ts';
import { price, qty, type Usd, usd } from '../../../src/domain/money.ts';
import { absent, known } from '../../../src/domain/reasons.ts';
import { tradingDay } from '../../../src/domain/time.ts';
import type { Ceiling, OrderLimits } from '../../../src/risk/limits-orders.ts';
import type { Rule, RuleContext } from '../../../src/risk/rule.ts';
import { kelly } from '../../../src/risk/rules/kelly.ts';
import { optionBudget } from '../../../src/risk/rules/option-budget.ts';
import { strategyCap } from '../../../src/risk/rules/strategy-cap.ts';
import { tradeRisk } from '../../../src/risk/rules/trade-risk.ts';
import { kellyOf, kellyOfResults, wilsonLower } from '../../../src/risk/trade-results.ts';
import { orderOf } from '../domain/orders.ts';
import {
  buy,
  contextOf,
  cover,
  limits,
  micros,
  owner,
  positionOf,
  putSpread,
  quoteOf,
  sell,
  wideCeiling,
  wideOrders,
  write,
} from './contexts.ts';
import { bought, closedTrade, tradeOf } from './trades.ts';

type Given = Partial<RuleContext>;
/** Units that go through: the quantity itself, fewer, or `deny`; `skip` where the rule does not ask. */
function fits(rule: Rule, intent: RuleContext['intent'], given: Given = {}): number | string {
  const found = rule(contextOf(intent, given));
  if (found.kind === 'resize') return found.qty;
  return found.kind === 'pass' ? (found.check.result === 'skip' ? 'skip' : intent.qty) : found.kind;
}
const bound = (over: Partial<OrderLimits>): Given => ({ limits: { ...limits, orders: { ...wideOrders, ...over } } });
const capped = (over: Partial<Ceiling>, by = owner): Given => bound({ ceilings: new Map([[by, { ...wideCeiling, ...over }]]) });
const nan = Number.NaN as Usd;
const working = (legs_: Legs, reserve: number, over: Parameters<typeof orderOf>[0] = {}) =>
  orderOf({ legs: legs_, reserve: usd(micros(reserve)), state: 'working', ladder: 'another', limit: price(micros(1)), ...over });

const call = 'ABC260417C00190000';
const put = 'ABC260417P00170000';
const lowPut = 'ABC260417P00160000';
const sold = (of: string): Legs => legs(leg(instrumentOf(symbol(of)), 'sell', 'open'));
const spread: Legs = legs(leg(instrumentOf(symbol(put)), 'sell', 'open'), leg(instrumentOf(symbol(lowPut)), 'buy', 'open'));

describe('R-13 TRADE_RISK', () => {
  it('worked rows of premium, of width and of a gap', () => {
    // 1 % of 100,000 at a debit of 1.85: 5; 1.5 % of it: 8.
    expect(fits(tradeRisk, buy(call, 1.85, 20), capped({ tradePct: 0.01 }))).toBe(5);
    expect(fits(tradeRisk, buy(call, 1.85, 20), capped({ tradePct: 0.015 }))).toBe(8);
    // 10 wide for 6.20: 380 each; 2 %: 5; 1 % of 5-wide for 1.20: 2.
    expect(fits(tradeRisk, putSpread(put, lowPut, -6.2, 20), capped({ tradePct: 0.02 }))).toBe(5);
    expect(fits(tradeRisk, putSpread(put, lowPut, -6.2, 20), capped({ tradePct: 0.01 }))).toBe(2);
    // Shares of a name fall by 0.35, of an index fund by 0.15: a stop lessens neither.
    expect(fits(tradeRisk, buy('ABC', 180, 100), capped({ tradePct: 0.04 }))).toBe(63);
    expect(fits(tradeRisk, buy('SPY', 600, 100), capped({ tradePct: 0.04 }))).toBe(44);
  });
  it.each([
    ['to the cent', buy(call, 2, 5), 5],
    ['one more', buy(call, 2, 6), 5],
    ['a single unit that is too large', buy(call, 10.05, 1), 'deny'],
    ['ten units, none of which fits', buy(call, 10.05, 10), 'deny'],
    ['an exit', sell(call, 10, 99), 'skip'],
  ] as const)('a hundredth of 100,000: %s', (_name, intent, expected) => {
    expect(fits(tradeRisk, intent, capped({ tradePct: 0.01 }))).toBe(expected);
  });
  it('counts what the same walk has filled already', () => {
    const filled = { ...capped({ tradePct: 0.01 }), ladder: 'w', trades: [tradeOf(-600, { id: 'w', count: 3 })] };
    expect(fits(tradeRisk, buy(call, 2, 3), filled)).toBe(2);
    expect(fits(tradeRisk, buy(call, 2, 3), { ...filled, ladder: 'v' })).toBe(3);
  });
  it('takes each slice of a core of shares by itself', () => {
    const slice = { ladder: 'w', trades: [tradeOf(-24_000, { id: 'w', count: 40, legs: bought('SPY') })] };
    expect(fits(tradeRisk, buy('SPY', 600, 40), { ...capped({ measure: 'value', tradePct: 0.04 }), ...slice })).toBe(40);
    expect(fits(tradeRisk, buy('SPY', 600, 40), { ...capped({ tradePct: 0.04 }), ...slice })).toBe('deny');
  });
  it('holds a strategy that is stopped out to what the stop gives up as well', () => {
    const stop = { part: 0.4, pct: 0.02 };
    // 6 % is 6,000 of premium; 2 % at a stop that gives up 0.4 is 5,000 of it.
    expect(fits(tradeRisk, buy(call, 10, 6), capped({ tradePct: 0.06 }))).toBe(6);
    expect(fits(tradeRisk, buy(call, 10, 6), capped({ tradePct: 0.06, atStop: stop }))).toBe(5);
    expect(fits(tradeRisk, buy(call, 10, 5), capped({ tradePct: 0.06, atStop: stop }))).toBe(5);
    expect(fits(tradeRisk, buy(call, 10, 9), capped({ tradePct: 0.03, atStop: stop }))).toBe(3);
    expect(fits(tradeRisk, buy(call, 70, 1), capped({ tradePct: 0.06, atStop: stop }))).toBe('deny');
    const filled = { ladder: 'w', trades: [tradeOf(-4_000, { id: 'w', count: 4 })] };
    expect(fits(tradeRisk, buy(call, 10, 2), { ...capped({ tradePct: 0.06, atStop: stop }), ...filled })).toBe(1);
  });
  it('holds puts that are secured by cash to the strikes of their name', () => {
    const wheel = capped({ measure: 'collateral', tradePct: 0.4 });
    expect(fits(tradeRisk, write(put, 2, 2), wheel)).toBe(2); // 34,000 of 40,000
    expect(fits(tradeRisk, write(put, 2, 3), wheel)).toBe(2);
    const held = {
      ...wheel,
      positions: [positionOf(lowPut, -1), positionOf('XYZ260417P00300000', -1), positionOf(put, -1, strategyId('dip'))],
    };
    expect(fits(tradeRisk, write(put, 2, 2), held)).toBe(1); // 16,000 of the name are used
    const atWork = { ...wheel, live: [working(sold(lowPut), 16_000, { qty: qty(2), cumQty: 1, limit: price(micros(-1)) })] };
    expect(fits(tradeRisk, write(put, 2, 2), atWork)).toBe(1);
    expect(fits(tradeRisk, write(call, 2, 2), { ...held, positions: [positionOf('ABC', 200)] })).toBe('skip'); // nothing is added
  });
  it('takes a total fall where the share of a put is not quoted', () => {
    const unquoted: Given = { ...capped({ tradePct: 0.16 }), quote: () => absent('QUOTE_MISSING', 'none') };
    expect(fits(tradeRisk, write(put, 2), { ...unquoted, ...capped({ tradePct: 0.168 }) })).toBe(1);
    expect(fits(tradeRisk, write(put, 2), { ...unquoted, ...capped({ tradePct: 0.1679 }) })).toBe('deny');
  });
  it.each<readonly [string, Given]>([
    ['equity that is no number', { equity: nan }],
    ['no equity', { equity: usd(0) }],
    ['negative equity', { equity: usd(-1) }],
    ['a limit that is no number', capped({ tradePct: Number.NaN })],
    ['a strategy without a ceiling', bound({ ceilings: new Map() })],
  ])('denies: %s', (_name, given) => {
    expect(fits(tradeRisk, buy(call, 2), { ...capped({ tradePct: 0.01 }), ...given })).toBe('deny');
  });
});

describe('R-16 STRATEGY_CAP', () => {
  const three = capped({ strategyPct: 0.03 });
  it.each([
    ['alone', {}, 15],
    ['beside an open trade of 1,000', { trades: [tradeOf(-1_000)] }, 10],
    ['beside half a trade of 1,000', { trades: [{ ...tradeOf(-1_000, { count: 10 }), held: tradeOf(-500, { count: 5 }).held }] }, 12],
    ['beside a trade that is closed', { trades: [closedTrade(-1_000)] }, 15],
    ['beside a trade of another strategy', { trades: [{ ...tradeOf(-2_900), owner: strategyId('dip') }] }, 15],
    ['beside 1,000 that an opening at work sets aside', { live: [working(bought(put), 1_000)] }, 10],
    ['beside one of uncertain fate', { live: [working(bought(put), 1_000, { state: 'unknown' })] }, 10],
    ['beside one of another strategy', { live: [working(bought(put), 1_000, { strategy: strategyId('dip') })] }, 15],
    ['beside a way out at work', { live: [working(bought(put), 1_000, { purpose: 'C' })] }, 15],
    ['with nothing left', { trades: [tradeOf(-3_000)] }, 'deny'],
    ['with less than a unit left', { trades: [tradeOf(-2_900)] }, 'deny'],
  ] as const)('3,000 of 100,000 in units of 200: %s', (_name, given, expected) => {
    expect(fits(strategyCap, buy(call, 2, 15), { ...three, ...(given as Given) })).toBe(expected);
  });
  const yesterday = tradingDay('2026-03-09');
  const lastWeek = tradingDay('2026-03-06');
  it.each([
    ['day', closedTrade(500, '2026-03-10', { entryCash: usd(micros(-1_000)) }), 10],
    ['day', closedTrade(500, yesterday, { entryCash: usd(micros(-1_000)) }), 15],
    ['day', tradeOf(-1_000, { openedDay: lastWeek }), 10],
    ['week', closedTrade(500, yesterday, { entryCash: usd(micros(-1_000)) }), 10],
    ['week', closedTrade(500, lastWeek, { entryCash: usd(micros(-1_000)) }), 15],
    ['open', closedTrade(500, '2026-03-10', { entryCash: usd(micros(-1_000)) }), 15],
    ['day', closedTrade(-500, '2026-03-10', { entryCash: usd(micros(400)), maxLoss: usd(micros(1_000)) }), 10],
  ] as const)('over a %s', (over, trade, expected) => {
    expect(fits(strategyCap, buy(call, 2, 15), { ...capped({ strategyPct: 0.03, over }), trades: [trade] })).toBe(expected);
  });
  it('denies a span that has no session to count in', () => {
    expect(fits(strategyCap, buy(call, 2), { ...capped({ strategyPct: 0.03, over: 'day' }), session: undefined })).toBe('deny');
    expect(fits(strategyCap, buy(call, 2), { ...three, session: undefined })).toBe(1);
  });
  it('holds puts secured by cash to all their strikes', () => {
    const half = capped({ measure: 'collateral', strategyPct: 0.5 });
    expect(fits(strategyCap, write(put, 2, 3), half)).toBe(2);
    expect(fits(strategyCap, write(put, 2, 2), { ...half, positions: [positionOf('XYZ260417P00300000', -1)] })).toBe(1);
    expect(fits(strategyCap, write(put, 2, 2), { ...half, positions: [positionOf('XYZ260417P00300000', -1, strategyId('dip'))] })).toBe(2);
    expect(fits(strategyCap, write(put, 2, 2), { ...half, positions: [positionOf('XYZ260417P00300000', 1), positionOf(call, -1)] })).toBe(
      2,
    );
  });
  it('holds a core of shares to what they are worth at the ask', () => {
    const core = capped({ measure: 'value', strategyPct: 0.6 });
    expect(fits(strategyCap, buy('SPY', 600, 101), core)).toBe(100);
    expect(fits(strategyCap, buy('SPY', 600, 50), { ...core, positions: [positionOf('SPY', 60)] })).toBe(39); // 60 x 600.10 = 36,006
    expect(fits(strategyCap, buy('SPY', 600, 50), { ...core, live: [working(bought('SPY'), 36_006)] })).toBe(39);
    expect(fits(strategyCap, buy('SPY', 600), { ...core, positions: [positionOf('NOPE', 1)] })).toBe('deny');
    expect(fits(strategyCap, buy('SPY', 600), { ...core, positions: [positionOf('NOPE', 1, strategyId('dip'))] })).toBe(1);
  });
  it.each([
    ['equity that is no number', { equity: nan }],
    ['no equity', { equity: usd(0) }],
    ['a limit that is no number', capped({ strategyPct: Number.NaN })],
    ['a strategy without a ceiling', bound({ ceilings: new Map() })],
  ] as const)('denies: %s', (_name, given) => {
    expect(fits(strategyCap, buy(call, 2), { ...three, ...given })).toBe('deny');
  });
  it('asks no exit', () => {
    expect(fits(strategyCap, cover(put, 2), { ...three, equity: nan })).toBe('skip');
  });
});

describe('R-17 OPTION_BUDGET', () => {
  const dip = strategyId('dip');
  const budget = { strategies: [owner, dip], longPremiumPct: 0.15, shortLossPct: 0.25, nearExpiryPct: 0.05, nearExpiryDays: 7 };
  const of = (over: Partial<typeof budget> = {}): Given => bound({ budget: { ...budget, ...over } });
  const near = 'ABC260317C00190000'; // seven calendar days ahead
  const later = 'ABC260318C00190000';
  it.each([
    ['premium bought, 15 % of 100,000', buy(call, 10, 20), {}, 15],
    ['beside premium of another strategy', buy(call, 10, 20), { trades: [{ ...tradeOf(-10_000), owner: dip }] }, 5],
    ['beside premium at work', buy(call, 10, 20), { live: [working(bought(put), 10_000, { strategy: dip })] }, 5],
    ['what is sold has another part', buy(call, 10, 15), { trades: [tradeOf(95, { legs: spread, count: 20 })] }, 15],
    [
      'a strategy outside the budget does not count',
      buy(call, 10, 15),
      { trades: [{ ...tradeOf(-10_000), owner: strategyId('leaps') }] },
      15,
    ],
    ['closed trades do not count', buy(call, 10, 15), { trades: [closedTrade(0)] }, 15],
    ['worst loss of what is sold, 25 %: 905 a spread', putSpread(put, lowPut, -0.95, 40), {}, 27],
    ['expiring within seven days, 5 %', buy(near, 10, 20), {}, 5],
    ['the day after', buy(later, 10, 20), {}, 15],
    ['beside what expires as soon', buy(near, 10, 5), { trades: [tradeOf(-3_000, { legs: bought(near) })] }, 2],
    ['beside what expires later', buy(near, 10, 5), { trades: [tradeOf(-3_000)] }, 5],
    ['nothing is left', buy(call, 10), { trades: [tradeOf(-15_000)] }, 'deny'],
    ['shares are no options', buy('ABC', 180), {}, 'skip'],
    ['an exit', sell(call, 10), {}, 'skip'],
  ] as const)('%s', (_name, intent, given, expected) => {
    expect(fits(optionBudget, intent, { ...of(), ...(given as Given) })).toBe(expected);
  });
  it('denies what has no bound: a call sold beside a put', () => {
    const strangle: Legs = legs(leg(instrumentOf(symbol(call)), 'sell', 'open'), leg(instrumentOf(symbol(put)), 'sell', 'open'));
    expect(fits(optionBudget, { ...buy(call, -2), legs: strangle }, of({ shortLossPct: 1_000 }))).toBe('deny');
  });
  it('leaves strategies with ceilings of their own alone', () => {
    expect(fits(optionBudget, buy(call, 10, 99), { ...of(), strategy: strategyId('leaps') })).toBe('skip');
  });
  it.each([
    ['equity that is no number', { equity: nan }],
    ['no session', { session: undefined }],
    ['a limit that is no number', of({ longPremiumPct: Number.NaN })],
    ['a near limit that is no number', of({ nearExpiryPct: Number.NaN })],
  ] as const)('denies: %s', (_name, given) => {
    expect(fits(optionBudget, buy(near, 10), { ...of(), ...given })).toBe('deny');
  });
});

describe('R-34 KELLY', () => {
  it('worked parts of capital', () => {
    expect(kellyOf(0.4, 2)).toBeCloseTo(0.1, 12);
    expect(kellyOf(0.4, 2) * 0.25).toBeCloseTo(0.025, 12);
    expect(kellyOf(0.55, 0.8)).toBeCloseTo(-0.0125, 12);
    expect(kellyOf(0.6, Number.POSITIVE_INFINITY)).toBe(0.6);
  });
  it('bounds odds from below', () => {
    // Wilson at z = 1.281552: 30 of 50 and 0 of 50, by hand.
    expect(wilsonLower(30, 50)).toBeCloseTo(0.50937, 4);
    expect(wilsonLower(0, 50)).toBeCloseTo(0, 12);
    expect(wilsonLower(50, 50)).toBeCloseTo(50 / (50 + 1.281552 ** 2), 12);
    expect(wilsonLower(300, 500)).toBeGreaterThan(wilsonLower(30, 50));
  });
  const record = (wins: number, win: number, losses: number, loss: number) => [
    ...Array.from({ length: wins }, () => closedTrade(win)),
    ...Array.from({ length: losses }, () => closedTrade(-loss)),
  ];
  const wide = bound({});
  it('binds from fifty own closed trades on', () => {
    const bad = record(10, 100, 40, 100);
    expect(fits(kelly, buy(call, 2, 5), { ...wide, trades: bad })).toBe('deny');
    expect(fits(kelly, buy(call, 2, 5), { ...wide, trades: bad.slice(1) })).toBe('skip');
    expect(fits(kelly, buy(call, 2, 5), { ...wide, trades: bad.map((t) => ({ ...t, owner: strategyId('dip') })) })).toBe('skip');
    expect(fits(kelly, sell(call, 2, 5), { ...wide, trades: bad })).toBe('skip');
  });
  it('cuts to a quarter of the growth-optimal bet by the lower bound', () => {
    const trades = record(30, 200, 20, 100); // p 0.50937, b 2: f* = 0.26406, a quarter of it 6,601 of 100,000
    expect(kellyOfResults(trades.map((t) => t.realized))).toBeCloseTo(0.26406, 4);
    expect(fits(kelly, buy(call, 10, 6), { ...wide, trades })).toBe(6);
    expect(fits(kelly, buy(call, 10, 7), { ...wide, trades })).toBe(6);
    expect(fits(kelly, buy(call, 70), { ...wide, trades })).toBe('deny');
    expect(fits(kelly, buy(call, 10, 6), { ...wide, trades: [...trades, tradeOf(-1_000, { id: 'w' })], ladder: 'w' })).toBe(5);
  });
  it('opens nothing on a record without a win, and bets on one without a loss', () => {
    expect(fits(kelly, buy(call, 2), { ...wide, trades: record(0, 0, 50, 100) })).toBe('deny');
    expect(fits(kelly, buy(call, 2), { ...wide, trades: record(50, 100, 0, 0) })).toBe(1);
  });
  it('denies where equity is no number', () => {
    expect(fits(kelly, buy(call, 2), { ...wide, equity: nan, trades: record(50, 100, 0, 0) })).toBe('deny');
  });
});

describe('a quote', () => {
  it('of shares that is no number denies the core', () => {
    const core = capped({ measure: 'value', strategyPct: 0.6 });
    const broken = { ...quoteOf('SPY', 1, 1), ask: Number.NaN as never };
    expect(fits(strategyCap, buy('SPY', 600), { ...core, positions: [positionOf('SPY', 1)], quote: () => known(broken) })).toBe('deny');
  });
});
