import { describe, expect, it } from 'vitest';
import { addDays, tradingDay } from '../../../../src/domain/time.ts';
import { openTape } from '../../../../src/exchange/tape/tape.ts';
import { usCalendar } from '../../../../src/market/calendar.ts';

const calendar = usCalendar();
const dir = process.env['WSB_SHARED'] ?? '';
const from = (day: string | null) => openTape({ dir, calendar, quotes: 'held', ...(day === null ? {} : { from: tradingDay(day) }) });

describe.skipIf(!process.env['WSB_SHARED'])('a tape of recorded data (WSB_SHARED)', { timeout: 60_000 }, () => {
  it('plays the newest block by default: four names from the open of 2026-02-11', () => {
    const tape = from(null);
    const day = tradingDay('2026-02-11');
    expect(tape.firstInstant).toBe(calendar.instant(day, 9, 30));
    expect(tape.lastInstant).toBe(calendar.instant(tradingDay('2026-02-13'), 16, 0));
    expect(
      tape
        .equities()
        .filter((e) => e.optionable)
        .map((e) => e.symbol),
    ).toEqual(['AAPL', 'NVDA', 'QQQ', 'SPY']);
    expect(tape.dailyBars('SPY', addDays(day, -800), day, tape.firstInstant).length).toBeGreaterThan(520);
    expect(tape.contracts('SPY', day, addDays(day, 60), calendar.instant(day, 11, 18), false)).toEqual([]);
    expect(tape.contracts('SPY', day, addDays(day, 60), calendar.instant(day, 11, 19), false).length).toBeGreaterThan(1000);
  });

  it('has the scheduled decision days, which alone are no whole calendar', () => {
    const { dates, complete } = from(null).macro();
    expect(dates.filter((d) => d.day.startsWith('2026')).map((d) => d.event)).toEqual(Array.from({ length: 8 }, () => 'FOMC'));
    expect(dates.some((d) => d.day === '2020-03-15')).toBe(false);
    expect(complete).toBeNull();
  });

  it('keeps quoted calls and puts in parity near the money', () => {
    const tape = from('2025-11-25');
    const at = calendar.instant(tradingDay('2025-11-25'), 15, 20);
    const spot = tape.quote('AAPL', at);
    const near = tape
      .contracts('AAPL', tradingDay('2025-12-19'), tradingDay('2025-12-19'), at, false)
      .filter((c) => Math.abs(c.strike - (spot?.bid ?? 0)) < 10_000_000);
    const mids = new Map(near.map((c) => [c.symbol, tape.quote(c.symbol, at)] as const));
    const calls = near.filter((c) => c.right === 'call');
    expect(calls.length).toBeGreaterThan(3);
    for (const call of calls) {
      const c = mids.get(call.symbol);
      const p = mids.get(call.symbol.replace(/C(\d{8})$/, 'P$1'));
      if (c === undefined || p === undefined || spot === undefined) continue;
      const forward = (c.bid + c.ask) / 2 - (p.bid + p.ask) / 2 + call.strike * Math.exp((-0.038 * 24) / 365);
      expect(Math.abs(forward - (spot.bid + spot.ask) / 2)).toBeLessThan(0.01 * spot.bid);
    }
  });

  it('solves a volatility for nearly every out-of-the-money quote of 20 to 60 days', () => {
    const tape = from('2025-12-01');
    const day = tradingDay('2025-12-01');
    const at = calendar.instant(day, 15, 30);
    const spot = tape.quote('NVDA', at)?.bid ?? 0;
    const two = tape.contracts('NVDA', addDays(day, 20), addDays(day, 60), at, false).filter((c) => {
      const out = c.right === 'call' ? c.strike > spot : c.strike < spot;
      return out && (tape.quote(c.symbol, at)?.bid ?? 0) > 50_000;
    });
    const solved = two.filter((c) => tape.optionStats(c.symbol, at).iv !== null);
    expect(two.length).toBeGreaterThan(100);
    expect(solved.length / two.length).toBeGreaterThan(0.98);
  });

  it('makes the jump of a split in strikes and shares, and takes it out of bars once it is known', () => {
    const tape = from('2014-06-06');
    const friday = tradingDay('2014-06-06');
    const monday = tradingDay('2014-06-09');
    expect(tape.quote('AAPL', calendar.instant(friday, 15, 0))?.bid).toBeGreaterThan(600_000_000);
    expect(tape.quote('AAPL', calendar.instant(monday, 15, 0))?.bid).toBeLessThan(100_000_000);
    expect(tape.dailyBars('AAPL', friday, friday, calendar.instant(friday, 16, 0))[0]?.close).toBe(645_570_000);
    expect(tape.dailyBars('AAPL', friday, friday, calendar.instant(monday, 9, 30))[0]?.close).toBe(Math.round(645_570_000 / 7));
  });

  it('plays cash-settled index options beside the index', () => {
    const tape = from('2021-01-04');
    const day = tradingDay('2021-01-04');
    const at = calendar.instant(day, 10, 0);
    const [contract] = tape.contracts('SPX', day, day, at, false);
    expect(contract).toMatchObject({ style: 'european', settlement: 'cash', underlying: 'SPX' });
    expect(tape.indexValue('SPX', at)).toBeGreaterThan(3600);
    expect(tape.quote(contract?.symbol ?? '', at)?.mark).toMatch(/live|held/);
    expect(tape.officialClose('SPX', day, calendar.instant(day, 16, 0))).toBe(3_700_650_000);
  });
});
