// Reads the bodies of POST and PATCH /v2/orders: their forms only; what an order may do is the core's to judge.
import type { XIntent, XLegRequest, XOrderPatch, XOrderRequest, XStopLoss, XTrail } from '../types.ts';
import { microsOf } from './encode.ts';
import type { Listing } from './listing.ts';
import { badRequest } from './message.ts';
import { quantityOf } from './quantities.ts';

type Body = Readonly<Record<string, unknown>>;

const invalid = (message: string): Error => badRequest(422, 40010001, message);
const refused = (message: string): Error => badRequest(422, 42210000, message);

const isRecord = (value: unknown): value is Body => typeof value === 'object' && value !== null && !Array.isArray(value);

/** The body as an object; a 400 for anything else. */
export function parseBody(body: string | null): Body {
  let parsed: unknown;
  try {
    parsed = JSON.parse(body ?? '');
  } catch {
    throw badRequest(400, 40010000, 'request body format is invalid');
  }
  if (!isRecord(parsed)) throw badRequest(400, 40010000, 'request body format is invalid');
  return parsed;
}

function text(body: Body, name: string): string | null {
  const value = body[name];
  if (value === undefined || value === null || value === '') return null;
  if (typeof value !== 'string') throw invalid(`invalid ${name}`);
  return value;
}

function choice<T extends string>(body: Body, name: string, allowed: readonly T[], label = name): T | null {
  const value = text(body, name);
  if (value === null) return null;
  const found = allowed.find((one) => one === value);
  if (found === undefined) throw invalid(`invalid ${label}: ${value}`);
  return found;
}

const isAbsent = (value: unknown): boolean => value === undefined || value === null || value === '';

/** A positive quantity, fractions to nine decimals; whole where only whole units are traded. */
function quantity(value: unknown, name: string, whole: boolean): number {
  const qty = quantityOf(value);
  if (qty === undefined || qty <= 0) throw invalid(`invalid ${name}: ${String(value)}`);
  if (whole && !Number.isInteger(qty)) throw refused(`${name} must be integer`);
  return qty;
}

/** Dollars to micros; null when absent. `label` is the field's name as the refusal says it. */
function price(body: Body, name: string, label = name): number | null {
  const value = body[name];
  if (isAbsent(value)) return null;
  if ((typeof value !== 'string' && typeof value !== 'number') || !Number.isFinite(Number(value))) throw invalid(`invalid ${label}`);
  const micros = microsOf(value);
  if (micros === undefined) {
    throw refused(`invalid ${label} ${String(value)}. sub-penny increment does not fulfill minimum pricing criteria`);
  }
  return micros;
}

/** A plain decimal to micros, such as an amount or a percentage; null when absent. */
function amount(body: Body, name: string): number | null {
  const value = body[name];
  if (isAbsent(value)) return null;
  const micros = microsOf(value);
  if (micros === undefined) throw invalid(`invalid ${name}: ${String(value)}`);
  return micros;
}

const sides = ['buy', 'sell'] as const;
const intents: readonly XIntent[] = ['buy_to_open', 'buy_to_close', 'sell_to_open', 'sell_to_close'];
const types = ['market', 'limit', 'stop', 'stop_limit', 'trailing_stop'] as const;
const classes = ['simple', 'bracket', 'oco', 'oto', 'mleg'] as const;
const timesInForce = ['day', 'gtc', 'ioc', 'fok', 'opg', 'cls'] as const;

function leg(value: unknown, index: number, listing: Listing): XLegRequest {
  const name = `leg.${String(index)}`;
  if (!isRecord(value)) throw invalid(`invalid ${name}`);
  const symbol = text(value, 'symbol');
  const side = choice(value, 'side', sides, `${name} side`);
  const intent = choice(value, 'position_intent', intents, `${name} position intent`);
  if (symbol === null) throw refused(`${name} symbol is required`);
  if (intent === null) throw refused(`${name} position intent is required`);
  const implied = intent.startsWith('buy') ? 'buy' : 'sell';
  if (side !== null && side !== implied) throw refused(`position intent mismatch, inferred: ${side}, specified: ${intent}`);
  return { symbol: listing.symbolOf(symbol), ratioQty: quantity(value['ratio_qty'], `${name} ratio_qty`, true), side: implied, intent };
}

/** A group of fields such as `take_profit`; null when absent. */
function part(body: Body, name: string): Body | null {
  const value = body[name];
  if (isAbsent(value)) return null;
  if (!isRecord(value)) throw invalid(`invalid ${name}`);
  return value;
}

function takeProfitOf(body: Body): number | null {
  const given = part(body, 'take_profit');
  if (given === null) return null;
  const limit = price(given, 'limit_price', 'take_profit.limit_price');
  if (limit === null) throw invalid('take_profit.limit_price is required');
  return limit;
}

function stopLossOf(body: Body): XStopLoss | null {
  const given = part(body, 'stop_loss');
  if (given === null) return null;
  const stopPrice = price(given, 'stop_price', 'stop_loss.stop_price');
  if (stopPrice === null) throw invalid('stop_loss.stop_price is required');
  return { stopPrice, limitPrice: price(given, 'limit_price', 'stop_loss.limit_price') };
}

