// The ledger as it stood after a turn, and what was booked on a session day: the parts a daily report is added up from.
import { ensure } from '../base/assert.ts';
import type { Owner, Symbol } from '../domain/ids.ts';
import type { Instrument } from '../domain/instrument.ts';
import type { NetQty, Usd } from '../domain/money.ts';
import type { LedgerKind } from '../domain/position.ts';
import type { TradingDay } from '../domain/time.ts';
import type { Reader } from './reader.ts';

/** What one owner held of one instrument for one trade (null: for none) after a turn. */
export interface HeldLots {
  readonly owner: Owner;
  readonly trade: string | null;
  readonly instrument: Instrument;
  /** Signed. */
  readonly qty: NetQty;
  /** Signed cash of what was held: paid is negative. */
  readonly cash: Usd;
}

interface HeldRecord extends Omit<HeldLots, 'instrument'> {
  readonly instrument: string;
}

/** Open lots after a turn, those of one trade and instrument together. */
export function lotsAfter({ client }: Reader, seq: number): readonly HeldLots[] {
  const rows = client
    .prepare<[number, number], HeldRecord>(
      `SELECT owner, trade_id AS trade, instrument, sum(qty) AS qty, sum(cash) AS cash FROM (
         SELECT l.owner, l.trade_id, l.symbol, l.instrument,
                l.qty - coalesce(sum(c.qty), 0) AS qty, l.cash - coalesce(sum(c.realized - c.cash), 0) AS cash
         FROM lots l LEFT JOIN closures c ON c.lot_id = l.id AND c.seq <= ?
         WHERE l.opened_seq <= ? GROUP BY l.id)
       WHERE qty <> 0 GROUP BY owner, trade_id, symbol ORDER BY owner, symbol, trade_id`,
    )
    .all(seq, seq);
  return rows.map((row) => ({ ...row, instrument: JSON.parse(row.instrument) as Instrument }));
}

/** Fill cash and ledger cash after a turn; null before the opening row. */
export function cashAfter({ client }: Reader, seq: number): Usd | null {
  const row = client
    .prepare<[number, number, number], { opened: number; cash: Usd }>(
      `SELECT (SELECT count(*) FROM ledger WHERE kind = 'opening' AND seq <= ?) AS opened,
              (SELECT coalesce(sum(cash), 0) FROM fills WHERE seq <= ?) + (SELECT coalesce(sum(cash), 0) FROM ledger WHERE seq <= ?) AS cash`,
    )
    .get(seq, seq, seq);
  const { opened, cash } = ensure(row, 'the sums of cash');
  return opened === 0 ? null : cash;
}

/** Cash that came and went on a day, by its cause: executions, and each kind of ledger row. */
export interface CashFlow {
  readonly kind: 'executions' | LedgerKind;
  readonly rows: number;
  /** Signed from our side. */
  readonly cash: Usd;
}

export const cashFlows = ({ client }: Reader, day: TradingDay): readonly CashFlow[] =>
  client
    .prepare<[string, string], CashFlow>(
      `SELECT 'executions' AS kind, count(*) AS rows, coalesce(sum(cash), 0) AS cash FROM fills WHERE day = ? HAVING count(*) > 0
       UNION ALL SELECT kind, count(*) AS rows, sum(cash) AS cash FROM ledger WHERE day = ? AND cash <> 0 GROUP BY kind`,
    )
    .all(day, day);

/** Cash before the rows of a day; null when the ledger was opened on it or later. */
export function cashBefore({ client }: Reader, day: TradingDay): Usd | null {
  const row = client
    .prepare<[string, string, string], { opened: number; cash: Usd }>(
      `SELECT (SELECT count(*) FROM ledger WHERE kind = 'opening' AND day < ?) AS opened,
              (SELECT coalesce(sum(cash), 0) FROM fills WHERE day < ?) + (SELECT coalesce(sum(cash), 0) FROM ledger WHERE day < ?) AS cash`,
    )
    .get(day, day, day);
  const { opened, cash } = ensure(row, 'the sums of cash');
  return opened === 0 ? null : cash;
}

/** What a trade, or what belongs to none, brought on a day. */
export interface RealizedRow {
  readonly owner: Owner;
  readonly trade: string | null;
  readonly realized: Usd;
}

export const realizedOn = ({ client }: Reader, day: TradingDay): readonly RealizedRow[] =>
  client
    .prepare<[string], RealizedRow>(
      `SELECT l.owner AS owner, l.trade_id AS trade, sum(c.realized) AS realized
       FROM closures c JOIN lots l ON l.id = c.lot_id WHERE c.day = ? GROUP BY l.owner, l.trade_id ORDER BY l.owner, l.trade_id`,
    )
    .all(day);

/** Won or lost by what was closed in the turns after one, up to and with another. */
export const realizedBetween = ({ client }: Reader, after: number, until: number): Usd =>
  ensure(
    client
      .prepare<[number, number], { realized: Usd }>(
        'SELECT coalesce(sum(realized), 0) AS realized FROM closures WHERE seq > ? AND seq <= ?',
      )
      .get(after, until),
    'the sum of closures',
  ).realized;

/** Income and charges of an owner on a day: dividends and interest, and fees. */
export interface Income {
  readonly owner: Owner;
  readonly income: Usd;
  readonly fees: Usd;
}

export const incomeOn = ({ client }: Reader, day: TradingDay): readonly Income[] =>
  client
    .prepare<[string], Income>(
      `SELECT owner, coalesce(sum(CASE WHEN kind <> 'fee' THEN cash END), 0) AS income, coalesce(sum(CASE WHEN kind = 'fee' THEN cash END), 0) AS fees
       FROM ledger WHERE day = ? AND kind IN ('dividend', 'interest', 'fee') GROUP BY owner ORDER BY owner`,
    )
    .all(day);

/** Cash booked between two turns by kinds of ledger rows. */
export const bookedBetween = ({ client }: Reader, after: number, until: number, kinds: readonly LedgerKind[]): Usd =>
  ensure(
    client
      .prepare<[number, number, string], { cash: Usd }>(
        `SELECT coalesce(sum(cash), 0) AS cash FROM ledger WHERE seq > ? AND seq <= ? AND kind IN (SELECT value FROM json_each(?))`,
      )
      .get(after, until, JSON.stringify(kinds)),
    'the sum of ledger rows',
  ).cash;

export interface Executions {
  readonly symbol: Symbol;
  /** Signed quantities added up, and how many units were traded either way. */
  readonly net: number;
  readonly traded: number;
  readonly cash: Usd;
}

/** Our executions on a day, by instrument. */
export const executionsOn = ({ client }: Reader, day: TradingDay): readonly Executions[] =>
  client
    .prepare<[string], Executions>(
      'SELECT symbol, sum(qty) AS net, sum(abs(qty)) AS traded, sum(cash) AS cash FROM fills WHERE day = ? GROUP BY symbol ORDER BY symbol',
    )
    .all(day);
