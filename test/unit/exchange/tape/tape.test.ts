import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { tradingDay } from '../../../../src/domain/time.ts';
import type { ExchangeMarket } from '../../../../src/exchange/market.ts';
import { parseAssume } from '../../../../src/exchange/tape/assume.ts';
import { openTape, type TapeOptions } from '../../../../src/exchange/tape/tape.ts';
import { usCalendar } from '../../../../src/market/calendar.ts';
import { bsGreeks, bsPrice } from '../../../../src/pricing/black-scholes.ts';

const calendar = usCalendar();
const dir = join(import.meta.dirname, 'fixture');
const open = (options: Partial<TapeOptions> = {}): ExchangeMarket => openTape({ dir, calendar, quotes: 'held', ...options });
const wed = tradingDay('2026-02-11');
const thu = tradingDay('2026-02-12');
const at = (day: typeof wed, hour: number, minute: number): number => calendar.instant(day, hour, minute);
const usd = (dollars: number): number => Math.round(dollars * 1e6);

const PUT = 'XYZ260320P00100000';
const WEEKLY = 'XYZ260212C00107000';
const CASH = 'CSHW260213C04000000';

describe('where a tape starts and ends', () => {
  it('plays the newest block of chains from its first open to its last close', () => {
    const tape = open();
    expect(tape.firstInstant).toBe(at(wed, 9, 30));
    expect(tape.lastInstant).toBe(at(thu, 16, 0));
    expect(tape.id).toMatch(/^tape-2026-02-11-[a-z2-7]{6}$/);
  });

  it('starts on the day asked for, inside the block that holds it', () => {
    expect(open({ from: thu }).firstInstant).toBe(at(thu, 9, 30));
    const old = open({ from: tradingDay('2025-11-25') });
    expect([old.firstInstant, old.lastInstant]).toEqual([at(tradingDay('2025-11-25'), 9, 30), at(tradingDay('2025-11-26'), 16, 0)]);
  });

  it('refuses a day outside every block and lists the blocks', () => {
    expect(() => open({ from: tradingDay('2026-02-13') })).toThrow(
      /no options on 2026-02-13; pick a day from 2025-11-25\.\.2025-11-26, 2026-02-11\.\.2026-02-12/,
    );
  });
});

describe('option quotes of a tape', () => {
  it.each([
    ['before its first chain', wed, 10, 29, undefined],
    ['at the chain', wed, 10, 30, [2.11, 2.19, 'live']],
    ['until the next chain', wed, 13, 59, [2.11, 2.19, 'held']],
    ['from the next chain on', wed, 14, 1, [1.9, 1.98, 'held']],
    ['at the closing instant', wed, 16, 0, [1.9, 1.98, 'held']],
    ['after the close', wed, 16, 1, undefined],
    ['the next morning, before that day has a chain', thu, 9, 45, undefined],
    ['the next day from its own chain', thu, 11, 5, [1.75, 1.85, 'held']],
  ] as const)('%s', (_, day, hour, minute, expected) => {
    const quote = open().quote(PUT, at(day, hour, minute));
    expect(quote && [quote.bid, quote.ask, quote.mark]).toEqual(expected && [usd(expected[0]), usd(expected[1]), expected[2]]);
  });

  it('carries the present instant when held and the recorded one when aged', () => {
    expect(open().quote(PUT, at(wed, 12, 0))?.at).toBe(at(wed, 12, 0));
    expect(open({ quotes: 'aged' }).quote(PUT, at(wed, 12, 0))?.at).toBe(at(wed, 10, 30));
  });

  it('keeps a bid of nothing and leaves sizes that are not recorded unknown', () => {
    expect(open().quote('XYZ260320P00060000', at(wed, 12, 0))).toMatchObject({ bid: 0, ask: usd(0.05), bidSize: null, askSize: null });
    expect(open().quote(PUT, at(thu, 11, 0))).toMatchObject({ bidSize: 7, askSize: 9, mark: 'live' });
  });

  it('knows a minute row only when its minute has ended, and lets it stand for the rest of the day', () => {
    const tape = open();
    expect(tape.quote(CASH, at(thu, 9, 30))).toBeUndefined();
    expect(tape.quote(CASH, at(thu, 9, 31))).toMatchObject({ bid: usd(10.5), bidSize: 5, mark: 'live' });
    expect(tape.quote(CASH, at(thu, 10, 0))).toMatchObject({ bid: usd(10.5), ask: usd(11), mark: 'held' });
    expect(tape.quote(CASH, at(thu, 10, 16))).toMatchObject({ bid: usd(12), bidSize: 8 });
  });
});

