import { describe, expect, it } from 'vitest';
import { price } from '../../../src/domain/money.ts';
import { epochMs, MINUTE, type TradingDay, tradingDay } from '../../../src/domain/time.ts';
import type { Bar } from '../../../src/market/quote.ts';
import { blendedVolatility, volatilityForecast, volatilityToday } from '../../../src/market/volatility-forecast.ts';

const day = tradingDay('2026-03-10');
const bar = (close: number, i: number, on: TradingDay = day): Bar => {
  const p = price(Math.round(close * 1e6));
  return { at: epochMs(1_773_149_400_000 + i * 5 * MINUTE), day: on, open: p, high: p, low: p, close: p, volume: 1_000 };
};
const bars = (closes: readonly number[], on?: TradingDay): readonly Bar[] => closes.map((close, i) => bar(close, i, on));
const daily = bars(Array.from({ length: 23 }, (_, i) => 100 + (i % 2)));
const moving = [100, 100.2, 100.1, 100.3, 100.2, 100.4, 100.3];

/** Standard deviation (n - 1) of log returns, written out. */
function deviation(closes: readonly number[]): number {
  const returns = closes.slice(1).map((c, i) => Math.log(c / (closes[i] as number)));
  const mean = returns.reduce((a, b) => a + b, 0) / returns.length;
  return Math.sqrt(returns.reduce((a, r) => a + (r - mean) ** 2, 0) / (returns.length - 1));
}

describe('the forecast of volatility', () => {
  it('weighs today, the week and the month in variances', () => {
    expect(blendedVolatility({ today: 0.22, week: 0.17, month: 0.15 })).toBeCloseTo(0.193313, 6);
    expect(blendedVolatility({ week: 0.17, month: 0.15 })).toBeCloseTo(Math.sqrt(0.6 * 0.17 ** 2 + 0.4 * 0.15 ** 2), 12);
  });
  it('annualises five-minute returns over 78 stretches of 252 sessions', () => {
    expect(volatilityToday(bars(moving), day)).toBeCloseTo(deviation(moving) * Math.sqrt(252 * 78), 9);
  });
  it('asks for six stretches of today, from the end of the first five minutes on', () => {
    expect(volatilityToday(bars(moving.slice(0, 6)), day)).toBeUndefined();
    expect(volatilityToday(bars(moving, tradingDay('2026-03-09')), day)).toBeUndefined();
  });
  it('takes today in when it may, and does without it when it is young', () => {
    const late = volatilityForecast(daily, bars(moving), day);
    const early = volatilityForecast(daily, bars(moving.slice(0, 3)), day);
    expect(late).toMatchObject({ known: true, value: { today: expect.any(Number) } });
    expect(early.known && early.value.today).toBeUndefined();
    expect(early.known && early.value.sigma).toBeCloseTo(
      early.known ? blendedVolatility({ week: early.value.week, month: early.value.month }) : Number.NaN,
      12,
    );
  });
  it.each([
    ['22 closes are too few', daily.slice(1), 'BARS_SHORT'],
    ['a price that stood still for a month', bars(Array.from({ length: 23 }, () => 100)), 'INSUFFICIENT_OBS'],
  ] as const)('is absent: %s', (_name, closes, code) => {
    expect(volatilityForecast(closes, [], day)).toMatchObject({ known: false, code });
  });
});
