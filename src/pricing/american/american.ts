// American options on one share: price, derivatives, exercise and implied volatility, with a continuous yield or cash dividends.
import { type BsInput, bsDerivatives, type Derivatives } from '../black-scholes.ts';
import { exp } from '../elementary.ts';
import { impliedVolatility } from '../implied-volatility.ts';
import { cashDerivatives, cashExercised, cashPrice, roughCashPrice } from './cash/cash.ts';
import { certainCashPrice } from './cash/certain-cash.ts';
import { presentValue, scheduleOf } from './cash/schedule.ts';
import { certainPrice } from './certain.ts';
import { continuousBoundary, continuousDerivatives, continuousExercised, continuousPrice, screenPrice } from './continuous.ts';
import { type AmericanInput, exerciseRegime, fault, greatestPrice, intrinsicValue, type Unpriceable, unpriceable } from './contract.ts';
import { solveVolatility, widestSigma } from './implied-volatility.ts';
import { ACCURATE, FAST } from './schemes.ts';

/**
 * How hard to try. `screen`: Barone-Adesi and Whaley, right to 0.1 % to 1 % of the price. `fast`: the boundary method, right to a
 * millionth of an ordinary price. `accurate`: the same to 1e-8 of the strike up to three years, 1e-6 over decades. With cash dividends
 * `screen` takes their present value off the spot and prices what is left by the fast scheme (another share, off by cents), and the
 * other two are one method, right to 1e-6 of the spot.
 */
export type SchemeName = 'screen' | 'fast' | 'accurate';

export type Priced = { readonly kind: 'priced'; readonly price: number } | Unpriceable;
export type AmericanDerivatives = { readonly kind: 'priced'; readonly derivatives: Derivatives } | Unpriceable;

const priced = (price: number): Priced => ({ kind: 'priced', price });

/** Why an American option cannot be priced; undefined when it can. */
function refusal(input: AmericanInput): Unpriceable | undefined {
  const wrong = fault(input);
  if (wrong !== undefined) return unpriceable(wrong);
  return exerciseRegime(input.right, input.rate, input.dividendYield) === 'between' ? unpriceable('two_boundaries') : undefined;
}

/**
 * The escrowed-dividend approximation: the boundary method on the spot less the dividends' present value, but not less than what
 * exercise at once pays.
 */
function escrowedPrice(input: AmericanInput, paid: number): number {
  const intrinsic = intrinsicValue(input.right, input.spot, input.strike);
  const left = input.spot - paid;
  if (!(left > 0))
    return input.right === 'put' ? Math.max(intrinsic, input.strike * exp(Math.min(0, -input.rate * input.years))) : intrinsic;
  return Math.max(intrinsic, continuousPrice({ ...input, spot: left }, FAST));
}

/**
 * An American option's price, dollars per share: never below exercise at once. Years at 0 or less is expiry, sigma at 0 or less a known
 * path. A dividend larger than the spot takes the whole share.
 */
export function americanPrice(input: AmericanInput, scheme: SchemeName = 'fast'): Priced {
  const refused = refusal(input);
  if (refused !== undefined) return refused;
  const schedule = input.dividends === undefined ? [] : scheduleOf(input);
  if (schedule.length > 0) {
    if (scheme === 'screen') return priced(escrowedPrice(input, presentValue(schedule, input.rate)));
    return priced(cashPrice(input, schedule, 'american'));
  }
  const price = scheme === 'screen' ? screenPrice(input) : continuousPrice(input, scheme === 'fast' ? FAST : ACCURATE);
  // What is never exercised is still worth exercise, whatever the formula's last bit says.
  return priced(Math.max(price, intrinsicValue(input.right, input.spot, input.strike)));
}

/** Price and derivatives in raw units; how exact each is stands with `continuousDerivatives` and `cashDerivatives`. */
export function americanDerivatives(input: AmericanInput): AmericanDerivatives {
  const refused = refusal(input);
  if (refused !== undefined) return refused;
  const schedule = scheduleOf(input);
  const derivatives = schedule.length > 0 ? cashDerivatives(input, schedule, 'american') : continuousDerivatives(input);
  return { kind: 'priced', derivatives };
}

/** The European option, on a share that may pay cash, in the same model as the American: the spot falls at each ex-date. */
export function europeanCashDerivatives(input: AmericanInput): AmericanDerivatives {
  const wrong = fault(input);
  if (wrong !== undefined) return unpriceable(wrong);
  const schedule = scheduleOf(input);
  return { kind: 'priced', derivatives: schedule.length > 0 ? cashDerivatives(input, schedule, 'european') : bsDerivatives(input) };
}

export type ExerciseVerdict =
  /** Exercise at once is best: the option is worth `intrinsic`, dollars per share. */
  { readonly kind: 'exercise'; readonly intrinsic: number } | { readonly kind: 'hold'; readonly intrinsic: number } | Unpriceable;

/** Whether the holder does best to exercise now. At expiry: whether the option is in the money. */
export function exerciseVerdict(input: AmericanInput): ExerciseVerdict {
  const refused = refusal(input);
  if (refused !== undefined) return refused;
  const intrinsic = intrinsicValue(input.right, input.spot, input.strike);
  if (intrinsic === 0) return { kind: 'hold', intrinsic };
  const schedule = scheduleOf(input);
  const best = schedule.length > 0 ? cashExercised(input, schedule) : continuousExercised(input);
  return { kind: best ? 'exercise' : 'hold', intrinsic };
}

