import { describe, expect, it } from 'vitest';
import { symbol } from '../../../src/domain/ids.ts';
import { price } from '../../../src/domain/money.ts';
import { absent, known } from '../../../src/domain/reasons.ts';
import { type TradingDay, tradingDay } from '../../../src/domain/time.ts';
import { usCalendar } from '../../../src/market/calendar.ts';
import { atmIv, iv30FromBars, iv30FromChain, ivPercentile, ivRank } from '../../../src/market/iv.ts';
import type { EarningsReport } from '../../../src/market/quote.ts';
import { type ModelChain, modelChain, modelPrice, optionOf } from './chains.ts';

const calendar = usCalendar({ from: tradingDay('2026-01-01'), to: tradingDay('2027-12-31') });
const today = tradingDay('2026-02-11');
const near = tradingDay('2026-03-06'); // 23 days
const far = tradingDay('2026-03-20'); // 37 days
const week = tradingDay('2026-02-13');
const model: ModelChain = {
  name: 'AAPL',
  spot: 100,
  rate: 0.04,
  dividendYield: 0.01,
  now: calendar.instant(today, 15, 45),
  calendar,
  expiries: [
    { expiry: near, sigma: 0.34 },
    { expiry: far, sigma: 0.3 },
    { expiry: week, sigma: 0.6 },
  ],
  strikes: [80, 85, 90, 95, 97.5, 99, 101, 102.5, 105, 110, 115, 120],
};
const terms = { now: model.now, calendar, spot: model.spot, rate: model.rate, dividendYield: model.dividendYield };
const quiet = known<readonly EarningsReport[]>([]);
const report = (day: TradingDay): EarningsReport => ({ symbol: symbol('AAPL'), day, time: 'AMC', sources: ['operator'], confirmed: true });

describe('iv30FromChain', () => {
  it('keeps and flags a variance that falls with time', () => {
    const steep = {
      ...model,
      expiries: [
        { expiry: near, sigma: 0.6 },
        { expiry: far, sigma: 0.3 },
      ],
    };
    const falling = iv30FromChain(modelChain(steep), quiet, terms);
    expect(falling.known && falling.value.flags).toEqual([`LEGS ${near} ${far}`, 'FALLING_VARIANCE']);
  });

  it('gives back the volatility the chain was priced with, from the two expiries about thirty days', () => {
    const reading = iv30FromChain(modelChain(model), quiet, terms);
    expect(reading).toMatchObject({
      known: true,
      value: { symbol: 'AAPL', day: today, quality: 'quotes', flags: [`LEGS ${near} ${far}`] },
    });
    expect(reading.known && reading.value.iv30).toBeCloseTo(0.315932, 4);
  });

  it('flags a report between the two expiries, and only there', () => {
    const flagsWith = (day: string): readonly string[] => {
      const reading = iv30FromChain(modelChain(model), known([report(tradingDay(day))]), terms);
      return reading.known ? reading.value.flags : [];
    };
    expect(flagsWith('2026-03-10')).toContain('EARNINGS_BETWEEN');
    expect(flagsWith('2026-03-06')).not.toContain('EARNINGS_BETWEEN');
    expect(iv30FromChain(modelChain(model), absent('EARNINGS_UNKNOWN', ''), terms).known).toBe(true);
  });

  it.each([
    ['no expiry beyond thirty days', { ...model, expiries: model.expiries.filter((e) => e.expiry !== far) }, 'NO_EXPIRY_IN_RANGE'],
    [
      'no expiry of seven days or more below',
      { ...model, expiries: model.expiries.filter((e) => e.expiry !== near) },
      'NO_EXPIRY_IN_RANGE',
    ],
    ['no strike above the forward', { ...model, strikes: [80, 85, 90, 95] }, 'CHAIN_EMPTY'],
    ['strikes too far apart', { ...model, strikes: [85, 120] }, 'CHAIN_EMPTY'],
  ] as const)('is absent with %s', (_, odd, code) =>
    expect(iv30FromChain(modelChain(odd), quiet, terms)).toMatchObject({ known: false, code }),
  );

  it('leaves out contracts that are not standard and quotes without a bid', () => {
    const chain = modelChain(model);
    const odd = chain.rows.map((row) =>
      row.contract.option.expiry === far ? { ...row, contract: { ...row.contract, standard: false } } : row,
    );
    expect(iv30FromChain({ ...chain, rows: odd }, quiet, terms)).toMatchObject({ known: false, code: 'NO_EXPIRY_IN_RANGE' });
  });
});

describe('iv30FromBars', () => {
  const close = { ...model, now: calendar.offset(today, 0).close };
  const barsOf = (volume: number) =>
    model.expiries.flatMap(({ expiry, sigma }) =>
      model.strikes.flatMap((strike) =>
        (['call', 'put'] as const).map((right) => {
          const option = optionOf('AAPL', expiry, right, strike);
          return { option, bar: { close: price(Math.round(modelPrice(close, option, sigma) * 100) * 10_000), volume } };
        }),
      ),
    );

  it('reads the same figure from closes and the underlying close', () => {
    const reading = iv30FromBars(symbol('AAPL'), barsOf(50), price(100_000_000), quiet, { ...terms, now: close.now });
    expect(reading).toMatchObject({ known: true, value: { quality: 'bars', day: today } });
    expect(reading.known && reading.value.iv30).toBeCloseTo(0.3159, 2);
  });

  it('does not read stray prints', () => {
    const reading = iv30FromBars(symbol('AAPL'), barsOf(49), price(100_000_000), quiet, { ...terms, now: close.now });
    expect(reading).toMatchObject({ known: false, code: 'NO_EXPIRY_IN_RANGE' });
  });
});

describe('atmIv', () => {
  it('is straight in strike between the put below the forward and the call above', () => {
    const put = optionOf('AAPL', far, 'put', 95);
    const call = optionOf('AAPL', far, 'call', 105);
    const atm = atmIv(
      [
        { option: put, price: modelPrice(model, put, 0.4) },
        { option: call, price: modelPrice(model, call, 0.2) },
      ],
      far,
      terms,
    );
    const forward = 100 * Math.exp((0.03 * (37 + 0.25 / 24 - 1 / 24)) / 365);
    expect(atm.known && atm.value.iv).toBeCloseTo(0.4 - (0.2 * (forward - 95)) / 10, 5);
  });
});

describe('rank and percentile', () => {
  const history = [0.22, 0.25, 0.21, 0.3, 0.28, 0.35, 0.4, 0.33, 0.27, 0.24];
  it('place today in its history', () => {
    const rank = ivRank(history, 0.31);
    expect(rank.known && rank.value).toBeCloseTo(52.6316, 4);
    expect(ivPercentile(history, 0.31)).toEqual(known(70));
  });

  it('clamp a rank, and have none in a history without a range', () => {
    expect([ivRank(history, 0.5), ivRank(history, 0.1)]).toEqual([known(100), known(0)]);
    expect(ivRank([0.2, 0.2], 0.2)).toMatchObject({ known: false, code: 'IV_HISTORY_SHORT' });
    expect(ivRank([], 0.2)).toMatchObject({ known: false, code: 'IV_HISTORY_SHORT' });
    expect(ivPercentile([], 0.2)).toMatchObject({ known: false, code: 'IV_HISTORY_SHORT' });
  });
});
