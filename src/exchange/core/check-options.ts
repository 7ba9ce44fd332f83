// What an order in options must satisfy before it is taken, as one leg or as a package: contract, intent, cover and collateral.
import { ensure } from '../../base/assert.ts';
import { formatMicros } from '../../domain/money.ts';
import { epochMs } from '../../domain/time.ts';
import type { XOrderRequest, XRefusal } from '../types.ts';
import type { Accepted } from './accepted.ts';
import { isClosing, sideSign } from './book.ts';
import { exposure, powerOf, riskLeg, unsoldShares } from './buying-power.ts';
import { optionPriceFlaw, optionTick } from './check-shape.ts';
import { withCollar } from './collar.ts';
import { type RiskLeg, selfCovered } from './collateral.ts';
import { type Leg, naturalNet, resolve, risks } from './option-legs.ts';
import { forbidden, unprocessable } from './refusals.ts';
import type { Venue } from './venue.ts';
import { washTrade } from './wash-trade.ts';

const CONTRACT = 100;
const uncoveredText = 'account not eligible to trade uncovered option contracts';

function timingFlaw(venue: Venue, request: XOrderRequest, at: number): XRefusal | undefined {
  if (request.extendedHours) return unprocessable('extended hours not supported');
  if (request.notional !== null) return unprocessable('notional not supported');
  if (request.orderClass !== 'simple' && request.orderClass !== 'mleg') {
    return unprocessable('complex orders not supported for options trading');
  }
  if (request.timeInForce !== 'day' && request.timeInForce !== 'gtc') {
    return unprocessable('order_time_in_force provided not supported for options trading');
  }
  if (request.type === 'trailing_stop') return unprocessable('invalid order type for options trading: trailing_stop is not supported');
  if (request.type === 'market' && venue.calendar.inSession(epochMs(at)) === undefined) {
    return unprocessable('options market orders are only allowed during market hours');
  }
  return undefined;
}

function coverFlaw(venue: Venue, account: string, request: XOrderRequest, legs: readonly Leg[], uncovered: number): XRefusal | undefined {
  if (uncovered === 0) return undefined;
  const [leg] = legs;
  if (request.orderClass === 'mleg' || leg === undefined || isClosing(leg.intent)) return forbidden(uncoveredText);
  const { underlying } = leg.contract;
  const free = unsoldShares(venue, account, underlying) - exposure(venue, account, underlying).coverLots * CONTRACT;
  const required = request.qty * CONTRACT;
  return forbidden(`insufficient underlying qty available for covered call (required: ${required}, available: ${Math.max(0, free)})`, {
    required_qty: String(required),
    available_qty: String(Math.max(0, free)),
    symbol: underlying,
  });
}

function fundsFlaw(held: number, power: number, cashSecured: boolean): XRefusal | undefined {
  if (held <= power) return undefined;
  const [needs, has] = [formatMicros(held), formatMicros(power)];
  if (cashSecured) {
    return forbidden(`insufficient options buying power for cash-secured put (required: ${needs}, available: ${has})`, {
      required_options_buying_power: needs,
      buying_power: has,
    });
  }
  return forbidden('insufficient options buying power', { options_buying_power: has, cost_basis: needs });
}

/**
 * Cost of the order: what the worst outcome of all positions of the underlying grows by, plus the net price paid. The
 * premium of a lone short option does not help to pay for its own collateral; the credit of a package does.
 */
function funded(
  venue: Venue,
  account: string,
  request: XOrderRequest,
  legs: readonly Leg[],
  underlying: string,
  at: number,
): Accepted | XRefusal {
  const net = costNet(venue, request, legs, at);
  if (net === undefined) return unprocessable('no quote is available: a market order cannot be costed');
  const before = exposure(venue, account, underlying);
  const after = exposure(venue, account, underlying, risks(legs, request.qty));
  const cover = after.uncovered > before.uncovered ? coverFlaw(venue, account, request, legs, after.uncovered) : undefined;
  if (cover !== undefined) return cover;
  const paid = request.orderClass === 'mleg' ? net : Math.max(0, net);
  const held = Math.max(0, after.cash - before.cash + paid * request.qty * CONTRACT);
  const [first] = legs;
  const cashSecured = request.orderClass === 'simple' && first?.intent === 'sell_to_open' && first.contract.right === 'put';
  const funds = fundsFlaw(held, powerOf(venue, account, at).optionsBuyingPower, cashSecured);
  if (funds !== undefined) return funds;
  const intent = request.orderClass === 'simple' && first !== undefined ? first.intent : null;
  return {
    ok: true,
    intent,
    qty: request.qty,
    hwm: null,
    held,
    venueReason: tickFlaw(request, first),
    contracts: legs.map((leg) => leg.contract),
  };
}

