// The invented market holds what the strategies look at: names, expiries, strikes, years of bars, headlines and macro events.
import { describe, expect, it } from 'vitest';
import { addDays, daysBetween, type TradingDay, tradingDay, weekday } from '../../../../src/domain/time.ts';
import { syntheticMarket } from '../../../../src/exchange/synthetic/market.ts';
import { usCalendar } from '../../../../src/market/calendar.ts';

const calendar = usCalendar();
const day = tradingDay('2026-11-23');
const now = calendar.instant(day, 15, 5);
const market = syntheticMarket({ seed: 7, calendar });
const words = (text: string): readonly string[] => text.split(' ');

const universes: readonly (readonly [string, readonly string[]])[] = [
  ['dip', words('AAPL MSFT GOOGL META NVDA AMD AVGO TSLA AMZN NFLX CRM COST ADBE V MA LIN')],
  ['mwk', words('AAPL MSFT GOOGL AMZN TSLA NVDA META NFLX CRM ADBE ORCL INTC AMD QCOM TXN AVGO PYPL DIS V MA JPM BAC WMT HD')],
  ['dcs', words('AAPL MSFT GOOGL AMZN TSLA NVDA META NFLX CRM ADBE ORCL AMD QCOM UBER SNOW COIN PLTR ROKU ZM SHOP XYZ PYPL TWLO')],
  ['wheel', words('AAPL MSFT GOOGL AMZN NVDA META AMD PLTR F BAC T KO PFE INTC JPM WFC C XOM CVX WMT V')],
  ['swing', words('SPY QQQ IWM AAPL MSFT TSLA NFLX CRM PYPL XYZ ROKU ZM PLTR COIN XLF XLE XLK XBI ARKK TQQQ SOXL SPXL')],
  ['earn', words('AAPL MSFT GOOGL AMZN META TSLA NVDA NFLX AMD CRM ADBE ORCL INTC QCOM PYPL XYZ PLTR COIN ROKU ZM DOCU SNOW CRWD ZS')],
  ['lotto', words('SPY QQQ AAPL TSLA NVDA META GME AMC PLTR COIN HOOD RIVN SOFI')],
  ['base', words('SPY VTI QQQ IWM DIA')],
];
const leaders = words(
  'NVDA AMD GOOGL MSFT META ORCL CRM SNOW AMZN DDOG NET OKTA TSLA RIVN LCID GM F CRWD ZS PANW S FTNT V MA PYPL COIN HOOD SOFI AFRM XYZ',
);
const expiries = (symbol: string, from: TradingDay, to: TradingDay): readonly TradingDay[] => [
  ...new Set(market.contracts(symbol, from, to, now, false).map((c) => c.expiry)),
];

describe('names', () => {
  const listed = new Set(market.equities().map((e) => e.symbol));
  it.each([...universes, ['leaps', leaders] as const])('of %s are all listed', (_, names) => {
    expect(names.filter((name) => !listed.has(name))).toEqual([]);
  });
  it('trade more than fifty million dollars a session', () => {
    const thin = [...new Set([...universes.flatMap(([id, names]) => (id === 'base' ? [] : names)), ...leaders])].filter((name) => {
      const bars = market.dailyBars(name, addDays(day, -30), addDays(day, -1), now).slice(-20);
      return bars.reduce((sum, b) => sum + (b.close / 1e6) * b.volume, 0) / bars.length < 50e6;
    });
    expect(thin).toEqual([]);
  });
});

