// How much all open positions together may cost, each at its own worst or at a jump of its share.
import type { ExposureLimits } from '../limits-exposure.ts';
import { openRiskOf } from '../portfolio/measures.ts';
import type { Portfolio } from '../portfolio/portfolio.ts';
import { bounded, type Measure } from '../projection.ts';
import type { Rule } from '../rule.ts';

export const openRiskMeasures = ({ equity, names }: Portfolio, { openRiskPct }: ExposureLimits): readonly Measure[] => [
  { what: 'open risk', of: (book) => openRiskOf(book, names), limit: openRiskPct * equity },
];

export const openRisk: Rule = (c) => bounded('OPEN_RISK', c, (portfolio) => openRiskMeasures(portfolio, c.limits.exposure));
