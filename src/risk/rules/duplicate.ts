// The same thing twice, or two things against each other.
import { packageKey, sign } from '../../domain/legs.ts';
import type { Order } from '../../domain/order.ts';
import { isLive } from '../../domain/order-machine.ts';
import { deny, type Finding, pass, type Rule, type RuleContext, skip } from '../rule.ts';
import { openingsOf } from '../usage.ts';

/** Openings of the strategy in the name in this session, other than this one: trades, and walks that may become some. */
function openedToday(c: RuleContext): number {
  const { underlying } = c.intent.legs[0].instrument;
  const trades = c.trades.filter((t) => t.owner === c.strategy && t.underlying === underlying && t.openedDay === c.session?.day);
  const working = openingsOf(c.live, c.strategy).filter((o) => o.legs[0].instrument.underlying === underlying);
  return new Set([...trades.map((t) => t.id), ...working.map((o) => o.ladder)].filter((id) => id !== c.ladder)).size;
}

function oftenEnough(c: RuleContext): Finding {
  const limit = c.limits.orders.openingsPerSession.get(c.strategy) ?? 1;
  const observed = openedToday(c) + 1;
  const figures = { observed, limit, unit: 'count' } as const;
  // Written as a negation, since NaN makes every comparison false.
  return !(observed <= limit)
    ? deny('DUPLICATE', figures, `${c.strategy} has opened ${observed - 1} in ${c.intent.subject} in this session`)
    : pass('DUPLICATE', figures);
}

/**
 * the same strategy opening the same legs while an order for them lives, or inside the window; and opening more often in one name
 * and session than it is declared to.
 */
export const duplicate: Rule = (c) => {
  if (c.intent.kind === 'close') return skip('DUPLICATE', 'exits are capped by what is held');
  const plan = packageKey(c.intent.legs);
  const since = c.now.exchange - c.limits.duplicateWindowMs;
  const twin = c.recent.find(
    (o) =>
      o.strategy === c.strategy &&
      o.purpose === 'O' &&
      packageKey(o.legs) === plan &&
      (isLive(o) || (o.cumQty > 0 && !(o.recordedAt <= since))),
  );
  if (twin === undefined) return oftenEnough(c);
  return deny('DUPLICATE', { observed: twin.id, limit: c.limits.duplicateWindowMs, unit: 'text' }, `order ${twin.id} is the same intent`);
};

/**
 * Own stops are cancelled first. An order that every look-up found absent may still turn up, so nothing is opened against it;
 * but a way out is not closed for the quarter of an hour that it is watched: should it appear, the broker refuses and the walk tries again.
 */
const standsInTheWay = (c: RuleContext, order: Order): boolean =>
  order.purpose !== 'P' && !(c.intent.kind === 'close' && order.state === 'absent_watch');

/** a working order of another strategy on the other side of the same instrument (wash-trade protection). Own stops are cancelled first. */
export const selfCross: Rule = (c) => {
  for (const leg of c.intent.legs) {
    const crossing = c.live.find(
      (o) => standsInTheWay(c, o) && o.legs.some((l) => l.instrument.symbol === leg.instrument.symbol && l.side !== leg.side),
    );
    if (crossing !== undefined) {
      return deny(
        'SELF_CROSS',
        { observed: crossing.id, limit: '', unit: 'text' },
        `order ${crossing.id} works the other side of ${leg.instrument.symbol}`,
      );
    }
  }
  return pass('SELF_CROSS', { observed: '', limit: '', unit: 'text' });
};

/**
 * One contract, one side, whoever holds it: the broker nets positions, so that what one owner bought would close what another sold.
 * What is nobody's of ours counts too.
 */
export const contractConflict: Rule = (c) => {
  for (const leg of c.intent.legs) {
    if (leg.effect !== 'open' || leg.instrument.kind !== 'option') continue;
    const other = c.positions.find(
      (p) => p.owner !== c.strategy && p.instrument.symbol === leg.instrument.symbol && Math.sign(p.qty) === -sign(leg.side),
    );
    if (other !== undefined)
      return deny(
        'CONTRACT_CONFLICT',
        { observed: other.owner, limit: '', unit: 'text' },
        `${other.owner} holds ${other.qty} of ${leg.instrument.symbol}`,
      );
  }
  return pass('CONTRACT_CONFLICT', { observed: '', limit: '', unit: 'text' });
};
