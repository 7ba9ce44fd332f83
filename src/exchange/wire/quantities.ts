// Quantities as they are read, and what one unit of them cost: whole units, or fractions of a share to nine decimals.
import { averagePrice, quotient } from './encode.ts';

const NANO = 1_000_000_000;

/** Dollars per share of `cash` micros over `qty` units of `multiplier` shares; `qty` is not 0. */
export function averageOf(cash: number, qty: number, multiplier: 1 | 100): string {
  if (Number.isInteger(qty)) return averagePrice(cash, qty * multiplier);
  return quotient(cash * 1_000, Math.round(qty * NANO) * multiplier, 12);
}

/** Decimal text or a JSON number to a quantity; undefined for what is no plain decimal or has more than nine decimals that matter. */
export function quantityOf(value: unknown): number | undefined {
  if (typeof value !== 'string' && typeof value !== 'number') return undefined;
  const match = /^\+?(\d{1,12})(?:\.(\d*))?$/.exec(String(value).trim());
  if (match === null) return undefined;
  const frac = (match[2] ?? '').replace(/0+$/, '');
  return frac.length > 9 ? undefined : Number(`${match[1] ?? ''}.${frac}`);
}
