import { describe, expect, it } from 'vitest';
import { addDays, epochMs, MINUTE, tradingDay } from '../../src/domain/time.ts';
import type { ExchangeMarket } from '../../src/exchange/market.ts';
import { bsPrice } from '../../src/pricing/black-scholes.ts';
import { at, calendar, ny, type When } from './script/clock.ts';
import { way } from './script/closes.ts';
import { occ, RATE, weeklies } from './script/options.ts';
import { type MarketScript, scriptedMarket } from './scripted-market.ts';

const CALL = occ('XYZ', '2026-03-20', 'call', 100);
const PUT = occ('XYZ', '2026-03-20', 'put', 95);

/** Two sessions of one name; from `10:30` of the second on, whatever `later` says. */
const script = (later: 'calm' | 'storm'): MarketScript => {
  const calm = later === 'calm';
  return {
    id: 'two-days',
    from: '2026-03-02',
    to: '2026-03-03',
    vix: [['2026-03-02', 18], ...(calm ? [] : [['2026-03-03 10:31', 40] as const])],
    news: calm ? [] : [['2026-03-03 10:31', 'A storm', 'XYZ']],
    names: [
      {
        symbol: 'XYZ',
        history: way(60, 90, 100),
        days: {
          '2026-03-02': [
            ['09:30', 100],
            ['10:00', 104],
            ['16:00', 98],
          ],
          '2026-03-03': [
            ['09:30', 98],
            ['10:30', 99],
            ['10:31', calm ? 99 : 60],
          ],
        },
        surges: [['2026-03-02 10:00', '2026-03-02 10:15', 4], ...(calm ? [] : [['2026-03-03 10:31', '2026-03-03 11:00', 20] as const])],
        shown: [
          ['2026-03-02', 700, 300],
          ['2026-03-03 10:31', calm ? 700 : 1, 300],
        ],
        dark: [['2026-03-02 12:00', '2026-03-02 12:05'], ...(calm ? [] : [['2026-03-03 10:31', '2026-03-03 10:40'] as const])],
        dividends: [
          { ex: '2026-03-12', pay: '2026-03-30', amount: 0.5 },
          ...(calm ? [] : [{ ex: '2026-03-13', pay: '2026-03-30', amount: 3, announced: '2026-03-04' }]),
        ],
        options: {
          expiries: weeklies('2026-03-06', 6),
          strikes: { from: 80, to: 120, step: 5 },
          iv: [
            ['2026-03-02', { level: 0.4, slope: -0.2, expiries: { '2026-03-06': 0.9 } }],
            ['2026-03-03 10:31', { level: calm ? 0.4 : 2 }],
          ],
          past: { low: 0.2, high: 0.5 },
          pinned: {
            [PUT]: [
              ['2026-03-02 11:00', 1.05, 1.15, 3, 7],
              ['2026-03-02 11:30', 'model'],
            ],
          },
        },
      },
    ],
  };
};
const market = scriptedMarket(script('calm'));
const micros = (dollars: number): number => Math.round(dollars * 1_000_000);

/** Everything a market can be asked at an instant. */
function everything(m: ExchangeMarket, instant: number): unknown {
  const [from, to] = [tradingDay('2026-01-02'), tradingDay('2026-04-30')];
  return [
    ['XYZ', CALL, PUT].map((symbol) => m.quote(symbol, instant)),
    m.dailyBars('XYZ', from, to, instant),
    m.minuteBars('XYZ', at('2026-03-02'), at('2026-03-04'), instant),
    m.contracts('XYZ', from, to, instant, true),
    m.optionDailyBars(CALL, from, to, instant),
    [CALL, PUT].map((symbol) => m.optionStats(symbol, instant)),
    [tradingDay('2026-03-02'), tradingDay('2026-03-03')].map((day) => m.officialClose('XYZ', day, instant)),
    m.indexValue('VIX', instant),
    m.dividends(from, to, instant),
    m.news(undefined, at('2026-03-01'), at('2026-03-31'), instant),
  ];
}