describe('expiries', () => {
  it('of the broad funds are daily, with more than twenty strikes on each side today', () => {
    for (const fund of ['SPY', 'QQQ', 'IWM']) {
      const spot = market.quote(fund, now)?.bid ?? 0;
      const today = market.contracts(fund, day, day, now, false).filter((c) => c.right === 'put');
      expect(today.filter((c) => c.strike < spot).length).toBeGreaterThan(20);
      expect(today.filter((c) => c.strike > spot).length).toBeGreaterThan(20);
      expect(expiries(fund, day, addDays(day, 7))).toEqual(['2026-11-23', '2026-11-24', '2026-11-25', '2026-11-27', '2026-11-30']);
    }
  });

  it('of the largest names fall on Mondays and Wednesdays, too, a fortnight ahead', () => {
    expect(expiries('TSLA', addDays(day, 1), addDays(day, 18))).toEqual([
      '2026-11-25',
      '2026-11-27',
      '2026-11-30',
      '2026-12-02',
      '2026-12-04',
      '2026-12-07',
      '2026-12-11',
    ]);
    expect(expiries('BAC', addDays(day, 1), addDays(day, 18)).map(weekday)).toEqual([5, 5, 5]);
  });

  it('never fall in the week’s middle on the day of a report', () => {
    const reports = market.earnings().filter((e) => e.symbol === 'NVDA' && e.day >= '2026-02-01' && [1, 3].includes(weekday(e.day)));
    for (const { day: reported } of reports) {
      const at = calendar.offset(reported, -2).open;
      expect(market.contracts('NVDA', reported, reported, at, false)).toEqual([]);
    }
  });

  it.each(leaders)('of %s reach beyond eight hundred days, some of them between four and eight hundred', (name) => {
    const terms = expiries(name, addDays(day, 400), addDays(day, 1_000)).map((expiry) => daysBetween(day, expiry));
    expect(terms.filter((dte) => dte <= 800).length).toBeGreaterThanOrEqual(2);
    expect(Math.max(...terms)).toBeGreaterThan(800);
    const expiry = addDays(day, terms[1] ?? 0);
    const spot = market.quote(name, now)?.bid ?? 0;
    const deep = market.contracts(name, expiry, expiry, now, false).filter((c) => c.right === 'call' && c.strike < 0.9 * spot);
    expect(deep.some((c) => (market.quote(c.symbol, now)?.bid ?? 0) > 0 && (c.openInterest ?? 0) >= 100)).toBe(true);
  });
});

it('keeps more than sixteen hundred sessions of bars', () => {
  const bars = market.dailyBars('SPY', calendar.offset(day, -1_700).day, addDays(day, -1), now);
  expect(bars).toHaveLength(1_700);
});

describe('headlines', () => {
  const start = calendar.instant(tradingDay('2026-08-03'), 0, 0);
  const all = market.news(undefined, start, now, now) ?? [];

  it('are a few a day, each known by its own number, and the same however they are asked for', () => {
    const sessions = calendar.between(tradingDay('2026-08-03'), day).length;
    expect(all.length / sessions).toBeGreaterThan(2);
    expect(all.length / sessions).toBeLessThan(20);
    expect(new Set(all.map((n) => n.id)).size).toBe(all.length);
    const again = syntheticMarket({ seed: 7, calendar });
    expect(again.news(['NVDA'], start, now, now)).toEqual(all.filter((n) => n.symbols.includes('NVDA')));
    expect(all.every((n) => Number.isSafeInteger(n.id))).toBe(true);
  });

  it('are not told before they are published', () => {
    const noon = calendar.instant(tradingDay('2026-09-16'), 12, 0);
    expect(market.news(undefined, start, now, noon)).toEqual(all.filter((n) => n.at <= noon));
    expect(market.news(undefined, now + 1, now + 86_400_000, now)).toEqual([]);
  });

  it('tell of every report on its day, after the close or before the open', () => {
    const reports = market.earnings().filter((e) => e.day >= '2026-08-03' && e.day < day);
    const untold = reports.filter(({ symbol, day: on, time }) => {
      const told = all.filter((n) => n.symbols.includes(symbol) && n.headline.includes('results') && calendar.dayOf(n.at as never) === on);
      const session = calendar.offset(on, 0);
      return !told.some((n) => (time === 'AMC' ? n.at > session.close : n.at < session.open));
    });
    expect(reports.length).toBeGreaterThan(50);
    expect(untold).toEqual([]);
  });
});

describe('the macro calendar', () => {
  const { dates, complete } = market.macro();
  const year = dates.filter((d) => d.day.startsWith('2026'));

  it('has eight decisions and twelve of each release a year, all on sessions', () => {
    const count = (event: string) => year.filter((d) => d.event === event).length;
    expect([count('FOMC'), count('CPI'), count('NFP')]).toEqual([8, 12, 12]);
    expect(year.filter((d) => calendar.session(d.day) === undefined)).toEqual([]);
  });

  it('has payrolls on first Fridays, or before a closed one', () => {
    expect(year.filter((d) => d.event === 'NFP').map((d) => d.day)).toContain('2026-12-04');
    expect(year.filter((d) => d.event === 'NFP').map((d) => d.day)).toContain('2026-07-02'); // the third is a holiday
  });

  it('is complete over the run', () => {
    expect(complete !== null && complete.from < day && complete.to > addDays(day, 1_000)).toBe(true);
  });
});

it('has a volatility index that moves with the fund’s own options and stays in its range', () => {
  const levels = Array.from({ length: 250 }, (_, i) => market.indexValue('VIX', calendar.offset(day, -i - 1).close) ?? 0);
  expect(Math.min(...levels)).toBeGreaterThan(8);
  expect(Math.max(...levels)).toBeLessThan(60);
  expect(Math.max(...levels) / Math.min(...levels)).toBeGreaterThan(1.3);
});
