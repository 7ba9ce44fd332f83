// Probabilities held against what happened: buckets, the Brier score and what it is made of.

export interface Judged {
  /** Probability that was foretold, 0 to 1. */
  readonly predicted: number;
  readonly happened: boolean;
}

export interface Interval {
  readonly low: number;
  readonly high: number;
}

/** Forecasts of about one probability, and how often what they foretold happened. */
export interface Bucket {
  /** Probabilities in [from, to); the last bucket takes its end in. */
  readonly from: number;
  readonly to: number;
  readonly count: number;
  readonly meanPredicted: number;
  /** Share of the forecasts whose event happened. */
  readonly observed: number;
  /** Wilson's 95 % interval of that share, as if all forecasts of the bucket were independent. */
  readonly interval: Interval;
  /** Mean squared error of the bucket's forecasts. */
  readonly brier: number;
}

/**
 * The Brier score taken apart: brier = reliability - resolution + uncertainty + withinVariance - withinCovariance, exactly. The last two
 * are what buckets that are not points leave over.
 */
export interface Decomposition {
  /** Mean squared distance between a bucket's foretold and observed share: 0 is calibrated. */
  readonly reliability: number;
  /** Mean squared distance between a bucket's observed share and that of all: more is better. */
  readonly resolution: number;
  /** Variance of the outcomes themselves. */
  readonly uncertainty: number;
  /** Mean variance of the forecasts inside their buckets. */
  readonly withinVariance: number;
  /** Twice the mean covariance of forecasts and outcomes inside their buckets. */
  readonly withinCovariance: number;
}

export interface Calibration {
  readonly count: number;
  /** Those that hold a forecast, ascending. */
  readonly buckets: readonly Bucket[];
  readonly meanPredicted: number;
  /** Share of all forecasts whose event happened. */
  readonly baseRate: number;
  /** Mean squared error of all forecasts, 0 (best) to 1. */
  readonly brier: number;
  /** What saying the base rate every time would have scored, known only afterwards: the uncertainty. */
  readonly baseRateBrier: number;
  /** 1 - brier / baseRateBrier; null where every outcome was the same, so that nothing could be told apart. */
  readonly skill: number | null;
  readonly parts: Decomposition;
}

export type Calibrated =
  | { readonly kind: 'calibration'; readonly calibration: Calibration }
  | {
      readonly kind: 'refused';
      readonly reason:
        | 'no_forecasts'
        /** A probability that is not a number of 0 to 1. */
        | 'not_a_probability'
        /** Edges must ascend from 0 to 1. */
        | 'bad_edges';
    };

/** Two standard deviations to within 2 %: the normal's central 95 %. */
export const Z_95 = 1.959963984540054;

/** Ten buckets of a tenth. */
export const TENTHS: readonly number[] = Array.from({ length: 11 }, (_, i) => i / 10);

/**
 * The score interval of a share (E. B. Wilson, "Probable Inference, the Law of Succession, and Statistical Inference", 1927): never
 * empty, never beyond 0 and 1, and right near both.
 * @param share observed, 0 to 1
 * @param count independent observations, above 0; need not be whole
 * @param z half-width in standard deviations
 */
export function wilson(share: number, count: number, z = Z_95): Interval {
  const square = (z * z) / count;
  const middle = (share + square / 2) / (1 + square);
  const half = (z * Math.sqrt((share * (1 - share)) / count + square / (4 * count))) / (1 + square);
  // At a share of 0 or 1 an end is exactly 0 or 1; rounding may not say otherwise.
  return { low: share === 0 ? 0 : Math.max(0, middle - half), high: share === 1 ? 1 : Math.min(1, middle + half) };
}

const mean = (values: readonly number[]): number => values.reduce((sum, x) => sum + x, 0) / values.length;
const outcome = ({ happened }: Judged): number => Number(happened);
const squaredError = (judged: Judged): number => (judged.predicted - outcome(judged)) ** 2;

