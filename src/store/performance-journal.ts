// The journal that performance is reckoned from: the broker's reads, thinned out, and all that was booked, by its turn.
import { eq } from 'drizzle-orm';
import type { Json } from '../domain/decision.ts';
import type { StrategyId, Symbol } from '../domain/ids.ts';
import { type Price, plus, type Usd } from '../domain/money.ts';
import type {
  AccountRead,
  CashRow,
  EndedTrade,
  LotClosing,
  LotOpening,
  PerformanceJournal,
  Traded,
} from '../domain/performance-journal.ts';
import { MINUTE } from '../domain/time.ts';
import { feesByTrade } from './queries.ts';
import type { Reader } from './reader.ts';
import { memories } from './schema/holding.ts';

/** Of the reads of a quarter of an hour the last one stands for it: exposure is a mean, and the last read of a day is one of them. */
const LOOK_MS = 15 * MINUTE;

type ReadRecord = Omit<AccountRead, 'marks'> & { readonly positions: string };

function readOf({ positions, ...read }: ReadRecord): AccountRead {
  const held = JSON.parse(positions) as readonly { readonly symbol: Symbol; readonly mark: Price | null }[];
  return { ...read, marks: new Map(held.flatMap(({ symbol, mark }) => (mark === null ? [] : [[symbol, mark] as const]))) };
}

const readsIn = ({ client }: Reader): readonly AccountRead[] =>
  client
    .prepare<[], ReadRecord>(
      `SELECT seq, at, day, json_extract(event, '$.snapshot.account.equity') AS equity, json_extract(event, '$.snapshot.positions') AS positions
       FROM turns WHERE seq IN (SELECT max(seq) FROM turns WHERE kind = 'snapshot' GROUP BY day, at / ${LOOK_MS}
                                UNION SELECT min(seq) FROM turns WHERE kind = 'snapshot')
       ORDER BY seq`,
    )
    .all()
    .map(readOf);

interface EndedRecord extends Omit<EndedTrade, 'result'> {
  readonly id: string;
  readonly realized: Usd;
}

function endedIn(reader: Reader): readonly EndedTrade[] {
  const fees = feesByTrade(reader);
  return reader.client
    .prepare<[], EndedRecord>(
      `SELECT t.id, t.owner, t.realized, max(c.seq) AS seq
       FROM trades t JOIN lots l ON l.trade_id = t.id JOIN closures c ON c.lot_id = l.id
       WHERE t.closed_day IS NOT NULL GROUP BY t.id ORDER BY max(c.seq), t.opened_at, t.id`,
    )
    .all()
    .map(({ id, owner, realized, seq }) => ({ seq, owner, result: plus(realized, fees.get(id) ?? (0 as Usd)) }));
}

/** Everything there is, in the order of its turns. */
export function readPerformanceJournal(reader: Reader): PerformanceJournal {
  const { client } = reader;
  return {
    reads: readsIn(reader),
    openings: client
      .prepare<[], LotOpening>(
        `SELECT opened_seq AS seq, id, owner, symbol, json_extract(instrument, '$.multiplier') AS multiplier, qty, cash
         FROM lots ORDER BY opened_seq, rowid`,
      )
      .all(),
    closings: client.prepare<[], LotClosing>('SELECT seq, lot_id AS lot, qty, cash, realized FROM closures ORDER BY seq, rowid').all(),
    rows: client.prepare<[], CashRow>('SELECT seq, owner, kind, cash FROM ledger WHERE cash <> 0 ORDER BY seq, rowid').all(),
    traded: client
      .prepare<[], Traded>('SELECT seq, owner, sum(abs(cash)) AS value FROM fills GROUP BY seq, owner ORDER BY seq, owner')
      .all(),
    ended: endedIn(reader),
  };
}

/** What a strategy last remembered; null when it never did. */
export const rememberedBy = ({ db }: Reader, strategy: StrategyId): Json =>
  db.select({ memory: memories.memory }).from(memories).where(eq(memories.strategy, strategy)).get()?.memory ?? null;
