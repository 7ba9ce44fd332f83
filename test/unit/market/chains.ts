// Chains priced by the model, for tests that need one whose volatility is known.
import { symbol } from '../../../src/domain/ids.ts';
import { type Option, occSymbol, type Right } from '../../../src/domain/instrument.ts';
import { price } from '../../../src/domain/money.ts';
import { type EpochMs, epochMs, monoMs, type TradingDay } from '../../../src/domain/time.ts';
import type { Calendar } from '../../../src/market/calendar.ts';
import { yearsToExpiry } from '../../../src/market/expiry.ts';
import type { Chain, ChainRow, Quote } from '../../../src/market/quote.ts';
import { bsPrice } from '../../../src/pricing/black-scholes.ts';

const micros = (amount: number): ReturnType<typeof price> => price(Math.round(amount * 1_000_000));

export const optionOf = (name: string, expiry: TradingDay, right: Right, strike: number): Option => ({
  kind: 'option',
  symbol: occSymbol(symbol(name), expiry, right, micros(strike)),
  underlying: symbol(name),
  multiplier: 100,
  right,
  strike: micros(strike),
  expiry,
});

export const quoteOf = (name: string, bid: number, ask: number, over: Partial<Quote> = {}): Quote => ({
  symbol: symbol(name),
  bid: micros(bid),
  ask: micros(ask),
  bidSize: 10,
  askSize: 10,
  at: epochMs(0),
  seen: monoMs(0),
  ageAtSightMs: 0,
  provenance: 'live',
  ...over,
});

export interface ModelChain {
  readonly name: string;
  readonly spot: number;
  readonly rate: number;
  readonly dividendYield: number;
  readonly expiries: readonly { readonly expiry: TradingDay; readonly sigma: number }[];
  readonly strikes: readonly number[];
  readonly now: EpochMs;
  readonly calendar: Calendar;
}

/** What the model says an option of the chain is worth, dollars. */
export function modelPrice(model: ModelChain, option: Option, sigma: number): number {
  const years = yearsToExpiry(model.now, option.expiry, model.calendar);
  return bsPrice({
    right: option.right,
    spot: model.spot,
    strike: option.strike / 1e6,
    years,
    rate: model.rate,
    dividendYield: model.dividendYield,
    sigma,
  });
}

/** A whole chain with spreads of two cents about the model's value. */
export function modelChain(model: ModelChain): Chain {
  const rows: ChainRow[] = [];
  for (const { expiry, sigma } of model.expiries) {
    for (const strike of model.strikes) {
      for (const right of ['call', 'put'] as const) {
        const option = optionOf(model.name, expiry, right, strike);
        const value = modelPrice(model, option, sigma);
        const contract = {
          option,
          tradable: true,
          style: 'american' as const,
          standard: true,
          openInterest: 500,
          openInterestDay: null,
          pennyProgram: true,
        };
        rows.push({ contract, quote: quoteOf(option.symbol, Math.max(0, value - 0.01), value + 0.01), volume: 100, previousVolume: 100 });
      }
    }
  }
  const days = model.expiries.map((e) => e.expiry).sort();
  return { underlying: symbol(model.name), from: days[0] as TradingDay, to: days.at(-1) as TradingDay, rows, seen: monoMs(0) };
}
