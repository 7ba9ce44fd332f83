// Checks of a request's form alone: which fields an order of its kind must and must not carry.

import { parseOcc } from '../../domain/instrument.ts';
import { formatMicros } from '../../domain/money.ts';
import type { XIntent, XLegRequest, XOrderRequest, XRefusal, XTrail } from '../types.ts';
import { sideSign } from './book.ts';
import { isQuantity, isWhole, MOST_FRACTIONAL, minus } from './quantity.ts';
import { forbidden, invalid, unprocessable } from './refusals.ts';

const MAX_CLIENT_ID = 128;
const CENT = 10_000;
const HUNDREDTH_CENT = 100;
const ONE_DOLLAR = 1_000_000;
const HUNDRED_PERCENT = 100_000_000;

/** Shares at a dollar or more move by cents, below it by hundredths of a cent. `name` is the field as the client knows it. */
export function sharePriceFlaw(name: string, price: number): XRefusal | undefined {
  if (price <= 0) return invalid(`${name} must be > 0`);
  if (price % (price >= ONE_DOLLAR ? CENT : HUNDREDTH_CENT) === 0) return undefined;
  return unprocessable(`invalid ${name} ${formatMicros(price)}. sub-penny increment does not fulfill minimum pricing criteria`);
}

/** Option and net prices are whole cents at least; the finer ticks of a class are the venue's to judge. */
export function optionPriceFlaw(price: number, name = 'limit_price'): XRefusal | undefined {
  if (price % CENT === 0) return undefined;
  return unprocessable(`invalid ${name} ${formatMicros(price)}. sub-penny increment does not fulfill minimum pricing criteria`);
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

/** A trail of less than nothing, or of everything. */
function trailFlaw({ kind, amount }: XTrail): XRefusal | undefined {
  const name = `trail_${kind}`;
  if (amount <= 0) return invalid(`${name} must be > 0`);
  if (kind === 'percent') return amount < HUNDRED_PERCENT ? undefined : invalid(`${name} must be < 100`);
  return sharePriceFlaw(name, amount);
}

function pricesFlaw(request: XOrderRequest): XRefusal | undefined {
  const { type, limitPrice, stopPrice, trail } = request;
  const [limited, stopped] = [limitPrice !== null, stopPrice !== null];
  if (trail !== null && type !== 'trailing_stop') return invalid('trail_price and trail_percent are only allowed on trailing stop orders');
  switch (type) {
    case 'market':
      return limited || stopped ? invalid('market orders require no stop or limit price') : undefined;
    case 'limit':
      if (!limited) return invalid('limit orders require a limit price');
      return stopped ? invalid('limit orders require no stop price') : undefined;
    case 'stop':
      if (!stopped) return invalid('stop orders require a stop price');
      return limited ? invalid('stop orders require no limit price') : undefined;
    case 'stop_limit':
      return limited && stopped ? undefined : invalid('stop limit orders require both stop and limit price');
    case 'trailing_stop':
      if (limited || stopped) return invalid('trailing stop orders require no stop or limit price');
      return trail === null ? invalid('trailing stop orders require one of trail_price and trail_percent') : trailFlaw(trail);
  }
}

function sizeFlaw(request: XOrderRequest): XRefusal | undefined {
  const { notional, qty } = request;
  if (notional !== null) {
    if (request.type !== 'market' && request.type !== 'limit') return unprocessable('notional orders must be market or limit orders');
    if (notional <= 0) return invalid('notional must be > 0');
    return notional % CENT === 0 ? undefined : unprocessable('notional must be limited to 2 decimal places');
  }
  if (qty <= 0) return invalid('qty must be > 0');
  if (isWhole(qty)) return undefined;
  if (request.orderClass === 'mleg' || parseOcc(request.symbol ?? '') !== undefined) return unprocessable('qty must be integer');
  return isQuantity(qty) ? undefined : unprocessable(`qty must have at most 9 decimals and be at most ${MOST_FRACTIONAL} shares`);
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
  if (request.notional !== null) return unprocessable('notional not supported');
  if (request.symbol !== null || request.side !== null || request.intent !== null) {
    return invalid('symbol, side and position_intent are not allowed on multi-leg orders: put them on the legs');
  }
  if (legs.length < 2 || legs.length > 4) return unprocessable(`multi-leg orders take 2 to 4 legs, not ${legs.length}`);
  if (type !== 'market' && type !== 'limit') return unprocessable('multi-leg orders are market or limit');
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
  const form = sizeFlaw(request) ?? pricesFlaw(request);
  if (form !== undefined) return form;
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
    held_for_orders: String(minus(held, available)),
    related_orders: [...related],
  });
}
