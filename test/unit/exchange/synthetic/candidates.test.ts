import { describe, expect, it } from 'vitest';
import { addDays, daysBetween, tradingDay } from '../../../../src/domain/time.ts';
import type { ExchangeMarket } from '../../../../src/exchange/market.ts';
import { syntheticMarket } from '../../../../src/exchange/synthetic/market.ts';
import { usCalendar } from '../../../../src/market/calendar.ts';
import { impliedVolatility } from '../../../../src/pricing/implied-volatility.ts';

const calendar = usCalendar();
const day = tradingDay('2026-11-23');
const now = calendar.instant(day, 15, 5);
const wheelable = ['F', 'BAC', 'T', 'KO', 'PFE', 'INTC', 'WFC', 'C', 'VZ', 'PLTR', 'AMD', 'XOM', 'WMT'];
const YEAR = 365 * 86_400_000;

/** At-the-money volatility of each of the last sessions, from daily option bars: the put nearest the close, 24 to 34 days out. */
function volatilities(market: ExchangeMarket, symbol: string, sessions: number): readonly number[] {
  return market
    .dailyBars(symbol, addDays(day, -400), addDays(day, -1), now)
    .slice(-sessions)
    .flatMap((bar) => {
      const asOf = calendar.offset(bar.day, 0).close;
      const puts = market.contracts(symbol, addDays(bar.day, 24), addDays(bar.day, 34), asOf, false).filter((c) => c.right === 'put');
      const [first] = puts;
      if (first === undefined) return [];
      const put = puts.reduce((best, c) => (Math.abs(c.strike - bar.close) < Math.abs(best.strike - bar.close) ? c : best), first);
      const traded = market.optionDailyBars(put.symbol, bar.day, bar.day, asOf)[0];
      if (traded === undefined || traded.volume < 50) return [];
      const years = (calendar.offset(put.expiry, 0).close - asOf) / YEAR;
      const solved = impliedVolatility({
        right: 'put',
        spot: bar.close / 1e6,
        strike: put.strike / 1e6,
        years,
        rate: 0.04,
        dividendYield: 0,
        price: traded.close / 1e6,
      });
      return solved.kind === 'solved' ? [solved.sigma] : [];
    });
}

function isCandidate(market: ExchangeMarket, symbol: string): boolean {
  const closes = market.dailyBars(symbol, addDays(day, -400), addDays(day, -1), now).map((b) => b.close);
  const last = closes.at(-1) ?? 0;
  const mean = closes.slice(-200).reduce((sum, c) => sum + c, 0) / 200;
  if (last > 100e6 || last <= mean || last < 0.7 * Math.max(...closes.slice(-252))) return false;
  if (market.earnings().some((e) => e.symbol === symbol && e.day >= day && daysBetween(day, e.day) <= 40)) return false;
  const history = volatilities(market, symbol, 252);
  const [low, high] = [Math.min(...history), Math.max(...history)];
  if (history.length < 126 || ((history.at(-1) ?? low) - low) / (high - low) < 0.3) return false;
  return market.contracts(symbol, addDays(day, 28), addDays(day, 45), now, false).some((c) => {
    const delta = market.optionStats(c.symbol, now).greeks?.delta ?? 0;
    const quote = market.quote(c.symbol, now);
    if (c.right !== 'put' || quote === undefined || delta > -0.15 || delta < -0.3) return false;
    const credit = (quote.bid + quote.ask) / 2;
    return credit >= 500_000 && (credit / (c.strike - credit)) * (365 / daysBetween(day, c.expiry)) >= 0.12;
  });
}

describe('a market to wheel in', () => {
  it('has a name that passes every gate under each of 20 seeds', () => {
    const without = Array.from({ length: 20 }, (_, i) => i + 1).filter((seed) => {
      const market = syntheticMarket({ seed, calendar });
      return !wheelable.some((symbol) => isCandidate(market, symbol));
    });
    expect(without).toEqual([]);
  }, 60_000);

  it('has volatility that ranges widely over a year', () => {
    const market = syntheticMarket({ seed: 2, calendar });
    for (const symbol of ['BAC', 'INTC', 'PLTR']) {
      const history = volatilities(market, symbol, 252);
      expect(history.length).toBeGreaterThan(230);
      expect(Math.max(...history) / Math.min(...history)).toBeGreaterThan(1.4);
    }
  });

  it('leaves most names without a report in the next 45 days', () => {
    const market = syntheticMarket({ seed: 2, calendar });
    const soon = new Set(
      market
        .earnings()
        .filter((e) => e.day >= day && daysBetween(day, e.day) <= 45)
        .map((e) => e.symbol),
    );
    expect(wheelable.filter((symbol) => !soon.has(symbol)).length).toBeGreaterThan(8);
    expect(market.earnings().some((e) => ['SPY', 'QQQ', 'IWM', 'VTI', 'DIA'].includes(e.symbol))).toBe(false);
  });

  it('adds the variance of a report to the expiries beyond it', () => {
    const market = syntheticMarket({ seed: 2, calendar });
    const report = market.earnings().find((e) => e.symbol === 'PLTR' && e.day > day);
    if (report === undefined) throw new Error('no report');
    /** At-the-money total variance and its term, of an expiry some days from the report. */
    const variance = (from: number, to: number): { readonly years: number; readonly total: number } => {
      const spot = market.quote('PLTR', now)?.bid ?? 0;
      const [first, ...rest] = market.contracts('PLTR', addDays(report.day, from), addDays(report.day, to), now, false);
      if (first === undefined) throw new Error('no contract');
      const contract = rest.reduce((best, c) => (Math.abs(c.strike - spot) < Math.abs(best.strike - spot) ? c : best), first);
      const years = (calendar.offset(contract.expiry, 0).close - now) / YEAR;
      return { years, total: (market.optionStats(contract.symbol, now).iv ?? 0) ** 2 * years };
    };
    const before = variance(-7, -1);
    const beyond = variance(1, 7);
    const between = (beyond.total - before.total) / (beyond.years - before.years);
    expect(between).toBeGreaterThan((1.15 * before.total) / before.years);
  });
});