/** What a unit costs at most, debit positive: its limit, the price of its stop (a buy's with its collar), or what the legs trade at now. */
function costNet(venue: Venue, request: XOrderRequest, legs: readonly Leg[], at: number): number | undefined {
  if (request.limitPrice !== null) return signedLimit(request, request.limitPrice);
  if (request.stopPrice !== null) return request.side === 'buy' ? withCollar(request.stopPrice) : -request.stopPrice;
  return naturalNet(venue, legs, at);
}

const signedLimit = (request: XOrderRequest, limit: number): number =>
  request.orderClass === 'mleg' || request.side === 'buy' ? limit : -limit;

/** The venue, not the broker, refuses a price off the grid of its class. */
function tickFlaw(request: XOrderRequest, leg: Leg | undefined): string | null {
  if (request.orderClass === 'mleg' || request.limitPrice === null || leg === undefined) return null;
  const tick = optionTick(leg.contract.underlying, leg.contract.pennyProgram, request.limitPrice);
  return request.limitPrice % tick === 0
    ? null
    : `limit price ${formatMicros(request.limitPrice)} is not a multiple of ${formatMicros(tick)}`;
}

/** Checks an order in one option contract. */
export function checkOption(
  venue: Venue,
  account: string,
  request: XOrderRequest & { readonly symbol: string; readonly side: 'buy' | 'sell' },
  at: number,
): Accepted | XRefusal {
  const timing = timingFlaw(venue, request, at);
  if (timing !== undefined) return timing;
  if (request.limitPrice !== null && request.limitPrice <= 0) return unprocessable('limit_price must be > 0');
  if (request.stopPrice !== null && request.stopPrice <= 0) return unprocessable('stop_price must be > 0');
  const limit = request.limitPrice === null ? undefined : optionPriceFlaw(request.limitPrice);
  const price = limit ?? (request.stopPrice === null ? undefined : optionPriceFlaw(request.stopPrice, 'stop_price'));
  if (price !== undefined) return price;
  const leg = resolve(venue, account, { symbol: request.symbol, ratioQty: 1, side: request.side, intent: request.intent }, request.qty, at);
  if ('ok' in leg) return leg;
  return washTrade(venue, account, request) ?? funded(venue, account, request, [leg], leg.contract.underlying, at);
}

/** Later than any expiry. */
const NEVER = '9999-12-31';

/** The legs as cover for each other: a short bought back frees what covered it, for however long; a long sold covers nothing. */
const coverOf = (legs: readonly Leg[], units: number): readonly RiskLeg[] =>
  legs
    .filter((leg) => leg.intent !== 'sell_to_close')
    .map((leg) => {
      const risk = riskLeg(leg.contract, sideSign(leg.side) * leg.ratio * units);
      return leg.intent === 'buy_to_close' ? { ...risk, expiry: NEVER } : risk;
    });

/** Checks a multi-leg order: one underlying, each short leg covered by a long leg, or by a short bought back, of the same order. */
export function checkMleg(venue: Venue, account: string, request: XOrderRequest, at: number): Accepted | XRefusal {
  const timing = timingFlaw(venue, request, at) ?? (request.limitPrice === null ? undefined : optionPriceFlaw(request.limitPrice));
  if (timing !== undefined) return timing;
  const legs: Leg[] = [];
  for (const wanted of request.legs) {
    const leg = resolve(venue, account, wanted, request.qty, at);
    if ('ok' in leg) return leg;
    legs.push(leg);
  }
  const underlying = ensure(legs[0], 'first leg').contract.underlying;
  if (legs.some((leg) => leg.contract.underlying !== underlying)) return unprocessable('underlying asset mismatch');
  if (!selfCovered(coverOf(legs, request.qty))) return forbidden(uncoveredText);
  return funded(venue, account, request, legs, underlying, at);
}
