// A stable read of the broker: orders are stepped, activities booked, positions and cash squared, and only then may entries leave.
//
// 1. A failed read is no evidence: never "flat", never "gone".
// 2. An unexplained difference is booked only when a second read shows it unchanged; until then the name is disputed.
// 3. What a position difference booked, the later activity confirms: both carry the same unit keys.
import type { Activity, BrokerSnapshot } from '../domain/account.ts';
import type { Owner, Symbol } from '../domain/ids.ts';
import { instrumentOf, parseOcc } from '../domain/instrument.ts';
import { deliveryKey, lifeKey, lifePrefix } from '../domain/life-key.ts';
import { type Usd, usd } from '../domain/money.ts';
import type { LedgerKind } from '../domain/position.ts';
import { DAY, type EpochMs, type MonoMs, SECOND } from '../domain/time.ts';
import { explain, type LifeEvent, orderDifference, type PositionDifference, positionDifference } from '../execution/reconcile.ts';
import { bookLedger, ledgerRow } from './booking.ts';
import { beginChase } from './chase.ts';
import { type Draft, note } from './draft.ts';
import { addHalt } from './halts.ts';
import { setMode } from './permissions.ts';
import { applyReport, cancelOrder } from './reports.ts';
import { countKeys, liveOrders, type State } from './state.ts';
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

const lifeKinds: ReadonlyMap<string, LifeEvent['kind']> = new Map([
  ['OPASN', 'assignment'],
  ['OPEXC', 'exercise'],
  ['OPEXP', 'expiry'],
]);
const cashKinds: ReadonlyMap<string, LedgerKind> = new Map([
  ['DIV', 'dividend'],
  ['FEE', 'fee'],
  ['CFEE', 'fee'],
  ['INT', 'interest'],
  ['CSD', 'transfer'],
  ['CSW', 'transfer'],
  ['JNLC', 'transfer'],
  ['JNL', 'transfer'],
  ['TRANS', 'transfer'],
]);

function bookActivities(world: World, state: State, draft: Draft, activities: readonly Activity[]): void {
  for (const activity of activities) {
    const key = `act:${activity.id}`;
    if (state.ledgerKeys.has(key)) continue;
    if (activity.at !== null && activity.at - DAY > state.activitiesWatermark) state.activitiesWatermark = (activity.at - DAY) as EpochMs;
    state.activityId = activity.id;
    if (activity.type === 'FILL') continue; // orders' own watermarks carry these
    if (activity.status !== 'executed')
      note(draft, 'activity.amended', 'major', { id: activity.id, type: activity.type, status: activity.status });
    const life = lifeKinds.get(activity.type);
    const option = activity.symbol === null ? undefined : parseOcc(activity.symbol);
    if (life !== undefined && option !== undefined) confirmLife(world, state, draft, activity, life);
    const kind = cashKinds.get(activity.type);
    const owner = activity.symbol === null ? 'EXTERNAL' : ownerOf(state, activity.symbol);
    // Option life-cycle rows have had their effect through unit keys; their share rows (OPTRD) only confirm it.
    bookLedger(
      state,
      draft,
      ledgerRow(draft, {
        key,
        kind: kind ?? life ?? 'external',
        owner,
        symbol: activity.symbol,
        day: activity.day,
        cash: kind === undefined ? usd(0) : activity.netAmount,
        why: activity.type,
      }),
    );
    draft.activityId = activity.id;
  }
}

