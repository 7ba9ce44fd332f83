// The worked orders on the worked book under the shipped limits, through the whole gate: G-2 to G-18. G-1 stands with the exposure rules,
// G-16 with the engine, whose turn it needs.
import { describe, expect, it } from 'vitest';
import { strategyId, symbol } from '../../../src/domain/ids.ts';
import { equity } from '../../../src/domain/instrument.ts';
import { leg, legs } from '../../../src/domain/legs.ts';
import { usd } from '../../../src/domain/money.ts';
import { known } from '../../../src/domain/reasons.ts';
import { after } from '../../../src/domain/time.ts';
import type { DenialCode, RuleCheck } from '../../../src/domain/verdict.ts';
import { judge } from '../../../src/risk/gate.ts';
import type { RuleContext } from '../../../src/risk/rule.ts';
import { buyingPower } from '../../../src/risk/rules/cover.ts';
import { orderOf } from '../domain/orders.ts';
import { buy, conduct, micros, noLosses, nowAt, owner, quoteOf, sell, write } from './contexts.ts';
import { spyLong, xyzPut } from './portfolio/worked-book.ts';
import { workedContext, workedQuote } from './shipped.ts';

type Given = Partial<RuleContext>;
const noon = nowAt(12).exchange;
const at = (seconds: number) => after(noon, seconds * 1_000);
const wheel = strategyId('wheel');
const zdte = strategyId('zdte');
const shares = legs(leg(equity(symbol('ABC')), 'buy', 'open'));
const sellsSpy = legs(leg(equity(symbol('SPY')), 'sell', 'close'));
const old = (of: string, bid: number, ask: number): Given => ({ quote: () => known(quoteOf(of, bid, ask, 20_000)) });
const knowing = (over: Partial<RuleContext['conduct']>): Given => ({ conduct: { ...conduct, settled: usd(micros(69_460.28)), ...over } });
const twin = orderOf({ strategy: owner, legs: shares, state: 'filled', cumQty: 55, recordedAt: at(-59) });
const crossing = orderOf({ strategy: zdte, purpose: 'C', legs: sellsSpy, state: 'working', reserve: usd(0) });
const five = ['dip', 'mwk', 'dcs', 'swing', 'zdte'].map((id, i) => ({
  ladder: id,
  strategy: strategyId(id),
  underlying: symbol(`N${id.toUpperCase()}`),
  at: at(-2 + i / 4),
}));
const burst = [-30, -15, 0].map((s) => ({ kind: 'reject', at: at(s) }) as const);

