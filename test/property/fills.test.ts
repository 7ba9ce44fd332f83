// Positions are the sum of executions: no quantity and no cent is made or lost on the way.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { strategyId, symbol } from '../../src/domain/ids.ts';
import { equity } from '../../src/domain/instrument.ts';
import { usd } from '../../src/domain/money.ts';
import type { Position } from '../../src/domain/position.ts';
import { tradingDay } from '../../src/domain/time.ts';
import { applyExecution, type Execution } from '../../src/execution/fills.ts';

const owner = strategyId('base');
const day = tradingDay('2026-03-10');
interface Trade {
  readonly qty: number;
  readonly price: number;
}
const trade: fc.Arbitrary<Trade> = fc.record({
  qty: fc.integer({ min: -50, max: 50 }).filter((n) => n !== 0),
  price: fc.integer({ min: 10_000, max: 900_000_000 }),
});
const execution = ({ qty, price }: Trade): Execution => ({ owner, instrument: equity(symbol('ABC')), qty, cash: usd(-qty * price), day });
const fold = (trades: readonly Trade[]): Position | null => trades.reduce<Position | null>((p, t) => applyExecution(p, execution(t)), null);

describe('a position', () => {
  it('has the summed quantity of its executions, and is gone when that is zero', () => {
    fc.assert(
      fc.property(fc.array(trade, { maxLength: 40 }), (trades) => {
        const sum = trades.reduce((n, t) => n + t.qty, 0);
        expect(fold(trades)?.qty ?? 0).toBe(sum);
        expect(fold(trades) === null).toBe(sum === 0);
      }),
      { numRuns: 1_000 },
    );
  });
  it('costs what was paid for it, while it only grows', () => {
    fc.assert(
      fc.property(
        fc.array(
          trade.map((t) => ({ ...t, qty: Math.abs(t.qty) })),
          { minLength: 1, maxLength: 40 },
        ),
        fc.constantFrom(1, -1),
        (trades, side) => {
          const signed = trades.map((t) => ({ ...t, qty: t.qty * side }));
          expect(fold(signed)?.cost).toBe(signed.reduce((n, t) => n - t.qty * t.price, 0));
        },
      ),
    );
  });
  it('keeps an average cost between the lowest and the highest price it was built at', () => {
    fc.assert(
      fc.property(fc.array(trade, { maxLength: 40 }), (trades) => {
        const position = fold(trades);
        if (position === null) return;
        const prices = trades.map((t) => t.price);
        const average = -position.cost / position.qty;
        // Every proportional sale rounds by less than a micro towards zero.
        expect(average).toBeGreaterThanOrEqual(Math.min(...prices) - trades.length);
        expect(average).toBeLessThanOrEqual(Math.max(...prices) + trades.length);
      }),
      { numRuns: 1_000 },
    );
  });
  it('split into smaller executions at the same price is the same position', () => {
    fc.assert(
      fc.property(fc.array(trade, { maxLength: 15 }), (trades) => {
        const pieces = trades.flatMap((t) => Array.from({ length: Math.abs(t.qty) }, () => ({ qty: Math.sign(t.qty), price: t.price })));
        const whole = fold(trades);
        const split = fold(pieces);
        expect(split?.qty).toBe(whole?.qty);
        expect(Math.abs((split?.cost ?? 0) - (whole?.cost ?? 0))).toBeLessThanOrEqual(pieces.length * 2);
      }),
    );
  });
  it('of a round trip leaves nothing', () => {
    fc.assert(
      fc.property(fc.array(trade, { minLength: 1, maxLength: 20 }), fc.integer({ min: 1, max: 1e9 }), (trades, price) => {
        const sum = trades.reduce((n, t) => n + t.qty, 0);
        if (sum !== 0) expect(fold([...trades, { qty: -sum, price }])).toBeNull();
      }),
    );
  });
});
