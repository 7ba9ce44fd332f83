import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { storeFaultCodes } from '../../../src/store/fault.ts';
import { ledgerFile, running } from './fixture.ts';

const page = readFileSync(join(import.meta.dirname, '../../../docs/database.md'), 'utf8');
/** The words in the first column of every table of the page. */
const named = [...page.matchAll(/^\| `(\w+)` +\|/gm)].map((match) => match[1] ?? '');

describe('docs/database.md', () => {
  it('describes every table, and no other', () => {
    const file = ledgerFile();
    running(file);
    const db = new Database(file, { readonly: true });
    const tables = db
      .prepare<[], { name: string }>(
        `SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT GLOB '__*' AND name NOT LIKE 'sqlite%'`,
      )
      .all();
    db.close();
    const section = page.slice(page.indexOf('## Tables'), page.indexOf('Cash is not stored'));
    const described = [...section.matchAll(/^\| `(\w+)` +\|/gm)].map((match) => match[1] ?? '');
    expect(described.sort()).toEqual(tables.map((table) => table.name).sort());
  });

  it('describes every fault, and no other', () => {
    expect(named.filter((word) => word.startsWith('DB_')).sort()).toEqual([...storeFaultCodes].sort());
  });
});
