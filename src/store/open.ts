// Opens the ledger for writing: looks before it touches, backs up before it migrates, and proves that commits are durable.
import { chmodSync, existsSync, renameSync, rmSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import Database from 'better-sqlite3';
import { drizzle } from 'drizzle-orm/better-sqlite3';
import { migrate } from 'drizzle-orm/better-sqlite3/migrator';
import type { Store } from '../ports/store.ts';
import { type Faulty, faultOf, faulty } from './fault.ts';
import { inspect, knownMigrations } from './inspect.ts';
import { privateFolder } from './private-folder.ts';
import { APPLICATION_ID } from './schema/run.ts';
import { sqliteStore, type Writer } from './sqlite-store.ts';

export interface OpenOptions {
  readonly file: string;
  /** The folder drizzle-kit writes to; `migrations/` of the installed program. */
  readonly migrationsDir: string;
  /** This machine's wall clock, UTC milliseconds. */
  readonly now: () => number;
}

/** What the connection says of itself after its first write. */
export interface Settings {
  readonly sqlite: string;
  /** 2 is FULL: an fsync before every commit returns. */
  readonly synchronous: 2;
  readonly journalMode: 'wal';
  readonly foreignKeys: true;
}

export interface Opened {
  readonly ok: true;
  readonly store: Store;
  /** Migrations applied by this opening. */
  readonly migrated: number;
  /** The copy made before them; null when there was nothing to copy or nothing to do. */
  readonly backup: string | null;
  readonly settings: Settings;
}
export type OpenResult = Opened | Faulty;

const SQLITE_MIN = [3, 50, 0] as const;
const BUSY_MS = 250;

/** True when `text` (such as `3.53.2`) is at least 3.50, the first version whose WAL we rely on. */
export function sqliteIsRecent(text: string): boolean {
  const parts = text.split('.').map(Number);
  for (const [i, least] of SQLITE_MIN.entries()) {
    const part = parts[i] ?? 0;
    if (part !== least) return part > least;
  }
  return true;
}

/** A consistent copy beside the file, readable by us alone; an older copy of the same name is replaced whole. */
function backUp(client: Database.Database, file: string, applied: number): string {
  const copy = `${file}.before-${applied + 1}.bak`;
  const part = `${copy}.part`;
  rmSync(part, { force: true });
  client.prepare('VACUUM INTO ?').run(part);
  chmodSync(part, 0o600);
  renameSync(part, copy);
  return copy;
}

function setPragmas(client: Database.Database): void {
  client.pragma(`busy_timeout = ${BUSY_MS}`);
  client.pragma('journal_mode = WAL');
  client.pragma('synchronous = FULL');
  client.pragma('trusted_schema = OFF');
  // Off while migrating: rebuilding a table drops the old one, and the pragma has no effect inside a transaction.
  client.pragma('foreign_keys = OFF');
}

/** Writes the opening's row, then reads the settings back: `synchronous` is only what it says after a write. */
function prove(
  client: Database.Database,
  file: string,
  now: number,
  sqlite: string,
): { readonly ok: true; readonly settings: Settings } | Faulty {
  client.pragma('foreign_keys = ON');
  client
    .prepare(
      `INSERT INTO opened (id, wall, count, sqlite) VALUES (1, ?, 1, ?)
       ON CONFLICT (id) DO UPDATE SET wall = excluded.wall, count = count + 1, sqlite = excluded.sqlite`,
    )
    .run(now, sqlite);
  const read = (name: string): unknown => client.pragma(name, { simple: true });
  const [synchronous, journalMode, foreignKeys] = [read('synchronous'), read('journal_mode'), read('foreign_keys')];
  if (synchronous === 2 && journalMode === 'wal' && foreignKeys === 1) {
    return { ok: true, settings: { sqlite, synchronous, journalMode, foreignKeys: true } };
  }
  const got = `synchronous ${String(synchronous)}, journal_mode ${String(journalMode)}, foreign_keys ${String(foreignKeys)}`;
  return faulty(
    'DB_SETTINGS',
    `${file}: after a write the settings read ${got}; 2, wal, 1 are needed.`,
    'Put the state directory on a local disk that supports WAL.',
  );
}

function applyMigrations(writer: Writer, options: OpenOptions, fresh: boolean, backup: string | null): Faulty | undefined {
  const { client, db } = writer;
  try {
    if (fresh) client.pragma(`application_id = ${APPLICATION_ID}`);
    migrate(db, { migrationsFolder: options.migrationsDir });
    const broken = client.prepare('PRAGMA foreign_key_check').all().length;
    if (broken > 0) throw new Error(`${broken} rows point at nothing after the migration`);
    return undefined;
  } catch (error) {
    const words = error instanceof Error ? error.message : String(error);
    const back =
      backup === null
        ? 'Delete the half-made file and start again.'
        : `The copy ${backup} is the state before it: put it back and start the previous version.`;
    return faulty('DB_MIGRATION', `${options.file} could not be migrated: ${words}.`, back);
  }
}

interface Plan {
  readonly fresh: boolean;
  readonly applied: number;
  readonly total: number;
}

function prepare(client: Database.Database, options: OpenOptions, plan: Plan): OpenResult {
  const version = client.prepare<[], { v: string }>('SELECT sqlite_version() AS v').get()?.v ?? '';
  if (!sqliteIsRecent(version)) {
    return faulty(
      'DB_SETTINGS',
      `SQLite ${version} is too old: 3.50 or later is needed.`,
      'Run npm ci, so that the bundled SQLite is used.',
    );
  }
  setPragmas(client);
  const migrated = plan.total - plan.applied;
  const backup = migrated > 0 && !plan.fresh ? backUp(client, options.file, plan.applied) : null;
  const writer: Writer = { client, db: drizzle({ client }) };
  const failed = migrated > 0 ? applyMigrations(writer, options, plan.fresh, backup) : undefined;
  if (failed !== undefined) return failed;
  if (client.pragma('user_version', { simple: true }) !== plan.total) client.pragma(`user_version = ${plan.total}`);
  const proven = prove(client, options.file, options.now(), version);
  return proven.ok ? { ok: true, store: sqliteStore(writer, options.now), migrated, backup, settings: proven.settings } : proven;
}

/**
 * Opens the ledger, making or migrating it as needed. Every reason not to is returned as a fault with its fix; a file that is damaged,
 * another program's or a newer version's is left untouched. Take the lock first (lock.ts): this does not guard against a second writer.
 */
export function openStore(options: OpenOptions): OpenResult {
  const { file } = options;
  const folder = privateFolder(dirname(file));
  if (!folder.ok) return folder;
  const known = knownMigrations(options.migrationsDir);
  if (!known.ok) return known;
  const seen = inspect(file, known.migrations);
  if (!seen.ok) return seen;
  if (existsSync(file) && (statSync(file).mode & 0o077) !== 0) {
    return faulty('DB_PATH', `${file} is open to other users.`, `Run: chmod 600 ${file}*`);
  }
  let client: Database.Database | undefined;
  try {
    client = new Database(file);
    // Before the first write: SQLite gives the -wal and -shm files the mode of the database.
    chmodSync(file, 0o600);
    const result = prepare(client, options, { fresh: seen.fresh, applied: seen.applied, total: known.migrations.length });
    if (!result.ok) client.close();
    return result;
  } catch (error) {
    client?.close();
    return faultOf(error, file);
  }
}
