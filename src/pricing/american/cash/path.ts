// The known path: where the share goes without uncertainty, dividends taken off, and how far off it chance may take it.
import type { BsInput } from '../../black-scholes.ts';
import { exp, log } from '../../elementary.ts';
import type { CashDividend } from '../contract.ts';

/** The spot right after the ex-date number `count` (of 1, 2, ...) on the known path, if it is multiplied by e^shock now; at least 0. */
export function spotAfter(input: BsInput, schedule: readonly CashDividend[], count: number, shock: number): number {
  const drift = input.rate - input.dividendYield;
  let spot = input.spot * exp(shock);
  let from = 0;
  for (let i = 0; i < count; i++) {
    const { years, amount } = schedule[i] as CashDividend;
    spot = Math.max(0, spot * exp(drift * (years - from)) - amount);
    from = years;
  }
  return spot;
}

/** The same right before the ex-date at `index`. */
export function spotBefore(input: BsInput, schedule: readonly CashDividend[], index: number, shock: number): number {
  const from = index === 0 ? 0 : (schedule[index - 1] as CashDividend).years;
  const { years } = schedule[index] as CashDividend;
  return spotAfter(input, schedule, index, shock) * exp((input.rate - input.dividendYield) * (years - from));
}

/** The farthest that the known path goes from today's spot, as a logarithm; infinite where a dividend takes the whole share. */
export function pathReach(input: BsInput, schedule: readonly CashDividend[]): number {
  const drift = input.rate - input.dividendYield;
  let spot = input.spot;
  let from = 0;
  let reach = 0;
  for (const { years, amount } of [...schedule, { years: input.years, amount: 0 }]) {
    const before = spot * exp(drift * (years - from));
    spot = Math.max(0, before - amount);
    from = years;
    reach = Math.max(reach, Math.abs(log(before / input.spot)), Math.abs(log(spot / input.spot)));
    if (!(spot > 0)) return Number.POSITIVE_INFINITY;
  }
  return reach;
}
