// A market that stands still: spots, volatilities and closes as a test states them, and the limits that a book is built with.
import { type Symbol, symbol } from '../../../../src/domain/ids.ts';
import type { Option } from '../../../../src/domain/instrument.ts';
import { usd } from '../../../../src/domain/money.ts';
import { absent, type Known, known } from '../../../../src/domain/reasons.ts';
import { addDays, daysBetween, type TradingDay, tradingDay } from '../../../../src/domain/time.ts';
import type { ExposureLimits } from '../../../../src/risk/limits-exposure.ts';
import type { Close } from '../../../../src/risk/portfolio/history.ts';
import type { Mark, PortfolioTerms, RiskMarket } from '../../../../src/risk/portfolio/portfolio.ts';

export const today = tradingDay('2026-03-10');

/** The shipped limits. */
export const exposureLimits: ExposureLimits = {
  marketIndex: symbol('SPY'),
  singleName: { sharesPct: 0.1, deltaPct: 0.2, reservePct: 0.2 },
  indexFund: { sharesPct: 0.4, deltaPct: 0.6, reservePct: 0.4 },
  grossPct: 1,
  netBetaPct: 0.8,
  openRiskPct: 0.25,
  clusterCorrelation: 0.7,
  clusterPct: 0.35,
  sectorPct: 0.3,
  unknownSectorPct: 0.1,
  betaDeltaPct: 1,
  gammaPct: 0.05,
  vegaPct: 0.005,
  thetaPaidPct: 0.003,
  thetaEarnedPct: 0.005,
  var95Pct: 0.02,
  es99Pct: 0.04,
  stressPct: 0.12,
  gapPct: 0.04,
  gapVolatility: 0.5,
  assumedBeta: 1.5,
  assumedIndexFundBeta: 1.2,
  markAgeMsMax: 300_000,
};

const wide = { sharesPct: 1_000, deltaPct: 1_000, reservePct: 1_000 };

/** Limits that no order of a test reaches unless it sets them. */
export const wideExposure: ExposureLimits = {
  ...exposureLimits,
  singleName: wide,
  indexFund: wide,
  grossPct: 1_000,
  netBetaPct: 1_000,
  openRiskPct: 1_000,
  clusterPct: 1_000,
  sectorPct: 1_000,
  unknownSectorPct: 1_000,
  betaDeltaPct: 1_000,
  gammaPct: 1_000,
  vegaPct: 1_000,
  thetaPaidPct: 1_000,
  thetaEarnedPct: 1_000,
  var95Pct: 1_000,
  es99Pct: 1_000,
  stressPct: 1_000,
  gapPct: 1_000,
};

export const terms = (over: Partial<PortfolioTerms> = {}): PortfolioTerms => ({
  ...exposureLimits,
  gapPct: 0.35,
  gapIndexFundPct: 0.15,
  indexFunds: ['SPY', 'QQQ'],
  sectors: new Map([
    ['XYZ', 'Financials'],
    ['AAPL', 'Information Technology'],
    ['ABC', 'Utilities'],
    ['DEF', 'Utilities'],
  ]),
  equity: usd(100_000 * 1e6),
  ...over,
});

export interface Still {
  readonly spots: Readonly<Record<string, number>>;
  /** By symbol; an option that is not named has the first. */
  readonly sigmas?: Readonly<Record<string, number>>;
  readonly sigma?: number;
  readonly closes?: Readonly<Record<string, readonly Close[]>>;
  readonly rate?: number;
}

const marked = (value: number | undefined, what: string): Known<Mark> =>
  value === undefined ? absent('QUOTE_MISSING', `${what}: no quote`) : known({ value, standIn: null });

/** Years are calendar days over 365, as in the worked book. */
export const stillMarket = ({ spots, sigmas = {}, sigma, closes = {}, rate = 0.04 }: Still): RiskMarket => ({
  spot: (name: Symbol) => marked(spots[name], name),
  volatility: (option: Option) => marked(sigmas[option.symbol] ?? sigma, option.symbol),
  years: (option: Option) => daysBetween(today, option.expiry) / 365,
  isLastDay: (option: Option) => daysBetween(today, option.expiry) <= 1,
  rate,
  dividendYield: () => 0,
  closes: (name: Symbol) => closes[name] ?? [],
});

/** Closes whose moves these are, one a calendar day up to yesterday. */
export function closesOf(moves: readonly number[], from = 100): readonly Close[] {
  const day = (i: number): TradingDay => addDays(today, i - moves.length - 1);
  const closes: Close[] = [{ day: day(0), close: from }];
  for (const [i, move] of moves.entries()) closes.push({ day: day(i + 1), close: (closes[i]?.close ?? Number.NaN) * (1 + move) });
  return closes;
}
