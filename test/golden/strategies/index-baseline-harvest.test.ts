// A tax loss from the check to the end of its window: what is sold, what stands against it, what is bought instead, and what is left alone.
import { describe, expect, it } from 'vitest';
import type { Decision, Json } from '../../../src/domain/decision.ts';
import { type StrategyId, symbol } from '../../../src/domain/ids.ts';
import { equity } from '../../../src/domain/instrument.ts';
import { leg, legs } from '../../../src/domain/legs.ts';
import { netQty, usd } from '../../../src/domain/money.ts';
import { addDays, epochMs, tradingDay } from '../../../src/domain/time.ts';
import type { Trade } from '../../../src/domain/trade.ts';
import { recall } from '../../../src/strategies/index-baseline/ledger.ts';
import { baselineParams } from '../../../src/strategies/index-baseline/params.ts';
import { indexBaseline } from '../../../src/strategies/index-baseline.ts';
import { contextOf, micros, sharePosition, stock, type World, world } from './world.ts';
import { trade } from './world-more.ts';

const told = (over: Record<string, unknown> = {}) =>
  baselineParams.parse({ enabled: true, harvest: true, target_weight: 0.3, benchmarks: ['SPY', 'VTI'], ...over });

/** A purchase of the core: shares at a price on a day, all of them held. */
function bought(name: string, shares: number, at: number, day: string): Trade {
  const cash = usd(-micros(shares * at));
  const fund = equity(symbol(name));
  return {
    id: `base:${name}:${day}`,
    owner: 'base' as StrategyId,
    underlying: symbol(name),
    legs: legs(leg(fund, 'buy', 'open')),
    code: 'REBALANCE',
    why: 'as the case tells',
    maxLoss: usd(-cash),
    thesis: null,
    openedAt: epochMs(0),
    openedDay: tradingDay(day),
    units: shares,
    entryCash: cash,
    held: [{ instrument: fund, qty: netQty(shares), cash }],
    realized: usd(0),
    closedAt: null,
    closedDay: null,
    exit: null,
  };
}

/** The check of 10 March with SPY bid 449.99: 60 shares bought at 520 and 500 last year stand 13 % and 10 % lower. */
function fallen(trades: readonly Trade[], over: Partial<World> = {}, at: readonly [number, number] = [15, 30], day = '2026-03-10'): World {
  const w = world(day, ...at);
  stock(w, 'SPY', { spot: 450 });
  stock(w, 'VTI', { spot: 300 });
  const held = new Map<string, number>();
  for (const t of trades) for (const h of t.held) held.set(h.instrument.symbol, (held.get(h.instrument.symbol) ?? 0) + h.qty);
  const positions = [...held].map(([name, shares]) => sharePosition(name, shares, 500, '2025-06-02', 'base'));
  return { ...w, slot: 'check', trades, positions, ...over };
}
const lots = [bought('SPY', 40, 520, '2025-06-02'), bought('SPY', 20, 510, '2025-09-02')];
const check = (w: World, over: Record<string, unknown> = {}) => indexBaseline.evaluate(contextOf(w, told(over)));
const manage = (w: World, over: Record<string, unknown> = {}) => indexBaseline.manage(contextOf({ ...w, slot: 'manage' }, told(over)));
const first = (decisions: readonly Decision[]) => decisions[0];
const memoryOf = (decisions: readonly Decision[]): Json => decisions.find((d) => d.kind === 'remember')?.memory ?? null;
const harvestGate = (decision: Decision | undefined) =>
  decision !== undefined && decision.kind !== 'remember' ? decision.gates.find((g) => g.name === 'tax loss')?.observed : undefined;

