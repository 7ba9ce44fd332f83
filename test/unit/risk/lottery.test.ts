// S-59: what is bought to be lost whole is capped here, whatever its strategy asks for.
import { describe, expect, it } from 'vitest';
import { clientOrderId, type StrategyId, strategyId, symbol } from '../../../src/domain/ids.ts';
import { instrumentOf } from '../../../src/domain/instrument.ts';
import { leg, legs } from '../../../src/domain/legs.ts';
import { qty, type Usd, usd } from '../../../src/domain/money.ts';
import { known } from '../../../src/domain/reasons.ts';
import { epochMs, tradingDay } from '../../../src/domain/time.ts';
import type { Trade } from '../../../src/domain/trade.ts';
import type { RuleCheck } from '../../../src/domain/verdict.ts';
import { judge } from '../../../src/risk/gate.ts';
import type { RuleContext } from '../../../src/risk/rule.ts';
import { orderOf } from '../domain/orders.ts';
import { buy, contextOf, limits, micros, positionOf, putSpread, quoteOf, sell } from './contexts.ts';

const lotto = strategyId('lotto');
const call = 'ABC260310C00190000';
const other = 'ABC260310C00195000';
const bought = legs(leg(instrumentOf(symbol(other)), 'buy', 'open'));

/** A play of the class that has paid so many dollars. */
const play = (paid: number, over: Partial<Trade> = {}): Trade => ({
  id: `walk-${paid}-${over.openedDay ?? ''}`,
  owner: lotto,
  underlying: symbol('ABC'),
  legs: bought,
  code: 'ENTRY',
  why: 'a test',
  maxLoss: usd(micros(paid)),
  thesis: null,
  openedAt: epochMs(0),
  openedDay: tradingDay('2026-03-10'),
  units: 1,
  entryCash: usd(-micros(paid)),
  held: [],
  realized: usd(0),
  closedAt: null,
  closedDay: null,
  exit: null,
  ...over,
});

/** An order of the class that sets so many dollars aside for what may yet fill of it. */
const order = (reserve: number, over: Parameters<typeof orderOf>[0] = {}) =>
  orderOf({ strategy: lotto, legs: bought, qty: qty(10), reserve: usd(micros(reserve)), ladder: 'another', state: 'working', ...over });

const finding = (intent: RuleContext['intent'], given: Partial<RuleContext> = {}, by: StrategyId = lotto): RuleCheck | undefined =>
  judge(contextOf(intent, { strategy: by, quote: () => known(quoteOf(call, 0.33, 0.35)), ...given })).checks.find(
    (c) => c.rule === 'LOTTERY_CAP',
  );
const result = (...asked: Parameters<typeof finding>): string | undefined => finding(...asked)?.result;
const nan = Number.NaN as Usd;
const past = { closedAt: epochMs(1), closedDay: tradingDay('2026-03-09'), openedDay: tradingDay('2026-03-09') };
/** Limits under which only the one that is asked about can bind. */
const wide = (over: Partial<typeof limits.lottery>): Partial<RuleContext> => ({
  limits: { ...limits, lottery: { ...limits.lottery, tradePct: 1, dayPct: 1, weekPct: 1, weekTradesMax: 50, ...over } },
});

describe('S-59: one trade of the lottery class', () => {
  it.each([
    ['seven contracts at 0.35 of 100,000 are 245: inside 250', buy(call, 0.35, 7), {}, 'pass'],
    ['eight are 280', buy(call, 0.35, 8), {}, 'deny'],
    ['to the cent', buy(call, 0.5, 5), {}, 'pass'],
    ['a cent a share more', buy(call, 0.51, 5), {}, 'deny'],
    ['of half the equity half as much', buy(call, 0.35, 4), { equity: usd(micros(50_000)) }, 'deny'],
    ['a spread counts what it can lose: 10 wide less 0.95', putSpread('ABC260417P00170000', 'ABC260417P00160000', -0.95), {}, 'deny'],
    [
      'what the same walk has filled already is part of the trade',
      buy(call, 0.35, 3),
      { ladder: 'w', trades: [play(150, { id: 'w' })] },
      'deny',
    ],
    ['and no more than that', buy(call, 0.35, 2), { ladder: 'w', trades: [play(150, { id: 'w' })] }, 'pass'],
    ['equity that is no number', buy(call, 0.35), { equity: nan }, 'deny'],
    ['no equity', buy(call, 0.35), { equity: usd(0) }, 'deny'],
  ] as const)('%s', (_name, intent, given, expected) => {
    expect(result(intent, given)).toBe(expected);
  });
  it('says what was seen and what is allowed, and names the denial', () => {
    expect(finding(buy(call, 0.35, 8))).toEqual({
      rule: 'LOTTERY_CAP',
      result: 'deny',
      observed: 280_000_000,
      limit: 250_000_000,
      unit: 'usd_micros',
    });
    const verdict = judge(contextOf(buy(call, 0.35, 8), { strategy: lotto, quote: () => known(quoteOf(call, 0.33, 0.35)) }));
    expect(verdict).toMatchObject({
      kind: 'denied',
      denial: { code: 'LOTTERY_CAP', why: 'more at stake in one trade than 0.0025 of equity' },
    });
  });
  it('binds no other strategy, and no exit', () => {
    expect(result(buy(call, 0.35, 8), {}, strategyId('mwk'))).toBe('skip');
    expect(result(sell(call, 0.35, 8), { positions: [positionOf(call, 8, lotto)] })).toBe('skip');
  });
  it('takes whoever the class names, and lets go whoever it does not', () => {
    const lottery = { ...limits.lottery, strategies: [strategyId('mwk')] };
    expect(result(buy(call, 0.35, 8), { limits: { ...limits, lottery } }, strategyId('mwk'))).toBe('deny');
    expect(result(buy(call, 0.35, 8), { limits: { ...limits, lottery } })).toBe('skip');
  });
});

