// The index baseline's worked examples: the ledger's arithmetic, the core holding, and what may not be concluded.
import { describe, expect, it } from 'vitest';
import type { Decision } from '../../../src/domain/decision.ts';
import { symbol } from '../../../src/domain/ids.ts';
import { price } from '../../../src/domain/money.ts';
import { addDays, tradingDay } from '../../../src/domain/time.ts';
import {
  dailyReturns,
  maxDrawdown,
  ownMetrics,
  reinvested,
  relativeMetrics,
  timeWeighted,
  tradeStats,
} from '../../../src/pricing/performance.ts';
import { harvestable, harvestRule } from '../../../src/strategies/index-baseline/harvest.ts';
import { recall } from '../../../src/strategies/index-baseline/ledger.ts';
import { type BaselineParams, baselineParams } from '../../../src/strategies/index-baseline/params.ts';
import { monthlyVerdict, verdictRule } from '../../../src/strategies/index-baseline/verdict.ts';
import { indexBaseline } from '../../../src/strategies/index-baseline.ts';
import { expectGolden } from './golden.ts';
import { calendar, contextOf, micros, nowOf, sharePosition, stock, type World, world } from './world.ts';

const SPY = symbol('SPY');
const params = (over: Record<string, unknown> = {}): BaselineParams =>
  baselineParams.parse({ enabled: true, target_weight: 0.6, benchmarks: ['SPY', 'VTI'], ...over });
const about = (decisions: readonly Decision[], name: string): Decision | undefined =>
  decisions.find((d) => d.kind !== 'remember' && d.subject === name);
const memoryOf = (decisions: readonly Decision[]) => decisions.find((d) => d.kind === 'remember')?.memory ?? null;
const gate = (d: Decision | undefined, name: string): number | string | null | undefined =>
  d !== undefined && d.kind !== 'remember' ? d.gates.find((g) => g.name === name)?.observed : undefined;

describe('G-S10-01: returns net of flows', () => {
  it('are +1 %, +1 %, -1 % where a deposit of 10,000 came in between', () => {
    const days = [
      { value: 100_000, flow: 0 },
      { value: 101_000, flow: 0 },
      { value: 112_110, flow: 10_000 },
      { value: 110_988.9, flow: 0 },
    ];
    const returns = dailyReturns(days);
    expect(returns).toEqual([expect.closeTo(0.01, 12), expect.closeTo(0.01, 12), expect.closeTo(-0.01, 12)]);
    expect(timeWeighted(returns)).toBeCloseTo(0.009899, 9);
  });
  it('stand beside a shadow of the same money in SPY, marked day by day', () => {
    const days = ['2026-03-09', '2026-03-10', '2026-03-11', '2026-03-12'];
    const values = [100_000, 101_000, 112_110, 110_988.9];
    const closes = [500, 503, 501, 505];
    let memory: World['memory'] = null;
    let last: readonly Decision[] = [];
    for (const [i, day] of days.entries()) {
      const w: World = {
        ...world(day, 16, 15),
        slot: 'mark',
        memory,
        account: { equity: values[i] ?? 0, settledCash: 0, optionsBuyingPower: 0, ageMs: 0 },
        flows: i >= 2 ? [{ day: tradingDay('2026-03-11'), amount: 10_000 }] : [],
      };
      markable(w, 'SPY', closes[i] ?? 0);
      last = indexBaseline.evaluate(contextOf(w, params({ benchmarks: ['SPY'] })));
      memory = memoryOf(last) ?? memory;
    }
    expect(gate(about(last, 'SPY'), 'time-weighted return')).toBeCloseTo(0.009899, 7);
    expect(gate(about(last, 'SPY'), 'shadow value')).toBeCloseTo(111_039.76, 2);
    expect(gate(about(last, 'SPY'), 'shadow return')).toBeCloseTo(0.01, 7);
    expect(gate(about(last, 'SPY'), 'observations')).toBe(3);
    expect(recall(memory).marks.map((m) => m.flow)).toEqual([0, 0, 10_000, 0]);
    expectGolden('base-s10-01', last);
  });
});

