// What a disk would hold: turns folded into rows, nothing else. A restart starts from here, and every turn is checked against it.
import type { Switch, Token } from '../../../src/domain/control.ts';
import { conversionOf } from '../../../src/domain/conversion-key.ts';
import type { Json } from '../../../src/domain/decision.ts';
import type { IvReading } from '../../../src/domain/event.ts';
import type { ArmedExit } from '../../../src/domain/exit-rule.ts';
import type { ClientOrderId, StrategyId } from '../../../src/domain/ids.ts';
import { instrumentOf } from '../../../src/domain/instrument.ts';
import type { InstrumentName } from '../../../src/domain/instrument-name.ts';
import type { LossRecord } from '../../../src/domain/losses.ts';
import type { Closure, Lot } from '../../../src/domain/lot.ts';
import { sum, type Usd, usd } from '../../../src/domain/money.ts';
import type { Order } from '../../../src/domain/order.ts';
import { halfSpreadsOf } from '../../../src/domain/penalty.ts';
import type { Cycle, FillRow, LedgerRow, Movement, Position } from '../../../src/domain/position.ts';
import type { Decided, Trade } from '../../../src/domain/trade.ts';
import type { DecisionRow, Halt, Turn } from '../../../src/domain/turn.ts';
import { convertPosition } from '../../../src/execution/convert.ts';
import { applyExecution } from '../../../src/execution/fills.ts';
import type { Loaded } from '../../../src/ports/store.ts';

export interface Ledger {
  readonly orders: ReadonlyMap<ClientOrderId, Order>;
  readonly positions: ReadonlyMap<string, Position>;
  /** Every lot there ever was, in the order in which they were opened. */
  readonly lots: ReadonlyMap<string, Lot>;
  readonly closures: readonly Closure[];
  readonly trades: ReadonlyMap<string, Trade>;
  readonly fills: readonly FillRow[];
  readonly rows: readonly LedgerRow[];
  /** Sum of all cash of fills and rows; null before the first row. */
  cash(): Usd | null;
  commit(turn: Turn): void;
  loaded(): Loaded;
  /** Positions rebuilt from executions and ledger rows alone, in the order in which they were booked. */
  rebuilt(): ReadonlyMap<string, Position>;
}

const keep = <K, V>(map: Map<K, V>, key: K, value: V | null): void => {
  if (value === null) map.delete(key);
  else map.set(key, value);
};

interface Booked {
  readonly key?: string;
  readonly owner: Position['owner'];
  readonly symbol: FillRow['symbol'];
  readonly qty: number;
  readonly cash: Usd;
  readonly day: Position['openedDay'];
}

function rebuild(booked: readonly Booked[]): ReadonlyMap<string, Position> {
  const positions = new Map<string, Position>();
  for (const { owner, symbol, qty, cash, day, key: rowKey } of booked) {
    const key = `${owner}|${symbol}`;
    const part = conversionOf(rowKey ?? '');
    if (part?.out === true) continue;
    const converted = part === undefined ? undefined : positions.get(`${owner}|${part.from}`);
    if (part !== undefined && converted !== undefined) {
      const there = part.from === symbol ? null : (positions.get(key) ?? null);
      positions.delete(`${owner}|${part.from}`);
      keep(
        positions,
        key,
        convertPosition(converted, there, { to: instrumentOf(symbol), total: part.from === symbol ? converted.qty + qty : qty }),
      );
      continue;
    }
    keep(positions, key, applyExecution(positions.get(key) ?? null, { owner, instrument: instrumentOf(symbol), qty, cash, day }));
  }
  return positions;
}

/** What a decision said of the orders it became. */
function decidedIn({ decision, orders, quotes }: DecisionRow): readonly (readonly [ClientOrderId, Decided])[] {
  if (decision.kind !== 'open' && decision.kind !== 'close') return [];
  const { code, why } = decision;
  const opening = decision.kind === 'open' ? decision : undefined;
  const said = { code, why, maxLoss: opening?.maxLoss ?? null, thesis: opening?.thesis ?? null, halfSpreads: halfSpreadsOf(quotes) };
  return orders.map((id) => [id as ClientOrderId, said]);
}

