// What each strategy did on each day: the basis of its expectancy, and of how it moves with the others.
import type { Owner } from '../../domain/ids.ts';
import { fraction, type Usd, usd } from '../../domain/money.ts';
import { incomeKinds, type PerformanceJournal } from '../../domain/performance-journal.ts';
import type { TradingDay } from '../../domain/time.ts';
import type { SessionSpan } from './session-spans.ts';
import { NOTHING_HELD, type Standing } from './standings.ts';

/** One owner's day. What is null rests on a price that is not known. */
export interface StrategyDay {
  readonly owner: Owner;
  readonly day: TradingDay;
  readonly sessions: number;
  /** Won or lost by what was closed. */
  readonly realized: Usd;
  readonly unrealizedChange: Usd | null;
  /** Dividends and interest. */
  readonly income: Usd;
  /** Signed: charged is negative. */
  readonly fees: Usd;
  /** All of the above. */
  readonly pnl: Usd | null;
  /** Gross market value, over the reads of the day. */
  readonly exposureAvg: Usd | null;
  readonly exposureMax: Usd | null;
  /** Bought and sold, added up. */
  readonly traded: Usd;
  /** Trades that ended, and those of them that brought something. */
  readonly trades: number;
  readonly wins: number;
  /** The owner's part of equity before the day. */
  readonly capital: Usd;
  readonly returnOnCap: number | null;
}

/** Parts of equity that owners may use, by owner; whoever is not in it may use all of it. */
export type Caps = ReadonlyMap<Owner, number>;

interface Booked {
  readonly seq: number;
  readonly owner: Owner;
}

type Named = Readonly<Record<'realized' | 'income' | 'fees' | 'traded', readonly (Booked & { readonly amount: number })[]>>;

/** Every amount with its owner. A closing is its lot's owner's. */
function named(journal: PerformanceJournal): Named {
  const owners = new Map(journal.openings.map(({ id, owner }) => [id, owner]));
  return {
    realized: journal.closings.flatMap(({ seq, lot, realized }) => {
      const owner = owners.get(lot);
      return owner === undefined ? [] : [{ seq, owner, amount: realized }];
    }),
    income: journal.rows.filter((r) => incomeKinds.has(r.kind)).map(({ seq, owner, cash }) => ({ seq, owner, amount: cash })),
    fees: journal.rows.filter((r) => r.kind === 'fee').map(({ seq, owner, cash }) => ({ seq, owner, amount: cash })),
    traded: journal.traded.map(({ seq, owner, value }) => ({ seq, owner, amount: value })),
  };
}

/** Rows of a span, from a list in the order of its turns. */
export const within = <T extends { readonly seq: number }>(rows: readonly T[], { from, to }: SessionSpan): readonly T[] =>
  rows.filter(({ seq }) => seq > from.read.seq && seq <= to.read.seq);

const total = (rows: readonly (Booked & { readonly amount: number })[], owner: Owner): Usd =>
  usd(rows.reduce((sum, row) => (row.owner === owner ? sum + row.amount : sum), 0));

/** Mean and largest of what was held over some reads; null where one of them lacks a price, or there is none. */
export function exposureOver(reads: readonly Standing[], of: (standing: Standing) => Usd | null): { avg: Usd | null; max: Usd | null } {
  const values = reads.map(of);
  const known = values.filter((v) => v !== null);
  if (known.length === 0 || known.length < values.length) return { avg: null, max: null };
  return { avg: usd(Math.round(known.reduce((a, b) => a + b, 0) / known.length)), max: usd(Math.max(...known)) };
}

const change = (before: Usd | null, after: Usd | null): Usd | null => (before === null || after === null ? null : usd(after - before));

function ownerDay(span: SessionSpan, owner: Owner, rows: Named, ended: PerformanceJournal['ended'], cap: number): StrategyDay {
  const at = (standing: Standing) => standing.held.get(owner) ?? NOTHING_HELD;
  const unrealizedChange = change(at(span.from).unrealized, at(span.to).unrealized);
  const [realized, income, fees] = [total(rows.realized, owner), total(rows.income, owner), total(rows.fees, owner)];
  const pnl = unrealizedChange === null ? null : usd(realized + unrealizedChange + income + fees);
  const exposure = exposureOver(span.during, (standing) => at(standing).gross);
  const mine = ended.filter((trade) => trade.owner === owner);
  const capital = fraction(span.from.read.equity, cap);
  return {
    owner,
    day: span.day,
    sessions: span.sessions,
    realized,
    unrealizedChange,
    income,
    fees,
    pnl,
    exposureAvg: exposure.avg,
    exposureMax: exposure.max,
    traded: total(rows.traded, owner),
    trades: mine.length,
    wins: mine.filter(({ result }) => result > 0).length,
    capital,
    returnOnCap: pnl === null || !(capital > 0) ? null : pnl / capital,
  };
}

/** Every owner that ever held, closed or was charged something, by name. */
const ownersOf = ({ openings, rows }: PerformanceJournal): readonly Owner[] =>
  [...new Set([...openings, ...rows.filter((r) => incomeKinds.has(r.kind) || r.kind === 'fee')].map(({ owner }) => owner))].sort();

/**
 * A row for each owner and span: an owner's idle days are there, with nothing in them. Returns are of the owner's cap before the day,
 * net of flows by construction: a deposit is nobody's profit.
 */
export function strategyDaily(journal: PerformanceJournal, spans: readonly SessionSpan[], caps: Caps = new Map()): readonly StrategyDay[] {
  const rows = named(journal);
  const owners = ownersOf(journal);
  return spans.flatMap((span) => {
    const own: Named = {
      realized: within(rows.realized, span),
      income: within(rows.income, span),
      fees: within(rows.fees, span),
      traded: within(rows.traded, span),
    };
    const ended = within(journal.ended, span);
    return owners.map((owner) => ownerDay(span, owner, own, ended, caps.get(owner) ?? 1));
  });
}
