// Is the market tight enough to open in: what a round trip would cost?
import { deny, pass, type Rule, type RuleContext, skip } from '../rule.ts';

/** Part of the mid that a spread may take: a strategy may be given an allowance of its own for options. */
function allowance(c: RuleContext, kind: 'equity' | 'option'): number {
  const { spreadSharePct, spreadOptionPct, spreadOptionPctOf } = c.limits.orders;
  return kind === 'equity' ? spreadSharePct : (spreadOptionPctOf.get(c.strategy) ?? spreadOptionPct);
}

/** A package trades whole: its legs' spreads are held together against what is allowed them together. */
export const spreadWide: Rule = (c) => {
  if (c.intent.kind === 'close') return skip('SPREAD_WIDE', 'exits take what there is');
  let spread = 0;
  let limit = 0;
  for (const { instrument, ratio } of c.intent.legs) {
    const quote = c.quote(instrument.symbol);
    if (!quote.known) return deny('SPREAD_WIDE', { observed: quote.code, limit: 'quote', unit: 'text' }, quote.why);
    const { bid, ask } = quote.value;
    spread += ratio * (ask - bid);
    // Rounded, since a tenth of a mid in micros is a whole number but for the last bits of a float.
    limit += ratio * Math.max(c.limits.orders.spreadMin, Math.round(((bid + ask) / 2) * allowance(c, instrument.kind)));
  }
  const figures = { observed: spread, limit, unit: 'price_micros' } as const;
  return spread <= limit ? pass('SPREAD_WIDE', figures) : deny('SPREAD_WIDE', figures, 'bid and ask are too far apart to open in');
};
