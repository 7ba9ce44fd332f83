// Why a database cannot be used, each with the sentence that says the fix. Returned, never thrown, by everything that opens one.
import Database from 'better-sqlite3';

export const storeFaultCodes = [
  'DB_PATH', // the folder or file is open to others, or on a network file system
  'DB_MISSING', // there is no database to read
  'DB_NOT_OURS', // another program's file, or another history of migrations
  'DB_CORRUPT', // SQLite's own check found damage
  'DB_NEWER', // written by a later version
  'DB_OLDER', // not migrated yet (readers only: the daemon migrates)
  'DB_BUSY', // another process is writing
  'DB_SETTINGS', // the durability settings did not take
  'DB_MIGRATION', // a migration failed and was rolled back
  'DB_IO', // the disk refused
] as const;
export type StoreFaultCode = (typeof storeFaultCodes)[number];

export interface StoreFault {
  readonly code: StoreFaultCode;
  /** What is wrong, with the file's name. */
  readonly message: string;
  /** What to do about it: one sentence. */
  readonly fix: string;
}

export type Faulty = { readonly ok: false; readonly fault: StoreFault };

export const faulty = (code: StoreFaultCode, message: string, fix: string): Faulty => ({ ok: false, fault: { code, message, fix } });

const restore = (file: string): string =>
  `Keep the file: copy ${file} with its -wal and -shm aside, put the newest backup (${file}.before-<n>.bak) in its place and start again; ` +
  `the daemon then squares it with the broker.`;

export const corrupt = (file: string, found: string): Faulty =>
  faulty('DB_CORRUPT', `${file} is damaged: ${found}. Nothing was changed.`, restore(file));

export const notOurs = (file: string, found: string): Faulty =>
  faulty(
    'DB_NOT_OURS',
    `${file} is not this program's database: ${found}. Nothing was changed.`,
    'Point --state-dir at another folder, or move the file away.',
  );

export const newer = (file: string, theirs: number, ours: number): Faulty =>
  faulty(
    'DB_NEWER',
    `${file} was written by a newer version (schema ${theirs}; this version knows ${ours}). Nothing was changed.`,
    `Start the newer version, or restore the backup made before its migration (${file}.before-<n>.bak).`,
  );

/** An error of SQLite or the file system, as a fault; anything else is a bug and is thrown on. */
export function faultOf(error: unknown, file: string): Faulty {
  const code = error instanceof Database.SqliteError || (error instanceof Error && 'code' in error) ? String(error.code) : undefined;
  if (code === undefined) throw error;
  const words = error instanceof Error ? error.message : String(error);
  if (code.startsWith('SQLITE_CORRUPT')) return corrupt(file, words);
  if (code === 'SQLITE_NOTADB') return notOurs(file, words);
  if (code.startsWith('SQLITE_BUSY') || code.startsWith('SQLITE_LOCKED')) {
    return faulty(
      'DB_BUSY',
      `${file} is being written by another process: ${words}.`,
      'Stop the other process (see the lock file beside it), then start again.',
    );
  }
  return faulty(
    'DB_IO',
    `${file} cannot be used: ${words} (${code}).`,
    'Check that the folder exists, belongs to this user and has free space.',
  );
}
