// A European option on a share that pays cash dividends: its price alone, and the volatility that a price implies.
import type { Priced } from './american/american.ts';
import { cashPrice } from './american/cash/cash.ts';
import { certainCashPrice } from './american/cash/certain-cash.ts';
import { scheduleOf } from './american/cash/schedule.ts';
import { type AmericanInput, fault, unpriceable } from './american/contract.ts';
import { solveVolatility, widestSigma } from './american/implied-volatility.ts';
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

/**
 * The annual volatility at which `europeanCashDerivatives` gives `price`, to about 1e-12 of itself; without a dividend before expiry
 * that of the formula. Reasons and their order are those of `impliedVolatility`; the bounds are what the one path without
 * volatility is worth, and what no volatility reaches. Never throws and never answers NaN.
 */
export function europeanCashImpliedVolatility(asked: EuropeanCashVolatilityInput): ImpliedVolatility {
  const { right, spot, strike, years, rate, dividendYield, price } = asked;
  const faulty = (asked.dividends ?? []).some((dividend) => !(Number.isFinite(dividend.years + dividend.amount) && dividend.amount >= 0));
  const schedule = faulty ? [] : scheduleOf({ ...asked, sigma: 0 });
  const plain = { right, spot, strike, years, rate, dividendYield, price };
  if (schedule.length === 0 && !faulty) return impliedVolatility(plain);
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
  const at = (sigma: number): number => cashPrice({ ...input, sigma }, schedule, 'european');
  const start = impliedVolatility(plain);
  const guess = Math.min(start.kind === 'solved' ? Math.max(LEAST_GUESS, start.sigma) : ROUGH_GUESS, widestSigma(years));
  const sigma = solveVolatility({ quick: at, exact: at }, price, floor, years, guess);
  if (sigma !== undefined) return { kind: 'solved', sigma };
  // Too near to what the option is worth without volatility for any to tell, or beyond what any reaches.
  return price > at(guess) ? none('above_max', greatest) : floor > 0 ? none('at_intrinsic', floor) : none('zero');
}
