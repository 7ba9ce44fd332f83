// What a tax report is made of: every lot and closure there ever was, and cash that was paid in place of a fraction of a share.
import { and, asc, eq, ne, sql } from 'drizzle-orm';
import type { Closure, Lot } from '../domain/lot.ts';
import type { LedgerRow } from '../domain/position.ts';
import type { Reader } from './reader.ts';
import { closureOf, ledgerOf, lotOf } from './rows.ts';
import { ledger } from './schema/holding.ts';
import { closures, lots } from './schema/lot.ts';

export interface TaxBook {
  readonly lots: readonly Lot[];
  readonly closures: readonly Closure[];
  /** Splits that paid cash for what made no whole share. */
  readonly inLieu: readonly LedgerRow[];
}

/** All of it, in the order in which it was booked. */
export const readTaxBook = ({ db }: Reader): TaxBook => ({
  lots: db.select().from(lots).orderBy(asc(lots.openedSeq), sql`rowid`).all().map(lotOf),
  closures: db.select().from(closures).orderBy(asc(closures.seq), sql`rowid`).all().map(closureOf),
  inLieu: db
    .select()
    .from(ledger)
    .where(and(eq(ledger.kind, 'split'), ne(ledger.cash, sql`0`)))
    .orderBy(asc(ledger.seq), sql`rowid`)
    .all()
    .map(ledgerOf),
});
