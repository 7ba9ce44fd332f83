// How the book answers to the market, to its own speed, to volatility and to time.
import type { ExposureLimits } from '../limits-exposure.ts';
import { lastingExposure } from '../portfolio/measures.ts';
import type { Portfolio } from '../portfolio/portfolio.ts';
import { bounded, type Measure } from '../projection.ts';
import type { Rule } from '../rule.ts';

export const greekMeasures = ({ equity }: Portfolio, limits: ExposureLimits): readonly Measure[] => [
  { what: 'beta delta', of: ({ total }) => Math.abs(total.betaDelta), limit: limits.betaDeltaPct * equity },
  { what: 'gamma', of: (book) => Math.abs(lastingExposure(book).gamma1pct), limit: limits.gammaPct * equity },
  { what: 'vega', of: ({ total }) => Math.abs(total.vega), limit: limits.vegaPct * equity },
  { what: 'theta paid', of: (book) => -lastingExposure(book).theta, limit: limits.thetaPaidPct * equity },
  { what: 'theta earned', of: (book) => lastingExposure(book).theta, limit: limits.thetaEarnedPct * equity },
];

export const greeks: Rule = (c) => bounded('GREEKS', c, (portfolio) => greekMeasures(portfolio, c.limits.exposure));
