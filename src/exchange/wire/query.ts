// Reads request parameters in all the forms that clients send them: comma lists and repeated keys, plain dates and instants.
import type { TradingDay } from '../../domain/time.ts';
import type { Calendar } from '../../market/calendar.ts';
import { microsOf } from './encode.ts';
import { badRequest } from './message.ts';

export interface Query {
  /** undefined when absent or empty. */
  text(name: string): string | undefined;
  /** Comma-separated and repeated values together; undefined when there is none. */
  list(name: string): readonly string[] | undefined;
  int(name: string, standard: number, least: number, most: number): number;
  flag(name: string): boolean;
  oneOf<T extends string>(name: string, allowed: readonly T[], standard: T): T;
  /** One of the values allowed; undefined when absent. */
  choice<T extends string>(name: string, allowed: readonly T[]): T | undefined;
  micros(name: string): number | undefined;
  /** The date as written, whatever time of day stands behind it. */
  day(name: string): TradingDay | undefined;
  /** A plain date means New York's midnight at its start, or its last millisecond. */
  instant(name: string, edge: 'start' | 'end'): number | undefined;
}

const dateOnly = /^\d{4}-\d{2}-\d{2}$/;
const rfc3339 = /^(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2}(?::\d{2})?)(?:\.(\d+))?(Z|[+ -]\d{2}:?\d{2})?$/i;

const invalid = (name: string, value: string): Error => badRequest(422, 40010001, `invalid ${name}: ${value}`);

function isRealDate(text: string): boolean {
  const ms = Date.parse(`${text}T00:00:00Z`);
  return !Number.isNaN(ms) && new Date(ms).toISOString().slice(0, 10) === text;
}

/** New York's clock is known from 1988 to 2098: a client that asks from the year 1 on, or for ever, means all there is. */
const FIRST_INSTANT = Date.UTC(1988, 0, 1);
const LAST_INSTANT = Date.UTC(2098, 11, 31);

/**
 * RFC 3339 or a plain date to UTC milliseconds, instants outside of 1988 to 2098 brought to its nearer end; finer fractions are cut
 * off; undefined when it is neither.
 */
export function parseInstant(value: string, calendar: Calendar, edge: 'start' | 'end'): number | undefined {
  const rough = Date.parse(value.slice(0, 10));
  if (isRealDate(value.slice(0, 10)) && (rough < FIRST_INSTANT || rough > LAST_INSTANT)) {
    const isForm = dateOnly.test(value) || rfc3339.test(value);
    return isForm ? Math.min(LAST_INSTANT, Math.max(FIRST_INSTANT, rough)) : undefined;
  }
  if (dateOnly.test(value)) {
    if (!isRealDate(value)) return undefined;
    const day = value as TradingDay;
    return edge === 'start' ? calendar.instant(day, 0, 0) : calendar.instant(day, 23, 59, 59) + 999;
  }
  const match = rfc3339.exec(value);
  if (match === null) return undefined;
  const [, date = '', time = '', fraction = '', zone = 'Z'] = match;
  if (!isRealDate(date)) return undefined;
  // A plus sign that was not percent-encoded arrives as a space.
  const seconds = time.length === 5 ? `${time}:00` : time;
  const ms = Date.parse(`${date}T${seconds}.${fraction.padEnd(3, '0').slice(0, 3)}${zone.replace(' ', '+').toUpperCase()}`);
  return Number.isNaN(ms) ? undefined : ms;
}

/** Readers over one request's parameters; each throws the refusal that a malformed value deserves. */
export function queryOf(params: URLSearchParams, calendar: Calendar): Query {
  const text = (name: string): string | undefined => {
    const value = params.get(name)?.trim();
    return value === undefined || value === '' ? undefined : value;
  };
  const list = (name: string): readonly string[] | undefined => {
    const values = params
      .getAll(name)
      .flatMap((value) => value.split(','))
      .map((value) => value.trim())
      .filter((value) => value !== '');
    return values.length === 0 ? undefined : [...new Set(values)];
  };
  const choice = <T extends string>(name: string, allowed: readonly T[]): T | undefined => {
    const value = text(name);
    const found = allowed.find((one) => one === value);
    if (value !== undefined && found === undefined) throw invalid(name, value);
    return found;
  };
  return {
    text,
    list,
    choice,
    int(name, standard, least, most) {
      const value = text(name);
      if (value === undefined) return standard;
      const n = Number(value);
      if (!Number.isInteger(n) || n < least || n > most) {
        throw badRequest(422, 40010001, `invalid ${name}: ${value}; it must be an integer from ${String(least)} to ${String(most)}`);
      }
      return n;
    },
    flag: (name) => text(name)?.toLowerCase() === 'true' || text(name) === '1',
    oneOf: (name, allowed, standard) => choice(name, allowed) ?? standard,
    micros(name) {
      const value = text(name);
      if (value === undefined) return undefined;
      const micros = microsOf(value);
      if (micros === undefined) throw invalid(name, value);
      return micros;
    },
    day(name) {
      const value = text(name);
      if (value === undefined) return undefined;
      if (!(dateOnly.test(value) || rfc3339.test(value)) || !isRealDate(value.slice(0, 10))) throw invalid(name, value);
      return value.slice(0, 10) as TradingDay;
    },
    instant(name, edge) {
      const value = text(name);
      if (value === undefined) return undefined;
      const ms = parseInstant(value, calendar, edge);
      if (ms === undefined) throw invalid(name, value);
      return ms;
    },
  };
}
