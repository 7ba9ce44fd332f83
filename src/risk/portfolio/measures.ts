// The figures that limits are set on, read off a book or off a book with an order in it. Dollars throughout.
import type { Symbol } from '../../domain/ids.ts';
import type { VarMethod } from '../../domain/risk-figures.ts';
import type { Book } from './book.ts';
import { aggregateRisk } from './concentration.ts';
import { clustersOf } from './correlation.ts';
import { type Exposure, withExposure } from './line.ts';
import { isThin, type Names } from './names.ts';
import { scenarios } from './scenarios.ts';
import { isDefinedRisk, stakeLoss, stakeRisk } from './stake.ts';
import { cornishFisherValueAtRisk, ewmaValueAtRisk, historicalTail, parametricTail, thinTail } from './value-at-risk.ts';

/** Sum over names of the magnitude of each one's dollar delta. */
export const grossOf = (book: Book): number => book.names.reduce((sum, name) => sum + Math.abs(book.name(name).dollarDelta), 0);

const grossBeta = (book: Book, names: readonly Symbol[]): number =>
  names.reduce((sum, name) => sum + Math.abs(book.name(name).betaDelta), 0);

/**
 * Size of one name, each strategy's part by its own measure: what its own legs bound counts with the most it can lose, all else with the
 * magnitude of its net dollar delta.
 */
export function sizeOf(book: Book, name: Symbol): number {
  const own = book.stakes.filter((stake) => stake.name === name);
  const bounded = own.filter(isDefinedRisk).reduce((sum, stake) => sum + stakeLoss(stake), 0);
  return bounded + Math.abs(own.filter((stake) => !isDefinedRisk(stake)).reduce((sum, stake) => sum + stake.exposure.dollarDelta, 0));
}

/**
 * The book's exposure without options in their last day whose loss their own legs bound: their gamma and theta last hours and say nothing
 * of what they can cost, which is limited as such.
 */
export const lastingExposure = (book: Book): Exposure =>
  book.stakes.filter(isDefinedRisk).reduce((rest, stake) => withExposure(rest, stake.lastDay, -1), book.total);

/** Risk amounts of all stakes as one: each at its own name's jump, added up by the names' correlations. */
export function openRiskOf(book: Book, names: Names): number {
  const amounts = book.stakes.map((stake) => stakeRisk(stake, stake.spot, names.gap(stake.name)));
  const distinct = [...new Set(book.stakes.map((stake) => stake.name))];
  const rho = names.correlations(distinct);
  const row = book.stakes.map((stake) => distinct.indexOf(stake.name));
  return aggregateRisk(
    amounts,
    row.map((i) => row.map((j) => (i === j ? 1 : (rho[i]?.[j] ?? Number.NaN)))),
  );
}

/** Single names that move together, each cluster in alphabetical order; index funds are in none. */
export const clusters = (book: Book, names: Names): readonly (readonly Symbol[])[] =>
  clustersOf([...book.names].filter((name) => !names.isIndexFund(name)).sort(), names.linked);

/** What a cluster weighs: the sum of the magnitudes of its names' net beta deltas. */
export const clusterWeight = (book: Book, cluster: readonly Symbol[]): number => grossBeta(book, cluster);

/** Magnitudes of dollar delta of all single names of one sector. */
export const sectorWeight = (book: Book, names: Names, sector: string): number =>
  book.names
    .filter((name) => !names.isIndexFund(name) && names.sector(name) === sector)
    .reduce((sum, name) => sum + Math.abs(book.name(name).dollarDelta), 0);

type Estimate = readonly [method: VarMethod, dollars: number];

interface Estimates {
  readonly all: readonly Estimate[];
  readonly most: number;
}

export interface DayRisk {
  readonly var95: number;
  readonly var99: number;
  readonly es99: number;
  readonly method: VarMethod;
}

/**
 * One-day value at risk, the largest of all methods, and expected shortfall, the larger of historical and parametric. With fewer than
 * sixty days of the market only the thin estimate is left; where single names lack a history of their own it joins the others.
 */
export function dayRiskOf(book: Book, names: Names): DayRisk {
  const assumed = book.names.some((name) => names.isAssumed(name));
  const weight = grossBeta(book, book.names);
  const gains = isThin(names) ? [] : [...book.onPastDays()];
  const tempered = isThin(names) ? [] : [...book.onPastDaysTempered()];
  const estimates = (level: number): readonly Estimate[] => {
    const thin = ['thin', thinTail(weight, level).valueAtRisk] as const;
    if (isThin(names)) return [thin];
    return [
      ['historical', historicalTail(gains, level).valueAtRisk],
      ['parametric', parametricTail(tempered, level).valueAtRisk],
      ['ewma', ewmaValueAtRisk(tempered, level)],
      ['cornish_fisher', cornishFisherValueAtRisk(tempered, level)],
      ...(assumed ? [thin] : []),
    ];
  };
  const shortfalls = isThin(names)
    ? [thinTail(weight, 0.99)]
    : [historicalTail(gains, 0.99), parametricTail(tempered, 0.99), ...(assumed ? [thinTail(weight, 0.99)] : [])];
  const [ordinary, rare] = [estimates(0.95), estimates(0.99)].map((all) => ({ all, most: Math.max(...all.map(([, loss]) => loss)) })) as [
    Estimates,
    Estimates,
  ];
  return {
    var95: ordinary.most,
    var99: rare.most,
    es99: Math.max(...shortfalls.map((tail) => tail.shortfall)),
    method: ordinary.all.find(([, loss]) => loss === ordinary.most)?.[0] ?? 'thin',
  };
}

export interface Worst<T> {
  readonly what: T;
  /** Dollars gained: negative is a loss. */
  readonly gain: number;
}

/** The worst scenario; NaN as soon as one of them is. */
export function worstScenario(book: Book): Worst<string> {
  const gains = book.inScenarios();
  const gain = Math.min(...gains);
  return { what: scenarios[gains.indexOf(gain)]?.name ?? '', gain };
}

/** The single name whose fall costs most, NaN as soon as one is; undefined without a single name. */
export function worstFall(book: Book, names: Names): Worst<Symbol> | undefined {
  let worst: Worst<Symbol> | undefined;
  for (const what of book.names) {
    if (names.isIndexFund(what)) continue;
    const gain = book.inOwnFall(what);
    if (worst === undefined || Number.isNaN(gain) || gain < worst.gain) worst = { what, gain };
  }
  return worst;
}
