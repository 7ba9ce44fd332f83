// Lots and trades on a real file: what an engine booked is what the next one starts from, and every tampered figure is found.
import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { strategyId, symbol } from '../../../src/domain/ids.ts';
import { usd } from '../../../src/domain/money.ts';
import { tradingDay } from '../../../src/domain/time.ts';
import { ledgerLaws } from '../../../src/execution/laws.ts';
import { checkDatabase } from '../../../src/store/check.ts';
import { tradesSince } from '../../../src/store/queries.ts';
import { openReader } from '../../../src/store/reader.ts';
import { replay } from '../../../src/store/replay.ts';
import { call, holding, put, shortPuts, working } from '../engine/scenes.ts';
import type { EngineWorld } from '../engine/world.ts';
import { buy, cover, micros, sell, write } from '../risk/contexts.ts';
import { ledgerFile, open, running } from './fixture.ts';

const wheel = strategyId('wheel');

/** Writes all that an engine said so far to a file, and closes it. */
function written(w: EngineWorld): string {
  const file = ledgerFile();
  const store = running(file);
  for (const turn of w.turns) store.commit(turn);
  store.close();
  return file;
}
function violations(file: string): readonly string[] {
  const result = checkDatabase(file, ledgerLaws);
  return result.ok ? result.violations.map((v) => `${v.rule} ${v.where}: ${v.what}`) : [result.fault.code];
}
function fillWhole(w: EngineWorld, at: number): void {
  const order = working(w);
  w.fill(order.id, order.qty, at);
}

/** A wheel's week: two puts sold, one assigned, a call sold against its shares and assigned too, the other put bought back. */
function week(): EngineWorld {
  const w = shortPuts(2);
  w.desk.move(put, 1);
  w.desk.move('ABC', 100, -5_000);
  w.reconcile();
  w.take('reconcile');
  w.open({ ...write(call, 1.02), thesis: { basis: 48.98, rolls: [] } });
  fillWhole(w, 1.02);
  w.desk.move(call, 1);
  w.desk.move('ABC', -100, 5_500);
  w.reconcile();
  w.advance(61_000);
  w.reconcile();
  w.close({ ...cover(put, 1.05), code: 'TARGET' });
  fillWhole(w, 0.4);
  return w;
}

describe('a ledger of lots', () => {
  it.each([
    ['a wheel that turned once', week],
    ['shares in two lots, sold in part', sharesInParts],
    ['an option half of which was assigned', halfAssigned],
  ])('of %s gives back lots, trades and decisions as the engine had them', (_name, play) => {
    const w = play();
    const file = written(w);
    const loaded = open(file).load(tradingDay('2026-03-10'));
    const kept = w.ledger.loaded();
    expect(loaded.lots).toEqual(kept.lots);
    expect(loaded.trades).toEqual(kept.trades);
    expect(loaded.decided).toEqual(kept.decided);
    w.tick('manage', []);
    expect(loaded.penalties).toEqual(w.script.seen?.book.penalties);
    expect(loaded.penalties.size).toBeGreaterThan(0);
    expect(loaded.trades.length).toBeGreaterThan(0);
    expect(violations(file)).toEqual([]);
    const opened = openReader(file);
    if (!opened.ok) throw new Error(opened.fault.message);
    const rebuilt = replay(opened.reader, ledgerLaws);
    opened.reader.close();
    expect(new Map([...rebuilt.lots].map(([id, { now }]) => [id, now]))).toEqual(w.ledger.lots);
    expect(rebuilt.closures.map(({ now }) => now)).toEqual(w.ledger.closures);
    expect(new Map([...rebuilt.trades].map(([id, { now }]) => [id, now]))).toEqual(w.ledger.trades);
  });

  it('goes on from the file: the next run closes what this one opened', () => {
    const w = sharesInParts();
    w.crash();
    w.ready();
    w.advance(61_000);
    w.close({ ...sell('ABC', 9.9, 9), code: 'STOP' });
    fillWhole(w, 9.9);
    const file = written(w);
    expect(violations(file)).toEqual([]);
    const { lots, trades } = open(file).load(tradingDay('2026-03-10'));
    expect(lots).toEqual([]);
    expect(trades.map((t) => t.exit)).toEqual(['STOP', 'STOP']);
  });

  it('starts without trades that were closed more than 45 days ago', () => {
    const store = open(written(week()));
    expect(store.load(tradingDay('2026-04-24')).trades).toHaveLength(2);
    expect(store.load(tradingDay('2026-04-25')).trades).toEqual([]);
  });
});

function sharesInParts(): EngineWorld {
  const w = holding(10);
  w.open({ ...buy('ABC', 10, 7), key: 'again', thesis: null });
  fillWhole(w, 9.97);
  w.close({ ...sell('ABC', 9.99, 8), code: 'SCALE_OUT' });
  fillWhole(w, 9.99);
  return w;
}
function halfAssigned(): EngineWorld {
  const w = shortPuts(2);
  w.desk.move(put, 1);
  w.desk.move('ABC', 100, -5_000);
  w.reconcile();
  return w;
}

