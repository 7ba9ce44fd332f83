// A stable read of the broker: orders are stepped, activities booked, positions and cash squared, and only then may entries leave.
//
// 1. A failed read is no evidence: never "flat", never "gone".
// 2. An unexplained difference is booked only when a second read shows it unchanged; until then the name is disputed.
// 3. What a position difference booked, the later activity confirms: both carry the same unit keys.
import type { BrokerSnapshot } from '../domain/account.ts';
import type { Owner, Symbol } from '../domain/ids.ts';
import { instrumentOf } from '../domain/instrument.ts';
import { type Usd, usd } from '../domain/money.ts';
import { type MonoMs, SECOND } from '../domain/time.ts';
import { conversionsSeen } from '../execution/conversions.ts';
import { explain, orderDifference, type PositionDifference, positionDifference } from '../execution/reconcile.ts';
import { bookActivities } from './activities.ts';
import { bookLedger, ledgerRow } from './booking.ts';
import { beginChase } from './chase.ts';
import { isAwaited, recordConversion, seenConverted } from './conversions.ts';
import { type Draft, note } from './draft.ts';
import { addHalt } from './halts.ts';
import { bookLife } from './life.ts';
import { followNames } from './names.ts';
import { setMode } from './permissions.ts';
import { applyReport, cancelOrder } from './reports.ts';
import { liveOrders, type State } from './state.ts';
import type { World } from './world.ts';

const CENT = 10_000;
const AGAIN_MS = 1_500;

export function onSnapshot(world: World, state: State, draft: Draft, snapshot: BrokerSnapshot): void {
  const firstEver = state.cash === null;
  state.account = snapshot.account;
  state.accountSeen = snapshot.takenAt.mono;
  state.lastSnapshotAt = snapshot.takenAt;
  state.reconcileAsked = false;
  squareOrders(state, draft, snapshot);
  if (firstEver) open(state, draft, snapshot);
  bookActivities(world, state, draft, snapshot.activities);
  followNames(state, draft, snapshot.positions);
  const open_ = squarePositions(world, state, draft, snapshot);
  const cashOk = squareCash(state, draft, snapshot.account.cash, open_.length === 0);
  const clean = open_.length === 0 && cashOk;
  for (const name of [...state.disputed]) if (!open_.includes(name)) state.disputed.delete(name);
  for (const name of open_) state.disputed.add(name);
  finishReconcile(state, draft, clean, open_);
}

function finishReconcile(state: State, draft: Draft, clean: boolean, disputed: readonly Symbol[]): void {
  if (!clean) {
    state.reconcileAt = (draft.at.mono + AGAIN_MS) as MonoMs;
    note(draft, 'reconcile.differs', 'minor', { names: disputed });
    return;
  }
  const first = !state.reconciledOnce;
  state.reconciledOnce = true;
  state.lastCleanReconcile = draft.at.mono;
  const left = heardSince(state) && setMode(state, 'RECOVERING', false);
  if (left) draft.modesTouched = true;
  else if (state.ordersLinkSince !== null && state.modes.has('RECOVERING')) state.reconcileAt = draft.at.mono;
  note(draft, 'reconcile.ok', 'info', {
    positions: state.positions.size,
    live: liveOrders(state).length,
    cash: state.cash,
    first,
    recovered: left,
  });
  // Walks do not survive a restart: what an earlier process left working is taken back, and the strategy decides afresh.
  for (const order of liveOrders(state)) {
    if (order.purpose !== 'P' && ![...state.ladders.values()].some((l) => l.current === order.id))
      cancelOrder(state, draft, order, 'left working by an earlier run');
  }
}

/** True when the stream was listening already as the read was taken: then nothing fell between the two. */
const heardSince = (state: State): boolean =>
  state.ordersLinkSince !== null && state.lastSnapshotAt !== null && state.lastSnapshotAt.mono >= state.ordersLinkSince;

