// What an ordinary bad day, and a rare one, may cost.
import { once } from '../../base/once.ts';
import type { ExposureLimits } from '../limits-exposure.ts';
import type { Book } from '../portfolio/book.ts';
import { dayRiskOf } from '../portfolio/measures.ts';
import type { Portfolio } from '../portfolio/portfolio.ts';
import { bounded, type Measure } from '../projection.ts';
import type { Rule } from '../rule.ts';

export function valueAtRiskMeasures({ equity, names }: Portfolio, { var95Pct, es99Pct }: ExposureLimits): readonly Measure[] {
  const riskOf = once((book: Book) => dayRiskOf(book, names));
  return [
    { what: 'one-day value at risk, 95 %,', of: (book) => riskOf(book).var95, limit: var95Pct * equity },
    { what: 'one-day expected shortfall, 99 %,', of: (book) => riskOf(book).es99, limit: es99Pct * equity },
  ];
}

export const valueAtRisk: Rule = (c) => bounded('VAR', c, (portfolio) => valueAtRiskMeasures(portfolio, c.limits.exposure));
