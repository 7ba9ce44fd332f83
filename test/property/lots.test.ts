// Lots, first in, first out: whatever is traded, no unit and no micro is made or lost, and what is left is the position.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { strategyId, symbol } from '../../src/domain/ids.ts';
import { equity } from '../../src/domain/instrument.ts';
import type { Closure, Lot } from '../../src/domain/lot.ts';
import { usd } from '../../src/domain/money.ts';
import type { Position } from '../../src/domain/position.ts';
import { epochMs, tradingDay } from '../../src/domain/time.ts';
import { applyExecution } from '../../src/execution/fills.ts';
import { applyToLots, type LotExecution } from '../../src/execution/lots.ts';

const owner = strategyId('base');
const day = tradingDay('2026-03-10');
interface Trade {
  readonly qty: number;
  /** Cash of any size and sign: fees, credits and prices that no share of it divides. */
  readonly cash: number;
}
const trade: fc.Arbitrary<Trade> = fc.record({
  qty: fc.integer({ min: -50, max: 50 }).filter((n) => n !== 0),
  cash: fc.integer({ min: -1e12, max: 1e12 }),
});
const execution = ({ qty, cash }: Trade, i: number): LotExecution => ({
  owner,
  instrument: equity(symbol('ABC')),
  qty,
  cash: usd(cash),
  day,
  by: `x${i}`,
  kind: 'fill',
  at: epochMs(i),
  code: 'ENTRY',
  trade: null,
});

interface Book {
  readonly open: readonly Lot[];
  readonly all: ReadonlyMap<string, Lot>;
  readonly closures: readonly Closure[];
}

function played(trades: readonly Trade[]): Book {
  let open: readonly Lot[] = [];
  const all = new Map<string, Lot>();
  const closures: Closure[] = [];
  for (const [i, one] of trades.entries()) {
    const step = applyToLots(open, execution(one, i));
    open = step.open;
    for (const lot of step.taken) all.set(lot.id, lot);
    if (step.opened !== null) all.set(step.opened.id, step.opened);
    closures.push(...step.closures);
  }
  return { open, all, closures };
}
const total = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0);
const trades = fc.array(trade, { maxLength: 40 });

describe('lots', () => {
  it('account for every micro: what was realized and what is left make what was paid and received', () => {
    fc.assert(
      fc.property(trades, (list) => {
        const { open, closures } = played(list);
        expect(total(closures.map((c) => c.realized)) + total(open.map((lot) => lot.cashLeft))).toBe(total(list.map((t) => t.cash)));
      }),
      { numRuns: 1_000 },
    );
  });
  it('hold what the position holds, all of one side', () => {
    fc.assert(
      fc.property(trades, (list) => {
        const { open } = played(list);
        const position = list.reduce<Position | null>((p, t, i) => applyExecution(p, execution(t, i)), null);
        expect(total(open.map((lot) => lot.qtyLeft))).toBe(position?.qty ?? 0);
        expect(new Set(open.map((lot) => Math.sign(lot.qtyLeft))).size).toBeLessThanOrEqual(1);
      }),
      { numRuns: 1_000 },
    );
  });
  it('are made of what was closed of them and what is left, and an execution of what it closed and opened', () => {
    fc.assert(
      fc.property(trades, (list) => {
        const { all, closures } = played(list);
        for (const lot of all.values()) {
          const mine = closures.filter((c) => c.lot === lot.id);
          expect(total(mine.map((c) => c.qty)) + lot.qtyLeft).toBe(lot.qty);
          expect(total(mine.map((c) => c.realized - c.cash)) + lot.cashLeft).toBe(lot.cash);
        }
        for (const [i, one] of list.entries()) {
          const mine = closures.filter((c) => c.by === `x${i}`);
          const opened = all.get(`x${i}`);
          expect(total(mine.map((c) => -c.qty)) + (opened?.qty ?? 0)).toBe(one.qty);
          expect(total(mine.map((c) => c.cash)) + (opened?.cash ?? 0)).toBe(one.cash);
        }
      }),
      { numRuns: 500 },
    );
  });
  it('leave in the order in which they came: none is touched while an older one is open', () => {
    fc.assert(
      fc.property(trades, (list) => {
        const { open, closures } = played(list);
        const closed = closures.map((c) => Number(c.lot.slice(1)));
        expect(closed).toEqual([...closed].sort((a, b) => a - b));
        const left = open.map((lot) => Number(lot.id.slice(1)));
        expect(left).toEqual([...left].sort((a, b) => a - b));
        expect(Math.min(Infinity, ...left)).toBeGreaterThanOrEqual(Math.max(-Infinity, ...closed));
      }),
      { numRuns: 500 },
    );
  });
});
