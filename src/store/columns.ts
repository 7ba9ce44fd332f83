// The column kinds and constraints every table is built from.
//
// Money and prices are integer micros (1e-6 USD), quantities whole shares or contracts, instants UTC milliseconds of exchange time; columns
// named `wall` hold this machine's clock. Property names follow the domain's types, so that a row spreads into one.
import { sql } from 'drizzle-orm';
import { type CheckBuilder, check, customType, integer, text } from 'drizzle-orm/sqlite-core';
import type { Owner, StrategyId } from '../domain/ids.ts';
import type { Usd } from '../domain/money.ts';
import type { EpochMs, TradingDay } from '../domain/time.ts';

export const strategy = () => text('strategy').$type<StrategyId>().notNull();
export const owner = () => text('owner').$type<Owner>().notNull();
/** A New York session date. */
export const day = (name = 'day') => text(name).$type<TradingDay>().notNull();
/** An instant of exchange time. */
export const at = (name = 'at') => integer(name).$type<EpochMs>().notNull();
/** Integer micros. */
export const usd = (name: string) => integer(name).$type<Usd>().notNull();

/** A JSON text column that always holds a value; JSON's own null is the text `null`. */
export const json = <T>(name: string) =>
  customType<{ data: T; driverData: string }>({
    dataType: () => 'text',
    toDriver: (value) => JSON.stringify(value),
    fromDriver: (text) => JSON.parse(text) as T,
  })(name);

/** A JSON text column that may hold nothing: null is SQL NULL. */
export const optionalJson = <T>(name: string) =>
  customType<{ data: T; driverData: string | null }>({
    dataType: () => 'text',
    toDriver: (value) => (value === null ? null : JSON.stringify(value)),
    fromDriver: (text) => JSON.parse(text ?? 'null') as T,
  })(name);

/** Every named column holds an integer: a fraction, a NaN or a text never enters the ledger. `optional` ones may be NULL. */
export const integers = (table: string, names: readonly string[], optional: readonly string[] = []): CheckBuilder =>
  check(
    `${table}_integers`,
    sql.raw([...names.map((n) => `typeof(${n}) = 'integer'`), ...optional.map((n) => `typeof(${n}) IN ('integer', 'null')`)].join(' AND ')),
  );

/** The column holds one of a closed set of words; NULL passes where the column allows it. */
export const oneOf = (table: string, column: string, words: readonly string[]): CheckBuilder =>
  check(`${table}_${column}`, sql.raw(`${column} IN (${words.map((w) => `'${w}'`).join(', ')})`));

/** A condition over the row's own columns. */
export const holds = (name: string, condition: string): CheckBuilder => check(name, sql.raw(condition));
