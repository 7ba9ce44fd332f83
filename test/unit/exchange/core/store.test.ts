// The exchange's file: what survives, and which files are refused.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ExchangeFileError } from '../../../../src/exchange/core/store.ts';
import type { ExchangeCore } from '../../../../src/exchange/types.ts';
import { allActivities, at, bench, limit, MONDAY, market, mleg, PUT90, PUT95, placed, quiet } from './scripted-market.ts';

const ten = at(MONDAY, 10);
let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'exchange-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const everything = (core: ExchangeCore): unknown => [
  core.at,
  core.account('a', core.at),
  core.positions('a', core.at),
  allActivities(core, core.at),
  core.orders('a', {
    status: 'all',
    limit: 500,
    after: null,
    until: null,
    direction: 'asc',
    symbols: null,
    side: null,
    afterOrderId: null,
    beforeOrderId: null,
  }),
];

it('gives back everything after it is closed, and goes on from there', () => {
  const file = join(folder, 'exchange.db');
  const first = bench(quiet, { file });
  placed(first.core, market('buy', 'ACME', 10), ten);
  placed(first.core, mleg([`sto ${PUT95}`, `bto ${PUT90}`], 1, -0.7), ten + 100);
  const resting = placed(first.core, limit('buy', 'FUND', 5, 40, { timeInForce: 'gtc', clientOrderId: 'kept' }), ten + 200);
  first.core.advance(ten + 60_000);
  const before = everything(first.core);
  first.core.close();

  const second = bench(quiet, { file, seed: 99, start: 0 });
  expect(everything(second.core)).toEqual(before);
  expect(second.core.submit('a', limit('buy', 'ACME', 1, 90, { clientOrderId: 'kept' }), second.core.at)).toMatchObject({
    message: 'client_order_id must be unique',
  });
  second.core.cancel('a', resting, second.core.at);
  second.core.advance(second.core.at + 100);
  expect(second.events.map((e) => e.event)).toEqual(['pending_cancel', 'canceled']);
  const known = new Set(allActivities(second.core, second.core.at).map((row) => row.id));
  placed(second.core, market('buy', 'ACME', 1), second.core.at);
  second.core.advance(second.core.at + 100);
  expect(allActivities(second.core, second.core.at)).toHaveLength(known.size + 1);
  second.core.close();
});

it('has each answered call on disk before it returns', () => {
  const file = join(folder, 'exchange.db');
  const { core } = bench(quiet, { file });
  const id = placed(core, limit('buy', 'ACME', 1, 90), ten);
  // A copy of the files as another process would find them if this one died here.
  const copy = join(folder, 'copy.db');
  for (const suffix of ['', '-wal']) writeFileSync(copy + suffix, readFileSync(file + suffix));
  const after = bench(quiet, { file: copy });
  expect(after.core.order('a', id)?.status).toBe('accepted');
  after.core.close();
  core.close();
});

describe('a file is refused with a plain word', () => {
  const refusedWith = (file: string, options: object = {}): string => {
    try {
      bench({ ...quiet, ...options }, { file });
    } catch (error) {
      expect(error).toBeInstanceOf(ExchangeFileError);
      return (error as Error).message;
    }
    return 'not refused';
  };

  it('when it belongs to another market', () => {
    const file = join(folder, 'exchange.db');
    bench(quiet, { file }).core.close();
    expect(refusedWith(file, { id: 'other' })).toContain('belongs to market scripted, not other');
  });
  it('when it is no database', () => {
    const file = join(folder, 'exchange.db');
    writeFileSync(file, 'these are words, and more than a page header of them would hold at all'.repeat(20));
    expect(refusedWith(file)).toContain('file is not a database');
  });
  it('when it is a database of something else', () => {
    const file = join(folder, 'other.db');
    const db = new Database(file);
    db.exec('CREATE TABLE t (x)');
    db.close();
    expect(refusedWith(file)).toContain("not an exchange's");
  });
  it('when another exchange has it open', () => {
    const file = join(folder, 'exchange.db');
    const { core } = bench(quiet, { file });
    expect(refusedWith(file)).toContain('another process holds it');
    core.close();
  });
});

it('reads a file of the first format, which knew no groups, trails, amounts or replacements', () => {
  const file = join(folder, 'exchange.db');
  const first = bench(quiet, { file });
  const id = placed(first.core, limit('buy', 'ACME', 5, 90, { timeInForce: 'gtc' }), ten);
  first.core.advance(ten + 60_000);
  const before = everything(first.core);
  first.core.close();
  const db = new Database(file);
  for (const { ordinal, body } of db.prepare<[], { ordinal: number; body: string }>('SELECT ordinal, body FROM orders').all()) {
    const { order, awaits: _a, replacement: _r, ...row } = JSON.parse(body) as { order: Record<string, unknown> } & Record<string, unknown>;
    const later = ['notional', 'trail', 'hwm', 'parentId', 'children', 'replaces', 'replacedBy', 'replacedAt'];
    const old = Object.fromEntries(Object.entries(order).filter(([name]) => !later.includes(name)));
    db.prepare('UPDATE orders SET body = ? WHERE ordinal = ?').run(JSON.stringify({ ...row, order: old }), ordinal);
  }
  db.pragma('user_version = 1');
  db.close();

  const second = bench(quiet, { file });
  expect(everything(second.core)).toEqual(before);
  second.core.cancel('a', id, second.core.at);
  second.core.advance(second.core.at + 100);
  expect(second.core.order('a', id)?.status).toBe('canceled');
  second.core.close();
  const third = new Database(file, { readonly: true });
  expect(third.pragma('user_version', { simple: true })).toBe(2);
  third.close();
});
