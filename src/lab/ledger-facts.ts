// What the ledger's file says, read through a connection of its own: committed rows alone, never the daemon's memory.
import type { OrderState, Purpose } from '../domain/order.ts';
import { openReader, type Reader } from '../store/reader.ts';

export interface LedgerOrder {
  readonly id: string;
  readonly strategy: string;
  readonly purpose: Purpose;
  readonly underlying: string;
  readonly state: OrderState;
  readonly brokerId: string | null;
  readonly qty: number;
  readonly limit: number | null;
  readonly stop: number | null;
  readonly attempts: number;
  readonly reserve: number;
  readonly cumQty: number;
  readonly cumCash: number;
  /** Symbols of its legs, in order. */
  readonly symbols: readonly string[];
}

export interface LedgerFill {
  readonly order: string;
  readonly legNo: number;
  readonly cumQty: number;
  readonly symbol: string;
  readonly qty: number;
  readonly cash: number;
}

/** Units by owner and symbol, as positions have them and as lots do; what is zero is left out. */
export interface Holdings {
  readonly positions: ReadonlyMap<string, number>;
  readonly lots: ReadonlyMap<string, number>;
}

export interface LedgerFacts {
  readonly orders: readonly LedgerOrder[];
  readonly fills: readonly LedgerFill[];
  /** Net quantity by symbol, all owners together; names held at zero are left out. */
  readonly positions: ReadonlyMap<string, number>;
  readonly holdings: Holdings;
  /** Micros; null before the opening row. */
  readonly cash: number | null;
  /** Rows that book what nothing explains. */
  readonly adjustments: readonly { readonly key: string; readonly why: string }[];
  /** Every halt there ever was that neither a person asked for nor a loss limit, lifted ones included. */
  readonly halts: readonly { readonly scope: string; readonly reason: string }[];
  /** How often each kind of note was made. */
  readonly notes: ReadonlyMap<string, number>;
}

/** What stood on disk about an order at the instant its bytes left. */
export interface Clearance {
  readonly order: LedgerOrder;
  /** The turn that holds the cleared verdict it came from; null when there is none. */
  readonly verdictSeq: number | null;
  /** The turn that put this attempt on record; null when there is none. */
  readonly attemptSeq: number | null;
  /** Halts in force that cover it, and a switch that is off. */
  readonly halts: readonly string[];
  /** Those of them that keep exits back, too. */
  readonly freezes: readonly string[];
}

export interface LedgerReader {
  holdings(): Holdings;
  clearance(id: string): Clearance | undefined;
  facts(): LedgerFacts;
  close(): void;
}

interface OrderRow extends Omit<LedgerOrder, 'symbols'> {
  readonly legs: string;
}

const ORDER = `SELECT id, strategy, purpose, underlying, state, broker_id AS brokerId, qty, limit_price AS "limit", stop_price AS stop, attempts, reserve,
  cum_qty AS cumQty, cum_cash AS cumCash, legs FROM orders`;
const HALTS = `SELECT reason, level FROM (SELECT id, reason, level FROM halts WHERE lifted_seq IS NULL
  AND (scope = 'account' OR (scope = 'strategy' AND name = $strategy) OR (scope = 'symbol' AND name = $underlying))
  UNION ALL SELECT 0, 'switched off: ' || reason, 'halt' FROM switches WHERE is_on = 0 AND strategy = $strategy) ORDER BY id`;
const VERDICT = `SELECT max(d.first_seq) AS seq FROM decision_orders o JOIN decisions d ON d.id = o.decision_id WHERE o.order_id = ? AND d.verdict = 'cleared'`;
const CASH = `SELECT CASE WHEN (SELECT count(*) FROM ledger WHERE kind = 'opening') = 0 THEN NULL
  ELSE (SELECT coalesce(sum(cash), 0) FROM fills) + (SELECT coalesce(sum(cash), 0) FROM ledger) END AS cash`;

function orderOf({ legs, ...row }: OrderRow): LedgerOrder {
  const parsed = JSON.parse(legs) as readonly { readonly instrument: { readonly symbol: string } }[];
  return { ...row, symbols: parsed.map((leg) => leg.instrument.symbol) };
}

