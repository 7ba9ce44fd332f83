// What an order adds to its strategy's ceilings, and what is used of them already, each by the measure that the strategy is held to.
import type { StrategyId, Symbol } from '../domain/ids.ts';
import { multiplierOf } from '../domain/legs.ts';
import type { Price } from '../domain/money.ts';
import type { Order } from '../domain/order.ts';
import type { Position } from '../domain/position.ts';
import { weekOf } from '../domain/time.ts';
import { isOpen } from '../domain/trade.ts';
import type { Measure, Span } from './limits-orders.ts';
import { putCollateral, reservePerUnit } from './margin.ts';
import { openQty, type RuleContext } from './rule.ts';
import { unitRisk, worstNet } from './unit-risk.ts';
import { atRisk, openingsOf, ownStake, reservedBy, stakeOf } from './usage.ts';

const isShortPut = (legs: Order['legs']): boolean => {
  const [{ instrument, side, effect }] = legs;
  return legs.length === 1 && instrument.kind === 'option' && instrument.right === 'put' && side === 'sell' && effect === 'open';
};

/** Strike x 100 of one put sold alone, micros, whatever it collects; 0 for what is none. */
const strikeOf = (legs: Order['legs']): number => (isShortPut(legs) ? reservePerUnit(legs, 0 as Price) : 0);

/** What a ceiling counts beside the order that is judged. */
export type Used = Pick<RuleContext, 'positions' | 'live' | 'trades' | 'session' | 'quote'>;

/** Strike x 100 of the puts that a strategy is short of, held and at work, in one name where one is given. */
export function collateralOf(c: Used, strategy: StrategyId, name?: Symbol): number {
  const within = (underlying: Symbol): boolean => name === undefined || underlying === name;
  const held = c.positions.reduce((n, { owner, instrument, qty }) => {
    const counts = owner === strategy && instrument.kind === 'option' && qty < 0 && within(instrument.underlying);
    return n + (counts ? putCollateral(instrument, qty) : 0);
  }, 0);
  const working = openingsOf(c.live, strategy).filter((o) => within(o.legs[0].instrument.underlying));
  return working.reduce((n, o) => n + strikeOf(o.legs) * openQty(o), held);
}

/** Market value of the shares that a strategy holds, micros; NaN where one of them is not quoted, so that nothing fits. */
function valueOf(c: Used, strategy: StrategyId): number {
  const shares = c.positions.filter((p: Position) => p.owner === strategy && p.instrument.kind === 'equity');
  return shares.reduce((n, { instrument, qty }) => {
    const quote = c.quote(instrument.symbol);
    return n + (quote.known ? Math.abs(qty) * quote.value.ask : Number.NaN);
  }, 0);
}

/** What trades of a strategy have at stake over a span, orders at work aside. */
function lossesOf(c: Used, strategy: StrategyId, over: Span): number {
  const today = c.session?.day;
  const inSpan = (day: string): boolean =>
    today !== undefined && (over === 'day' ? day === today : over === 'week' && weekOf(day as never) === weekOf(today));
  return c.trades.reduce((n, trade) => {
    if (trade.owner !== strategy) return n;
    if (inSpan(trade.openedDay)) return n + Math.max(stakeOf(trade), isOpen(trade) ? atRisk(trade) : 0);
    return n + (isOpen(trade) ? atRisk(trade) : 0);
  }, 0);
}

/** Amounts in micros: what one unit adds, and what is there without it. */
export interface Usage {
  readonly used: number;
  readonly unit: number;
}

/**
 * Of the ceiling of one trade: what its own walk has filled, or, for collateral, all of the name. A core of shares is bought in slices,
 * each of which is an order by itself.
 */
export function usageOfTrade(c: RuleContext, measure: Measure): Usage {
  if (measure === 'collateral')
    return { used: collateralOf(c, c.strategy, c.intent.legs[0].instrument.underlying), unit: strikeOf(c.intent.legs) };
  return { used: measure === 'value' ? 0 : ownStake(c.trades, c.ladder), unit: unitRisk(c) };
}

/** All that a strategy holds and works, by the measure it is held to, micros. */
export function usedBy(c: Used, strategy: StrategyId, measure: Measure, over: Span): number {
  if (measure === 'collateral') return collateralOf(c, strategy);
  const working = reservedBy(openingsOf(c.live, strategy));
  return (measure === 'value' ? valueOf(c, strategy) : lossesOf(c, strategy, over)) + working;
}

/** Of the ceiling of the strategy: all it holds and works. */
export function usageOfStrategy(c: RuleContext, measure: Measure, over: Span): Usage {
  const used = usedBy(c, c.strategy, measure, over);
  if (measure === 'collateral') return { used, unit: strikeOf(c.intent.legs) };
  return { used, unit: measure === 'value' ? Math.max(0, worstNet(c)) * multiplierOf(c.intent.legs) : unitRisk(c) };
}
