// A European option on a share that pays cash dividends: its price alone, and the volatility that a price implies.
import type { Priced } from './american/american.ts';
import { cashPrice } from './american/cash/cash.ts';
import { certainCashPrice } from './american/cash/certain-cash.ts';
import { scheduleOf } from './american/cash/schedule.ts';
import { type AmericanInput, fault, unpriceable } from './american/contract.ts';
import { solveVolatility } from './american/implied-volatility.ts';
import { bsPrice } from './black-scholes.ts';
import { exp } from './elementary.ts';
import { type ImpliedVolatility, impliedVolatility } from './implied-volatility.ts';

/** The price of `europeanCashDerivatives` without the derivatives. */
export function europeanCashPrice(input: AmericanInput): Priced {
  const wrong = fault(input);
  if (wrong !== undefined) return unpriceable(wrong);
  const schedule = scheduleOf(input);
  return { kind: 'priced', price: schedule.length > 0 ? cashPrice(input, schedule, 'european') : bsPrice(input) };
}

export type EuropeanCashVolatilityInput = Omit<AmericanInput, 'sigma'> & {
  /** Dollars per share, usually the mid. */
  readonly price: number;
};

/** A difference of prices below this part of spot and strike is rounding. */
const ROUNDING = 4 * Number.EPSILON;
const ROUGH_GUESS = 0.2;
const LEAST_GUESS = 0.01;
/** Total deviations beyond which the quadrature's nodes leave the range of the formula at their end: no price is asked for there. */
const WIDEST = 6;

/**
 * The annual volatility at which `europeanCashDerivatives` gives `price`, to about 1e-12 of itself; without a dividend before expiry
 * that of the formula. Reasons and their order are those of `impliedVolatility`; the bounds are what the one path without
 * volatility is worth, and what six total deviations are. Never throws and never answers NaN.
 */
export function europeanCashImpliedVolatility(asked: EuropeanCashVolatilityInput): ImpliedVolatility {
  const { right, spot, strike, years, rate, dividendYield, price } = asked;
  const schedule = scheduleOf({ ...asked, sigma: 0 });
  const plain = { right, spot, strike, years, rate, dividendYield, price };
  if (schedule.length === 0) return impliedVolatility(plain);
  type Reason = Extract<ImpliedVolatility, { readonly kind: 'unsolvable' }>['reason'];
  const none = (reason: Reason, bound = 0): ImpliedVolatility => ({ kind: 'unsolvable', reason, bound });
  if (Number.isNaN(price)) return none('nan');
  const input = { right, spot, strike, years, rate, dividendYield, sigma: 0 };
  if (fault({ ...input, dividends: asked.dividends ?? [] }) !== undefined) return none('bad_input');
  if (price < 0) return none('negative');
  const greatest = right === 'call' ? spot * exp(-dividendYield * years) : strike * exp(-rate * years);
  if (price >= greatest) return none('above_max', greatest);
  const floor = certainCashPrice(input, schedule, true);
  if (floor === 0 && price === 0) return none('zero');
  if (floor > 0 && Math.abs(price - floor) <= ROUNDING * (spot + strike)) return none('at_intrinsic', floor);
  if (price < floor) return none('below_intrinsic', floor);
  const widest = WIDEST / Math.sqrt(years);
  const most = cashPrice({ ...input, sigma: widest }, schedule, 'european');
  if (price >= most) return none('above_max', most);
  const at = (sigma: number): number => cashPrice({ ...input, sigma: Math.min(sigma, widest) }, schedule, 'european');
  const start = impliedVolatility(plain);
  const guess = start.kind === 'solved' ? Math.max(LEAST_GUESS, start.sigma) : ROUGH_GUESS;
  const sigma = solveVolatility({ quick: at, exact: at }, price, floor, years, guess);
  return sigma === undefined ? none('above_max', greatest) : { kind: 'solved', sigma };
}