describe('contracts of a tape', () => {
  const listed = (tape: ExchangeMarket, day: typeof wed, hour: number, minute: number, expired = false): readonly string[] =>
    tape.contracts('XYZ', tradingDay('2026-01-01'), tradingDay('2026-12-31'), at(day, hour, minute), expired).map((c) => c.symbol);

  it('lists a contract from the first record of it, and across days until it expires', () => {
    const tape = open();
    expect(listed(tape, wed, 10, 29)).toEqual([]);
    expect(listed(tape, wed, 10, 30)).toEqual([WEEKLY, 'XYZ260320P00060000', PUT]);
    expect(listed(tape, thu, 9, 30)).toContain(WEEKLY);
    expect(listed(tape, tradingDay('2026-02-13'), 9, 30)).not.toContain(WEEKLY);
    expect(listed(tape, tradingDay('2026-02-13'), 9, 30, true)).toContain(WEEKLY);
    expect(tape.contract('XYZ260320P00105000', at(thu, 10, 59))).toBeUndefined();
  });

  it('gives open interest as of the session before its record, as known then', () => {
    const tape = open();
    expect(tape.contract(PUT, at(wed, 12, 0))).toMatchObject({
      openInterest: 800,
      openInterestDay: '2026-02-10',
      settlement: 'physical',
      pennyProgram: true,
    });
    expect(tape.contract(PUT, at(thu, 12, 0))).toMatchObject({ openInterest: 850, openInterestDay: '2026-02-11' });
    expect(tape.contract('XYZ260320P00105000', at(thu, 12, 0))).toMatchObject({ openInterest: null, openInterestDay: null });
  });

  it('finds contracts of an index under the index, cash settled', () => {
    const [contract] = open().contracts('CSH', thu, tradingDay('2026-02-13'), at(thu, 9, 30), false);
    expect(contract).toMatchObject({ symbol: CASH, underlying: 'CSH', style: 'european', settlement: 'cash', openInterest: 77 });
  });

  it('solves volatility from the recorded middle and spot, and leaves it unknown where nobody bids', () => {
    const tape = open();
    const stats = tape.optionStats(PUT, at(wed, 12, 0));
    expect(stats.volume).toBe(60);
    expect(stats.last).toEqual({ price: usd(2.15), at: at(wed, 10, 30), size: 60 });
    const years = (at(tradingDay('2026-03-20'), 16, 0) - at(wed, 10, 30)) / (365 * 86_400_000);
    const terms = { right: 'put', spot: 107.1, strike: 100, years, rate: 0.036, dividendYield: 0, sigma: stats.iv ?? 0 } as const;
    expect(bsPrice(terms)).toBeCloseTo(2.15, 8);
    expect(stats.greeks?.delta).toBeCloseTo(bsGreeks(terms).delta, 10);
    expect(tape.optionStats('XYZ260320P00060000', at(wed, 12, 0))).toMatchObject({ iv: null, greeks: null });
    expect(tape.optionStats('NONE260320P00060000', at(wed, 12, 0)).volume).toBeNull();
  });

  it('adds up option minutes into volume so far and a bar of the finished day', () => {
    const tape = open();
    expect(tape.optionStats(CASH, at(thu, 10, 0)).volume).toBe(3);
    expect(tape.optionStats(CASH, at(thu, 10, 16)).volume).toBe(7);
    // A minute that carries quotes alone traded nothing: the last trade stays where it was.
    expect([at(thu, 10, 0), at(thu, 10, 16), at(thu, 16, 30)].map((then) => tape.optionStats(CASH, then).last)).toEqual([
      { price: usd(10.8), at: at(thu, 9, 46), size: 3 },
      { price: usd(12.2), at: at(thu, 10, 16), size: 4 },
      { price: usd(12.2), at: at(thu, 10, 16), size: 4 },
    ]);
    expect(tape.optionDailyBars(CASH, thu, thu, at(thu, 15, 59))).toEqual([]);
    expect(tape.optionDailyBars(CASH, thu, thu, at(thu, 16, 0))).toMatchObject([
      { open: usd(10.8), high: usd(12.2), low: usd(10.8), close: usd(12.2), volume: 7 },
    ]);
    expect(tape.optionDailyBars(PUT, wed, thu, at(thu, 16, 0))).toEqual([]);
  });
});

