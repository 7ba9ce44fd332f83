// What the broker said of a day: its reads of the account as the journal of turns holds them, and its own record of activities.
import type { Activity, BrokerSnapshot } from '../domain/account.ts';
import { addDays, type TradingDay } from '../domain/time.ts';
import type { Reader } from './reader.ts';

/** One read of the broker, and the turn that took it in. */
export interface BrokerRead {
  readonly seq: number;
  readonly snapshot: BrokerSnapshot;
}

interface TurnRecord {
  readonly seq: number;
  readonly event: string;
}

/** How long after a day its rows may still appear in the broker's record: a night run, a weekend and a holiday. */
const LATE_DAYS = 5;

function readOf(row: TurnRecord | undefined): BrokerRead | null {
  if (row === undefined) return null;
  const { snapshot } = JSON.parse(row.event) as { readonly snapshot: BrokerSnapshot };
  return { seq: row.seq, snapshot };
}

/** The last read of a day; null when there was none. */
export const lastReadOn = ({ client }: Reader, day: TradingDay): BrokerRead | null =>
  readOf(
    client
      .prepare<[string], TurnRecord>(`SELECT seq, event FROM turns WHERE kind = 'snapshot' AND day = ? ORDER BY seq DESC LIMIT 1`)
      .get(day),
  );

/** The last read before a day, or the very first one there is. */
export const readBefore = ({ client }: Reader, day: TradingDay): BrokerRead | null =>
  readOf(
    client
      .prepare<[string], TurnRecord>(`SELECT seq, event FROM turns WHERE kind = 'snapshot' AND day < ? ORDER BY seq DESC LIMIT 1`)
      .get(day) ?? client.prepare<[], TurnRecord>(`SELECT seq, event FROM turns WHERE kind = 'snapshot' ORDER BY seq LIMIT 1`).get(),
  );

/** Rows of the broker's record that are dated a day, as far as any read has shown them, without those it took back. */
export function activitiesOf({ client }: Reader, day: TradingDay): readonly Activity[] {
  const rows = client
    .prepare<[string, string, string], { activity: string }>(
      `SELECT DISTINCT a.value AS activity FROM turns t, json_each(t.event, '$.snapshot.activities') a
       WHERE t.kind = 'snapshot' AND t.day BETWEEN ? AND ? AND json_extract(a.value, '$.day') = ?`,
    )
    .all(day, addDays(day, LATE_DAYS), day);
  const found = rows.map((row) => JSON.parse(row.activity) as Activity).filter(({ status }) => status !== 'canceled');
  return found.sort((a, b) => (a.id < b.id ? -1 : 1));
}

/** Ledger cash booked for a row of the broker's record; null when it was not booked. */
export const bookedFor = ({ client }: Reader, activity: string): number | null =>
  client.prepare<[string], { cash: number }>('SELECT cash FROM ledger WHERE key = ?').get(`act:${activity}`)?.cash ?? null;

/** Rows of a day that the ledger added to agree with the broker, and which no activity explains. */
export const adjustmentsOn = (
  { client }: Reader,
  day: TradingDay,
): readonly { readonly key: string; readonly symbol: string | null; readonly qty: number; readonly cash: number; readonly why: string }[] =>
  client
    .prepare<[string], { key: string; symbol: string | null; qty: number; cash: number; why: string }>(
      `SELECT key, symbol, qty, cash, why FROM ledger WHERE day = ? AND kind IN ('adjust', 'external') AND (qty <> 0 OR cash <> 0) ORDER BY key`,
    )
    .all(day);

/** Cash of shares that options delivered on a day, as booked. */
export const deliveriesOn = ({ client }: Reader, day: TradingDay): number =>
  client
    .prepare<[string], { cash: number }>(
      `SELECT coalesce(sum(cash), 0) AS cash FROM ledger WHERE day = ? AND kind IN ('assignment', 'exercise')`,
    )
    .get(day)?.cash ?? 0;
