// How much of one underlying: its shares, its size by each strategy's own measure, the cash behind its short puts.
import type { Symbol } from '../../domain/ids.ts';
import { dollars, type Price } from '../../domain/money.ts';
import type { ExposureLimits } from '../limits-exposure.ts';
import { sizeOf } from '../portfolio/measures.ts';
import type { Portfolio } from '../portfolio/portfolio.ts';
import { bounded, type Measure } from '../projection.ts';
import type { Rule, RuleContext } from '../rule.ts';

/** Dollars by which a share would be paid above its mid: the larger of limit and ask; 0 for a package of options, NaN without a quote. */
function paidAboveMid(c: RuleContext): number {
  const share = c.intent.legs.find((l) => l.instrument.kind === 'equity' && l.side === 'buy');
  if (share === undefined) return 0;
  const quote = c.quote(share.instrument.symbol);
  if (!quote.known) return Number.NaN;
  const { bid, ask } = quote.value;
  const worst = c.intent.legs.length === 1 ? Math.max(...c.intent.prices.rungs, ask) : ask;
  return share.ratio * dollars((worst - (bid + ask) / 2) as Price);
}

/** @param above dollars by which each unit of an order is paid above the mid that the book is valued at */
export function positionMeasures({ equity, names }: Portfolio, limits: ExposureLimits, name: Symbol, above: number): readonly Measure[] {
  const { sharesPct, deltaPct, reservePct } = names.isIndexFund(name) ? limits.indexFund : limits.singleName;
  return [
    { what: `shares of ${name}`, of: (book, units) => Math.abs(book.name(name).shareValue + units * above), limit: sharesPct * equity },
    { what: `size of ${name}`, of: (book) => sizeOf(book, name), limit: deltaPct * equity },
    { what: `cash behind short puts of ${name}`, of: (book) => book.name(name).reserve, limit: reservePct * equity },
  ];
}

export const positionPct: Rule = (c) =>
  bounded('POSITION_PCT', c, (portfolio) =>
    positionMeasures(portfolio, c.limits.exposure, c.intent.legs[0].instrument.underlying, paidAboveMid(c)),
  );