/** Today's official close of a benchmark, and no dividend. */
function markable(w: World, name: string, close: number, dividend = 0): void {
  const of = symbol(name);
  const session = calendar.session(w.day);
  if (session === undefined) throw new Error('no session');
  const at = price(micros(close));
  w.board.setDailyBars(of, [{ at: session.open, day: w.day, open: at, high: at, low: at, close: at, volume: 1 }], nowOf(w).mono);
  const dividends = dividend > 0 ? [{ symbol: of, exDay: w.day, amount: price(micros(dividend)) }] : [];
  w.board.setDividends(of, { from: addDays(w.day, -10), to: addDays(w.day, 10), dividends, seen: nowOf(w) });
}

describe('G-S10-02: metrics of ten days', () => {
  const returns = [0.004, -0.006, 0.01, 0.002, -0.003, 0.007, -0.008, 0.005, 0.001, 0.006];
  const benchmark = [0.003, -0.004, 0.006, 0.001, -0.002, 0.004, -0.006, 0.004, 0, 0.005];
  const sample = { returns, riskFree: 0.04 / 252, observationsMin: 10 };
  it('of our own', () => {
    const own = ownMetrics(sample);
    if (!own.known) throw new Error(own.why);
    expect(own.value.sharpe).toBeCloseTo(4.456648, 6);
    expect(own.value.sortino).toBeCloseTo(7.700694, 6);
    expect(own.value.maxDrawdown).toBeCloseTo(0.008, 12);
    const theirs = ownMetrics({ ...sample, returns: benchmark });
    expect(theirs.known && theirs.value.sharpe).toBeCloseTo(3.698493, 6);
  });
  it('against the benchmark', () => {
    const relative = relativeMetrics(sample, benchmark);
    if (!relative.known) throw new Error(relative.why);
    expect(relative.value.beta).toBeCloseTo(1.430905, 6);
    expect(relative.value.alpha).toBeCloseTo(0.074189, 6);
    expect(relative.value.trackingError).toBeCloseTo(0.0309, 4);
    expect(relative.value.informationRatio).toBeCloseTo(5.708768, 6);
    expect(relative.value.t).toBeCloseTo(1.137214, 6);
  });
  it('say nothing on fewer days than are asked, nor without spread', () => {
    expect(ownMetrics({ ...sample, observationsMin: 11 })).toMatchObject({ known: false, code: 'INSUFFICIENT_OBS' });
    expect(relativeMetrics({ ...sample, observationsMin: 11 }, benchmark)).toMatchObject({ known: false, code: 'INSUFFICIENT_OBS' });
    const flat = ownMetrics({ returns: [0, 0, 0], riskFree: 0, observationsMin: 2 });
    expect(flat.known && flat.value.sharpe).toBeNull();
    expect(maxDrawdown([])).toBe(0);
  });
});

/** A check at 15:30 with SPY quoted around a price, and some of it held. */
function checkWorld(shares: number, over: Partial<World> = {}): World {
  const w = world('2026-03-10', 15, 30);
  stock(w, 'SPY', { spot: 540.25 });
  stock(w, 'VTI', { spot: 300 });
  return { ...w, slot: 'check', positions: shares > 0 ? [sharePosition('SPY', shares, 500, '2026-01-05', 'base')] : [], ...over };
}

