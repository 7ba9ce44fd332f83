// The price grids of shares and listed options, and how a limit is put on them.

import type { Symbol } from '../domain/ids.ts';
import type { Instrument } from '../domain/instrument.ts';
import type { Side } from '../domain/legs.ts';
import { dollars, type Price, price, toTick } from '../domain/money.ts';

const HUNDREDTH_CENT = price(100);
const CENT = price(10_000);
const NICKEL = price(50_000);
const DIME = price(100_000);
const ONE = price(1_000_000);
const THREE = price(3_000_000);

/** Underlyings whose options trade in cents at every price. */
const centThroughout: ReadonlySet<string> = new Set(['SPY', 'QQQ', 'IWM']);

/** The grid of share prices: a cent, from 1 dollar up; a hundredth of a cent below (Regulation NMS, rule 612). */
export const equityTick = (at: Price): Price => (at < ONE ? HUNDREDTH_CENT : CENT);

/**
 * The grid of an option's price. Penny program: a cent below 3.00, else five; other classes five cents below 3.00, else ten; the net
 * price of two or more legs always a cent. A class of which the source says nothing (`pennyProgram` null) has the wider grid,
 * whose points lie on both.
 * @param at the price asked about; a net price may be negative
 */
export function optionTick(underlying: Symbol, at: Price, pennyProgram: boolean | null, legs = 1): Price {
  if (legs > 1 || centThroughout.has(underlying)) return CENT;
  if (pennyProgram === true) return at < THREE ? CENT : NICKEL;
  return at < THREE ? NICKEL : DIME;
}

/** The grid of one instrument's price. */
export const instrumentTick = (instrument: Instrument, pennyProgram: boolean | null, at: Price): Price =>
  instrument.kind === 'equity' ? equityTick(at) : optionTick(instrument.underlying, at, pennyProgram);

/** What a limit is put on: a class of options, or a package of several legs. */
export interface Grid {
  readonly pennyProgram: boolean | null;
  readonly underlying: Symbol;
  readonly legs?: number;
}

/** A limit on the grid, rounded to our side: buys down, sells up. `amount` in dollars, as paid or received, not negative. */
export function roundTick(amount: number, side: Side, grid: Grid): Price {
  const near = toTick(amount, price(1), 'nearest');
  return toTick(amount, optionTick(grid.underlying, near, grid.pennyProgram, grid.legs), side === 'buy' ? 'down' : 'up');
}

/** A package's net price (positive pays, negative collects) on the cent, rounded to our side: pay less, collect more. */
export const roundNet = (net: number): Price => toTick(net, CENT, 'down');

/** A price moved to the grid in a direction. */
export const onTick = (at: Price, tick: Price, rounding: 'down' | 'up' | 'nearest'): Price => toTick(dollars(at), tick, rounding);
