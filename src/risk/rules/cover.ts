// Can we pay for it, is it covered, do we own what we sell (R-20, R-21, and no over-close).
import type { Symbol } from '../../domain/ids.ts';
import type { Option } from '../../domain/instrument.ts';
import { type Leg, sign } from '../../domain/legs.ts';
import type { Price } from '../../domain/money.ts';
import type { Order } from '../../domain/order.ts';
import { uncoveredShorts, type Weighted, weightsOf } from '../../domain/worth.ts';
import { heldCollateral, reservePerUnit } from '../margin.ts';
import { deny, heldBy, openQty, pass, type Rule, type RuleContext, resize, skip } from '../rule.ts';

const each = (order: Order, symbol: Symbol, side: 'buy' | 'sell', effect: 'open' | 'close'): number =>
  order.legs
    .filter((l) => l.instrument.symbol === symbol && l.side === side && l.effect === effect)
    .reduce((n, l) => n + l.ratio * openQty(order), 0);

/** What the cash that is free depends on. */
export type CashContext = Pick<RuleContext, 'positions' | 'live' | 'equity' | 'limits' | 'cash' | 'brokerRoom'> & {
  readonly conduct: Pick<RuleContext['conduct'], 'settled'>;
};

/**
 * Cash free for openings: ours, and what of it has settled, less collateral, reservations and the buffer, and never more than the broker's
 * own figure.
 */
export function cashRoom(c: CashContext): number {
  const collateral = heldCollateral(c.positions);
  const reserved = c.live.reduce((n, o) => n + o.reserve, 0);
  const buffer = Math.trunc(c.equity * c.limits.cashBufferPct);
  return Math.min(c.cash - collateral - reserved, c.conduct.settled - collateral, c.brokerRoom) - buffer;
}

export const buyingPower: Rule = (c) => {
  if (c.intent.kind === 'close') return skip('BUYING_POWER', 'exits free cash');
  const needed = reservePerUnit(c.intent.legs, Math.max(...c.intent.prices.rungs) as Price) * c.qty;
  const room = cashRoom(c);
  const figures = { observed: needed, limit: room, unit: 'usd_micros' } as const;
  return needed <= room ? pass('BUYING_POWER', figures) : deny('BUYING_POWER', figures, 'not enough unreserved cash');
};

const NOTHING = { observed: 0, limit: 0, unit: 'count' } as const;

/** The owner's options and shares of one name, and the packages of it that may yet trade. */
interface Book {
  readonly held: readonly Weighted[];
  readonly pending: readonly (readonly Weighted[])[];
  /** With every share sold that is for sale. */
  readonly shares: number;
}

/** What legs would move: one that closes moves no more than is held, since anything beyond is another rule's to refuse. */
const moved = (c: RuleContext, legs: readonly Leg[], units: number): readonly Weighted[] =>
  legs.flatMap(({ instrument, side, effect, ratio }) => {
    if (instrument.kind !== 'option') return [];
    const closable = Math.max(0, -sign(side) * heldBy(c.positions, c.strategy, instrument.symbol));
    const count = effect === 'close' ? Math.min(ratio * units, closable) : ratio * units;
    return [{ option: instrument, weight: sign(side) * count }];
  });

const sharesSold = (legs: readonly Leg[], units: number): number =>
  legs.reduce((n, l) => n + (l.instrument.kind === 'equity' && l.side === 'sell' ? l.ratio * units : 0), 0);

/** What is held and what works. Own resting stops are no sale: they go before anything else is sold. */
function bookOf(c: RuleContext, underlying: Symbol): Book {
  const mine = c.positions.filter((p) => p.owner === c.strategy && p.instrument.underlying === underlying);
  const live = c.live.filter((o) => o.strategy === c.strategy && o.purpose !== 'P' && o.legs[0].instrument.underlying === underlying);
  return {
    held: mine.flatMap((p) => (p.instrument.kind === 'option' ? [{ option: p.instrument, weight: p.qty }] : [])),
    pending: live.map((o) => moved(c, o.legs, openQty(o))),
    shares: heldBy(c.positions, c.strategy, underlying) - live.reduce((n, o) => n + sharesSold(o.legs, openQty(o)), 0),
  };
}

