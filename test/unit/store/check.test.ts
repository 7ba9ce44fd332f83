import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { brokerOrderId, clientOrderId, type Owner } from '../../../src/domain/ids.ts';
import { instrumentOf } from '../../../src/domain/instrument.ts';
import { netQty, usd } from '../../../src/domain/money.ts';
import { applyExecution } from '../../../src/execution/fills.ts';
import { ledgerLaws } from '../../../src/execution/laws.ts';
import { checkDatabase } from '../../../src/store/check.ts';
import { readPositions } from '../../../src/store/queries.ts';
import { openReader } from '../../../src/store/reader.ts';
import { replay } from '../../../src/store/replay.ts';
import { ledgerFile, ledgerRow, order, running, SPY, today, turn, wheel } from './fixture.ts';
import { lotsAfter, PUT, told, tomorrow } from './story.ts';

/** The story's file after a hand that got past the triggers. */
function tampered(sql: string, drop: readonly string[] = []): string {
  const { file, store } = told();
  store.close();
  const db = new Database(file);
  db.pragma('foreign_keys = OFF');
  const kept = drop.map(
    (name) => db.prepare<[string], { sql: string }>('SELECT sql FROM sqlite_master WHERE name = ?').get(name)?.sql ?? '',
  );
  for (const name of drop) db.exec(`DROP TRIGGER ${name}`);
  db.exec(sql);
  for (const trigger of kept) db.exec(trigger);
  db.close();
  return file;
}

function violations(file: string): readonly string[] {
  const result = checkDatabase(file, ledgerLaws);
  if (!result.ok) return [result.fault.code];
  return result.violations.map((v) => `${v.rule} ${v.where}: ${v.what}`);
}

describe('db check', () => {
  it('finds nothing in a sound ledger, while the daemon has it open', () => {
    expect(violations(told().file)).toEqual([]);
  });

  it('finds nothing in a new one', () => {
    const file = ledgerFile();
    running(file);
    expect(violations(file)).toEqual([]);
  });

  it.each([
    [
      'a flipped digit in a fill',
      `UPDATE fills SET qty = 7 WHERE qty = 6`,
      ['fills_no_update'],
      [
        /order_fills .*second: leg 0: filled 10, fill rows add up to 11/,
        /order_fills/,
        /position base SPY: the table says 10 .*amount to 11/,
        /lot .*second.0.10: the table says 6 of 6 left.*amount to 7 of 7 left/,
      ],
    ],
    [
      'a lost fill',
      `DELETE FROM fills WHERE qty = -1`,
      ['fills_no_delete'],
      [
        /order_fills .*put: leg 0/,
        /order_fills/,
        /order_fills/,
        /order_fills/,
        /position wheel AAPL260417P00220000: .*nothing/,
        /cycle wheel AAPL: the table says premium 310000000 .*amount to nothing/,
        /lot .*put.0.1: .*amount to nothing/,
      ],
    ],
    [
      'an invented position',
      `UPDATE positions SET qty = 11 WHERE owner = 'base'`,
      [],
      [/position base SPY: the table says 11 .*amount to 10/, /holding base SPY: 11 held, lots have 10 left/],
    ],
    ['a wrong cost', `UPDATE positions SET cost = cost - 1 WHERE owner = 'base'`, [], [/position base SPY: .*-5000000001.*-5000000000/]],
    [
      'a missing position',
      `DELETE FROM positions WHERE owner = 'wheel'`,
      [],
      [/position wheel AAPL260417P00220000: the table says nothing/, /holding wheel AAPL260417P00220000: 0 held, lots have -1 left/],
    ],
    [
      'a state nobody gave',
      `UPDATE orders SET state = 'rejected' WHERE state = 'canceled'`,
      ['orders_closed'],
      [/order_events .*first: is rejected, its last event says canceled/],
    ],
    [
      'an order without its turn',
      `UPDATE orders SET seq = 99 WHERE state = 'canceled'`,
      [],
      [/foreign_key orders/, /order_events .*its last event says nothing/],
    ],
    ['a missing trigger', 'DROP TRIGGER fills_no_delete', [], [/trigger fills_no_delete: is missing/]],
    [
      'a weakened trigger',
      `DROP TRIGGER fills_no_delete; CREATE TRIGGER fills_no_delete BEFORE DELETE ON fills BEGIN SELECT 1; END`,
      [],
      [/trigger fills_no_delete: differs/],
    ],
    ['a lost opening row', `DELETE FROM ledger`, ['ledger_no_delete'], [/opening ledger: no opening row/]],
  ] as const)('finds %s', (_name, sql, drop, expected) => {
    const found = violations(tampered(sql, drop));
    expect(found).toHaveLength(expected.length);
    for (const [i, words] of expected.entries()) expect(found[i]).toMatch(words);
  });

  it('names damage, and does not fall over it', () => {
    const file = tampered('SELECT 1');
    const bytes = readFileSync(file);
    bytes.fill(0x5a, 4096 * 8, 4096 * 40);
    writeFileSync(file, bytes);
    chmodSync(file, 0o600);
    const found = violations(file);
    expect(found.length).toBeGreaterThan(0);
    for (const line of found) expect(line).toMatch(/^(integrity|foreign_key|trigger|DB_CORRUPT)/);
  });

  it('says there is no database where there is none', () => {
    expect(violations(ledgerFile())).toEqual(['DB_MISSING']);
  });
});

