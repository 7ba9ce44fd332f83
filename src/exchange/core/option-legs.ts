// The legs of an order in options: the contract behind each, the intent it can have, and what the legs trade at together.
import { ensure } from '../../base/assert.ts';
import { epochMs } from '../../domain/time.ts';
import type { ListedContract } from '../market.ts';
import { isAdjustedRoot } from '../splits.ts';
import type { XIntent, XLegRequest, XRefusal } from '../types.ts';
import { closingOrders, isClosing, sideSign } from './book.ts';
import { availableOf, riskLeg } from './buying-power.ts';
import { inferredIntent, intentMismatch, notAvailable } from './check-shape.ts';
import type { RiskLeg } from './collateral.ts';
import { lastOpening } from './hours.ts';
import { takingPrice } from './quotes.ts';
import { forbidden, unprocessable } from './refusals.ts';
import type { Venue } from './venue.ts';

export interface Leg {
  readonly contract: ListedContract;
  readonly side: 'buy' | 'sell';
  readonly intent: XIntent;
  readonly ratio: number;
}

function contractFlaw(
  venue: Venue,
  symbol: string,
  contract: ListedContract | undefined,
  opens: boolean,
  at: number,
): XRefusal | undefined {
  if (contract === undefined) return unprocessable(`could not find asset "${symbol}"`);
  const day = venue.calendar.dayOf(epochMs(at));
  const session = contract.expiry === day ? venue.calendar.session(day) : undefined;
  if (contract.expiry < day || (contract.expiry === day && at >= (session?.close ?? 0))) {
    return unprocessable(`option contract "${symbol}" has expired`);
  }
  if (opens && isAdjustedRoot(symbol)) return forbidden(`contract "${symbol}" is adjusted: positions in it can only be closed`);
  if (!opens || session === undefined) return undefined;
  return at >= lastOpening(contract.underlying, session.close)
    ? forbidden(`contract "${symbol}" expires soon, unable to open new positions`)
    : undefined;
}

/** A leg with its contract and its checked intent. */
export function resolve(
  venue: Venue,
  account: string,
  wanted: Omit<XLegRequest, 'intent'> & { readonly intent: XIntent | null },
  units: number,
  at: number,
): Leg | XRefusal {
  const { symbol, side } = wanted;
  const position = venue.truth.position(account, symbol)?.qty ?? 0;
  const intent = inferredIntent(side, position);
  const contract = venue.market.contract(symbol, at);
  const flaw = contractFlaw(venue, symbol, contract, !isClosing(intent), at);
  if (flaw !== undefined) return flaw;
  if (wanted.intent !== null && wanted.intent !== intent) return intentMismatch(intent, wanted.intent);
  const qty = units * wanted.ratioQty;
  if (isClosing(intent)) {
    const available = availableOf(venue, account, symbol);
    if (qty > available) return notAvailable(symbol, qty, position, available, closingOrders(venue, account, symbol).ids);
  }
  return { contract: ensure(contract, symbol), side, intent, ratio: wanted.ratioQty };
}

export const risks = (legs: readonly Leg[], units: number): readonly RiskLeg[] =>
  legs.map((leg) => riskLeg(leg.contract, sideSign(leg.side) * leg.ratio * units));

/** Net price to trade the legs now, debit positive; undefined when a side is empty. Micros per share. */
export function naturalNet(venue: Venue, legs: readonly Leg[], at: number): number | undefined {
  let net = 0;
  for (const leg of legs) {
    const price = takingPrice(venue.desk.quote(leg.contract.symbol, at), leg.side);
    if (price === undefined) return undefined;
    net += sideSign(leg.side) * leg.ratio * price;
  }
  return net;
}
