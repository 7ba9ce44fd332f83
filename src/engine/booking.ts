// Books executions and ledger rows: orders to fills, fills to positions, lots and trades, positions to cycles and cash. The only
// writer of those.
import { conversionOf } from '../domain/conversion-key.ts';
import type { StrategyId, Symbol } from '../domain/ids.ts';
import { instrumentOf } from '../domain/instrument.ts';
import { closingCode, fillKey } from '../domain/lot.ts';
import { netQty, plus, type Usd } from '../domain/money.ts';
import type { Order, OrderEvent } from '../domain/order.ts';
import { isTerminal } from '../domain/order.ts';
import { step } from '../domain/order-machine.ts';
import type { LedgerRow } from '../domain/position.ts';
import type { TradingDay } from '../domain/time.ts';
import type { Trade } from '../domain/trade.ts';
import { applyExecution, applyToCycle, type Execution, fillRows } from '../execution/fills.ts';
import type { LotExecution } from '../execution/lots.ts';
import { opensTrades } from '../execution/trades.ts';
import { bookConversion } from './conversion-booking.ts';
import { type Draft, note } from './draft.ts';
import { recordFlow } from './loss-record.ts';
import { bookLots, countUnits, deliveredTo, tradeOf } from './lot-booking.ts';
import { cycleKey, positionKey, positionsOf, remember, type State } from './state.ts';

function bookExecution(state: State, draft: Draft, execution: LotExecution, into: Trade | undefined): void {
  const { owner, instrument } = execution;
  const key = positionKey(owner, instrument.symbol);
  const after = applyExecution(state.positions.get(key) ?? null, execution);
  if (after === null) state.positions.delete(key);
  else state.positions.set(key, after);
  draft.positions.set(key, { owner, symbol: instrument.symbol, now: after });
  bookLots(state, draft, execution, into);
  if (owner !== 'EXTERNAL') bookCycle(state, draft, owner, execution);
}

function bookCycle(state: State, draft: Draft, owner: StrategyId, execution: Execution): void {
  const { instrument, qty, cash, day } = execution;
  const inName = positionsOf(state, owner).filter((p) => p.instrument.underlying === instrument.underlying);
  const shares = inName.find((p) => p.instrument.kind === 'equity')?.qty ?? netQty(0);
  const key = cycleKey(owner, instrument.underlying);
  const before = state.cycles.get(key) ?? null;
  const after = applyToCycle(before, { owner, instrument, qty, cash, day, sharesAfter: shares, flatAfter: inName.length === 0 });
  if (after === null) state.cycles.delete(key);
  else state.cycles.set(key, after);
  if (before !== null || after !== null) draft.cycles.set(key, { owner, underlying: instrument.underlying, now: after });
  if (before !== null && after === null) {
    note(draft, 'cycle.closed', 'info', {
      strategy: owner,
      underlying: instrument.underlying,
      started: before.startedDay,
      premium: before.premium + (instrument.kind === 'option' ? cash : 0),
      stock: before.stock + (instrument.kind === 'equity' ? cash : 0),
    });
  }
}

const addCash = (state: State, cash: Usd): void => {
  state.cash = state.cash === null ? cash : plus(state.cash, cash);
};

/** Books what an order traded between two of its states. */
function bookFills(state: State, draft: Draft, before: Order, after: Order): void {
  const rows = fillRows(before, after, draft.at.exchange, draft.day);
  const decided = state.decided.get(after.id);
  const code = decided?.code ?? null;
  for (const row of rows) {
    const { owner, qty, cash, at, day } = row;
    draft.fills.push(row);
    addCash(state, cash);
    remember(state, { owner, kind: 'fill', symbol: row.symbol, qty, cash, day }, draft.day);
    const into = tradeOf(state, draft, after);
    const trade = into?.id ?? null;
    const halfSpread = decided?.halfSpreads?.[row.symbol];
    const market = halfSpread === undefined ? {} : { halfSpread };
    bookExecution(
      state,
      draft,
      { owner, instrument: instrumentOf(row.symbol), qty, cash, day, by: fillKey(row), kind: 'fill', at, code, trade, ...market },
      into,
    );
    note(draft, 'order.filled', 'info', {
      coid: after.id,
      boid: row.brokerId,
      strategy: after.strategy,
      symbol: row.symbol,
      qty: row.qty,
      price: row.price,
      cum: row.cumQty,
      of: after.qty,
      purpose: after.purpose,
      ...(row.assumed.length > 0 ? { assumed: row.assumed } : {}),
    });
  }
  if (rows.length > 0 && opensTrades(after)) countUnits(state, draft, after.ladder);
}

