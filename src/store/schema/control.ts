// What people asked of the daemon: the audit, the tokens they act with, and the switches they set.
import { integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';
import type { Role } from '../../domain/control.ts';
import type { Json } from '../../domain/decision.ts';
import { holds, integers, oneOf, optionalJson, strategy } from '../columns.ts';
import { ofTurn } from './run.ts';

/** Every wish with its answer, and everyone who was turned away. */
export const audit = sqliteTable(
  'audit',
  {
    id: integer('id').primaryKey(),
    seq: ofTurn(),
    wall: integer('wall').notNull(),
    /** The caller's own name for the wish; NULL for who was turned away. */
    key: text('key').unique('audit_key'),
    actor: text('actor').notNull(),
    role: text('role').$type<Role>(),
    verb: text('verb').notNull(),
    target: text('target').notNull(),
    reason: text('reason').notNull(),
    digest: text('digest'),
    result: text('result').$type<'done' | 'refused' | 'denied'>().notNull(),
    code: text('code'),
    answer: optionalJson<Json>('answer'),
  },
  () => [
    oneOf('audit', 'result', ['done', 'refused', 'denied']),
    oneOf('audit', 'role', ['viewer', 'operator', 'admin']),
    integers('audit', ['wall']),
    holds('audit_wish', `(key IS NULL) = (result = 'denied') AND (key IS NULL) = (digest IS NULL)`),
  ],
);

/** Who may act, and until when. The secret is nowhere: `hash` is its SHA-256. */
export const tokens = sqliteTable(
  'tokens',
  {
    id: text('id').primaryKey(),
    role: text('role').$type<Role>().notNull(),
    name: text('name').notNull(),
    hash: text('hash').notNull(),
    createdWall: integer('created_wall').notNull(),
    expiresWall: integer('expires_wall').notNull(),
    revokedWall: integer('revoked_wall'),
    seq: ofTurn(),
  },
  () => [oneOf('tokens', 'role', ['viewer', 'operator', 'admin']), integers('tokens', ['created_wall', 'expires_wall'], ['revoked_wall'])],
);

/** Limits as people set them; the last row of a key stands above the configuration. Who and why is in the audit row of its turn. */
export const limits = sqliteTable(
  'limits',
  {
    /** A turn sets one. */
    seq: ofTurn().primaryKey(),
    key: text('key').notNull(),
    value: text('value').notNull(),
    loosened: integer('loosened', { mode: 'boolean' }).notNull(),
  },
  () => [holds('limits_loosened', 'loosened IN (0, 1)')],
);

/** Whether a strategy may open anything, as a person last set it; what was never set follows the configuration. */
export const switches = sqliteTable(
  'switches',
  {
    strategy: strategy().primaryKey(),
    on: integer('is_on', { mode: 'boolean' }).notNull(),
    reason: text('reason').notNull(),
    seq: ofTurn(),
  },
  () => [holds('switches_is_on', 'is_on IN (0, 1)')],
);