/** An empty ledger. */
export function emptyLedger(): Ledger {
  const orders = new Map<ClientOrderId, Order>();
  const positions = new Map<string, Position>();
  const cycles = new Map<string, Cycle>();
  const exits = new Map<string, ArmedExit>();
  const memories = new Map<StrategyId, Json>();
  const fills: FillRow[] = [];
  const rows: LedgerRow[] = [];
  const booked: Booked[] = [];
  const moved: Movement[] = [];
  const names = new Map<string, InstrumentName>();
  const lots = new Map<string, Lot>();
  const closures: Closure[] = [];
  const trades = new Map<string, Trade>();
  const decided = new Map<ClientOrderId, Decided>();
  const iv: IvReading[] = [];
  const switches = new Map<StrategyId, Switch>();
  const tokens = new Map<string, Token>();
  const limitsSet = new Map<string, string>();
  let halts: readonly Halt[] = [];
  let losses: LossRecord | null = null;
  let lastSeq = 0;
  let activityWatermark: string | null = null;
  const cash = (): Usd | null =>
    rows.length + fills.length === 0 ? null : usd(sum(fills.map((f) => f.cash)) + sum(rows.map((r) => r.cash)));

  return {
    orders,
    positions,
    lots,
    closures,
    trades,
    fills,
    rows,
    cash,
    commit(turn) {
      lastSeq = turn.seq;
      for (const order of turn.orders) orders.set(order.id, order);
      for (const change of turn.positions) keep(positions, `${change.owner}|${change.symbol}`, change.now);
      for (const change of turn.cycles) keep(cycles, `${change.owner}|${change.underlying}`, change.now);
      for (const trade of turn.trades) trades.set(trade.id, trade);
      for (const lot of turn.lots) lots.set(lot.id, lot);
      closures.push(...turn.closures);
      for (const row of turn.decisions) for (const [id, said] of decidedIn(row)) decided.set(id, said);
      for (const rule of turn.exits) exits.set(`${rule.trade}|${rule.code}`, rule);
      for (const [id, memory] of turn.memories) memories.set(id, memory);
      for (const name of turn.names) names.set(name.asset, name);
      fills.push(...turn.fills);
      for (const { owner, symbol, qty, cash, day } of turn.fills) moved.push({ owner, kind: 'fill', symbol, qty, cash, day });
      for (const { owner, kind, symbol, qty, cash, day } of turn.ledger) moved.push({ owner, kind, symbol, qty, cash, day });
      rows.push(...turn.ledger);
      booked.push(...turn.fills, ...turn.ledger.flatMap((r) => (r.symbol === null || r.qty === 0 ? [] : [{ ...r, symbol: r.symbol }])));
      iv.push(...turn.iv);
      halts = turn.halts ?? halts;
      losses = turn.losses ?? losses;
      if (turn.control?.switched) switches.set(turn.control.switched.strategy, turn.control.switched);
      if (turn.control?.token) tokens.set(turn.control.token.id, turn.control.token);
      if (turn.control?.limit) limitsSet.set(turn.control.limit.key, turn.control.limit.value);
      activityWatermark = turn.activityWatermark ?? activityWatermark;
    },
    loaded: () => ({
      lastSeq,
      orders: [...orders.values()],
      positions: [...positions.values()],
      cycles: [...cycles.values()],
      lots: [...lots.values()].filter((lot) => lot.qtyLeft !== 0),
      trades: [...trades.values()],
      exits: [...exits.values()],
      penalties: new Map(),
      decided: new Map(decided),
      memories: new Map(memories),
      halts,
      losses,
      switches: [...switches.values()],
      tokens: [...tokens.values()],
      limitsSet: new Map(limitsSet),
      iv,
      cash: cash(),
      ledgerKeys: new Set(rows.map((r) => r.key)),
      recentLedger: rows,
      movements: moved,
      names: [...names.values()],
      activityWatermark,
    }),
    rebuilt: () => rebuild(booked),
  };
}
