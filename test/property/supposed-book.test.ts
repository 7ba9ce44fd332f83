// Whatever a person states, the gate answers: no book and no order that the files allow makes it fail, and nothing is cleared on silence.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bookSchema } from '../../src/config/book-file.ts';
import { checked } from '../../src/config/json-file.ts';
import { orderSchema } from '../../src/config/order-file.ts';
import { denialCodes } from '../../src/domain/verdict.ts';
import { judge } from '../../src/risk/gate.ts';
import { contextIn } from '../../src/risk/supposed-book.ts';
import { type Judged, judgedOf } from '../../src/risk/supposed-order.ts';
import { calendar } from '../unit/risk/contexts.ts';
import { shippedLimits } from '../unit/risk/shipped.ts';

const schema = bookSchema({ sectors: new Map(), rate: 0.04, dividendYields: new Map() });
const example = JSON.parse(readFileSync(join(import.meta.dirname, '../../docs/examples/book.json'), 'utf8')) as Readonly<
  Record<string, unknown>
>;

/** The answer; undefined where a file is refused. */
function answer(book: unknown, order: unknown): Judged | undefined {
  const [stated, asked] = [checked(book, schema), checked(order, orderSchema)];
  if (!stated.ok || !asked.ok) return undefined;
  return judgedOf(asked.value.qty, judge(contextIn(stated.value, asked.value, shippedLimits, calendar)));
}

const strategies = ['base', 'wheel', 'zdte', 'swing', 'lotto', 'leaps', 'earn', 'dip', 'mwk', 'dcs'] as const;
const symbol = fc.constantFrom(
  'ABC',
  'SPY',
  'XYZ',
  'XYZ260409P00095000',
  'SPY260409P00480000',
  'AAPL260424C00210000',
  'AAPL1260424C00210000',
  'ZZZ260310P99999999',
);
const cents = (most: number) =>
  fc.oneof(fc.integer({ min: 1, max: 100_000 }), fc.integer({ min: 1, max: most })).map((c) => (c / 100).toFixed(2));
const leg = fc.record({
  symbol,
  side: fc.constantFrom('buy', 'sell'),
  effect: fc.constantFrom('open', 'open', 'close'),
  ratio: fc.constantFrom(1, 1, 2, 100),
});
const order = fc.record({
  strategy: fc.constantFrom(...strategies),
  legs: fc.array(leg, { minLength: 1, maxLength: 4 }),
  qty: fc.oneof(fc.integer({ min: 1, max: 100 }), fc.integer({ min: 1, max: 1_000_000 })),
  limits: fc.array(cents(100_000_000), { minLength: 1, maxLength: 3 }),
});
const position = fc.record({
  owner: fc.constantFrom(...strategies, 'EXTERNAL'),
  symbol,
  qty: fc.oneof(fc.integer({ min: -100, max: 100 }), fc.integer({ min: -1_000_000, max: 1_000_000 })).filter((n) => n !== 0),
  cash: cents(100_000_000_000).map((amount) => `-${amount}`),
  opened: fc.constantFrom('2026-03-10', '2026-03-09', '2025-01-02'),
});
const book = fc.record({
  equity: cents(99_999_999_999),
  cash: cents(99_999_999_999),
  positions: fc.uniqueArray(position, { maxLength: 5, selector: (p) => `${p.owner}|${p.symbol}` }),
  at: fc.constantFrom('2026-03-10T12:00:00-04:00', '2026-03-10T15:59:00-04:00', '2026-04-09T15:30:00-04:00', '2026-03-14T12:00:00-04:00'),
});

describe('a supposed order on a stated book', () => {
  it('always gets an answer of every rule, and a quantity within what was asked', () => {
    let answered = 0;
    fc.assert(
      fc.property(book, order, (stated, asked) => {
        const judged = answer({ ...example, ...stated }, asked);
        if (judged === undefined) return;
        answered += 1;
        expect(judged.checks.map((check) => check.rule)).toEqual(denialCodes);
        expect(judged.qty <= judged.whole && judged.whole <= judged.asked).toBe(true);
        expect(judged.qty > 0).toBe(judged.outcome === 'cleared');
      }),
      { numRuns: 400 },
    );
    expect(answered).toBeGreaterThan(200);
  });
  it('is never cleared to open anything while a figure of the account is silent', () => {
    const wanted = ['settled_cash', 'buying_power', 'quotes', 'losses', 'results_today'] as const;
    fc.assert(
      fc.property(fc.subarray([...wanted], { minLength: 1 }), fc.integer({ min: 1, max: 55 }), (silent, qty) => {
        const told = Object.fromEntries(Object.entries(example).filter(([name]) => !silent.some((s) => s === name)));
        const asked = { strategy: 'base', legs: [{ symbol: 'ABC', side: 'buy', effect: 'open' }], qty, limit: '180.00' };
        expect(answer(example, asked)?.outcome).toBe('cleared');
        expect(answer(told, asked)?.outcome).toBe('denied');
      }),
      { numRuns: 60 },
    );
  });
});
