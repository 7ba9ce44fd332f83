// A look at a database before anyone writes to it: is it ours, sound, and of a version we know? Read-only.
import { existsSync, statSync } from 'node:fs';
import Database from 'better-sqlite3';
import { readMigrationFiles } from 'drizzle-orm/migrator';
import { corrupt, type Faulty, faultOf, faulty, newer, notOurs } from './fault.ts';
import { APPLICATION_ID } from './schema/run.ts';

export interface Migration {
  readonly hash: string;
  readonly createdAt: number;
}

export type Inspection =
  | { readonly ok: true; readonly fresh: boolean /** Migrations already in the file. */; readonly applied: number }
  | Faulty;

/** The migrations of a folder, in order; a fault when the folder holds none. */
export function knownMigrations(folder: string): { readonly ok: true; readonly migrations: readonly Migration[] } | Faulty {
  try {
    return {
      ok: true,
      migrations: readMigrationFiles({ migrationsFolder: folder }).map((m) => ({ hash: m.hash, createdAt: m.folderMillis })),
    };
  } catch (error) {
    const words = error instanceof Error ? error.message : String(error);
    return faulty(
      'DB_MIGRATION',
      `${folder} holds no migrations: ${words}.`,
      'Install the program again: its migrations folder is incomplete.',
    );
  }
}

/** The migrations a file says it has had, oldest first. */
export function appliedMigrations(client: Database.Database): readonly Migration[] {
  const table = client.prepare(`SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = '__drizzle_migrations'`).get();
  if (table === undefined) return [];
  return client.prepare<[], Migration>('SELECT hash, created_at AS createdAt FROM __drizzle_migrations ORDER BY created_at').all();
}

function compareHistory(file: string, applied: readonly Migration[], known: readonly Migration[]): Faulty | undefined {
  const last = known.at(-1)?.createdAt ?? 0;
  for (const [i, migration] of applied.entries()) {
    if (known[i]?.hash === migration.hash) continue;
    if (Number(migration.createdAt) > last) return newer(file, applied.length, known.length);
    return notOurs(file, `its migration ${i + 1} is not the one this version was built with`);
  }
  return undefined;
}

function inspectOpen(client: Database.Database, file: string, known: readonly Migration[]): Inspection {
  const found = client.pragma('quick_check(1)', { simple: true });
  if (found !== 'ok') return corrupt(file, String(found));
  const tables = client.prepare<[], { n: number }>('SELECT count(*) AS n FROM sqlite_master').get()?.n ?? 0;
  const id = client.pragma('application_id', { simple: true });
  if (tables === 0 && (id === 0 || id === APPLICATION_ID)) return { ok: true, fresh: true, applied: 0 };
  if (id !== APPLICATION_ID) return notOurs(file, 'it is an SQLite database of another program');
  const applied = appliedMigrations(client);
  return compareHistory(file, applied, known) ?? { ok: true, fresh: false, applied: applied.length };
}

/** Looks at `file` without changing it. A missing or empty file is fresh. */
export function inspect(file: string, known: readonly Migration[]): Inspection {
  try {
    if (!existsSync(file) || statSync(file).size === 0) return { ok: true, fresh: true, applied: 0 };
    const client = new Database(file, { readonly: true, fileMustExist: true });
    try {
      return inspectOpen(client, file, known);
    } finally {
      client.close();
    }
  } catch (error) {
    return faultOf(error, file);
  }
}