/** Reads what is held twice over, of one snapshot. */
function holdingsReader(client: Reader['client']): () => Holdings {
  const sums = (table: string, qty: string) =>
    client.prepare<[], { name: string; qty: number }>(
      `SELECT owner || ' ' || symbol AS name, sum(${qty}) AS qty FROM ${table} WHERE ${qty} <> 0 GROUP BY owner, symbol ORDER BY name`,
    );
  const [positions, lots] = [sums('positions', 'qty'), sums('lots', 'qty_left')];
  const mapOf = (rows: readonly { name: string; qty: number }[]): ReadonlyMap<string, number> => new Map(rows.map((r) => [r.name, r.qty]));
  const read = client.transaction(() => ({ positions: mapOf(positions.all()), lots: mapOf(lots.all()) }));
  return () => read.deferred();
}

function factsOf(client: Reader['client'], holdings: Holdings): LedgerFacts {
  const positions = client
    .prepare<[], { symbol: string; qty: number }>('SELECT symbol, sum(qty) AS qty FROM positions GROUP BY symbol ORDER BY symbol')
    .all();
  const notes = client
    .prepare<[], { event: string; n: number }>('SELECT event, count(*) AS n FROM notes GROUP BY event ORDER BY event')
    .all();
  return {
    orders: client.prepare<[], OrderRow>(`${ORDER} ORDER BY id`).all().map(orderOf),
    fills: client
      .prepare<[], LedgerFill>(
        'SELECT order_id AS "order", leg_no AS legNo, cum_qty AS cumQty, symbol, qty, cash FROM fills ORDER BY order_id, leg_no, cum_qty',
      )
      .all(),
    positions: new Map(positions.filter((p) => p.qty !== 0).map((p) => [p.symbol, p.qty])),
    holdings,
    cash: client.prepare<[], { cash: number | null }>(CASH).get()?.cash ?? null,
    adjustments: client.prepare<[], { key: string; why: string }>(`SELECT key, why FROM ledger WHERE kind = 'adjust' ORDER BY key`).all(),
    halts: client
      .prepare<[], { scope: string; reason: string }>(
        "SELECT scope || ' ' || name AS scope, reason FROM halts WHERE set_seq NOT IN (SELECT seq FROM audit) AND cause IS NULL ORDER BY id",
      )
      .all(),
    notes: new Map(notes.map((note) => [note.event, note.n])),
  };
}

function clearanceReader(client: Reader['client']): (id: string) => Clearance | undefined {
  const order = client.prepare<[string], OrderRow>(`${ORDER} WHERE id = ?`);
  const verdict = client.prepare<[string], { seq: number | null }>(VERDICT);
  const attempt = client.prepare<[string, number], { seq: number }>('SELECT seq FROM attempts WHERE order_id = ? AND attempt = ?');
  const halts = client.prepare<[{ strategy: string; underlying: string }], { reason: string; level: string }>(HALTS);
  return (id) => {
    const row = order.get(id);
    if (row === undefined) return undefined;
    const standing = halts.all({ strategy: row.strategy, underlying: row.underlying });
    return {
      order: orderOf(row),
      verdictSeq: verdict.get(id)?.seq ?? null,
      attemptSeq: attempt.get(id, row.attempts)?.seq ?? null,
      halts: standing.map((halt) => halt.reason),
      freezes: standing.filter((halt) => halt.level === 'freeze').map((halt) => halt.reason),
    };
  };
}

/** @throws Error when the file is not a ledger that this version reads */
export function readLedger(file: string): LedgerReader {
  const opened = openReader(file);
  if (!opened.ok) throw new Error(opened.fault.message);
  const { client }: Reader = opened.reader;
  const holdings = holdingsReader(client);
  return {
    holdings,
    clearance: clearanceReader(client),
    facts: () => client.transaction(() => factsOf(client, holdings())).deferred(),
    close: () => opened.reader.close(),
  };
}
