// Where the quadrature's nodes lie before an ex-date, and how many panels that takes.
import type { BsInput } from '../../black-scholes.ts';
import { exp, log } from '../../elementary.ts';
import type { CashDividend } from '../contract.ts';
import { spotBefore } from './path.ts';

/** Panel width in standard deviations of the step: ten points then integrate the density to about 1e-13. */
const PANEL_WIDTH = 2;
/** The density beyond this many deviations is left out: 1e-15 of the value. */
export const REACH = 8;
/** No bend is resolved closer than this part of the widest panel. */
const LEAST_BEND = 1e-6;
/** A share worth less than this part of today's spot, carried to its date, counts as lost. */
const WORTHLESS = 1e-13;
/** The reference spot after an ex-date is at least this part of what it was before. */
const LEAST_LEFT = 1e-3;

/** What nodes before an ex-date must cover, in logs over the reference spot. */
export interface Extent {
  readonly reference: number;
  /** The spot after the ex-date before (or now) whose forward the reference is. */
  readonly base: number;
  readonly low: number;
  readonly high: number;
  /** The widest panel. */
  readonly widest: number;
  /** Below this the dividend takes the whole share, or there is next to none. */
  readonly ruin: number;
}

/** A point where the value bends within about `width`. */
export interface Bend {
  readonly at: number;
  readonly width: number;
}

/** The reference path's spot right after the ex-date number `count`: the known path, kept above nothing. */
function baseAfter(input: BsInput, schedule: readonly CashDividend[], count: number): number {
  const drift = input.rate - input.dividendYield;
  let spot = input.spot;
  let from = 0;
  for (let i = 0; i < count; i++) {
    const { years, amount } = schedule[i] as CashDividend;
    const before = spot * exp(drift * (years - from));
    spot = Math.max(before - amount, LEAST_LEFT * before);
    from = years;
  }
  return spot;
}

/** What nodes before the ex-date at `index` must cover. */
export function extentOf(input: BsInput, schedule: readonly CashDividend[], index: number, exercisable: boolean): Extent {
  const { years, amount } = schedule[index] as CashDividend;
  const before = index === 0 ? 0 : (schedule[index - 1] as CashDividend).years;
  const { rate, dividendYield, sigma } = input;
  const base = baseAfter(input, schedule, index);
  const reference = base * exp((rate - dividendYield) * (years - before));
  const total = sigma * Math.sqrt(years);
  // The whole deviation at once, before any dividend is paid of it, takes the spot farthest.
  const lowest = spotBefore(input, schedule, index, -(REACH + 1 + total / 2) * total);
  const highest = spotBefore(input, schedule, index, (REACH + 1 + total / 2) * total);
  const worthless = WORTHLESS * input.spot * exp(rate * years - Math.max(0, -dividendYield) * (input.years - years));
  const ruin = Math.max(amount, worthless);
  const low = log(Math.max(lowest, exercisable ? worthless : ruin) / reference);
  const high = Math.max(low, log(highest / reference));
  return { reference, base, low, high, widest: PANEL_WIDTH * sigma * Math.sqrt(years - before), ruin: log(ruin / reference) };
}

/** Panel ends from `low` to `high`, no panel wider than `widest`, and about a bend growing from its width by doubling. */
export function panelEnds(low: number, high: number, widest: number, bends: readonly Bend[]): readonly number[] {
  const panels = Math.max(1, Math.ceil((high - low) / widest));
  const ends = Array.from({ length: panels + 1 }, (_, i) => low + ((high - low) * i) / panels);
  for (const { at, width } of bends) {
    ends.push(at);
    for (let away = 2 * Math.max(width, LEAST_BEND * widest); away < 2 * widest; away *= 2) ends.push(at - away, at + away);
  }
  return ends.filter((end) => end >= low && end <= high).sort((a, b) => a - b);
}

/** How many panels the ex-date at `index` takes, about. */
function panelCount(input: BsInput, schedule: readonly CashDividend[], index: number, exercisable: boolean): number {
  const { low, high, widest } = extentOf(input, schedule, index, exercisable);
  const rest = (schedule[index + 1]?.years ?? input.years) - (schedule[index] as CashDividend).years;
  const doublings = log(widest / Math.max(input.sigma * Math.sqrt(rest), LEAST_BEND * widest)) / Math.LN2;
  return 1 + (high - low) / widest + (exercisable ? 6 : 2) * Math.max(1, doublings);
}

/** Whether the quadrature takes at most so many panels: not with very many ex-dates, or where next to nothing is left of a share. */
export function fitsPanels(input: BsInput, schedule: readonly CashDividend[], exercisable: boolean, most: number): boolean {
  let panels = 0;
  for (let index = 0; index < schedule.length && panels <= most; index++) panels += panelCount(input, schedule, index, exercisable);
  return panels <= most;
}
