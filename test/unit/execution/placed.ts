// Orders on their way, as the journal would have them, in dollars and milliseconds.
import { clientOrderId, strategyId, symbol } from '../../../src/domain/ids.ts';
import { instrumentOf } from '../../../src/domain/instrument.ts';
import { leg, legs, sign } from '../../../src/domain/legs.ts';
import { price, usd } from '../../../src/domain/money.ts';
import type { LegExecution, PlacedOrder, TurnInstant } from '../../../src/domain/placed-order.ts';
import { epochMs } from '../../../src/domain/time.ts';
import type { SeenQuote } from '../../../src/domain/turn.ts';

export const SHORT_PUT = 'SPY260320P00500000';
export const LONG_PUT = 'SPY260320P00495000';

export const instant = (seq: number, mono: number, run = 1): TurnInstant => ({
  seq,
  at: epochMs(1_772_000_000_000 + Math.round(mono)),
  mono,
  run,
});
const micros = (dollars: number) => price(Math.round(dollars * 1e6));

export const quoted = (name: string, bid: number, ask: number, ageMs = 40): SeenQuote => ({
  kind: 'quoted',
  symbol: symbol(name),
  bid: micros(bid),
  ask: micros(ask),
  ageMs,
});
export const unquoted = (name: string): SeenQuote => ({ kind: 'absent', symbol: symbol(name), code: 'QUOTE_STALE' });

/** Units of one leg at a price a share, heard in a turn. */
export function executed(order: PlacedOrder, legNo: number, units: number, dollars: number, heard: TurnInstant): LegExecution {
  const traded = order.legs[legNo];
  if (traded === undefined) throw new Error(`there is no leg ${legNo}`);
  const qty = sign(traded.side) * units;
  return { legNo, qty, cash: usd(Math.round(-qty * traded.instrument.multiplier * dollars * 1e6)), heard };
}

const shares = (side: 'buy' | 'sell'): PlacedOrder['legs'] =>
  legs(leg(instrumentOf(symbol('SPY')), side, side === 'buy' ? 'open' : 'close'));
/** Sells the higher put and buys the lower one. */
export const putSpread: PlacedOrder['legs'] = legs(
  leg(instrumentOf(symbol(SHORT_PUT)), 'sell', 'open'),
  leg(instrumentOf(symbol(LONG_PUT)), 'buy', 'open'),
);

/** Decided at 1,000 ms, sent at 1,004, acknowledged at 1,045; nothing is filled. SPY was 500.00 to 500.04 when it was judged. */
export function placed(over: Partial<PlacedOrder> & { readonly side?: 'buy' | 'sell' } = {}): PlacedOrder {
  const { side = 'buy', ...rest } = over;
  const quotes = [quoted('SPY', 500, 500.04)];
  return {
    id: clientOrderId('wsb1-ba-O-260309-aaaaaaaaaaaaaaaa'),
    strategy: strategyId('base'),
    purpose: side === 'buy' ? 'O' : 'C',
    legs: shares(side),
    type: 'limit',
    stop: null,
    state: 'filled',
    reason: null,
    decided: instant(10, 1_000),
    quotes,
    firstQuotes: quotes,
    submitted: instant(11, 1_004),
    acknowledged: instant(12, 1_045),
    executions: [],
    ...rest,
  };
}
