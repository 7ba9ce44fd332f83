// How the exchange writes values: decimal text, JSON numbers, instants and identifiers.
import { createHash } from 'node:crypto';
import { type EpochMs, HOUR } from '../../domain/time.ts';
import { newYorkOffset } from '../../market/new-york.ts';

const MICROS = 1_000_000;

function digits(micros: number, least: number): string {
  const abs = Math.abs(micros);
  const frac = String(abs % MICROS).padStart(6, '0');
  let end = 6;
  while (end > least && frac.charAt(end - 1) === '0') end--;
  const whole = String(Math.floor(abs / MICROS));
  return `${micros < 0 ? '-' : ''}${whole}${end === 0 ? '' : `.${frac.slice(0, end)}`}`;
}

/** Micros as the shortest exact decimal text: 240000000 reads `240`, -850000 reads `-0.85`. */
export const decimal = (micros: number): string => digits(micros, 0);
/** Micros as decimal text with at least two decimals, as account figures are written. */
export const money = (micros: number): string => digits(micros, 2);
/** Micros as the JSON number that market data carries. */
export const real = (micros: number): number => micros / MICROS;
/** As `decimal`, or an explicit null. */
export const decimalOrNull = (micros: number | null): string | null => (micros === null ? null : decimal(micros));

/**
 * `numerator / denominator` as decimal text, rounded half away from zero, without trailing zeros or an exponent.
 * Both are integers of any common unit; the denominator is not 0. `places` is 1..18.
 */
export function quotient(numerator: number, denominator: number, places: number): string {
  const scale = 10n ** BigInt(places);
  const top = BigInt(Math.round(numerator)) * scale;
  const bottom = BigInt(Math.round(denominator));
  const negative = top < 0n !== bottom < 0n && top !== 0n;
  const n = top < 0n ? -top : top;
  const d = bottom < 0n ? -bottom : bottom;
  const rounded = (2n * n + d) / (2n * d);
  const frac = String(rounded % scale)
    .padStart(places, '0')
    .replace(/0+$/, '');
  return `${negative && rounded !== 0n ? '-' : ''}${String(rounded / scale)}${frac === '' ? '' : `.${frac}`}`;
}

/** Average price in dollars of `cash` micros over `count` shares. */
export const averagePrice = (cash: number, count: number): string => quotient(cash, count * MICROS, 12);

/** A quantity as decimal text: whole, or a fraction of a share to nine decimals; never with an exponent. */
export const quantity = (qty: number): string => (Number.isSafeInteger(qty) ? String(qty) : quotient(qty * 1e9, 1e9, 9));

/** RFC 3339 in UTC with a `Z`; milliseconds only when there are any. */
export const instant = (ms: number): string => new Date(ms).toISOString().replace('.000Z', 'Z');
export const instantOrNull = (ms: number | null): string | null => (ms === null ? null : instant(ms));

/** RFC 3339 with New York's offset, as `/v2/clock` writes it. */
export function newYorkText(at: number): string {
  const offset = newYorkOffset(at as EpochMs);
  const wall = new Date(at + offset)
    .toISOString()
    .slice(0, -1)
    .replace(/\.000$/, '');
  return `${wall}-0${String(-offset / HOUR)}:00`;
}

/** A valid version 4 UUID that is a pure function of `name`. */
export function uuidOf(name: string): string {
  const hex = createHash('sha256').update(name).digest('hex');
  const variant = '89ab'.charAt(parseInt(hex.charAt(16), 16) & 3);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

const CROCKFORD = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** A ULID: 48 bits of time, then 80 bits that are a pure function of `name`. */
export function ulidOf(ms: number, name: string): string {
  let time = '';
  for (let left = ms, i = 0; i < 10; i++, left = Math.floor(left / 32)) time = CROCKFORD.charAt(left % 32) + time;
  const bytes = createHash('sha256').update(name).digest();
  let tail = '';
  for (let i = 0; i < 16; i++) tail += CROCKFORD.charAt((bytes[i] ?? 0) & 31);
  return time + tail;
}

/** Decimal text or a JSON number to micros; undefined for what is no plain decimal or has more than six decimals that matter. */
export function microsOf(value: unknown): number | undefined {
  if (typeof value !== 'string' && typeof value !== 'number') return undefined;
  const match = /^([+-]?)(\d{1,12})(?:\.(\d*))?$/.exec(String(value).trim());
  if (match === null) return undefined;
  const frac = (match[3] ?? '').replace(/0+$/, '');
  if (frac.length > 6) return undefined;
  const micros = Number(match[2]) * MICROS + Number(frac.padEnd(6, '0'));
  if (!Number.isSafeInteger(micros)) return undefined;
  return match[1] === '-' && micros !== 0 ? -micros : micros;
}
