// Figures of a series against numbers that another program found, and against a second reckoning of random series.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { usd } from '../../../../src/domain/money.ts';
import { addDays, type TradingDay, tradingDay } from '../../../../src/domain/time.ts';
import { largestDrawdown } from '../../../../src/pricing/performance.ts';
import { benchmarkReturns } from '../../../../src/risk/performance/benchmark.ts';
import { type EquityMark, equityCurve } from '../../../../src/risk/performance/equity-curve.ts';
import { againstBenchmark, type DayReturn, returnFigures, tradeFigures } from '../../../../src/risk/performance/figures.ts';
import { curveReturns } from '../../../../src/risk/performance/performance.ts';
import { returnsOf, sheetOf } from './spreadsheet.ts';

// Found with Python's decimal module at sixty digits: returns V/(V before + F) - 1, sample deviation, downside over all days, the fall
// as the worst of all pairs of days, growth to a year by its logarithm. Risk-free 0.0369 a year.
const marked: readonly (readonly [equity: number, flow: number])[] = [
  [100_000, 0],
  [100_850.25, 0],
  [99_920.1, 0],
  [101_333.37, 0],
  [111_500, 10_000],
  [110_020.75, 0],
  [108_999.99, 0],
  [109_450.1, -1_500],
  [112_003.4, 0],
  [112_003.4, 0],
  [110_750.05, 0],
  [113_020.6, 0],
  [113_999.95, 0],
];
const spy = [1, 1.004, 0.9985, 1.0061, 1.0102, 1.0039, 0.9921, 0.9958, 1.0077, 1.0071, 1.0049, 1.0132, 1.0188];
const RISK_FREE = 0.0369 / 252;
const day = (i: number): TradingDay => addDays(tradingDay('2026-03-01'), i);
const marks = marked.map(
  ([equity, flow], i): EquityMark => ({
    day: day(i),
    equity: usd(Math.round(equity * 1e6)),
    flow: usd(flow * 1e6),
    sessions: i === 0 ? 0 : 1,
  }),
);
const curve = equityCurve(marks);
const near = (value: number) => expect.closeTo(value, 10) as number;

describe('the curve of an account', () => {
  it('takes deposits and withdrawals out of profit and of returns', () => {
    expect(curve.map(({ pnl }) => pnl / 1e6)).toEqual([
      850.25, -930.15, 1_413.27, 166.63, -1_479.25, -1_020.76, 1_950.11, 2_553.3, 0, -1_253.35, 2_270.55, 979.35,
    ]);
    expect(curve[3]?.dayReturn).toBeCloseTo(0.00149667615378929, 13);
    expect(curve[6]?.dayReturn).toBeCloseTo(0.0181405598270288, 13);
    expect(curve.at(-1)?.growth).toBeCloseTo(1.0520825708975021, 12);
    expect(curve[5]?.drawdown).toBeCloseTo(0.0224216143497758, 12);
  });
  it('says nothing of a return on nothing, nor of growth from there on', () => {
    const broke = equityCurve([
      { day: day(0), equity: usd(1_000_000), flow: usd(0), sessions: 0 },
      { day: day(1), equity: usd(500_000), flow: usd(-1_000_000), sessions: 1 },
      { day: day(2), equity: usd(600_000), flow: usd(0), sessions: 1 },
    ]);
    expect(broke.map(({ dayReturn, growth, drawdown }) => [dayReturn, growth, drawdown])).toEqual([
      [null, null, null],
      [0.19999999999999996, null, null],
    ]);
    expect(returnFigures(curveReturns(broke), 0)).toMatchObject({
      days: 2,
      observations: 1,
      timeWeighted: null,
      drawdown: null,
      sharpe: null,
    });
  });
});

