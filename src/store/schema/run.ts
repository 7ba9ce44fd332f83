// Runs, the journal of turns, and what the turns said and asked for.
import { index, integer, primaryKey, real, sqliteTable, text } from 'drizzle-orm/sqlite-core';
import type { Json } from '../../domain/decision.ts';
import type { Command, EngineEvent } from '../../domain/event.ts';
import type { HaltLevel } from '../../domain/halt.ts';
import type { ClientOrderId } from '../../domain/ids.ts';
import { type LossCause, lossCauses } from '../../domain/losses.ts';
import type { Mode, Severity } from '../../domain/turn.ts';
import { at, day, holds, integers, json, oneOf } from '../columns.ts';

/** Marks a file as ours in its SQLite header: the bytes `wsb1`. */
export const APPLICATION_ID = 0x77736231;
/** How many migrations make this schema; `PRAGMA user_version` of an up-to-date file. */
export const SCHEMA_VERSION = 9;

/** The row each opening writes, so that `synchronous` can be read back after a write. */
export const opened = sqliteTable(
  'opened',
  { id: integer('id').primaryKey(), wall: integer('wall').notNull(), count: integer('count').notNull(), sqlite: text('sqlite').notNull() },
  () => [holds('opened_single', 'id = 1'), integers('opened', ['wall', 'count'])],
);

/** Whose database this is: written once, at birth. */
export const stamp = sqliteTable(
  'stamp',
  {
    id: integer('id').primaryKey(),
    mode: text('mode').notNull(),
    account: text('account').notNull(),
    schema: integer('schema').notNull(),
    bornWall: integer('born_wall').notNull(),
  },
  () => [holds('stamp_single', 'id = 1')],
);

export const runs = sqliteTable(
  'runs',
  {
    epoch: integer('epoch').primaryKey(),
    startedAt: at('started_at'),
    startedWall: integer('started_wall').notNull(),
    mode: text('mode').notNull(),
    gitSha: text('git_sha').notNull(),
    configHash: text('config_hash').notNull(),
    seed: integer('seed'),
    version: text('version').notNull(),
    node: text('node').notNull(),
    schema: integer('schema').notNull(),
    /** The last four are NULL while the run lasts, and for ever after a crash. */
    endedWall: integer('ended_wall'),
    clean: integer('clean').$type<0 | 1>(),
    exitCode: integer('exit_code'),
    why: text('why'),
  },
  () => [integers('runs', ['started_at', 'started_wall'], ['seed', 'ended_wall', 'exit_code']), holds('runs_clean', 'clean IN (0, 1)')],
);

/** The journal: every event the engine took, in order. */
export const turns = sqliteTable(
  'turns',
  {
    seq: integer('seq').primaryKey(),
    epoch: integer('epoch')
      .notNull()
      .references(() => runs.epoch),
    at: at(),
    mono: real('mono').notNull(),
    speed: real('speed').notNull(),
    day: day(),
    kind: text('kind').$type<EngineEvent['kind']>().notNull(),
    event: json<EngineEvent>('event').notNull(),
  },
  (t) => [index('turns_by_day').on(t.day), integers('turns', ['at'])],
);

/** A column that names a turn. */
export const ofTurn = (name = 'seq') =>
  integer(name)
    .notNull()
    .references(() => turns.seq);

/** The full set of degraded modes, each time it changed. */
export const modeChanges = sqliteTable('mode_changes', {
  seq: integer('seq')
    .primaryKey()
    .references(() => turns.seq),
  modes: json<readonly Mode[]>('modes').notNull(),
});

/** Halts with their history: lifted ones stay, with the turn that lifted them. */
export const halts = sqliteTable(
  'halts',
  {
    id: integer('id').primaryKey(),
    scope: text('scope').$type<'account' | 'strategy' | 'symbol'>().notNull(),
    /** The strategy or symbol; empty for the account. */
    name: text('name').notNull(),
    reason: text('reason').notNull(),
    since: at('since'),
    setSeq: ofTurn('set_seq'),
    liftedSeq: integer('lifted_seq').references(() => turns.seq),
    level: text('level').$type<HaltLevel>().notNull().default('halt'),
    /** The loss limit that set it; NULL where a person or another guard did. */
    cause: text('cause').$type<LossCause>(),
  },
  () => [
    oneOf('halts', 'scope', ['account', 'strategy', 'symbol']),
    oneOf('halts', 'level', ['halt', 'flatten', 'freeze']),
    oneOf('halts', 'cause', lossCauses),
    integers('halts', ['since']),
  ],
);

/** What each turn asked the outside to do. Whether it happened is said by the order's state, never by a mark here. */
export const outbox = sqliteTable(
  'outbox',
  {
    seq: ofTurn(),
    n: integer('n').notNull(),
    kind: text('kind').$type<Command['kind']>().notNull(),
    orderId: text('order_id').$type<ClientOrderId>(),
    command: json<Command>('command').notNull(),
  },
  (t) => [primaryKey({ columns: [t.seq, t.n] })],
);

export const notes = sqliteTable(
  'notes',
  {
    seq: ofTurn(),
    n: integer('n').notNull(),
    event: text('event').notNull(),
    severity: text('severity').$type<Severity>().notNull(),
    detail: json<Readonly<Record<string, Json>>>('detail').notNull(),
  },
  (t) => [primaryKey({ columns: [t.seq, t.n] }), oneOf('notes', 'severity', ['info', 'minor', 'major', 'critical'])],
);