describe('a scripted market', () => {
  it.each<[When, number]>([
    ['2026-03-02 09:30', 100],
    ['2026-03-02 10:00', 104],
    ['2026-03-02 16:00', 98],
    ['2026-03-03 16:00', 99],
  ])('quotes about the anchor of %s', (when, price) => {
    expect(market.quote('XYZ', at(when))).toMatchObject({
      bid: micros(price - 0.01),
      ask: micros(price + 0.01),
      bidSize: 700,
      askSize: 300,
    });
  });

  it('has no quote, no trade and no volatility outside sessions and in the dark', () => {
    for (const when of ['2026-03-02 09:29:59', '2026-03-02 12:02', '2026-03-02 16:00:01'])
      expect([market.quote('XYZ', at(when)), market.quote(CALL, at(when)), market.optionStats(CALL, at(when)).iv]).toEqual([
        undefined,
        undefined,
        null,
      ]);
    const bars = market.minuteBars('XYZ', at('2026-03-02 11:58'), at('2026-03-02 12:06'), at('2026-03-02 16:00'));
    expect(bars.map((bar) => ny(bar.at).slice(11, 16))).toEqual(['11:58', '11:59', '12:05', '12:06']);
  });

  it('ends the history on its last close, and bars of minutes make up the bar of their day', () => {
    const asOf = at('2026-03-02 16:00');
    const [eve, day] = market.dailyBars('XYZ', tradingDay('2026-02-27'), tradingDay('2026-03-02'), asOf);
    expect(eve?.close).toBe(micros(100));
    const minutes = market.minuteBars('XYZ', at('2026-03-02 09:30'), asOf, asOf);
    const lit = minutes.reduce((sum, bar) => sum + bar.volume, 0);
    expect(minutes).toHaveLength(385);
    expect(day).toMatchObject({ open: minutes[0]?.open, close: minutes.at(-1)?.close, high: Math.max(...minutes.map((bar) => bar.high)) });
    expect(day?.volume).toBeGreaterThan(lit);
  });

  it('multiplies the usual volume of the same minutes by what a surge says', () => {
    const volumes = (day: string): number =>
      market.minuteBars('XYZ', at(`${day} 10:00`), at(`${day} 10:14`), at('2026-03-03 16:00')).reduce((sum, bar) => sum + bar.volume, 0);
    expect(volumes('2026-03-02') / volumes('2026-02-27')).toBeCloseTo(4, 3);
  });

  it('prices options after Black and Scholes, less the dividends that fall before the expiry', () => {
    const instant = at('2026-03-02 10:00');
    const years = (at('2026-03-20 16:00') - instant) / (365 * 24 * 60 * MINUTE);
    const spot = 104 - 0.5 * Math.exp((-RATE * 10) / 365);
    const sigma = 0.4 - 0.2 * Math.log(100 / 104);
    const value = bsPrice({ right: 'call', spot, strike: 100, years, rate: RATE, dividendYield: 0, sigma });
    const quote = market.quote(CALL, instant);
    expect(quote?.bid).toBeLessThan(micros(value));
    expect(quote?.ask).toBeGreaterThan(micros(value));
    expect(((quote?.ask ?? 0) - (quote?.bid ?? 0)) / micros(value)).toBeCloseTo(0.02, 1);
    expect(market.optionStats(CALL, instant).iv).toBeCloseTo(sigma, 10);
    expect(market.optionStats(occ('XYZ', '2026-03-06', 'call', 105), instant).iv).toBeCloseTo(0.9 - 0.2 * Math.log(105 / 104), 10);
  });

  it('states a pinned quote outright, and goes back to the model', () => {
    expect(market.quote(PUT, at('2026-03-02 11:10'))).toMatchObject({ bid: 1_050_000, ask: 1_150_000, bidSize: 3, askSize: 7 });
    expect(market.quote(PUT, at('2026-03-02 11:30'))).toMatchObject({ bidSize: 50, askSize: 50 });
  });

  it('lists the weekly contracts of the year before, with the swing of their volatility, once they were listed', () => {
    const past = (when: When): readonly string[] =>
      market.contracts('XYZ', tradingDay('2026-01-30'), tradingDay('2026-01-30'), at(when), true).map((contract) => contract.symbol);
    expect(past('2026-03-02 10:00').length).toBeGreaterThan(10);
    expect(past('2025-10-01 10:00')).toEqual([]);
  });

  it('never looks ahead: what a script says of later changes no answer before', () => {
    const other = scriptedMarket(script('storm'));
    for (let instant = at('2026-03-02 09:00'); instant <= at('2026-03-03 10:30'); instant += 17 * MINUTE)
      expect(everything(other, instant), ny(instant)).toEqual(everything(market, instant));
    expect(everything(other, at('2026-03-03 10:41'))).not.toEqual(everything(market, at('2026-03-03 10:41')));
  });

  it.each<[string, (good: MarketScript) => MarketScript]>([
    [
      'no session',
      (good) => ({ ...good, names: good.names.map((name) => ({ ...name, days: { '2026-03-01': [['10:00', 1] as const] } })) }),
    ],
    [
      'not in order',
      (good) => ({
        ...good,
        names: good.names.map((name) => ({ ...name, days: { '2026-03-02': [['11:00', 1] as const, ['10:00', 1] as const] } })),
      }),
    ],
    [
      'pinned, but not listed',
      (good) => ({
        ...good,
        names: good.names.map((name) =>
          name.options === undefined ? name : { ...name, options: { ...name.options, pinned: { NOPE: [] } } },
        ),
      }),
    ],
  ])('refuses a script with something that is %s', (what, spoil) => {
    expect(() => scriptedMarket(spoil(script('calm')))).toThrow(what);
  });

  it('gives the same way for the same arguments, ending where it is told to', () => {
    const closes = way(200, 80, 120, 0.3);
    expect(closes).toEqual(way(200, 80, 120, 0.3));
    expect(closes.at(-1)).toBe(120);
    const returns = closes.slice(1).map((close, i) => Math.log(close / (closes[i] ?? Number.NaN)));
    const mean = returns.reduce((sum, r) => sum + r, 0) / returns.length;
    const vol = Math.sqrt((252 * returns.reduce((sum, r) => sum + (r - mean) ** 2, 0)) / (returns.length - 1));
    expect(vol).toBeGreaterThan(0.25);
    expect(vol).toBeLessThan(0.35);
  });

  it('stands still after the story', () => {
    const later = addDays(tradingDay('2026-03-03'), 3);
    expect(calendar.dayOf(epochMs(at(`${later} 12:00`)))).toBe(later);
    expect(market.quote('XYZ', at(`${later} 12:00`))).toMatchObject({ bid: expect.closeTo(micros(98.99), -5) as number });
  });
});
