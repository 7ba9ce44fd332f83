// S-24: twenty sessions of the real daemon on the exchange. Every figure of the report is reckoned a second time from the ledger's rows,
// and the benchmark's from the script of the market itself.
import { expect, it } from 'vitest';
import { pullback } from '../../examples/pullback.ts';
import { performanceReport } from '../../src/cli/report/performance.ts';
import { performanceCsv, performanceText } from '../../src/cli/report/performance-print.ts';
import { strategyId } from '../../src/domain/ids.ts';
import type { EpochMs } from '../../src/domain/time.ts';
import type { PerformanceReport, StrategyPerformance } from '../../src/risk/performance/performance.ts';
import { openReader } from '../../src/store/reader.ts';
import { sheetOf } from '../unit/risk/performance/spreadsheet.ts';
import { type LedgerSheet, ledgerSheet } from './performance-sheet.ts';
import { calendar, sessionsFrom } from './script/clock.ts';
import { flat, way } from './script/closes.ts';
import type { Anchor } from './script/path.ts';
import { scriptedMarket } from './scripted-market.ts';
import { type Story, scenario } from './strategies/scenario.ts';

const FROM = '2026-03-02';
const TO = '2026-03-27';
const sessions = sessionsFrom(FROM, TO).map(({ day }) => day);

// biome-ignore format: a story, a close a session
const spy = [506, 498, 511, 520, 509, 515, 530, 522, 518, 533, 541, 528, 519, 535, 549, 540, 556, 548, 561, 566];
// biome-ignore format: falls that come back, and one that does not
const amd = [96, 98, 101, 100, 100, 96, 95, 90, 94, 98, 100, 96, 99, 101, 100, 96, 97, 99, 101, 101];
const DIVIDEND = { ex: '2026-03-12', pay: '2026-03-18', amount: 1.75 };

/** From the close before straight to each session's own, reached at 10:00. */
const days = (closes: readonly number[], before: number): Readonly<Record<string, readonly Anchor[]>> =>
  Object.fromEntries(
    sessions.map((day, i) => [
      day,
      [
        ['09:30', closes[i - 1] ?? before],
        ['10:00', closes[i] ?? before],
      ],
    ]),
  );

const market = scriptedMarket({
  id: 'performance',
  from: FROM,
  to: TO,
  names: [
    { symbol: 'SPY', fund: true, history: way(30, 490, 500), volume: 70_000_000, days: days(spy, 500), dividends: [DIVIDEND], wiggle: 0 },
    { symbol: 'AMD', history: flat(30, 100), volume: 40_000_000, days: days(amd, 100), wiggle: 0 },
  ],
});
const RISK_FREE = 0.0369;
const CAPS = new Map([[strategyId('swing'), 0.1] as const]);

/** Money comes and goes on two evenings. */
const transfers: Readonly<Record<string, number>> = { '2026-03-11': 5_000, '2026-03-19': -2_000 };

/** Slow where orders are about and where the day is marked, fast in between. */
async function live({ until, world }: Story): Promise<void> {
  for (const day of sessions) {
    await until(`${day} 10:29`, 10_000);
    await until(`${day} 10:34`, 150);
    await until(`${day} 15:29`, 5_000);
    await until(`${day} 15:35`, 150);
    await until(`${day} 16:13`, 5_000);
    await until(`${day} 16:20`, 120);
    const amount = transfers[day];
    if (amount !== undefined) world.exchange.core.transfer('lab', amount * 1_000_000, world.exchange.clock.now());
  }
}

const near = (found: number | null | undefined, wanted: number, what: string): void => {
  expect(Math.abs((found ?? Number.NaN) - wanted), `${what}: ${String(found)} is not ${String(wanted)}`).toBeLessThanOrEqual(
    1e-9 * Math.max(1, Math.abs(wanted)),
  );
};
const mean = (xs: readonly number[]): number => xs.reduce((a, b) => a + b, 0) / xs.length;

function checkReturns(found: PerformanceReport['account']['returns'], returns: readonly number[], riskFree: number, who: string): void {
  const sheet = sheetOf(returns, riskFree / 252);
  near(found.timeWeighted, sheet.timeWeighted, `${who} return`);
  near(found.volatility, sheet.volatility, `${who} volatility`);
  near(found.sharpe, sheet.sharpe, `${who} Sharpe`);
  near(found.sortino, sheet.sortino, `${who} Sortino`);
  near(found.calmar, sheet.calmar, `${who} Calmar`);
  near(found.drawdown?.depth, sheet.fall, `${who} largest fall`);
}

function checkTrades(found: PerformanceReport['account'], results: readonly number[], who: string): void {
  if (!found.trades.known) throw new Error(`${who}: ${found.trades.why}`);
  const won = results.filter((r) => r > 0);
  const lost = results.filter((r) => r < 0);
  near(found.trades.value.count, results.length, `${who} trades`);
  near(found.trades.value.winRate, won.length / results.length, `${who} win rate`);
  near(found.trades.value.profitFactor, won.reduce((a, b) => a + b, 0) / -lost.reduce((a, b) => a + b, 0), `${who} profit factor`);
  near(found.trades.value.expectancy, mean(results), `${who} expectancy`);
}

