import { createHash } from 'node:crypto';
import { chmodSync, cpSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { openStore, sqliteIsRecent } from '../../../src/store/open.ts';
import { networkFileSystem } from '../../../src/store/private-folder.ts';
import { APPLICATION_ID, SCHEMA_VERSION } from '../../../src/store/schema/run.ts';
import { folder, ledgerFile, migrationsDir, noon, open, running, today, tryOpen, turn } from './fixture.ts';

const digest = (file: string): string => createHash('sha256').update(readFileSync(file)).digest('hex');
const mode = (path: string): string => (statSync(path).mode & 0o777).toString(8);

function codeOf(file: string): string {
  const result = tryOpen(file);
  if (result.ok) {
    result.store.close();
    return 'ok';
  }
  expect(result.fault.message).toContain(file);
  expect(result.fault.fix).toMatch(/[.:*\w]$/);
  return result.fault.code;
}

/** A closed, sound ledger with one turn in it. */
function soundFile(): string {
  const file = ledgerFile();
  const store = running(file);
  store.commit(turn(1));
  store.endRun(0, true, 'test');
  store.close();
  return file;
}

/** A copy of the migrations with one more at the end. */
function extendedMigrations(sql: string): string {
  const copy = join(folder(), 'migrations');
  cpSync(migrationsDir, copy, { recursive: true });
  const journalFile = join(copy, 'meta/_journal.json');
  const journal = JSON.parse(readFileSync(journalFile, 'utf8')) as {
    entries: { idx: number; when: number; tag: string; version: string; breakpoints: boolean }[];
  };
  const last = journal.entries.at(-1);
  if (last === undefined) throw new Error('no migrations');
  journal.entries.push({ ...last, idx: last.idx + 1, when: last.when + 1000, tag: '9999_next' });
  writeFileSync(journalFile, JSON.stringify(journal));
  writeFileSync(join(copy, '9999_next.sql'), sql);
  return copy;
}

describe('opening', () => {
  it('makes the folder 0700 and the files 0600', () => {
    const file = join(folder(), 'state', 'sim', 'ledger.db');
    running(file).commit(turn(1));
    expect(mode(dirname(file))).toBe('700');
    for (const name of readdirSync(dirname(file))) expect(`${name} ${mode(join(dirname(file), name))}`).toBe(`${name} 600`);
    expect(readdirSync(dirname(file))).toContain('ledger.db-wal');
  });

  it('leaves a file of ours in WAL, at the schema of this version, and every table strict', () => {
    const file = soundFile();
    const db = new Database(file, { readonly: true });
    expect(db.pragma('journal_mode', { simple: true })).toBe('wal');
    expect(db.pragma('application_id', { simple: true })).toBe(APPLICATION_ID);
    expect(db.pragma('user_version', { simple: true })).toBe(SCHEMA_VERSION);
    const loose = db.prepare<[], { name: string }>(`SELECT name FROM pragma_table_list WHERE strict = 0 AND schema = 'main'`).all();
    expect(loose.map((t) => t.name).filter((name) => !name.startsWith('sqlite_'))).toEqual(['__drizzle_migrations']);
    db.close();
  });

  it('opens again without migrating and finds what was written', () => {
    const file = soundFile();
    const again = tryOpen(file);
    expect(again).toMatchObject({ ok: true, migrated: 0, backup: null });
    if (!again.ok) return;
    expect(again.store.load(today).lastSeq).toBe(1);
    again.store.close();
  });

  it('recovers the committed turns of a process that never closed', () => {
    const file = ledgerFile();
    running(file).commit(turn(1));
    const copy = join(folder(), 'ledger.db');
    for (const suffix of ['', '-wal']) cpSync(file + suffix, copy + suffix);
    expect(open(copy).load(today).lastSeq).toBe(1);
  });

  it('keeps every acknowledged turn when power fails: garbage behind the acknowledged log changes nothing', () => {
    const file = ledgerFile();
    const store = running(file);
    store.commit(turn(1));
    const copy = join(folder(), 'ledger.db');
    cpSync(file, copy);
    const log = readFileSync(`${file}-wal`);
    store.commit(turn(2));
    const unacknowledged = readFileSync(`${file}-wal`).subarray(log.length, log.length + 1000);
    writeFileSync(`${copy}-wal`, Buffer.concat([log, unacknowledged]));
    expect(open(copy).load(today).lastSeq).toBe(1);
  });

  it.each([
    ['3.49.9', false],
    ['3.50.0', true],
    ['3.53.2', true],
    ['4.0.0', true],
    ['2.99.0', false],
    ['nonsense', false],
  ])('judges SQLite %s', (text, recent) => {
    expect(sqliteIsRecent(text)).toBe(recent);
  });

  it('knows a network file system from a local one', () => {
    expect(networkFileSystem(0x6969)).toBe('NFS');
    expect(networkFileSystem(0xfe534d42 | 0)).toBe('SMB2');
    expect(networkFileSystem(0xef53)).toBeUndefined();
  });
});

describe('refusals', () => {
  it('names an SQLite file that is damaged, and leaves it as it is', () => {
    const file = soundFile();
    const bytes = readFileSync(file);
    bytes.fill(0xa5, 4096, 4096 * 6);
    writeFileSync(file, bytes);
    const before = digest(file);
    expect(codeOf(file)).toBe('DB_CORRUPT');
    expect(digest(file)).toBe(before);
  });

  it('names a file that is no database, and leaves it as it is', () => {
    const file = ledgerFile();
    writeFileSync(file, 'Dear diary, today I bought calls.\n'.repeat(100), { mode: 0o600 });
    const before = digest(file);
    expect(codeOf(file)).toBe('DB_NOT_OURS');
    expect(digest(file)).toBe(before);
  });

  it("names another program's database, and leaves it as it is", () => {
    const file = ledgerFile();
    const other = new Database(file);
    other.exec('CREATE TABLE recipes (name TEXT)');
    other.close();
    chmodSync(file, 0o600);
    const before = digest(file);
    expect(codeOf(file)).toBe('DB_NOT_OURS');
    expect(digest(file)).toBe(before);
  });

  it('names a newer database, says the fix, and leaves it as it is', () => {
    const file = soundFile();
    const next = openStore({ file, migrationsDir: extendedMigrations('CREATE TABLE next (x INTEGER) STRICT;'), now: Date.now });
    expect(next.ok).toBe(true);
    if (next.ok) next.store.close();
    const before = digest(file);
    const result = tryOpen(file);
    expect(result).toMatchObject({ ok: false, fault: { code: 'DB_NEWER' } });
    if (!result.ok) expect(result.fault.fix).toMatch(/newer version/);
    expect(digest(file)).toBe(before);
  });

  it('names a database whose history is not ours', () => {
    const file = soundFile();
    const db = new Database(file);
    db.exec(`UPDATE __drizzle_migrations SET hash = 'another' WHERE created_at = (SELECT min(created_at) FROM __drizzle_migrations)`);
    db.close();
    expect(codeOf(file)).toBe('DB_NOT_OURS');
  });

  it('refuses a folder others can enter', () => {
    const path = join(folder(), 'open');
    mkdirSync(path);
    chmodSync(path, 0o755);
    const result = tryOpen(join(path, 'ledger.db'));
    expect(result).toMatchObject({ ok: false, fault: { code: 'DB_PATH', fix: `Run: chmod 700 ${path}` } });
    expect(readdirSync(path)).toEqual([]);
  });

  it('refuses a file others can read', () => {
    const file = soundFile();
    chmodSync(file, 0o644);
    expect(codeOf(file)).toBe('DB_PATH');
  });

  it('says so when another process is writing', () => {
    const file = soundFile();
    const other = new Database(file);
    other.exec('BEGIN IMMEDIATE');
    expect(codeOf(file)).toBe('DB_BUSY');
    other.close();
  });

  it('says so when the migrations folder is missing', () => {
    const result = openStore({ file: ledgerFile(), migrationsDir: join(folder(), 'nowhere'), now: Date.now });
    expect(result).toMatchObject({ ok: false, fault: { code: 'DB_MIGRATION' } });
  });
});

describe('migrating', () => {
  it('copies the database first, whole and private', () => {
    const file = soundFile();
    const result = openStore({ file, migrationsDir: extendedMigrations('CREATE TABLE next (x INTEGER) STRICT;'), now: () => noon });
    expect(result).toMatchObject({ ok: true, migrated: 1, backup: `${file}.before-${SCHEMA_VERSION + 1}.bak` });
    if (!result.ok || result.backup === null) return;
    result.store.close();
    expect(mode(result.backup)).toBe('600');
    const copy = open(result.backup);
    expect(copy.load(today).lastSeq).toBe(1);
  });

  it('makes no copy of a database that does not exist yet', () => {
    const file = ledgerFile();
    const result = tryOpen(file);
    expect(result).toMatchObject({ ok: true, migrated: SCHEMA_VERSION, backup: null });
    if (result.ok) result.store.close();
    expect(readdirSync(dirname(file)).filter((name) => name.endsWith('.bak'))).toEqual([]);
  });

  it('rolls a failing migration back whole and points at the copy', () => {
    const file = soundFile();
    const failing = extendedMigrations('CREATE TABLE next (x INTEGER) STRICT;\n--> statement-breakpoint\nINSERT INTO nowhere VALUES (1);');
    const result = openStore({ file, migrationsDir: failing, now: () => noon });
    expect(result).toMatchObject({ ok: false, fault: { code: 'DB_MIGRATION' } });
    if (!result.ok) expect(result.fault.fix).toContain(`${file}.before-${SCHEMA_VERSION + 1}.bak`);
    expect(existsSync(`${file}.before-${SCHEMA_VERSION + 1}.bak`)).toBe(true);
    const old = tryOpen(file);
    expect(old).toMatchObject({ ok: true, migrated: 0 });
    if (old.ok) old.store.close();
    const db = new Database(file, { readonly: true });
    expect(db.prepare(`SELECT 1 FROM sqlite_master WHERE name = 'next'`).get()).toBeUndefined();
    db.close();
  });
});
