// One daemon to a state directory: an SQLite file held in BEGIN EXCLUSIVE for life, which the kernel frees on any death.
//
// Nothing in this process may open the lock file by other means: closing any descriptor of a file drops the process's locks on it.
// The holder's facts are in a file beside it, for the loser's message only; they decide nothing, since a killed holder leaves them behind.
import { chmodSync, existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import Database from 'better-sqlite3';

export interface LockHolder {
  readonly pid: number;
  readonly host: string;
  /** Wall clock, UTC milliseconds. */
  readonly startedAt: number;
  /** Of its run; null until it has opened its ledger. */
  readonly epoch: number | null;
  /** Where it serves its control API; null until it does, or when it cannot. */
  readonly url: string | null;
}

export interface HeldLock {
  readonly ok: true;
  /** Adds the run's epoch, and where it can be reached, to what others are told. */
  describe(epoch: number, url: string | null): void;
  release(): void;
}
/** `holder` is null when the lock is held but its holder has not yet said who it is. */
export type LockResult = HeldLock | { readonly ok: false; readonly holder: LockHolder | null };

/** Long enough to outlast a `lockHolder` look, short enough for a prompt refusal. */
const BUSY_MS = 200;

const factsFile = (path: string): string => `${path}.holder.json`;

function isHolder(value: unknown): value is LockHolder {
  if (typeof value !== 'object' || value === null) return false;
  const facts = value as Partial<Record<keyof LockHolder, unknown>>;
  return (
    typeof facts.pid === 'number' &&
    typeof facts.host === 'string' &&
    typeof facts.startedAt === 'number' &&
    (facts.epoch === null || typeof facts.epoch === 'number') &&
    (facts.url === null || typeof facts.url === 'string')
  );
}

function readFacts(path: string): LockHolder | null {
  try {
    const value: unknown = JSON.parse(readFileSync(factsFile(path), 'utf8'));
    return isHolder(value) ? value : null;
  } catch {
    return null; // absent, or not yet whole: the lock itself does not depend on it
  }
}

function writeFacts(path: string, holder: LockHolder): void {
  const part = `${factsFile(path)}.${process.pid}.part`;
  writeFileSync(part, `${JSON.stringify(holder)}\n`, { mode: 0o600 });
  renameSync(part, factsFile(path));
}

const isBusy = (error: unknown): boolean => error instanceof Database.SqliteError && error.code.startsWith('SQLITE_BUSY');

/**
 * Takes the lock, or says who has it; waits at most 0.2 s. The folder must exist.
 * @throws what SQLite throws for a path that cannot be opened
 */
export function takeLock(path: string, now: () => number = Date.now): LockResult {
  const client = new Database(path, { timeout: BUSY_MS });
  try {
    chmodSync(path, 0o600);
    client.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    client.close();
    if (isBusy(error)) return { ok: false, holder: readFacts(path) };
    throw error;
  }
  const holder: LockHolder = { pid: process.pid, host: hostname(), startedAt: now(), epoch: null, url: null };
  writeFacts(path, holder);
  return {
    ok: true,
    describe: (epoch, url) => writeFacts(path, { ...holder, epoch, url }),
    release: () => {
      if (!client.open) return;
      rmSync(factsFile(path), { force: true });
      client.close();
    },
  };
}

export type LockState = { readonly held: false } | { readonly held: true; readonly holder: LockHolder | null };

/** Whether a daemon lives here, without taking its place. Does not create the file. */
export function lockState(path: string): LockState {
  if (!existsSync(path)) return { held: false };
  const client = new Database(path, { readonly: true, timeout: 0 });
  try {
    client.prepare('SELECT count(*) FROM sqlite_master').get();
    return { held: false };
  } catch (error) {
    if (isBusy(error)) return { held: true, holder: readFacts(path) };
    throw error;
  } finally {
    client.close();
  }
}
