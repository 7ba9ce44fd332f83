// Trades, deliveries, fees and splits in any order: lots hold what positions hold, sums of movements are both, and a split makes no profit.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Symbol, strategyId, symbol } from '../../src/domain/ids.ts';
import { instrumentOf } from '../../src/domain/instrument.ts';
import type { Closure, Lot } from '../../src/domain/lot.ts';
import { usd } from '../../src/domain/money.ts';
import type { Position } from '../../src/domain/position.ts';
import { addDays, epochMs, tradingDay } from '../../src/domain/time.ts';
import { conversionsIn, isSplit } from '../../src/execution/conversions.ts';
import { convertLots, convertPosition, shared } from '../../src/execution/convert.ts';
import { applyExecution } from '../../src/execution/fills.ts';
import { applyToLots } from '../../src/execution/lots.ts';

const NAMES = ['ABC', 'NEW'] as const;
const START = tradingDay('2026-03-02');
const owner = strategyId('base');

type Step =
  | { readonly kind: 'trade'; readonly of: Symbol; readonly qty: number; readonly cash: number }
  | { readonly kind: 'convert'; readonly from: Symbol; readonly to: Symbol; readonly num: number; readonly den: number };
const name = fc.constantFrom(...NAMES.map(symbol));
const steps: fc.Arbitrary<readonly Step[]> = fc.array(
  fc.oneof(
    {
      weight: 5,
      arbitrary: fc.record({
        kind: fc.constant('trade' as const),
        of: name,
        qty: fc.integer({ min: -40, max: 40 }).filter((n) => n !== 0),
        cash: fc.integer({ min: -1e12, max: 1e12 }),
      }),
    },
    {
      weight: 2,
      arbitrary: fc.record({
        kind: fc.constant('convert' as const),
        from: name,
        to: name,
        num: fc.integer({ min: 1, max: 12 }),
        den: fc.integer({ min: 1, max: 12 }),
      }),
    },
  ),
  { maxLength: 40 },
);

interface Book {
  readonly positions: Map<Symbol, Position>;
  readonly open: Map<Symbol, readonly Lot[]>;
  readonly all: Map<string, Lot>;
  readonly closures: Closure[];
  /** Signed units that every movement added, by symbol; cash of all. */
  readonly moved: Map<Symbol, number>;
  cash: number;
}
const total = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0);
const add = (book: Book, of: Symbol, qty: number): void => void book.moved.set(of, (book.moved.get(of) ?? 0) + qty);
function keep(book: Book, lots: readonly Lot[]): void {
  for (const lot of lots) book.all.set(lot.id, lot);
}

function convert(book: Book, { from, to, num, den }: Extract<Step, { kind: 'convert' }>, i: number): void {
  const held = book.positions.get(from);
  const there = from === to ? null : (book.positions.get(to) ?? null);
  if (held === undefined || (there !== null && Math.sign(there.qty) !== Math.sign(held.qty))) return;
  const conversion = {
    to: instrumentOf(to),
    total: Math.trunc((held.qty * num) / den),
    by: `conv:${from}>${to}:${i}:base`,
    at: epochMs(i),
    day: START,
  };
  const before = total((book.open.get(from) ?? []).map((lot) => lot.cashLeft));
  const { taken, closures, opened } = convertLots(book.open.get(from) ?? [], conversion);
  keep(book, [...taken, ...opened]);
  book.closures.push(...closures);
  book.open.delete(from);
  book.open.set(to, [...(book.open.get(to) ?? []), ...opened]);
  book.positions.delete(from);
  const after = convertPosition(held, there, conversion);
  if (after !== null) book.positions.set(to, after);
  add(book, from, -held.qty);
  add(book, to, conversion.total);
  if (conversion.total === 0) return;
  expect(total(closures.map((c) => c.realized))).toBe(0);
  expect(total(opened.map((lot) => lot.cashLeft))).toBe(before);
  expect(new Set(opened.map((lot) => lot.openedAt)).size).toBe(opened.length);
}

