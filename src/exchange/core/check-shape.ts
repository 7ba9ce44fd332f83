// Checks of a request's form alone: which fields an order of its kind must and must not carry.
import { formatMicros } from '../../domain/money.ts';
import type { XIntent, XLegRequest, XOrderRequest, XRefusal } from '../types.ts';
import { sideSign } from './book.ts';
import { forbidden, invalid, unprocessable } from './refusals.ts';

const MAX_CLIENT_ID = 128;
const CENT = 10_000;
const HUNDREDTH_CENT = 100;
const ONE_DOLLAR = 1_000_000;

/** Shares at a dollar or more move by cents, below it by hundredths of a cent. */
export function sharePriceFlaw(name: 'limit_price' | 'stop_price', price: number): XRefusal | undefined {
  if (price <= 0) return invalid(`${name} must be > 0`);
  if (price % (price >= ONE_DOLLAR ? CENT : HUNDREDTH_CENT) === 0) return undefined;
  return unprocessable(`invalid ${name} ${formatMicros(price)}. sub-penny increment does not fulfill minimum pricing criteria`);
}

/** Option and net prices are whole cents at least; the finer ticks of a class are the venue's to judge. */
export function optionPriceFlaw(price: number): XRefusal | undefined {
  if (price % CENT === 0) return undefined;
  return unprocessable(`invalid limit_price ${formatMicros(price)}. sub-penny increment does not fulfill minimum pricing criteria`);
}

/** Classes whose options move by cents at every price. */
const CENT_CLASSES: ReadonlySet<string> = new Set(['SPY', 'QQQ', 'IWM']);
const THREE_DOLLARS = 3_000_000;

/** Penny classes: a cent under $3, a nickel from there; other classes: a nickel and a dime. */
export function optionTick(underlying: string, penny: boolean, price: number): number {
  if (CENT_CLASSES.has(underlying)) return CENT;
  if (penny) return price < THREE_DOLLARS ? CENT : 5 * CENT;
  return price < THREE_DOLLARS ? 5 * CENT : 10 * CENT;
}

function pricesFlaw(request: XOrderRequest): XRefusal | undefined {
  const { type, limitPrice, stopPrice } = request;
  if (type === 'market' && (limitPrice !== null || stopPrice !== null)) return invalid('market orders require no stop or limit price');
  if (type === 'limit' && limitPrice === null) return invalid('limit orders require a limit price');
  if (type === 'limit' && stopPrice !== null) return invalid('limit orders require no stop price');
  if (type === 'stop' && stopPrice === null) return invalid('stop orders require a stop price');
  if (type === 'stop' && limitPrice !== null) return invalid('stop orders require no limit price');
  return undefined;
}

const sideOf = (intent: XIntent): 'buy' | 'sell' => (intent.startsWith('buy') ? 'buy' : 'sell');

function gcd(a: number, b: number): number {
  return b === 0 ? a : gcd(b, a % b);
}

function legFlaw(leg: XLegRequest, index: number): XRefusal | undefined {
  if (!Number.isSafeInteger(leg.ratioQty) || leg.ratioQty < 1) return unprocessable(`leg.${index} ratio_qty must be a positive integer`);
  if (sideOf(leg.intent) !== leg.side) return unprocessable(`leg.${index} position intent ${leg.intent} contradicts side ${leg.side}`);
  return undefined;
}

function mlegFlaw(request: XOrderRequest): XRefusal | undefined {
  const { legs, type } = request;
  if (request.symbol !== null || request.side !== null || request.intent !== null) {
    return invalid('symbol, side and position_intent are not allowed on multi-leg orders: put them on the legs');
  }
  if (legs.length < 2 || legs.length > 4) return unprocessable(`multi-leg orders take 2 to 4 legs, not ${legs.length}`);
  if (type === 'stop') return unprocessable('multi-leg orders are market or limit');
  if (new Set(legs.map((leg) => leg.symbol)).size !== legs.length) return unprocessable('leg symbols must be unique');
  for (const [index, leg] of legs.entries()) {
    const flaw = legFlaw(leg, index);
    if (flaw !== undefined) return flaw;
  }
  if (legs.reduce((d, leg) => gcd(d, leg.ratioQty), 0) !== 1) return unprocessable('leg ratios must have a greatest common divisor of 1');
  return undefined;
}

/** The first thing wrong with a request's form; undefined when it may be looked at further. */
export function shapeFlaw(request: XOrderRequest): XRefusal | undefined {
  if (request.clientOrderId !== null && request.clientOrderId.length > MAX_CLIENT_ID) {
    return invalid(`client_order_id must be no more than ${MAX_CLIENT_ID} characters`);
  }
  if (request.qty <= 0) return invalid('qty must be > 0');
  if (!Number.isSafeInteger(request.qty)) return unprocessable('qty must be integer');
  const prices = pricesFlaw(request);
  if (prices !== undefined) return prices;
  if (request.orderClass === 'mleg') return mlegFlaw(request);
  if (request.legs.length > 0) return invalid('legs are only allowed on multi-leg orders');
  if (request.symbol === null) return invalid('symbol is required');
  if (request.side === null) return invalid('side is required');
  if (request.intent !== null && sideOf(request.intent) !== request.side) {
    return unprocessable(`position intent ${request.intent} contradicts side ${request.side}`);
  }
  return undefined;
}

/** The only intent a trade on this side can have, given what is held: positions do not net through zero. */
export function inferredIntent(side: 'buy' | 'sell', position: number): XIntent {
  const closes = sideSign(side) * position < 0;
  if (side === 'buy') return closes ? 'buy_to_close' : 'buy_to_open';
  return closes ? 'sell_to_close' : 'sell_to_open';
}

export const intentMismatch = (inferred: XIntent, specified: XIntent): XRefusal =>
  unprocessable(`position intent mismatch, inferred: ${inferred}, specified: ${specified}`);

/** More was asked for than may be sold or closed. */
export function notAvailable(symbol: string, requested: number, existing: number, available: number, related: readonly string[]): XRefusal {
  const held = Math.abs(existing);
  return forbidden(`insufficient qty available for order (requested: ${requested}, available: ${available})`, {
    symbol,
    existing_qty: String(held),
    available: String(available),
    held_for_orders: String(held - available),
    related_orders: [...related],
  });
}
