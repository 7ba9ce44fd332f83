// Losses that are not allowed: how much, to which purchase they go, and what counts as the same.
import { describe, expect, it } from 'vitest';
import { strategyId, symbol } from '../../../src/domain/ids.ts';
import { instrumentOf } from '../../../src/domain/instrument.ts';
import { deliveryKey, lifeKey } from '../../../src/domain/life-key.ts';
import type { Closure, Lot } from '../../../src/domain/lot.ts';
import { usd } from '../../../src/domain/money.ts';
import { addDays, epochMs, tradingDay } from '../../../src/domain/time.ts';
import { convertLots } from '../../../src/execution/convert.ts';
import { applyToLots, type LotExecution } from '../../../src/execution/lots.ts';
import { isLongTerm, washSales } from '../../../src/execution/wash-sales.ts';

const START = tradingDay('2026-03-02');
type Step = readonly [of: string, day: number, qty: number, price: number, over?: Partial<LotExecution>];

/** All of a symbol becomes a total. */
interface Split {
  readonly split: string;
  readonly day: number;
  readonly total: number;
}
type Steps = readonly (Step | Split)[];

interface Played {
  readonly lots: readonly Lot[];
  readonly closures: readonly Closure[];
}

/** Trades in order, in dollars a share, with their day as a number. */
function played(...steps: Steps): Played {
  const open = new Map<string, readonly Lot[]>();
  const all = new Map<string, Lot>();
  const closures: Closure[] = [];
  const keep = (lots: readonly Lot[]): void => lots.forEach((lot) => void all.set(lot.id, lot));
  for (const [i, step] of steps.entries()) {
    if ('split' in step) {
      const { split: of, day, total } = step;
      const to = instrumentOf(symbol(of));
      const at = { at: epochMs(day * 1_000), day: addDays(START, day), by: `conv:${of}>${of}:x${String(i)}:base` };
      const done = convertLots(open.get(of) ?? [], { to, total, ...at });
      keep([...done.taken, ...done.opened]);
      closures.push(...done.closures);
      open.set(of, done.opened);
      continue;
    }
    const [of, day, qty, price, over] = step;
    const instrument = instrumentOf(symbol(of));
    const cash = usd(Math.round(-qty * price * instrument.multiplier * 1e6));
    const at = { at: epochMs(day * 1_000), day: addDays(START, day), by: `o${String(i)}/0/${String(Math.abs(qty))}` };
    const base = { owner: strategyId('base'), instrument, qty, cash, kind: 'fill', code: null, trade: null, ...at } as const;
    const done = applyToLots(open.get(of) ?? [], { ...base, ...over });
    keep([...done.taken, ...(done.opened === null ? [] : [done.opened])]);
    closures.push(...done.closures);
    open.set(of, done.open);
  }
  return { lots: [...all.values()], closures };
}
const judged = (...steps: Steps) => {
  const { lots, closures } = played(...steps);
  return washSales(lots, closures);
};
const dollars = (n: number): number => n / 1e6;
const disallowed = (...steps: Steps): number => judged(...steps).parts.reduce((n, part) => n + dollars(part.disallowed), 0);
const CALL = 'ABC260619C00045000';
const PUT = 'ABC260619P00045000';

describe('a loss on 100 bought at 50 and sold at 40', () => {
  it('is disallowed for 60 bought at 45 ten days before: 600, and they cost 55 now', () => {
    const { parts, links, carried } = judged(['ABC', 0, 100, 50], ['ABC', 30, 60, 45], ['ABC', 40, -100, 40]);
    expect(parts.map((p) => [p.units, dollars(p.proceeds), dollars(p.cost), dollars(p.disallowed)])).toEqual([[100, 4_000, 5_000, 600]]);
    expect(links).toEqual([{ lot: 'o0/0/100', by: 'o2/0/100', replacement: 'o1/0/60', units: 60, amount: 600_000_000 }]);
    expect([...carried]).toEqual([['o1/0/60', 600_000_000]]);
    const sold = judged(['ABC', 0, 100, 50], ['ABC', 30, 60, 45], ['ABC', 40, -100, 40], ['ABC', 90, -60, 55]);
    expect(sold.parts.at(-1)).toMatchObject({ cost: 60 * 55_000_000, proceeds: 60 * 55_000_000, disallowed: 0 });
    expect(sold.carried.size).toBe(0);
  });
  it.each<readonly [string, number, Steps]>([
    [
      'for one share, by that share alone',
      10,
      [
        ['ABC', 0, 100, 50],
        ['ABC', 30, 1, 45],
        ['ABC', 40, -100, 40],
      ],
    ],
    [
      'for what is bought after it, too',
      600,
      [
        ['ABC', 0, 100, 50],
        ['ABC', 40, -100, 40],
        ['ABC', 70, 60, 45],
      ],
    ],
    [
      'not for what is bought 31 days after it',
      0,
      [
        ['ABC', 0, 100, 50],
        ['ABC', 40, -100, 40],
        ['ABC', 71, 60, 45],
      ],
    ],
    [
      'not for what was bought 31 days before it',
      0,
      [
        ['ABC', 0, 100, 50],
        ['ABC', 9, 60, 45],
        ['ABC', 40, -100, 40],
      ],
    ],
    [
      'once for each share, however many are bought',
      1_000,
      [
        ['ABC', 0, 100, 50],
        ['ABC', 30, 80, 45],
        ['ABC', 40, -100, 40],
        ['ABC', 41, 300, 40],
      ],
    ],
    [
      'for a call on it: a contract stands for a hundred shares',
      1_000,
      [
        ['ABC', 0, 100, 50],
        ['ABC', 40, -100, 40],
        [CALL, 41, 2, 1],
      ],
    ],
    [
      'not for a put on it',
      0,
      [
        ['ABC', 0, 100, 50],
        ['ABC', 40, -100, 40],
        [PUT, 41, 2, 1],
      ],
    ],
    [
      'not for a call that was written',
      0,
      [
        ['ABC', 0, 100, 50],
        ['ABC', 40, -100, 40],
        [CALL, 41, -2, 1],
      ],
    ],
    [
      'not for another name',
      0,
      [
        ['ABC', 0, 100, 50],
        ['ABC', 40, -100, 40],
        ['XYZ', 41, 100, 1],
      ],
    ],
    [
      'not for what the ledger began with',
      0,
      [
        ['ABC', 0, 100, 50],
        ['ABC', 40, -100, 40],
        ['ABC', 41, 100, 1, { kind: 'opening' }],
      ],
    ],
  ])('%s', (_name, expected, steps) => {
    expect(disallowed(...steps)).toBe(expected);
  });
});

