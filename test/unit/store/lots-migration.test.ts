// A ledger that is older than the record of lots: what it holds becomes one lot a holding, without a trade, and goes on from there.
import { chmodSync, cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { drizzle } from 'drizzle-orm/better-sqlite3';
import { migrate } from 'drizzle-orm/better-sqlite3/migrator';
import { describe, expect, it } from 'vitest';
import { brokerOrderId, clientOrderId, type Owner, symbol } from '../../../src/domain/ids.ts';
import { type Instrument, instrumentOf } from '../../../src/domain/instrument.ts';
import { leg, legs } from '../../../src/domain/legs.ts';
import { fillKey } from '../../../src/domain/lot.ts';
import { qty, usd } from '../../../src/domain/money.ts';
import { tradingDay } from '../../../src/domain/time.ts';
import { applyExecution } from '../../../src/execution/fills.ts';
import { ledgerLaws } from '../../../src/execution/laws.ts';
import { applyToLots } from '../../../src/execution/lots.ts';
import { usCalendar } from '../../../src/market/calendar.ts';
import { checkDatabase } from '../../../src/store/check.ts';
import { APPLICATION_ID, SCHEMA_VERSION } from '../../../src/store/schema/run.ts';
import { base, fill, folder, ledgerFile, manifest, migrationsDir, noon, order, SPY, today, tryOpen, turn, wheel } from './fixture.ts';

const calendar = usCalendar();
const PUT = symbol('AAPL260417P00220000');

/** The migrations there were before lots. */
function olderMigrations(): string {
  const copy = join(folder(), 'migrations');
  cpSync(migrationsDir, copy, { recursive: true });
  const file = join(copy, 'meta/_journal.json');
  const journal = JSON.parse(readFileSync(file, 'utf8')) as { entries: readonly unknown[] };
  writeFileSync(file, JSON.stringify({ ...journal, entries: journal.entries.slice(0, 2) }));
  return copy;
}

interface Held {
  readonly owner: Owner;
  readonly instrument: Instrument;
  readonly qty: number;
  readonly cost: number;
  readonly day: string;
}

/** A file as the version before lots left it: holdings, and the ledger rows and fills they follow from. */
function olderFile(held: readonly Held[], seqs = 3): string {
  const file = ledgerFile();
  const db = new Database(file);
  db.pragma(`application_id = ${APPLICATION_ID}`);
  migrate(drizzle({ client: db }), { migrationsFolder: olderMigrations() });
  db.pragma('user_version = 2');
  db.prepare(
    `INSERT INTO runs (epoch, started_at, started_wall, mode, git_sha, config_hash, version, node, schema) VALUES (1, ?, 1, 'sim', '', '', '', '', 2)`,
  ).run(noon);
  const addTurn = db.prepare(
    `INSERT INTO turns (seq, epoch, at, mono, speed, day, kind, event) VALUES (?, 1, ?, 1.0, 1.0, ?, 'wake', '{"kind":"wake"}')`,
  );
  for (let seq = 1; seq <= seqs; seq++) addTurn.run(seq, noon, today);
  const addRow = db.prepare(
    `INSERT INTO ledger (key, kind, owner, symbol, qty, cash, day, at, why, seq) VALUES (?, 'opening', ?, ?, ?, ?, ?, ?, 'test', 1)`,
  );
  const addPosition = db.prepare(
    'INSERT INTO positions (owner, symbol, underlying, instrument, qty, cost, opened_day, seq) VALUES (?, ?, ?, ?, ?, ?, ?, 1)',
  );
  const addCycle = db.prepare(
    `INSERT INTO cycles (owner, underlying, started_day, premium, stock, contracts_traded, shares_since_day, seq) VALUES (?, ?, ?, ?, ?, ?, ?, 1)`,
  );
  const addAll = db.transaction(() => {
    for (const { owner, instrument, qty: n, cost, day } of held) {
      addRow.run(`opening:${owner}:${instrument.symbol}`, owner, instrument.symbol, n, cost, day, noon);
      addPosition.run(owner, instrument.symbol, instrument.underlying, JSON.stringify(instrument), n, cost, day);
      const figures = instrument.kind === 'option' ? [cost, 0, Math.abs(n), null] : [0, cost, 0, day];
      addCycle.run(owner, instrument.underlying, day, ...figures);
    }
  });
  addAll();
  if (seqs > 0) addRow.run('opening:cash', 'EXTERNAL', null, 0, 1_000_000, today, noon);
  db.close();
  chmodSync(file, 0o600);
  return file;
}
const violations = (file: string): readonly string[] => {
  const result = checkDatabase(file, ledgerLaws);
  return result.ok ? result.violations.map((v) => `${v.rule} ${v.where}: ${v.what}`) : [result.fault.code];
};
const shares = (day: string): Held => ({ owner: base, instrument: instrumentOf(SPY), qty: 10, cost: -5_000, day });
const shortPut: Held = { owner: wheel, instrument: instrumentOf(PUT), qty: -2, cost: 620, day: '2026-02-02' };

describe('a ledger from before lots', () => {
  it('has a lot for each holding, at its average cost, from the open of its day, and of no trade', () => {
    const file = olderFile([shares('2026-03-09'), shortPut]);
    const result = tryOpen(file);
    expect(result).toMatchObject({ ok: true, migrated: SCHEMA_VERSION - 2 });
    if (!result.ok) return;
    const loaded = result.store.load(today);
    result.store.close();
    const whole = { trade: null, origin: 'held' } as const;
    expect(loaded.lots).toEqual([
      {
        ...whole,
        id: 'held:base:SPY',
        owner: base,
        instrument: instrumentOf(SPY),
        openedAt: calendar.session(tradingDay('2026-03-09'))?.open,
        openedDay: '2026-03-09',
        qty: 10,
        cash: -5_000,
        qtyLeft: 10,
        cashLeft: -5_000,
      },
      {
        ...whole,
        id: `held:wheel:${PUT}`,
        owner: wheel,
        instrument: instrumentOf(PUT),
        openedAt: calendar.session(tradingDay('2026-02-02'))?.open,
        openedDay: '2026-02-02',
        qty: -2,
        cash: 620,
        qtyLeft: -2,
        cashLeft: 620,
      },
    ]);
    expect(loaded.trades).toEqual([]);
    expect(violations(file)).toEqual([]);
  });

  it('knows the open of every session of ten years, daylight saving or not', () => {
    const days = calendar.between(tradingDay('2018-01-01'), tradingDay('2027-12-31'));
    const held = days.map((session, i): Held => ({ ...shares(session.day), instrument: instrumentOf(symbol(`S${i}`)) }));
    const result = tryOpen(olderFile(held));
    if (!result.ok) throw new Error(result.fault.message);
    const lots = result.store.load(today).lots;
    result.store.close();
    expect(lots).toHaveLength(days.length);
    const opens = new Map<string, number>(days.map((session) => [session.day, session.open]));
    expect(lots.filter((lot) => lot.openedAt !== opens.get(lot.openedDay))).toEqual([]);
  });

  it('goes on: what is sold closes the old lot, what is bought is a lot of its own, and the check follows', () => {
    const file = olderFile([shares('2026-03-09'), shortPut]);
    const result = tryOpen(file);
    if (!result.ok) throw new Error(result.fault.message);
    const { store } = result;
    store.beginRun(manifest);
    const id = clientOrderId('wsb1-ba-C-260309-aaaaaaaaaaaaaaaa');
    const legFill = { legNo: 0, symbol: SPY, cumQty: 4, cumCash: usd(2_400) };
    const sale = order({
      id,
      purpose: 'C',
      legs: legs(leg(instrumentOf(SPY), 'sell', 'close')),
      qty: qty(4),
      state: 'filled',
      brokerId: brokerOrderId('b-1'),
      cumQty: 4,
      cumCash: usd(2_400),
      fills: [legFill],
    });
    const row = fill({ order: id, qty: -4, cash: usd(2_400), cumQty: 4 });
    const [spy] = store.load(today).lots;
    if (spy === undefined) throw new Error('no lot');
    const execution = { ...row, instrument: instrumentOf(SPY), by: fillKey(row), kind: 'fill' as const, code: null, trade: null };
    const { taken, closures } = applyToLots([spy], execution);
    const bought = store.load(today).cycles.find((c) => c.owner === base);
    if (bought === undefined) throw new Error('no cycle');
    const before = { owner: base, instrument: instrumentOf(SPY), qty: spy.qty, cost: spy.cash, openedDay: spy.openedDay };
    store.commit(
      turn(4, {
        orders: [sale],
        fills: [row],
        lots: taken,
        closures,
        positions: [{ owner: base, symbol: SPY, now: applyExecution(before, execution) }],
        cycles: [{ owner: base, underlying: SPY, now: { ...bought, stock: usd(-2_600) } }],
      }),
    );
    expect(store.load(today).lots.map((lot) => [lot.id, lot.qtyLeft, lot.cashLeft])).toEqual([
      ['held:base:SPY', 6, -3_000],
      [`held:wheel:${PUT}`, -2, 620],
    ]);
    store.close();
    expect(closures).toMatchObject([{ lot: 'held:base:SPY', qty: 4, realized: 400 }]);
    expect(violations(file)).toEqual([]);
  });

  it('that held nothing has no lots, and is not asked for those of its past', () => {
    const file = olderFile([]);
    const db = new Database(file);
    db.exec(
      `INSERT INTO ledger SELECT 'past:' || n, 'external', 'base', 'SPY', q, 0, '2026-03-02', 0, '', 2 FROM (SELECT 1 AS n, 5 AS q UNION SELECT 2, -5)`,
    );
    db.close();
    const result = tryOpen(file);
    if (!result.ok) throw new Error(result.fault.message);
    expect(result.store.load(today).lots).toEqual([]);
    result.store.close();
    expect(violations(file)).toEqual([]);
  });

  it('that never took a turn keeps lots from its first', () => {
    const file = olderFile([], 0);
    const result = tryOpen(file);
    if (!result.ok) throw new Error(result.fault.message);
    result.store.close();
    const db = new Database(file, { readonly: true });
    expect(db.prepare('SELECT * FROM watermarks').all()).toEqual([]);
    db.close();
  });
});