describe('shares and indices of a tape', () => {
  it.each([
    ['before the open', wed, 9, 29, undefined],
    ['the open from 09:30', wed, 9, 30, 106.5],
    ['the spot of a chain', wed, 10, 30, 107.1],
    ['still that spot', wed, 13, 0, 107.1],
    ['the close at the close', wed, 16, 0, 108],
    ['the next open', thu, 9, 31, 108.5],
  ] as const)('quotes %s, a half-spread either side', (_, day, hour, minute, price) => {
    const quote = open().quote('XYZ', at(day, hour, minute));
    expect(quote && [quote.bid, quote.ask, quote.mark]).toEqual(
      price && [usd(Math.floor((price - 0.0107) * 100) / 100), usd(Math.ceil((price + 0.0107) * 100) / 100), 'assumed'],
    );
  });

  it('prefers recorded quotes where minutes have them', () => {
    expect(open().quote('MIN', at(thu, 9, 30))).toMatchObject({ bid: usd(49.98), ask: usd(50.02), bidSize: 300, mark: 'live' });
    expect(open().quote('MIN', at(thu, 9, 31))).toMatchObject({ bid: usd(50.09), mark: 'live' });
    expect(open().quote('MIN', at(thu, 9, 33))).toMatchObject({ mark: 'assumed' });
    expect(open().minuteBars('MIN', at(thu, 9, 0), at(thu, 16, 0), at(thu, 9, 31))).toMatchObject([
      { at: at(thu, 9, 30), close: usd(50.1), volume: 1200 },
    ]);
  });

  it('gives bars of finished days only, in shares as of the day asked', () => {
    const tape = open();
    const bars = tape.dailyBars('XYZ', tradingDay('2026-02-04'), tradingDay('2026-02-28'), at(wed, 15, 0));
    expect(bars.map((b) => [b.day, b.close, b.volume])).toEqual([
      ['2026-02-04', usd(101), 2000],
      ['2026-02-05', usd(102), 2200],
      ['2026-02-06', usd(104), 2000],
      ['2026-02-09', usd(105), 2100],
      ['2026-02-10', usd(106), 2200],
    ]);
    expect(tape.dailyBars('XYZ', wed, thu, at(wed, 16, 0)).map((b) => b.day)).toEqual([wed]);
    const before = tape.dailyBars('XYZ', tradingDay('2026-02-04'), thu, at(tradingDay('2026-02-05'), 16, 0));
    expect(before.map((b) => b.close)).toEqual([usd(202), usd(204)]);
  });

  it('knows the official close from the close on, of shares and of an index', () => {
    const tape = open();
    expect(tape.officialClose('XYZ', wed, at(wed, 16, 0) - 1)).toBeUndefined();
    expect(tape.officialClose('XYZ', wed, at(wed, 16, 0))).toBe(usd(108));
    expect(tape.officialClose('CSH', thu, at(thu, 16, 0))).toBe(usd(4012));
  });

  it('gives an index its settled close between sessions and nothing during one unless assumed', () => {
    expect(open().indexValue('VIX', at(wed, 9, 0))).toBe(18);
    expect(open().indexValue('VIX', at(wed, 12, 0))).toBeUndefined();
    expect(open().indexValue('VIX', at(wed, 16, 10))).toBe(18);
    expect(open().indexValue('VIX', at(wed, 16, 15))).toBe(18.5);
    const assumed = open({ assume: parseAssume('[index_values]\nVIX = 17.25\n', 'a.toml') });
    expect(assumed.indexValue('VIX', at(wed, 12, 0))).toBe(17.25);
    expect(assumed.report().assumptions).toContain('index_values.VIX = 17.25');
  });

  it('shows dividends from their ex-date on and report dates as recorded', () => {
    const tape = open();
    expect(tape.dividends(wed, thu, at(wed, 15, 0))).toEqual([]);
    expect(tape.dividends(wed, thu, at(thu, 9, 30))).toEqual([{ symbol: 'XYZ', exDay: thu, payDay: thu, perShare: usd(0.25) }]);
    expect(tape.earnings()).toEqual([
      { symbol: 'XYZ', day: '2026-01-29', time: 'AMC' },
      { symbol: 'XYZ', day: '2026-05-01', time: 'UNKNOWN' },
    ]);
  });

  it('keeps no headlines, and only those macro events that are recorded or assumed', () => {
    const tape = open();
    expect(tape.news(['XYZ'], at(wed, 0, 0), at(thu, 16, 0), at(thu, 16, 0))).toBeUndefined();
    expect(tape.macro()).toEqual({ dates: [], complete: null });
    const assumed = open({ assume: parseAssume(`[macro]\nFOMC = []\nCPI = ["${thu}"]\nNFP = ["${wed}"]\n`, 'a.toml') });
    expect(assumed.macro()).toEqual({
      dates: [
        { day: thu, event: 'CPI', time: '08:30' },
        { day: wed, event: 'NFP', time: '08:30' },
      ],
      complete: { from: wed, to: thu },
    });
    expect(assumed.report().assumptions).toEqual(['macro.CPI = 2026-02-12', 'macro.FOMC = none', 'macro.NFP = 2026-02-11']);
    expect(open({ assume: parseAssume('[macro]\nCPI = []\n', 'a.toml') }).macro().complete).toBeNull();
  });

  it('lists what the block trades, indices left out', () => {
    const list = open().equities();
    expect(list.map((e) => [e.symbol, e.optionable])).toEqual([
      ['IDX', false],
      ['MIN', false],
      ['XYZ', true],
    ]);
  });
});

