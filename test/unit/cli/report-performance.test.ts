// The performance report as it is printed, and what it is asked of: the benchmark's marks and the strategies' caps.
import { describe, expect, it } from 'vitest';
import { capsOf, markedIndex } from '../../../src/cli/report/performance.ts';
import { performanceCsv, performanceJson, performanceText } from '../../../src/cli/report/performance-print.ts';
import { loadConfig } from '../../../src/config/load.ts';
import { strategyCodes, symbol } from '../../../src/domain/ids.ts';
import { price, usd } from '../../../src/domain/money.ts';
import type { AccountRead, PerformanceJournal } from '../../../src/domain/performance-journal.ts';
import { tradingDay } from '../../../src/domain/time.ts';
import { usCalendar } from '../../../src/market/calendar.ts';
import { type PerformanceReport, performanceOf } from '../../../src/risk/performance/performance.ts';

const calendar = usCalendar();
const sessions = calendar.between(tradingDay('2026-01-02'), tradingDay('2026-03-31'));
const SPY = symbol('SPY');
const owners = [...strategyCodes.keys()].sort();

/** A large account that swings by a twentieth a day, and every strategy with shares of it. */
function reported(days: number, bench = true): PerformanceReport {
  const read = (i: number): AccountRead => {
    const session = sessions[i];
    if (session === undefined) throw new Error('not so many sessions');
    return {
      seq: i + 2,
      at: session.open,
      day: session.day,
      equity: usd((i % 2 === 0 ? 99_999_999 : 95_123_456) * 1e6),
      marks: new Map([[SPY, price(500e6)]]),
    };
  };
  const journal: PerformanceJournal = {
    reads: Array.from({ length: days + 1 }, (_, i) => read(i)),
    openings: owners.map((owner) => ({ seq: 3, id: owner, owner, symbol: SPY, multiplier: 1, qty: 100_000, cash: usd(-61_234_567e6) })),
    closings: [],
    rows: [{ seq: 4, owner: 'EXTERNAL', kind: 'transfer', cash: usd(-12_345_678.9e6) }],
    traded: owners.map((owner) => ({ seq: 3, owner, value: usd(61_234_567e6) })),
    ended: owners.flatMap((owner) => [8, 9].map((seq) => ({ seq, owner, result: usd((seq === 8 ? 1 : -1) * 1_234_567.89e6) }))),
  };
  const index = bench ? sessions.map(({ day }, i) => ({ day, index: 1 + (i % 3) / 50 })) : [];
  const report = performanceOf(journal, { calendar, riskFree: 0.04, benchmark: { symbol: 'SPY', index } });
  if (report === null) throw new Error('there is no report');
  return report;
}

describe('the performance report', () => {
  it.each([[10], [40]])('of %d days and all ten strategies fits a hundred columns', (days) => {
    const text = performanceText(reported(days));
    expect(text.split('\n').filter((line) => line.length > 100)).toEqual([]);
    for (const owner of owners) expect(text).toContain(`\n${owner}`);
    expect(text.includes('the last 25 days')).toBe(days > 25);
  });
  it('says how few days it rests on, where it fell, and what it has no benchmark for', () => {
    const text = performanceText(reported(10, false));
    expect(text).toContain('fewer than 60 daily returns');
    expect(text).toMatch(/largest fall \d+\.\d\d %, from the beginning to 2026-01-05, made good on 2026-01-06/);
    expect(text).toContain('no benchmark');
  });
  it('is rows for a spreadsheet: the account, the benchmark and each strategy on each day', () => {
    const rows = performanceCsv(reported(10))
      .split('\n')
      .map((line) => line.split(','));
    expect(new Set(rows.map((row) => row.length))).toEqual(new Set([18]));
    expect(rows.filter(([, who]) => who === 'account')).toHaveLength(10);
    expect(rows.filter(([, who]) => who === 'wheel')).toHaveLength(10);
    expect(rows.filter(([, who]) => who === 'SPY')).toHaveLength(10);
  });
  it('is a document in which nothing is lost on the way to text', () => {
    const report = reported(10);
    const read = JSON.parse(JSON.stringify(performanceJson(report))) as {
      readonly benchmarkDaily: object;
      readonly curve: readonly object[];
    };
    expect(Object.keys(read.benchmarkDaily)).toHaveLength(10);
    expect(read.curve).toEqual(report.curve);
  });
});

describe('what the report is asked of', () => {
  it('takes the marks of the benchmark that are of their own day', () => {
    const shadow = (day: string, index: number) => ({ day, units: 1, close: 500, index });
    const mark = (day: string, shadows: Readonly<Record<string, ReturnType<typeof shadow>>>) => ({
      day,
      value: 1,
      flow: 0,
      sessions: 1,
      shadows,
    });
    const marks = [
      mark('2026-03-02', { SPY: shadow('2026-03-02', 1) }),
      mark('2026-03-03', { SPY: shadow('2026-03-02', 1) }), // its close was not out
      mark('2026-03-04', { SPY: shadow('2026-03-04', 1.02), QQQ: shadow('2026-03-04', 3) }),
    ];
    expect(markedIndex({ v: 1, growth: 1, firstDay: '2026-03-02', marks, traded: null }, 'SPY')).toEqual([
      { day: '2026-03-02', index: 1 },
      { day: '2026-03-04', index: 1.02 },
    ]);
    expect(markedIndex(null, 'SPY')).toEqual([]);
  });
  it('takes the parts of equity that strategies may use from the configuration', () => {
    const loaded = loadConfig({ env: {}, cwd: '/', mode: 'sim', overrides: { strategies: { base: { ceilings: { dip: 0.07 } } } } });
    if (!loaded.ok) throw new Error(loaded.problems.join('\n'));
    const caps = capsOf(loaded.config);
    expect(caps.get(owners.find((id) => id === 'dip') ?? 'EXTERNAL')).toBe(0.07);
    expect([...caps.keys()].sort()).toEqual(owners);
    expect(capsOf({ strategies: [] })).toEqual(new Map());
  });
});
