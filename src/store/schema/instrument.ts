// Instruments by the broker's own id, as they were first seen, and every symbol they have borne since.
import { index, integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core';
import type { Symbol } from '../../domain/ids.ts';
import type { Instrument, Right } from '../../domain/instrument.ts';
import type { Price } from '../../domain/money.ts';
import type { TradingDay } from '../../domain/time.ts';
import { day, holds, integers, oneOf } from '../columns.ts';
import { ofTurn } from './run.ts';

export const instruments = sqliteTable(
  'instruments',
  {
    /** The broker's id of the asset. */
    asset: text('asset').primaryKey(),
    kind: text('kind').$type<Instrument['kind']>().notNull(),
    underlying: text('underlying').$type<Symbol>().notNull(),
    multiplier: integer('multiplier').$type<Instrument['multiplier']>().notNull(),
    /** Options only. */
    right: text('option_right').$type<Right>(),
    strike: integer('strike').$type<Price>(),
    expiry: text('expiry').$type<TradingDay>(),
    seq: ofTurn(),
  },
  () => [
    oneOf('instruments', 'kind', ['equity', 'option']),
    oneOf('instruments', 'option_right', ['call', 'put']),
    holds('instruments_option', `(kind = 'option') = (option_right IS NOT NULL AND strike > 0 AND expiry IS NOT NULL)`),
    integers('instruments', ['multiplier'], ['strike']),
  ],
);

/** A symbol holds from its row's day to the day of the next row of its asset: two never overlap. */
export const instrumentSymbols = sqliteTable(
  'instrument_symbols',
  {
    asset: text('asset')
      .notNull()
      .references(() => instruments.asset),
    symbol: text('symbol').$type<Symbol>().notNull(),
    validFrom: day('valid_from'),
    seq: ofTurn(),
  },
  (t) => [primaryKey({ columns: [t.asset, t.seq] }), index('instrument_symbols_by_symbol').on(t.symbol)],
);