describe('the sale', () => {
  it('takes every lot that is far enough down, at the limit of every sale', () => {
    expect(first(check(fallen(lots)))).toMatchObject({
      kind: 'close',
      code: 'HARVEST',
      subject: 'SPY',
      key: 'harvest:SPY',
      qty: 60,
      prices: { rungs: [-micros(449.91)] },
      why: expect.stringContaining('a loss of 4000.6') as string,
    });
  });
  it('stops before the first lot that is not, since the oldest are sold first', () => {
    const mixed = [bought('SPY', 40, 520, '2025-06-02'), bought('SPY', 20, 470, '2025-09-02'), bought('SPY', 20, 540, '2025-10-01')];
    expect(first(check(fallen(mixed)))).toMatchObject({ kind: 'close', qty: 40 });
    const shielded = [bought('SPY', 20, 470, '2025-06-02'), bought('SPY', 40, 520, '2025-09-02')];
    expect(harvestGate(first(check(fallen(shielded))))).toMatch(/^INSIDE_BAND/);
  });
  it.each([
    ['down 9.9 %', [bought('SPY', 60, 499.4, '2025-06-02')]],
    ['down 10 %, but by less than 500 dollars', [bought('SPY', 9, 500, '2025-06-02')]],
  ] as const)('does not take what is %s', (_name, few) => {
    const decision = first(check(fallen(few)));
    expect(decision).not.toMatchObject({ code: 'HARVEST' });
    expect(harvestGate(decision)).toMatch(/^INSIDE_BAND/);
  });
  it('is off unless it was asked for', () => {
    const decision = first(check(fallen(lots), { harvest: false }));
    expect(decision).toMatchObject({ code: 'INSIDE_BAND' });
    expect(harvestGate(decision)).toBeUndefined();
  });
});

describe('a wash sale', () => {
  const option = (owner: string, side: 'buy' | 'sell', right: 'call' | 'put', daysAgo: number) =>
    trade({
      owner,
      name: 'SPY',
      legs: [{ side, expiry: '2026-06-19', right, strike: 450 }],
      units: 1,
      entry: 3,
      openedDay: addDays(tradingDay('2026-03-10'), -daysAgo),
      closed: { day: '2026-03-09', exit: 'STOP', realized: -50 },
    });
  it.each([
    ['a call another strategy bought ten days ago', [option('dip', 'buy', 'call', 10)], /^WASH_SALE_GUARD: call bought/],
    ['a put another strategy sold 31 days ago', [option('wheel', 'sell', 'put', 31)], /^WASH_SALE_GUARD: put sold/],
  ] as const)('%s forbids it', (_name, othersTrades, code) => {
    expect(harvestGate(first(check(fallen(lots, { othersTrades }))))).toMatch(code);
  });
  it.each([
    ['a call bought 32 days ago', [option('dip', 'buy', 'call', 32)]],
    ['a put bought, a call sold', [option('dip', 'buy', 'put', 5), option('wheel', 'sell', 'call', 5)]],
  ] as const)('%s does not', (_name, othersTrades) => {
    expect(first(check(fallen(lots, { othersTrades })))).toMatchObject({ code: 'HARVEST' });
  });
  it('shares that came in without a decision of ours, and its own purchase that would be kept, forbid it', () => {
    const others = [sharePosition('SPY', 100, 450, '2026-02-20', 'EXTERNAL')];
    expect(harvestGate(first(check(fallen(lots, { others }), { target_weight: 0.8 })))).toMatch(/^WASH_SALE_GUARD: shares bought/);
    const kept = [...lots, bought('SPY', 20, 455, '2026-02-20')];
    expect(harvestGate(first(check(fallen(kept))))).toMatch(/^WASH_SALE_GUARD: shares bought/);
  });
});

