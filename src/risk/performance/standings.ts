// What each owner held at every read of the account: the ledger's lots up to its turn, at the broker's prices of that read.
import type { Owner } from '../../domain/ids.ts';
import { type Usd, usd } from '../../domain/money.ts';
import type { AccountRead, LotOpening, PerformanceJournal } from '../../domain/performance-journal.ts';

/** What one owner held at a read; null while a price of it is not known. */
export interface Holding {
  /** Market value with every sign dropped: long and short count alike. */
  readonly gross: Usd | null;
  /** Market value and the cash of what is held, together. */
  readonly unrealized: Usd | null;
}

export interface Standing {
  readonly read: AccountRead;
  /** Who holds nothing is not in it. */
  readonly held: ReadonlyMap<Owner, Holding>;
}

export const NOTHING_HELD: Holding = { gross: usd(0), unrealized: usd(0) };

interface OpenLot extends LotOpening {
  readonly qtyLeft: number;
  readonly cashLeft: number;
}

const plusKnown = (a: Usd | null, b: number | null): Usd | null => (a === null || b === null ? null : usd(a + b));

function holdingsAt(read: AccountRead, lots: Iterable<OpenLot>): ReadonlyMap<Owner, Holding> {
  const net = new Map<string, { readonly lot: OpenLot; qty: number; cash: number }>();
  for (const lot of lots) {
    const key = `${lot.owner}|${lot.symbol}`;
    const one = net.get(key) ?? { lot, qty: 0, cash: 0 };
    one.qty += lot.qtyLeft;
    one.cash += lot.cashLeft;
    net.set(key, one);
  }
  const held = new Map<Owner, Holding>();
  for (const { lot, qty, cash } of net.values()) {
    const mark = read.marks.get(lot.symbol);
    const value = mark === undefined ? null : qty * lot.multiplier * mark;
    const { gross, unrealized } = held.get(lot.owner) ?? NOTHING_HELD;
    held.set(lot.owner, {
      gross: plusKnown(gross, value === null ? null : Math.abs(value)),
      unrealized: plusKnown(unrealized, value === null ? null : value + cash),
    });
  }
  return held;
}

/** One pass over the journal: a standing for each read, in their order. */
export function standingsOf({ reads, openings, closings }: PerformanceJournal): readonly Standing[] {
  const open = new Map<string, OpenLot>();
  let [opened, closed] = [0, 0];
  return reads.map((read) => {
    for (let o = openings[opened]; o !== undefined && o.seq <= read.seq; o = openings[++opened])
      open.set(o.id, { ...o, qtyLeft: o.qty, cashLeft: o.cash });
    for (let c = closings[closed]; c !== undefined && c.seq <= read.seq; c = closings[++closed]) {
      const lot = open.get(c.lot);
      if (lot === undefined) continue;
      const left = { ...lot, qtyLeft: lot.qtyLeft - c.qty, cashLeft: lot.cashLeft - (c.realized - c.cash) };
      if (left.qtyLeft === 0) open.delete(c.lot);
      else open.set(c.lot, left);
    }
    return { read, held: holdingsAt(read, open.values()) };
  });
}

/** What all owners together held at a read. */
export const heldByAll = ({ held }: Standing): Holding =>
  [...held.values()].reduce<Holding>(
    (all, one) => ({ gross: plusKnown(all.gross, one.gross), unrealized: plusKnown(all.unrealized, one.unrealized) }),
    NOTHING_HELD,
  );