function trailOf(body: Body): XTrail | null {
  const [byPrice, byPercent] = [price(body, 'trail_price'), amount(body, 'trail_percent')];
  if (byPrice !== null && byPercent !== null) throw invalid('only one of trail_price and trail_percent may be given');
  if (byPrice !== null) return { kind: 'price', amount: byPrice };
  return byPercent === null ? null : { kind: 'percent', amount: byPercent };
}

/** How much: a quantity, or an amount to trade for. */
function sizeOf(body: Body, whole: boolean): Pick<XOrderRequest, 'qty' | 'notional'> {
  const notional = amount(body, 'notional');
  if (isAbsent(body['qty'])) {
    if (notional === null) throw invalid('qty or notional is required');
    return { qty: 0, notional };
  }
  if (notional !== null) throw invalid('only one of qty and notional may be given');
  return { qty: quantity(body['qty'], 'qty', whole), notional };
}

/** The limit price; that of an oco may be said as its take_profit, which is what it is. */
function limitOf(body: Body, orderClass: XOrderRequest['orderClass']): number | null {
  const own = price(body, 'limit_price');
  if (orderClass !== 'oco') return own;
  const gain = takeProfitOf(body);
  if (own !== null && gain !== null && own !== gain) throw refused('limit_price and take_profit.limit_price of an oco order differ');
  const limit = gain ?? own;
  if (limit === null) throw invalid('oco orders require take_profit.limit_price');
  return limit;
}

type Head = Pick<XOrderRequest, 'clientOrderId' | 'type' | 'timeInForce' | 'orderClass' | 'symbol' | 'side'>;

/** What every order must say first, in the order in which a client meets the refusals. */
function headOf(body: Body, listing: Listing): Head {
  const orderClass = choice(body, 'order_class', classes, 'order class') ?? 'simple';
  const type = choice(body, 'type', types, 'order type') ?? choice(body, 'order_type', types, 'order type');
  const timeInForce = choice(body, 'time_in_force', timesInForce);
  const clientOrderId = text(body, 'client_order_id');
  const symbol = text(body, 'symbol');
  const side = choice(body, 'side', sides);
  if (isAbsent(body['qty']) && isAbsent(body['notional'])) throw invalid('qty or notional is required');
  if (type === null) throw invalid('invalid order type');
  if (timeInForce === null) throw invalid('time_in_force is required');
  if (clientOrderId !== null && clientOrderId.length > 128) throw invalid('client_order_id must be no more than 128 characters');
  const multi = orderClass === 'mleg';
  if (!multi && symbol === null) throw invalid('symbol is required');
  if (!multi && side === null) throw invalid('side is required');
  const named = multi || symbol === null ? null : listing.symbolOf(symbol);
  return { clientOrderId, type, timeInForce, orderClass, symbol: named, side: multi ? null : side };
}

/** The request a body makes. Amounts may be text or numbers; unknown fields are ignored; nulls count as absent. */
export function orderRequest(raw: string | null, listing: Listing): XOrderRequest {
  const body = parseBody(raw);
  if (!isAbsent(body['advanced_instructions'])) throw refused('advanced_instructions are only for accounts entitled to them');
  const head = headOf(body, listing);
  const { orderClass } = head;
  const legs = body['legs'] ?? [];
  if (!Array.isArray(legs)) throw invalid('invalid legs');
  if (orderClass !== 'mleg' && legs.length > 0) throw invalid('legs need order_class mleg');
  return {
    ...head,
    ...sizeOf(body, orderClass === 'mleg'),
    limitPrice: limitOf(body, orderClass),
    stopPrice: price(body, 'stop_price'),
    trail: trailOf(body),
    extendedHours: body['extended_hours'] === true,
    takeProfit: orderClass === 'oco' ? null : takeProfitOf(body),
    stopLoss: stopLossOf(body),
    intent: orderClass === 'mleg' ? null : choice(body, 'position_intent', intents),
    legs: legs.map((one, index) => leg(one, index, listing)),
  };
}

/** What a PATCH of an order asks for. */
export function orderPatch(raw: string | null): XOrderPatch {
  const body = parseBody(raw);
  for (const name of ['notional', 'advanced_instructions']) {
    if (!isAbsent(body[name])) throw refused(`${name} of an order cannot be replaced`);
  }
  const clientOrderId = text(body, 'client_order_id');
  if (clientOrderId !== null && clientOrderId.length > 128) throw invalid('client_order_id must be no more than 128 characters');
  return {
    clientOrderId,
    qty: isAbsent(body['qty']) ? null : quantity(body['qty'], 'qty', false),
    limitPrice: price(body, 'limit_price'),
    stopPrice: price(body, 'stop_price'),
    trail: amount(body, 'trail'),
    timeInForce: choice(body, 'time_in_force', timesInForce),
  };
}
