import { describe, expect, it } from 'vitest';
import { symbol } from '../../../src/domain/ids.ts';
import { type TradingDay, tradingDay } from '../../../src/domain/time.ts';
import { usCalendar } from '../../../src/market/calendar.ts';
import { parseEarnings } from '../../../src/market/earnings.ts';
import type { EarningsReport } from '../../../src/market/quote.ts';
import { eventReport, firstAffectedExpiry, gapOf, movesWithin, pastReports } from '../../../src/market/report-gap.ts';

const calendar = usCalendar({ from: tradingDay('2024-01-01'), to: tradingDay('2027-12-31') });
const aapl = symbol('AAPL');
const at = (day: string, hour: number, minute: number) => calendar.instant(tradingDay(day), hour, minute);
const report = (day: string, time: EarningsReport['time'], over: Partial<EarningsReport> = {}): EarningsReport => ({
  symbol: aapl,
  day: tradingDay(day),
  time,
  sources: ['operator'],
  confirmed: true,
  ...over,
});

describe('the gap of a report', () => {
  it.each<[string, string, EarningsReport['time'], string, string]>([
    ['after the close of a Thursday', '2027-01-28', 'AMC', '2027-01-28', '2027-01-29'],
    ['before the open of a Thursday', '2027-01-28', 'BMO', '2027-01-27', '2027-01-28'],
    ['before the open of a Monday', '2027-02-01', 'BMO', '2027-01-29', '2027-02-01'],
    ['after the close of a half day', '2026-11-27', 'AMC', '2026-11-27', '2026-11-30'],
    ['on a holiday, after the close', '2026-11-26', 'AMC', '2026-11-25', '2026-11-27'],
    ['on a holiday, before the open', '2026-11-26', 'BMO', '2026-11-25', '2026-11-27'],
  ])('%s lies between a close and an open', (_, day, time, before, next) => {
    const gap = gapOf(report(day, time), calendar);
    expect([gap?.before.day, gap?.after.day]).toEqual([before, next]);
    expect([gap?.from, gap?.to]).toEqual([calendar.session(tradingDay(before))?.close, calendar.session(tradingDay(next))?.open]);
  });

  it.each(['DMH', 'UNKNOWN'] as const)('is none of its own with time %s', (time) => {
    expect(gapOf(report('2027-01-28', time), calendar)).toBeUndefined();
  });

  it('G-S8-05: is felt by Friday’s expiry after the close, by Thursday’s before the open', () => {
    const listed = ['2027-01-28', '2027-01-29', '2027-02-05', '2027-01-22'].map(tradingDay);
    const first = (time: 'AMC' | 'BMO', expiries: readonly TradingDay[]) => {
      const gap = gapOf(report('2027-01-28', time), calendar);
      return gap === undefined ? undefined : firstAffectedExpiry(gap, expiries);
    };
    expect(first('AMC', listed)).toBe('2027-01-29');
    expect(first('BMO', listed)).toBe('2027-01-28');
    expect(
      first(
        'BMO',
        listed.filter((day) => day !== '2027-01-28'),
      ),
    ).toBe('2027-01-29');
    expect(first('AMC', [tradingDay('2027-01-28')])).toBeUndefined();
  });

  it.each<[string, EarningsReport['time'], boolean]>([
    ['after the close', 'AMC', false],
    ['before the open', 'BMO', true],
    ['at a time nobody knows', 'UNKNOWN', true],
    ['during the session', 'DMH', true],
  ])('%s is inside a hold until that day’s close: %s', (_, time, inside) => {
    const hold = [at('2027-01-26', 10, 0), at('2027-01-28', 16, 0)] as const;
    expect(movesWithin(report('2027-01-28', time), ...hold, calendar)).toBe(inside);
  });
});

describe('two sources', () => {
  const read = (rows: string) => {
    const parsed = parseEarnings(`symbol,date,session,source\n${rows}`, 'e.csv');
    if (!parsed.ok) throw new Error(parsed.errors.join('\n'));
    return parsed.reports;
  };

  it('that disagree on a date leave both, unconfirmed, and refuse to be traded on', () => {
    const reports = read('AAPL,2027-01-28,amc,finnhub\nAAPL,2027-01-29,amc,nasdaq\nAAPL,2026-10-29,amc,finnhub\n');
    expect(reports.map((r) => [r.day, r.confirmed, r.conflict])).toEqual([
      ['2027-01-28', false, true],
      ['2027-01-29', false, true],
      ['2026-10-29', true, undefined],
    ]);
    expect(eventReport(reports.filter((r) => r.day > '2027-01-01'))).toMatchObject({ known: false, code: 'EARNINGS_DATE_CONFLICT' });
  });

  it('yield to the operator, who names none', () => {
    expect(read('AAPL,2027-01-28,amc,\nAAPL,2027-01-29,amc,nasdaq\n')).toMatchObject([{ day: '2027-01-28', confirmed: true }]);
  });

  it('of one quarter each are no dispute', () => {
    expect(read('AAPL,2026-10-29,amc,a\nAAPL,2027-01-28,amc,b\n').some((r) => r.conflict)).toBe(false);
  });
});

describe('the report to trade on', () => {
  it('is the first of the span, if its time is known', () => {
    const [soon, late] = [report('2027-01-28', 'BMO'), report('2027-04-29', 'AMC')];
    expect(eventReport([late, soon])).toEqual({ known: true, value: soon });
    expect(eventReport([])).toEqual({ known: true, value: null });
    expect(eventReport([report('2027-01-28', 'UNKNOWN')])).toMatchObject({ known: false, code: 'EARNINGS_TIME_UNKNOWN' });
  });
});

describe('past reports', () => {
  const quarters = ['2025-01-30', '2025-05-01', '2025-07-31', '2025-10-30', '2026-01-29', '2026-04-30', '2026-07-30', '2026-10-29'];
  const all = quarters.map((day) => report(day, 'AMC'));
  const ask = (reports: readonly EarningsReport[] | undefined, count: number, atLeast: number, now = at('2026-11-23', 15, 5)) => {
    const answer = pastReports(reports, aapl, count, atLeast, calendar, now);
    return answer.known ? answer.value.map((r) => r.day) : answer.code;
  };

  it('are the last ones, the newest last', () => expect(ask([...all].reverse(), 3, 3)).toEqual(quarters.slice(-3)));
  it('begin with the open after them', () => {
    expect(ask(all, 1, 1, at('2026-10-30', 9, 29))).toEqual(['2026-07-30']);
    expect(ask(all, 1, 1, at('2026-10-30', 9, 30))).toEqual(['2026-10-29']);
  });
  it.each([
    ['an unknown name', undefined, 'EARNINGS_UNKNOWN'],
    ['five of six', all.slice(0, 5), 'EARNINGS_HISTORY_SHORT'],
    ['times nobody knows', all.map((r) => ({ ...r, time: 'UNKNOWN' as const })), 'EARNINGS_HISTORY_SHORT'],
    ['dates in dispute', all.map((r) => ({ ...r, conflict: true as const })), 'EARNINGS_HISTORY_SHORT'],
  ])('are absent with %s', (_, reports, code) => expect(ask(reports, 8, 6)).toBe(code));
});
