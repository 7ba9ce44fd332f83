// How one strategy stands in the ledger: what it holds, what it said and did today, and what its closed trades brought.
import { and, count, desc, eq, isNotNull, isNull, sql } from 'drizzle-orm';
import type { StrategyId, Symbol } from '../domain/ids.ts';
import type { Usd } from '../domain/money.ts';
import type { ReasonCode } from '../domain/reasons.ts';
import type { EpochMs } from '../domain/time.ts';
import type { Reader } from './reader.ts';
import { decisions } from './schema/decision.ts';
import { trades } from './schema/lot.ts';
import { orders } from './schema/order.ts';
import { turns } from './schema/run.ts';

export interface Standing {
  readonly openTrades: number;
  readonly closedTrades: number;
  /** Won or lost by all closed trades, fees that name no trade left out. */
  readonly realized: Usd;
  /** Both on the day of the last turn; a verdict said again counts again. */
  readonly decisionsToday: number;
  readonly ordersToday: number;
  readonly last: { readonly subject: Symbol; readonly kind: string; readonly code: ReasonCode; readonly at: EpochMs } | null;
}

/** A strategy's standing; zeros for one that the ledger does not know. */
export function readStanding({ db }: Reader, strategy: StrategyId): Standing {
  const day = db.select({ day: turns.day }).from(turns).orderBy(desc(turns.seq)).limit(1).get()?.day;
  const owned = eq(trades.owner, strategy);
  const closed = db
    .select({ n: count(), realized: sql<Usd>`coalesce(sum(${trades.realized}), 0)` })
    .from(trades)
    .where(and(owned, isNotNull(trades.closedDay)))
    .get();
  const open = db
    .select({ n: count() })
    .from(trades)
    .where(and(owned, isNull(trades.closedDay)))
    .get();
  const said =
    day === undefined
      ? undefined
      : db
          .select({ n: sql<number>`coalesce(sum(${decisions.count}), 0)` })
          .from(decisions)
          .where(and(eq(decisions.strategy, strategy), eq(decisions.day, day)))
          .get();
  const ordered =
    day === undefined
      ? undefined
      : db
          .select({ n: count() })
          .from(orders)
          .where(and(eq(orders.strategy, strategy), eq(orders.day, day)))
          .get();
  const last = db
    .select({ subject: decisions.subject, kind: decisions.kind, code: decisions.code, at: decisions.lastAt })
    .from(decisions)
    .where(eq(decisions.strategy, strategy))
    .orderBy(desc(decisions.lastSeq), desc(decisions.id))
    .limit(1)
    .get();
  return {
    openTrades: open?.n ?? 0,
    closedTrades: closed?.n ?? 0,
    realized: closed?.realized ?? (0 as Usd),
    decisionsToday: Number(said?.n ?? 0),
    ordersToday: ordered?.n ?? 0,
    last: last ?? null,
  };
}
