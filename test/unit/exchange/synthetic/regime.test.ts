// Regimes of the synthetic market: each is what its name says, from its day on, and leaves the days before it alone.
import { describe, expect, it } from 'vitest';
import { addDays, type EpochMs, type TradingDay, tradingDay } from '../../../../src/domain/time.ts';
import type { ExchangeMarket, MarketBar } from '../../../../src/exchange/market.ts';
import { syntheticMarket } from '../../../../src/exchange/synthetic/market.ts';
import { type RegimeOptions, regimeNames, regimeOf } from '../../../../src/exchange/synthetic/regime.ts';
import { usCalendar } from '../../../../src/market/calendar.ts';

const calendar = usCalendar();
const SEEDS = [1, 7, 42];
const names = ['SPY', 'F', 'NVDA', 'KO'];
const opened = (seed: number, regime?: RegimeOptions): ExchangeMarket =>
  syntheticMarket({ seed, calendar, ...(regime === undefined ? {} : { regime }) });
const dayOf = (market: ExchangeMarket): TradingDay => calendar.dayOf(market.firstInstant as EpochMs);

/** Bars of the session before a day and of the sessions from it on. */
function barsFrom(market: ExchangeMarket, symbol: string, day: TradingDay, sessions: number): readonly MarketBar[] {
  const last = calendar.offset(day, sessions - 1);
  return market.dailyBars(symbol, calendar.offset(day, -1).day, last.day, last.close);
}
const moves = (bars: readonly MarketBar[]): readonly number[] =>
  bars.slice(1).map((bar, i) => Math.log(bar.close / (bars[i] as MarketBar).close));
const mean = (list: readonly number[]): number => list.reduce((sum, x) => sum + x, 0) / list.length;

describe.each(SEEDS)('under seed %d', (seed) => {
  it.each(names)('a calm %s moves less than half as much as it would', (symbol) => {
    const [calm, plain] = [opened(seed, { name: 'calm' }), opened(seed)].map((market) =>
      mean(moves(barsFrom(market, symbol, tradingDay('2026-11-23'), 20)).map(Math.abs)),
    ) as [number, number];
    expect(calm).toBeLessThan(plain / 2);
  });

  it.each(names)('a trend takes %s up by more than 6 % in twenty sessions, on most of them', (symbol) => {
    const market = opened(seed, { name: 'trend' });
    const daily = moves(barsFrom(market, symbol, dayOf(market), 20));
    expect(daily.reduce((sum, x) => sum + x, 0)).toBeGreaterThan(0.06);
    expect(daily.filter((x) => x > 0).length).toBeGreaterThan(10);
  });

  it.each(names)('a trend may go down, %s too', (symbol) => {
    const market = opened(seed, { name: 'trend', size: -0.008 });
    expect(moves(barsFrom(market, symbol, dayOf(market), 20)).reduce((sum, x) => sum + x, 0)).toBeLessThan(-0.06);
  });

  it.each(names)('%s gaps between a close and an open, not within the session', (symbol) => {
    const market = opened(seed, { name: 'gap' });
    const [before, first] = barsFrom(market, symbol, dayOf(market), 1) as [MarketBar, MarketBar];
    expect(first.open / before.close).toBeLessThan(0.96);
    expect(Math.abs(first.close / first.open - 1)).toBeLessThan(0.03);
  });

  it.each(names)('%s crashes within the session, by more than 7 %, and fear with it', (symbol) => {
    const market = opened(seed, { name: 'crash' });
    const [before, first] = barsFrom(market, symbol, dayOf(market), 1) as [MarketBar, MarketBar];
    expect(Math.abs(first.open / before.close - 1)).toBeLessThan(0.03);
    expect(first.close / first.open).toBeLessThan(0.93);
    const close = calendar.session(dayOf(market))?.close ?? 0;
    expect(market.indexValue('VIX', close)).toBeGreaterThan(1.2 * (opened(seed).indexValue('VIX', close) ?? Number.NaN));
  });
});

it('a crash is as deep as it is told', () => {
  const market = opened(7, { name: 'crash', size: 0.2 });
  const [, first] = barsFrom(market, 'SPY', dayOf(market), 1) as [MarketBar, MarketBar];
  expect(first.close / first.open).toBeLessThan(0.83);
});

describe('the days that regimes choose', () => {
  it('on an expiry day contracts of every optionable name end', () => {
    const market = opened(1, { name: 'expiry-day' });
    expect(dayOf(market)).toBe('2026-12-18');
    for (const { symbol } of market.equities()) {
      expect(market.contracts(symbol, dayOf(market), dayOf(market), market.firstInstant, false).length, symbol).toBeGreaterThan(0);
    }
  });

  it('a half day closes at 13:00 New York, and quotes end there', () => {
    const market = opened(1, { name: 'half-day' });
    const day = dayOf(market);
    const close = calendar.instant(day, 13, 0);
    expect([day, calendar.session(day)?.close]).toEqual(['2026-11-27', close]);
    expect(market.quote('SPY', close - 1_000)).toBeDefined();
    expect(market.quote('SPY', close + 1_000)).toBeUndefined();
  });

  it.each([
    ['2026-10-05', '2026-10-30', '13:30', '14:30'],
    ['2027-03-01', '2027-03-12', '14:30', '13:30'],
  ])('the week from %s on in which clocks change opens at other instants: from %s', (from, day, friday, monday) => {
    const market = opened(1, { name: 'dst-week', day: tradingDay(from) });
    expect(dayOf(market)).toBe(day);
    const next = calendar.offset(tradingDay(day), 1);
    const times = [calendar.session(tradingDay(day)), next].map((session) => new Date(session?.open ?? 0).toISOString().slice(11, 16));
    expect(times).toEqual([friday, monday]);
    expect(market.quote('SPY', next.open)).toBeDefined();
    expect(market.quote('SPY', next.open - 1_000)).toBeUndefined();
  });

  it('may lie later, and begin five minutes before the open', () => {
    const regime = regimeOf({ name: 'crash', day: tradingDay('2027-01-01') }, calendar);
    expect(regime.day).toBe('2027-01-04');
    expect(regime.start).toBe(calendar.instant(tradingDay('2027-01-04'), 9, 25));
  });
});

describe('every regime', () => {
  it.each(regimeNames)('%s is a market of its own that leaves what lies before it as it was', (name) => {
    const market = opened(7, { name });
    const plain = opened(7);
    expect(market.id).not.toBe(plain.id);
    const before = addDays(dayOf(market), -1);
    const bars = (from: ExchangeMarket) => from.dailyBars('F', addDays(before, -100), before, market.firstInstant);
    expect(bars(market)).toEqual(bars(plain));
  });

  it.each([
    [{ name: 'crash', size: 0.9 }, 'a size from 0.01 to 0.4'],
    [{ name: 'calm', size: Number.NaN }, 'a size from 0 to 1'],
    [{ name: 'half-day', size: 0.1 }, 'has no size'],
  ] as const)('refuses %j', (regime, sentence) => {
    expect(() => opened(1, regime)).toThrow(sentence);
  });
});
