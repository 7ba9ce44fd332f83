// May this be traded at all, by the exchange, by the operator and at the account's options level?
import type { Legs } from '../../domain/legs.ts';
import { deny, pass, type Rule, skip } from '../rule.ts';

/** Options level a package needs: 1 covered calls and cash-secured puts, 2 options bought, 3 packages; 0 for shares. */
export function levelOf(legs: Legs): 0 | 1 | 2 | 3 {
  const [{ instrument, side }] = legs;
  if (legs.length > 1) return 3;
  if (instrument.kind === 'equity') return 0;
  return side === 'buy' ? 2 : 1;
}

/** Openings only: a way out of what may no longer be traded is the broker's to refuse. */
export const instrument: Rule = (c) => {
  if (c.intent.kind === 'close') return skip('INSTRUMENT', 'exits are tried in any case');
  const { legs } = c.intent;
  const { underlying } = legs[0].instrument;
  if (c.limits.orders.denied.includes(underlying))
    return deny('INSTRUMENT', { observed: underlying, limit: 'not on the list', unit: 'text' }, `${underlying} is on the operator's list`);
  const closed = legs.find((l) => c.conduct.tradable(l.instrument) === false);
  if (closed !== undefined) {
    const { symbol } = closed.instrument;
    return deny('INSTRUMENT', { observed: symbol, limit: 'tradable', unit: 'text' }, `the exchange takes no orders in ${symbol}`);
  }
  const needs = levelOf(legs);
  const figures = { observed: c.conduct.optionsLevel, limit: needs, unit: 'count' } as const;
  if (needs === 0) return pass('INSTRUMENT', figures);
  return c.conduct.optionsLevel !== null && c.conduct.optionsLevel >= needs
    ? pass('INSTRUMENT', figures)
    : deny('INSTRUMENT', figures, `it needs options level ${needs}`);
};
