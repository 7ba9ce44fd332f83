// How much of the market in all: every name's net delta added up, and what remains of them net, by beta.
import type { ExposureLimits } from '../limits-exposure.ts';
import { grossOf } from '../portfolio/measures.ts';
import type { Portfolio } from '../portfolio/portfolio.ts';
import { bounded, type Measure } from '../projection.ts';
import type { Rule } from '../rule.ts';

export const exposureMeasures = ({ equity }: Portfolio, { grossPct, netBetaPct }: ExposureLimits): readonly Measure[] => [
  { what: 'gross delta', of: grossOf, limit: grossPct * equity },
  { what: 'net beta delta', of: (book) => Math.abs(book.total.betaDelta), limit: netBetaPct * equity },
];

export const exposure: Rule = (c) => bounded('EXPOSURE', c, (portfolio) => exposureMeasures(portfolio, c.limits.exposure));
