// The stable read: orders before and after everything else, accepted only when both say the same.
import type { Activity, BrokerSnapshot } from '../domain/account.ts';
import type { Symbol } from '../domain/ids.ts';
import type { OrderReport } from '../domain/order-report.ts';
import type { SnapshotRequest } from '../ports/broker.ts';
import type { Clock } from '../ports/clock.ts';
import { accountFacts, activity, brokerPosition } from './account-codec.ts';
import { AlpacaFault } from './faults.ts';
import type { Send } from './gateway.ts';
import { childReports, reportOf } from './order-codec.ts';
import { allPages } from './pages.ts';
import type { Resilience } from './resilience.ts';
import type { Sdk } from './sdk.ts';
import { accountWire, activitiesWire, type OrderWire, ordersWire, positionsWire } from './wire.ts';

const ORDERS_PAGE = 500;
const ACTIVITIES_PAGE = 100;
/** Wall time between attempts: five in all. */
const pausesMs = [500, 1_000, 2_000, 4_000] as const;

export interface SnapshotReader {
  readonly sdk: Sdk;
  readonly resilience: Resilience;
  readonly clock: Clock;
  /** The legs of a package in the order we sent them, when we know. */
  readonly legOrder: (id: string) => readonly Symbol[] | undefined;
}

type Status = 'open' | 'closed';

/** All orders of a status; the first page by time, the next by id alone, since the two may not be combined. */
function ordersOf(reader: SnapshotReader, status: Status, after: number | null): Promise<readonly OrderWire[]> {
  return allPages(async (last) => {
    const place = last !== null ? { afterOrderId: last } : after !== null ? { after: new Date(after).toISOString() } : {};
    const query = { status, limit: ORDERS_PAGE, direction: 'asc' as const, nested: true, ...place };
    const rows = await reader.resilience.read('reconcile', (init) => reader.sdk.orders.getAllOrdersRaw(query, init), ordersWire);
    return { rows, next: rows.length < ORDERS_PAGE ? null : (rows.at(-1)?.id ?? null) };
  });
}

/** Open orders, and those closed among the ones submitted after an instant; of an order seen in both, what was read last. */
async function readOrders(reader: SnapshotReader, after: number | null): Promise<ReadonlyMap<string, OrderWire>> {
  const orders = new Map<string, OrderWire>();
  for (const order of await ordersOf(reader, 'open', null)) orders.set(order.id, order);
  if (after !== null) for (const order of await ordersOf(reader, 'closed', after)) orders.set(order.id, order);
  return orders;
}

function readActivities(reader: SnapshotReader, after: number): Promise<readonly Activity[]> {
  return allPages(async (token) => {
    const place = token === null ? { after: new Date(after) } : { after: new Date(after), pageToken: token };
    const query = { direction: 'asc' as const, pageSize: ACTIVITIES_PAGE, ...place };
    const send: Send = (init) => reader.sdk.activities.getAccountActivitiesRaw(query, init);
    const rows = await reader.resilience.read('reconcile', send, activitiesWire);
    return { rows: rows.map(activity), next: rows.length < ACTIVITIES_PAGE ? null : (rows.at(-1)?.id ?? null) };
  });
}

/** Id, status and filled quantity of every order: what two reads must agree on. */
const essence = (orders: ReadonlyMap<string, OrderWire>): string =>
  [...orders.values()]
    .flatMap((order) => [order, ...(order.legs ?? [])])
    .map((o) => `${o.id} ${o.status ?? ''} ${String(o.filled_qty.units)}e-${String(o.filled_qty.scale)}`)
    .sort()
    .join('\n');

async function readOnce(reader: SnapshotReader, request: SnapshotRequest): Promise<BrokerSnapshot | null> {
  const { resilience, sdk } = reader;
  const takenAt = reader.clock.now(); // what is said after this instant may be missing from the read
  const before = await readOrders(reader, request.ordersAfter);
  const activities = await readActivities(reader, request.activitiesAfter);
  const positions = await resilience.read('reconcile', (init) => sdk.positions.getAllOpenPositionsRaw(init), positionsWire);
  const account = await resilience.read('reconcile', (init) => sdk.account.getAccountRaw(init), accountWire);
  const after = await readOrders(reader, request.ordersAfter);
  if (essence(before) !== essence(after)) return null;
  const reports: OrderReport[] = [];
  for (const order of after.values()) reports.push(reportOf(order, reader.legOrder(order.client_order_id)), ...childReports(order));
  return {
    takenAt,
    account: accountFacts(account),
    orders: reports,
    positions: positions.map(brokerPosition),
    activities,
  };
}

/**
 * A snapshot whose orders held still while the rest was read.
 * @throws AlpacaFault ALPACA_UNSTABLE when they never did; whatever a read throws otherwise. Either way: no evidence.
 */
export async function stableSnapshot(reader: SnapshotReader, request: SnapshotRequest): Promise<BrokerSnapshot> {
  for (let attempt = 0; ; attempt++) {
    const snapshot = await readOnce(reader, request);
    if (snapshot !== null) return snapshot;
    const pause = pausesMs[attempt];
    if (pause === undefined) throw new AlpacaFault('ALPACA_UNSTABLE', `orders changed during each of ${String(attempt + 1)} reads`);
    await new Promise<void>((resolve) => {
      reader.clock.after(pause, resolve);
    });
  }
}
