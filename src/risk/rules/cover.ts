// Can we pay for it, is it covered, do we own what we sell (R-20, R-21, and no over-close).
import type { Symbol } from '../../domain/ids.ts';
import type { Option } from '../../domain/instrument.ts';
import { type Leg, sign } from '../../domain/legs.ts';
import type { Price } from '../../domain/money.ts';
import type { Order } from '../../domain/order.ts';
import { heldCollateral, reservePerUnit } from '../margin.ts';
import { deny, type Finding, heldBy, openQty, pass, type Rule, type RuleContext, skip } from '../rule.ts';

const each = (order: Order, symbol: Symbol, side: 'buy' | 'sell', effect: 'open' | 'close'): number =>
  order.legs
    .filter((l) => l.instrument.symbol === symbol && l.side === side && l.effect === effect)
    .reduce((n, l) => n + l.ratio * openQty(order), 0);

/** Cash free for openings: ours less collateral, reservations and the buffer, and never more than the broker's own figure. */
export function cashRoom(c: RuleContext): number {
  const collateral = heldCollateral(c.positions);
  const reserved = c.live.reduce((n, o) => n + o.reserve, 0);
  const buffer = Math.trunc(c.equity * c.limits.cashBufferPct);
  return Math.min(c.cash - collateral - reserved, c.brokerRoom) - buffer;
}

export const buyingPower: Rule = (c) => {
  if (c.intent.kind === 'close') return skip('BUYING_POWER', 'exits free cash');
  const needed = reservePerUnit(c.intent.legs, Math.max(...c.intent.prices.rungs) as Price) * c.qty;
  const room = cashRoom(c);
  const figures = { observed: needed, limit: room, unit: 'usd_micros' } as const;
  return needed <= room ? pass('BUYING_POWER', figures) : deny('BUYING_POWER', figures, 'not enough unreserved cash');
};

/** Shares an owner may still sell or write calls on: held, less those pledged to short calls and to working sells and calls. */
export function freeShares(c: RuleContext, underlying: Symbol): number {
  const shares = heldBy(c.positions, c.strategy, underlying);
  let pledged = 0;
  for (const p of c.positions) {
    if (
      p.owner === c.strategy &&
      p.instrument.kind === 'option' &&
      p.instrument.right === 'call' &&
      p.instrument.underlying === underlying &&
      p.qty < 0
    )
      pledged += -p.qty * 100;
  }
  for (const o of c.live) {
    if (o.strategy !== c.strategy || o.purpose === 'P') continue;
    for (const l of o.legs) {
      if (l.side !== 'sell' || l.instrument.underlying !== underlying) continue;
      if (l.instrument.kind === 'equity') pledged += openQty(o);
      else if (l.instrument.right === 'call' && l.effect === 'open' && o.legs.length === 1) pledged += openQty(o) * 100;
    }
  }
  return shares - pledged;
}

/** Options of a package cover each other when, for each right, bought legs are at least as many as sold ones opened. */
const coveredInside = (legs: readonly Leg[], right: 'call' | 'put'): boolean =>
  legs.reduce(
    (n, l) => n + (l.instrument.kind === 'option' && l.instrument.right === right && l.effect === 'open' ? sign(l.side) * l.ratio : 0),
    0,
  ) >= 0;

/** Short options of one right that neither long ones nor shares of the same owner cover, with `sold` of the long ones gone. */
function uncovered(c: RuleContext, option: Option, sold: number): number {
  const mine = c.positions.filter((p) => p.owner === c.strategy && p.instrument.underlying === option.underlying);
  const count = (right: Option['right'], sign_: 1 | -1): number =>
    mine.reduce(
      (n, p) => n + (p.instrument.kind === 'option' && p.instrument.right === right && Math.sign(p.qty) === sign_ ? Math.abs(p.qty) : 0),
      0,
    );
  const shares = option.right === 'call' ? Math.floor(heldBy(c.positions, c.strategy, option.underlying) / 100) : 0;
  return Math.max(0, count(option.right, -1) - Math.max(0, count(option.right, 1) - sold) - shares);
}

/** A long option is not sold from under a short one that it covers: the two are closed as one package, or the short one first (I15). */
function uncovers(c: RuleContext, option: Option): Finding {
  const working = c.live.reduce((n, o) => n + (o.strategy === c.strategy ? each(o, option.symbol, 'sell', 'close') : 0), 0);
  const before = uncovered(c, option, 0);
  const after = uncovered(c, option, working + c.qty);
  const figures = { observed: after, limit: before, unit: 'count' } as const;
  return after <= before ? pass('NAKED', figures) : deny('NAKED', figures, `${after - before} short contracts would lose their cover`);
}

export const naked: Rule = (c) => {
  const { legs, subject } = c.intent;
  const [first] = legs;
  const ok = { observed: 0, limit: 0, unit: 'count' } as const;
  if (legs.length > 1) {
    return coveredInside(legs, 'call') && coveredInside(legs, 'put')
      ? pass('NAKED', ok)
      : deny('NAKED', ok, 'a short leg is not covered inside the package');
  }
  if (first.side === 'buy') return pass('NAKED', ok);
  if (first.instrument.kind === 'option' && first.effect === 'open' && first.instrument.right === 'put')
    return skip('NAKED', 'secured by cash: buying power');
  if (first.instrument.kind === 'option' && first.effect === 'close') return uncovers(c, first.instrument);
  const wanted = c.qty * (first.instrument.kind === 'option' ? 100 : 1);
  const free = freeShares(c, first.instrument.underlying);
  const figures = { observed: wanted, limit: free, unit: 'count' } as const;
  return wanted <= free ? pass('NAKED', figures) : deny('NAKED', figures, `only ${free} free shares of ${subject}`);
};

/** Closing orders never add up to more than the owner holds (I14). */
export const overClose: Rule = (c) => {
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
    if (!(wanted + working <= held)) return deny('OVER_CLOSE', figures, `${held} held, ${working} already being closed`);
  }
  return pass('OVER_CLOSE', { observed: 0, limit: 0, unit: 'count' });
};

/** A position whose exits keep failing stops trying and calls for a person; never while shutting down. */
export const exitCap: Rule = (c) => {
  if (c.intent.kind === 'open' || c.shuttingDown) return skip('EXIT_CAP', c.shuttingDown ? 'shutting down' : 'openings');
  const figures = { observed: c.exitLadders, limit: c.limits.exitLaddersMax, unit: 'count' } as const;
  return c.exitLadders < c.limits.exitLaddersMax && c.intent.prices.rungs.length <= c.limits.exitRungsMax
    ? pass('EXIT_CAP', figures)
    : deny('EXIT_CAP', figures, 'exit walks of this position in the last ten minutes');
};
