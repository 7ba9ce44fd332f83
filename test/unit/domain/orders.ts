// Orders to start a test from: a plain share order, and whatever differs from it.
import { clientOrderId, strategyId, symbol } from '../../../src/domain/ids.ts';
import { equity } from '../../../src/domain/instrument.ts';
import { leg, legs } from '../../../src/domain/legs.ts';
import { price, qty, usd } from '../../../src/domain/money.ts';
import type { Order } from '../../../src/domain/order.ts';
import { epochMs, tradingDay } from '../../../src/domain/time.ts';

/** An order to buy 10 ABC at 10.00, recorded and unsent, but for what is given. */
export const orderOf = (over: Partial<Order> = {}): Order => ({
  id: clientOrderId('wsb1-ba-O-260310-aaaaaaaaaaaaaaaa'),
  strategy: strategyId('base'),
  purpose: 'O',
  day: tradingDay('2026-03-10'),
  legs: legs(leg(equity(symbol('ABC')), 'buy', 'open')),
  qty: qty(10),
  type: 'limit',
  tif: 'day',
  limit: price(10_000_000),
  stop: null,
  ladder: 'walk',
  rung: 0,
  verdictSeq: 1,
  payloadHash: 'aaaaaaaaaaaaaaaa',
  state: 'recorded',
  brokerId: null,
  reserve: usd(100_000_000),
  attempts: 0,
  recordedAt: epochMs(1_773_158_400_000),
  closedAt: null,
  reason: null,
  cumQty: 0,
  cumCash: usd(0),
  fills: [],
  assumed: [],
  ...over,
});
