import { describe, expect, it } from 'vitest';
import { symbol } from '../../../src/domain/ids.ts';
import { tradingDay } from '../../../src/domain/time.ts';
import type { Board } from '../../../src/market/board.ts';
import type { EarningsReport } from '../../../src/market/quote.ts';
import { closeTrade } from '../../../src/strategies/toolkit/closing.ts';
import { cents } from '../../../src/strategies/toolkit/context.ts';
import { settle } from '../../../src/strategies/toolkit/gates.ts';
import { heldTrade } from '../../../src/strategies/toolkit/holding.ts';
import { nextReportMove, noReportNear } from '../../../src/strategies/toolkit/report-guard.ts';
import { calendar, contextOf, list, stock, world } from '../../golden/strategies/world.ts';
import { trade } from '../../golden/strategies/world-more.ts';

const XYZ = symbol('XYZ');
/** Wednesday 2026-03-11 at 11:00. */
function on(reports: readonly (readonly [string, EarningsReport['time']])[]) {
  const w = world('2026-03-11', 11);
  const board: Board = w.board;
  board.setEarnings(reports.map(([day, time]) => ({ symbol: XYZ, day: tradingDay(day), time, sources: ['test'], confirmed: true })));
  return contextOf(w, {});
}
const FAR = ['2026-06-10', 'AMC'] as const;

describe('a span without reports', () => {
  it.each([
    ['after the close two sessions back: its gap opens the session looked back on', '2026-03-09', 'AMC', 'EARNINGS_WINDOW'],
    ['before the open two sessions back', '2026-03-09', 'BMO', undefined],
    ['before the open today', '2026-03-11', 'BMO', 'EARNINGS_WINDOW'],
    ['before the open of the last session ahead', '2026-03-13', 'BMO', 'EARNINGS_WINDOW'],
    ['after the close of the last session ahead', '2026-03-13', 'AMC', undefined],
    ['at a time nobody knows on that day', '2026-03-13', 'UNKNOWN', 'EARNINGS_WINDOW'],
  ] as const)('a report %s', (_name, day, time, code) => {
    const outcome = settle(noReportNear(on([[day, time], FAR]), XYZ, { back: 1, ahead: 2 }));
    expect(outcome.ok ? undefined : outcome.code).toBe(code);
  });
  it('is not known where the calendar does not hold the name', () => {
    expect(settle(noReportNear(on([]), XYZ, { back: 1, ahead: 2 }))).toMatchObject({ ok: false, code: 'EARNINGS_UNKNOWN' });
  });
});

describe('the next move on a report', () => {
  const until = calendar.offset(tradingDay('2026-03-11'), 2);
  it.each([
    ['tomorrow before the open starts at the close of today', '2026-03-12', 'BMO', '2026-03-11'],
    ['tomorrow after the close starts there', '2026-03-12', 'AMC', '2026-03-12'],
    ['tomorrow at a time nobody knows may start at the close of today', '2026-03-12', 'UNKNOWN', '2026-03-11'],
  ] as const)('%s', (_name, day, time, from) => {
    const move = nextReportMove(on([[day, time], FAR]), XYZ, until);
    expect(move.known && move.value?.from).toBe(calendar.session(tradingDay(from))?.close);
  });
  it('is none once its gap is behind us, and none beyond the span', () => {
    expect(nextReportMove(on([['2026-03-11', 'BMO'], FAR]), XYZ, until)).toEqual({ known: true, value: null });
    expect(nextReportMove(on([['2026-03-13', 'AMC'], FAR]), XYZ, until)).toEqual({ known: true, value: null });
    expect(nextReportMove(on([]), XYZ, until)).toMatchObject({ known: false, code: 'EARNINGS_UNKNOWN' });
  });
});

describe('selling out', () => {
  it('never pays to be rid of an option nobody bids for', () => {
    const w = world('2026-03-11', 11);
    stock(w, 'XYZ', { spot: 50 });
    list(w, 'XYZ', 50, '2026-04-17', [{ strike: 60, sigma: 0.3, call: [0, 0.02] }]);
    for (const row of w.board.chain(XYZ)?.rows ?? []) if (row.quote !== null) w.board.setQuote(row.quote);
    const held = heldTrade(
      contextOf(w, {}).market,
      trade({
        owner: 'dip',
        name: 'XYZ',
        legs: [{ expiry: '2026-04-17', right: 'call', strike: 60, side: 'buy' }],
        units: 2,
        entry: 0.5,
        openedDay: '2026-03-10',
      }),
    );
    expect(held.known).toBe(true);
    if (!held.known) return;
    const { rungs } = closeTrade(contextOf(w, {}).market, held.value, { code: 'STOP', why: 'x', gates: [], pace: 'urgent' }, 10).prices;
    expect(rungs).toEqual([-10_000]);
  });
});

describe('whole cents', () => {
  it.each([
    [1.4, 140],
    [1.405, 141],
    [1.4049, 140],
    [2.83 * 0.5, 142],
    [1.15, 115],
  ])('%d dollars are %i', (amount, expected) => {
    expect(cents(amount)).toBe(expected);
  });
});
