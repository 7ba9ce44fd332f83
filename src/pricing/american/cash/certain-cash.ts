// An option on a share that pays cash, without uncertainty: the share follows one known path.

import { type BsInput, phi } from '../../black-scholes.ts';
import { exp, log } from '../../elementary.ts';
import type { CashDividend } from '../contract.ts';

/** Where the exercise value turns on a stretch that starts at the spot `from`, in years after its start; NaN where it does not. */
const turningPoint = (input: BsInput, from: number): number =>
  log((input.rate * input.strike) / (input.dividendYield * from)) / (input.rate - input.dividendYield);

/** Today's value of the best moment to exercise on the known path, at least 0; with `european`, of exercising at expiry. */
export function certainCashPrice(input: BsInput, schedule: readonly CashDividend[], european: boolean): number {
  const side = phi(input.right);
  const worth = (at: number, spot: number): number => side * exp(-input.rate * at) * (spot - input.strike);
  const grow = (spot: number, years: number): number => spot * exp((input.rate - input.dividendYield) * years);
  let best = european ? 0 : worth(0, input.spot);
  let start = 0;
  let spot = input.spot;
  for (const { years, amount } of [...schedule, { years: input.years, amount: 0 }]) {
    const turn = turningPoint(input, spot);
    if (turn > 0 && turn < years - start && !european) best = Math.max(best, worth(start + turn, grow(spot, turn)));
    const before = grow(spot, years - start);
    spot = Math.max(0, before - amount);
    start = years;
    if (!european) best = Math.max(best, worth(years, before), worth(years, spot));
  }
  return Math.max(0, best, worth(start, spot));
}