describe('G-S10-03: the core holding', () => {
  it.each([
    ['under the band', 88, 'open', 23],
    ['over the band', 125, 'close', 13],
    ['inside the band', 118, 'pass', undefined],
  ] as const)('%s: %i shares', (_name, held, kind, qty) => {
    const decisions = indexBaseline.evaluate(contextOf(checkWorld(held), params()));
    const decision = about(decisions, 'SPY');
    expect(decision?.kind).toBe(kind);
    if (decision?.kind === 'open' || decision?.kind === 'close') expect(decision.qty).toBe(qty);
    expectGolden(`base-s10-03-${held}`, decisions);
  });
  it('buys a little through the ask and sells a little through the bid', () => {
    const buy = about(indexBaseline.evaluate(contextOf(checkWorld(88), params())), 'SPY');
    const sell = about(indexBaseline.evaluate(contextOf(checkWorld(125), params())), 'SPY');
    expect(buy?.kind === 'open' && buy.prices.rungs).toEqual([540_360_000]); // 540.26 and 0.02 %
    expect(sell?.kind === 'close' && sell.prices.rungs).toEqual([-540_140_000]); // 540.24 less 0.02 %, never more than that
  });
  it('counts all benchmark funds of all owners, and sells only its own', () => {
    const others = [sharePosition('VTI', 200, 280, '2026-01-05', 'EXTERNAL')];
    const w = checkWorld(5, { others });
    const decision = about(indexBaseline.evaluate(contextOf(w, params({ target_weight: 0.3 }))), 'SPY');
    expect(decision?.kind === 'close' && decision.qty).toBe(5);
    expect(gate(decision, 'distance from the target weight')).toBeCloseTo(0.3270125, 6);
  });
  it.each([
    ['collateral of others', { cashClaims: 90_000 }, 18],
    ['cash set aside for orders', { reserved: 95_000 }, 9],
    ['no cash to speak of', { cashClaims: 99_800 }, undefined],
  ] as const)('leaves %s in place', (_name, over, qty) => {
    const decision = about(indexBaseline.evaluate(contextOf(checkWorld(88, over), params())), 'SPY');
    if (qty === undefined) expect(decision).toMatchObject({ kind: 'pass', code: 'BUYING_POWER' });
    else expect(decision).toMatchObject({ kind: 'open', qty });
  });
  it('trades one direction a day', () => {
    const bought = indexBaseline.evaluate(contextOf(checkWorld(88), params()));
    const again = { ...checkWorld(125), memory: memoryOf(bought) };
    expect(about(indexBaseline.evaluate(contextOf(again, params())), 'SPY')).toMatchObject({ kind: 'pass', code: 'COOLDOWN' });
  });
  it('does nothing when it is off, when the books disagree, or when an order is at work', () => {
    const codeOf = (w: World, over: Record<string, unknown> = {}) => about(indexBaseline.evaluate(contextOf(w, params(over))), 'SPY');
    expect(codeOf(checkWorld(88), { enabled: false })).toMatchObject({ kind: 'pass', code: 'DISABLED' });
    expect(codeOf(checkWorld(88, { disputed: [SPY] }))).toMatchObject({ kind: 'pass', code: 'RECON_PENDING' });
    expect(codeOf(checkWorld(88, { busy: [SPY] }))).toMatchObject({ kind: 'pass', code: 'ORDER_WORKING' });
  });
  it('does not know its weight while a fund it holds has no price', () => {
    const w = { ...checkWorld(88), others: [sharePosition('QQQ', 10, 400, '2026-01-05', 'EXTERNAL')] };
    expect(about(indexBaseline.evaluate(contextOf(w, params({ benchmarks: ['SPY', 'VTI', 'QQQ'] }))), 'SPY')).toMatchObject({
      kind: 'pass',
      code: 'QUOTE_MISSING',
    });
  });
});

describe('G-S10-04: dividends', () => {
  it('are reinvested at the close of the ex-date', () => {
    expect(reinvested(100, 1.8, 598.2)).toBeCloseTo(100.300903, 6);
  });
  it('lift the shadow as much as the price fell', () => {
    const first = { ...world('2026-03-09', 16, 15), slot: 'mark' };
    markable(first, 'SPY', 600);
    const memory = memoryOf(indexBaseline.evaluate(contextOf(first, params({ benchmarks: ['SPY'] }))));
    const second = { ...world('2026-03-10', 16, 15), slot: 'mark', memory };
    markable(second, 'SPY', 598.2, 1.8);
    const after = recall(memoryOf(indexBaseline.evaluate(contextOf(second, params({ benchmarks: ['SPY'] })))));
    expect(after.marks.at(-1)?.shadows['SPY']?.index).toBeCloseTo(1, 12);
  });
  it('that are not known leave the shadow where it was', () => {
    const first = { ...world('2026-03-09', 16, 15), slot: 'mark' };
    markable(first, 'SPY', 600);
    const memory = memoryOf(indexBaseline.evaluate(contextOf(first, params({ benchmarks: ['SPY'] }))));
    const second = { ...world('2026-03-10', 16, 15), slot: 'mark', memory };
    markable(second, 'SPY', 598.2);
    second.board.setDividends(SPY, { from: addDays(second.day, 1), to: addDays(second.day, 2), dividends: [], seen: nowOf(second) });
    const decisions = indexBaseline.evaluate(contextOf(second, params({ benchmarks: ['SPY'] })));
    expect(about(decisions, 'SPY')).toMatchObject({ kind: 'pass', code: 'DIVIDEND_UNKNOWN' });
    expect(recall(memoryOf(decisions)).marks.at(-1)?.shadows['SPY']?.day).toBe('2026-03-09');
  });
});

