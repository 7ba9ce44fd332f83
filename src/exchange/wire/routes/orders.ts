// The order endpoints: submit, list, read, replace, cancel.
import type { XOrder, XOrderFilter } from '../../types.ts';
import { isOptionSymbol } from '../listing.ts';
import { badRequest, empty, json, notFound, refusal, type WireResponse } from '../message.ts';
import { orderPatch, orderRequest } from '../order-body.ts';
import { orderJson, orderRows } from '../order-json.ts';
import { type Call, firstOf, route } from '../route.ts';

function submitOrder(call: Call): WireResponse {
  const result = call.core.submit(call.account, orderRequest(call.body, call.listing), call.now);
  return result.ok ? json(orderJson(result.value, call.listing, true)) : refusal(result);
}

const symbolsOf = (order: XOrder): readonly string[] =>
  order.orderClass === 'mleg' ? order.legs.map((leg) => leg.symbol) : [order.symbol];

/** `symbols` matches orders and legs by name; an underlying matches its contracts too when options are asked for. */
function matcher(symbols: readonly string[] | undefined, classes: readonly string[] | undefined): ((order: XOrder) => boolean) | null {
  if (symbols === undefined && classes === undefined) return null;
  const byUnderlying = classes?.includes('us_option') === true;
  return (order) => {
    const own = symbolsOf(order);
    const classOf = (symbol: string): string => (isOptionSymbol(symbol) ? 'us_option' : 'us_equity');
    const classFits = classes === undefined || own.some((symbol) => classes.includes(classOf(symbol)));
    const named = (symbol: string): boolean =>
      symbols === undefined ||
      symbols.includes(symbol) ||
      (byUnderlying && isOptionSymbol(symbol) && symbols.includes(symbol.slice(0, -15)));
    return classFits && own.some(named);
  };
}

function orderFilter(call: Call, limit: number): XOrderFilter {
  const { query } = call;
  const filter: XOrderFilter = {
    status: query.oneOf('status', ['open', 'closed', 'all'], 'open'),
    limit,
    after: query.instant('after', 'start') ?? null,
    until: query.instant('until', 'start') ?? null,
    direction: query.oneOf('direction', ['asc', 'desc'], 'desc'),
    symbols: null,
    side: query.text('side') === undefined ? null : query.oneOf<'buy' | 'sell'>('side', ['buy', 'sell'], 'buy'),
    afterOrderId: query.text('after_order_id') ?? null,
    beforeOrderId: query.text('before_order_id') ?? null,
    nested: query.flag('nested'),
  };
  const cursors = (filter.afterOrderId === null ? 0 : 1) + (filter.beforeOrderId === null ? 0 : 1);
  if (cursors === 2 || (cursors === 1 && (filter.after !== null || filter.until !== null))) {
    throw badRequest(422, 40010001, 'before_order_id and after_order_id cannot be combined with each other nor with after and until');
  }
  return filter;
}

function listOrders(call: Call): WireResponse {
  const { query, core, account, listing } = call;
  const limit = query.int('limit', 50, 1, 500);
  const nested = query.flag('nested');
  const matches = matcher(query.list('symbols'), query.list('asset_class'));
  // What the core does not filter by is filtered here, so the limit has to come after it.
  const found = core.orders(account, orderFilter(call, matches === null ? limit : Number.MAX_SAFE_INTEGER));
  const orders = (matches === null ? found : found.filter(matches)).slice(0, limit);
  if (nested) return json(orders.map((order) => orderJson(order, listing, true)));
  return json(orders.flatMap((order) => orderRows(order, listing)).slice(0, limit));
}

function getOrder(call: Call): WireResponse {
  const order = call.core.order(call.account, firstOf(call));
  return order === undefined ? notFound('order not found') : json(orderJson(order, call.listing, call.query.flag('nested')));
}

/** Legs are folded in unless `nested=false` is said: a look-up is how a lost answer is recovered. */
function getOrderByClientId(call: Call): WireResponse {
  const id = call.query.text('client_order_id');
  if (id === undefined) throw badRequest(422, 40010001, 'client_order_id is required');
  const order = call.core.orderByClientId(call.account, id);
  return order === undefined ? notFound('order not found') : json(orderJson(order, call.listing, call.query.text('nested') !== 'false'));
}

/** The answer is the order that will take the place of the one named; it does not work yet. */
function replaceOrder(call: Call): WireResponse {
  const result = call.core.replace(call.account, firstOf(call), orderPatch(call.body), call.now);
  return result.ok ? json(orderJson(result.value, call.listing, true)) : refusal(result);
}

function cancelOrder(call: Call): WireResponse {
  const result = call.core.cancel(call.account, firstOf(call), call.now);
  return result.ok ? empty() : refusal(result);
}

function cancelAllOrders(call: Call): WireResponse {
  const rows = call.core
    .cancelAll(call.account, call.now)
    .map(({ id, result }) =>
      result.ok
        ? { id, status: 200 }
        : { id, status: result.status, body: { code: result.code, message: result.message, ...result.extra } },
    );
  return json(rows, 207);
}

export const orderRoutes = [
  route('POST', '/v2/orders', 'trading', submitOrder),
  route('GET', '/v2/orders', 'trading', listOrders),
  route('DELETE', '/v2/orders', 'trading', cancelAllOrders),
  route('GET', '/v2/orders:by_client_order_id', 'trading', getOrderByClientId),
  route('GET', '/v2/orders/*', 'trading', getOrder),
  route('PATCH', '/v2/orders/*', 'trading', replaceOrder),
  route('DELETE', '/v2/orders/*', 'trading', cancelOrder),
];
