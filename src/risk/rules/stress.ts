// What a crash of the market, or the fall of one name, may cost.
import type { ExposureLimits } from '../limits-exposure.ts';
import { worstFall, worstScenario } from '../portfolio/measures.ts';
import type { Portfolio } from '../portfolio/portfolio.ts';
import { bounded, type Measure } from '../projection.ts';
import type { Rule } from '../rule.ts';

export const stressMeasures = ({ equity, names }: Portfolio, { stressPct, gapPct }: ExposureLimits): readonly Measure[] => [
  { what: 'loss in the worst scenario', of: (book) => -worstScenario(book).gain, limit: stressPct * equity },
  { what: 'loss in the worst fall of one name', of: (book) => -(worstFall(book, names)?.gain ?? 0), limit: gapPct * equity },
];

export const stress: Rule = (c) => bounded('STRESS', c, (portfolio) => stressMeasures(portfolio, c.limits.exposure));
