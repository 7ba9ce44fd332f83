import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  addDays,
  DAY,
  dayNumber,
  dayOfNumber,
  type EpochMs,
  epochMs,
  HOUR,
  after as later,
  MINUTE,
  SECOND,
  tradingDay,
  weekday,
} from '../../src/domain/time.ts';
import { type CalendarException, diffCalendars, usCalendar } from '../../src/market/calendar.ts';
import { yearsToExpiry } from '../../src/market/expiry.ts';
import { dueSlot, slotInstants, type Timing } from '../../src/market/schedule.ts';

const calendar = usCalendar();
const first = dayNumber(tradingDay('1998-02-01'));
const last = dayNumber(tradingDay('2035-08-31'));
const day = fc.integer({ min: first, max: last }).map(dayOfNumber);
const instant = fc.integer({ min: first * DAY, max: last * DAY }).map(epochMs);

describe('the calendar', () => {
  it('has sessions in order, apart, on weekdays, of six and a half or three and a half hours', () => {
    const sessions = calendar.between(tradingDay('1998-01-01'), tradingDay('2035-12-31'));
    for (const [i, s] of sessions.entries()) {
      const previous = sessions[i - 1];
      if (previous !== undefined && !(previous.close < s.open)) throw new Error(`${s.day} overlaps`);
      if (weekday(s.day) % 6 === 0) throw new Error(`${s.day} is a weekend`);
      if (s.close - s.open !== (s.early ? 3.5 : 6.5) * HOUR) throw new Error(`${s.day} has odd hours`);
    }
    expect(sessions.length / 38).toBeGreaterThan(251);
    expect(sessions.length / 38).toBeLessThan(252);
  });

  it('places every instant between the session that closed last and the one that runs or comes', () => {
    fc.assert(
      fc.property(instant, (at) => {
        const before = calendar.lastClosed(at);
        const now = calendar.currentOrNext(at);
        expect(before.close).toBeLessThanOrEqual(at);
        expect(now.close).toBeGreaterThan(at);
        expect(calendar.offset(before.day, 1)).toBe(now);
        expect(calendar.inSession(at)).toBe(now.open <= at ? now : undefined);
      }),
    );
  });

  it('counts sessions as an addition', () => {
    fc.assert(
      fc.property(day, fc.integer({ min: -10, max: 10 }), fc.integer({ min: -10, max: 10 }), (from, a, b) => {
        expect(calendar.offset(calendar.offset(from, a).day, b)).toBe(calendar.offset(from, a + b));
        expect(calendar.offset(from, 0).day >= from).toBe(true);
        expect(calendar.offset(from, -1).day < from).toBe(true);
      }),
    );
  });

  it('goes from wall time to the instant and back', () => {
    fc.assert(
      fc.property(day, fc.integer({ min: 0, max: 23 }), fc.integer({ min: 0, max: 59 }), (on, hour, minute) => {
        const at = calendar.instant(on, hour, minute);
        expect(calendar.dayOf(at)).toBe(on);
        expect((at - calendar.instant(on, 0, 0)) / MINUTE).toBeGreaterThanOrEqual(0);
      }),
    );
  });

  it('is brought to agree with any list of the broker', () => {
    const span = { from: tradingDay('2026-01-01'), to: tradingDay('2026-12-31') };
    const rules = usCalendar(span);
    const offsets = fc.uniqueArray(fc.integer({ min: 0, max: 364 }), { maxLength: 12 });
    const kinds = fc.array(fc.constantFrom('closed' as const, 'regular' as const, 'early' as const), { minLength: 12, maxLength: 12 });
    fc.assert(
      fc.property(offsets, kinds, (days, what) => {
        const exceptions = days.map((n, i): CalendarException => {
          const on = addDays(span.from, n);
          const kind = what[i] as 'closed' | 'regular' | 'early';
          return kind === 'early' ? { day: on, kind, hour: 13, minute: 0 } : { day: on, kind };
        });
        const theirs = usCalendar({ ...span, exceptions }).between(span.from, span.to);
        const repaired = usCalendar({ ...span, exceptions: diffCalendars(rules, theirs, span.from, span.to).map((d) => d.exception) });
        expect(repaired.between(span.from, span.to)).toEqual(theirs);
      }),
      { numRuns: 30 },
    );
  });
});

