// A figure of an option report, or the reason for which there is none.
import type { Refusal } from '../valuation.ts';

export type Absence =
  | Refusal
  /** No spot: neither given nor quoted. */
  | 'no_spot'
  /** No price: neither given nor quoted on the side that is needed. */
  | 'no_quote'
  /** The bid is above the ask: neither is believed. */
  | 'crossed_quote'
  /** Nobody said what the name pays. */
  | 'no_dividends'
  /** A figure beyond the doubles, or where the value has a kink. */
  | 'undefined';

export type Figure =
  | { readonly kind: 'value'; readonly value: number }
  | { readonly kind: 'absent'; readonly reason: Absence; readonly why: string };

export type Missing = Extract<Figure, { readonly kind: 'absent' }>;

export const value = (of: number): Figure =>
  Number.isFinite(of) ? { kind: 'value', value: of } : absent('undefined', 'the model has no finite value there');
export const absent = (reason: Absence, why: string): Missing => ({ kind: 'absent', reason, why });

/** A figure reckoned from others; absent, for the first reason met, when one of them is. */
export function from(inputs: readonly Figure[], reckon: (...values: readonly number[]) => number): Figure {
  const values: number[] = [];
  for (const input of inputs) {
    if (input.kind === 'absent') return input;
    values.push(input.value);
  }
  return value(reckon(...values));
}

/** In words, why an option has no value or its price no volatility. */
const refusalWords: Readonly<Record<Refusal, string>> = {
  nan: 'the price is no number',
  negative: 'the price is below 0',
  zero: 'a price of 0 carries no volatility',
  at_intrinsic: 'the price is what the option is worth without volatility',
  below_intrinsic: 'the price is below what the option is worth without volatility',
  above_max: 'the price is at or above what any volatility could explain',
  expired: 'no time is left',
  out_of_range: 'a figure is beyond what can be reckoned',
  two_boundaries: 'under these rates exercise pays between two boundaries, which is not reckoned',
};

export const refusedFigure = (reason: Refusal): Missing => absent(reason, refusalWords[reason]);
