// State from what the store loaded.
import { conversionOf } from '../domain/conversion-key.ts';
import type { ClientOrderId, Symbol } from '../domain/ids.ts';
import type { Lot } from '../domain/lot.ts';
import type { LedgerRow } from '../domain/position.ts';
import type { EpochMs } from '../domain/time.ts';
import type { Loaded } from '../ports/store.ts';
import type { RiskLimits } from '../risk/limits.ts';
import { newExecutionWindow } from './execution-window.ts';
import { newLossWatch } from './loss-watch.ts';
import { type Converted, cycleKey, positionKey, ruleKey, type State } from './state.ts';
import { newUpkeep } from './upkeep.ts';

/** Lots by owner and symbol; the order of each stays. */
function byHolding(lots: readonly Lot[]): Map<string, readonly Lot[]> {
  const held = new Map<string, Lot[]>();
  for (const lot of lots) {
    const key = positionKey(lot.owner, lot.instrument.symbol);
    const there = held.get(key);
    if (there === undefined) held.set(key, [lot]);
    else there.push(lot);
  }
  return held;
}

/** Conversions on record; the broker's next positions say whether it has them, too. */
function convertedIn(rows: readonly LedgerRow[]): Map<Symbol, Converted> {
  const found = new Map<Symbol, Converted>();
  for (const { key, symbol, qty, day } of rows) {
    if (symbol === null || conversionOf(key) === undefined) continue;
    const before = found.get(symbol);
    found.set(symbol, { day, delta: (before?.day === day ? before.delta : 0) + qty, seen: false });
  }
  return found;
}

/** Memory as it was at the last commit: nothing in it is newer than the disk. */
export function stateFrom(loaded: Loaded, limits: RiskLimits): State {
  return {
    seq: loaded.lastSeq,
    epoch: 0,
    accountNumber: '',
    booted: false,
    orders: new Map(loaded.orders.map((o) => [o.id, o] as const)),
    positions: new Map(loaded.positions.map((p) => [positionKey(p.owner, p.instrument.symbol), p] as const)),
    cycles: new Map(loaded.cycles.map((c) => [cycleKey(c.owner, c.underlying), c] as const)),
    lots: byHolding(loaded.lots),
    trades: new Map(loaded.trades.map((t) => [t.id, t] as const)),
    penalties: new Map(loaded.penalties),
    exits: new Map(loaded.exits.map((rule) => [ruleKey(rule), rule] as const)),
    decided: new Map(loaded.decided),
    memories: new Map(loaded.memories),
    ledgerKeys: new Set(loaded.ledgerKeys),
    modes: new Set(),
    halts: [...loaded.halts],
    switches: new Map(loaded.switches.map((s) => [s.strategy, s] as const)),
    off: new Map(),
    limits,
    limitsSet: loaded.limitsSet,
    tokens: new Map(loaded.tokens.map((t) => [t.id, t] as const)),
    cash: loaded.cash,
    account: null,
    accountSeen: null,
    lastSnapshotAt: null,
    lastCleanReconcile: null,
    reconciledOnce: false,
    activitiesWatermark: 0 as EpochMs,
    flows: loaded.recentLedger.filter((r) => r.kind === 'transfer').map((r) => ({ day: r.day, amount: r.cash })),
    activityId: loaded.activityWatermark,
    movements: [...loaded.movements],
    names: new Map(loaded.names.map((name) => [name.asset, name] as const)),
    converted: convertedIn(loaded.recentLedger),
    ordersKnownSince: 0 as EpochMs,
    ladders: new Map(),
    chases: new Map(),
    suspicions: new Map(),
    disputed: new Set(),
    reconcileAsked: false,
    reconcileAt: null,
    ordersLinkSince: null,
    recordedMono: new Map<ClientOrderId, never>(),
    protectRetryAt: null,
    shutdown: null,
    marks: new Map(),
    upkeep: newUpkeep(),
    execution: newExecutionWindow(),
    losses: loaded.losses,
    watch: newLossWatch(),
  };
}