/** Forecasts by bucket; those without any are left out. */
function sorted(
  judged: readonly Judged[],
  edges: readonly number[],
): readonly (readonly [from: number, to: number, of: readonly Judged[]])[] {
  return edges.slice(0, -1).flatMap((from, i) => {
    const to = edges[i + 1] as number;
    const last = i === edges.length - 2;
    const of = judged.filter(({ predicted: p }) => p >= from && (p < to || last));
    return of.length === 0 ? [] : [[from, to, of] as const];
  });
}

function bucketOf(from: number, to: number, of: readonly Judged[]): Bucket {
  const observed = mean(of.map(outcome));
  return {
    from,
    to,
    count: of.length,
    meanPredicted: mean(of.map((j) => j.predicted)),
    observed,
    interval: wilson(observed, of.length),
    brier: mean(of.map(squaredError)),
  };
}

const goodEdges = (edges: readonly number[]): boolean =>
  edges.length >= 2 && edges[0] === 0 && edges.at(-1) === 1 && edges.every((edge, i) => i === 0 || edge > (edges[i - 1] as number));

/**
 * The calibration of forecasts of yes-or-no events. The score is G. W. Brier's ("Verification of Forecasts Expressed in Terms of
 * Probability", 1950), its parts A. H. Murphy's (1973) with the two within-bucket terms of D. B. Stephenson, C. Coelho and I. Jolliffe
 * (2008). The order of the forecasts changes nothing, to the last bit.
 * @param edges of the buckets, ascending from 0 to 1
 */
export function calibration(forecasts: readonly Judged[], edges: readonly number[] = TENTHS): Calibrated {
  if (!goodEdges(edges)) return { kind: 'refused', reason: 'bad_edges' };
  if (forecasts.length === 0) return { kind: 'refused', reason: 'no_forecasts' };
  if (!forecasts.every(({ predicted: p }) => p >= 0 && p <= 1)) return { kind: 'refused', reason: 'not_a_probability' };
  // Sums of floats depend on their order: one order for all.
  const judged = [...forecasts].sort((a, b) => a.predicted - b.predicted || outcome(a) - outcome(b));
  const groups = sorted(judged, edges);
  const buckets = groups.map(([from, to, of]) => bucketOf(from, to, of));
  const baseRate = mean(judged.map(outcome));
  const weighted = (value: (bucket: Bucket, of: readonly Judged[]) => number): number =>
    groups.reduce((sum, [, , of], i) => sum + (of.length / judged.length) * value(buckets[i] as Bucket, of), 0);
  const brier = mean(judged.map(squaredError));
  const uncertainty = baseRate * (1 - baseRate);
  const parts: Decomposition = {
    reliability: weighted((b) => (b.meanPredicted - b.observed) ** 2),
    resolution: weighted((b) => (b.observed - baseRate) ** 2),
    uncertainty,
    withinVariance: weighted((b, of) => mean(of.map((j) => (j.predicted - b.meanPredicted) ** 2))),
    withinCovariance: 2 * weighted((b, of) => mean(of.map((j) => (j.predicted - b.meanPredicted) * (outcome(j) - b.observed)))),
  };
  return {
    kind: 'calibration',
    calibration: {
      count: judged.length,
      buckets,
      meanPredicted: mean(judged.map((j) => j.predicted)),
      baseRate,
      brier,
      baseRateBrier: uncertainty,
      skill: uncertainty === 0 ? null : 1 - brier / uncertainty,
      parts,
    },
  };
}

/** A stretch of time that a forecast speaks of; any clock, `to` after `from`. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/**
 * The most of these spans that do not overlap: how many forecasts could be independent even if those that share any time were one and the
 * same. Ends may touch. Greedy by the earliest end, which is exact.
 */
export function disjointSpans(spans: readonly Span[]): number {
  let count = 0;
  let end = Number.NEGATIVE_INFINITY;
  for (const span of [...spans].sort((a, b) => a.to - b.to || b.from - a.from)) {
    if (span.from < end) continue;
    count += 1;
    end = span.to;
  }
  return count;
}