/** Contracts an activity names that no position difference has booked yet are booked now; the others are confirmed. */
function confirmLife(world: World, state: State, draft: Draft, activity: Activity, kind: LifeEvent['kind']): void {
  const symbol = activity.symbol as Symbol;
  for (let i = 0; i < Math.abs(activity.qty); i++) {
    const confirmed = countKeys(state, `conf:${symbol}:${kind}:`) + 1;
    if (!state.ledgerKeys.has(lifeKey(symbol, kind, confirmed))) {
      const option = parseOcc(symbol);
      const held = [...state.positions.values()].find((p) => p.instrument.symbol === symbol);
      if (option !== undefined && held !== undefined) bookLife(world, state, draft, { kind, option, contracts: 1, shares: 0 }, 'activity');
    }
    bookLedger(
      state,
      draft,
      ledgerRow(draft, {
        key: `conf:${symbol}:${kind}:${confirmed}`,
        kind,
        owner: 'EXTERNAL',
        symbol,
        day: activity.day,
        why: 'confirmed by the broker',
      }),
    );
  }
}

const ownerOf = (state: State, symbol: Symbol): Owner =>
  [...state.positions.values()].find((p) => p.instrument.symbol === symbol)?.owner ?? 'EXTERNAL';

/** Books one life-cycle event contract by contract: the option leaves, the shares and the strike's cash come with it. */
function bookLife(world: World, state: State, draft: Draft, event: LifeEvent, source: string): void {
  const { option, kind } = event;
  for (let i = 0; i < event.contracts; i++) {
    const held = [...state.positions.values()].find((p) => p.instrument.symbol === option.symbol);
    if (held === undefined) return;
    const key = lifeKey(option.symbol, kind, countKeys(state, lifePrefix(option.symbol, kind)) + 1);
    const day = world.calendar.session(draft.day) === undefined ? world.calendar.lastClosed(draft.at.exchange).day : draft.day;
    if (kind !== 'expiry') {
      // The shares come before the option leaves: a name that looked flat in between would end its cycle, and the credits with it.
      const shares = (option.right === 'call' ? 1 : -1) * (held.qty > 0 ? 100 : -100);
      const cash = usd(-shares * option.strike);
      bookLedger(
        state,
        draft,
        ledgerRow(draft, {
          key: deliveryKey(key),
          kind,
          owner: held.owner,
          symbol: option.underlying,
          qty: shares,
          cash,
          day,
          why: source,
        }),
      );
    }
    bookLedger(
      state,
      draft,
      ledgerRow(draft, { key, kind, owner: held.owner, symbol: option.symbol, qty: held.qty > 0 ? -1 : 1, day, why: source }),
    );
  }
  note(draft, `position.${kind}`, 'info', { symbol: option.symbol, contracts: event.contracts, source });
}

/** Books what expiry, assignment and exercise explain; returns the names that still differ. */
function squarePositions(world: World, state: State, draft: Draft, snapshot: BrokerSnapshot): Symbol[] {
  const now = draft.at.exchange;
  const over = (expiry: Parameters<Parameters<typeof explain>[1]>[0]): boolean =>
    now >= (world.calendar.session(expiry)?.close ?? Infinity);
  const found = explain(positionDifference(snapshot.positions, state.positions.values()), over);
  for (const event of found.events) bookLife(world, state, draft, event, 'position');
  const names = new Set<string>();
  const disputed: Symbol[] = [];
  for (const difference of found.rest) {
    names.add(difference.symbol);
    if (!bookDifference(state, draft, difference)) disputed.push(instrumentOf(difference.symbol).underlying);
  }
  for (const name of [...state.suspicions.keys()]) if (name !== 'cash' && !names.has(name)) state.suspicions.delete(name);
  return disputed;
}

/** True when booked: seen twice unchanged with no order of ours in flight in the name. */
function bookDifference(state: State, draft: Draft, d: PositionDifference): boolean {
  const before = state.suspicions.get(d.symbol);
  const times = before !== undefined && before.ours === d.ours && before.theirs === d.theirs ? before.times + 1 : 1;
  state.suspicions.set(d.symbol, { ours: d.ours, theirs: d.theirs, times });
  const inFlight = liveOrders(state).some((o) => o.state !== 'working' && o.legs.some((l) => l.instrument.symbol === d.symbol));
  if (times < 2 || inFlight) return false;
  state.suspicions.delete(d.symbol);
  adjust(state, draft, d);
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
