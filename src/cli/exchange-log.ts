// The running log of `wsb exchange`: a line for each step of an order, each order refused, and each fault that strikes.
import { formatMicros } from '../domain/money.ts';
import { type EpochMs, epochMs, MINUTE } from '../domain/time.ts';
import type { Struck } from '../exchange/faults/struck.ts';
import type { XOrder, XTradeEvent } from '../exchange/types.ts';
import { newYorkDay, newYorkTimeOfDay } from '../market/new-york.ts';

type Fields = Readonly<Record<string, string | number | null>>;

/** Steps that are told; those between a request and its outcome are left out. */
const told: ReadonlySet<XTradeEvent['event']> = new Set([
  ...(['new', 'partial_fill', 'fill', 'canceled', 'expired', 'rejected', 'replaced'] as const),
  ...(['order_cancel_rejected', 'order_replace_rejected', 'done_for_day'] as const),
]);

const two = (n: number): string => String(n).padStart(2, '0');

/** `2026-11-23 15:05:03.120`, New York. */
export function newYorkStamp(at: EpochMs): string {
  const time = newYorkTimeOfDay(at);
  const seconds = Math.floor((time % MINUTE) / 1_000);
  return `${newYorkDay(at)} ${two(Math.floor(time / 3_600_000))}:${two(Math.floor(time / MINUTE) % 60)}:${two(seconds)}.${String(time % 1_000).padStart(3, '0')}`;
}

function priceOf(order: XOrder): string {
  const { type, limitPrice, stopPrice, trail } = order;
  const parts = [
    ...(trail === null ? [] : [`${trail.kind === 'price' ? '$' : ''}${formatMicros(trail.amount)}${trail.kind === 'percent' ? '%' : ''}`]),
    ...(stopPrice === null || trail !== null ? [] : [`stop ${formatMicros(stopPrice)}`]),
    ...(limitPrice === null ? [] : [formatMicros(limitPrice)]),
  ];
  return [type, ...parts].join(' ');
}

const whatOf = (order: XOrder): string =>
  order.orderClass === 'mleg'
    ? order.legs.map((leg) => `${leg.side} ${String(leg.ratioQty)} ${leg.symbol}`).join(' + ')
    : `${order.side} ${order.symbol}`;

/** Average price of what is filled so far; a package's net, a credit negative. */
function averageOf(order: XOrder): string {
  const units = order.filledQty * (order.assetClass === 'us_equity' ? 1 : 100);
  return units === 0 ? '' : ` @ ${formatMicros(Math.round(order.filledCash / units))}`;
}

function fillOf({ order, execution }: XTradeEvent): string {
  const now =
    execution === null || execution.qty === order.filledQty ? '' : `, ${String(execution.qty)} @ ${formatMicros(execution.price)} now`;
  return `filled ${String(order.filledQty)}/${String(order.qty)}${averageOf(order)}${now}`;
}

/** An order's step: time, account, side, quantity, symbol, type and price, status, fill. */
export function orderLine(event: XTradeEvent): string {
  const { order } = event;
  const qty = order.notional === null ? String(order.qty) : `$${formatMicros(order.notional)}`;
  const why = order.rejectReason === null ? '' : ` (${order.rejectReason})`;
  const [side, ...rest] = whatOf(order).split(' ');
  const what = order.orderClass === 'mleg' ? `${qty} x ${whatOf(order)}` : `${side ?? ''} ${qty} ${rest.join(' ')}`;
  return `${newYorkStamp(epochMs(event.at))} ${order.account} ${what} ${priceOf(order)} ${order.timeInForce} ${event.event}${why} ${fillOf(event)}`;
}

const orderFields = (event: XTradeEvent): Fields => {
  const { order, execution } = event;
  return {
    event: 'exchange.order',
    step: event.event,
    time: new Date(event.at).toISOString(),
    account: order.account,
    order: order.id,
    client_order_id: order.clientOrderId,
    what: whatOf(order),
    qty: order.qty,
    price: priceOf(order),
    status: order.status,
    filled: order.filledQty,
    fill: execution === null ? null : `${String(execution.qty)} @ ${formatMicros(execution.price)}`,
    reason: order.rejectReason,
  };
};

/** An order that was not taken. */
export interface RefusedOrder {
  readonly at: number;
  readonly account: string;
  readonly status: number;
  readonly message: string;
  readonly body: string;
}

export interface ExchangeLog {
  order(event: XTradeEvent): void;
  refused(order: RefusedOrder): void;
  fault(struck: Struck): void;
}

/** @param write takes one line, without its end */
export function exchangeLog(form: 'text' | 'json', write: (line: string) => void): ExchangeLog {
  const say = (text: () => string, fields: () => Fields): void => write(form === 'json' ? JSON.stringify(fields()) : text());
  const stamp = (at: number): string => newYorkStamp(epochMs(at));
  return {
    order(event) {
      if (told.has(event.event))
        say(
          () => orderLine(event),
          () => orderFields(event),
        );
    },
    refused({ at, account, status, message, body }) {
      say(
        () => `${stamp(at)} ${account} refused ${String(status)} ${message}: ${body}`,
        () => ({ event: 'exchange.refused', time: new Date(at).toISOString(), account, status, message, body }),
      );
    },
    fault({ at, index, kind, where, detail }) {
      say(
        () => `${stamp(at)} fault ${String(index)} ${kind} ${where}${detail === '' ? '' : `: ${detail}`}`,
        () => ({ event: 'exchange.struck', time: new Date(at).toISOString(), index, kind, where, detail }),
      );
    },
  };
}
