import { describe, expect, it } from 'vitest';
import { strategyId, symbol } from '../../../src/domain/ids.ts';
import { instrumentOf } from '../../../src/domain/instrument.ts';
import { netQty, price, usd } from '../../../src/domain/money.ts';
import type { Position } from '../../../src/domain/position.ts';
import { tradingDay } from '../../../src/domain/time.ts';
import { closingIntent, closingPlan, closingStage } from '../../../src/execution/flatten.ts';

const of = (name: string, n: number): Position => ({
  owner: strategyId('wheel'),
  instrument: instrumentOf(symbol(name)),
  qty: netQty(n),
  cost: usd(0),
  openedDay: tradingDay('2026-03-10'),
});
const cent = () => price(10_000);
const nickelAbove3 = (at: number) => price(at < 3_000_000 ? 10_000 : 50_000);
const touch = (bid: number, ask: number) => ({ bid: price(Math.round(bid * 1e6)), ask: price(Math.round(ask * 1e6)) });
const call = 'ABC260417C00190000';

describe('the way to flat', () => {
  it('closes what is short first, what covers it last', () => {
    expect([of(call, -1), of(call, 1), of('ABC', 100)].map(closingStage)).toEqual([1, 2, 3]);
  });
  it.each([
    [
      'sells from half way to the bid, to it, to five ticks below',
      of('ABC', 10),
      touch(10, 10.1),
      cent,
      [-10.02, -10, -9.99, -9.97, -9.95],
    ],
    ['buys from half way to the ask, to it, to five ticks above', of(call, -1), touch(2, 2.1), cent, [2.08, 2.1, 2.11, 2.13, 2.15]],
    ['never sells for nothing', of(call, 1), touch(0, 0.01), cent, [-0.01]],
    ['keeps to the grid where the grid grows coarser', of(call, -1), touch(2.9, 3), nickelAbove3, [2.98, 3, 3.05, 3.15, 3.25]],
  ] as const)('%s', (_name, position, market, grid, rungs) => {
    const plan = closingPlan(position, market, grid, 3_000);
    expect(plan.rungs.map((r) => r / 1e6)).toEqual(rungs);
    expect(plan.stepMs).toBe(3_000);
  });
  it('ends at the market for shares, and never for options', () => {
    expect(closingPlan(of('ABC', 10), touch(10, 10.1), cent, 3_000).last).toBe('market');
    expect(closingPlan(of(call, -1), touch(2, 2.1), cent, 3_000).last).toBeUndefined();
  });
  it('closes the whole of a position, on its side', () => {
    const prices = closingPlan(of(call, -3), touch(2, 2.1), cent, 3_000);
    expect(closingIntent(of(call, -3), prices, 'key', 'SHUTDOWN', 'why')).toMatchObject({
      kind: 'close',
      qty: 3,
      subject: 'ABC',
      legs: [{ side: 'buy', effect: 'close', ratio: 1 }],
    });
    expect(closingIntent(of('ABC', 7), prices, 'key', 'SHUTDOWN', 'why')).toMatchObject({
      qty: 7,
      legs: [{ side: 'sell', effect: 'close' }],
    });
  });
});
