// Rows of equity, flows, risk figures and the record of losses on a real file: kept as told, never changed, and equity at a past instant again.
import Database from 'better-sqlite3';
import { expect, it } from 'vitest';
import type { EquityRow, LossRecord } from '../../../src/domain/losses.ts';
import { usd } from '../../../src/domain/money.ts';
import type { LedgerRow } from '../../../src/domain/position.ts';
import { epochMs } from '../../../src/domain/time.ts';
import { equityAt } from '../../../src/store/equity-history.ts';
import { openReader, type Reader } from '../../../src/store/reader.ts';
import { equitySnapshots, externalFlows, riskSnapshots } from '../../../src/store/schema/equity.ts';
import { ledgerFile, noon, running, today, turn } from './fixture.ts';

const row = (over: Partial<EquityRow>): EquityRow => ({
  mark: 'minute',
  equity: usd(100_000_000),
  why: null,
  brokerEquity: usd(99_000_000),
  cash: usd(100_000_000),
  settledCash: usd(100_000_000),
  longValue: usd(0),
  shortValue: usd(0),
  optionValue: usd(0),
  buyingPower: usd(1),
  optionsBuyingPower: usd(2),
  dayPnl: usd(-3),
  unrealised: usd(-4),
  realisedDay: usd(5),
  flowsDay: usd(6),
  nav: 0.99,
  peak: 1.01,
  ...over,
});
const moved = (key: string, kind: LedgerRow['kind'], cash: number, why: string): LedgerRow => ({
  key,
  kind,
  owner: 'EXTERNAL',
  symbol: null,
  qty: 0,
  cash: usd(cash),
  day: today,
  at: noon,
  why,
});
const base = { day: today, ours: usd(1), broker: null, flows: usd(0) };
const record: LossRecord = {
  day: today,
  closed: true,
  base: { day: base, week: base, month: base },
  close: null,
  units: 100.5,
  peak: 1.25,
  pending: usd(7),
  realised: usd(-8),
  volatility: { day: today, level: 17.35 },
  ladder: { footing: 'restricted', since: today, counting: true, sessions: 1, nav: 1.125 },
  factor: 0.25,
  waivers: [{ cause: 'DAY_HALT', scope: 'account', from: -0.012, period: today }],
  promised: usd(9),
  varDays: [{ day: today, promised: usd(5), pnl: usd(-6) }],
};

function read<T>(file: string, ask: (reader: Reader) => T): T {
  const opened = openReader(file);
  if (!opened.ok) throw new Error(opened.fault.message);
  try {
    return ask(opened.reader);
  } finally {
    opened.reader.close();
  }
}

it('S-50: cash of then and the marks of the last row make equity at any past instant, to the micro', () => {
  const file = ledgerFile();
  const store = running(file);
  store.commit(turn(1, { ledger: [moved('opening:cash', 'opening', 100_000_000, 'cash')], equity: row({}) }));
  store.commit(turn(60, { equity: row({ equity: usd(101_000_000), longValue: usd(1_500_000), shortValue: usd(-500_000) }) }));
  store.commit(turn(61, { equity: row({ equity: null, why: 'EQUITY_UNKNOWN', longValue: null, shortValue: null, nav: null }) }));
  store.commit(
    turn(90, {
      ledger: [moved('act:1', 'transfer', 5_000_000, 'CSD')],
      equity: row({
        mark: 'booked',
        cash: usd(105_000_000),
        equity: usd(106_000_000),
        longValue: usd(1_500_000),
        shortValue: usd(-500_000),
      }),
    }),
  );
  const at = (second: number) => read(file, (reader) => equityAt(reader, epochMs(noon + second * 1_000)));
  expect([0, 1, 59, 60, 75, 90, 500].map(at)).toEqual([
    undefined,
    100_000_000,
    100_000_000,
    101_000_000,
    101_000_000,
    106_000_000,
    106_000_000,
  ]);
});

it('flows are the transfers of the ledger, by their kind', () => {
  const file = ledgerFile();
  const store = running(file);
  const rows = [
    moved('act:1', 'transfer', 5_000_000, 'CSD'),
    moved('act:2', 'transfer', -2_000_000, 'CSW'),
    moved('act:3', 'transfer', -1_000_000, 'JNLC'),
    moved('act:4', 'dividend', 1_000, 'DIV'),
    moved('act:5', 'transfer', 0, 'CSD'),
  ];
  store.commit(turn(1, { ledger: rows }));
  expect(
    read(file, ({ db }) =>
      db
        .select()
        .from(externalFlows)
        .all()
        .map((f) => [f.key, f.kind, f.amount]),
    ),
  ).toEqual([
    ['act:1', 'deposit', 5_000_000],
    ['act:2', 'withdrawal', -2_000_000],
    ['act:3', 'journal', -1_000_000],
  ]);
});

it('what is remembered of losses and halts comes back as it was, and the last of it alone', () => {
  const file = ledgerFile();
  const store = running(file);
  expect(store.load(today).losses).toBeNull();
  const halt = { scope: { kind: 'account' }, level: 'halt', reason: 'DAY_HALT: a test', since: noon, cause: 'DAY_HALT' } as const;
  store.commit(turn(1, { losses: { ...record, units: 1 }, halts: [halt] }));
  store.commit(turn(2, { losses: record }));
  expect(store.load(today)).toMatchObject({ losses: record, halts: [halt] });
});

it('rows of equity and risk are kept as told and never changed', () => {
  const file = ledgerFile();
  const store = running(file);
  const kept = row({ mark: 'open' });
  store.commit(turn(1, { equity: kept, risk: { kind: 'absent', code: 'EQUITY_UNKNOWN', why: 'a test' } }));
  expect(read(file, ({ db }) => db.select().from(equitySnapshots).all())).toEqual([{ ...kept, seq: 1, at: noon + 1_000, day: today }]);
  expect(read(file, ({ db }) => db.select().from(riskSnapshots).all())).toMatchObject([{ seq: 1, code: 'EQUITY_UNKNOWN', gross: null }]);
  const client = new Database(file);
  try {
    for (const table of ['equity_snapshots', 'risk_snapshots']) {
      expect(() => client.exec(`DELETE FROM ${table}`)).toThrow('never deleted');
      expect(() => client.exec(`UPDATE ${table} SET at = 0`)).toThrow('never changed');
    }
  } finally {
    client.close();
  }
});

it('refuses a row whose sum is not its parts, and one without figure or reason', () => {
  const store = running();
  expect(() => store.commit(turn(1, { equity: row({ equity: usd(1) }) }))).toThrow('equity_snapshots_sum');
  expect(() => store.commit(turn(2, { equity: row({ why: 'EQUITY_UNKNOWN' }) }))).toThrow('equity_snapshots_known');
});