function played(list: readonly Step[]): Book {
  const book: Book = { positions: new Map(), open: new Map(), all: new Map(), closures: [], moved: new Map(), cash: 0 };
  for (const [i, step] of list.entries()) {
    if (step.kind === 'convert') convert(book, step, i);
    else {
      const { of, qty, cash } = step;
      const row = {
        owner,
        instrument: instrumentOf(of),
        qty,
        cash: usd(cash),
        day: addDays(START, i),
        by: `x${i}`,
        kind: 'fill' as const,
        at: epochMs(i),
        code: null,
        trade: null,
      };
      const after = applyExecution(book.positions.get(of) ?? null, row);
      if (after === null) book.positions.delete(of);
      else book.positions.set(of, after);
      const done = applyToLots(book.open.get(of) ?? [], row);
      keep(book, [...done.taken, ...(done.opened === null ? [] : [done.opened])]);
      book.closures.push(...done.closures);
      book.open.set(of, done.open);
      add(book, of, qty);
      book.cash += cash;
    }
    for (const of of NAMES.map(symbol)) {
      const held = book.positions.get(of)?.qty ?? 0;
      expect(total((book.open.get(of) ?? []).map((lot) => lot.qtyLeft))).toBe(held);
      expect(book.moved.get(of) ?? 0).toBe(held);
    }
  }
  return book;
}

describe('trades and conversions in any order', () => {
  it('leave lots that hold what positions hold, and both what was moved; no micro is made or lost', () => {
    fc.assert(
      fc.property(steps, (list) => {
        const { open, all, closures, cash } = played(list);
        const left = [...open.values()].flat();
        expect(total(closures.map((c) => c.realized)) + total(left.map((lot) => lot.cashLeft))).toBe(cash);
        for (const lot of all.values()) {
          const mine = closures.filter((c) => c.lot === lot.id);
          expect(total(mine.map((c) => c.qty)) + lot.qtyLeft).toBe(lot.qty);
          expect(total(mine.map((c) => c.realized - c.cash)) + lot.cashLeft).toBe(lot.cash);
        }
      }),
      { numRuns: 400 },
    );
  });
});

describe('units shared in proportion', () => {
  it('make the whole, and no part gets a unit more than its share', () => {
    const parts = fc.array(fc.integer({ min: 1, max: 1e6 }), { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(parts, fc.integer({ min: 0, max: 1e7 }), (list, whole) => {
        const units = shared(list, whole);
        expect(total(units)).toBe(whole);
        for (const [i, n] of units.entries()) expect(Math.abs(n - (whole * (list[i] ?? 0)) / total(list))).toBeLessThanOrEqual(1);
      }),
    );
  });
});

describe('a split that is seen', () => {
  const ratio = fc.constantFrom(2, 3, 4, 5, 7, 10, 1.5, 1 / 2, 1 / 3, 1 / 5, 1 / 10, 1 / 20);
  const holding = fc.record({ qty: fc.integer({ min: 1, max: 5_000 }), each: fc.integer({ min: 100, max: 900_000 }), ratio });
  it('is one, whatever is held, with or without a fraction that was paid for', () => {
    fc.assert(
      fc.property(holding, fc.boolean(), ({ qty, each, ratio: by }, short) => {
        const side = short ? -1 : 1;
        const cost = qty * each * 10_000;
        const exact = qty * by;
        const net = Math.floor(exact + 1e-9);
        fc.pre(net > 0 && net !== qty && exact - net < 0.99);
        const theirs = { net: side * net, cost: usd(side * Math.round((cost / exact) * net)) };
        expect(isSplit({ qty: side * qty, cost: -side * cost }, theirs as Parameters<typeof isSplit>[1])).toBe(true);
      }),
    );
  });
  it('is never a sale of a part at average cost, nor a purchase at any price near it', () => {
    fc.assert(
      fc.property(holding, fc.integer({ min: 1, max: 5_000 }), fc.double({ min: 0.2, max: 5, noNaN: true }), ({ qty, each }, n, part) => {
        const cost = qty * each * 10_000;
        const ours = { qty, cost: -cost };
        const sold = qty - Math.min(n, qty - 1);
        if (sold !== qty)
          expect(isSplit(ours, { net: sold, cost: usd(sold * each * 10_000) } as Parameters<typeof isSplit>[1])).toBe(false);
        const bought = { net: qty + n, cost: usd(Math.round(cost + n * each * 10_000 * part)) };
        expect(isSplit(ours, bought as Parameters<typeof isSplit>[1])).toBe(false);
      }),
    );
  });
  it('is read off activities whichever way the rows are cut', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1_000 }), fc.integer({ min: 2, max: 20 }), fc.boolean(), (qty, by, whole) => {
        const row = (n: number) =>
          ({ symbol: symbol('ABC'), qty: n, type: 'SPLIT', day: START }) as Parameters<typeof conversionsIn>[0][number];
        const rows = whole ? [row(-qty), row(qty * by)] : [row(qty * (by - 1))];
        expect(conversionsIn(rows, () => qty)).toEqual([{ from: 'ABC', to: 'ABC', total: qty * by }]);
      }),
    );
  });
});
