// A journal written by hand: whose day was what, and that all owners together make the account's own change of equity.
import { describe, expect, it } from 'vitest';
import { type Owner, strategyId, symbol } from '../../../../src/domain/ids.ts';
import { type Price, price, type Usd, usd } from '../../../../src/domain/money.ts';
import type { AccountRead, PerformanceJournal } from '../../../../src/domain/performance-journal.ts';
import { type EpochMs, tradingDay } from '../../../../src/domain/time.ts';
import { type PerformanceQuestion, performanceOf } from '../../../../src/risk/performance/performance.ts';
import { calendar } from '../contexts.ts';

const base = strategyId('base');
const wheel = strategyId('wheel');
const SPY = symbol('SPY');
const PUT = symbol('ABC260320P00050000');
const dollars = (amount: number): Usd => usd(Math.round(amount * 1e6));
const at = (day: string, hour: number): EpochMs => calendar.instant(tradingDay(day), hour, 0);

/** Marks in dollars; `null` is a holding without a price. */
function read(seq: number, day: string, hour: number, equity: number, marks: Readonly<Record<string, number>> = {}): AccountRead {
  return {
    seq,
    at: at(day, hour),
    day: tradingDay(day),
    equity: dollars(equity),
    marks: new Map(Object.entries(marks).map(([name, mark]): [typeof SPY, Price] => [symbol(name), price(Math.round(mark * 1e6))])),
  };
}

/**
 * Monday: base buys 10 SPY at 500, wheel sells a put at 2.00. Tuesday: 5,000 are deposited overnight, 4 SPY are sold at 510, a dividend of
 * 6 and a fee of 0.50 of the wheel are booked. Wednesday: the put is bought back at 1.20.
 */
const journal: PerformanceJournal = {
  reads: [
    read(1, '2026-03-09', 10, 100_000),
    read(5, '2026-03-09', 12, 100_010, { SPY: 501, [PUT]: 2 }),
    read(6, '2026-03-09', 16, 100_000 + 20 - 30, { SPY: 502, [PUT]: 2.3 }),
    read(9, '2026-03-10', 12, 105_100, { SPY: 509, [PUT]: 1.9 }),
    read(10, '2026-03-10', 16, 100_000 + 5_000 + 40 + 48 + 5.5 + 50, { SPY: 508, [PUT]: 1.5 }),
    read(13, '2026-03-11', 16, 105_093.5 + 6 + 80, { SPY: 509 }),
  ],
  openings: [
    { seq: 3, id: 'o1/0/10', owner: base, symbol: SPY, multiplier: 1, qty: 10, cash: dollars(-5_000) },
    { seq: 4, id: 'o2/0/1', owner: wheel, symbol: PUT, multiplier: 100, qty: -1, cash: dollars(200) },
  ],
  closings: [
    { seq: 8, lot: 'o1/0/10', qty: 4, cash: dollars(2_040), realized: dollars(40) },
    { seq: 12, lot: 'o2/0/1', qty: -1, cash: dollars(-120), realized: dollars(80) },
  ],
  rows: [
    { seq: 1, owner: 'EXTERNAL', kind: 'opening', cash: dollars(100_000) },
    { seq: 7, owner: 'EXTERNAL', kind: 'transfer', cash: dollars(5_000) },
    { seq: 8, owner: base, kind: 'dividend', cash: dollars(6) },
    { seq: 8, owner: wheel, kind: 'fee', cash: dollars(-0.5) },
  ],
  traded: [
    { seq: 3, owner: base, value: dollars(5_000) },
    { seq: 4, owner: wheel, value: dollars(200) },
    { seq: 8, owner: base, value: dollars(2_040) },
    { seq: 12, owner: wheel, value: dollars(120) },
  ],
  ended: [{ seq: 12, owner: wheel, result: dollars(79.5) }],
};
const question: PerformanceQuestion = {
  calendar,
  riskFree: 0,
  caps: new Map<Owner, number>([[wheel, 0.5]]),
  benchmark: {
    symbol: 'SPY',
    index: [
      { day: tradingDay('2026-03-09'), index: 1 },
      { day: tradingDay('2026-03-10'), index: 1.02 },
      { day: tradingDay('2026-03-11'), index: 1.03 },
    ],
  },
};
const report = performanceOf(journal, question);

