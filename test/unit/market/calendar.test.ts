import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { dayNumber, dayOfNumber, type EpochMs, epochMs, after as later, MINUTE, tradingDay, weekday } from '../../../src/domain/time.ts';
import { type CalendarException, diffCalendars, usCalendar } from '../../../src/market/calendar.ts';
import { newYorkOffset } from '../../../src/market/new-york.ts';
import { monthlyExpiry } from '../../../src/market/us-holidays.ts';

const calendar = usCalendar();
const day = tradingDay;
const at = (text: string): EpochMs => epochMs(Date.parse(text));

const closedIn = (year: number): string[] => daysOf(year).filter((d) => weekday(d) % 6 !== 0 && calendar.session(d) === undefined);
const earlyIn = (year: number): string[] => daysOf(year).filter((d) => calendar.session(d)?.early === true);
const daysOf = (year: number): ReturnType<typeof day>[] => {
  const first = dayNumber(day(`${String(year)}-01-01`));
  return Array.from({ length: dayNumber(day(`${String(year + 1)}-01-01`)) - first }, (_, i) => dayOfNumber(first + i));
};

describe('usCalendar', () => {
  it.each([
    [2026, '01-01 01-19 02-16 04-03 05-25 06-19 07-03 09-07 11-26 12-25', '11-27 12-24'],
    [2027, '01-01 01-18 02-15 03-26 05-31 06-18 07-05 09-06 11-25 12-24', '11-26'],
    [2028, '01-17 02-21 04-14 05-29 06-19 07-04 09-04 11-23 12-25', '07-03 11-24'],
  ])('keeps the holidays and half days of %d, 251 sessions', (year, closed, early) => {
    expect(
      closedIn(year)
        .map((d) => d.slice(5))
        .join(' '),
    ).toBe(closed);
    expect(
      earlyIn(year)
        .map((d) => d.slice(5))
        .join(' '),
    ).toBe(early);
    expect(calendar.between(day(`${String(year)}-01-01`), day(`${String(year)}-12-31`))).toHaveLength(251);
  });

  it.each(['2001-09-11', '2001-09-14', '2004-06-11', '2007-01-02', '2012-10-29', '2012-10-30', '2018-12-05', '2025-01-09'])(
    'was closed on %s',
    (text) => expect(calendar.session(day(text))).toBeUndefined(),
  );

  it('starts Juneteenth in 2022 and does not keep a New Year that falls on a Saturday', () => {
    expect(calendar.session(day('2021-06-18'))).toBeDefined();
    expect(calendar.session(day('2022-06-20'))).toBeUndefined();
    expect(calendar.session(day('2021-12-31'))).toMatchObject({ early: false });
  });

  it('opens at 09:30 and closes at 16:00, or 13:00 on a half day, on the New York clock of the season', () => {
    expect(calendar.session(day('2026-01-05'))).toEqual({
      day: '2026-01-05',
      open: at('2026-01-05T14:30Z'),
      close: at('2026-01-05T21:00Z'),
      early: false,
    });
    expect(calendar.session(day('2026-07-06'))).toEqual({
      day: '2026-07-06',
      open: at('2026-07-06T13:30Z'),
      close: at('2026-07-06T20:00Z'),
      early: false,
    });
    expect(calendar.session(day('2026-11-27'))).toEqual({
      day: '2026-11-27',
      open: at('2026-11-27T14:30Z'),
      close: at('2026-11-27T18:00Z'),
      early: true,
    });
  });

  it('knows which session runs, comes next and closed last', () => {
    const friday = calendar.offset(day('2026-02-13'), 0);
    const tuesday = calendar.offset(day('2026-02-17'), 0);
    expect(calendar.inSession(friday.open)?.day).toBe('2026-02-13');
    expect(calendar.inSession(later(friday.open, -1))).toBeUndefined();
    expect(calendar.inSession(friday.close)).toBeUndefined();
    expect(calendar.currentOrNext(later(friday.close, -1)).day).toBe('2026-02-13');
    expect(calendar.currentOrNext(friday.close).day).toBe('2026-02-17');
    expect(calendar.lastClosed(later(friday.close, -1)).day).toBe('2026-02-12');
    expect(calendar.lastClosed(friday.close).day).toBe('2026-02-13');
    expect(calendar.lastClosed(later(tuesday.close, -1)).day).toBe('2026-02-13');
  });

  it.each([
    ['2026-02-13', 0, '2026-02-13'],
    ['2026-02-13', 1, '2026-02-17'],
    ['2026-02-14', 0, '2026-02-17'],
    ['2026-02-14', -1, '2026-02-13'],
    ['2026-02-17', -1, '2026-02-13'],
  ])('counts from %s by %d sessions to %s', (from, n, to) => expect(calendar.offset(day(from), n).day).toBe(to));

  it('refuses days beyond its range', () => {
    expect(() => calendar.session(day('2036-01-02'))).toThrow('outside 1998-01-01..2035-12-31');
    expect(() => calendar.offset(day('2035-12-31'), 5)).toThrow('missing: session');
    expect(() => usCalendar({ from: day('1997-01-01') })).toThrow('no rules');
  });

  it('reads wall-clock times through both changes of the clock', () => {
    expect(calendar.instant(day('2026-03-06'), 15, 5)).toBe(at('2026-03-06T20:05Z'));
    expect(calendar.instant(day('2026-03-09'), 15, 5)).toBe(at('2026-03-09T19:05Z'));
    expect(calendar.instant(day('2026-11-01'), 1, 30)).toBe(at('2026-11-01T05:30Z'));
    expect(calendar.instant(day('2026-03-08'), 2, 30)).toBe(at('2026-03-08T07:30Z'));
    expect(calendar.dayOf(at('2026-03-09T03:59:59.999Z'))).toBe('2026-03-08');
    expect(calendar.dayOf(at('2026-03-09T04:00Z'))).toBe('2026-03-09');
  });

  it('agrees with the platform about New York at noon and at every hour of a changing Sunday, 1998 to 2035', () => {
    const format = new Intl.DateTimeFormat('en-US', { timeZone: 'America/New_York', hourCycle: 'h23', day: '2-digit', hour: '2-digit' });
    const ours = (instant: EpochMs): string => {
      const local = new Date(instant + newYorkOffset(instant)).toISOString();
      return `${local.slice(8, 10)}, ${local.slice(11, 13)}`;
    };
    for (let n = dayNumber(day('1998-01-01')); n <= dayNumber(day('2035-12-31')); n++) {
      const changes = weekday(dayOfNumber(n)) === 0 && [3, 4, 10, 11].includes(Number(dayOfNumber(n).slice(5, 7)));
      for (const hour of changes ? Array.from({ length: 24 }, (_, h) => h) : [17]) {
        const instant = epochMs(n * 86_400_000 + hour * 3_600_000);
        if (format.format(instant) !== ours(instant))
          expect(`${dayOfNumber(n)} ${String(hour)} ${ours(instant)}`).toBe(format.format(instant));
      }
    }
  });
});

