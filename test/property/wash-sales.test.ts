// Wash sales over any trades: share-limited, never more than was lost, nothing won or lost by the reckoning, and no order but time's.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { strategyId, symbol } from '../../src/domain/ids.ts';
import { instrumentOf } from '../../src/domain/instrument.ts';
import type { Closure, Lot } from '../../src/domain/lot.ts';
import { usd } from '../../src/domain/money.ts';
import { addDays, epochMs, tradingDay } from '../../src/domain/time.ts';
import { applyToLots } from '../../src/execution/lots.ts';
import { washSales } from '../../src/execution/wash-sales.ts';

const START = tradingDay('2026-01-05');
const names = ['ABC', 'ABC260619C00045000', 'ABC260619P00045000', 'XYZ'];

const trade = fc.record({
  of: fc.constantFrom(...names),
  owner: fc.constantFrom(strategyId('base'), strategyId('wheel')),
  /** Days since the one before. */
  wait: fc.integer({ min: 0, max: 20 }),
  qty: fc.integer({ min: -30, max: 30 }).filter((n) => n !== 0),
  /** Of one unit; not round, so that shares of it are not either. */
  price: fc.integer({ min: 1, max: 99_999_999 }),
});
type Trade = typeof trade extends fc.Arbitrary<infer T> ? T : never;
const trades = fc.array(trade, { maxLength: 40 });

function played(list: readonly Trade[]): { readonly lots: readonly Lot[]; readonly closures: readonly Closure[] } {
  const open = new Map<string, readonly Lot[]>();
  const all = new Map<string, Lot>();
  const closures: Closure[] = [];
  let day = START;
  for (const [i, { of, owner, wait, qty, price }] of list.entries()) {
    day = addDays(day, wait);
    const instrument = instrumentOf(symbol(of));
    const cash = usd(-qty * price * instrument.multiplier);
    const key = `${owner} ${of}`;
    const at = epochMs(Date.parse(day));
    const step = applyToLots(open.get(key) ?? [], {
      owner,
      instrument,
      qty,
      cash,
      day,
      at,
      by: `o${String(i)}/0/1`,
      kind: 'fill',
      code: null,
      trade: null,
    });
    open.set(key, step.open);
    for (const lot of [...step.taken, ...(step.opened === null ? [] : [step.opened])]) all.set(lot.id, lot);
    closures.push(...step.closures);
  }
  return { lots: [...all.values()], closures };
}
const total = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0);

describe('wash sales', () => {
  it('disallow no more than was lost, closing by closing, and no gain', () => {
    fc.assert(
      fc.property(trades, (list) => {
        const { lots, closures } = played(list);
        for (const { proceeds, cost, disallowed } of washSales(lots, closures).parts) {
          expect(disallowed).toBeGreaterThanOrEqual(0);
          expect(disallowed).toBeLessThanOrEqual(Math.max(0, cost - proceeds));
        }
      }),
    );
  });
  it('are limited by the shares on both sides, and lie within thirty days', () => {
    fc.assert(
      fc.property(trades, (list) => {
        const { lots, closures } = played(list);
        const { links } = washSales(lots, closures);
        const lotOf = new Map(lots.map((lot) => [lot.id, lot]));
        for (const lot of lots) {
          const units = Math.abs(lot.qty) * lot.instrument.multiplier;
          expect(total(links.filter((l) => l.replacement === lot.id).map((l) => l.units))).toBeLessThanOrEqual(units);
        }
        for (const closure of closures) {
          const mine = links.filter((l) => l.lot === closure.lot && l.by === closure.by);
          const multiplier = lotOf.get(closure.lot)?.instrument.multiplier ?? 0;
          expect(total(mine.map((l) => l.units))).toBeLessThanOrEqual(Math.abs(closure.qty) * multiplier);
          for (const link of mine) {
            const bought = Date.parse(lotOf.get(link.replacement)?.openedDay ?? '');
            expect(Math.abs(bought - Date.parse(closure.day))).toBeLessThanOrEqual(30 * 86_400_000);
            expect(link.replacement).not.toBe(closure.lot);
          }
        }
      }),
    );
  });
  it('make what was realized, to the micro: gains less what open lots carry', () => {
    fc.assert(
      fc.property(trades, (list) => {
        const { lots, closures } = played(list);
        const { parts, carried, links } = washSales(lots, closures);
        const gains = total(parts.map((p) => p.proceeds - p.cost + p.disallowed));
        expect(gains - total([...carried.values()])).toBe(total(closures.map((c) => c.realized)));
        expect(total(parts.map((p) => p.disallowed))).toBe(total(links.map((l) => l.amount)));
      }),
    );
  });
  it('do not depend on the order in which the rows of a day are handed in', () => {
    fc.assert(
      fc.property(trades, fc.infiniteStream(fc.nat()), (list, luck) => {
        const { lots, closures } = played(list);
        const shuffled = <T>(rows: readonly T[]): readonly T[] =>
          rows
            .map((row) => [luck.next().value ?? 0, row] as const)
            .sort(([a], [b]) => a - b)
            .map(([, row]) => row);
        expect(washSales(shuffled(lots), shuffled(closures))).toEqual(washSales(lots, closures));
      }),
    );
  });
});
