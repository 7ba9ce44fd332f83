import { describe, expect, it } from 'vitest';
import { createIvLog } from '../../../src/daemon/iv-log.ts';
import { type Symbol, symbol } from '../../../src/domain/ids.ts';
import { price } from '../../../src/domain/money.ts';
import { addDays, epochMs, monoMs, type TradingDay, tradingDay, weekday } from '../../../src/domain/time.ts';
import { createBoard } from '../../../src/market/board.ts';
import { usCalendar } from '../../../src/market/calendar.ts';
import type { Bar, Contract } from '../../../src/market/quote.ts';
import type { MarketData } from '../../../src/ports/market-data.ts';
import { optionOf } from '../market/chains.ts';

const calendar = usCalendar({ from: tradingDay('2025-01-01'), to: tradingDay('2027-12-31') });
const nvda = symbol('NVDA');
const now = calendar.instant(tradingDay('2026-11-23'), 15, 0);
const unasked = (): never => {
  throw new Error('this test asks for nothing of the kind');
};

describe('the back-fill of implied volatility', () => {
  it('reads expiries at the end of weeks: those in the middle were not listed a month ahead', async () => {
    const board = createBoard();
    const bar = (day: TradingDay): Bar => ({
      at: calendar.instant(day, 0, 0),
      day,
      open: price(100_000_000),
      high: price(100_000_000),
      low: price(100_000_000),
      close: price(100_000_000),
      volume: 1,
    });
    const sessions = calendar.between(tradingDay('2025-10-01'), tradingDay('2026-11-20'));
    board.setDailyBars(
      nvda,
      sessions.map((s) => bar(s.day)),
      monoMs(0),
    );
    const asked = new Set<TradingDay>();
    const contract = (expiry: TradingDay, right: 'call' | 'put'): Contract => ({
      option: optionOf('NVDA', expiry, right, 100),
      tradable: true,
      style: 'american',
      standard: true,
      openInterest: null,
      openInterestDay: null,
      pennyProgram: null,
    });
    const data: MarketData = {
      quotes: unasked,
      dailyBars: unasked,
      intradayBars: unasked,
      chain: unasked,
      dividends: unasked,
      assets: unasked,
      indexValues: unasked,
      news: unasked,
      subscribe: unasked,
      close: unasked,
      contracts: (_, from, to) => {
        const days = calendar.between(from, to).map((s) => s.day);
        const listed = days.filter((day) => [1, 3, 5].includes(weekday(day)) || calendar.session(addDays(day, 1)) === undefined);
        return Promise.resolve({ ok: true, value: listed.flatMap((day) => [contract(day, 'call'), contract(day, 'put')]) });
      },
      optionBars: (symbols: readonly Symbol[]) => {
        for (const name of symbols) asked.add(tradingDay(`20${name.slice(4, 6)}-${name.slice(6, 8)}-${name.slice(8, 10)}`));
        return Promise.resolve({ ok: true, value: new Map() });
      },
    };
    const clock = { now: () => ({ exchange: epochMs(now), mono: monoMs(0), speed: 1 }), after: unasked, wallUntil: unasked };
    const feeder = {
      prepare: unasked,
      quotes: unasked,
      chain: unasked,
      dividends: unasked,
      indexValues: unasked,
      minuteBar: unasked,
      dailyBars: () => Promise.resolve(),
    };
    const log = createIvLog({
      board,
      data,
      feeder,
      calendar,
      clock,
      rate: 0.04,
      dividendYields: new Map(),
      push: () => undefined,
      log: () => undefined,
    });
    await log.backfill([nvda]);
    expect(asked.size).toBeGreaterThan(50);
    const inside = [...asked].filter((day) => weekday(day) !== 5 && calendar.session(addDays(day, 5 - weekday(day))) !== undefined);
    expect(inside).toEqual([]);
  });
});
