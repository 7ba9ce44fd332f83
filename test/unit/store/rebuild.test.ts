// The state tables, deleted, poisoned or turned about, come back from the journal as they were, row by row.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { symbol } from '../../../src/domain/ids.ts';
import { usd } from '../../../src/domain/money.ts';
import { tradingDay } from '../../../src/domain/time.ts';
import { ledgerLaws } from '../../../src/execution/laws.ts';
import { checkDatabase } from '../../../src/store/check.ts';
import { compareRebuilt, rebuildDatabase } from '../../../src/store/rebuild.ts';
import { triggers } from '../../../src/store/triggers.ts';
import { put, shortPuts } from '../engine/scenes.ts';
import { micros } from '../risk/contexts.ts';
import { folder, ledgerFile, running } from './fixture.ts';

const TABLES = ['orders', 'trades', 'lots', 'positions', 'cycles', 'closures', 'exit_rules', 'fills', 'ledger'];

/** Every row of the books, in order. */
function rows(file: string): unknown {
  const db = new Database(file, { readonly: true });
  const found = TABLES.map((table) => [table, db.prepare(`SELECT * FROM ${table} ORDER BY 1, 2`).all()]);
  db.close();
  return found;
}
/** A hand that got past the triggers, which stand again afterwards. */
function poisoned(file: string, sql: string): void {
  const db = new Database(file);
  db.pragma('foreign_keys = OFF');
  for (const { name } of triggers) db.exec(`DROP TRIGGER ${name}`);
  db.exec(sql);
  for (const trigger of triggers) db.exec(trigger.sql);
  db.close();
}
/**
 * What an engine wrote of shares that were split, sold in part and bought again, of puts of which one was assigned and the rest were
 * split, of a dividend, a deposit, and an order that was taken back.
 */
function story(): string {
  const w = shortPuts(3);
  w.desk.move(put, 1);
  w.desk.move('ABC', 100, -5_000);
  w.reconcile();
  w.reconcile();
  const day = { day: tradingDay('2026-03-10') };
  w.desk.move('ABC', 100);
  w.desk.move(put, 2);
  w.desk.move('ABC260417P00025000', -4);
  w.desk.book({ ...day, id: '20260310000000000::a', type: 'SPLIT', symbol: symbol('ABC'), qty: 100 });
  w.desk.book({ ...day, id: '20260310000000000::b', type: 'OPCA', symbol: symbol(put), qty: 2 });
  w.desk.book({ ...day, id: '20260310000000000::c', type: 'OPCA', symbol: symbol('ABC260417P00025000'), qty: -4 });
  w.desk.move('XYZ', 5, -60);
  w.desk.cash += micros(150);
  w.desk.book({ ...day, id: '20260310000000000::d', type: 'DIV', symbol: symbol('ABC'), qty: 200, netAmount: usd(micros(50)) });
  w.desk.book({ ...day, id: '20260310000000000::e', type: 'CSD', netAmount: usd(micros(100)) });
  w.reconcile();
  w.reconcile();
  w.advance(61_000);
  w.reconcile();
  const file = ledgerFile();
  const store = running(file);
  for (const turn of w.turns) store.commit(turn);
  store.close();
  return file;
}
const differences = (file: string): readonly string[] => {
  const found = compareRebuilt(file, ledgerLaws);
  if (!found.ok) throw new Error(found.fault.message);
  return found.differences.map((d) => `${d.table} ${d.where}: ${d.what}`);
};

describe('db rebuild', () => {
  it('finds a sound ledger as the journal has it, and changes no row of it', () => {
    const file = story();
    const before = rows(file);
    expect(differences(file)).toEqual([]);
    const done = rebuildDatabase(file, ledgerLaws);
    expect(done.ok ? '' : done.fault.message).toBe('');
    expect(done).toMatchObject({ ok: true, differences: [], copy: `${file}.before-rebuild.bak` });
    expect(rows(file)).toEqual(before);
  });

  it.each([
    ['deleted', 'DELETE FROM positions; DELETE FROM cycles; DELETE FROM lots; DELETE FROM trades'],
    [
      'with other figures',
      'UPDATE positions SET qty = 2 * qty, cost = 7; UPDATE lots SET qty_left = qty, cash_left = 5; UPDATE cycles SET premium = 1, stock = 2',
    ],
    [
      'with orders that say otherwise',
      `UPDATE orders SET state = 'working', cum_qty = 0, cum_cash = 0, fills = '[]', attempts = 9, broker_id = NULL, reason = 'x', closed_at = NULL, reserve = 0`,
    ],
    ['with rows of nobody', `INSERT INTO cycles SELECT 'dip', underlying, started_day, 1, 2, 3, NULL, seq FROM cycles LIMIT 1`],
  ])('brings back what was %s', (_name, sql) => {
    const file = story();
    const before = rows(file);
    poisoned(file, sql);
    expect(rows(file)).not.toEqual(before);
    expect(differences(file).length).toBeGreaterThan(0);
    expect(rebuildDatabase(file, ledgerLaws)).toMatchObject({ ok: true });
    expect(rows(file)).toEqual(before);
    expect(checkDatabase(file, ledgerLaws)).toEqual({ ok: true, violations: [] });
    expect(existsSync(`${file}.before-rebuild.bak`)).toBe(true);
  });

  it('writes into another file when told to, and leaves the one it read', () => {
    const file = story();
    const whole = rows(file);
    poisoned(file, 'DELETE FROM positions');
    const before = rows(file);
    const into = join(folder(), 'fresh.sqlite');
    expect(rebuildDatabase(file, ledgerLaws, into)).toMatchObject({ ok: true, copy: into });
    expect(rows(file)).toEqual(before);
    expect(rows(into)).toEqual(whole);
    expect(rebuildDatabase(file, ledgerLaws, into)).toMatchObject({ ok: false, fault: { code: 'DB_PATH' } });
  });

  it('says what differs, column by column', () => {
    const file = story();
    poisoned(file, `UPDATE positions SET qty = 11 WHERE symbol = 'XYZ'`);
    expect(differences(file)).toEqual(['positions EXTERNAL XYZ: qty 11, the journal says 5']);
  });

  it('touches nothing when a closure, which is journal, does not follow from what is in it', () => {
    const file = story();
    poisoned(file, `INSERT INTO closures SELECT id, 'made up', 'adjust', 1, '2026-03-09', 1, 0, 0, NULL, seq FROM lots LIMIT 1`);
    const before = rows(file);
    expect(rebuildDatabase(file, ledgerLaws)).toMatchObject({ ok: false, fault: { code: 'DB_CORRUPT' } });
    expect(rows(file)).toEqual(before);
  });

  it('says there is no database where there is none', () => {
    expect(rebuildDatabase(ledgerFile(), ledgerLaws)).toMatchObject({ ok: false, fault: { code: 'DB_MISSING' } });
  });
});
