// One case to its line of figures: valued at its volatility, or at the volatility that its price implies.
import type { Derivatives } from '../../pricing/black-scholes.ts';
import { type Style, type Terms, valueAt, volatilityAt } from '../valuation.ts';
import type { PriceCase, Reading } from './case.ts';
import type { Status } from './status.ts';

/** The figures of a result line, in its order: raw units, see docs/pricing.md. */
export const resultColumns = ['price', 'delta', 'gamma', 'vega', 'theta', 'rho', 'phi', 'vanna', 'volga', 'sigma'] as const;

export interface Valued {
  readonly status: Status;
  /** As `resultColumns`; null for what does not exist. */
  readonly figures: readonly (number | null)[];
}

const refused = (status: Status): Valued => ({ status, figures: resultColumns.map(() => null) });

/**
 * Whether the value has a kink right there: without time or volatility, on the strike or with the forward on it. The value is 0
 * and moves one way only, so it has no derivatives.
 */
function atKink(style: Style, { spot, strike, years, rate, dividendYield }: Terms, sigma: number): boolean {
  if (years > 0 && sigma > 0) return false;
  const onForward = spot * Math.exp(-dividendYield * years) === strike * Math.exp(-rate * years);
  return onForward || (style === 'american' && spot === strike);
}

function lineOf({ style, terms }: PriceCase, sigma: number, derivatives: Derivatives): Valued {
  const kink = derivatives.price === 0 && atKink(style, terms, sigma);
  const figures = { ...derivatives, sigma };
  const exists = (name: (typeof resultColumns)[number]): boolean =>
    name === 'price' || name === 'sigma' || (!kink && Number.isFinite(figures[name]));
  return { status: 'ok', figures: resultColumns.map((name) => (exists(name) ? figures[name] : null)) };
}

/** Values what a row states; a row that states no case keeps the reason as its status. */
export function valuesOf(reading: Reading): Valued {
  if (reading.kind === 'refused') return refused(reading.status);
  const { style, terms, given } = reading.case;
  const solved = given.kind === 'sigma' ? { kind: 'solved' as const, sigma: given.sigma } : volatilityAt(style, terms, given.price);
  if (solved.kind === 'refused') return refused(solved.reason);
  const valued = valueAt(style, terms, solved.sigma);
  return valued.kind === 'refused' ? refused(valued.reason) : lineOf(reading.case, solved.sigma, valued.derivatives);
}
