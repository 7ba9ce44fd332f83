// Names that move together are one name.
import type { Symbol } from '../../domain/ids.ts';
import type { ExposureLimits } from '../limits-exposure.ts';
import { withUnit } from '../portfolio/book.ts';
import { clusters, clusterWeight } from '../portfolio/measures.ts';
import type { Portfolio } from '../portfolio/portfolio.ts';
import { bounded, type Measure } from '../projection.ts';
import type { Rule } from '../rule.ts';

/** @param members at least two names that move together */
export const clusterMeasure = ({ equity }: Portfolio, { clusterPct }: ExposureLimits, members: readonly Symbol[]): Measure => ({
  what: `beta delta of ${members.join(', ')}`,
  of: (book) => clusterWeight(book, members),
  limit: clusterPct * equity,
});

export const cluster: Rule = (c) =>
  bounded('CLUSTER', c, (portfolio, before, unit) => {
    const { names } = portfolio;
    const name = c.intent.legs[0].instrument.underlying;
    if (names.isIndexFund(name)) return 'a broad index fund is in no cluster';
    const members = clusters(withUnit(before, unit, 1), names).find((found) => found.includes(name)) ?? [name];
    if (members.length < 2) return 'moves with no other name that is held: its own size is limited as such';
    return [clusterMeasure(portfolio, c.limits.exposure, members)];
  });