function squareOrders(state: State, draft: Draft, snapshot: BrokerSnapshot): void {
  const difference = orderDifference(snapshot, state.orders, liveOrders(state));
  for (const report of difference.known) applyReport(state, draft, report);
  for (const order of difference.unseen) {
    if (order.state === 'working' || order.state === 'canceling') draft.commands.push({ kind: 'find', id: order.id });
    else if (order.state === 'unknown' && !state.chases.has(order.id)) beginChase(state, order.id, draft.at.mono, 0);
  }
  for (const orphan of difference.orphans) {
    if (orphan.status !== 'working' && orphan.cumQty === 0) continue;
    note(draft, 'order.orphan', 'critical', { coid: orphan.id, boid: orphan.brokerId, status: orphan.status });
    addHalt(
      state,
      draft,
      { kind: 'account' },
      `order ${orphan.id} carries our prefix but is not in the ledger: a restored backup or a twin daemon`,
    );
  }
}

/** The first read of an account: its cash opens our ledger, its holdings are nobody's of ours. */
function open(state: State, draft: Draft, snapshot: BrokerSnapshot): void {
  const cash = usd(snapshot.account.cash);
  bookLedger(
    state,
    draft,
    ledgerRow(draft, { key: 'opening:cash', kind: 'opening', owner: 'EXTERNAL', cash, why: 'cash at the first reconcile' }),
  );
  for (const p of snapshot.positions) {
    if (typeof p.net !== 'number' || p.net === 0) continue;
    // The cost was paid before our ledger began: booked and taken back at once, so that cash stays what the broker says.
    bookLedger(
      state,
      draft,
      ledgerRow(draft, {
        key: `opening:${p.symbol}`,
        kind: 'opening',
        owner: 'EXTERNAL',
        symbol: p.symbol,
        qty: p.net,
        cash: usd(-p.cost),
        why: 'held at the first reconcile',
      }),
    );
    bookLedger(
      state,
      draft,
      ledgerRow(draft, {
        key: `opening:${p.symbol}:cost`,
        kind: 'opening',
        owner: 'EXTERNAL',
        cash: usd(p.cost),
        why: `paid before the ledger began for ${p.symbol}`,
      }),
    );
  }
  // Their effect is in the figures above; the rows keep a later run from booking them.
  for (const { id, day, type } of snapshot.activities) {
    if (type === 'FILL') continue;
    bookLedger(
      state,
      draft,
      ledgerRow(draft, { key: `act:${id}`, kind: 'opening', owner: 'EXTERNAL', day, why: `${type} before the ledger began` }),
    );
  }
}

/** What a split explains is booked at the second sight, as is all that nothing explains; what the broker has yet to follow is waited for. */
function squareConversions(state: State, draft: Draft, snapshot: BrokerSnapshot): readonly Symbol[] {
  const waiting: Symbol[] = [];
  const differences = positionDifference(snapshot.positions, state.positions.values());
  seenConverted(state, new Set(differences.map((d) => d.symbol)));
  const open = differences.filter((d) => !isAwaited(state, draft, d));
  for (const event of conversionsSeen(open, snapshot.positions, [...state.positions.values()])) {
    const d = open.find((one) => one.symbol === event.from);
    if (d !== undefined && seenTwice(state, d)) recordConversion(state, draft, event, draft.day, 'position');
    else waiting.push(event.from, event.to);
  }
  return [...waiting, ...differences.filter((d) => !open.includes(d)).map((d) => d.symbol)];
}

/** Books what splits, expiry, assignment and exercise explain; returns the names that still differ. */
function squarePositions(world: World, state: State, draft: Draft, snapshot: BrokerSnapshot): Symbol[] {
  const now = draft.at.exchange;
  const over = (expiry: Parameters<Parameters<typeof explain>[1]>[0]): boolean =>
    now >= (world.calendar.session(expiry)?.close ?? Infinity);
  const waiting = squareConversions(state, draft, snapshot);
  const differences = positionDifference(snapshot.positions, state.positions.values());
  const found = explain(
    differences.filter((d) => !waiting.includes(d.symbol)),
    over,
  );
  for (const event of found.events) bookLife(world, state, draft, event, 'position');
  const names = new Set<string>(waiting);
  const disputed = waiting.map((name) => instrumentOf(name).underlying);
  for (const difference of found.rest) {
    names.add(difference.symbol);
    if (!bookDifference(state, draft, difference)) disputed.push(instrumentOf(difference.symbol).underlying);
  }
  for (const name of [...state.suspicions.keys()]) if (name !== 'cash' && !names.has(name)) state.suspicions.delete(name);
  return disputed;
}

