// Do src/store/schema and migrations/ agree? Fails when drizzle-kit would generate another migration, when the migrated tables are not
// those of the schema, when a table is not STRICT, or when the triggers are not those of src/store/triggers.ts.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { generateSQLiteDrizzleJson, generateSQLiteMigration } from 'drizzle-kit/api';
import { drizzle } from 'drizzle-orm/better-sqlite3';
import { migrate } from 'drizzle-orm/better-sqlite3/migrator';
import * as control from '../src/store/schema/control.ts';
import * as decision from '../src/store/schema/decision.ts';
import * as equity from '../src/store/schema/equity.ts';
import * as holding from '../src/store/schema/holding.ts';
import * as instrument from '../src/store/schema/instrument.ts';
import * as lot from '../src/store/schema/lot.ts';
import * as order from '../src/store/schema/order.ts';
import * as run from '../src/store/schema/run.ts';
import { triggers } from '../src/store/triggers.ts';

/** What drizzle-kit keeps of a schema; opaque to us but for its id. */
interface Snapshot {
  readonly id: string;
}

const schema = { ...run, ...order, ...holding, ...lot, ...decision, ...control, ...equity, ...instrument };
const EMPTY_ID = '00000000-0000-0000-0000-000000000000';

interface Journal {
  readonly entries: readonly { readonly idx: number; readonly tag: string }[];
}

function readJson<T>(file: string): T {
  return JSON.parse(readFileSync(file, 'utf8')) as T;
}

/** The statements that would still be needed to reach the schema. */
async function missingStatements(folder: string): Promise<readonly string[]> {
  const last = readJson<Journal>(join(folder, 'meta/_journal.json')).entries.at(-1);
  if (last === undefined) return ['(the journal is empty)'];
  const snapshot = readJson<Snapshot>(join(folder, 'meta', `${String(last.idx).padStart(4, '0')}_snapshot.json`));
  return generateSQLiteMigration(snapshot, await generateSQLiteDrizzleJson(schema, snapshot.id));
}

/** The CHECK constraints in a table's text, by balanced parentheses, white space aside. */
function checksOf(sql: string): readonly string[] {
  const found: string[] = [];
  for (const match of sql.matchAll(/CONSTRAINT\s+["`](\w+)["`]\s+CHECK\s*\(/g)) {
    let depth = 1;
    let end = match.index + match[0].length;
    while (depth > 0 && end < sql.length) {
      if (sql[end] === '(') depth++;
      if (sql[end] === ')') depth--;
      end++;
    }
    found.push(
      `${match[1] ?? ''}: ${sql
        .slice(match.index + match[0].length, end - 1)
        .replace(/\s+/g, ' ')
        .trim()}`,
    );
  }
  return found.sort();
}

/** Everything a table enforces, as lines that two databases can be compared by. */
function describeTables(db: Database.Database): ReadonlyMap<string, readonly string[]> {
  const tables = db
    .prepare<[], { name: string; sql: string }>(
      `SELECT name, sql FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name NOT GLOB '__*' ORDER BY name`,
    )
    .all();
  const lines = (pragma: string): readonly string[] => (db.pragma(pragma) as readonly unknown[]).map((row) => JSON.stringify(row)).sort();
  return new Map(
    tables.map(({ name, sql }) => {
      const indexes = (db.pragma(`index_list(${name})`) as readonly { name: string; unique: number; origin: string }[]).map(
        (index) => `index ${index.name} ${index.unique} ${index.origin} ${lines(`index_info(${index.name})`).join()}`,
      );
      // A column's place may differ: a later migration adds at the end.
      const columns = (db.pragma(`table_xinfo(${name})`) as readonly { cid: number }[]).map(({ cid: _cid, ...column }) =>
        JSON.stringify(column).toLowerCase(),
      );
      return [name, [...columns.sort(), ...indexes.sort(), ...lines(`foreign_key_list(${name})`), ...checksOf(sql)]];
    }),
  );
}

function differences(what: string, ours: readonly string[], theirs: readonly string[]): readonly string[] {
  return [
    ...theirs.filter((line) => !ours.includes(line)).map((line) => `${what}: the schema has ${line}`),
    ...ours.filter((line) => !theirs.includes(line)).map((line) => `${what}: the migrations make ${line}`),
  ];
}

function compareTables(migrated: Database.Database, wanted: Database.Database): readonly string[] {
  const [ours, theirs] = [describeTables(migrated), describeTables(wanted)];
  return [...new Set([...ours.keys(), ...theirs.keys()])].flatMap((name) =>
    differences(`table ${name}`, ours.get(name) ?? [], theirs.get(name) ?? []),
  );
}

function compareTriggers(migrated: Database.Database): readonly string[] {
  const there = migrated.prepare<[], { sql: string }>(`SELECT sql FROM sqlite_master WHERE type = 'trigger'`).all();
  return differences(
    'triggers',
    there.map((row) => row.sql),
    triggers.map((trigger) => trigger.sql),
  );
}

function looseTables(migrated: Database.Database): readonly string[] {
  return migrated
    .prepare<[], { name: string }>(
      `SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND strict = 0
       AND name NOT LIKE 'sqlite_%' AND name NOT GLOB '__*'`,
    )
    .all()
    .map(({ name }) => `table ${name} is not STRICT: end its CREATE TABLE with ") STRICT;" in the migration`);
}

function tryMigrate(client: Database.Database, folder: string): string | undefined {
  try {
    migrate(drizzle({ client }), { migrationsFolder: folder });
    return undefined;
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const cause = error.cause instanceof Error ? error.cause.message : '';
    return `the migrations fail: ${error.message} ${cause}`;
  }
}

/** Everything on which `folder` and the schema disagree; empty when they agree. */
export async function checkMigrations(folder: string): Promise<readonly string[]> {
  const missing = await missingStatements(folder);
  if (missing.length > 0) return missing.map((statement) => `not in any migration (run: npx drizzle-kit generate): ${statement}`);
  const count = readJson<Journal>(join(folder, 'meta/_journal.json')).entries.length;
  const scratch = mkdtempSync(join(tmpdir(), 'wsb-migrations-'));
  const migrated = new Database(join(scratch, 'migrated.db'));
  const wanted = new Database(':memory:');
  try {
    const failed = tryMigrate(migrated, folder);
    if (failed !== undefined) return [failed];
    const empty = (await generateSQLiteDrizzleJson({}, EMPTY_ID)) as Snapshot;
    for (const statement of await generateSQLiteMigration(empty, await generateSQLiteDrizzleJson(schema, EMPTY_ID))) wanted.exec(statement);
    return [
      ...(count === run.SCHEMA_VERSION
        ? []
        : [`SCHEMA_VERSION is ${run.SCHEMA_VERSION}, but there are ${count} migrations (src/store/schema/run.ts)`]),
      ...compareTables(migrated, wanted),
      ...compareTriggers(migrated),
      ...looseTables(migrated),
    ];
  } finally {
    migrated.close();
    wanted.close();
    rmSync(scratch, { recursive: true, force: true });
  }
}

if (process.argv[1] === import.meta.filename) {
  const found = await checkMigrations(join(import.meta.dirname, '../migrations'));
  for (const line of found) console.error(line);
  console.log(found.length === 0 ? 'migrations and schema agree' : `${found.length} differences`);
  process.exitCode = found.length === 0 ? 0 : 1;
}
