// The chance that a share touches a level before a time, what a bet on it is worth, and the chance that an option multiplies.
import { type BsInput, valueOption } from './black-scholes.ts';
import { exp, log } from './elementary.ts';
import { millsRatio, normalCdf, normalPdf } from './normal.ts';

export interface TouchInput {
  readonly spot: number;
  readonly barrier: number;
  readonly years: number;
  readonly rate: number;
  readonly dividendYield: number;
  /** The implied volatility at the barrier's level. */
  readonly sigma: number;
}

/**
 * exp(c) N(x), where c + ln n(x) = ln n(z) + f: below the mean as factor x n(z) M(-x), M being Mills' ratio, so that a huge exponent
 * and a vanishing tail never meet; above it neither is huge.
 */
function weightedTail(exponent: number, x: number, z: number, factor: number): number {
  if (x > 0) return exp(exponent) * normalCdf(x);
  const density = normalPdf(z);
  return density === 0 ? 0 : factor * density * millsRatio(-x);
}

/** Distance to the level in logarithms, counted towards it, and the drift and deviation of the logarithm on the same side. */
interface Way {
  readonly distance: number;
  readonly drift: number;
  readonly deviation: number;
}

function wayOf(input: TouchInput): Way {
  const signed = log(input.barrier / input.spot);
  const up = signed > 0 ? 1 : -1;
  const drift = up * (input.rate - input.dividendYield - (input.sigma * input.sigma) / 2);
  return { distance: up * signed, drift, deviation: input.sigma * Math.sqrt(input.years) };
}

/** True when the level is reached, or never can be, without a draw of chance. */
function settled(input: TouchInput): number | undefined {
  if (input.barrier === input.spot) return 1;
  if (input.years <= 0 || !(input.barrier > 0) || input.barrier === Infinity) return 0;
  if (input.sigma * Math.sqrt(input.years) > 0) return undefined;
  const gap = log(input.barrier / input.spot);
  const carried = (input.rate - input.dividendYield) * input.years;
  return gap > 0 ? Number(carried >= gap) : Number(carried <= gap);
}

/**
 * Risk-neutral probability that the spot reaches the barrier within `years` under geometric Brownian motion (the
 * reflection principle with drift; I. Karatzas and S. Shreve, "Brownian Motion and Stochastic Calculus", 1991, 3.5.C). 1 when the spot
 * stands on the barrier; without volatility, whether the drift gets there. Spot positive and all finite; NaN in, NaN out.
 */
export function touchProbability(input: TouchInput): number {
  const certain = settled(input);
  if (certain !== undefined) return certain;
  const { distance, drift, deviation } = wayOf(input);
  const drifted = drift * input.years;
  const z = (distance - drifted) / deviation;
  const straight = normalCdf(-z);
  // 2mb/sigma^2 - (b + mT)^2 / 2v^2 = -(b - mT)^2 / 2v^2: the second term is n(z) times a Mills' ratio.
  const exponent = (2 * drift * distance) / (input.sigma * input.sigma);
  const reflected = weightedTail(exponent, -(distance + drifted) / deviation, z, 1);
  return Math.min(1, straight + reflected);
}

export type OneTouch =
  | {
      readonly kind: 'touch';
      readonly probability: number;
      /** Today's value of one dollar paid at expiry if the level was touched. */
      readonly paidAtExpiry: number;
      /** Today's value of one dollar paid when the level is touched. */
      readonly paidAtTouch: number;
    }
  | { readonly kind: 'refused'; readonly reason: TouchFault };

export type TouchFault =
  | 'not_finite'
  | 'spot_not_positive'
  | 'level_not_positive'
  | 'expired'
  | 'negative_volatility'
  /** A rate so far below zero that a dollar paid at the touch has no value in elementary functions. */
  | 'rate_too_negative'
  /** A value that no double holds. */
  | 'out_of_range';

function faultOf(input: TouchInput): TouchFault | undefined {
  if (![input.spot, input.barrier, input.years, input.rate, input.dividendYield, input.sigma].every(Number.isFinite)) return 'not_finite';
  if (input.spot <= 0) return 'spot_not_positive';
  if (input.barrier <= 0) return 'level_not_positive';
  if (input.years < 0) return 'expired';
  return input.sigma < 0 ? 'negative_volatility' : undefined;
}

/** E[exp(-r tau); tau <= T]: a dollar at the moment of the touch (E. Reiner and M. Rubinstein, "Unscrambling the Binary Code", 1991). */
function dollarAtTouch(input: TouchInput): number | undefined {
  const { rate, sigma, years } = input;
  const certain = settled(input);
  if (certain === 1 && input.barrier !== input.spot) return exp((-rate * log(input.barrier / input.spot)) / (rate - input.dividendYield));
  if (certain !== undefined) return certain;
  const { distance, drift, deviation } = wayOf(input);
  const square = drift * drift + 2 * rate * sigma * sigma;
  if (square < 0) return undefined;
  const lambda = Math.sqrt(square);
  // (m - lambda) b / sigma^2, without cancellation where the drift leads to the level.
  const exponent = drift > 0 ? (-2 * rate * distance) / (drift + lambda) : ((drift - lambda) * distance) / (sigma * sigma);
  const z = (distance - drift * years) / deviation;
  const discount = exp(-rate * years);
  const near = weightedTail(exponent, (lambda * years - distance) / deviation, z, discount);
  const far = (distance + lambda * years) / deviation;
  const density = normalPdf(z);
  return near + (density === 0 ? 0 : discount * density * millsRatio(far));
}

