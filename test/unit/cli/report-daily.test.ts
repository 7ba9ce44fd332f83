// The daily report over a ledger written by hand: what it adds up, and each way in which the broker's record can differ.
import { describe, expect, it } from 'vitest';
import { dailyReport } from '../../../src/cli/report/daily.ts';
import { dailyCsv, dailyText } from '../../../src/cli/report/daily-print.ts';
import type { Activity, BrokerSnapshot } from '../../../src/domain/account.ts';
import { brokerOrderId } from '../../../src/domain/ids.ts';
import { netQty, price, usd } from '../../../src/domain/money.ts';
import { epochMs, monoMs, tradingDay } from '../../../src/domain/time.ts';
import type { Turn } from '../../../src/domain/turn.ts';
import { openReader } from '../../../src/store/reader.ts';
import { base, closure, fill, ledgerFile, ledgerRow, lot, noon, order, running, SPY, today, trade, turn } from '../store/fixture.ts';

const bought: Activity = {
  id: '20260309120000000::1',
  type: 'FILL',
  status: 'executed',
  day: today,
  at: noon,
  symbol: SPY,
  qty: 4,
  price: price(500_000_000),
  netAmount: usd(-2_000_000_000),
  groupId: null,
  order: { brokerId: brokerOrderId('b-1'), cumQty: 4, side: 'buy' },
};

interface Told {
  readonly cash?: number;
  readonly equity?: number;
  readonly held?: number;
  readonly mark?: number | null;
  readonly activities?: readonly Activity[];
}

/** A read of the account: 100,000 at first, and what the case says after four shares were bought at 500. */
const read = ({ cash = 98_000, equity = cash + 4 * 510, held = 4, mark = 510, activities = [bought] }: Told = {}): Turn['event'] => ({
  kind: 'snapshot',
  snapshot: {
    takenAt: { exchange: noon, mono: monoMs(1), speed: 1 },
    account: { number: 'PA3SIM0001', cash: usd(cash * 1e6), equity: usd(equity * 1e6) } as BrokerSnapshot['account'],
    orders: [],
    positions: held === 0 ? [] : [{ symbol: SPY, net: netQty(held), cost: usd(0), mark: mark === null ? null : price(mark * 1e6) }],
    activities,
  },
});

const first = read({ cash: 100_000, equity: 100_000, held: 0, activities: [] });

/** Opened in the first turn, bought in the second, read in the third. */
function reportOf(told: Told = {}, more: Partial<Turn> = {}) {
  const file = ledgerFile();
  const store = running(file);
  store.commit(turn(1, { event: first, ledger: [ledgerRow()] }));
  store.commit(turn(2, { orders: [order({ state: 'working' })], fills: [fill()], trades: [trade()], lots: [lot()], ...more }));
  store.commit(turn(3, { event: read(told) }));
  const opened = openReader(file);
  if (!opened.ok) throw new Error(opened.fault.message);
  try {
    return dailyReport(opened.reader, today);
  } finally {
    opened.reader.close();
  }
}

describe('the daily report', () => {
  it('adds up a day that agrees with the broker to the cent', () => {
    const report = reportOf();
    expect(report).toMatchObject({
      day: today,
      cash: {
        before: null,
        after: 98_000e6,
        flows: [
          { kind: 'executions', rows: 1, cash: -2_000e6 },
          { kind: 'opening', cash: 100_000e6 },
        ],
      },
      strategies: [{ owner: 'base', realized: 0, unrealized: 40e6, orders: 1, executions: 1, opened: 1, closed: 0 }],
      trades: [{ id: trade().id, entryCash: -2_000e6, realized: 0, unrealized: 40e6, closedDay: null }],
      positions: [{ owner: 'base', symbol: SPY, qty: 4, cash: -2_000e6, mark: 510e6, unrealized: 40e6 }],
      equity: { from: { equity: 100_000e6 }, to: { equity: 100_040e6 }, realized: 0, unrealizedChange: 40e6, transfers: 0, income: 0 },
      differences: [],
    });
    if (report === undefined) return;
    expect(dailyText(report)).toContain("ledger and the broker's record agree to the cent");
    expect(dailyCsv(report).split('\n')).toHaveLength(2);
  });

  it('tells what a part that was closed brought, and what is left of it', () => {
    const left = { qtyLeft: netQty(1), cashLeft: usd(-500_000_000) };
    const adjusted = ledgerRow({ key: 'adjust:1:base:SPY', kind: 'adjust', owner: base, symbol: SPY, qty: -3, cash: usd(1_600_000_000) });
    const report = reportOf({ held: 1, cash: 99_600, equity: 100_110 }, { lots: [lot(left)], closures: [closure()], ledger: [adjusted] });
    expect(report?.trades).toMatchObject([{ realized: 100e6, realizedSoFar: 100e6, unrealized: 10e6 }]);
    expect(report?.positions).toMatchObject([{ qty: 1, cash: -500e6 }]);
    // Nothing in the broker's record explains it: the report says so instead of hiding it.
    expect(report?.differences.map((d) => d.what)).toContain('booked to agree with the broker: first snapshot');
  });

  it.each<
    [
      string,
      Told,
      { readonly what: string; readonly symbol: string | null; readonly ledger: number | null; readonly broker: number | null },
    ]
  >([
    ['cash', { cash: 98_000.01 }, { what: 'cash at the last read', symbol: null, ledger: 98_000e6, broker: 98_000.01e6 }],
    ['a holding', { held: 3, equity: 99_530 }, { what: 'held at the last read', symbol: 'SPY', ledger: 4, broker: 3 }],
    ['an execution it does not have', { activities: [] }, { what: 'executed', symbol: 'SPY', ledger: 4, broker: 0 }],
    [
      'a cent of an execution',
      { activities: [{ ...bought, netAmount: usd(-2_000_010_000) }] },
      { what: 'cash of executions', symbol: 'SPY', ledger: -2_000e6, broker: -2_000_010_000 },
    ],
    [
      'a fee that was not booked',
      { activities: [bought, { ...bought, id: '20260309000000000::2', type: 'FEE', symbol: null, netAmount: usd(-20_000), order: null }] },
      { what: 'FEE, not booked', symbol: null, ledger: null, broker: -20_000 },
    ],
  ])('names a difference in %s', (_name, told, difference) => {
    expect(reportOf(told)?.differences).toContainEqual(expect.objectContaining(difference));
  });

  it('does not invent a price: what has none is unknown, and so is what rests on it', () => {
    const report = reportOf({ mark: null });
    expect(report?.positions).toMatchObject([{ mark: null, unrealized: null }]);
    expect(report?.strategies).toMatchObject([{ unrealized: null }]);
    expect(report?.differences.map((d) => d.what)).toEqual(['change of equity: a holding has no price at one of the reads']);
  });

  it('knows no day on which the daemon did not run', () => {
    const file = ledgerFile();
    running(file).commit(turn(1, { event: first, ledger: [ledgerRow()] }));
    const opened = openReader(file);
    if (!opened.ok) throw new Error(opened.fault.message);
    expect(dailyReport(opened.reader, tradingDay('2026-03-10'))).toBeUndefined();
    expect(dailyReport(opened.reader, today)).toMatchObject({ trades: [], positions: [], equity: null, asOf: epochMs(noon + 1_000) });
    opened.reader.close();
  });
});