describe('what is left of one purchase', () => {
  it('replaces no part of it that was sold, in however many executions it was bought', () => {
    const parts = { by: 'o9/0/40' };
    expect(disallowed(['ABC', 0, 60, 50, { by: 'o9/0/60' }], ['ABC', 0, 40, 50, { ...parts, by: 'o9/0/100' }], ['ABC', 5, -60, 40])).toBe(
      0,
    );
  });
});

describe('options', () => {
  it('a loss on a call is disallowed for another call of the name, and for shares as far as they go', () => {
    expect(disallowed([CALL, 0, 1, 5], [CALL, 10, -1, 3], ['ABC260717C00050000', 12, 1, 2])).toBe(200);
    expect(disallowed([CALL, 0, 1, 5], [CALL, 10, -1, 3], ['ABC', 12, 40, 45])).toBe(80);
  });
  it('a loss on a put is disallowed for another put', () => {
    expect(disallowed([PUT, 0, 1, 5], [PUT, 10, -1, 3], ['ABC260717P00050000', 12, 1, 2])).toBe(200);
  });
  it('a written one that was bought back dearer is disallowed for another that is written', () => {
    expect(disallowed([PUT, 0, -1, 3], [PUT, 10, 1, 5], ['ABC260717P00050000', 12, -1, 2])).toBe(200);
  });
  it('that delivered shares are no gain of their own: the premium lowers what the shares cost', () => {
    const life = lifeKey(symbol(PUT), 'assignment', 1);
    const { parts } = judged(
      [PUT, 0, -1, 3],
      ['ABC', 20, 100, 45, { by: deliveryKey(life), kind: 'assignment' }],
      [PUT, 20, 1, 0, { by: life, kind: 'assignment' }],
      ['ABC', 60, -100, 44],
    );
    expect(parts.map((p) => [p.lot.instrument.symbol, dollars(p.proceeds), dollars(p.cost)])).toEqual([['ABC', 4_400, 4_200]]);
  });
  it('that took shares away: the premium is part of what they brought', () => {
    const life = lifeKey(symbol(CALL), 'assignment', 1);
    const { parts } = judged(
      ['ABC', 0, 100, 40],
      [CALL, 5, -1, 2],
      ['ABC', 20, -100, 45, { by: deliveryKey(life), kind: 'assignment' }],
      [CALL, 20, 1, 0, { by: life, kind: 'assignment' }],
    );
    expect(parts.map((p) => [p.lot.instrument.symbol, dollars(p.proceeds), dollars(p.cost)])).toEqual([['ABC', 4_700, 4_000]]);
  });
  it('that were exercised: what the call cost is part of what the shares cost', () => {
    const life = lifeKey(symbol(CALL), 'exercise', 1);
    const { parts, carried } = judged(
      [CALL, 0, 1, 2],
      ['ABC', 20, 100, 45, { by: deliveryKey(life), kind: 'exercise' }],
      [CALL, 20, -1, 0, { by: life, kind: 'exercise' }],
    );
    expect(parts).toEqual([]);
    expect([...carried]).toEqual([[deliveryKey(life), 200_000_000]]);
  });
});

describe('the holding period', () => {
  it.each([
    ['2025-03-10', '2026-03-10', false],
    ['2025-03-10', '2026-03-11', true],
    ['2024-02-29', '2025-02-28', false],
    ['2024-02-29', '2025-03-01', true],
  ])('since %s and sold on %s: long is %s', (since, sold, long) => {
    expect(isLongTerm(tradingDay(since), tradingDay(sold))).toBe(long);
  });
  it('of what was sold at a loss is added to that of what replaces it', () => {
    const { parts } = judged(['ABC', 0, 10, 50], ['ABC', 350, -10, 40], ['ABC', 351, 10, 40], ['ABC', 370, -10, 60]);
    expect(parts.map((p) => [p.term, p.acquired])).toEqual([
      ['short', '2026-03-02'],
      ['long', '2027-02-16'],
    ]);
  });
  it('of a short position is short', () => {
    expect(judged(['ABC', 0, -10, 50], ['ABC', 500, 10, 40]).parts.map((p) => p.term)).toEqual(['short']);
  });
});

describe('a split', () => {
  it('is no sale and no purchase, and what was added to the cost goes on with the new units', () => {
    const before = [
      ['ABC', 0, 100, 50],
      ['ABC', 30, 60, 45],
      ['ABC', 40, -100, 40],
    ] as const;
    const { parts, carried } = judged(...before, { split: 'ABC', day: 41, total: 120 }, ['ABC', 90, -60, 30]);
    expect(parts).toHaveLength(2);
    expect(parts[1]).toMatchObject({ units: 60, cost: 60 * 27_500_000, proceeds: 60 * 30_000_000, acquired: addDays(START, 30) });
    expect([...carried.values()]).toEqual([300_000_000]);
  });
});