describe('the performance of a ledger', () => {
  it('gives each owner its days: realized, change of unrealized, income, fees, exposure, what was traded and what ended', () => {
    const rows = report?.daily.map((d) => [d.day.slice(8), d.owner, d.realized, d.unrealizedChange, d.income, d.fees, d.trades, d.wins]);
    expect(rows).toEqual([
      ['09', 'base', 0, dollars(20), 0, 0, 0, 0],
      ['09', 'wheel', 0, dollars(-30), 0, 0, 0, 0],
      ['10', 'base', dollars(40), dollars(28), dollars(6), 0, 0, 0],
      ['10', 'wheel', 0, dollars(80), 0, dollars(-0.5), 0, 0],
      ['11', 'base', 0, dollars(6), 0, 0, 0, 0],
      ['11', 'wheel', dollars(80), dollars(-50), 0, 0, 1, 1],
    ]);
    const [monday] = report?.daily ?? [];
    // Reads at 10:00 with nothing, 12:00 with 5,010 and, at the close, out of hours, one that is not looked at.
    expect(monday).toMatchObject({ exposureAvg: dollars(2_505), exposureMax: dollars(5_010), traded: dollars(5_000) });
  });
  it('measures a return on what the owner may use: its part of equity before the day', () => {
    const tuesday = report?.daily[3];
    expect(tuesday).toMatchObject({ owner: 'wheel', capital: dollars(49_995), pnl: dollars(79.5) });
    expect(tuesday?.returnOnCap).toBeCloseTo(79.5 / 49_995, 14);
  });
  it('adds its owners up to the change of equity, without the deposit', () => {
    for (const day of report?.curve ?? []) {
      const owners = report?.daily.filter((d) => d.day === day.day).reduce((sum, d) => sum + (d.pnl ?? Number.NaN), 0);
      expect([day.day, owners]).toEqual([day.day, day.pnl]);
    }
    expect(report?.curve.map(({ flow }) => flow / 1e6)).toEqual([0, 5_000, 0]);
    expect(report?.account.pnl).toBe(dollars(179.5));
    expect(report?.account.returns.timeWeighted).toBeCloseTo((99_990 / 100_000) * (105_143.5 / 104_990) * (105_179.5 / 105_143.5) - 1, 12);
  });
  it('compares the days whose close, and the close before them, the benchmark has', () => {
    expect([...(report?.benchmarkDaily ?? [])].map(([day]) => day.slice(8))).toEqual(['10', '11']);
    expect(report?.benchmark?.figures.timeWeighted).toBeCloseTo(0.03, 12);
  });
  it('reads turnover and exposure off the same days', () => {
    // Monday: 5,000 + 200, Tuesday 2,040, Wednesday 120, over the mean of equity before each.
    expect(report?.account.activity.turnover).toBeCloseTo(7_360 / 2 / ((100_000 + 99_990 + 105_143.5) / 3), 12);
    expect(report?.strategies.find(({ owner }) => owner === wheel)?.trades).toMatchObject({
      known: true,
      value: { count: 1, expectancy: 79.5 },
    });
  });
  it('begins at the close before the first day that is asked for', () => {
    const late = performanceOf(journal, { ...question, window: { from: tradingDay('2026-03-11'), to: tradingDay('2026-03-31') } });
    expect(late).toMatchObject({ from: '2026-03-11', to: '2026-03-11', start: { day: '2026-03-10', equity: dollars(105_143.5) } });
    expect(late?.account.pnl).toBe(dollars(36));
    expect(performanceOf(journal, { ...question, window: { from: tradingDay('2026-03-12') } })).toBeNull();
    expect(performanceOf({ ...journal, reads: [] }, question)).toBeNull();
  });
  it('does not invent a price: what rests on one that is missing is not known', () => {
    const reads = journal.reads.map((r) => (r.seq === 10 ? { ...r, marks: new Map([[SPY, price(508_000_000)]]) } : r));
    const blind = performanceOf({ ...journal, reads }, question);
    const of = (owner: string) => blind?.daily.filter((d) => d.owner === owner).map(({ pnl }) => pnl);
    expect(of('wheel')).toEqual([dollars(-30), null, null]);
    expect(of('base')).toEqual([dollars(20), dollars(74), dollars(6)]);
    expect(blind?.strategies.find(({ owner }) => owner === wheel)).toMatchObject({
      pnl: null,
      returns: { timeWeighted: null, observations: 1 },
    });
  });
  it('covers the sessions on which nobody looked with one return, which is no daily one', () => {
    const reads = journal.reads.filter((r) => r.day !== '2026-03-10');
    const gap = performanceOf({ ...journal, reads }, question);
    expect(gap?.curve.map(({ day, sessions }) => [day, sessions])).toEqual([
      ['2026-03-09', 1],
      ['2026-03-11', 2],
    ]);
    expect(gap?.account.returns).toMatchObject({ days: 2, observations: 1, sharpe: null });
    expect(gap?.account.returns.timeWeighted).not.toBeNull();
  });
  it('leaves a read of a day without a session to the session after it', () => {
    const saturday = read(14, '2026-03-14', 12, 105_200, { SPY: 509 });
    const monday = read(15, '2026-03-16', 16, 105_300, { SPY: 510 });
    const found = performanceOf({ ...journal, reads: [...journal.reads, saturday, monday] }, question);
    expect(found?.curve.at(-1)).toMatchObject({ day: '2026-03-16', sessions: 3, pnl: dollars(105_300 - 105_179.5) });
  });
});
