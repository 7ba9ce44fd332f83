// One session of the real process with all ten strategies on: each has traded, or said of every name it was asked about why not.
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, describe, expect, it } from 'vitest';
import type { Gate } from '../../src/domain/decision.ts';
import { strategies } from '../../src/strategies/registry.ts';
import { event, finish, scratch, wsb } from './process.ts';

const MINUTE = 60_000;
/** The market's second day: the exchange begins on the afternoon of the first. */
const DAY = '2026-11-24';
/** A session in less than a minute; the mark of the baseline comes a quarter of an hour after it. */
const SPEED = '400';
const SEED = '1';

interface Said {
  readonly strategy: string;
  readonly subject: string;
  readonly kind: string;
  readonly code: string;
  readonly why: string;
  readonly gates: readonly Gate[];
  readonly count: number;
}

const dir = scratch('day');
afterAll(() => rmSync(dir, { recursive: true, force: true }));

/** What was said of entries on the day. A row about all names at once is no answer about one. */
function entriesOf(db: Database.Database): readonly Said[] {
  const rows = db
    .prepare(
      `SELECT strategy, subject, kind, code, why, gates, count FROM decisions
       WHERE day = ? AND phase = 'entry' AND subject <> '*' ORDER BY strategy, subject, id`,
    )
    .all(DAY) as (Omit<Said, 'gates'> & { readonly gates: string })[];
  return rows.map((row) => ({ ...row, gates: JSON.parse(row.gates) as readonly Gate[] }));
}

/** Orders and executions of the run that opened something, by strategy: the core buys on the first afternoon. */
const openings = (db: Database.Database): ReadonlyMap<string, { readonly orders: number; readonly fills: number }> =>
  new Map(
    (
      db
        .prepare(`SELECT strategy, count(*) AS orders, sum(cum_qty > 0) AS fills FROM orders WHERE purpose IN ('O', 'R') GROUP BY strategy`)
        .all() as { readonly strategy: string; readonly orders: number; readonly fills: number }[]
    ).map(({ strategy, ...counts }) => [strategy, counts]),
  );

/** The names each strategy is configured for, where it has one list of them. */
async function universes(): Promise<ReadonlyMap<string, readonly string[]>> {
  const { stdout } = await finish(['config', 'show', '--json']);
  const { table } = JSON.parse(stdout) as {
    readonly table: { readonly strategies: Readonly<Record<string, { readonly universe?: readonly string[] }>> };
  };
  return new Map(Object.entries(table.strategies).flatMap(([id, { universe }]) => (universe === undefined ? [] : [[id, universe]])));
}

/** The reason said most often, and the test that failed for it, with its numbers. */
function foremost(rows: readonly Said[]): string {
  const counts = new Map<string, { times: number; example: Said }>();
  for (const row of rows) {
    if (row.kind !== 'pass') continue;
    const there = counts.get(row.code);
    if (there === undefined) counts.set(row.code, { times: row.count, example: row });
    else there.times += row.count;
  }
  const [first] = [...counts].sort(([, a], [, b]) => b.times - a.times);
  if (first === undefined) return '';
  const [code, { times, example }] = first;
  const failed = example.gates.find((g) => !g.pass);
  const numbers = failed === undefined ? example.why : `${failed.name}: ${String(failed.observed)} against ${String(failed.threshold)}`;
  return `${code} x${times} (${example.subject}: ${numbers})`;
}

describe('a simulated session', () => {
  it('all ten strategies trade in it, or say precisely why not, name by name', { timeout: 4 * MINUTE }, async () => {
    const run = wsb(['run', '--state-dir', dir, '--seed', SEED, '--speed', SPEED, '--until', `${DAY}T17:00`]);
    const { code } = await run.exited;
    expect(code, run.stderr()).toBe(0);
    expect(run.lines.filter(event('strategy.failed'))).toEqual([]);
    expect((await finish(['db', 'check', '--state-dir', dir])).stdout).toBe('0 violations');

    const listed = await universes();
    const db = new Database(join(dir, 'ledger.sqlite'), { readonly: true });
    const said = entriesOf(db);
    const opened = openings(db);
    db.close();
    const table = strategies.map(({ id }) => {
      const rows = said.filter((row) => row.strategy === id);
      const names = [...new Set(rows.map((row) => row.subject))];
      const { orders, fills } = opened.get(id) ?? { orders: 0, fills: 0 };
      const unsaid = (listed.get(id) ?? []).filter((name) => !names.includes(name));
      // Whatever was passed over was passed over for a test that failed, with what was asked and what was seen.
      const bare = rows.filter((row) => row.kind === 'pass' && (row.why === '' || !row.gates.some((g) => !g.pass)));
      return {
        id,
        names: names.length,
        orders,
        fills,
        unsaid,
        bare: bare.map((row) => `${row.subject} ${row.code}`),
        foremost: foremost(rows),
      };
    });
    console.table(
      Object.fromEntries(table.map(({ id, names, orders, fills, foremost: most }) => [id, { names, orders, fills, foremost: most }])),
    );
    for (const row of table) {
      if (row.fills > 0) continue;
      expect(row.names, `${row.id} said nothing of any name`).toBeGreaterThan(0);
      expect(row.unsaid, `${row.id} said nothing of these`).toEqual([]);
      expect(row.bare, `${row.id} gave no test that failed`).toEqual([]);
    }
    expect(table.filter((row) => row.fills > 0).length, 'strategies with a fill').toBeGreaterThanOrEqual(2);
  });

  it('is marked: the baseline says how each of the nine stands, at penalised prices', () => {
    const db = new Database(join(dir, 'ledger.sqlite'), { readonly: true });
    const rows = db
      .prepare(`SELECT DISTINCT subject FROM decisions WHERE strategy = 'base' AND phase = 'daily' AND gates LIKE '%penalised%'`)
      .all() as { readonly subject: string }[];
    db.close();
    const others = strategies.map((s): string => s.id).filter((id) => id !== 'base');
    expect(rows.map((row) => row.subject).sort()).toEqual(others.sort());
  });
});
