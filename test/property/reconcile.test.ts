// What is explained and what is not always add up to the difference, and a second look at the same books changes nothing.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { BrokerPosition } from '../../src/domain/account.ts';
import { symbol } from '../../src/domain/ids.ts';
import { netQty } from '../../src/domain/money.ts';
import { explain, positionDifference } from '../../src/execution/reconcile.ts';
import { market, working } from '../unit/engine/scenes.ts';
import { buy, positionOf } from '../unit/risk/contexts.ts';

const names = ['ABC', 'ABC260320P00050000', 'ABC260320C00060000', 'ABC260417P00050000', 'XYZ', 'XYZ260320C00060000'];
const counts = (step: number) => fc.integer({ min: -4, max: 4 }).map((n) => n * step);
const book = fc.record(Object.fromEntries(names.map((name) => [name, counts(name.length > 3 ? 1 : 50)])));

describe('a difference', () => {
  it('is explained without remainder: events and what is left add up to it, name by name', () => {
    fc.assert(
      fc.property(book, book, fc.boolean(), (ours, theirs, over) => {
        const broker = Object.entries(theirs)
          .filter(([, n]) => n !== 0)
          .map(([name, n]): BrokerPosition => ({ symbol: symbol(name), net: netQty(n), cost: 0 as never, mark: null }));
        const mine = Object.entries(ours)
          .filter(([, n]) => n !== 0)
          .map(([name, n]) => positionOf(name, n));
        const { events, rest } = explain(positionDifference(broker, mine), () => over);
        const moved = new Map(Object.entries(ours));
        const add = (name: string, n: number): void => void moved.set(name, (moved.get(name) ?? 0) + n);
        for (const event of events) {
          add(event.option.symbol, Math.sign(ours[event.option.symbol] ?? 0) * -event.contracts);
          add(event.option.underlying, event.shares);
          expect(event.contracts).toBeGreaterThan(0);
        }
        for (const d of rest) {
          expect(moved.get(d.symbol)).toBe(d.ours);
          add(d.symbol, d.theirs - d.ours);
        }
        expect(Object.fromEntries(moved)).toEqual(theirs);
      }),
      { numRuns: 2_000 },
    );
  });
});

const move = fc.record({
  name: fc.constantFrom('ABC', 'XYZ', 'ABC260417P00050000'),
  qty: fc.integer({ min: -5, max: 5 }),
  dollars: fc.integer({ min: -500, max: 500 }),
});

describe('books that other hands moved', () => {
  it('agree again after a few reads, and then stay as they are', () => {
    fc.assert(
      fc.property(fc.array(fc.array(move, { maxLength: 3 }), { maxLength: 5 }), fc.integer({ min: 0, max: 5 }), (rounds, bought) => {
        const w = market();
        if (bought > 0) {
          w.open(buy('ABC', 10, bought));
          const { id } = working(w);
          w.fill(id, bought, 10);
        }
        for (const round of rounds) {
          for (const { name, qty, dollars } of round) w.desk.move(name, qty, dollars);
          w.reconcile();
        }
        for (let i = 0; i < 4; i++) w.reconcile();
        const sum = new Map<string, number>();
        for (const p of w.beliefs.positions()) sum.set(p.instrument.symbol, (sum.get(p.instrument.symbol) ?? 0) + p.qty);
        for (const [name, n] of w.desk.held) expect(sum.get(name) ?? 0).toBe(n);
        expect(Math.abs((w.beliefs.cash ?? 0) - w.desk.cash)).toBeLessThanOrEqual(20_000);
        expect([...w.beliefs.modes].filter((mode) => mode !== 'HALTED')).toEqual([]);
        const rows = w.ledger.rows.length;
        w.reconcile();
        w.reconcile();
        expect(w.ledger.rows.length).toBe(rows);
      }),
      { numRuns: 150 },
    );
  });
});
