// What moved units, read from the tables that are never changed: fills and ledger rows, in the order in which they were booked.
import { asc, eq, sql } from 'drizzle-orm';
import { type ConversionPart, conversionOf } from '../domain/conversion-key.ts';
import type { Symbol } from '../domain/ids.ts';
import { instrumentOf } from '../domain/instrument.ts';
import { deliveringOption } from '../domain/life-key.ts';
import { closingCode, fillKey } from '../domain/lot.ts';
import type { Order } from '../domain/order.ts';
import type { Decided } from '../domain/trade.ts';
import type { UnitMovement } from './laws.ts';
import { decidedFor } from './load.ts';
import type { Reader } from './reader.ts';
import { orderOf } from './rows.ts';
import { ledger } from './schema/holding.ts';
import { fills, orders } from './schema/order.ts';

/** A movement, the turn that booked it, and what is needed to find its trade. */
export type Booked = UnitMovement & {
  readonly seq: number;
  /** The option that delivered these shares. */
  readonly option: Symbol | undefined;
  readonly conversion: ConversionPart | undefined;
  /** Of a fill: its order, and what was said when it was decided. */
  readonly order: Order | undefined;
  readonly decided: Decided | undefined;
};

function boughtAndSold(reader: Reader): readonly Booked[] {
  const decided = decidedFor(reader.db);
  return reader.db
    .select({ fill: fills, order: orders })
    .from(fills)
    .innerJoin(orders, eq(orders.id, fills.order))
    .orderBy(asc(fills.seq), sql`fills.rowid`)
    .all()
    .map(({ fill, order }): Booked => {
      const said = decided.get(fill.order);
      const opens = (order.purpose === 'O' || order.purpose === 'R') && said !== undefined && said.maxLoss !== null;
      const { owner, qty, cash, day, at, seq } = fill;
      const what = { owner, instrument: instrumentOf(fill.symbol), qty, cash, day, at, by: fillKey(fill), kind: 'fill' as const };
      const trade = opens ? order.ladder : null;
      const found = { option: undefined, conversion: undefined, order: orderOf(order), decided: said };
      return { ...what, seq, code: said?.code ?? null, trade, ...found };
    });
}

const booked = ({ db }: Reader): readonly Booked[] =>
  db
    .select()
    .from(ledger)
    .orderBy(asc(ledger.seq), sql`rowid`)
    .all()
    .flatMap(({ key, kind, owner, symbol, qty, cash, day, at, seq }): readonly Booked[] => {
      const conversion = conversionOf(key);
      if (symbol === null || (qty === 0 && conversion === undefined)) return [];
      const instrument = instrumentOf(symbol);
      const what = { owner, instrument, qty, cash, day, at, by: key, kind, code: closingCode(kind, instrument, qty), trade: null };
      return [{ ...what, seq, option: deliveringOption(key), conversion, order: undefined, decided: undefined }];
    });

/** All of them: by turn, and within a turn the fills in front. */
export const bookedMovements = (reader: Reader): readonly Booked[] =>
  [...boughtAndSold(reader), ...booked(reader)].sort((a, b) => a.seq - b.seq);
