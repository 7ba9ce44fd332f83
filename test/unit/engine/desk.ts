// The broker's side of the table: what it truly holds. A test moves it by hand, and decides what of it the engine hears, and when.
import type { AccountFacts, Activity, BrokerPosition, BrokerSnapshot } from '../../../src/domain/account.ts';
import { brokerOrderId, type ClientOrderId, clientOrderId, type Symbol, symbol } from '../../../src/domain/ids.ts';
import { instrumentOf } from '../../../src/domain/instrument.ts';
import { sign } from '../../../src/domain/legs.ts';
import { netQty, usd } from '../../../src/domain/money.ts';
import type { LegFill, Order } from '../../../src/domain/order.ts';
import type { OrderReport, ReportStatus } from '../../../src/domain/order-report.ts';
import type { Now, TradingDay } from '../../../src/domain/time.ts';

export interface Desk {
  cash: number;
  readonly held: Map<Symbol, number>;
  readonly account: Partial<AccountFacts>;
  readonly activities: Activity[];
  has(id: ClientOrderId): boolean;
  /** Takes an order in; the report of it. */
  accept(order: Order): OrderReport;
  /** Trades up to `units` in all, the new ones at these prices of the legs in dollars. */
  fill(id: ClientOrderId, units: number, ...prices: readonly number[]): OrderReport;
  end(id: ClientOrderId, as: Extract<ReportStatus, 'canceled' | 'expired' | 'rejected' | 'replaced'>): OrderReport;
  /** The order as it now is. */
  report(id: ClientOrderId): OrderReport;
  /** Somebody else trades in the account. */
  move(of: string, qty: number, dollars?: number): void;
  book(activity: Partial<Activity> & Pick<Activity, 'id' | 'type'>): Activity;
  snapshot(now: Now): BrokerSnapshot;
}

interface Held {
  readonly order: Order;
  status: ReportStatus;
  units: number;
  readonly cash: number[];
}

const micros = (dollars: number): number => Math.round(dollars * 1e6);

function reportOf({ order, status, units, cash }: Held): OrderReport {
  const fills: LegFill[] =
    units === 0
      ? []
      : order.legs.map((l, legNo) => ({ legNo, symbol: l.instrument.symbol, cumQty: l.ratio * units, cumCash: usd(cash[legNo] ?? 0) }));
  const simple = order.legs.length === 1;
  return {
    id: order.id,
    brokerId: brokerOrderId(`b-${order.id.slice(-16)}`),
    status,
    type: order.type,
    symbol: simple ? order.legs[0].instrument.symbol : null,
    side: simple ? order.legs[0].side : null,
    qty: order.qty,
    limit: order.limit,
    cumQty: units,
    cumCash: usd(cash.reduce((a, b) => a + b, 0)),
    fills,
    replacedBy: null,
    reason: null,
    submittedAt: null,
    updatedAt: null,
  };
}

/** A report of an order that is nobody's here. */
export const strangeReport = (id: string, over: Partial<OrderReport> = {}): OrderReport => ({
  id: clientOrderId(id),
  brokerId: brokerOrderId(`b-${id}`),
  status: 'working',
  type: 'limit',
  symbol: symbol('ABC'),
  side: 'buy',
  qty: 1,
  limit: null,
  cumQty: 0,
  cumCash: usd(0),
  fills: [],
  replacedBy: null,
  reason: null,
  submittedAt: null,
  updatedAt: null,
  ...over,
});

/** A desk with cash in dollars and no position. */
export function openDesk(dollars: number, day: () => TradingDay): Desk {
  const orders = new Map<ClientOrderId, Held>();
  const held = new Map<Symbol, number>();
  const find = (id: ClientOrderId): Held => {
    const found = orders.get(id);
    if (found === undefined) throw new Error(`the desk has no order ${id}`);
    return found;
  };
  const desk: Desk = {
    cash: micros(dollars),
    held,
    account: {},
    activities: [],
    has: (id) => orders.has(id),
    accept(order) {
      if (orders.has(order.id)) throw new Error(`order ${order.id} was sent twice`);
      orders.set(order.id, { order, status: 'working', units: 0, cash: order.legs.map(() => 0) });
      return reportOf(find(order.id));
    },
    fill(id, units, ...prices) {
      const entry = find(id);
      entry.order.legs.forEach((l, legNo) => {
        const traded = sign(l.side) * l.ratio * (units - entry.units);
        const cash = -traded * micros(prices[legNo] ?? 0) * l.instrument.multiplier;
        entry.cash[legNo] = (entry.cash[legNo] ?? 0) + cash;
        desk.cash += cash;
        held.set(l.instrument.symbol, (held.get(l.instrument.symbol) ?? 0) + traded);
      });
      entry.units = units;
      if (units === entry.order.qty) entry.status = 'filled';
      return reportOf(entry);
    },
    end(id, as) {
      find(id).status = as;
      return reportOf(find(id));
    },
    report: (id) => reportOf(find(id)),
    move(of, n, dollars_ = 0) {
      held.set(symbol(of), (held.get(symbol(of)) ?? 0) + n);
      desk.cash += micros(dollars_);
    },
    book(over) {
      const activity: Activity = {
        status: 'executed',
        day: day(),
        at: null,
        symbol: null,
        qty: 0,
        price: null,
        netAmount: usd(0),
        groupId: null,
        order: null,
        ...over,
      };
      desk.activities.push(activity);
      return activity;
    },
    snapshot(now) {
      const cash = usd(desk.cash);
      const account: AccountFacts = {
        number: 'PA3SIM0001',
        status: 'ACTIVE',
        cash,
        equity: cash,
        lastEquity: cash,
        buyingPower: cash,
        optionsBuyingPower: cash,
        nonMarginableBuyingPower: cash,
        optionsLevel: 3,
        tradingBlocked: false,
        accountBlocked: false,
        transfersBlocked: false,
        suspendedByUser: false,
        ...desk.account,
      };
      const positions = [...held].flatMap(([of, n]): BrokerPosition[] =>
        n === 0 ? [] : [{ symbol: instrumentOf(of).symbol, net: netQty(n), cost: usd(0), mark: null }],
      );
      return { takenAt: now, account, orders: [...orders.values()].map(reportOf), positions, activities: [...desk.activities] };
    },
  };
  return desk;
}
