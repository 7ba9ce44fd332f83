// Money and quantities: branded integers of 1e-6 USD, and the only arithmetic on them.
import { assert } from '../base/assert.ts';
import type { Brand } from '../base/brand.ts';

/** Cash, P&L or notional in micros (1e-6 USD); signed from our side: received is positive. */
export type Usd = Brand<number, 'Usd'>;
/** Micros per share, or per share an option delivers; a net price may be negative (a credit). */
export type Price = Brand<number, 'Price'>;
/** Whole shares or contracts, at least 1. */
export type Qty = Brand<number, 'Qty'>;
/** A signed position in whole shares or contracts. */
export type NetQty = Brand<number, 'NetQty'>;

type Unit = Usd | Price | Qty | NetQty;
export type Multiplier = 1 | 100;

export const MICROS = 1_000_000;

const whole = (n: number): number => {
  assert(Number.isSafeInteger(n), `not a safe integer: ${String(n)}`);
  return n === 0 ? 0 : n; // no negative zero: it would survive into JSON as 0 and compare unequal under Object.is
};

export const usd = (micros: number): Usd => whole(micros) as Usd;
export const price = (micros: number): Price => whole(micros) as Price;
export const netQty = (count: number): NetQty => whole(count) as NetQty;
export const qty = (count: number): Qty => {
  assert(count >= 1, `not a quantity: ${String(count)}`);
  return whole(count) as Qty;
};

export const plus = <U extends Unit>(a: U, b: NoInfer<U>): U => whole(a + b) as U;
export const minus = <U extends Unit>(a: U, b: NoInfer<U>): U => whole(a - b) as U;
export const negate = <U extends Usd | Price | NetQty>(a: U): U => whole(-a) as U;
export const sum = <U extends Unit>(values: Iterable<U>): U => {
  let total = 0;
  for (const value of values) total += value;
  return whole(total) as U;
};

/** Price times quantity times multiplier: the only bridge from a price to cash. */
export const notional = (at: Price, count: number, multiplier: Multiplier): Usd => usd(at * count * multiplier);

/** A share of an amount, `part` in 0..1 or beyond, rounded towards zero. */
export const fraction = (amount: Usd, part: number): Usd => usd(Math.trunc(amount * part));

export type Rounding = 'down' | 'up' | 'nearest';

/**
 * A model's dollars to a price on a grid: the only way back from floats.
 * @param dollars finite; AssertionError otherwise
 * @param tick grid in micros, e.g. 10_000 for a cent
 */
export function toTick(dollars: number, tick: Price, rounding: Rounding): Price {
  assert(Number.isFinite(dollars), `not a finite price: ${String(dollars)}`);
  assert(tick > 0, 'a tick is positive');
  const steps = (dollars * MICROS) / tick;
  const near = Math.round(steps);
  // A float that is a grid point but for its last bits is that grid point, whichever way we round.
  const on = Math.abs(steps - near) < 1e-6;
  const n = on || rounding === 'nearest' ? near : rounding === 'down' ? Math.floor(steps) : Math.ceil(steps);
  return price(n * tick);
}

/** Micros as a float of dollars, for models and display only. */
export const dollars = (amount: Usd | Price): number => amount / MICROS;

const decimal = /^(-?)(\d{1,10})(?:\.(\d*))?$/;

/** Exact decimal text to micros; undefined for what micros cannot hold (more than six decimals that matter) or is no number. */
export function parseMicros(text: string): number | undefined {
  const match = decimal.exec(text);
  if (match === null) return undefined;
  const digits = (match[3] ?? '').replace(/0+$/, '');
  if (digits.length > 6) return undefined;
  const micros = Number(match[2]) * MICROS + Number(digits.padEnd(6, '0'));
  if (!Number.isSafeInteger(micros)) return undefined;
  return match[1] === '-' && micros !== 0 ? -micros : micros;
}

/** Exact decimal text to a price; undefined when it is not one. */
export const parsePrice = (text: string): Price | undefined => parseMicros(text) as Price | undefined;
/** Exact decimal text to an amount of dollars; undefined when it is not one. */
export const parseUsd = (text: string): Usd | undefined => parseMicros(text) as Usd | undefined;

/** Decimal text of micros, at least two decimals and no float on the way: `1234500000` reads `1234.50`. */
export function formatMicros(micros: number): string {
  whole(micros);
  const abs = Math.abs(micros);
  const frac = String(abs % MICROS)
    .padStart(6, '0')
    .replace(/0{1,4}$/, '');
  return `${micros < 0 ? '-' : ''}${Math.floor(abs / MICROS)}.${frac}`;
}
