// Real files in the temporary folder, and turns to write into them.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { brokerOrderId, clientOrderId, strategyId, symbol } from '../../../src/domain/ids.ts';
import { equity } from '../../../src/domain/instrument.ts';
import { leg, legs } from '../../../src/domain/legs.ts';
import type { Closure, Lot } from '../../../src/domain/lot.ts';
import { netQty, price, qty, usd } from '../../../src/domain/money.ts';
import type { Order } from '../../../src/domain/order.ts';
import type { FillRow, LedgerRow } from '../../../src/domain/position.ts';
import { epochMs, monoMs, tradingDay } from '../../../src/domain/time.ts';
import type { Trade } from '../../../src/domain/trade.ts';
import type { DecisionRow, Turn } from '../../../src/domain/turn.ts';
import { denialCodes, type RuleCheck } from '../../../src/domain/verdict.ts';
import type { RunManifest, Store } from '../../../src/ports/store.ts';
import { type OpenResult, openStore } from '../../../src/store/open.ts';

/** A finding of each rule, as every verdict has it; none stands against the order. */
export const everyRule: readonly RuleCheck[] = denialCodes.map((rule) => ({
  rule,
  result: 'pass',
  observed: 'ok',
  limit: 'ok',
  unit: 'text',
}));

export const migrationsDir = join(import.meta.dirname, '../../../migrations');
export const today = tradingDay('2026-03-09');
export const noon = epochMs(Date.UTC(2026, 2, 9, 16));
export const base = strategyId('base');
export const wheel = strategyId('wheel');
export const SPY = symbol('SPY');

/** A private folder that goes with the test. */
export function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'wsb-store-'));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

export const ledgerFile = (): string => join(folder(), 'ledger.db');
export const tryOpen = (file: string, now: () => number = Date.now): OpenResult => openStore({ file, migrationsDir, now });

/** An open store; fails the test with the fault's words. */
export function open(file: string, now?: () => number): Store {
  const result = tryOpen(file, now);
  if (!result.ok) throw new Error(`${result.fault.code}: ${result.fault.message}`);
  const { store } = result;
  onTestFinished(() => store.close());
  return store;
}

export const manifest: RunManifest = {
  startedAt: noon,
  mode: 'sim',
  gitSha: 'abc',
  configHash: 'def',
  seed: 7,
  version: '0.1.0',
  node: 'v20',
};

/** An open store in a run, with turns to come. */
export function running(file = ledgerFile(), now?: () => number): Store {
  const store = open(file, now);
  store.beginRun(manifest);
  return store;
}

export function turn(seq: number, parts: Partial<Turn> = {}): Turn {
  return {
    seq,
    at: { exchange: epochMs(noon + seq * 1000), mono: monoMs(seq * 16.5), speed: 60 },
    day: today,
    event: { kind: 'wake' },
    decisions: [],
    orders: [],
    fills: [],
    ledger: [],
    positions: [],
    cycles: [],
    trades: [],
    lots: [],
    closures: [],
    exits: [],
    names: [],
    memories: new Map(),
    iv: [],
    halts: null,
    equity: null,
    losses: null,
    risk: null,
    modes: null,
    activityWatermark: null,
    control: null,
    commands: [],
    notes: [],
    wakeAt: null,
    ...parts,
  };
}

export function order(parts: Partial<Order> = {}): Order {
  return {
    id: clientOrderId('wsb1-ba-O-260309-aaaaaaaaaaaaaaaa'),
    strategy: base,
    purpose: 'O',
    day: today,
    legs: legs(leg(equity(SPY), 'buy', 'open')),
    qty: qty(10),
    type: 'limit',
    tif: 'day',
    limit: price(500_120_000),
    stop: null,
    ladder: 'base:open:SPY',
    rung: 0,
    verdictSeq: 1,
    payloadHash: 'hash',
    state: 'recorded',
    brokerId: null,
    reserve: usd(5_001_200_000),
    attempts: 0,
    recordedAt: noon,
    closedAt: null,
    reason: null,
    cumQty: 0,
    cumCash: usd(0),
    fills: [],
    assumed: [],
    ...parts,
  };
}

export function fill(parts: Partial<FillRow> = {}): FillRow {
  return {
    order: order().id,
    legNo: 0,
    cumQty: 4,
    symbol: SPY,
    owner: base,
    qty: 4,
    price: price(500_000_000),
    cash: usd(-2_000_000_000),
    at: noon,
    day: today,
    brokerId: brokerOrderId('b-1'),
    assumed: [],
    ...parts,
  };
}

export function trade(parts: Partial<Trade> = {}): Trade {
  const { ladder, legs: package_ } = order();
  return {
    id: ladder,
    owner: base,
    underlying: SPY,
    legs: package_,
    code: 'ENTRY',
    why: 'index share is 0 of 0.30',
    maxLoss: usd(5_001_200_000),
    thesis: null,
    openedAt: noon,
    openedDay: today,
    units: 4,
    entryCash: usd(-2_000_000_000),
    held: [{ instrument: equity(SPY), qty: netQty(4), cash: usd(-2_000_000_000) }],
    realized: usd(0),
    closedAt: null,
    closedDay: null,
    exit: null,
    ...parts,
  };
}

export function lot(parts: Partial<Lot> = {}): Lot {
  return {
    id: `${order().id}/0/4`,
    owner: base,
    instrument: equity(SPY),
    trade: order().ladder,
    origin: 'fill',
    openedAt: noon,
    openedDay: today,
    qty: netQty(4),
    cash: usd(-2_000_000_000),
    qtyLeft: netQty(4),
    cashLeft: usd(-2_000_000_000),
    ...parts,
  };
}

/** Three of the four units of `lot()`. */
export function closure(parts: Partial<Closure> = {}): Closure {
  return {
    lot: lot().id,
    by: 'adjust:1:base:SPY',
    kind: 'adjust',
    at: noon,
    day: today,
    qty: netQty(3),
    cash: usd(1_600_000_000),
    realized: usd(100_000_000),
    code: 'ADJUSTED',
    ...parts,
  };
}

export function ledgerRow(parts: Partial<LedgerRow> = {}): LedgerRow {
  return {
    key: 'opening',
    kind: 'opening',
    owner: 'EXTERNAL',
    symbol: null,
    qty: 0,
    cash: usd(100_000_000_000),
    day: today,
    at: noon,
    why: 'first snapshot',
    ...parts,
  };
}

export function pass(parts: Partial<DecisionRow> = {}, observed = 12): DecisionRow {
  return {
    strategy: wheel,
    slot: '10:30',
    decision: {
      kind: 'pass',
      subject: symbol('AAPL'),
      code: 'IV_RANK_OUT_OF_BAND',
      why: `IV rank ${observed} is below 30`,
      gates: [{ name: 'iv_rank', threshold: 30, observed, pass: false }],
    },
    verdict: null,
    denial: null,
    checks: [],
    quotes: [],
    orders: [],
    ...parts,
  };
}