describe('rebuilding positions and lots', () => {
  it('gives the table that is there, from fills and ledger rows alone', () => {
    const { file, store } = told();
    const put = instrumentOf(PUT);
    const written = store.load(tomorrow).cycles.find((c) => c.owner === wheel);
    if (written === undefined) throw new Error('no cycle');
    const assigned = { owner: wheel as Owner, day: tomorrow, at: order().recordedAt, why: 'OPASN', kind: 'assignment' as const };
    const booked = [
      ledgerRow({ ...assigned, key: 'a:1', symbol: PUT, qty: 1, cash: usd(0) }),
      ledgerRow({ ...assigned, key: 'a:2', symbol: put.underlying, qty: 100, cash: usd(-22_000_000_000) }),
      ledgerRow({ key: 'z:1', kind: 'opening', owner: 'EXTERNAL', symbol: SPY, qty: 5, cash: usd(-50) }),
      ledgerRow({ key: 'a:3', kind: 'external', owner: 'EXTERNAL', symbol: SPY, qty: -2, cash: usd(21) }),
      ledgerRow({ key: 'z:1:cost', kind: 'opening', owner: 'EXTERNAL', cash: usd(50) }),
    ];
    store.commit(
      turn(10, {
        day: tomorrow,
        ledger: booked,
        ...lotsAfter(store.load(tomorrow).lots, booked),
        cycles: [
          {
            owner: wheel,
            underlying: put.underlying,
            now: { ...written, premium: usd(0), contractsTraded: 0, stock: usd(-22_000_000_000), sharesSinceDay: tomorrow },
          },
        ],
        positions: [
          { owner: wheel, symbol: PUT, now: null },
          {
            owner: wheel,
            symbol: put.underlying,
            now: applyExecution(null, {
              owner: wheel,
              instrument: instrumentOf(put.underlying),
              qty: 100,
              cash: usd(-22_000_000_000),
              day: tomorrow,
            }),
          },
          {
            owner: 'EXTERNAL',
            symbol: SPY,
            now: { owner: 'EXTERNAL', instrument: instrumentOf(SPY), qty: netQty(3), cost: usd(-30), openedDay: today },
          },
        ],
      }),
    );
    const opened = openReader(file);
    if (!opened.ok) throw new Error(opened.fault.message);
    const { positions } = replay(opened.reader, ledgerLaws);
    const rebuilt = [...positions].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, { now }]) => now);
    const kept = readPositions(opened.reader);
    opened.reader.close();
    expect(rebuilt).toEqual(kept);
    expect(rebuilt).toHaveLength(3);
    expect(violations(file)).toEqual([]);
  });

  it('says which order claims fills that were never booked', () => {
    const { file, store } = told();
    const id = clientOrderId('wsb1-ba-O-260310-late');
    const late = order({ id, state: 'dropped', ladder: 'late' });
    store.commit(turn(10, { orders: [late] }));
    const legFill = { legNo: 0, symbol: SPY, cumQty: 10, cumCash: usd(-10) };
    store.commit(
      turn(11, { orders: [{ ...late, state: 'filled', brokerId: brokerOrderId('b-9'), cumQty: 10, cumCash: usd(-10), fills: [legFill] }] }),
    );
    expect(violations(file)).toEqual([
      `order_fills ${id}: leg 0: filled 10, fill rows add up to 0`,
      `order_fills ${id}: leg 0: cash -10, fill rows add up to 0`,
      `order_fills ${id}: filled 10, fill rows add up to 0`,
      `order_fills ${id}: cash -10, fill rows add up to 0`,
    ]);
  });
});
