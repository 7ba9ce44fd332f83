// The invariants of docs/determinism.md, judged from outside: the exchange's record, the ledger's file and what left on the wire.
// Each is a pure function of what it is given, so that a doctored record shows whether it can fail.
import type { Remainder } from '../domain/event.ts';
import { isTerminal } from '../domain/order.ts';
import type { XOrder } from '../exchange/types.ts';
import { readOrderId } from '../execution/order-id.ts';
import { type BrokerFacts, isOpenThere } from './broker-facts.ts';
import type { Holdings, LedgerFacts, LedgerFill, LedgerOrder } from './ledger-facts.ts';
import type { Sent } from './tap.ts';

export interface Violation {
  readonly rule:
    | 'I1'
    | 'I2'
    | 'I3'
    | 'I4'
    | 'I5'
    | 'I6'
    | 'I10'
    | 'I21'
    | 'I22'
    | 'lots'
    | 'reserve'
    | 'alarm'
    | 'ledger'
    | 'zombie'
    | 'fault';
  readonly where: string;
  readonly what: string;
}

const say = (rule: Violation['rule'], where: string, what: string): Violation => ({ rule, where, what });

/** Exits may be sent again with the same id, out of a clean absence; everything else leaves once. */
const POSTS_MAX = { O: 1, R: 1, C: 3, P: 3 } as const;
/** An average price of several executions is rounded on the wire: a cent for each of them. */
const CENT = 10_000;

/** I1: at most one order at the broker for an intent, and an intent for each order there that carries our prefix. */
export function checkOrders(broker: BrokerFacts, ledger: LedgerFacts): readonly Violation[] {
  const ours = new Map(ledger.orders.map((order) => [order.id, order]));
  const seen = new Map<string, XOrder>();
  const found: Violation[] = [];
  for (const order of broker.orders) {
    const id = order.clientOrderId;
    if (seen.has(id)) found.push(say('I1', id, 'two orders at the broker'));
    seen.set(id, order);
    const intent = ours.get(id);
    if (readOrderId(id) === undefined) found.push(say('I1', id, 'an order at the broker that is not ours'));
    else if (intent === undefined) found.push(say('I1', id, 'an order at the broker without an intent in the ledger'));
    else if (intent.brokerId !== null && intent.brokerId !== order.id)
      found.push(say('I1', id, `the ledger knows it as ${intent.brokerId}, the broker as ${order.id}`));
  }
  for (const order of ledger.orders)
    if (order.brokerId !== null && !seen.has(order.id))
      found.push(say('I1', order.id, 'has a broker id, but the broker has no such order'));
  return found;
}

interface Filled {
  readonly qty: number;
  readonly cash: number;
}

/** What the broker filled of each leg; cash is absolute. */
const brokerLegs = (order: XOrder): readonly Filled[] =>
  order.legs.length === 0
    ? [{ qty: order.filledQty, cash: order.filledCash }]
    : order.legs.map((leg) => ({ qty: leg.filledQty, cash: leg.filledCash }));

function checkLeg(order: XOrder, legNo: number, there: Filled, rows: readonly LedgerFill[]): readonly Violation[] {
  const where = `${order.clientOrderId} leg ${String(legNo)}`;
  const found: Violation[] = [];
  let cum = 0;
  let cash = 0;
  for (const row of [...rows].sort((a, b) => a.cumQty - b.cumQty)) {
    if (row.cumQty - cum !== Math.abs(row.qty))
      found.push(say('I2', where, `a gap: ${String(cum)} filled, then a row of ${String(row.qty)} up to ${String(row.cumQty)}`));
    cum = row.cumQty;
    cash += Math.abs(row.cash);
  }
  const sum = rows.reduce((total, row) => total + Math.abs(row.qty), 0);
  if (sum !== there.qty) found.push(say('I2', where, `the broker filled ${String(there.qty)}, the ledger's rows add up to ${String(sum)}`));
  if (Math.abs(cash - there.cash) > CENT * Math.max(1, rows.length))
    found.push(say('I2', where, `cash ${String(there.cash)} at the broker, ${String(cash)} in the ledger`));
  return found;
}