/** True when booked: seen twice unchanged with no order of ours in flight in the name. */
function bookDifference(state: State, draft: Draft, d: PositionDifference): boolean {
  if (!seenTwice(state, d)) return false;
  adjust(state, draft, d);
  return true;
}

/** True when this same difference was there at the last read, too, and no order of ours in the name may account for it. */
function seenTwice(state: State, d: PositionDifference): boolean {
  const before = state.suspicions.get(d.symbol);
  const times = before !== undefined && before.ours === d.ours && before.theirs === d.theirs ? before.times + 1 : 1;
  state.suspicions.set(d.symbol, { ours: d.ours, theirs: d.theirs, times });
  const inFlight = liveOrders(state).some((o) => o.state !== 'working' && o.legs.some((l) => l.instrument.symbol === d.symbol));
  if (times < 2 || inFlight) return false;
  state.suspicions.delete(d.symbol);
  return true;
}

/** More than ours is EXTERNAL's; less shrinks EXTERNAL first, then ours; a change of sign freezes the name for a person. */
function adjust(state: State, draft: Draft, d: PositionDifference): void {
  let left = d.theirs - d.ours;
  const flip = d.ours !== 0 && d.theirs !== 0 && Math.sign(d.ours) !== Math.sign(d.theirs);
  const shrinks = Math.sign(left) !== Math.sign(d.ours) && d.ours !== 0;
  note(draft, 'reconcile.drift', flip ? 'critical' : shrinks ? 'major' : 'minor', { symbol: d.symbol, ours: d.ours, theirs: d.theirs });
  if (flip)
    addHalt(
      state,
      draft,
      { kind: 'symbol', symbol: instrumentOf(d.symbol).underlying },
      `${d.symbol}: the broker holds ${d.theirs}, the ledger ${d.ours}`,
    );
  const book = (owner: Owner, quantity: number): void => {
    const key = `adjust:${draft.seq}:${owner}:${d.symbol}`;
    bookLedger(
      state,
      draft,
      ledgerRow(draft, { key, kind: 'adjust', owner, symbol: d.symbol, qty: quantity, why: `broker ${d.theirs}, ledger ${d.ours}` }),
    );
  };
  const holders = [...state.positions.values()].filter((p) => p.instrument.symbol === d.symbol && Math.sign(p.qty) !== Math.sign(left));
  holders.sort((a, b) => Number(b.owner === 'EXTERNAL') - Number(a.owner === 'EXTERNAL') || (a.openedDay < b.openedDay ? -1 : 1));
  for (const p of holders) {
    const part = Math.sign(left) * Math.min(Math.abs(left), Math.abs(p.qty));
    if (part !== 0) book(p.owner, part);
    left -= part;
  }
  if (left !== 0) book('EXTERNAL', left);
}

/** Cash agrees to a cent for each fill; a difference seen twice with positions squared is booked as external. */
function squareCash(state: State, draft: Draft, theirs: Usd, positionsOk: boolean): boolean {
  const ours = state.cash ?? usd(0);
  const tolerance = CENT * Math.max(1, state.orders.size);
  if (Math.abs(theirs - ours) <= tolerance) {
    state.suspicions.delete('cash');
    return true;
  }
  const before = state.suspicions.get('cash');
  const times = before !== undefined && before.ours === ours && before.theirs === theirs ? before.times + 1 : 1;
  state.suspicions.set('cash', { ours, theirs, times });
  if (times < 2 || !positionsOk) return false;
  state.suspicions.delete('cash');
  note(draft, 'reconcile.cash', 'major', { ours, theirs });
  bookLedger(
    state,
    draft,
    ledgerRow(draft, {
      key: `adjust:${draft.seq}:cash`,
      kind: 'adjust',
      owner: 'EXTERNAL',
      cash: usd(theirs - ours),
      why: 'cash at the broker differs',
    }),
  );
  return true;
}

export function onSnapshotFailed(state: State, draft: Draft, because: string): void {
  state.reconcileAsked = false;
  state.reconcileAt = (draft.at.mono + 2 * SECOND) as MonoMs;
  note(draft, 'reconcile.failed', 'minor', { why: because });
}