/** Steps an order and books what it filled. Returns the order as it then is, or undefined when nothing moved. */
export function advanceOrder(state: State, draft: Draft, before: Order, event: OrderEvent): Order | undefined {
  const result = step(before, event);
  if (result.kind === 'anomaly')
    note(draft, 'order.anomaly', 'major', { coid: before.id, state: before.state, report: event.kind, why: result.why });
  if (result.kind !== 'moved') return undefined;
  const closing = isTerminal(result.order.state) && !isTerminal(before.state);
  const after: Order = {
    ...result.order,
    closedAt: closing ? draft.at.exchange : isTerminal(result.order.state) ? before.closedAt : null,
    reserve: reserveOf(before, result.order),
  };
  state.orders.set(after.id, after);
  draft.orders.set(after.id, after);
  bookFills(state, draft, before, after);
  if (closing && result.order.state !== 'filled') {
    note(draft, `order.${after.state}`, after.state === 'rejected' || after.state === 'refused' ? 'minor' : 'info', {
      coid: after.id,
      strategy: after.strategy,
      symbol: after.legs[0].instrument.symbol,
      cum: after.cumQty,
      of: after.qty,
      why: after.reason ?? '',
    });
  }
  return after;
}

/** Cash still set aside for an order: in proportion to what may still fill of what it was set aside for, none when it is closed. */
function reserveOf(before: Order, after: Order): Usd {
  const open = before.qty - before.cumQty;
  if (isTerminal(after.state) || open === 0) return 0 as Usd;
  return Math.ceil((before.reserve * (after.qty - after.cumQty)) / open) as Usd;
}

/** Books a ledger row once; a second row of the same key is a no-op. Returns whether it was booked. */
export function bookLedger(state: State, draft: Draft, row: LedgerRow): boolean {
  if (state.ledgerKeys.has(row.key)) return false;
  state.ledgerKeys.add(row.key);
  draft.ledger.push(row);
  addCash(state, row.cash);
  if (row.kind === 'transfer') {
    state.flows = [...state.flows, { day: row.day, amount: row.cash }];
    recordFlow(state, draft, row.cash);
  }
  const { key: by, kind, owner, symbol, qty, cash, day, at } = row;
  remember(state, { owner, kind, symbol, qty, cash, day }, draft.day);
  const part = conversionOf(by);
  if (part !== undefined) bookConversion(state, draft, row, part);
  else if (row.symbol !== null && row.qty !== 0) {
    const instrument = instrumentOf(row.symbol);
    const into = deliveredTo(state, row);
    const trade = into?.id ?? null;
    bookExecution(state, draft, { owner, instrument, qty, cash, day, by, kind, at, code: closingCode(kind, instrument, qty), trade }, into);
  }
  return true;
}

/** A ledger row with this turn's stamps. */
export const ledgerRow = (
  draft: Draft,
  parts: Pick<LedgerRow, 'key' | 'kind' | 'owner' | 'why'> & {
    readonly symbol?: Symbol | null;
    readonly qty?: number;
    readonly cash?: Usd;
    readonly day?: TradingDay;
  },
): LedgerRow => ({
  key: parts.key,
  kind: parts.kind,
  owner: parts.owner,
  why: parts.why,
  symbol: parts.symbol ?? null,
  qty: parts.qty ?? 0,
  cash: parts.cash ?? (0 as Usd),
  day: parts.day ?? draft.day,
  at: draft.at.exchange,
});
