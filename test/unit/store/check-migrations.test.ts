import { cpSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkMigrations } from '../../../scripts/check-migrations.ts';
import { folder, migrationsDir } from './fixture.ts';

/** A copy of the migrations after an edit. */
function edited(name: string, edit: (sql: string) => string): string {
  const copy = join(folder(), 'migrations');
  cpSync(migrationsDir, copy, { recursive: true });
  const file = join(copy, name);
  const before = readFileSync(file, 'utf8');
  const after = edit(before);
  expect(after).not.toBe(before);
  writeFileSync(file, after);
  return copy;
}

const lastSnapshot = readdirSync(join(migrationsDir, 'meta'))
  .filter((name) => name.endsWith('_snapshot.json'))
  .sort()
  .at(-1);

describe('the migration check', () => {
  it('is content with what is committed', async () => {
    expect(await checkMigrations(migrationsDir)).toEqual([]);
  });

  it.each([
    [
      'a column of the schema without a migration',
      `meta/${lastSnapshot ?? ''}`,
      (text: string) => text.replace(/"seed": \{[^}]*\},?/, ''),
      /not in any migration.*seed/s,
    ],
    [
      'a dropped column',
      '0000_ledger.sql',
      (sql: string) => sql.replace('\t`node` text NOT NULL,\n', ''),
      /table runs: the schema has .*node/,
    ],
    [
      'a loosened check',
      '0000_ledger.sql',
      (sql: string) => sql.replace('cum_qty BETWEEN 0 AND qty', 'cum_qty >= 0'),
      /table orders: the schema has orders_cumulative/,
    ],
    [
      'a lost index',
      '0000_ledger.sql',
      (sql: string) => sql.replace(/CREATE INDEX `fills_by_day`[^;]*;/, 'SELECT 1;'),
      /table fills: the schema has index fills_by_day/,
    ],
    ['a table that is not strict', '0000_ledger.sql', (sql: string) => sql.replace(') STRICT;', ');'), /is not STRICT/],
    [
      'a lost trigger',
      '0001_guards.sql',
      (sql: string) => sql.replace(/CREATE TRIGGER fills_no_delete[^\n]*/, 'SELECT 1;'),
      /triggers: the schema has CREATE TRIGGER fills_no_delete/,
    ],
  ])('finds %s', async (_name, file, edit, words) => {
    expect((await checkMigrations(edited(file, edit))).join('\n')).toMatch(words);
  });
});