describe('db check', () => {
  /** The file after a hand that got past the triggers. */
  function tampered(sql: string): string {
    const file = written(sharesInParts());
    const db = new Database(file);
    const guards = db.prepare<[], { name: string; sql: string }>(`SELECT name, sql FROM sqlite_master WHERE type = 'trigger'`).all();
    db.pragma('foreign_keys = OFF');
    for (const { name } of guards) db.exec(`DROP TRIGGER ${name}`);
    db.exec(sql);
    for (const guard of guards) db.exec(guard.sql);
    db.close();
    return file;
  }

  it.each([
    [
      'a lot that lost a unit',
      'UPDATE lots SET qty_left = qty_left - 1 WHERE qty_left > 2',
      [/^holding base ABC: 9 held, lots have 8 left/, /^lot /, /^trade .*held/],
    ],
    [
      'a lot whose cash moved',
      'UPDATE lots SET cash_left = cash_left + 1 WHERE qty_left > 2',
      [/^lot .*closed and left make/, /^lot .*the table says/, /^trade .*held/],
    ],
    ['a lot in another trade', 'UPDATE lots SET trade_id = NULL WHERE qty_left > 2', [/^lot .*in no trade/, /^trade .*held/]],
    ['a lot of another day', `UPDATE lots SET opened_day = '2026-03-09' WHERE qty_left > 2`, [/^lot .*since 2026-03-09/]],
    ['a lost closure', 'DELETE FROM closures', [/^lot .*closed and left make/, /^closure .*the table says nothing/, /^trade .*realized/]],
    ['a closure that brought more', 'UPDATE closures SET realized = realized + 5, cash = cash + 5', [/^closure /, /^trade .*realized/]],
    ['a closure with another reason', `UPDATE closures SET code = 'TARGET'`, [/^closure .*SCALE_OUT/]],
    ['a trade that brought more', 'UPDATE trades SET realized = realized + 1', [/^trade .*realized: -79999, its lots amount to -80000/]],
    ['a trade with more units', 'UPDATE trades SET units = units + 1', [/^trade .*units: 11, its lots amount to 10/]],
    ['a trade that holds another leg', `UPDATE trades SET held = replace(held, '"qty":2', '"qty":3')`, [/^trade .*held: 3 ABC/]],
    [
      'a trade that is said to be over',
      `UPDATE trades SET closed_at = 5, closed_day = '2026-03-10', exit = 'STOP'`,
      [/^trade .*exit: STOP/],
    ],
    [
      'a lot nobody bought',
      `INSERT INTO lots SELECT 'x', owner, symbol, underlying, instrument, NULL, origin, opened_at, opened_day, opened_seq, 1, 0, 0, 0, seq
      FROM lots LIMIT 1`,
      [/^lot x: opened 1, closed and left make 0/, /^lot x: .*amount to nothing/],
    ],
  ])('finds %s', (_name, sql, expected) => {
    const found = violations(tampered(sql));
    for (const words of expected) expect(found).toEqual(expect.arrayContaining([expect.stringMatching(words)]));
    expect(new Set(found.map((line) => line.split(' ')[0]))).toEqual(new Set(expected.map((words) => /\^(\w+)/.exec(words.source)?.[1])));
  });
});

describe('trades since a day', () => {
  const read = (file: string, filter?: Parameters<typeof tradesSince>[1]) => {
    const opened = openReader(file);
    if (!opened.ok) throw new Error(opened.fault.message);
    try {
      return tradesSince(opened.reader, filter);
    } finally {
      opened.reader.close();
    }
  };

  it('say what each brought, how long it was held, and the newest comes first', () => {
    const file = written(week());
    expect(read(file).map((t) => [t.owner, t.legs[0].instrument.symbol, t.exit, t.realized / 1e6, t.fees, t.daysHeld])).toEqual([
      ['wheel', call, 'ASSIGNED', 102, 0, 0],
      ['wheel', put, 'TARGET', 102 + 500 + 62, 0, 0],
    ]);
  });

  it('can be asked by strategy, underlying, day, and whether they are open', () => {
    const file = written(halfAssigned());
    const count = (filter: Parameters<typeof tradesSince>[1]): number => read(file, filter).length;
    expect(count({ strategy: wheel })).toBe(1);
    expect(count({ strategy: strategyId('base') })).toBe(0);
    expect(count({ symbol: symbol('ABC') })).toBe(1);
    expect(count({ symbol: symbol('XYZ') })).toBe(0);
    expect(count({ since: tradingDay('2027-01-01') })).toBe(1);
    expect(count({ open: true })).toBe(1);
    expect(count({ open: false })).toBe(0);
    const over = written(week());
    expect(read(over, { since: tradingDay('2026-03-10') })).toHaveLength(2);
    expect(read(over, { since: tradingDay('2026-03-11') })).toEqual([]);
    expect(read(over, { limit: 1 })).toHaveLength(1);
  });

  it('charge a trade the fees on its instruments alone, and count an open one to the last turn', () => {
    const w = sharesInParts();
    const fee = (id: string, of: string | null, dollars: number): void => {
      w.desk.move('ABC', 0, -dollars);
      w.desk.book({ id, type: 'FEE', symbol: of === null ? null : symbol(of), netAmount: usd(micros(-dollars)) });
    };
    fee('20260310160000000::a', 'ABC', 0.03);
    fee('20260310160000000::b', null, 1);
    w.reconcile();
    w.advance(3 * 86_400_000);
    w.reconcile();
    expect(read(written(w)).map((t) => [t.fees / 1e6, t.daysHeld])).toEqual([
      [-0.03, 3],
      [0, 3],
    ]);
  });
});