describe('the figures of a series', () => {
  it('are those that another program finds', () => {
    expect(returnFigures(curveReturns(curve), RISK_FREE)).toEqual({
      days: 12,
      observations: 12,
      timeWeighted: near(0.0520825708975021),
      cagr: near(1.90433257743476),
      volatility: near(0.208185251171219),
      sharpe: near(5.05001757017172),
      sortino: near(10.4167944545581),
      calmar: near(84.9328932220173),
      drawdown: { depth: near(0.0224216143497758), peak: day(4), trough: day(6), recovered: day(8) },
    });
  });
  it('stand beside those of the benchmark, over the same days', () => {
    const index = spy.map((level, i) => ({ day: day(i), index: level }));
    expect(againstBenchmark('SPY', curveReturns(curve), benchmarkReturns(index, marks), RISK_FREE)).toMatchObject({
      symbol: 'SPY',
      figures: {
        timeWeighted: near(0.0188),
        sharpe: near(3.27273899594316),
        sortino: near(5.29792415769576),
        calmar: near(26.7149200587365),
      },
      ours: { timeWeighted: near(0.0520825708975021) },
      beta: near(1.69662177499707),
      alpha: near(0.440404164041172),
      trackingError: near(0.119869607938608),
      informationRatio: near(5.76668336255053),
    });
  });
  it('leave out of both what one of them lacks', () => {
    const index = spy.map((level, i) => ({ day: day(i), index: level })).filter((_, i) => i !== 3);
    const found = againstBenchmark('SPY', curveReturns(curve), benchmarkReturns(index, marks), RISK_FREE);
    expect([found.figures.days, found.ours.days]).toEqual([10, 10]);
  });
  it('chain a return over several sessions, and do not take it for a day', () => {
    const days: DayReturn[] = [
      { day: day(0), value: 0.01, sessions: 1 },
      { day: day(5), value: -0.02, sessions: 4 },
      { day: day(6), value: 0.03, sessions: 1 },
    ];
    const found = returnFigures(days, 0);
    expect(found).toMatchObject({
      days: 3,
      observations: 2,
      timeWeighted: near(0.019494),
      drawdown: { depth: near(0.02), trough: day(5) },
    });
    expect(found.volatility).toBeCloseTo(Math.sqrt(252) * Math.sqrt(0.0002), 10);
    expect(found.cagr).toBeCloseTo(1.019494 ** (252 / 6) - 1, 10);
  });
  it('name a fall from the beginning, and one that is not made good', () => {
    const down = returnFigures([{ day: day(1), value: -0.1, sessions: 1 }], 0);
    expect(down.drawdown).toEqual({ depth: near(0.1), peak: null, trough: day(1), recovered: null });
    expect(largestDrawdown([0.1, 0])).toBeNull();
  });
  it('agree with a second reckoning of any series, to 1e-9', () => {
    const move = fc.double({ min: -0.2, max: 0.2, noNaN: true });
    const flow = fc.double({ min: -0.3, max: 0.5, noNaN: true });
    fc.assert(
      fc.property(fc.array(fc.tuple(move, flow), { minLength: 3, maxLength: 60 }), (steps) => {
        let value = 100_000;
        const rows = [{ value, flow: 0 }];
        for (const [r, part] of steps) {
          const came = Math.round(value * part);
          value = Math.round((value + came) * (1 + r));
          rows.push({ value, flow: came });
        }
        const series = rows.map(
          (row, i): EquityMark => ({ day: day(i), equity: usd(row.value * 1e6), flow: usd(row.flow * 1e6), sessions: 1 }),
        );
        const found = returnFigures(curveReturns(equityCurve(series)), RISK_FREE);
        const returns = returnsOf(
          rows.map((row) => row.value),
          rows.map((row) => row.flow),
        );
        const sheet = sheetOf(returns, RISK_FREE);
        fc.pre(sheet.volatility > 1e-3);
        const close = (a: number | null, b: number): void => {
          if (!Number.isFinite(b)) return; // nothing to divide by: the other says null
          expect(a).not.toBeNull();
          expect(Math.abs((a ?? Number.NaN) - b)).toBeLessThanOrEqual(1e-9 * Math.max(1, Math.abs(b)));
        };
        close(found.timeWeighted, sheet.timeWeighted);
        close(found.volatility, sheet.volatility);
        close(found.sharpe, sheet.sharpe);
        close(found.sortino, sheet.sortino);
        if (sheet.fall > 1e-6) close(found.calmar, sheet.calmar);
        close(found.drawdown?.depth ?? 0, sheet.fall);
      }),
      { numRuns: 200 },
    );
  });
});

describe('the figures of closed trades', () => {
  it('are those that another program finds', () => {
    const found = tradeFigures([412.5, -180.25, 96, -55.75, 0, 1_210.4, -640, 33.33]);
    expect(found).toMatchObject({
      known: true,
      value: { count: 8, winRate: 0.5, profitFactor: near(2.00026255707763), expectancy: near(109.52875), t: near(0.580329922123169) },
    });
  });
  it('are absent without a trade, and without a loss there is nothing to divide by', () => {
    expect(tradeFigures([])).toMatchObject({ known: false, code: 'INSUFFICIENT_OBS' });
    expect(tradeFigures([5])).toMatchObject({ known: true, value: { profitFactor: null, winRate: 1 } });
  });
});
