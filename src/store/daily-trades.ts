// A session day in the ledger: its last turn, the trades that were open on it, and how much was ordered.
import type { Owner, Symbol } from '../domain/ids.ts';
import type { Usd } from '../domain/money.ts';
import type { ReasonCode } from '../domain/reasons.ts';
import type { EpochMs, TradingDay } from '../domain/time.ts';
import type { Reader } from './reader.ts';

/** Whose ledger it is, and where the day ended. */
export interface DayOf {
  readonly day: TradingDay;
  /** Instant of the last turn of the day. */
  readonly asOf: EpochMs;
  /** Null before the first stamp. */
  readonly mode: string | null;
  readonly account: string | null;
}

/** The day of the last turn; undefined in a ledger without turns. */
export const lastDay = ({ client }: Reader): TradingDay | undefined =>
  client.prepare<[], { day: TradingDay }>('SELECT day FROM turns ORDER BY seq DESC LIMIT 1').get()?.day;

/** A day on which there were turns; undefined for any other. */
export function dayOf({ client }: Reader, day: TradingDay): (DayOf & { readonly lastSeq: number }) | undefined {
  const last = client
    .prepare<[string], { seq: number; at: EpochMs }>('SELECT seq, at FROM turns WHERE day = ? ORDER BY seq DESC LIMIT 1')
    .get(day);
  if (last === undefined) return undefined;
  const stamp = client.prepare<[], { mode: string; account: string }>('SELECT mode, account FROM stamp').get();
  return { day, asOf: last.at, mode: stamp?.mode ?? null, account: stamp?.account ?? null, lastSeq: last.seq };
}

export interface TouchedTrade {
  readonly id: string;
  readonly owner: Owner;
  readonly underlying: Symbol;
  readonly openedDay: TradingDay;
  /** Signed cash of the executions that opened it. */
  readonly entryCash: Usd;
  readonly units: number;
  /** From its beginning to the end of the day. */
  readonly realizedSoFar: Usd;
  /** Null while it was open at the end of the day. */
  readonly closedDay: TradingDay | null;
  readonly exit: ReasonCode | null;
}

/** Trades that were open at some time of a day, as they stood at its end, in the order in which they were opened. */
export const tradesTouched = ({ client }: Reader, day: TradingDay): readonly TouchedTrade[] =>
  client
    .prepare<{ day: string }, TouchedTrade>(
      `SELECT t.id, t.owner, t.underlying, t.opened_day AS openedDay, t.entry_cash AS entryCash, t.units,
              (SELECT coalesce(sum(c.realized), 0) FROM closures c JOIN lots l ON l.id = c.lot_id
               WHERE l.trade_id = t.id AND c.day <= $day) AS realizedSoFar,
              CASE WHEN t.closed_day <= $day THEN t.closed_day END AS closedDay,
              CASE WHEN t.closed_day <= $day THEN t.exit END AS exit
       FROM trades t WHERE t.opened_day <= $day AND (t.closed_day IS NULL OR t.closed_day >= $day)
       ORDER BY t.opened_at, t.id`,
    )
    .all({ day });

/** Orders recorded and executions booked on a day, by owner. */
export const ordersOn = (
  { client }: Reader,
  day: TradingDay,
): readonly { readonly owner: Owner; readonly orders: number; readonly executions: number }[] =>
  client
    .prepare<{ day: string }, { owner: Owner; orders: number; executions: number }>(
      `SELECT owner, sum(orders) AS orders, sum(executions) AS executions FROM (
         SELECT strategy AS owner, 1 AS orders, 0 AS executions FROM orders WHERE day = $day
         UNION ALL SELECT owner, 0, 1 FROM fills WHERE day = $day)
       GROUP BY owner ORDER BY owner`,
    )
    .all({ day });
