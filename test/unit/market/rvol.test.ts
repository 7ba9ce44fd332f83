import { describe, expect, it } from 'vitest';
import { price } from '../../../src/domain/money.ts';
import { after, MINUTE, tradingDay } from '../../../src/domain/time.ts';
import { usCalendar } from '../../../src/market/calendar.ts';
import type { Bar } from '../../../src/market/quote.ts';
import { relativeVolume } from '../../../src/market/rvol.ts';
import { vwap } from '../../../src/market/vwap.ts';

const calendar = usCalendar({ from: tradingDay('2025-01-01'), to: tradingDay('2027-12-31') });
const today = tradingDay('2026-11-23');

/** Bars of a session with these volumes, from slot `first` on. */
function session(back: number, first: number, volumes: readonly number[], minutes = 5): readonly Bar[] {
  const { day, open } = calendar.offset(today, -back);
  return volumes.map((volume, i) => ({
    at: after(open, (first + i) * minutes * MINUTE),
    day,
    open: price(1_000_000),
    high: price(3_000_000),
    low: price(1_000_000),
    close: price(2_000_000),
    volume,
  }));
}
const history = (sessions: number, first: number, volumes: readonly number[]): readonly Bar[] =>
  Array.from({ length: sessions }, (_, i) => session(sessions - i, first, volumes)).flat();
const rvol = (bars: readonly Bar[], k: number): number | string => {
  const answer = relativeVolume(bars, k, calendar);
  return answer.known ? answer.value : answer.code;
};

describe('relative volume', () => {
  it('G-S2-01: 420k, 510k and 470k against a mean of 410k for the three', () => {
    const bars = [...history(20, 20, [900_000, 130_000, 140_000, 140_000]), ...session(0, 20, [1, 420_000, 510_000, 470_000])];
    expect(rvol(bars, 3)).toBeCloseTo(3.4146, 4);
  });

  it('G-S2-04: a busy open is no spike where opens are always busy', () => {
    const quiet = Array.from({ length: 75 }, () => 160_000);
    const bars = [...history(20, 0, [540_000, 540_000, 540_000, ...quiet]), ...session(0, 0, [560_000, 560_000, 560_000])];
    expect(rvol(bars, 3)).toBeCloseTo(1.037, 3);
  });

  it.each([
    ['twenty sessions', 20, 3],
    ['fifteen', 15, 3],
    ['fourteen', 14, 'RVOL_HISTORY_SHORT'],
  ] as const)('with a history of %s', (_, sessions, expected) =>
    expect(rvol([...history(sessions, 0, [100, 100]), ...session(0, 0, [300, 300])], 2)).toBe(expected),
  );

  it('looks back over twenty sessions and no further, and weighs them alike', () => {
    const bars = [...session(21, 0, [1_000_000]), ...history(20, 0, [100]), ...session(0, 0, [300])];
    expect(rvol(bars, 1)).toBe(3);
  });

  it('counts no session that lacks one of the slots, for nothing is known of it', () => {
    const full = history(16, 0, [100, 100]);
    const holed = full.filter((bar) => !(bar.day === calendar.offset(today, -3).day && bar.at === calendar.offset(today, -3).open));
    expect(rvol([...holed, ...session(0, 0, [300, 300])], 2)).toBe(3);
    const two = holed.filter((bar) => !(bar.day === calendar.offset(today, -4).day && bar.at === calendar.offset(today, -4).open));
    expect(rvol([...two, ...session(0, 0, [300, 300])], 2)).toBe('RVOL_HISTORY_SHORT');
  });

  it('leaves half days out', () => {
    const after_ = tradingDay('2026-12-04'); // five sessions after the half day of 2026-11-27
    const days = Array.from({ length: 20 }, (_, i) => calendar.offset(after_, i - 20));
    const wild = days.flatMap(({ day, open, early }) => session(0, 0, [early ? 9_000_000 : 100]).map((bar) => ({ ...bar, day, at: open })));
    expect(days.filter((d) => d.early)).toHaveLength(1);
    const now = session(0, 0, [300]).map((bar) => ({ ...bar, day: after_, at: calendar.offset(after_, 0).open }));
    expect(rvol([...wild, ...now], 1)).toBe(3);
  });

  it.each([
    ['no bar', [], 1, 'BARS_MISSING'],
    ['fewer bars today than asked for', [...history(20, 0, [1, 1, 1]), ...session(0, 0, [1, 1])], 3, 'BARS_SHORT'],
    ['a history in which nothing was traded', [...history(20, 0, [0]), ...session(0, 0, [5])], 1, 'RVOL_HISTORY_SHORT'],
  ] as const)('is absent with %s', (_, bars, k, code) => expect(rvol(bars, k)).toBe(code));
});

describe('the volume-weighted price', () => {
  it('weighs typical prices by volume, over one session', () => {
    const [first, second] = session(0, 0, [100, 300]) as readonly [Bar, Bar];
    const dear = { ...second, high: price(6_000_000), low: price(5_000_000), close: price(4_000_000) };
    const answer = vwap([...session(1, 0, [1_000_000]), first, dear], today);
    expect(answer).toEqual({ known: true, value: (2 * 100 + 5 * 300) / 400 });
  });
  it('is not known before anything was traded', () => {
    expect(vwap([...session(1, 0, [5]), ...session(0, 0, [0])], today)).toMatchObject({ known: false, code: 'BARS_MISSING' });
  });
});
