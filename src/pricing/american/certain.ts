// An American option without uncertainty: the share follows its forward, and the holder picks the best moment.

import { type BsInput, type Derivatives, phi } from '../black-scholes.ts';
import { exp, log } from '../elementary.ts';

interface BestMoment {
  /** Years from now. */
  readonly years: number;
  /** Today's value of exercising then. */
  readonly value: number;
}

/** Today's value of exercising after `years`, negative out of the money. */
const valueAfter = (input: BsInput, years: number): number =>
  phi(input.right) * (input.spot * exp(-input.dividendYield * years) - input.strike * exp(-input.rate * years));

/** The best of now, expiry and the one turning point between, where the yield on the share equals the rate on the strike. */
function bestMoment(input: BsInput): BestMoment {
  const years = Math.max(0, input.years);
  const gap = input.rate - input.dividendYield;
  const turn = log((input.rate * input.strike) / (input.dividendYield * input.spot)) / gap;
  const times = turn > 0 && turn < years ? [0, turn, years] : [0, years];
  const moments = times.map((at) => ({ years: at, value: valueAfter(input, at) }));
  return moments.reduce((best, moment) => (moment.value > best.value ? moment : best));
}

/** The price where sigma or years is 0 or less. */
export const certainPrice = (input: BsInput): number => Math.max(0, bestMoment(input).value);

/** The derivatives there: those of the discounted payoff at the best moment, which the moment's own move does not change at first. */
export function certainDerivatives(input: BsInput): Derivatives {
  const best = bestMoment(input);
  const side = best.value > 0 ? phi(input.right) : 0;
  const share = side * exp(-input.dividendYield * best.years);
  const bond = side * input.strike * exp(-input.rate * best.years);
  const waits = best.years > 0 && best.years >= input.years;
  return {
    price: Math.max(0, best.value),
    delta: share,
    gamma: 0,
    vega: 0,
    theta: waits ? input.dividendYield * input.spot * share - input.rate * bond : 0,
    rho: best.years * bond,
    phi: 0 - best.years * input.spot * share,
    vanna: 0,
    volga: 0,
    charm: waits ? input.dividendYield * share : 0,
  };
}
