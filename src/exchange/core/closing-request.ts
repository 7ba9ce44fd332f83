// The order that closes a position at the market.
import type { XOrderRequest } from '../types.ts';
import { assetClassOf } from './venue.ts';

/** Closes `units` of a signed position at the market, for the day. */
export function closingRequest(symbol: string, position: number, units: number): XOrderRequest {
  const side = position > 0 ? 'sell' : 'buy';
  return {
    clientOrderId: null,
    symbol,
    qty: units,
    notional: null,
    side,
    type: 'market',
    timeInForce: 'day',
    limitPrice: null,
    stopPrice: null,
    trail: null,
    extendedHours: false,
    orderClass: 'simple',
    takeProfit: null,
    stopLoss: null,
    intent: assetClassOf(symbol) === 'us_option' ? `${side}_to_close` : null,
    legs: [],
  };
}
