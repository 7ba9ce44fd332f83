import { describe, expect, it } from 'vitest';
import { brokerOrderId, clientOrderId, symbol } from '../../../src/domain/ids.ts';
import { equity, type Instrument, parseOcc } from '../../../src/domain/instrument.ts';
import { netQty, usd } from '../../../src/domain/money.ts';
import type { Order } from '../../../src/domain/order.ts';
import { tradingDay } from '../../../src/domain/time.ts';
import type { Halt } from '../../../src/domain/turn.ts';
import { oldestKeptDay } from '../../../src/store/load.ts';
import { readRuns } from '../../../src/store/queries.ts';
import { openReader } from '../../../src/store/reader.ts';
import { base, fill, ledgerFile, ledgerRow, manifest, noon, open, order, running, SPY, today, tryOpen, turn, wheel } from './fixture.ts';

const put = parseOcc('AAPL260417P00220000') as Instrument;

describe('a run', () => {
  it('takes the next epoch', () => {
    const file = ledgerFile();
    for (const epoch of [1, 2, 3]) {
      const store = open(file);
      expect(store.beginRun(manifest).epoch).toBe(epoch);
      store.close();
    }
  });

  it('counts the starts of the last ten wall minutes that did not end clean', () => {
    const file = ledgerFile();
    let wall = 1_700_000_000_000;
    const boot = (end?: boolean): number => {
      const store = open(file, () => wall);
      const { uncleanBoots } = store.beginRun(manifest);
      if (end !== undefined) store.endRun(end ? 0 : 70, end, 'test');
      store.close();
      return uncleanBoots;
    };
    expect(boot()).toBe(0);
    expect(boot(true)).toBe(1);
    expect(boot(false)).toBe(1);
    wall += 9 * 60_000;
    expect(boot()).toBe(2);
    wall += 60_001;
    expect(boot()).toBe(1);
    wall -= 3_600_000; // the machine's clock was set back: doubt counts
    expect(boot()).toBe(4);
  });

  it('leaves how it ended, once', () => {
    const file = ledgerFile();
    const store = running(file, () => 5);
    store.endRun(10, true, 'SIGTERM');
    expect(() => store.endRun(0, true, 'again')).toThrow(/an ended run does not change/);
    const opened = openReader(file);
    if (!opened.ok) throw new Error(opened.fault.message);
    expect(readRuns(opened.reader)).toMatchObject([
      { epoch: 1, exitCode: 10, clean: 1, why: 'SIGTERM', endedWall: 5, gitSha: 'abc', seed: 7 },
    ]);
    opened.reader.close();
  });

  it('is stamped with its mode and account at birth, and never again', () => {
    const file = ledgerFile();
    expect(open(file).stamp('paper', 'PA1')).toEqual({ ok: true });
    const later = open(file);
    expect(later.stamp('paper', 'PA1')).toEqual({ ok: true });
    expect(later.stamp('live', 'PA1')).toEqual({ ok: false, mode: 'paper', account: 'PA1' });
    expect(later.stamp('paper', 'PA2')).toEqual({ ok: false, mode: 'paper', account: 'PA1' });
    expect(later.stamp('paper', 'PA1')).toEqual({ ok: true });
  });

  it('writes with a full sync, a write-ahead log and foreign keys, read back after a write', () => {
    const result = tryOpen(ledgerFile());
    expect(result).toMatchObject({ ok: true, settings: { synchronous: 2, journalMode: 'wal', foreignKeys: true } });
    if (result.ok) result.store.close();
  });
});

