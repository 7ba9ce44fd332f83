// How much of one sector; a name whose sector nobody stated is a sector by itself, and a small one.
import type { Symbol } from '../../domain/ids.ts';
import type { ExposureLimits } from '../limits-exposure.ts';
import { sectorWeight } from '../portfolio/measures.ts';
import type { Portfolio } from '../portfolio/portfolio.ts';
import { bounded, type Measure } from '../projection.ts';
import type { Rule } from '../rule.ts';

/** Of the sector that a single name is in. */
export function sectorMeasure({ equity, names }: Portfolio, { sectorPct, unknownSectorPct }: ExposureLimits, name: Symbol): Measure {
  const of = names.sector(name);
  return of === undefined
    ? { what: `delta of ${name}, sector unknown`, of: (book) => Math.abs(book.name(name).dollarDelta), limit: unknownSectorPct * equity }
    : { what: `delta in ${of}`, of: (book) => sectorWeight(book, names, of), limit: sectorPct * equity };
}

export const sector: Rule = (c) =>
  bounded('SECTOR', c, (portfolio) => {
    const name = c.intent.legs[0].instrument.underlying;
    if (portfolio.names.isIndexFund(name)) return 'a broad index fund is in no sector';
    return [sectorMeasure(portfolio, c.limits.exposure, name)];
  });
