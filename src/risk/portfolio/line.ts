// One instrument of the book with the market it stands in: its value and its sensitivities, in dollars.
//
// Options are valued as European with a continuous dividend yield. That is enough here: what is measured are changes of value, and the
// volatility is inverted from the quoted mid by the same formula, so that today's value is the market's own.
import type { Instrument } from '../../domain/instrument.ts';
import { dollars } from '../../domain/money.ts';
import { absent, type Known, known } from '../../domain/reasons.ts';
import { type BsInput, valueOption } from '../../pricing/black-scholes.ts';

export interface Line {
  readonly instrument: Instrument;
  /** Signed units: negative is short. */
  readonly qty: number;
  /** Dollars a share of the underlying. */
  readonly spot: number;
  /** Annual volatility; 0 for shares. */
  readonly sigma: number;
  /** Years to expiry; 0 for shares. */
  readonly years: number;
  /** Continuous, fractions a year. */
  readonly rate: number;
  readonly dividendYield: number;
  /** Of the underlying against the market. */
  readonly beta: number;
  /** An option that expires today or on the next calendar day. */
  readonly isLastDay: boolean;
}

/** All in dollars for the whole position, signed from our side. */
export interface Exposure {
  readonly value: number;
  /** Delta x quantity x multiplier x spot: shares of the underlying, as money. */
  readonly dollarDelta: number;
  /** Beta x dollar delta. */
  readonly betaDelta: number;
  /** What the dollar delta gains when the share rises by 1 %: gamma x quantity x multiplier x spot^2 x 0.01. */
  readonly gamma1pct: number;
  /** For one volatility point: vega x 0.01 x quantity x multiplier. */
  readonly vega: number;
  /** For one calendar day: theta / 365 x quantity x multiplier. */
  readonly theta: number;
}

export const nothing: Exposure = { value: 0, dollarDelta: 0, betaDelta: 0, gamma1pct: 0, vega: 0, theta: 0 };

/** The sum of two, the second `times` over. */
export const withExposure = (a: Exposure, b: Exposure, times = 1): Exposure => ({
  value: a.value + times * b.value,
  dollarDelta: a.dollarDelta + times * b.dollarDelta,
  betaDelta: a.betaDelta + times * b.betaDelta,
  gamma1pct: a.gamma1pct + times * b.gamma1pct,
  vega: a.vega + times * b.vega,
  theta: a.theta + times * b.theta,
});

const isWhole = (e: Exposure): boolean => Object.values(e).every(Number.isFinite);

/** What the formula takes of an option; undefined for shares. */
export const optionInput = ({ instrument, spot, sigma, years, rate, dividendYield }: Line): BsInput | undefined =>
  instrument.kind === 'option'
    ? { right: instrument.right, spot, strike: dollars(instrument.strike), years, rate, dividendYield, sigma }
    : undefined;

/**
 * Value and sensitivities of a line; BOOK_UNVALUED where the formula has no value or a figure is not finite.
 * Source: Black-Scholes-Merton (pricing/black-scholes.ts); what has expired is worth its intrinsic value.
 */
export function exposureOf(line: Line): Known<Exposure> {
  const { instrument, qty, spot, beta } = line;
  const unknown = (why: string): Known<never> => absent('BOOK_UNVALUED', `${instrument.symbol}: ${why}`);
  const input = optionInput(line);
  if (!(spot > 0)) return unknown(`no price of ${instrument.underlying}`);
  if (input === undefined) {
    const value = qty * spot;
    const shares = { ...nothing, value, dollarDelta: value, betaDelta: beta * value };
    return isWhole(shares) ? known(shares) : unknown('a figure is not finite');
  }
  const valued = valueOption(input);
  if (valued.kind === 'invalid') return unknown(`no value by the formula: ${valued.reason}`);
  const { price, delta, gamma, vega, theta } = valued.derivatives;
  const units = qty * instrument.multiplier;
  const dollarDelta = delta * units * spot;
  const option: Exposure = {
    value: price * units,
    dollarDelta,
    betaDelta: beta * dollarDelta,
    gamma1pct: gamma * units * spot * spot * 0.01,
    vega: vega * 0.01 * units,
    theta: (theta / 365) * units,
  };
  return isWhole(option) ? known(option) : unknown('a figure is not finite');
}