describe('a committed turn', () => {
  it('gives back all else a run starts from', () => {
    const file = ledgerFile();
    const store = running(file);
    const position = { owner: base, instrument: equity(SPY), qty: netQty(4), cost: usd(-2_000_000_000), openedDay: today };
    const short = { owner: wheel, instrument: put, qty: netQty(-1), cost: usd(310_000_000), openedDay: today };
    const cycle = {
      owner: wheel,
      underlying: symbol('AAPL'),
      startedDay: today,
      premium: usd(310_000_000),
      stock: usd(0),
      contractsTraded: 1,
      sharesSinceDay: null,
    };
    const halts: readonly Halt[] = [
      { scope: { kind: 'account' }, level: 'halt', reason: 'crash loop', since: noon },
      { scope: { kind: 'strategy', id: wheel }, level: 'halt', reason: 'operator', since: noon },
      { scope: { kind: 'symbol', symbol: SPY }, level: 'halt', reason: 'operator', since: noon },
    ];
    const dividend = ledgerRow({ key: 'act:2', kind: 'dividend', owner: base, symbol: SPY, cash: usd(7_000_000) });
    const iv = { symbol: symbol('AAPL'), day: today, iv30: 0.3125, quality: 'quotes' as const, flags: ['held'] };
    store.commit(turn(1, { orders: [order({ state: 'working', brokerId: brokerOrderId('b-1') })], ledger: [ledgerRow()] }));
    store.commit(
      turn(2, {
        fills: [fill()],
        ledger: [dividend],
        halts,
        iv: [iv],
        activityWatermark: 'act:2',
        modes: ['HALTED'],
        positions: [
          { owner: base, symbol: SPY, now: position },
          { owner: wheel, symbol: put.symbol, now: short },
        ],
        cycles: [{ owner: wheel, underlying: symbol('AAPL'), now: cycle }],
        memories: new Map([
          [base, { seen: [1, null, 'x'] }],
          [wheel, null],
        ]),
      }),
    );
    store.close();
    const loaded = open(file).load(today);
    expect(loaded).toMatchObject({ lastSeq: 2, halts, activityWatermark: 'act:2' });
    expect(loaded.positions).toEqual([position, short]);
    expect(loaded.cycles).toEqual([cycle]);
    expect(loaded.iv).toEqual([iv]);
    expect(loaded.memories).toEqual(
      new Map([
        [base, { seen: [1, null, 'x'] }],
        [wheel, null],
      ]),
    );
    expect(loaded.ledgerKeys).toEqual(new Set(['opening', 'act:2']));
    expect(loaded.recentLedger).toEqual([ledgerRow(), dividend]);
    expect(loaded.cash).toBe(100_000_000_000 - 2_000_000_000 + 7_000_000);
  });

  it('knows no cash before the opening row', () => {
    const store = running();
    expect(store.load(today).cash).toBeNull();
    store.commit(turn(1, { ledger: [ledgerRow({ cash: usd(0) })] }));
    expect(store.load(today).cash).toBe(0);
  });

  it('replaces and removes positions, cycles, memories and halts', () => {
    const store = running();
    const position = { owner: base, instrument: equity(SPY), qty: netQty(4), cost: usd(-2_000_000_000), openedDay: today };
    const cycle = {
      owner: wheel,
      underlying: SPY,
      startedDay: today,
      premium: usd(1),
      stock: usd(2),
      contractsTraded: 3,
      sharesSinceDay: today,
    };
    const kept: Halt = { scope: { kind: 'account' }, level: 'halt', reason: 'a', since: noon };
    store.commit(
      turn(1, {
        positions: [{ owner: base, symbol: SPY, now: position }],
        cycles: [{ owner: wheel, underlying: SPY, now: cycle }],
        memories: new Map([[base, 1]]),
        halts: [kept, { scope: { kind: 'strategy', id: base }, level: 'halt', reason: 'b', since: noon }],
      }),
    );
    store.commit(
      turn(2, {
        positions: [{ owner: base, symbol: SPY, now: { ...position, qty: netQty(-9) } }],
        memories: new Map([[base, 2]]),
        halts: [kept],
      }),
    );
    expect(store.load(today)).toMatchObject({ positions: [{ qty: -9 }], cycles: [cycle], halts: [kept] });
    expect(store.load(today).memories).toEqual(new Map([[base, 2]]));
    store.commit(
      turn(3, { positions: [{ owner: base, symbol: SPY, now: null }], cycles: [{ owner: wheel, underlying: SPY, now: null }], halts: [] }),
    );
    expect(store.load(today)).toMatchObject({ positions: [], cycles: [], halts: [] });
  });

  it('brings back live orders of any age, and closed ones of the last seven sessions', () => {
    const store = running();
    const at = (n: number, day: string, state: Order['state']): Order =>
      order({ id: clientOrderId(`wsb1-${n}`), day: tradingDay(day), state });
    store.commit(
      turn(1, {
        orders: [
          at(1, '2025-06-02', 'unknown'),
          at(2, '2025-06-02', 'working'),
          at(3, '2026-02-26', 'filled'),
          at(4, '2026-02-27', 'canceled'),
          at(5, '2026-03-09', 'dropped'),
        ],
      }),
    );
    expect(oldestKeptDay(today)).toBe('2026-02-27');
    expect(store.load(today).orders.map((o) => o.id)).toEqual(['wsb1-1', 'wsb1-2', 'wsb1-4', 'wsb1-5']);
  });

  it('keeps the first reading of a symbol and day', () => {
    const store = running();
    const reading = { symbol: SPY, day: today, iv30: 0.2, quality: 'bars' as const, flags: [] };
    store.commit(turn(1, { iv: [reading] }));
    store.commit(turn(2, { iv: [{ ...reading, iv30: 0.9, quality: 'quotes' }] }));
    expect(store.load(today).iv).toEqual([reading]);
  });
});

