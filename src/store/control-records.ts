// What people asked, as rows: written with the turn that answered it, and found again by key.
import { desc, eq } from 'drizzle-orm';
import type { BetterSQLite3Database } from 'drizzle-orm/better-sqlite3';
import { type Answered, type ControlRecord, type Outcome, type Switch, type Token, targetOf } from '../domain/control.ts';
import type { Turn } from '../domain/turn.ts';
import type { AuditRow } from '../ports/store.ts';
import { audit, limits, switches, tokens } from './schema/control.ts';
import { turns } from './schema/run.ts';

type Db = BetterSQLite3Database;
type AuditRecord = typeof audit.$inferSelect;

/** The row that a wish, or a denial, leaves behind. */
export function auditRecord({ asked, outcome }: ControlRecord, turn: Turn, id: number, wall: number): AuditRecord {
  const place = { id, seq: turn.seq, wall };
  if (!('order' in asked)) {
    const { actor, role, what, code, why } = asked;
    return { ...place, key: null, actor, role, verb: what, target: '', reason: '', digest: null, result: 'denied', code, answer: { why } };
  }
  const { key, actor, role, reason, order, digest } = asked;
  const words = { key, actor, role, verb: order.verb, target: targetOf(order), reason, digest };
  if (outcome.result === 'refused') return { ...place, ...words, result: 'refused', code: outcome.code, answer: { why: outcome.why } };
  return { ...place, ...words, result: 'done', code: null, answer: outcome.result === 'done' ? outcome.answer : null };
}

/** The answer of a row, as it was given. */
function outcomeOf({ result, code, answer }: AuditRecord): Outcome {
  if (result === 'refused') {
    const { why } = answer as { readonly why: string };
    return { result: 'refused', code: code as Extract<Outcome, { result: 'refused' }>['code'], why };
  }
  return { result: 'done', answer: (answer ?? {}) as Extract<Outcome, { result: 'done' }>['answer'] };
}

/** What was answered to a wish of this key. */
export function readAnswered(db: Db, key: string): Answered | undefined {
  const row = db.select().from(audit).where(eq(audit.key, key)).get();
  return row === undefined ? undefined : { digest: row.digest ?? '', outcome: outcomeOf(row) };
}

/** The last rows of the audit, newest first. */
export const readTrail = (db: Db, limit: number): readonly AuditRow[] =>
  db
    .select({ row: audit, at: turns.at })
    .from(audit)
    .innerJoin(turns, eq(turns.seq, audit.seq))
    .orderBy(desc(audit.id))
    .limit(limit)
    .all()
    .map(({ row: { digest: _digest, ...row }, at }) => ({ ...row, at }));

export const readSwitches = (db: Db): readonly Switch[] =>
  db
    .select()
    .from(switches)
    .orderBy(switches.strategy)
    .all()
    .map(({ seq: _seq, ...row }) => row);

/** Limits that people set, by dotted name; the last one of each. */
export const readLimits = (db: Db): ReadonlyMap<string, string> =>
  new Map(
    db
      .select()
      .from(limits)
      .orderBy(limits.seq)
      .all()
      .map(({ key, value }) => [key, value] as const),
  );

export const readTokens = (db: Db): readonly Token[] =>
  db
    .select()
    .from(tokens)
    .orderBy(tokens.createdWall, tokens.id)
    .all()
    .map(({ seq: _seq, ...row }) => row);