export type ExerciseBoundary =
  /** At this spot and beyond it (above for a call, below for a put) exercise at once is best. */
  | { readonly kind: 'boundary'; readonly spot: number }
  /** Before expiry exercise never pays. */
  | { readonly kind: 'never' }
  | Unpriceable;

/** The exercise boundary with the input's years to go, under its continuous yield alone: cash dividends have no part in it. */
export function exerciseBoundary(input: Omit<BsInput, 'spot'>): ExerciseBoundary {
  const contract: BsInput = { ...input, spot: input.strike };
  const refused = refusal(contract);
  if (refused !== undefined) return refused;
  const spot = continuousBoundary(contract);
  return spot === undefined ? { kind: 'never' } : { kind: 'boundary', spot };
}

export type AmericanVolatilityInput = Omit<AmericanInput, 'sigma'> & {
  /** Dollars per share, usually the mid. */
  readonly price: number;
};

/** Why a price has no volatility, in the order they are looked for. */
type UnsolvableReason =
  /** The price is no number. */
  | 'nan'
  /** Any other figure is at fault, as for a price. */
  | 'bad_input'
  | 'two_boundaries'
  | 'negative'
  /** No time is left for a volatility to act in. */
  | 'expired'
  /** Not below the spot (call) or the strike (put), or what they are worth at expiry where a rate is negative. */
  | 'above_max'
  /** 0, or with cash dividends next to it, out of the money. */
  | 'zero'
  /** Below, or not above, what the option is worth without any volatility. */
  | 'below_intrinsic'
  | 'at_intrinsic';

export type AmericanVolatility =
  | { readonly kind: 'solved'; readonly sigma: number }
  | {
      readonly kind: 'unsolvable';
      readonly reason: UnsolvableReason;
      /** The price offended: the greatest for above_max, that without volatility for the last three; else 0. */
      readonly bound: number;
    };

/** A difference of prices below this part of spot and strike is rounding; with cash dividends, beyond what quadrature and grid can tell. */
const ROUNDING = 4 * Number.EPSILON;
const CASH_ROUNDING = 1e-11;

/** Why there is no volatility, before any is looked for; undefined when there may be one. */
function unsolvable(input: AmericanInput, price: number, floor: number, rounding: number): UnsolvableReason | undefined {
  if (price < 0) return 'negative';
  if (!(input.years > 0)) return 'expired';
  if (price >= greatestPrice(input)) return 'above_max';
  const same = Math.abs(price - floor) <= rounding * (input.spot + input.strike);
  if (same && floor > 0) return 'at_intrinsic';
  if (price < floor) return 'below_intrinsic';
  return price === 0 || (same && rounding > ROUNDING) ? 'zero' : undefined;
}

/** The European volatility of the price, which an American one lies a little below, or a rough one. */
function guessSigma(input: AmericanInput, price: number): number {
  const european = impliedVolatility({ ...input, price });
  const sigma = european.kind === 'solved' ? Math.max(LEAST_GUESS, european.sigma) : ROUGH_GUESS;
  return Math.min(sigma, widestSigma(input.years));
}
const LEAST_GUESS = 0.01;
const ROUGH_GUESS = 0.2;

/**
 * The annual volatility at which the American option is worth `price` by the accurate scheme. Where exercise at once is best for all
 * volatilities up to one, they share a price: at_intrinsic. Never throws and never answers NaN.
 */
export function americanImpliedVolatility(asked: AmericanVolatilityInput): AmericanVolatility {
  const { price } = asked;
  const none = (reason: UnsolvableReason, bound = 0): AmericanVolatility => ({ kind: 'unsolvable', reason, bound });
  if (Number.isNaN(price)) return none('nan');
  const input: AmericanInput = { ...asked, sigma: 0 };
  const refused = refusal(input);
  if (refused !== undefined) return none(refused.reason === 'two_boundaries' ? 'two_boundaries' : 'bad_input');
  const schedule = scheduleOf(input);
  const floor = schedule.length > 0 ? certainCashPrice(input, schedule, false) : certainPrice(input);
  const reason = unsolvable(input, price, floor, schedule.length > 0 ? CASH_ROUNDING : ROUNDING);
  if (reason !== undefined)
    return none(reason, reason === 'above_max' ? greatestPrice(input) : reason === 'expired' || reason === 'negative' ? 0 : floor);
  const withSigma = (sigma: number): BsInput => ({ ...input, sigma });
  const pricers =
    schedule.length > 0
      ? {
          quick: (v: number) => roughCashPrice(withSigma(v), schedule),
          exact: (v: number) => cashPrice(withSigma(v), schedule, 'american'),
        }
      : { quick: (v: number) => continuousPrice(withSigma(v), FAST), exact: (v: number) => continuousPrice(withSigma(v), ACCURATE) };
  const guess = guessSigma(input, price);
  const sigma = solveVolatility(pricers, price, floor, input.years, guess);
  if (sigma !== undefined) return { kind: 'solved', sigma };
  // Too near to what the option is worth without volatility for any to tell, or to all there is to get.
  return price < pricers.exact(guess) ? none('at_intrinsic', floor) : none('above_max', greatestPrice(input));
}
