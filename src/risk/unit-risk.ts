// What one unit of the order that is judged puts at risk, at the worst limit it is judged at.
import { riskAmountOf } from './portfolio/risk-amount.ts';
import type { RuleContext } from './rule.ts';

/** The worst net limit of the rungs that are judged: positive pays. */
export const worstNet = (c: RuleContext): number => Math.max(...c.intent.prices.rungs);

/** Mid of the underlying, micros; null when it is not quoted. */
export function spotOf(c: RuleContext): number | null {
  const quote = c.quote(c.intent.legs[0].instrument.underlying);
  return quote.known ? (quote.value.bid + quote.value.ask) / 2 : null;
}

/**
 * Amount at risk of one unit, micros, not negative; a total fall is taken where the share is not quoted. A call sold alone adds nothing:
 * it stands on shares (another rule demands them), and what a gap takes of those is counted with them.
 */
export function unitRisk(c: RuleContext): number {
  const [{ instrument, side, effect }] = c.intent.legs;
  const onShares = instrument.kind === 'option' && instrument.right === 'call' && side === 'sell' && effect === 'open';
  if (c.intent.legs.length === 1 && onShares) return 0;
  const { gapPct, gapIndexFundPct } = c.limits.orders;
  const fall = c.limits.indexFunds.includes(c.intent.legs[0].instrument.underlying) ? gapIndexFundPct : gapPct;
  return riskAmountOf(c.intent.legs, worstNet(c), 1, { spot: spotOf(c), fall });
}
