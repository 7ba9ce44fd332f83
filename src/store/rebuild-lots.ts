// Lots and closures once more, from what is never changed: fills, ledger rows, and the holdings that are older than the record of lots.
import { asc, eq, gt, sql } from 'drizzle-orm';
import type { Owner } from '../domain/ids.ts';
import { type Instrument, instrumentOf } from '../domain/instrument.ts';
import { deliveringOption } from '../domain/life-key.ts';
import { type Closure, closingCode, fillKey, type Lot, type LotCause } from '../domain/lot.ts';
import type { Usd } from '../domain/money.ts';
import type { ReasonCode } from '../domain/reasons.ts';
import type { EpochMs, TradingDay } from '../domain/time.ts';
import { decidedFor } from './load.ts';
import type { Reader } from './reader.ts';
import { lotOf } from './rows.ts';
import { ledger, watermarks } from './schema/holding.ts';
import { lots } from './schema/lot.ts';
import { fills, orders } from './schema/order.ts';

/** A fill or a ledger row that moves units. */
export interface Movement {
  readonly owner: Owner;
  readonly instrument: Instrument;
  readonly qty: number;
  readonly cash: Usd;
  readonly day: TradingDay;
  readonly by: string;
  readonly kind: LotCause;
  readonly at: EpochMs;
  readonly code: ReasonCode | null;
  readonly trade: string | null;
}

/** Lots after a movement: `applyToLots` of execution/lots.ts, handed in since it stands in another layer. */
export type ApplyLots = (
  before: readonly Lot[],
  movement: Movement,
) => { readonly open: readonly Lot[]; readonly taken: readonly Lot[]; readonly closures: readonly Closure[]; readonly opened: Lot | null };

export interface RebuiltLots {
  /** All there ever were, by id. */
  readonly lots: ReadonlyMap<string, Lot>;
  readonly closures: readonly Closure[];
}

/** A movement whose trade is still to be found where an option delivered shares. */
type Found = Movement & { readonly seq: number; readonly option: ReturnType<typeof deliveringOption> };

/** The turn before which no lots were kept; 0 when they always were. */
function firstSeq({ db }: Reader): number {
  const row = db.select({ value: watermarks.value }).from(watermarks).where(eq(watermarks.name, 'lots')).get();
  return row === undefined ? 0 : Number(row.value);
}

function boughtAndSold(reader: Reader, after: number): readonly Found[] {
  const decided = decidedFor(reader.db);
  return reader.db
    .select({ fill: fills, purpose: orders.purpose, ladder: orders.ladder })
    .from(fills)
    .innerJoin(orders, eq(orders.id, fills.order))
    .where(gt(fills.seq, after))
    .orderBy(asc(fills.seq), sql`fills.rowid`)
    .all()
    .map(({ fill, purpose, ladder }): Found => {
      const said = decided.get(fill.order);
      const opens = (purpose === 'O' || purpose === 'R') && said !== undefined && said.maxLoss !== null;
      const { owner, qty, cash, day, at, seq } = fill;
      const instrument = instrumentOf(fill.symbol);
      const trade = opens ? ladder : null;
      return {
        owner,
        instrument,
        qty,
        cash,
        day,
        at,
        seq,
        by: fillKey(fill),
        kind: 'fill',
        code: said?.code ?? null,
        trade,
        option: undefined,
      };
    });
}

const booked = ({ db }: Reader, after: number): readonly Found[] =>
  db
    .select()
    .from(ledger)
    .where(gt(ledger.seq, after))
    .orderBy(asc(ledger.seq), sql`rowid`)
    .all()
    .flatMap(({ key, kind, owner, symbol, qty, cash, day, at, seq }): readonly Found[] => {
      if (symbol === null || qty === 0) return [];
      const instrument = instrumentOf(symbol);
      const code = closingCode(kind, instrument, qty);
      return [{ owner, instrument, qty, cash, day, at, seq, by: key, kind, code, trade: null, option: deliveringOption(key) }];
    });

/** Every lot and closure that the journal amounts to. Within a turn fills were booked before ledger rows. */
export function rebuildLots(reader: Reader, apply: ApplyLots): RebuiltLots {
  const after = firstSeq(reader);
  const all = new Map<string, Lot>();
  const open = new Map<string, readonly Lot[]>();
  const closures: Closure[] = [];
  const keyOf = (owner: Owner, symbol: string): string => `${owner}\0${symbol}`;
  for (const row of reader.db.select().from(lots).where(eq(lots.origin, 'held')).orderBy(sql`rowid`).all()) {
    const lot: Lot = { ...lotOf(row), qtyLeft: row.qty, cashLeft: row.cash };
    all.set(lot.id, lot);
    open.set(keyOf(lot.owner, row.symbol), [lot]);
  }
  const movements = [...boughtAndSold(reader, after), ...booked(reader, after)].sort((a, b) => a.seq - b.seq);
  for (const { seq: _seq, option, ...movement } of movements) {
    const key = keyOf(movement.owner, movement.instrument.symbol);
    const trade = option === undefined ? movement.trade : (open.get(keyOf(movement.owner, option))?.[0]?.trade ?? null);
    const step = apply(open.get(key) ?? [], { ...movement, trade });
    open.set(key, step.open);
    for (const lot of step.taken) all.set(lot.id, lot);
    if (step.opened !== null) all.set(step.opened.id, step.opened);
    closures.push(...step.closures);
  }
  return { lots: all, closures };
}
