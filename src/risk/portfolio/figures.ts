// The record of the book's risk: what limits look at, rounded to micros once.
import type { Usd } from '../../domain/money.ts';
import type { Known } from '../../domain/reasons.ts';
import type { ClusterFigure, RiskReading } from '../../domain/risk-figures.ts';
import type { EpochMs } from '../../domain/time.ts';
import type { Book } from './book.ts';
import { clusters, clusterWeight, dayRiskOf, grossOf, worstFall, worstScenario } from './measures.ts';
import type { Portfolio } from './portfolio.ts';
import { allToMicros, toMicros } from './rounding.ts';

/** Clusters of at least two names, the heaviest first; undefined where a weight is no number. */
function clusterFigures(book: Book, names: Portfolio['names']): readonly ClusterFigure[] | undefined {
  const found: ClusterFigure[] = [];
  for (const cluster of clusters(book, names)) {
    if (cluster.length < 2) continue;
    const betaDelta = toMicros(clusterWeight(book, cluster));
    if (betaDelta === null) return undefined;
    found.push({ names: cluster, betaDelta });
  }
  return found.sort((a, b) => b.betaDelta - a.betaDelta || ((a.names[0] ?? '') < (b.names[0] ?? '') ? -1 : 1));
}

/**
 * The risk of the book as it would be were all working openings to fill; absent with the reason where the book cannot be valued, or where
 * a figure comes out as no number.
 * @param equity the account's, for the record
 */
export function riskReading(portfolio: Known<Portfolio>, equity: Usd, at: EpochMs): RiskReading {
  if (!portfolio.known) return { kind: 'absent', code: portfolio.code, why: portfolio.why };
  const { books, names, standIns } = portfolio.value;
  const book = books[1] ?? books[0];
  const { method, ...day } = dayRiskOf(book, names);
  const stress = worstScenario(book);
  const fall = worstFall(book, names);
  const { total } = book;
  const amounts = allToMicros({
    gross: grossOf(book),
    net: total.dollarDelta,
    betaDelta: total.betaDelta,
    gamma1pct: total.gamma1pct,
    vega: total.vega,
    theta: total.theta,
    ...day,
    worstStress: stress.gain,
    fall: fall?.gain ?? 0,
  });
  const clustered = clusterFigures(book, names);
  if (amounts === undefined || clustered === undefined)
    return { kind: 'absent', code: 'BOOK_UNVALUED', why: 'a figure of the book is no number' };
  const { fall: worst, ...rest } = amounts;
  return {
    kind: 'figures',
    figures: {
      at,
      equity,
      ...rest,
      varMethod: method,
      worstStressName: stress.what,
      worstGap: fall === undefined ? null : { name: fall.what, pnl: worst },
      clusters: clustered,
      inputsOk: standIns.length === 0,
      standIns,
    },
  };
}
