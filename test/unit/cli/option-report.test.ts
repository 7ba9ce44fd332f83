import { describe, expect, it } from 'vitest';
import { absent, type Figure, value } from '../../../src/cli/option/figure.ts';
import { optionText } from '../../../src/cli/option/print.ts';
import { optionReport, type ReportInput } from '../../../src/cli/option/report.ts';
import { parseOcc } from '../../../src/domain/instrument.ts';
import { tradingDay } from '../../../src/domain/time.ts';
import { usCalendar } from '../../../src/market/calendar.ts';
import { bsGreeks, bsPrice, probabilityItm } from '../../../src/pricing/black-scholes.ts';

const calendar = usCalendar({ from: tradingDay('2026-01-01'), to: tradingDay('2026-12-31') });

function optionOf(word: string) {
  const option = parseOcc(word);
  if (option === undefined) throw new Error(word);
  return option;
}

const terms = { right: 'put', spot: 600, strike: 594, years: 0, rate: 0.04, dividendYield: 0.012, sigma: 0.2 } as const;
const gone = absent('no_quote', 'no quote was given');

const put: ReportInput = {
  option: optionOf('SPY261218P00594000'),
  style: 'european',
  now: calendar.instant(tradingDay('2026-11-23'), 16, 0),
  calendar,
  spot: value(600),
  bid: value(8),
  ask: value(9),
  price: null,
  rate: 0.04,
  dividendYield: 0.012,
  cash: [],
  exDates: null,
};
const call: ReportInput = { ...put, option: optionOf('SPY261218C00594000') };
const number = (figure: Figure): number => (figure.kind === 'value' ? figure.value : Number.NaN);
const reason = (figure: Figure): string => (figure.kind === 'absent' ? figure.reason : 'none');

describe('the report of a contract', () => {
  it('is in desk units and on the calendar clock', () => {
    const years = 25 / 365;
    const input = { ...terms, years };
    const price = bsPrice(input);
    const report = optionReport({ ...put, price });
    const greeks = bsGreeks(input);
    expect(report.days).toBe(25);
    expect(report.years).toBeCloseTo(years, 12);
    expect(number(report.volatility.mid)).toBeCloseTo(0.2, 10);
    for (const name of ['price', 'delta', 'gamma', 'theta', 'vega', 'rho'] as const)
      expect(number(report.own[name]), name).toBeCloseTo(greeks[name], 9);
    expect(number(report.probabilityItm)).toBeCloseTo(probabilityItm(input), 10);
    expect(number(report.breakEven)).toBeCloseTo(594 - price, 12);
    expect(number(report.probabilityOfProfit)).toBeCloseTo(probabilityItm({ ...input, strike: 594 - price }), 10);
    expect(number(report.expectedMove)).toBeCloseTo(600 * 0.2 * Math.sqrt(years), 8);
    expect(report.european).toEqual(report.own);
  });

  it('puts the break-even of a put below its strike and that of a call above', () => {
    expect(number(optionReport({ ...put, price: 5 }).breakEven)).toBe(589);
    expect(number(optionReport({ ...call, price: 15 }).breakEven)).toBe(609);
  });

  it('values the American put above the European, which it shows beside it', () => {
    const { own, european } = optionReport({ ...put, style: 'american' });
    expect(number(own.price)).toBeCloseTo(8.5, 6);
    expect(number(european.price)).toBeLessThan(8.5);
  });

  it('splits the price into intrinsic and extrinsic value, and judges a seller at the bid', () => {
    const { intrinsic, extrinsic, extrinsicAtBid } = optionReport({ ...call, bid: value(14), ask: value(15) });
    expect([number(intrinsic), number(extrinsic), number(extrinsicAtBid)]).toEqual([6, 8.5, 8]);
  });

  it('takes announced dividends out of the share for its chances', () => {
    const cash = [{ day: tradingDay('2026-12-04'), amount: 6 }];
    const fair = { ...call, price: 20, dividendYield: 0 };
    const [without, withCash] = [optionReport(fair), optionReport({ ...fair, cash, exDates: cash })];
    expect(number(withCash.volatility.mid)).toBeGreaterThan(number(without.volatility.mid));
    expect(number(withCash.probabilityOfProfit)).toBeLessThan(number(without.probabilityOfProfit));
  });

  it('marks volatilities far apart', () => {
    expect(optionReport({ ...put, bid: value(2), ask: value(14) }).volatility.wide).toBe(true);
    expect(optionReport(put).volatility.wide).toBe(false);
  });

  it.each<[string, Partial<ReportInput>, string]>([
    ['a crossed quote', { bid: value(9), ask: value(8) }, 'crossed_quote'],
    ['no bid', { bid: gone }, 'no_quote'],
    ['no spot', { spot: absent('no_spot', 'no spot was given') }, 'no_spot'],
    ['a price under what it is worth for certain', { spot: value(500), price: 90 }, 'below_intrinsic'],
    ['a price above what any volatility explains', { price: 600 }, 'above_max'],
    ['a negative price', { price: -1 }, 'negative'],
    ['a price of nothing', { price: 0 }, 'zero'],
  ])('with %s has no volatility and no greeks, but what does not need them', (_, change, why) => {
    const report = optionReport({ ...put, ...change });
    expect(reason(report.volatility.mid)).toBe(why);
    for (const figure of [...Object.values(report.own), report.probabilityItm, report.probabilityOfProfit, report.expectedMove])
      expect(reason(figure as Figure)).toBe(why);
    expect(report.days).toBe(25);
    if (why !== 'no_spot') expect(number(report.intrinsic)).toBe(change.spot === undefined ? 0 : 94);
  });

  it('of an expired contract says so in every figure, and keeps the break-even of its price', () => {
    const report = optionReport({ ...put, now: calendar.instant(tradingDay('2026-12-18'), 16, 0) });
    expect(report).toMatchObject({ expired: true, days: 0, years: 0, flags: [] });
    for (const figure of [...Object.values(report.own), report.volatility.mid, report.intrinsic])
      expect(reason(figure as Figure)).toBe('expired');
    expect(number(report.breakEven)).toBe(585.5);
  });

  it('prints no number that is none', () => {
    for (const price of [-1, 0, 1e-9, 5, 593, 1e9]) {
      const input = { ...put, price };
      const basis = { ...input, at: put.now, source: 'here', quotedAt: null };
      expect(optionText(basis, optionReport(input))).not.toMatch(/NaN|Infinity|undefined/);
    }
  });
});
