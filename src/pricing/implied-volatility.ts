// From a price back to the volatility that explains it, or to the reason why none does.
import type { Right } from '../domain/instrument.ts';
import { exp } from './elementary.ts';
import { impliedVolatilityChain, type VolatilityStatus, volatilityStatuses } from './implied-volatility-chain.ts';

export interface ImpliedVolatilityInput {
  readonly right: Right;
  readonly spot: number;
  readonly strike: number;
  /** Years to expiry. */
  readonly years: number;
  /** Continuous risk-free rate, a fraction a year. */
  readonly rate: number;
  /** Continuous dividend yield, a fraction a year. */
  readonly dividendYield: number;
  /** Dollars per share, usually the mid. */
  readonly price: number;
}

export type ImpliedVolatility =
  | { readonly kind: 'solved'; readonly sigma: number }
  | {
      readonly kind: 'unsolvable';
      readonly reason: Exclude<VolatilityStatus, 'solved'>;
      /** The price that the price offends: the upper bound for above_max, else the forward's intrinsic value; 0 for bad_input. */
      readonly bound: number;
    };

/** What the forward alone is worth today on the option's side, dollars a share: max(0, +-(S e^(-qT) - K e^(-rT))); years under 0 count as 0. */
export function forwardIntrinsicValue(input: Omit<ImpliedVolatilityInput, 'price'>): number {
  const years = Math.max(0, input.years);
  const ahead = input.spot * exp(-input.dividendYield * years) - input.strike * exp(-input.rate * years);
  return Math.max(0, input.right === 'call' ? ahead : -ahead);
}

/** The price no volatility reaches: S e^(-qT) for a call, K e^(-rT) for a put. */
const upperBound = ({ right, spot, strike, years, rate, dividendYield }: ImpliedVolatilityInput): number =>
  right === 'call' ? spot * exp(-dividendYield * years) : strike * exp(-rate * years);

function boundOf(reason: VolatilityStatus, input: ImpliedVolatilityInput): number {
  if (reason === 'bad_input') return 0;
  const bound = reason === 'above_max' ? upperBound(input) : forwardIntrinsicValue(input);
  return Number.isFinite(bound) ? bound : 0;
}

const column = (): Float64Array => new Float64Array(1);
// One row of the columns, filled and read within a call.
const row = { side: column(), spot: column(), strike: column(), years: column(), rate: column(), dividendYield: column(), price: column() };
const answer = { sigma: column(), status: new Uint8Array(1) };

/**
 * The annual volatility at which the European option is worth `price`: |error| within a few last bits times the condition of the
 * volatility in the six inputs. Never throws and never answers NaN. The first of these that holds is the reason for no volatility:
 * - nan: the price is no number
 * - bad_input: spot or strike not positive, or spot, strike, years or a rate not finite, or strike and forward over e^700 apart
 * - negative, expired: price < 0; years <= 0
 * - above_max: at or over S e^(-qT) for a call, K e^(-rT) for a put
 * - zero: out of the money and worth nothing, or so little that its share of the underlying is no normal double
 * - below_intrinsic, at_intrinsic: in the money and under what the forward alone is worth, or within the rounding of that difference
 *
 * Method: P. Jaeckel, "Let's Be Rational" (2013-2024); see implied-volatility-chain.ts, through which the same bits come.
 */
export function impliedVolatility(input: ImpliedVolatilityInput): ImpliedVolatility {
  row.side[0] = input.right === 'call' ? 1 : -1;
  row.spot[0] = input.spot;
  row.strike[0] = input.strike;
  row.years[0] = input.years;
  row.rate[0] = input.rate;
  row.dividendYield[0] = input.dividendYield;
  row.price[0] = input.price;
  impliedVolatilityChain(row, answer);
  const reason = volatilityStatuses[answer.status[0] as number] as VolatilityStatus;
  if (reason === 'solved') return { kind: 'solved', sigma: answer.sigma[0] as number };
  return { kind: 'unsolvable', reason, bound: boundOf(reason, input) };
}