describe('time to expiry', () => {
  it('never grows as time passes on one clock, and is nothing at the close', () => {
    fc.assert(
      fc.property(instant, fc.integer({ min: 2, max: 60 }), fc.integer({ min: 0, max: 12 * HOUR }), (now, days, elapsed) => {
        const expiry = calendar.offset(addDays(calendar.dayOf(now), days), 0).day;
        const close = calendar.offset(expiry, 0).close;
        const years = yearsToExpiry(now, expiry, calendar);
        expect(years).toBeGreaterThan(0);
        const sameClock = calendar.dayOf(later(now, elapsed)) === calendar.dayOf(now);
        if (sameClock) expect(yearsToExpiry(later(now, elapsed), expiry, calendar)).toBeLessThanOrEqual(years);
        expect(yearsToExpiry(close, expiry, calendar)).toBe(0);
        expect(yearsToExpiry(later(close, -SECOND), expiry, calendar)).toBeCloseTo(1 / 60 / 98280, 12);
      }),
    );
  });
});

describe('a slot', () => {
  const session = calendar.offset(tradingDay('2026-02-11'), 0);
  const anchor = fc.record({ from: fc.constantFrom('open' as const, 'close' as const), minutes: fc.integer({ min: -60, max: 450 }) });
  const timing: fc.Arbitrary<Timing> = fc.oneof(
    fc.array(anchor, { minLength: 1, maxLength: 5 }).map((at) => ({ at })),
    fc.record({ everyMs: fc.integer({ min: 5, max: 1800 }).map((s) => s * SECOND), start: anchor, end: anchor }),
  );

  it('is run at each instant at most once, in order, never early nor late; what is not run is counted once', () => {
    const beats = fc.array(
      fc.integer({ min: 1, max: 20 * 60 }).map((s) => s * SECOND),
      { minLength: 1, maxLength: 80 },
    );
    fc.assert(
      fc.property(
        timing,
        fc.integer({ min: 1, max: 120 }).map((s) => s * SECOND),
        beats,
        (slot, beatMs, steps) => {
          const instants = slotInstants(slot, session);
          const ran: EpochMs[] = [];
          let counted = 0;
          let now = later(session.open, -2 * HOUR);
          for (const step of steps) {
            now = later(now, step);
            const due = dueSlot(slot, session, now, ran.at(-1), beatMs);
            if (due === undefined) continue;
            expect(instants).toContain(due.slotAt);
            expect(due.slotAt).toBeLessThanOrEqual(now);
            expect(now - due.slotAt).toBeLessThan(Math.max(beatMs, 5 * MINUTE));
            expect(due.slotAt).toBeGreaterThan(ran.at(-1) ?? 0);
            ran.push(due.slotAt);
            counted += due.missed;
          }
          const [start, end] = [ran[0], ran.at(-1)];
          const passed = start === undefined || end === undefined ? 0 : instants.filter((at) => at >= start && at <= end).length;
          expect(ran.length + counted).toBe(passed);
        },
      ),
    );
  });

  it('misses nothing while the beat comes on time', () => {
    fc.assert(
      fc.property(
        timing,
        fc.integer({ min: 5, max: 60 }).map((s) => s * SECOND),
        (slot, beatMs) => {
          const instants = slotInstants(slot, session);
          const ran: EpochMs[] = [];
          for (let now = later(session.open, -2 * HOUR); now < session.close + 9 * HOUR; now = later(now, beatMs)) {
            const due = dueSlot(slot, session, now, ran.at(-1), beatMs);
            if (due !== undefined) ran.push(due.slotAt);
          }
          const everyMs = 'at' in slot ? MINUTE : slot.everyMs;
          if (everyMs >= beatMs) expect(ran).toEqual(instants);
          else expect(ran.at(-1)).toBe(instants.at(-1));
        },
      ),
      { numRuns: 30 },
    );
  });
});
