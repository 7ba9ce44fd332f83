// Equity at any past instant, out of the cash of fills and ledger rows and the marks of the last row of equity; and whether the two agree.
import { and, desc, isNotNull, lte } from 'drizzle-orm';
import { type Usd, usd } from '../domain/money.ts';
import type { EpochMs } from '../domain/time.ts';
import type { Reader } from './reader.ts';
import { equitySnapshots } from './schema/equity.ts';
import type { Violation } from './violation.ts';

interface Movement {
  readonly seq: number;
  readonly cash: number;
}

/** Cash as it was moved, turn by turn. */
const movements = ({ client }: Reader): readonly Movement[] =>
  client
    .prepare<[], Movement>(
      'SELECT seq, sum(cash) AS cash FROM (SELECT seq, cash FROM fills UNION ALL SELECT seq, cash FROM ledger) GROUP BY seq ORDER BY seq',
    )
    .all();

/** Cash after the last turn at or before an instant, by fills and ledger rows alone. */
const cashAt = ({ client }: Reader, at: EpochMs): Usd =>
  usd(
    client
      .prepare<[number, number], { cash: number }>(
        `SELECT coalesce(sum(cash), 0) AS cash FROM (
           SELECT f.cash FROM fills f JOIN turns t ON t.seq = f.seq WHERE t.at <= ?
           UNION ALL SELECT l.cash FROM ledger l JOIN turns t ON t.seq = l.seq WHERE t.at <= ?)`,
      )
      .get(at, at)?.cash ?? 0,
  );

/** Equity at a past instant, micros: cash of then and what was held at its last marks; undefined before the first of them. */
export function equityAt(reader: Reader, at: EpochMs): Usd | undefined {
  const row = reader.db
    .select({ long: equitySnapshots.longValue, short: equitySnapshots.shortValue })
    .from(equitySnapshots)
    .where(and(lte(equitySnapshots.at, at), isNotNull(equitySnapshots.equity)))
    .orderBy(desc(equitySnapshots.seq))
    .limit(1)
    .get();
  return row === undefined ? undefined : usd(cashAt(reader, at) + (row.long ?? 0) + (row.short ?? 0));
}

/** Each row's cash is what fills and ledger rows amount to at the end of its turn. */
export function checkEquity(reader: Reader): readonly Violation[] {
  const moved = movements(reader);
  let next = 0;
  let cash = 0;
  const found: Violation[] = [];
  const rows = reader.db
    .select({ seq: equitySnapshots.seq, cash: equitySnapshots.cash })
    .from(equitySnapshots)
    .orderBy(equitySnapshots.seq);
  for (const row of rows.all()) {
    for (let m = moved[next]; m !== undefined && m.seq <= row.seq; m = moved[next]) {
      cash += m.cash;
      next += 1;
    }
    if (row.cash !== cash)
      found.push({ rule: 'equity', where: `turn ${row.seq}`, what: `says cash ${row.cash}; fills and ledger amount to ${cash}` });
  }
  return found;
}