describe('G-S10-05: what a list of trades says', () => {
  it('has win rate, profit factor and expectancy', () => {
    const stats = tradeStats([120, -80, 45, -30, 200, -150, 60]);
    if (!stats.known) throw new Error(stats.why);
    expect(stats.value.winRate).toBeCloseTo(0.5714, 4);
    expect(stats.value.profitFactor).toBeCloseTo(1.6346, 4);
    expect(stats.value.expectancy).toBeCloseTo(23.57, 2);
    expect(tradeStats([])).toMatchObject({ known: false, code: 'INSUFFICIENT_OBS' });
  });
});

describe('G-S10-06: what may not be concluded', () => {
  const winners = (n: number): readonly number[] => Array.from({ length: n }, (_, i) => 10 + i);
  it('29 winners allow no verdict, 30 do', () => {
    expect(monthlyVerdict({ penalised: winners(29), drawdown: 0, ceiling: 3_000 }, verdictRule)).toMatchObject({
      known: false,
      code: 'INSUFFICIENT_OBS',
    });
    expect(monthlyVerdict({ penalised: winners(30), drawdown: 0, ceiling: 3_000 }, verdictRule)).toEqual({ known: true, value: 'ACTIVE' });
  });
  it.each([
    ['losses with t under -1', Array.from({ length: 30 }, (_, i) => (i % 2 === 0 ? -20 : 12)), 0, 'PROBATION'],
    ['losses with t under -2', Array.from({ length: 30 }, (_, i) => (i % 2 === 0 ? -20 : 2)), 0, 'SUSPEND'],
    ['a drawdown of more than two ceilings', winners(30), 6_001, 'SUSPEND'],
  ] as const)('%s', (_name, penalised, drawdown, standing) => {
    expect(monthlyVerdict({ penalised, drawdown, ceiling: 3_000 }, verdictRule)).toEqual({ known: true, value: standing });
  });
  const today = tradingDay('2026-03-10');
  const lot = { fund: SPY, replacement: symbol('VTI'), cost: 10_000, value: 8_900 };
  it('a lot down 9.9 % is not harvested, one down 10 % is', () => {
    expect(harvestable({ ...lot, value: 9_010 }, today, [], harvestRule)).toMatchObject({ known: false, code: 'INSIDE_BAND' });
    expect(harvestable({ ...lot, value: 9_000 }, today, [], harvestRule)).toEqual({ known: true, value: 1_000 });
    expect(harvestable({ ...lot, cost: 4_000, value: 3_501 }, today, [], harvestRule)).toMatchObject({ known: false, code: 'INSIDE_BAND' });
  });
  it('a call bought ten days ago makes it a wash sale, one bought 32 days ago does not', () => {
    const bought = (days: number) => [{ underlying: SPY, what: 'call bought' as const, day: addDays(today, -days) }];
    expect(harvestable(lot, today, bought(10), harvestRule)).toMatchObject({ known: false, code: 'WASH_SALE_GUARD' });
    expect(harvestable(lot, today, bought(32), harvestRule)).toMatchObject({ known: true });
    expect(harvestable({ ...lot, replacement: symbol('VOO') }, today, [], harvestRule)).toMatchObject({
      known: false,
      code: 'WASH_SALE_GUARD',
    });
  });
  it('a stale account is not marked', () => {
    const w = {
      ...world('2026-03-09', 16, 15),
      slot: 'mark',
      account: { equity: 1, settledCash: 1, optionsBuyingPower: 1, ageMs: 60_000 },
    };
    markable(w, 'SPY', 600);
    const decisions = indexBaseline.evaluate(contextOf(w, params({ benchmarks: ['SPY'] })));
    expect(about(decisions, 'SPY')).toMatchObject({ kind: 'pass', code: 'ACCOUNT_STALE' });
  });
});
