// Holdings at the broker's prices, and what the ledger says happened to the account between two of the broker's reads.
import type { Owner, Symbol } from '../../domain/ids.ts';
import { type Price, type Usd, usd } from '../../domain/money.ts';
import type { EpochMs } from '../../domain/time.ts';
import { bookedBetween, type HeldLots, lotsAfter, realizedBetween } from '../../store/daily-books.ts';
import type { BrokerRead } from '../../store/daily-broker.ts';
import type { Reader } from '../../store/reader.ts';

export interface MarkedHolding {
  readonly owner: Owner;
  readonly symbol: Symbol;
  readonly trade: string | null;
  readonly qty: number;
  /** Signed cash of what is held: paid is negative. */
  readonly cash: Usd;
  /** The broker's price at its read, dollars a share in micros; null where it stated none. */
  readonly mark: Price | null;
  /** What it would bring at that price, and its cash, together; null without the price. */
  readonly unrealized: Usd | null;
}

export const sumOf = (amounts: readonly number[]): Usd => usd(amounts.reduce((total, amount) => total + amount, 0));

/** Null as soon as one of them is not known. */
export const sumKnown = (amounts: readonly (number | null)[]): Usd | null => {
  const known = amounts.filter((amount) => amount !== null);
  return known.length === amounts.length ? sumOf(known) : null;
};

/** Holdings at the prices of a read. */
export function markedAt(read: BrokerRead | null, held: readonly HeldLots[]): readonly MarkedHolding[] {
  const marks = new Map((read?.snapshot.positions ?? []).map(({ symbol, mark }) => [symbol, mark]));
  return held.map(({ owner, trade, instrument, qty, cash }) => {
    const mark = marks.get(instrument.symbol) ?? null;
    const unrealized = mark === null ? null : usd(cash + qty * instrument.multiplier * mark);
    return { owner, symbol: instrument.symbol, trade, qty, cash, mark, unrealized };
  });
}

/** The account at a read: what the broker stated, and what its cash and its own prices make of the ledger's holdings. */
export interface Worth {
  readonly at: EpochMs;
  readonly equity: Usd;
  /** Null while a holding has no price. */
  readonly reckoned: Usd | null;
}

export interface EquityWalk {
  readonly from: Worth;
  readonly to: Worth;
  /** Deposits, withdrawals, and whatever else moved cash without being earned or lost. */
  readonly transfers: Usd;
  readonly realized: Usd;
  /** Null while a price at either end is not known. */
  readonly unrealizedChange: Usd | null;
  /** Dividends and interest less fees. */
  readonly income: Usd;
}

interface Standing extends Worth {
  readonly unrealized: Usd | null;
}

function standingAt(reader: Reader, read: BrokerRead): Standing {
  const { account, takenAt } = read.snapshot;
  const held = markedAt(read, lotsAfter(reader, read.seq));
  const unrealized = sumKnown(held.map((h) => h.unrealized));
  // Unrealized less the cash of the holdings is what they would bring.
  const reckoned = unrealized === null ? null : usd(account.cash + unrealized - sumOf(held.map((h) => h.cash)));
  return { at: takenAt.exchange, equity: account.equity, reckoned, unrealized };
}

const worthOf = ({ at, equity, reckoned }: Standing): Worth => ({ at, equity, reckoned });

/** From one read to a later one; null where there are not two. */
export function equityWalk(reader: Reader, from: BrokerRead | null, to: BrokerRead | null): EquityWalk | null {
  if (from === null || to === null || to.seq <= from.seq) return null;
  const [before, after] = [standingAt(reader, from), standingAt(reader, to)];
  return {
    from: worthOf(before),
    to: worthOf(after),
    transfers: bookedBetween(reader, from.seq, to.seq, ['transfer', 'opening', 'adjust', 'external']),
    realized: realizedBetween(reader, from.seq, to.seq),
    unrealizedChange: before.unrealized === null || after.unrealized === null ? null : usd(after.unrealized - before.unrealized),
    income: bookedBetween(reader, from.seq, to.seq, ['dividend', 'interest', 'fee']),
  };
}
