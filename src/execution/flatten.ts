// The orders that make us flat: shorts before the longs and shares that cover them, priced to end marketable, never at the market for options.
import type { Close } from '../domain/decision.ts';
import type { Symbol } from '../domain/ids.ts';
import { leg, legs } from '../domain/legs.ts';
import { type Price, price, qty } from '../domain/money.ts';
import type { Position } from '../domain/position.ts';
import type { ReasonCode } from '../domain/reasons.ts';

export interface TwoSided {
  readonly bid: Price;
  readonly ask: Price;
}

/** Rank of a position in the order of closing: what is short goes first, what covers it last. */
export function closingStage(position: Position): 1 | 2 | 3 {
  if (position.instrument.kind === 'equity') return 3;
  return position.qty < 0 ? 1 : 2;
}

/** Fractions of the way from mid to natural, then ticks beyond it. */
const APPROACH = [0.5, 1] as const;
const BEYOND_TICKS = [1, 3, 5] as const;

const onGrid = (value: number, tick: number, up: boolean): number =>
  (up ? Math.ceil(value / tick - 1e-9) : Math.floor(value / tick + 1e-9)) * tick;

/**
 * Limits that walk from half the way to natural, to natural, to five ticks beyond. Net prices: a buy pays, a sell collects.
 * @param stepMs exchange time a rung is given
 */
export function closingPlan(position: Position, touch: TwoSided, tickAt: (at: Price) => Price, stepMs: number): Close['prices'] {
  const buying = position.qty < 0;
  const mid = (touch.bid + touch.ask) / 2;
  const natural = buying ? touch.ask : touch.bid;
  const tick = tickAt(natural);
  const raw = [...APPROACH.map((f) => mid + f * (natural - mid)), ...BEYOND_TICKS.map((n) => natural + (buying ? n : -n) * tick)];
  const rungs: Price[] = [];
  for (const value of raw) {
    const grid = tickAt(price(Math.max(tick, Math.round(value))));
    const at = Math.max(grid, onGrid(value, grid, buying));
    const net = price(buying ? at : -at);
    if (rungs.at(-1) !== net) rungs.push(net);
  }
  const plan = { rungs: rungs as unknown as readonly [Price, ...Price[]], stepMs };
  return position.instrument.kind === 'equity' ? { ...plan, last: 'market' } : plan;
}

/** The intent that closes the whole of one position. */
export function closingIntent(position: Position, prices: Close['prices'], key: string, code: ReasonCode, why: string): Close {
  const side = position.qty < 0 ? 'buy' : 'sell';
  const subject: Symbol = position.instrument.underlying;
  return {
    kind: 'close',
    key,
    subject,
    code,
    why,
    gates: [],
    legs: legs(leg(position.instrument, side, 'close')),
    qty: qty(Math.abs(position.qty)),
    prices,
  };
}
