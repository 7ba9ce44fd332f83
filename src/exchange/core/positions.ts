// Positions at average cost: pure arithmetic of one symbol.
import { assert } from '../../base/assert.ts';
import type { XPosition } from '../types.ts';
import { isQuantity, plus } from './quantity.ts';

/**
 * A position after one trade.
 * @param delta signed quantity bought (+) or sold (-), not 0
 * @param cash signed cash of the trade from the account's side, micros: paid is negative
 * @returns undefined when it is flat. What is left of a reduced position keeps its average cost; what goes through zero
 *   starts anew with its share of the cash.
 */
export function traded(
  before: XPosition | undefined,
  symbol: string,
  assetClass: XPosition['assetClass'],
  delta: number,
  cash: number,
): XPosition | undefined {
  assert(isQuantity(delta) && delta !== 0, `not a traded quantity: ${delta}`);
  const had = before?.qty ?? 0;
  const qty = plus(had, delta);
  if (qty === 0) return undefined;
  const cost = costAfter(before?.cost ?? 0, had, delta, cash);
  assert(Number.isSafeInteger(cost), `cost of ${symbol} is out of range`);
  return { symbol, assetClass, qty, cost };
}

function costAfter(cost: number, had: number, delta: number, cash: number): number {
  const qty = plus(had, delta);
  if (had === 0 || Math.sign(had) === Math.sign(delta)) return cost - cash;
  if (Math.sign(qty) === Math.sign(had)) return Math.round((cost / had) * qty);
  return Math.round((-cash / delta) * qty);
}