describe('a refused turn', () => {
  it('that repeats a fill writes nothing at all', () => {
    const store = running();
    store.commit(turn(1, { orders: [order()], fills: [fill()] }));
    const repeated = turn(2, { orders: [order({ state: 'canceled' })], fills: [fill()], ledger: [ledgerRow()] });
    expect(() => store.commit(repeated)).toThrow(/UNIQUE constraint failed: fills/);
    expect(store.load(today)).toMatchObject({ lastSeq: 1, orders: [{ state: 'recorded' }], cash: null });
    store.commit(turn(2));
    expect(store.load(today).lastSeq).toBe(2);
  });

  it.each([
    ['a ledger key booked before', { ledger: [ledgerRow()] }, /UNIQUE constraint failed: ledger.key/],
    [
      'half a share',
      { orders: [order({ id: clientOrderId('x'), qty: 0.5 as Order['qty'] })] },
      /cannot store REAL value in INTEGER column/,
    ],
    ['a price that is no number', { fills: [fill({ cumQty: 9, price: Number.NaN as never })] }, /NOT NULL constraint failed: fills.price/],
    ['a fill of an order never recorded', { fills: [fill({ order: clientOrderId('nobody') })] }, /FOREIGN KEY constraint failed/],
    ['more filled than ordered', { orders: [order({ id: clientOrderId('x'), cumQty: 11 })] }, /CHECK constraint failed: orders_cumulative/],
    [
      'a state that is none',
      { orders: [order({ id: clientOrderId('x'), state: 'maybe' as never })] },
      /CHECK constraint failed: orders_state/,
    ],
    [
      'a flat position',
      {
        positions: [
          { owner: base, symbol: SPY, now: { owner: base, instrument: equity(SPY), qty: netQty(0), cost: usd(0), openedDay: today } },
        ],
      },
      /positions_held/,
    ],
    [
      'a position under another symbol',
      {
        positions: [
          {
            owner: base,
            symbol: symbol('QQQ'),
            now: { owner: base, instrument: equity(SPY), qty: netQty(1), cost: usd(0), openedDay: today },
          },
        ],
      },
      /another's/,
    ],
  ] as const)('with %s throws', (_name, parts, words) => {
    const store = running();
    store.commit(turn(1, { orders: [order()], ledger: [ledgerRow()] }));
    expect(() => store.commit(turn(2, parts))).toThrow(words);
    expect(store.load(today).lastSeq).toBe(1);
  });

  it('that comes out of order throws, and so does one outside a run', () => {
    const store = running();
    store.commit(turn(5));
    expect(() => store.commit(turn(5))).toThrow(/in order/);
    expect(() => open(ledgerFile()).commit(turn(1))).toThrow(/beginRun/);
  });
});
