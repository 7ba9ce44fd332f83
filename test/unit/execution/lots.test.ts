// First in, first out: which lots an execution takes from, what it opens, and how its cash is shared out.
import { describe, expect, it } from 'vitest';
import { strategyId, symbol } from '../../../src/domain/ids.ts';
import { instrumentOf } from '../../../src/domain/instrument.ts';
import { deliveringOption, deliveryKey, lifeKey } from '../../../src/domain/life-key.ts';
import { closingCode, type Lot } from '../../../src/domain/lot.ts';
import { usd } from '../../../src/domain/money.ts';
import { ledgerKinds } from '../../../src/domain/position.ts';
import { epochMs, tradingDay } from '../../../src/domain/time.ts';
import { applyToLots, type LotExecution } from '../../../src/execution/lots.ts';

const owner = strategyId('wheel');
const shares = instrumentOf(symbol('ABC'));
const put = instrumentOf(symbol('ABC260417P00170000'));
const day = tradingDay('2026-03-10');

const traded = (by: string, qty: number, cash: number, over: Partial<LotExecution> = {}): LotExecution => ({
  owner,
  instrument: shares,
  qty,
  cash: usd(cash),
  day,
  by,
  kind: 'fill',
  at: epochMs(1_000),
  code: 'ENTRY',
  trade: 'T',
  ...over,
});
type Pair = readonly [qty: number, cash: number];
/** Open lots a, b, c, ... made by one execution each. */
const book = (...pairs: readonly Pair[]): readonly Lot[] =>
  pairs.reduce<readonly Lot[]>((lots, [qty, cash], i) => applyToLots(lots, traded('abc'[i] ?? '', qty, cash)).open, []);
const brief = (lots: readonly Lot[]) => lots.map((lot) => [lot.id, lot.qtyLeft, lot.cashLeft]);

interface Row {
  readonly name: string;
  readonly before: readonly Pair[];
  readonly execution: Pair;
  /** Lots left open, by id, quantity and cash. */
  readonly open: readonly (readonly [string, number, number])[];
  /** Closures, by lot, quantity, cash and what they brought. */
  readonly closed: readonly (readonly [string, number, number, number])[];
}

const rows: readonly Row[] = [
  { name: 'opens a lot where nothing is held', before: [], execution: [10, -1_000], open: [['x', 10, -1_000]], closed: [] },
  {
    name: 'opens a further lot beside those of the same side',
    before: [[10, -1_000]],
    execution: [5, -600],
    open: [
      ['a', 10, -1_000],
      ['x', 5, -600],
    ],
    closed: [],
  },
  { name: 'closes a lot whole', before: [[10, -1_000]], execution: [-10, 1_100], open: [], closed: [['a', 10, 1_100, 100]] },
  { name: 'closes a part of one', before: [[10, -1_000]], execution: [-4, 300], open: [['a', 6, -600]], closed: [['a', 4, 300, -100]] },
  {
    name: 'closes the oldest first, then of the next',
    before: [
      [10, -1_000],
      [10, -2_000],
      [10, -3_000],
    ],
    execution: [-15, 3_000],
    open: [
      ['b', 5, -1_000],
      ['c', 10, -3_000],
    ],
    closed: [
      ['a', 10, 2_000, 1_000],
      ['b', 5, 1_000, 0],
    ],
  },
  {
    name: 'passing through zero closes all and opens the rest at its own price',
    before: [
      [10, -1_000],
      [5, -600],
    ],
    execution: [-20, 2_000],
    open: [['x', -5, 500]],
    closed: [
      ['a', 10, 1_000, 0],
      ['b', 5, 500, -100],
    ],
  },
  {
    name: 'a short is opened for what was received',
    before: [],
    execution: [-2, 400],
    open: [['x', -2, 400]],
    closed: [],
  },
  {
    name: 'a short is bought back from its oldest lot',
    before: [
      [-2, 400],
      [-1, 150],
    ],
    execution: [2, -100],
    open: [['b', -1, 150]],
    closed: [['a', -2, -100, 300]],
  },
  {
    name: 'a short bought back beyond zero is long',
    before: [[-2, 400]],
    execution: [3, -300],
    open: [['x', 1, -100]],
    closed: [['a', -2, -200, 200]],
  },
  {
    name: 'what cannot be shared evenly is rounded towards zero, and the last part takes the rest',
    before: [
      [3, -1_000],
      [3, -1_000],
    ],
    execution: [-4, 1_001],
    open: [['b', 2, -667]],
    closed: [
      ['a', 3, 750, -250],
      ['b', 1, 251, -82],
    ],
  },
  { name: 'what leaves for nothing loses its cost', before: [[2, -500]], execution: [-2, 0], open: [], closed: [['a', 2, 0, -500]] },
];

