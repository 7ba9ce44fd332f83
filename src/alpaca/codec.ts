// Exact conversions between the wire's decimal text, its instants, and our integers. No figure passes through a float.
import { type EpochMs, epochMs } from '../domain/time.ts';

/** An exact decimal: `units / 10^scale`. */
export interface Decimal {
  readonly units: bigint;
  readonly scale: number;
}

const plain = /^(-?)(\d{1,15})(?:\.(\d{1,18}))?$/;

/** Plain decimal text (no exponent, no sign but minus) to an exact decimal; undefined when it is not one. */
export function decimal(text: string): Decimal | undefined {
  const match = plain.exec(text);
  if (match === null) return undefined;
  const fraction = match[3] ?? '';
  const units = BigInt(`${match[2] ?? ''}${fraction}`);
  return { units: match[1] === '-' ? -units : units, scale: fraction.length };
}

export const isZero = (value: Decimal): boolean => value.units === 0n;

/** -1, 0 or 1. */
export const signOf = (value: Decimal): -1 | 0 | 1 => (value.units < 0n ? -1 : value.units > 0n ? 1 : 0);

export const times = (a: Decimal, b: Decimal): Decimal => ({ units: a.units * b.units, scale: a.scale + b.scale });

/** True when two decimals are the same number, whatever their trailing zeros. */
export const sameDecimal = (a: Decimal, b: Decimal): boolean => a.units * 10n ** BigInt(b.scale) === b.units * 10n ** BigInt(a.scale);

/**
 * Micros (1e-6) of a decimal times a whole factor: exact up to six decimals, half away from zero beyond.
 * @returns undefined when the result is not a safe integer
 */
export function decimalMicros(value: Decimal, factor = 1): number | undefined {
  const scaled = value.units * BigInt(factor) * 1_000_000n;
  const divisor = 10n ** BigInt(value.scale);
  const half = scaled < 0n ? -divisor / 2n : divisor / 2n;
  const micros = Number((scaled + half) / divisor);
  if (!Number.isSafeInteger(micros)) return undefined;
  return micros === 0 ? 0 : micros;
}

/** The whole number a decimal is; undefined when it has a fraction or is not a safe integer. */
export function wholeNumber(value: Decimal): number | undefined {
  const divisor = 10n ** BigInt(value.scale);
  if (value.units % divisor !== 0n) return undefined;
  const whole = Number(value.units / divisor);
  return Number.isSafeInteger(whole) ? whole : undefined;
}

/** A decimal as a float: for quantities that may be fractional (holdings that are shown, never traded). */
export const decimalNumber = (value: Decimal): number => Number(value.units) / 10 ** value.scale;

/** Largest price or amount market data may carry: a billion dollars. */
const EXTREME = 1_000_000_000;

/**
 * A JSON number of dollars to micros, through its shortest decimal text; undefined for NaN, infinities, negatives and
 * figures of a billion and more.
 */
export function numberMicros(value: number): number | undefined {
  if (!Number.isFinite(value) || value < 0 || value >= EXTREME) return undefined;
  const text = String(value);
  if (text.includes('e')) return value < 5e-7 ? 0 : 1; // below 1e-6 the text has an exponent: nothing but a rounding is left
  const exact = decimal(text);
  return exact === undefined ? undefined : decimalMicros(exact);
}

const stamp = /^(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2})(?:\.(\d{1,9}))?(Z|[+-]\d{2}:\d{2})$/;

/** An RFC 3339 instant with up to nine fraction digits, cut to the millisecond; undefined when it is not one. */
export function instant(text: string): EpochMs | undefined {
  const match = stamp.exec(text);
  if (match === null) return undefined;
  const ms = Date.parse(`${match[1] ?? ''}.${(match[2] ?? '').padEnd(3, '0').slice(0, 3)}${match[3] ?? ''}`);
  return Number.isNaN(ms) ? undefined : epochMs(ms);
}