/** I2: every fill exactly once, leg by leg; nothing in the ledger that the broker did not fill. */
export function checkFills(broker: BrokerFacts, ledger: LedgerFacts): readonly Violation[] {
  const rows = new Map<string, LedgerFill[]>();
  for (const fill of ledger.fills)
    rows.set(`${fill.order} ${String(fill.legNo)}`, [...(rows.get(`${fill.order} ${String(fill.legNo)}`) ?? []), fill]);
  const found: Violation[] = [];
  for (const order of broker.orders) {
    for (const [legNo, there] of brokerLegs(order).entries()) {
      const key = `${order.clientOrderId} ${String(legNo)}`;
      found.push(...checkLeg(order, legNo, there, rows.get(key) ?? []));
      rows.delete(key);
    }
  }
  for (const key of rows.keys()) found.push(say('I2', key, 'fills in the ledger of an order the broker does not have'));
  return found;
}

/** What an ambiguous order may be while the broker has none of its id: asked about, watched, or for a person to see. */
const awaited: ReadonlySet<LedgerOrder['state']> = new Set(['unknown', 'absent_watch', 'quarantined']);

function openOrders(broker: BrokerFacts, ledger: LedgerFacts): readonly Violation[] {
  const found: Violation[] = [];
  const open = new Map(broker.orders.filter(isOpenThere).map((order) => [order.clientOrderId, order]));
  for (const order of ledger.orders) {
    const there = open.get(order.id);
    open.delete(order.id);
    if (isTerminal(order.state) ? there !== undefined : there === undefined && !awaited.has(order.state)) {
      found.push(say('I3', order.id, `${order.state} in the ledger, ${there?.status ?? 'not open'} at the broker`));
    } else if (there !== undefined && there.filledQty !== order.cumQty) {
      found.push(say('I3', order.id, `filled ${String(order.cumQty)} in the ledger, ${String(there.filledQty)} at the broker`));
    }
  }
  for (const id of open.keys()) found.push(say('I3', id, 'open at the broker, not in the ledger'));
  return found;
}

/** I3: at an instant with nothing in flight, open orders, positions and cash are the broker's, and nothing had to be adjusted. */
export function checkHoldings(broker: BrokerFacts, ledger: LedgerFacts): readonly Violation[] {
  const found = [...openOrders(broker, ledger)];
  for (const symbol of [...new Set([...broker.positions.keys(), ...ledger.positions.keys()])].sort()) {
    const [there, here] = [broker.positions.get(symbol) ?? 0, ledger.positions.get(symbol) ?? 0];
    if (there !== here) found.push(say('I3', symbol, `${String(there)} at the broker, ${String(here)} in the ledger`));
  }
  const tolerance = CENT * Math.max(1, ledger.fills.length);
  if (ledger.cash === null) found.push(say('I3', 'cash', 'the ledger was never opened'));
  else if (Math.abs(broker.cash - ledger.cash) > tolerance)
    found.push(say('I3', 'cash', `${String(broker.cash)} at the broker, ${String(ledger.cash)} in the ledger`));
  for (const { key, why } of ledger.adjustments) found.push(say('I3', key, `the ledger had to be adjusted: ${why}`));
  return found;
}

const opens = (order: LedgerOrder): boolean => order.purpose === 'O' || order.purpose === 'R';

/** What was sent is what was cleared. A package states its net with a sign; a single order its price, without one. */
function isSame(body: Sent['body'], order: LedgerOrder): boolean {
  const limit = order.limit === null || order.symbols.length > 1 ? order.limit : Math.abs(order.limit);
  return body.qty === order.qty && body.limit === limit && body.stop === order.stop && body.symbols.join() === order.symbols.join();
}

function checkPost({ id, process, clearance, body }: Sent): readonly Violation[] {
  const where = `${id} sent by process ${String(process)}`;
  if (clearance === null) return [say('I10', where, 'its row was not on disk')];
  const { order, verdictSeq, attemptSeq, halts, freezes } = clearance;
  const found: Violation[] = [];
  if (attemptSeq === null || order.state !== 'submitting') found.push(say('I10', where, `its attempt was not on disk (${order.state})`));
  if (verdictSeq === null) found.push(say('I4', where, 'no cleared verdict on disk'));
  else if (attemptSeq !== null && verdictSeq >= attemptSeq)
    found.push(say('I4', where, `verdict of turn ${String(verdictSeq)} after its attempt of turn ${String(attemptSeq)}`));
  if (!isSame(body, order))
    found.push(
      say(
        'I4',
        where,
        `sent ${JSON.stringify(body)}, cleared ${JSON.stringify({ qty: order.qty, limit: order.limit, stop: order.stop, symbols: order.symbols })}`,
      ),
    );
  if (opens(order) && halts.length > 0) found.push(say('I5', where, `an opening left while halted: ${halts.join('; ')}`));
  if (!opens(order) && freezes.length > 0) found.push(say('I5', where, `an exit left while frozen: ${freezes.join('; ')}`));
  return found;
}