describe('the broker list', () => {
  const from = day('2026-06-01');
  const to = day('2026-07-31');
  const listed = (exceptions: readonly CalendarException[]) => usCalendar({ exceptions }).between(from, to);

  it('differs nowhere from the rules when it says the same', () => expect(diffCalendars(calendar, listed([]), from, to)).toEqual([]));

  it.each<CalendarException>([
    { day: day('2026-06-10'), kind: 'closed' },
    { day: day('2026-06-19'), kind: 'regular' },
    { day: day('2026-07-02'), kind: 'early', hour: 13, minute: 0 },
    { day: day('2026-07-06'), kind: 'hours', open: { hour: 11, minute: 0 }, close: { hour: 16, minute: 0 } },
  ])('wins over the rules: $kind on $day', (exception) => {
    const theirs = listed([exception]);
    const differences = diffCalendars(calendar, theirs, from, to);
    expect(differences.map((d) => d.exception)).toEqual([exception]);
    const repaired = usCalendar({ exceptions: differences.map((d) => d.exception) });
    expect(diffCalendars(repaired, theirs, from, to)).toEqual([]);
    expect(repaired.session(exception.day)).toEqual(theirs.find((s) => s.day === exception.day));
  });

  it('may not reach beyond the range nor close before it opens', () => {
    expect(() => usCalendar({ exceptions: [{ day: day('2040-01-03'), kind: 'closed' }] })).toThrow('2040-01-03 lies outside');
    expect(() => usCalendar({ exceptions: [{ day: from, kind: 'early', hour: 9, minute: 0 }] })).toThrow('closes before it opens');
  });
});

describe('monthlyExpiry', () => {
  it.each([
    [2026, 2, '2026-02-20'],
    [2026, 6, '2026-06-18'],
    [2027, 6, '2027-06-17'],
    [2026, 12, '2026-12-18'],
  ])('of %d-%d', (year, month, expected) => expect(monthlyExpiry(year, month)).toBe(expected));
});

const shared = process.env['WSB_SHARED'];
const file = join(shared ?? '', 'calendar', 'us_market.csv');

describe.skipIf(!shared || !existsSync(file))('against calendar/us_market.csv of WSB_SHARED', () => {
  it('is closed and closes early on the listed days and on no other, from 1999 (the list has no half day before)', () => {
    const listed = new Map(
      readFileSync(file, 'utf8')
        .trim()
        .split('\n')
        .slice(1)
        .map((line) => [line.slice(0, 10), line.slice(11)]),
    );
    const last = [...listed.keys()].at(-1) as string;
    for (let n = dayNumber(day('1999-01-01')); n <= dayNumber(day(last)); n++) {
      const date = dayOfNumber(n);
      if (weekday(date) % 6 === 0) continue;
      const session = calendar.session(date);
      const says =
        session === undefined
          ? 'closed,'
          : session.early
            ? `early,${String((session.close - session.open) / MINUTE / 60 + 9.5)}:00`
            : undefined;
      if (says !== listed.get(date)) expect(`${date} ${String(says)}`).toBe(`${date} ${String(listed.get(date))}`);
    }
  });
});
