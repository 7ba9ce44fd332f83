// Nothing is opened on what may no longer be true: quotes, account and reconciliation have ages.
import { deny, pass, type Rule, skip } from '../rule.ts';

export const freshness: Rule = (c) => {
  if (c.intent.kind === 'close') return skip('STALE', 'exits use the best price available');
  for (const leg of c.intent.legs) {
    const quote = c.quote(leg.instrument.symbol);
    if (!quote.known)
      return deny(
        'STALE',
        { observed: quote.code, limit: 'fresh two-sided quote', unit: 'text' },
        `${leg.instrument.symbol}: ${quote.why}`,
      );
    const age = quote.value.ageAtSightMs + (c.now.mono - quote.value.seen);
    const max = leg.instrument.kind === 'option' ? c.limits.optionQuoteAgeMsMax : c.limits.equityQuoteAgeMsMax;
    // Written as a negation, since NaN makes every comparison false.
    if (!(age <= max))
      return deny('STALE', { observed: age, limit: max, unit: 'ms' }, `${leg.instrument.symbol}: quote is ${Math.round(age)} ms old`);
  }
  if (!(c.accountAgeMs <= c.limits.accountAgeMsMax)) {
    return deny('STALE', { observed: c.accountAgeMs, limit: c.limits.accountAgeMsMax, unit: 'ms' }, 'the account figures are old');
  }
  if (!(c.reconcileAgeMs <= c.limits.reconcileAgeMsMax)) {
    return deny('STALE', { observed: c.reconcileAgeMs, limit: c.limits.reconcileAgeMsMax, unit: 'ms' }, 'the last clean reconcile is old');
  }
  const held = c.portfolio.known ? c.portfolio.value.unitOf(c.strategy, c.intent.legs) : c.portfolio;
  if (!held.known) return deny('STALE', { observed: held.code, limit: 'a valued book', unit: 'text' }, `stale greeks: ${held.why}`);
  return pass('STALE', { observed: c.accountAgeMs, limit: c.limits.accountAgeMsMax, unit: 'ms' });
};