/** I4, I5, I10, I22 of every POST: cleared and on disk before its first byte, not halted, and not sent too often. */
export function checkPosts(sent: readonly Sent[]): readonly Violation[] {
  const counts = new Map<string, number>();
  const found: Violation[] = [];
  for (const post of sent) {
    found.push(...checkPost(post));
    const count = (counts.get(post.id) ?? 0) + 1;
    counts.set(post.id, count);
    const most = POSTS_MAX[post.clearance?.order.purpose ?? 'O'];
    if (count > most) found.push(say('I22', post.id, `sent ${String(count)} times, at most ${String(most)}`));
  }
  return found;
}

/** What is left in lots is what is held, owner by owner: after every turn, not at rest alone. */
export function checkLots({ positions, lots }: Holdings): readonly Violation[] {
  return [...new Set([...positions.keys(), ...lots.keys()])].sort().flatMap((name) => {
    const [held, left] = [positions.get(name) ?? 0, lots.get(name) ?? 0];
    return held === left ? [] : [say('lots', name, `${String(held)} held, ${String(left)} left in lots`)];
  });
}

/** What is set aside is never negative, and nothing is set aside for an order that is over. */
export function checkReserves(ledger: LedgerFacts): readonly Violation[] {
  return ledger.orders.flatMap((order) => {
    if (order.reserve < 0) return [say('reserve', order.id, `${String(order.reserve)} micros set aside`)];
    return isTerminal(order.state) && order.reserve !== 0
      ? [say('reserve', order.id, `${String(order.reserve)} micros set aside for an order that is ${order.state}`)]
      : [];
  });
}

/** The one halt that the faults drawn here call for. */
const CRASH_LOOP = /unclean starts in ten minutes/;
/** Notes that would be true only of a twin, a stranger, a broker that contradicts itself, or a mistake of ours. */
const alarms = [
  'order.anomaly',
  'order.mismatch',
  'order.orphan',
  'order.twin',
  'order.zombie',
  'reconcile.cash',
  'reconcile.drift',
] as const;

/** No false alarm: with one daemon, one owner and an honest broker, none of these may be raised. */
export function checkAlarms({ halts, notes }: LedgerFacts): readonly Violation[] {
  return [
    ...halts.filter(({ reason }) => !CRASH_LOOP.test(reason)).map(({ scope, reason }) => say('alarm', scope.trim(), `halted: ${reason}`)),
    ...alarms.flatMap((event) => (notes.has(event) ? [say('alarm', event, `${String(notes.get(event))} times`)] : [])),
  ];
}

/**
 * I6: after an orderly stop the account is flat, but for what nobody bids for: a long option without a bid cannot be sold, and is
 * right where the daemon lists it and says 10. Exit 12 is right only for orders whose fate no look-up has settled yet and that the
 * broker indeed does not have.
 */
export function checkExit(
  exitCode: number,
  broker: BrokerFacts,
  ledger: LedgerFacts,
  remainder: readonly Pick<Remainder, 'symbol' | 'qty'>[] = [],
): readonly Violation[] {
  const found: Violation[] = [];
  const there = new Set(broker.orders.map((order) => order.clientOrderId));
  const unresolved = ledger.orders.filter((order) => !isTerminal(order.state));
  const lost = exitCode === 12 && unresolved.length > 0 && unresolved.every((order) => awaited.has(order.state) && !there.has(order.id));
  const listed = ([symbol, qty]: readonly [string, number]): boolean =>
    broker.unbid.has(symbol) && remainder.some((left) => left.symbol === symbol && left.qty === qty);
  const held = [...broker.positions];
  const unsold = exitCode === 10 && held.length > 0 && held.every(listed);
  if (exitCode !== 0 && !lost && !unsold) found.push(say('I6', 'exit', `code ${String(exitCode)}`));
  for (const [symbol, qty] of held.filter((position) => !listed(position)))
    found.push(say('I6', symbol, `${String(qty)} still held after the stop`));
  for (const order of broker.orders.filter(isOpenThere)) found.push(say('I6', order.clientOrderId, `still ${order.status} after the stop`));
  return found;
}
