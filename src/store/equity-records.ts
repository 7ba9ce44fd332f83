// Equity, flows, risk figures and the record of losses: a turn's part of them to rows, and back.
import { desc, eq } from 'drizzle-orm';
import type { BetterSQLite3Database } from 'drizzle-orm/better-sqlite3';
import type { EquityRow, LossRecord } from '../domain/losses.ts';
import type { LedgerRow } from '../domain/position.ts';
import type { RiskReading } from '../domain/risk-figures.ts';
import type { Turn } from '../domain/turn.ts';
import { equitySnapshots, type externalFlows, lossRecord, type riskSnapshots } from './schema/equity.ts';

type Db = BetterSQLite3Database;
type EquityRecord = typeof equitySnapshots.$inferSelect;
type FlowRecord = typeof externalFlows.$inferSelect;
type RiskRecord = typeof riskSnapshots.$inferSelect;

export const equityRecord = (row: EquityRow, { seq, at, day }: Turn): EquityRecord => ({ ...row, seq, at: at.exchange, day });

/** A transfer as a flow; a journal entry is one between accounts of the broker, whichever way it goes. */
export function flowRecord({ key, kind, why, cash: amount, day, at }: LedgerRow, seq: number): FlowRecord | undefined {
  if (kind !== 'transfer' || amount === 0) return undefined;
  const journal = why.startsWith('JNL');
  return { key, kind: journal ? 'journal' : amount > 0 ? 'deposit' : 'withdrawal', amount, day, at, seq };
}

const noFigures = {
  equity: null,
  gross: null,
  net: null,
  betaDelta: null,
  gamma1pct: null,
  vega: null,
  theta: null,
  var95: null,
  var99: null,
  es99: null,
  varMethod: null,
  worstStress: null,
  worstStressName: null,
  worstGap: null,
  clusters: [],
  standIns: [],
  inputsOk: false,
} as const;

export const riskRecord = (reading: RiskReading, { seq, at }: Turn): RiskRecord =>
  reading.kind === 'figures'
    ? { ...reading.figures, seq, at: at.exchange, code: null }
    : { ...noFigures, seq, at: at.exchange, code: reading.code };

/** What was last remembered of losses; null before the first. */
export const readLossRecord = (db: Db): LossRecord | null =>
  db.select({ record: lossRecord.record }).from(lossRecord).where(eq(lossRecord.id, 1)).get()?.record ?? null;

/** The last row of equity, and what is remembered of losses; null before the first of each. */
export const readEquity = (db: Db): { readonly last: EquityRecord | null; readonly losses: LossRecord | null } => ({
  last: db.select().from(equitySnapshots).orderBy(desc(equitySnapshots.seq)).limit(1).get() ?? null,
  losses: readLossRecord(db),
});