describe('a worked order', () => {
  it.each<readonly [string, RuleContext['intent'], Given, DenialCode | 'cleared']>([
    ['G-2: 55 ABC at 180', buy('ABC', 180, 55), {}, 'cleared'],
    ['G-3: 10 ABC at 210', buy('ABC', 210, 10), {}, 'COLLAR'],
    ['G-4: the 55 again within a minute', buy('ABC', 180, 55), { recent: [twin] }, 'DUPLICATE'],
    ['G-5: one more put of a name whose strikes are full', write(xyzPut.symbol, 1.8), { strategy: wheel }, 'TRADE_RISK'],
    ['G-6: halted, 60 SPY are sold', sell('SPY', 500, 60), { halts: ['a person said so'] }, 'cleared'],
    ['G-7: 61 of 60 SPY', sell('SPY', 500, 61), {}, 'NAKED'],
    ['G-9: a day of -3.5 %', buy('ABC', 180, 10), { losses: { ...noLosses, day: known(-0.035) } }, 'DAILY_LOSS'],
    ['G-10: a quote of twenty seconds', buy('ABC', 180, 10), old('ABC', 179.9, 180.1), 'STALE'],
    ['G-10: the same for a way out', sell('SPY', 500, 10), old('SPY', 499.9, 500.1), 'cleared'],
    ['G-11: the sixth opening within two seconds', buy('ABC', 180, 10), knowing({ sent: five }), 'RATE'],
    ['G-11: the fifth', buy('ABC', 180, 10), knowing({ sent: five.slice(1) }), 'cleared'],
    [
      'G-12: an option at 2.00 by 2.60',
      buy('AAPL260424C00210000', 2.3),
      { ...old('x', 2, 2.6), quote: (of) => (of.length > 5 ? known(quoteOf(of, 2, 2.6)) : workedQuote(of)), strategy: strategyId('swing') },
      'SPREAD_WIDE',
    ],
    ['G-13: the long leg of the spread alone', sell(spyLong.symbol, 2.03), { strategy: zdte }, 'NAKED'],
    ['G-14: SPY against a sale at work', buy('SPY', 500), { live: [crossing] }, 'SELF_CROSS'],
    ['G-15: after three refusals in a minute', buy('ABC', 180, 10), knowing({ faults: burst }), 'ERRORS'],
    ['G-17: the account was never read', buy('ABC', 180, 10), { equity: usd(0), accountAgeMs: Number.POSITIVE_INFINITY }, 'STALE'],
    ['G-18: half a share', sell('SPY', 500), { qty: 0.5 }, 'SHAPE'],
  ])('%s', (_name, intent, given, expected) => {
    const verdict = judge(workedContext(intent, given));
    expect(verdict.kind === 'cleared' ? 'cleared' : verdict.denial.code).toBe(expected);
  });

  const row = (intent: RuleContext['intent'], rule: DenialCode, given: Given = {}): RuleCheck | undefined =>
    judge(workedContext(intent, given)).checks.find((c) => c.rule === rule);

  it('G-3 is told the greatest limit', () => {
    expect(row(buy('ABC', 210, 10), 'COLLAR')).toMatchObject({ observed: micros(210), limit: micros(185.4) });
  });
  it('G-5: six are more than the cash that is left, five are not, and none fits the name', () => {
    const puts = (n: number) => buyingPower(workedContext(write(xyzPut.symbol, 1.8, n), { strategy: wheel }));
    expect(puts(6)).toMatchObject({ kind: 'deny', check: { observed: micros(57_000), limit: micros(53_960.28) } });
    expect(puts(5).kind).toBe('pass');
    expect(row(write(xyzPut.symbol, 1.8), 'TRADE_RISK', { strategy: wheel })).toMatchObject({
      observed: micros(19_000),
      limit: micros(10_000),
    });
  });
  it('G-8: a call of XYZ without shares is naked', () => {
    const call = 'XYZ260409C00110000';
    expect(row(write(call, 1), 'NAKED', { strategy: wheel })).toMatchObject({ result: 'deny', observed: 1, limit: 0 });
    expect(judge(workedContext(write(call, 1), { strategy: wheel })).kind).toBe('denied');
  });
  it('G-11 waits for a token, and is not refused for good', () => {
    const verdict = judge(workedContext(buy('ABC', 180, 10), knowing({ sent: five })));
    expect(verdict).toMatchObject({ kind: 'denied', denial: { code: 'RATE', check: { result: 'defer', observed: 4_000, unit: 'ms' } } });
  });
  it('G-17 is refused by every rule that needs equity, and risk is never zero', () => {
    const denied = judge(workedContext(buy('ABC', 180, 10), { equity: usd(0), accountAgeMs: Number.POSITIVE_INFINITY })).checks;
    const codes = denied.filter((c) => c.result === 'deny').map((c) => c.rule);
    expect(codes).toEqual(expect.arrayContaining(['STALE', 'FAT_FINGER', 'TRADE_RISK', 'STRATEGY_CAP']));
  });
  it('any denial stands before a deferral', () => {
    expect(judge(workedContext(buy('ABC', 210, 10), knowing({ sent: five })))).toMatchObject({ denial: { code: 'COLLAR' } });
  });
});