describe('what a tape stands in for', () => {
  it('counts held and assumed quotes and names each assumption once', () => {
    const tape = open({
      assume: parseAssume(
        '[sizes]\noptions = 10\nshares = 300\n[equity]\nhalf_spread_usd = 0.02\n[daily_volume]\nIDX = 5000\n',
        'mine.toml',
      ),
    });
    expect(tape.quote(PUT, at(wed, 12, 0))).toMatchObject({ bidSize: 10, mark: 'assumed' });
    expect(tape.quote(CASH, at(thu, 10, 0))).toMatchObject({ bidSize: 5, mark: 'held' });
    expect(tape.quote('XYZ', at(wed, 12, 0))).toMatchObject({ bid: usd(107.08), ask: usd(107.12), askSize: 300, mark: 'assumed' });
    expect(tape.dailyBars('IDX', wed, wed, at(wed, 16, 0))[0]?.volume).toBe(5000);
    const report = tape.report();
    expect([report.heldQuotes, report.assumedQuotes]).toEqual([1, 2]);
    expect(report.assumptions).toEqual([
      'daily_volume.IDX = 5000',
      'equity.half_spread_usd = 0.02',
      'sizes.options = 10',
      'sizes.shares = 300',
    ]);
  });

  it('says so when a daily volume is not recorded', () => {
    const tape = open();
    expect(tape.dailyBars('IDX', wed, wed, at(wed, 16, 0))[0]?.volume).toBe(0);
    expect(tape.report().assumptions).toContain('IDX: daily volume not recorded, given as 0');
  });
});
