// What falls on fixed days: quarterly reports and quarterly dividends of each invented name.
import { addDays, dayNumber, daysBetween, type TradingDay } from '../../domain/time.ts';
import { draw, streamOf } from './draws.ts';
import type { SyntheticName } from './names.ts';
import { REFERENCE_DAY, type SessionIndex } from './session-index.ts';

/** A quarter in calendar days: dates keep their distance from one another and their weekday. */
const QUARTER = 91;
/** Calendar days by which a dividend is announced ahead of its ex-date. */
export const ANNOUNCED_AHEAD = 40;
/** And by which it is paid after it. */
const PAID_AFTER = 21;

export interface Report {
  readonly day: TradingDay;
  readonly time: 'BMO' | 'AMC';
}
export interface Payment {
  readonly exDay: TradingDay;
  readonly payDay: TradingDay;
  readonly announced: TradingDay;
  /** Dollars per share, whole tenths of a cent. */
  readonly perShare: number;
}

export interface NameEvents {
  /** Reports with their day in [from, to]. */
  reports(from: TradingDay, to: TradingDay): readonly Report[];
  payments(from: TradingDay, to: TradingDay): readonly Payment[];
  /** True when a report's news moves the price between the close before a session and its open. */
  gapBefore(index: number): boolean;
  /** Dollars that go ex on a session; 0 on most. */
  goesEx(index: number): number;
  /** How many such gaps lie before sessions 0..index, that one included. */
  gapsUpTo(index: number): number;
}

/** Quarter dates `anchor + 91 k` inside [from - slack, to + slack], each moved by its own jitter of -2..2 days. */
function* quarters(
  anchor: number,
  stream: number,
  from: TradingDay,
  to: TradingDay,
): Iterable<{ readonly k: number; readonly day: TradingDay }> {
  const first = Math.floor((dayNumber(from) - anchor) / QUARTER) - 1;
  const last = Math.ceil((dayNumber(to) - anchor) / QUARTER) + 1;
  for (let k = first; k <= last; k++) {
    const jitter = (draw(stream, k) % 5) - 2;
    yield { k, day: addDays(REFERENCE_DAY, anchor - dayNumber(REFERENCE_DAY) + QUARTER * k + jitter) };
  }
}

export function nameEvents(seed: number, name: SyntheticName, sessions: SessionIndex): NameEvents {
  const reference = dayNumber(REFERENCE_DAY);
  const reportStream = streamOf(seed, `${name.symbol}/reports`);
  const exStream = streamOf(seed, `${name.symbol}/ex-dates`);
  const onSession = (day: TradingDay): TradingDay => sessions.session(sessions.from(day)).day;

  function reports(from: TradingDay, to: TradingDay): readonly Report[] {
    if (name.earnings === null) return [];
    const { phase, time } = name.earnings;
    return [...quarters(reference + phase, reportStream, from, to)]
      .map(({ day }): Report => ({ day: onSession(day), time }))
      .filter(({ day }) => day >= from && day <= to);
  }
  function payments(from: TradingDay, to: TradingDay): readonly Payment[] {
    if (name.exPhase === null || name.yield === 0) return [];
    return [...quarters(reference + name.exPhase, exStream, from, to)]
      .map(({ k, day }): Payment => {
        const exDay = onSession(day);
        // Boards raise once a year by 3 %, in tenths of a cent.
        const perShare = Math.max(1, Math.round(((name.price * name.yield) / 4) * 1.03 ** Math.floor(k / 4) * 1000)) / 1000;
        return { exDay, payDay: onSession(addDays(exDay, PAID_AFTER)), announced: addDays(exDay, -ANNOUNCED_AHEAD), perShare };
      })
      .filter(({ exDay }) => exDay >= from && exDay <= to);
  }

  const gaps: boolean[] = [];
  const counts: number[] = [];
  const ex: number[] = [];
  /** Fills the per-session arrays up to a session, a year at a time. */
  function cover(index: number): void {
    while (gaps.length <= index) {
      const start = gaps.length;
      const end = start + 252;
      const from = sessions.session(Math.max(0, start - 1)).day;
      const to = sessions.session(end).day;
      const moved = new Set(reports(from, to).map((r) => (sessions.of(r.day) ?? -1) + (r.time === 'AMC' ? 1 : 0)));
      const paid = new Map(payments(from, to).map((p) => [sessions.of(p.exDay) ?? -1, p.perShare]));
      for (let i = start; i < end; i++) {
        gaps.push(moved.has(i));
        counts.push((counts[i - 1] ?? 0) + (moved.has(i) ? 1 : 0));
        ex.push(paid.get(i) ?? 0);
      }
    }
  }
  return {
    reports,
    payments,
    gapBefore(index) {
      cover(index);
      return gaps[index] === true;
    },
    goesEx(index) {
      cover(index);
      return ex[index] ?? 0;
    },
    gapsUpTo(index) {
      cover(index);
      return counts[index] ?? 0;
    },
  };
}

/** True once a payment has been announced. */
export const isAnnounced = (payment: Payment, today: TradingDay): boolean => daysBetween(payment.announced, today) >= 0;