describe('after the sale', () => {
  const sold = () => memoryOf(check(fallen(lots)));
  const gone = (over: Partial<World> = {}, at: readonly [number, number] = [15, 46], day = '2026-03-10'): World =>
    fallen([], { memory: sold(), ...over }, at, day);
  it('another index is bought for what it brought', () => {
    expect(first(manage(gone()))).toMatchObject({ kind: 'open', code: 'HARVEST', subject: 'VTI', qty: 89 }); // 60 x 449.91 at 300
  });
  it('waits while the sale walks, and for its cash', () => {
    expect(manage(gone({ busy: [symbol('SPY')] }))).toEqual([]);
    const poor = { equity: 100_000, settledCash: 1_000, optionsBuyingPower: 1_000, ageMs: 0 };
    expect(first(manage(gone({ account: poor })))).toMatchObject({ kind: 'pass', subject: 'VTI', code: 'BUYING_POWER' });
  });
  it('is over once the other index is held, or when its cash does not come in three sessions', () => {
    const replaced = manage(gone({ positions: [sharePosition('VTI', 89, 300, '2026-03-10', 'base')] }));
    expect(recall(memoryOf(replaced)).harvest?.done).toBe(true);
    const late = manage(gone({}, [10, 0], '2026-03-16'));
    expect(recall(memoryOf(late)).harvest?.done).toBe(true);
  });
  it('leaves no window where nobody took the shares', () => {
    const unsold = manage(fallen(lots, { memory: sold() }, [15, 46]));
    expect(recall(memoryOf(unsold)).harvest).toBeNull();
  });
  it('the core buys the other index for 31 days, and its own again from then on', () => {
    const inside = first(check(gone({}, [15, 30], '2026-04-10')));
    expect(inside).toMatchObject({ kind: 'open', code: 'REBALANCE', subject: 'VTI' });
    const outside = first(check(gone({}, [15, 30], '2026-04-13')));
    expect(outside).toMatchObject({ kind: 'open', code: 'REBALANCE', subject: 'SPY' });
  });
  it('nothing more is harvested while the window is open', () => {
    const again = fallen([bought('SPY', 60, 520, '2025-06-02')], { memory: sold() }, [15, 30], '2026-03-20');
    expect(harvestGate(first(check(again)))).toMatch(/^WASH_SALE_GUARD: the window of 2026-03-10/);
  });
  it('the other index is sold first when the weight is too large', () => {
    const positions = [sharePosition('SPY', 20, 400, '2026-02-01', 'base'), sharePosition('VTI', 120, 300, '2026-03-10', 'base')];
    const inside = first(check(gone({ positions }, [15, 30], '2026-04-10'), { target_weight: 0.2 }));
    expect(inside).toMatchObject({ kind: 'close', subject: 'SPY', qty: 20 });
    const outside = first(check(gone({ positions }, [15, 30], '2026-04-13'), { target_weight: 0.2 }));
    expect(outside).toMatchObject({ kind: 'close', subject: 'VTI' });
  });
  it('what others acquire inside the window is told at the mark', () => {
    const swing = trade({
      owner: 'swing',
      name: 'SPY',
      legs: [{ side: 'buy', expiry: '2026-04-17', right: 'call', strike: 450 }],
      units: 1,
      entry: 3,
      openedDay: '2026-03-12',
    });
    const decisions = indexBaseline.evaluate(
      contextOf({ ...gone({ othersTrades: [swing] }, [16, 15], '2026-03-12'), slot: 'mark' }, told()),
    );
    expect(decisions).toContainEqual(
      expect.objectContaining({
        subject: 'SPY',
        code: 'WASH_SALE_GUARD',
        why: expect.stringContaining('call bought in SPY on 2026-03-12'),
      }),
    );
  });
});

describe('its settings', () => {
  it.each([
    ['the same index', { benchmarks: ['SPY', 'VOO'], harvest_replacement: 'VOO' }, 'another index'],
    ['an index nobody knows', { benchmarks: ['SPY', 'XYZ'], harvest_replacement: 'XYZ' }, 'another index'],
    ['no benchmark', { harvest_replacement: 'QQQ' }, 'one of benchmarks'],
  ] as const)('refuse a replacement that is %s', (_name, over, words) => {
    expect(() => told(over)).toThrow(words);
  });
});
