// Limits and how they give way: the ladder of prices an order walks, in net terms (positive pays, negative collects).

import type { PricePlan } from '../../domain/decision.ts';
import type { Side } from '../../domain/legs.ts';
import { dollars, MICROS, type Price, price, toTick } from '../../domain/money.ts';
import { SECOND } from '../../domain/time.ts';

/** The grid of one instrument at a price, micros. */
export type TickAt = (at: Price) => Price;

/** The two-sided market of a single leg. */
export interface Market {
  readonly bid: Price;
  readonly ask: Price;
}

export const mid = (market: Market): number => (dollars(market.bid) + dollars(market.ask)) / 2;
export const spread = (market: Market): number => dollars(market.ask) - dollars(market.bid);
/** Spread over mid; Infinity where the mid is nothing. */
export const relativeSpread = (market: Market): number => (mid(market) > 0 ? spread(market) / mid(market) : Number.POSITIVE_INFINITY);

/** Net price of one unit at the mid, dollars. */
export const netMid = (side: Side, market: Market): number => (side === 'buy' ? mid(market) : -mid(market));
/** Net price of one unit done at once against the other side, dollars. */
export const netNatural = (side: Side, market: Market): number => (side === 'buy' ? dollars(market.ask) : -dollars(market.bid));

/** The net price `part` of the way from mid to natural, dollars; beyond 1 it goes through the market. */
export const netAt = (side: Side, market: Market, part: number): number =>
  netMid(side, market) + part * (netNatural(side, market) - netMid(side, market));

/**
 * A net price on its grid, rounded to our side: we never pay or give away a part of a tick that was not asked of us.
 * A purchase that would round to nothing is one tick.
 */
export function netTick(net: number, tickAt: TickAt): Price {
  const grid = tickAt(price(Math.abs(Math.round(net * MICROS))));
  const rounded = toTick(net, grid, 'down');
  return rounded === 0 && net > 0 ? grid : rounded;
}

/**
 * What a package is worth and what it costs, net dollars a share: positive pays, negative collects. `mid` is every leg at its mid,
 * `natural` every leg against the other side at once, `best` every leg filled where we stand.
 */
export interface NetMarket {
  readonly mid: number;
  readonly natural: number;
  readonly best: number;
}

/** A single leg's market as a package of one. */
export const netMarket = (side: Side, market: Market): NetMarket => ({
  mid: netMid(side, market),
  natural: netNatural(side, market),
  best: side === 'buy' ? dollars(market.bid) : -dollars(market.ask),
});

/** The net price `part` of the way from mid to natural, dollars. */
export const between = (market: NetMarket, part: number): number => market.mid + part * (market.natural - market.mid);

interface Walk {
  readonly tickAt: TickAt;
  /** Where it starts and ends, as parts of the way from mid to natural. */
  readonly from: number;
  readonly to: number;
  /** Moves between start and end. */
  readonly steps: number;
  /** Ticks through the natural price after the end, one a step. */
  readonly through?: number;
  /** The most it may pay (or, negative, the least it may collect), dollars: the signal's own economics. */
  readonly bound?: number;
  readonly stepSeconds: number;
}

export type LadderSpec = Walk & { readonly side: Side; readonly market: Market };
export type NetLadderSpec = Walk & { readonly market: NetMarket };

/**
 * The rungs of a ladder: equal moves from start to end, each rounded from the unrounded ladder, none beyond the bound.
 * A rung that rounds to the one before it is left out: sending the same order again would only lose its place.
 */
export function netLadder(spec: NetLadderSpec): PricePlan {
  const { market, tickAt } = spec;
  const bound = spec.bound ?? Number.POSITIVE_INFINITY;
  const end = Math.min(between(market, spec.to), bound);
  const start = Math.min(between(market, spec.from), end);
  const nets = Array.from({ length: spec.steps + 1 }, (_, k) => start + ((end - start) * k) / spec.steps);
  const grid = dollars(tickAt(price(Math.abs(Math.round(market.natural * MICROS)))));
  for (let k = 1; k <= (spec.through ?? 0); k++) nets.push(Math.min(market.natural + k * grid, bound));
  const rungs: Price[] = [];
  for (const net of nets) {
    const rung = netTick(net, tickAt);
    if (rungs.length === 0 || rung > (rungs.at(-1) as Price)) rungs.push(rung);
  }
  const [first, ...rest] = rungs;
  return { rungs: [first as Price, ...rest], stepMs: spec.stepSeconds * SECOND };
}

/** The ladder of a single leg. */
export const ladder = (spec: LadderSpec): PricePlan => netLadder({ ...spec, market: netMarket(spec.side, spec.market) });
