// The ledger's figures reckoned a second time from the rows of the file, in another way: profit is cash and the change of market value,
// holdings are sums of executions and bookings (no lot is looked at), and figures are those of the spreadsheet.
import Database from 'better-sqlite3';
import { returnsOf } from '../unit/risk/performance/spreadsheet.ts';

interface Read {
  readonly seq: number;
  readonly day: string;
  readonly at: number;
  readonly equity: number;
  readonly marks: ReadonlyMap<string, number>;
}

interface Movement {
  readonly seq: number;
  readonly owner: string;
  readonly symbol: string | null;
  readonly qty: number;
  readonly cash: number;
  readonly kind: string;
}

export interface SheetDay {
  readonly day: string;
  readonly equity: number;
  readonly flow: number;
  /** By owner, dollars. */
  readonly pnl: ReadonlyMap<string, number>;
  readonly exposure: ReadonlyMap<string, { readonly avg: number; readonly max: number }>;
  readonly traded: ReadonlyMap<string, number>;
}

export interface LedgerSheet {
  readonly start: number;
  readonly days: readonly SheetDay[];
  readonly returns: readonly number[];
  readonly owners: readonly string[];
  /** Dollars by owner, of trades that ended. */
  readonly results: ReadonlyMap<string, readonly number[]>;
}

/** Cash that was neither earned nor lost. */
const FLOWS = ['transfer', 'opening', 'adjust', 'external'];

const factor = (symbol: string): number => (symbol.length > 6 ? 100 : 1);

function rowsOf(db: Database.Database): { readonly reads: readonly Read[]; readonly moves: readonly Movement[] } {
  const reads = db
    .prepare<[], { seq: number; day: string; at: number; event: string }>(
      `SELECT seq, day, at, event FROM turns WHERE kind = 'snapshot' ORDER BY seq`,
    )
    .all()
    .map(({ event, ...row }) => {
      const { account, positions } = (
        JSON.parse(event) as { snapshot: { account: { equity: number }; positions: { symbol: string; mark: number | null }[] } }
      ).snapshot;
      const marks = new Map(positions.flatMap((p) => (p.mark === null ? [] : [[p.symbol, p.mark / 1e6] as const])));
      return { ...row, equity: account.equity / 1e6, marks };
    });
  const moves = db
    .prepare<[], Movement>(
      `SELECT seq, owner, symbol, qty, cash / 1e6 AS cash, 'fill' AS kind FROM fills
       UNION ALL SELECT seq, owner, symbol, qty, cash / 1e6, kind FROM ledger`,
    )
    .all();
  return { reads, moves };
}

/** Market value of what an owner held after a turn, at a read's prices: with its signs, and without. */
function valueOf(moves: readonly Movement[], owner: string, read: Read): { readonly net: number; readonly gross: number } {
  const held = new Map<string, number>();
  for (const m of moves)
    if (m.owner === owner && m.symbol !== null && m.seq <= read.seq) held.set(m.symbol, (held.get(m.symbol) ?? 0) + m.qty);
  let [net, gross] = [0, 0];
  for (const [symbol, qty] of held) {
    if (qty === 0) continue;
    const value = qty * factor(symbol) * (read.marks.get(symbol) ?? Number.NaN);
    net += value;
    gross += Math.abs(value);
  }
  return { net, gross };
}

/** @param sessions days that end in a mark; @param open whether an instant lies in regular hours */
export function ledgerSheet(file: string, sessions: readonly string[], open: (at: number) => boolean): LedgerSheet {
  const db = new Database(file, { readonly: true });
  const { reads, moves } = rowsOf(db);
  const results = new Map<string, number[]>();
  for (const { owner, result } of db
    .prepare<[], { owner: string; result: number }>(
      `SELECT t.owner, (SELECT sum(l.cash) FROM lots l WHERE l.trade_id = t.id) / 1e6
                       + (SELECT sum(c.cash) FROM closures c JOIN lots l ON l.id = c.lot_id WHERE l.trade_id = t.id) / 1e6 AS result
       FROM trades t WHERE t.closed_at IS NOT NULL`,
    )
    .all())
    results.set(owner, [...(results.get(owner) ?? []), result]);
  db.close();
  const owners = [...new Set(moves.filter((m) => !FLOWS.includes(m.kind)).map((m) => m.owner))].sort();
  const [first] = reads;
  if (first === undefined) throw new Error('nobody read the account');
  const last = [...new Map(reads.flatMap((read) => (sessions.includes(read.day) ? [[read.day, read] as const] : []))).values()];
  const looked = [...new Map(reads.map((read) => [`${read.day} ${Math.floor(read.at / 900_000)}`, read])).values()];
  let before = first;
  const days = last.map((read): SheetDay => {
    const booked = moves.filter((m) => m.seq > before.seq && m.seq <= read.seq);
    const during = [first, ...looked.filter((r) => r !== first)].filter((r) => r.day === read.day && open(r.at));
    const per = <T>(of: (owner: string) => T): ReadonlyMap<string, T> => new Map(owners.map((owner) => [owner, of(owner)]));
    const from = before;
    before = read;
    return {
      day: read.day,
      equity: read.equity,
      flow: booked.filter((m) => FLOWS.includes(m.kind)).reduce((sum, m) => sum + m.cash, 0),
      pnl: per(
        (owner) =>
          booked.filter((m) => m.owner === owner && !FLOWS.includes(m.kind)).reduce((sum, m) => sum + m.cash, 0) +
          valueOf(moves, owner, read).net -
          valueOf(moves, owner, from).net,
      ),
      exposure: per((owner) => {
        const gross = during.map((r) => valueOf(moves, owner, r).gross);
        return { avg: gross.reduce((a, b) => a + b, 0) / gross.length, max: Math.max(...gross) };
      }),
      traded: per((owner) => booked.filter((m) => m.owner === owner && m.kind === 'fill').reduce((sum, m) => sum + Math.abs(m.cash), 0)),
    };
  });
  const values = [first.equity, ...days.map((d) => d.equity)];
  return { start: first.equity, days, returns: returnsOf(values, [0, ...days.map((d) => d.flow)]), owners, results };
}