/** Short options of one right that neither long ones that live as long nor, for calls, shares cover. */
const uncovered = ({ held, pending, shares }: Book, right: Option['right']): number =>
  Math.max(0, uncoveredShorts(held, right, pending) - (right === 'call' ? Math.floor(Math.max(0, shares) / 100) : 0));

/**
 * No short option without cover, at no moment (I15): by a long one of the same owner that lives as long, by its shares, or, for a lone
 * put, by cash. A package trades whole, so what covers inside it counts; a long leg sold alone must leave no short one bare.
 */
export const naked: Rule = (c) => {
  const { legs, subject } = c.intent;
  const [first] = legs;
  const { instrument } = first;
  const lonePut = legs.length === 1 && instrument.kind === 'option' && instrument.right === 'put' && first.side === 'sell';
  if (lonePut && first.effect === 'open') return skip('NAKED', 'secured by cash: buying power');
  const opened = weightsOf(legs, 'open');
  if (legs.length > 1 && (uncoveredShorts(opened, 'call') > 0 || uncoveredShorts(opened, 'put') > 0))
    return deny('NAKED', NOTHING, 'a short leg is not covered inside the package by one that lives as long');
  const before = bookOf(c, instrument.underlying);
  const sold = sharesSold(legs, c.qty);
  const after = { ...before, pending: [...before.pending, moved(c, legs, c.qty)], shares: before.shares - sold };
  if (sold > 0 && after.shares < 0)
    return deny('NAKED', { observed: sold, limit: before.shares, unit: 'count' }, `only ${before.shares} free shares of ${subject}`);
  for (const right of ['call', 'put'] as const) {
    const [had, has] = [uncovered(before, right), uncovered(after, right)];
    if (has > had) return deny('NAKED', { observed: has, limit: had, unit: 'count' }, `${has - had} short ${right}s would have no cover`);
  }
  return pass('NAKED', NOTHING);
};

/** Closing orders never add up to more than the owner holds (I14): what has gone meanwhile is taken off the order. */
export const overClose: Rule = (c) => {
  let fits = c.qty;
  for (const leg of c.intent.legs) {
    if (leg.effect !== 'close') continue;
    const { symbol } = leg.instrument;
    const held = heldBy(c.positions, c.strategy, symbol) * -sign(leg.side);
    const working = c.live.reduce(
      (n, o) => n + (o.strategy === c.strategy && o.purpose !== 'P' ? each(o, symbol, leg.side, 'close') : 0),
      0,
    );
    const wanted = leg.ratio * c.qty;
    const figures = { observed: wanted + working, limit: held, unit: 'count' } as const;
    const room = Math.floor((held - working) / leg.ratio);
    if (!(room >= 1) || (wanted + working > held && c.intent.kind === 'open'))
      return deny('OVER_CLOSE', figures, `${held} held, ${working} already being closed`);
    fits = Math.min(fits, room);
  }
  const figures = { observed: c.qty, limit: fits, unit: 'count' } as const;
  return fits < c.qty ? resize('OVER_CLOSE', figures, fits, 'no more than is held') : pass('OVER_CLOSE', NOTHING);
};

/** A position whose exits keep failing stops trying and calls for a person; never while shutting down, nor for what expires today. */
export const exitCap: Rule = (c) => {
  if (c.intent.kind === 'open') return skip('EXIT_CAP', 'openings');
  if (c.shuttingDown || c.deadline === true) return skip('EXIT_CAP', c.shuttingDown ? 'shutting down' : 'it expires today');
  const figures = { observed: c.exitLadders, limit: c.limits.exitLaddersMax, unit: 'count' } as const;
  return c.exitLadders < c.limits.exitLaddersMax && c.intent.prices.rungs.length <= c.limits.exitRungsMax
    ? pass('EXIT_CAP', figures)
    : deny('EXIT_CAP', figures, 'exit walks of this position in the last ten minutes');
};