describe('lots after an execution', () => {
  it.each(rows)('$name', ({ before, execution: [qty, cash], open, closed }) => {
    const step = applyToLots(book(...before), traded('x', qty, cash));
    expect(brief(step.open)).toEqual(open);
    expect(step.closures.map((c) => [c.lot, c.qty, c.cash, c.realized])).toEqual(closed);
    expect(step.taken.map((lot) => lot.id)).toEqual(closed.map(([id]) => id));
    expect(step.opened?.id ?? null).toBe(open.some(([id]) => id === 'x') ? 'x' : null);
  });

  it('keep who opened them, when and for which trade, and closures say who closed them, when and why', () => {
    const [lot] = book([-1, 300]);
    expect(lot).toMatchObject({ id: 'a', owner, instrument: shares, trade: 'T', origin: 'fill', openedAt: 1_000, openedDay: day, qty: -1 });
    const later = { at: epochMs(9_000), day: tradingDay('2026-03-13'), code: 'ASSIGNED', kind: 'assignment' } as const;
    const { closures } = applyToLots(book([-1, 300]), traded('act', 1, 0, later));
    expect(closures).toEqual([{ lot: 'a', by: 'act', qty: -1, cash: 0, realized: 300, ...later }]);
  });

  it('share amounts exactly where their product leaves the safe integers', () => {
    const cash = -8_999_999_999_999_999;
    const { open, closures } = applyToLots(book([1_000_000, cash]), traded('x', -1, 0));
    const part = Number(BigInt(cash) / 1_000_000n);
    expect(closures.map((c) => c.realized)).toEqual([part]);
    expect(open.map((lot) => lot.cashLeft)).toEqual([Number(BigInt(cash) - BigInt(part))]);
  });
});

describe('a ledger row', () => {
  it.each([
    ['assignment', put, 1, 'ASSIGNED'],
    ['assignment', shares, -100, 'CALLED_AWAY'],
    ['assignment', shares, 100, 'ASSIGNED'],
    ['exercise', put, -1, 'EXERCISED'],
    ['exercise', shares, -100, 'EXERCISED'],
    ['expiry', put, 1, 'EXPIRED'],
    ...ledgerKinds.filter((k) => !['assignment', 'exercise', 'expiry'].includes(k)).map((k) => [k, shares, -1, 'ADJUSTED'] as const),
  ] as const)('of kind %s closes with its reason', (kind, instrument, qty, code) => {
    expect(closingCode(kind, instrument, qty)).toBe(code);
  });

  it('of delivered shares names the option that delivered them, and no other row does', () => {
    const key = lifeKey(put.symbol, 'assignment', 2);
    expect(key).toBe('life:ABC260417P00170000:assignment:2');
    expect(deliveringOption(deliveryKey(key))).toBe(put.symbol);
    for (const other of [key, 'act:20260311::x', 'adjust:7:wheel:ABC', deliveryKey(lifeKey(put.symbol, 'expiry', 1)), 'opening:cash'])
      expect(deliveringOption(other)).toBeUndefined();
  });
});
