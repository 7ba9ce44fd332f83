// Reads the body of POST /v2/orders: its forms only; what an order may do is the core's to judge.
import type { XIntent, XLegRequest, XOrderRequest } from '../types.ts';
import { microsOf } from './encode.ts';
import type { Listing } from './listing.ts';
import { badRequest } from './message.ts';

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

function wholeNumber(value: unknown, name: string): number {
  const micros = microsOf(value);
  if (micros === undefined || micros <= 0) throw invalid(`invalid ${name}: ${String(value)}`);
  if (micros % 1_000_000 !== 0) throw refused(`${name} must be integer`);
  return micros / 1_000_000;
}

function price(body: Body, name: string): number | null {
  const value = body[name];
  if (value === undefined || value === null || value === '') return null;
  if ((typeof value !== 'string' && typeof value !== 'number') || !Number.isFinite(Number(value))) throw invalid(`invalid ${name}`);
  const micros = microsOf(value);
  if (micros === undefined) {
    throw refused(`invalid ${name} ${String(value)}. sub-penny increment does not fulfill minimum pricing criteria`);
  }
  return micros;
}

const sides = ['buy', 'sell'] as const;
const intents: readonly XIntent[] = ['buy_to_open', 'buy_to_close', 'sell_to_open', 'sell_to_close'];
const types = ['market', 'limit', 'stop'] as const;
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
  return { symbol: listing.symbolOf(symbol), ratioQty: wholeNumber(value['ratio_qty'], `${name} ratio_qty`), side: implied, intent };
}

/** Refuses by name what this exchange does not trade, instead of dropping it in silence. */
function refuseUnknownForms(body: Body): void {
  const symbol = text(body, 'symbol') ?? '';
  if (body['notional'] !== undefined && body['notional'] !== null) throw badRequest(403, 40310000, `asset "${symbol}" is not fractionable`);
  for (const name of ['take_profit', 'stop_loss', 'trail_price', 'trail_percent', 'advanced_instructions']) {
    if (body[name] !== undefined && body[name] !== null) throw refused(`${name} is not supported by this exchange`);
  }
  const type = text(body, 'type') ?? text(body, 'order_type');
  if (type === 'stop_limit' || type === 'trailing_stop') throw invalid(`invalid order type: ${type} is not supported by this exchange`);
  const orderClass = text(body, 'order_class');
  if (orderClass === 'bracket' || orderClass === 'oco' || orderClass === 'oto') {
    throw refused(`order class ${orderClass} is not supported by this exchange`);
  }
}

/** The request a body makes. Amounts may be text or numbers; unknown fields are ignored; nulls count as absent. */
export function orderRequest(raw: string | null, listing: Listing): XOrderRequest {
  const body = parseBody(raw);
  refuseUnknownForms(body);
  const orderClass = choice(body, 'order_class', ['simple', 'mleg'] as const) ?? 'simple';
  const type = choice(body, 'type', types, 'order type') ?? choice(body, 'order_type', types, 'order type');
  const timeInForce = choice(body, 'time_in_force', timesInForce);
  const clientOrderId = text(body, 'client_order_id');
  const symbol = text(body, 'symbol');
  const side = choice(body, 'side', sides);
  if (body['qty'] === undefined || body['qty'] === null) throw invalid('qty or notional is required');
  if (type === null) throw invalid('invalid order type');
  if (timeInForce === null) throw invalid('time_in_force is required');
  if (clientOrderId !== null && clientOrderId.length > 128) throw invalid('client_order_id must be no more than 128 characters');
  const legs = body['legs'] ?? [];
  if (!Array.isArray(legs)) throw invalid('invalid legs');
  if (orderClass === 'simple' && symbol === null) throw invalid('symbol is required');
  if (orderClass === 'simple' && side === null) throw invalid('side is required');
  if (orderClass === 'simple' && legs.length > 0) throw invalid('legs need order_class mleg');
  return {
    clientOrderId,
    qty: wholeNumber(body['qty'], 'qty'),
    type,
    timeInForce,
    orderClass,
    symbol: orderClass === 'mleg' || symbol === null ? null : listing.symbolOf(symbol),
    side: orderClass === 'mleg' ? null : side,
    limitPrice: price(body, 'limit_price'),
    stopPrice: price(body, 'stop_price'),
    extendedHours: body['extended_hours'] === true,
    intent: orderClass === 'mleg' ? null : choice(body, 'position_intent', intents),
    legs: legs.map((one, index) => leg(one, index, listing)),
  };
}