describe('S-59: a session of the lottery class', () => {
  const day = wide({ dayPct: 0.005 });
  it.each([
    ['300 of today and 200 more are the 500 of 100,000', buy(call, 0.5, 4), { trades: [play(300)] }, 'pass'],
    ['a cent a share more', buy(call, 0.51, 4), { trades: [play(300)] }, 'deny'],
    [
      'what was closed today was put at stake all the same',
      buy(call, 0.51, 4),
      { trades: [play(300, { closedAt: epochMs(1), closedDay: tradingDay('2026-03-10') })] },
      'deny',
    ],
    ['yesterday is another session', buy(call, 0.51, 4), { trades: [play(300, past)] }, 'pass'],
    ['another class is another budget', buy(call, 0.51, 4), { trades: [play(300, { owner: strategyId('mwk') })] }, 'pass'],
    ['an order that works', buy(call, 0.51, 4), { live: [order(300)] }, 'deny'],
    [
      'an order that has filled in part counts what is open of it, the rest stands with its trade',
      buy(call, 0.5, 4),
      { live: [order(150, { cumQty: 5 })], trades: [play(150, { id: 'another' })] },
      'pass',
    ],
    ['an exit that works puts nothing at stake', buy(call, 0.51, 4), { live: [order(300, { purpose: 'C' })] }, 'pass'],
    ['a reserve that is no number', buy(call, 0.35), { live: [order(0, { reserve: nan })] }, 'deny'],
    ['a stake that is no number', buy(call, 0.35), { trades: [play(1, { entryCash: nan })] }, 'deny'],
    ['what was sold for a credit counts its worst', buy(call, 0.51, 4), { trades: [play(300, { entryCash: usd(micros(50)) })] }, 'deny'],
  ] as const)('%s', (_name, intent, given, expected) => {
    expect(result(intent, { ...day, ...given })).toBe(expected);
  });
  it.each(['submitting', 'unknown', 'absent_watch', 'quarantined'] as const)(
    'counts an order that is %s: it may turn out to have filled',
    (state) => {
      expect(result(buy(call, 0.51, 4), { ...day, live: [order(300, { state })] })).toBe('deny');
    },
  );
  it('denies where there is no session to count in', () => {
    expect(finding(buy(call, 0.35), { session: undefined })).toMatchObject({ result: 'deny', observed: 'closed' });
  });
});

describe('S-59: a week of the lottery class', () => {
  it.each([
    ['Monday and Tuesday together', wide({ weekPct: 0.005 }), buy(call, 0.51, 4), { trades: [play(300, past)] }, 'deny'],
    [
      'the Friday before is another week',
      wide({ weekPct: 0.005 }),
      buy(call, 0.51, 4),
      { trades: [play(300, { ...past, openedDay: tradingDay('2026-03-06') })] },
      'pass',
    ],
    ['a second play', wide({ weekTradesMax: 2 }), buy(call, 0.1), { trades: [play(10, past)] }, 'pass'],
    ['a third', wide({ weekTradesMax: 2 }), buy(call, 0.1), { trades: [play(10, past), play(20)] }, 'deny'],
    [
      'a walk at work may become the second',
      wide({ weekTradesMax: 2 }),
      buy(call, 0.1),
      { trades: [play(10, past)], live: [order(20)] },
      'deny',
    ],
    [
      'a walk that has begun to fill is one trade, not two',
      wide({ weekTradesMax: 2 }),
      buy(call, 0.1),
      { trades: [play(10, { id: 'another' })], live: [order(20)] },
      'pass',
    ],
    [
      'and never counts against itself',
      wide({ weekTradesMax: 1 }),
      buy(call, 0.1),
      { ladder: 'w', trades: [play(10, { id: 'w' })] },
      'pass',
    ],
  ] as const)('%s', (_name, given, intent, more, expected) => {
    expect(result(intent, { ...given, ...more })).toBe(expected);
  });
});

it('keeps two walks of one evaluation apart: the second is judged beside the reserve of the first', () => {
  const id = clientOrderId('wsb1-en-O-260310-bbbbbbbbbbbbbbbb');
  const first = order(250, { id, state: 'recorded' });
  expect(result(buy(call, 0.5, 5), { live: [first] })).toBe('pass');
  expect(result(buy(call, 0.5, 5), { live: [first, order(1, { ladder: 'third' })] })).toBe('deny');
});