function checkStrategy(found: StrategyPerformance, sheet: LedgerSheet): void {
  const { owner } = found;
  const part = CAPS.get(owner as never) ?? 1;
  const capital = sheet.days.map((_, i) => part * (sheet.days[i - 1]?.equity ?? sheet.start));
  const pnl = sheet.days.map((d) => d.pnl.get(owner) ?? Number.NaN);
  near(
    (found.pnl ?? Number.NaN) / 1e6,
    pnl.reduce((a, b) => a + b, 0),
    `${owner} profit`,
  );
  const returns = pnl.map((p, i) => p / (capital[i] ?? Number.NaN));
  checkReturns(found.returns, returns, 0, owner);
  const exposed = sheet.days.map((d, i) => (d.exposure.get(owner)?.avg ?? Number.NaN) / (capital[i] ?? Number.NaN));
  // An average is kept in whole micros.
  expect(Math.abs((found.activity.exposureAvg ?? Number.NaN) - mean(exposed))).toBeLessThan(1e-9);
  const most = Math.max(...sheet.days.map((d, i) => (d.exposure.get(owner)?.max ?? Number.NaN) / (capital[i] ?? Number.NaN)));
  near(found.activity.exposureMax, most, `${owner} largest exposure`);
  const traded = sheet.days.reduce((sum, d) => sum + (d.traded.get(owner) ?? Number.NaN), 0);
  near(found.activity.turnover, traded / 2 / mean(capital), `${owner} turnover`);
}

/** Closes of the script, its dividend reinvested on its ex-day: from the first close to the last. */
const spyReturns = spy
  .slice(1)
  .map((close, i) => (close + (sessions[i + 1] === DIVIDEND.ex ? DIVIDEND.amount : 0)) / (spy[i] ?? Number.NaN) - 1);

function check(report: PerformanceReport, sheet: LedgerSheet): void {
  expect(report.curve.map(({ day }) => day)).toEqual(sessions);
  for (const [i, day] of sheet.days.entries()) {
    const found = report.curve[i];
    near((found?.equity ?? 0) / 1e6, day.equity, `${day.day} equity`);
    near((found?.flow ?? 0) / 1e6, day.flow, `${day.day} flow`);
    near(found?.dayReturn, sheet.returns[i] ?? Number.NaN, `${day.day} return`);
    // What the owners made, with what was theirs of dividends and fees, is the account's own profit.
    near(
      (found?.pnl ?? 0) / 1e6,
      [...day.pnl.values()].reduce((a, b) => a + b, 0),
      `${day.day} profit of all owners`,
    );
    for (const [owner, pnl] of day.pnl)
      near((report.daily.find((d) => d.day === day.day && d.owner === owner)?.pnl ?? Number.NaN) / 1e6, pnl, `${day.day} ${owner}`);
  }
  checkReturns(report.account.returns, sheet.returns, RISK_FREE, 'account');
  checkTrades(report.account, [...sheet.results.values()].flat(), 'account');
  for (const one of report.strategies) if (one.owner !== 'EXTERNAL') checkStrategy(one, sheet);
  const swing = report.strategies.find(({ owner }) => owner === 'swing');
  if (swing === undefined) throw new Error('the second strategy never traded');
  checkTrades(swing, sheet.results.get('swing') ?? [], 'swing');
  if (report.benchmark === null) throw new Error('the benchmark was never marked');
  expect(report.benchmark.figures.days).toBe(sessions.length - 1);
  checkReturns(report.benchmark.figures, spyReturns, RISK_FREE, 'SPY');
  checkReturns(report.benchmark.ours, sheet.returns.slice(1), RISK_FREE, 'account beside SPY');
}

it('twenty sessions add up to the figures of a second reckoning, to 1e-9', async () => {
  const cast = (configured: Parameters<NonNullable<Parameters<typeof scenario>[0]['cast']>>[0]) =>
    configured.map((one) =>
      one.strategy.id === 'swing'
        ? { ...one, strategy: { ...pullback, id: strategyId('swing') }, params: pullback.params.parse({ universe: ['AMD'] }) }
        : one,
    );
  const base = { benchmarks: ['SPY'], target_weight: 0.2, band_pct: 0.004, min_trade_pct: 0.001 };
  await scenario({ market, strategies: { base, swing: {} }, cast, start: `${FROM} 09:50` }, async (story) => {
    await live(story);
    const sheet = ledgerSheet(story.world.ledgerFile, sessions, (at) => calendar.inSession(at as EpochMs) !== undefined);
    const opened = openReader(story.world.ledgerFile);
    if (!opened.ok) throw new Error(opened.fault.message);
    const report = performanceReport(opened.reader, { calendar, window: {}, caps: CAPS, riskFree: RISK_FREE });
    opened.reader.close();
    if (report === null) throw new Error('there is no report');
    // Enough happened for every figure to mean something.
    expect(sheet.owners).toEqual(expect.arrayContaining(['base', 'swing']));
    expect(
      sheet.days
        .filter((d) => d.flow !== 0)
        .map((d) => d.flow)
        .sort((a, b) => a - b),
    ).toEqual([-2_000, 5_000]);
    expect(sheet.results.get('swing')?.filter((r) => r > 0).length).toBeGreaterThanOrEqual(2);
    expect(sheet.results.get('swing')?.filter((r) => r < 0).length).toBeGreaterThanOrEqual(1);
    check(report, sheet);
    expect(
      performanceText(report)
        .split('\n')
        .filter((line) => line.length > 100),
    ).toEqual([]);
    expect(performanceCsv(report).split('\n')).toHaveLength(1 + 20 * (1 + report.strategies.length) + 19);
  });
}, 120_000);