/** Probability of a touch within `years`, and today's value of a dollar paid on it at expiry or at the touch. Typed refusal of bad input. */
export function oneTouch(input: TouchInput): OneTouch {
  const reason = faultOf(input);
  if (reason !== undefined) return { kind: 'refused', reason };
  const probability = touchProbability(input);
  const paidAtTouch = dollarAtTouch(input);
  if (paidAtTouch === undefined) return { kind: 'refused', reason: 'rate_too_negative' };
  const paidAtExpiry = exp(-input.rate * input.years) * probability;
  if (![probability, paidAtExpiry, paidAtTouch].every(Number.isFinite)) return { kind: 'refused', reason: 'out_of_range' };
  return { kind: 'touch', probability, paidAtExpiry, paidAtTouch };
}

export type ReachOdds =
  | {
      readonly kind: 'odds';
      /** Share price at which the option is worth the multiple at the horizon; Infinity or 0 when none is high or low enough. */
      readonly level: number;
      readonly probability: number;
    }
  | { readonly kind: 'refused'; readonly reason: 'bad_input' }
  /** No fair price allows these odds: probability times multiple exceeds what the entry earns at the rate by the horizon. */
  | { readonly kind: 'refused'; readonly reason: 'odds_inconsistent'; readonly probability: number; readonly bound: number };

export interface Reach {
  /** What was paid, dollars a share. */
  readonly entry: number;
  /** How many times the entry the option is to be worth, at least 1. */
  readonly multiple: number;
  /** Years in which it may get there; at most the option's own are used. */
  readonly horizon: number;
}

const STEPS_MAX = 200;
/** Share of the bound by which rounding may exceed it. */
const BOUND_SLACK = 1e-12;

/**
 * The spot at which the option has the value `target`; price rises (calls) or falls (puts) with it strictly, so Newton needs a bracket only.
 * Undefined where an option has no value to search by.
 */
export function spotWorth(option: BsInput, target: number): number | undefined {
  const isCall = option.right === 'call';
  if (option.years <= 0) return isCall ? option.strike + target : Math.max(0, option.strike - target);
  const most = option.strike * exp(-option.rate * option.years);
  if (!isCall && target >= most) return 0;
  let lo = 0;
  let hi = Infinity;
  let spot = isCall ? option.strike + target : Math.max(option.strike - target, option.strike / 2);
  for (let i = 0; i < STEPS_MAX; i++) {
    const value = valueOption({ ...option, spot });
    if (value.kind !== 'valued') return undefined;
    const { price, delta } = value.derivatives;
    if (price === target) return spot;
    if (price < target === isCall) lo = spot;
    else hi = spot;
    let next = spot + (target - price) / delta;
    if (!(next > lo && next < hi)) next = hi === Infinity ? 2 * lo : lo + (hi - lo) / 2;
    if (next === spot || Math.abs(next - spot) <= 2 * Number.EPSILON * spot) return next;
    spot = next;
  }
  return spot;
}

/**
 * Risk-neutral probability that an option is worth `multiple` times its entry within the horizon: that the share touches, within it, the
 * price at which the option is worth so much at its end. Bounded by e^(r h) / multiple where the entry was a fair price: odds
 * beyond that are refused, because they say that the price, the volatility or the clock is wrong.
 * @param option its `sigma` serves both the level and the touch
 */
export function reachOdds(option: BsInput, reach: Reach): ReachOdds {
  const horizon = Math.min(reach.horizon, option.years);
  const numbers = [option.spot, option.strike, option.years, option.rate, option.dividendYield, option.sigma, reach.entry, reach.multiple];
  const positive = option.spot > 0 && option.strike > 0 && option.sigma > 0 && reach.entry > 0 && reach.multiple >= 1 && horizon >= 0;
  if (!positive || !numbers.every(Number.isFinite)) return { kind: 'refused', reason: 'bad_input' };
  const level = spotWorth({ ...option, years: option.years - horizon }, reach.multiple * reach.entry);
  if (level === undefined) return { kind: 'refused', reason: 'bad_input' };
  const there = option.right === 'call' ? option.spot >= level : option.spot <= level;
  const { spot, rate, dividendYield, sigma } = option;
  const probability = there ? 1 : touchProbability({ spot, barrier: level, years: horizon, rate, dividendYield, sigma });
  const bound = exp(rate * horizon) / reach.multiple;
  if (probability > bound * (1 + BOUND_SLACK)) return { kind: 'refused', reason: 'odds_inconsistent', probability, bound };
  return { kind: 'odds', level, probability };
}
