// What performance is reckoned from, read back from a real file.
import { describe, expect, it } from 'vitest';
import type { BrokerSnapshot } from '../../../src/domain/account.ts';
import { netQty, price, usd } from '../../../src/domain/money.ts';
import { epochMs, MINUTE, monoMs } from '../../../src/domain/time.ts';
import type { Turn } from '../../../src/domain/turn.ts';
import { readPerformanceJournal, rememberedBy } from '../../../src/store/performance-journal.ts';
import { openReader, type Reader } from '../../../src/store/reader.ts';
import { base, closure, fill, ledgerFile, ledgerRow, lot, noon, order, running, SPY, today, trade, turn } from './fixture.ts';

const read = (seq: number, minutes: number, equity: number, mark: number | null): Turn => {
  const at = { exchange: epochMs(noon + minutes * MINUTE), mono: monoMs(seq), speed: 1 };
  const snapshot = {
    takenAt: at,
    account: { number: 'PA3SIM0001', cash: usd(0), equity: usd(equity * 1e6) } as BrokerSnapshot['account'],
    orders: [],
    positions: [{ symbol: SPY, net: netQty(4), cost: usd(0), mark: mark === null ? null : price(mark * 1e6) }],
    activities: [],
  };
  return turn(seq, { at, event: { kind: 'snapshot', snapshot } });
};

function reading<T>(file: string, use: (reader: Reader) => T): T {
  const opened = openReader(file);
  if (!opened.ok) throw new Error(opened.fault.message);
  try {
    return use(opened.reader);
  } finally {
    opened.reader.close();
  }
}

describe('the journal of performance', () => {
  it('has the first read, and the last of each quarter of an hour, with the prices that were stated', () => {
    const file = ledgerFile();
    const store = running(file);
    for (const [seq, minutes, equity, mark] of [
      [1, 0, 100_000, null],
      [2, 5, 100_001, 500],
      [3, 14, 100_002, 501],
      [4, 15, 100_003, 502],
    ] as const)
      store.commit(read(seq, minutes, equity, mark));
    const { reads } = reading(file, readPerformanceJournal);
    expect(reads.map(({ seq, equity, day, marks }) => [seq, equity / 1e6, day, marks.get(SPY)])).toEqual([
      [1, 100_000, today, undefined],
      [3, 100_002, today, 501_000_000],
      [4, 100_003, today, 502_000_000],
    ]);
  });

  it('has lots, closings, cash, what was traded and what ended, by turn; a result is after the fees that name its instrument', () => {
    const file = ledgerFile();
    const store = running(file);
    const closed = { closedAt: noon, closedDay: today, exit: 'ADJUSTED', held: [], realized: usd(100_000_000) } as const;
    store.commit(turn(1, { ledger: [ledgerRow()] }));
    store.commit(turn(2, { orders: [order({ state: 'working' })], fills: [fill()], trades: [trade()], lots: [lot()] }));
    const all = { qty: netQty(4), cash: usd(2_100_000_000) };
    store.commit(
      turn(3, {
        trades: [trade(closed)],
        lots: [lot({ qtyLeft: netQty(0), cashLeft: usd(0) })],
        closures: [closure(all)],
        ledger: [ledgerRow({ key: 'act:fee', kind: 'fee', owner: base, symbol: SPY, cash: usd(-250_000) })],
        memories: new Map([[base, { v: 1 }]]),
      }),
    );
    expect(reading(file, readPerformanceJournal)).toEqual({
      reads: [],
      openings: [{ seq: 2, id: lot().id, owner: base, symbol: SPY, multiplier: 1, qty: 4, cash: -2_000_000_000 }],
      closings: [{ seq: 3, lot: lot().id, qty: 4, cash: 2_100_000_000, realized: 100_000_000 }],
      rows: [
        { seq: 1, owner: 'EXTERNAL', kind: 'opening', cash: 100_000_000_000 },
        { seq: 3, owner: base, kind: 'fee', cash: -250_000 },
      ],
      traded: [{ seq: 2, owner: base, value: 2_000_000_000 }],
      ended: [{ seq: 3, owner: base, result: 99_750_000 }],
    });
    expect(reading(file, (reader) => rememberedBy(reader, base))).toEqual({ v: 1 });
  });
});
