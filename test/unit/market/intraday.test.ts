import { describe, expect, it } from 'vitest';
import { symbol } from '../../../src/domain/ids.ts';
import { price } from '../../../src/domain/money.ts';
import { after, type EpochMs, MINUTE, monoMs, type TradingDay, tradingDay } from '../../../src/domain/time.ts';
import { usCalendar } from '../../../src/market/calendar.ts';
import { type BarMinutes, completedBars, judgeIntraday, mergeBars, type SeenIntraday } from '../../../src/market/intraday.ts';
import type { Bar } from '../../../src/market/quote.ts';

const calendar = usCalendar({ from: tradingDay('2025-01-01'), to: tradingDay('2027-12-31') });
const nvda = symbol('NVDA');
const wed = tradingDay('2026-11-25');
const tue = tradingDay('2026-11-24');
const at = (day: TradingDay, hour: number, minute: number, second = 0): EpochMs => calendar.instant(day, hour, minute, second);

const bar = (start: EpochMs, day: TradingDay, volume = 100): Bar => ({
  at: start,
  day,
  open: price(1),
  high: price(3),
  low: price(1),
  close: price(2),
  volume,
});

/** Every bar of the sessions from `first` to `until`. */
function bars(first: TradingDay, until: EpochMs, minutes: BarMinutes, without: (at: EpochMs) => boolean = () => false): readonly Bar[] {
  return calendar.between(first, calendar.dayOf(until)).flatMap((session) => {
    const list: Bar[] = [];
    for (let t = session.open; t < session.close && t + minutes * MINUTE <= until; t = after(t, minutes * MINUTE))
      if (!without(t)) list.push(bar(t, session.day));
    return list;
  });
}

const record = (list: readonly Bar[]): SeenIntraday => ({ bars: list, from: list[0]?.at ?? at(wed, 9, 30), seen: monoMs(0) });
const judge = (list: readonly Bar[] | undefined, now: EpochMs, sessions: number, minutes: BarMinutes = 5, atLeast = sessions) =>
  judgeIntraday(list === undefined ? undefined : record(list), nvda, { minutes, sessions, atLeast }, calendar, now);
const codeOf = (answer: ReturnType<typeof judge>) => (answer.known ? undefined : answer.code);

describe('the completed bars of a session', () => {
  it('are those inside regular hours whose end has passed, on half days too', () => {
    const friday = tradingDay('2026-11-27'); // closes at 13:00
    const list = [
      bar(at(friday, 9, 25), friday),
      bar(at(friday, 9, 30), friday),
      bar(at(friday, 12, 55), friday),
      bar(at(friday, 13, 0), friday),
    ];
    const kept = (now: EpochMs) => completedBars(list, 5, calendar, now).map((b) => b.at);
    expect(kept(at(friday, 9, 34, 59))).toEqual([]);
    expect(kept(at(friday, 9, 35))).toEqual([at(friday, 9, 30)]);
    expect(kept(at(friday, 20, 0))).toEqual([at(friday, 9, 30), at(friday, 12, 55)]);
    expect(completedBars([bar(at(tradingDay('2026-11-26'), 10, 0), tradingDay('2026-11-26'))], 5, calendar, at(friday, 10, 0))).toEqual([]);
  });

  it('merge by start, the newer reading of a bar winning', () => {
    const old = bars(tue, at(tue, 10, 0), 5);
    const [corrected, next] = [bar(at(tue, 9, 55), tue, 777), bar(at(tue, 10, 0), tue)];
    const merged = mergeBars(old, [corrected, next]);
    expect(merged).toEqual([...old.slice(0, -1), corrected, next]);
    expect(mergeBars(old, [])).toBe(old);
  });
});

describe('intraday bars', () => {
  const now = at(wed, 11, 2);

  it('are the last sessions, the running one included, oldest first', () => {
    const answer = judge(bars(tradingDay('2026-11-02'), now, 5), now, 3);
    const days = answer.known ? [...new Set(answer.value.map((b) => b.day))] : [];
    expect(days).toEqual(['2026-11-23', '2026-11-24', '2026-11-25']);
    expect(answer.known && answer.value.at(-1)?.at).toBe(at(wed, 10, 55));
  });

  it('never show a bar that has not ended', () => {
    const answer = judge(bars(wed, at(wed, 12, 0), 5), at(wed, 11, 4, 59), 1);
    expect(answer.known && answer.value.at(-1)?.at).toBe(at(wed, 10, 55));
  });

  it.each<[string, readonly Bar[] | undefined, EpochMs, number, string | undefined]>([
    ['was never asked for', undefined, now, 1, 'BARS_MISSING'],
    ['has none in the span', bars(tradingDay('2026-11-16'), at(tradingDay('2026-11-16'), 16, 0), 5), now, 2, 'BARS_MISSING'],
    ['ended its length and 90 s ago', bars(wed, at(wed, 10, 55, 30), 5), at(wed, 11, 1, 30), 1, undefined],
    ['ended a second longer ago', bars(wed, at(wed, 10, 55, 30), 5), at(wed, 11, 1, 31), 1, 'BARS_STALE'],
    ['is of yesterday, just after the open', bars(tue, at(tue, 16, 0), 5), at(wed, 9, 36), 2, 'BARS_SHORT'],
    ['is of yesterday, later', bars(tue, at(tue, 16, 0), 5), at(wed, 9, 37), 2, 'BARS_STALE'],
    ['is yesterday’s last, in the evening', bars(tue, at(tue, 16, 0), 5), at(tue, 22, 0), 1, undefined],
    ['stopped before yesterday’s close', bars(tue, at(tue, 15, 50), 5), at(tue, 22, 0), 1, 'BARS_STALE'],
    ['lacks two in a row today', bars(wed, now, 5, (t) => t >= at(wed, 10, 0) && t < at(wed, 10, 10)), now, 1, undefined],
    ['lacks three in a row today', bars(wed, now, 5, (t) => t >= at(wed, 10, 0) && t < at(wed, 10, 15)), now, 1, 'BARS_SHORT'],
    ['lacks the first three of today', bars(wed, now, 5, (t) => t < at(wed, 9, 45) && t >= at(wed, 9, 30)), now, 1, 'BARS_SHORT'],
    ['lacks a session', bars(tue, now, 5), now, 3, 'BARS_SHORT'],
    ['lacks three in a row yesterday', bars(tue, now, 5, (t) => t >= at(tue, 14, 0) && t < at(tue, 14, 15)), now, 2, 'BARS_SHORT'],
  ])('whose last one %s', (_, list, instant, sessions, code) => expect(codeOf(judge(list, instant, sessions))).toBe(code));

  it('leave an earlier session with a hole out when fewer are enough', () => {
    const list = bars(tradingDay('2026-11-23'), now, 5, (t) => t >= at(tue, 14, 0) && t < at(tue, 15, 0));
    const answer = judge(list, now, 3, 5, 2);
    expect(answer.known && [...new Set(answer.value.map((b) => b.day))]).toEqual(['2026-11-23', '2026-11-25']);
  });

  it('before the first bar of a session has ended are those of the sessions before', () => {
    const early = at(wed, 9, 33);
    const answer = judge(bars(tradingDay('2026-11-20'), early, 5), early, 3);
    expect(answer.known && answer.value.at(-1)?.at).toBe(at(tue, 15, 55));
  });

  it('say in figures what is wrong', () => {
    expect(judge(bars(wed, at(wed, 10, 30), 1), at(wed, 10, 33), 1, 1)).toMatchObject({
      why: 'NVDA: 1-minute bars: the last one ended 180 s ago, allowed are 150',
    });
  });
});
