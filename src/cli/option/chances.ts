// The chance that the share ends where the option pays, or pays off, with cash dividends still to come taken out of the share.
import { probabilityBeyond } from '../../pricing/probability.ts';
import type { Terms } from '../valuation.ts';
import { absent, type Figure, value } from './figure.ts';

/**
 * Risk-neutral probability that the share ends beyond `level`, on the side on which the option gains, with one volatility for every level.
 * The share less the present value of its announced dividends is what moves at random here; N(d2), not delta.
 */
export function chanceBeyond(terms: Terms, level: Figure, sigma: Figure): Figure {
  if (sigma.kind === 'absent') return sigma;
  if (level.kind === 'absent') return level;
  const { right, years, rate, dividendYield } = terms;
  const paid = terms.dividends.reduce((sum, d) => sum + d.amount * Math.exp(-rate * d.years), 0);
  const spot = terms.spot - paid;
  if (spot <= 0) return absent('undefined', 'the dividends before the expiry are worth more than the share');
  return value(probabilityBeyond(right === 'call' ? 'above' : 'below', level.value, { spot, years, rate, dividendYield }, sigma.value));
}
