// Quotes that contradict each other whatever the volatility, and which of them to disbelieve.
import type { Bounds, OptionQuote, QuoteFault } from './quote-terms.ts';

/** A quote that stands in a row of one right's, strikes ascending, each strike once. */
export interface RankedQuote {
  /** Place in the caller's list. */
  readonly index: number;
  readonly quote: OptionQuote;
  /** Strikes between it and the forward. */
  readonly rank: number;
}

export interface Accusation {
  readonly index: number;
  readonly fault: QuoteFault;
}

/** Ranks from the forward over which a quote's word comes to count for a quarter. */
const TRUST_FADES = 10;

/**
 * What a quote's word against another counts for: nearest the forward most is traded, and there quotes are also held by parity and the
 * spot. Far out stand those that nobody keeps, which may be many and agree with each other.
 */
const trustOf = ({ rank }: RankedQuote): number => (1 + rank / TRUST_FADES) ** -2;

/** Rows of one right, by strike; of a strike listed twice the tighter quote. Strikes at the same distance in rank from the forward are equal. */
export function rowOf(quotes: readonly { readonly index: number; readonly quote: OptionQuote }[], forward: number): readonly RankedQuote[] {
  const sorted = [...quotes].sort(
    (a, b) => a.quote.strike - b.quote.strike || a.quote.ask - a.quote.bid - (b.quote.ask - b.quote.bid) || a.index - b.index,
  );
  const single = sorted.filter(({ quote }, i) => sorted[i - 1]?.quote.strike !== quote.strike);
  const below = single.filter(({ quote }) => quote.strike <= forward).length;
  return single.map(({ index, quote }, i) => ({ index, quote, rank: i < below ? below - 1 - i : i - below }));
}

/** Whether buying one strike and selling the other pays for sure; `low` has the lower strike. */
function conflictOf(low: OptionQuote, high: OptionQuote, bounds: Bounds, slack: number): QuoteFault | undefined {
  const [dear, cheap] = low.right === 'call' ? [low, high] : [high, low];
  if (cheap.bid > dear.ask + slack) return 'not_monotone';
  return dear.bid - cheap.ask > (high.strike - low.strike) * bounds.widest + slack ? 'too_steep' : undefined;
}

interface Edge {
  readonly other: number;
  readonly fault: QuoteFault;
}

function conflictsOf(row: readonly RankedQuote[], bounds: Bounds, slack: number): readonly Edge[][] {
  const edges: Edge[][] = row.map(() => []);
  for (const [i, low] of row.entries()) {
    for (let j = i + 1; j < row.length; j++) {
      const fault = conflictOf(low.quote, (row[j] as RankedQuote).quote, bounds, slack);
      if (fault === undefined) continue;
      edges[i]?.push({ other: j, fault });
      edges[j]?.push({ other: i, fault });
    }
  }
  return edges;
}

/** Index of the highest score, the first of equals; -1 when none is above zero. */
function highest(scores: Float64Array): number {
  let at = -1;
  let most = 0;
  for (const [i, score] of scores.entries()) if (score > most) [at, most] = [i, score];
  return at;
}

/**
 * Accuses quotes of one right, one at a time, until the rest no longer contradict each other two by two: first the one against which
 * the most trusted word stands.
 */
export function pairwiseFaults(row: readonly RankedQuote[], bounds: Bounds, slack: number): readonly Accusation[] {
  const edges = conflictsOf(row, bounds, slack);
  const gone = row.map(() => false);
  const scores = Float64Array.from(edges, (list) => list.reduce((sum, { other }) => sum + trustOf(row[other] as RankedQuote), 0));
  const found: Accusation[] = [];
  for (let at = highest(scores); at >= 0; at = highest(scores)) {
    const accused = row[at] as RankedQuote;
    const standing = (edges[at] ?? []).filter(({ other }) => gone[other] !== true);
    const steep = standing.filter(({ fault }) => fault === 'too_steep').length;
    found.push({ index: accused.index, fault: 2 * steep > standing.length ? 'too_steep' : 'not_monotone' });
    gone[at] = true;
    for (const { other } of standing) {
      // Scores are reckoned anew, not reduced: what rounding left would accuse the innocent.
      const left = (edges[other] ?? []).filter((edge) => gone[edge.other] !== true);
      scores[other] = left.reduce((sum, edge) => sum + trustOf(row[edge.other] as RankedQuote), 0);
    }
    scores[at] = 0;
  }
  return found;
}

/** Neighbours on each side that a butterfly is tried with. */
const WINGS = 3;

/** Distances from a smile by place in the caller's list; undefined where nothing measures them. */
export type Distances = readonly (number | undefined)[];

/** Adds to the scores of three quotes that cannot all be right: by their distances from the smile, without any by the trust of the others. */
function accuse(scores: Float64Array, row: readonly RankedQuote[], parties: readonly number[], distances: Distances): void {
  const quotes = parties.map((i) => row[i] as RankedQuote);
  const measured = quotes.map(({ index }) => distances[index] ?? 0);
  const trust = quotes.map(trustOf);
  const whole = trust.reduce((a, b) => a + b, 0);
  for (const [n, i] of parties.entries()) {
    const weight = measured.some((d) => d > 0) ? (measured[n] as number) : whole - (trust[n] as number);
    scores[i] = (scores[i] as number) + weight;
  }
}

function butterflyScores(row: readonly RankedQuote[], slack: number, distances: Distances): Float64Array {
  const scores = new Float64Array(row.length);
  for (const [i, body] of row.entries()) {
    for (let l = Math.max(0, i - WINGS); l < i; l++) {
      for (let r = i + 1; r <= Math.min(row.length - 1, i + WINGS); r++) {
        const [left, right] = [row[l] as RankedQuote, row[r] as RankedQuote];
        const weight = (right.quote.strike - body.quote.strike) / (right.quote.strike - left.quote.strike);
        const offered = weight * left.quote.ask + (1 - weight) * right.quote.ask;
        if (body.quote.bid > offered + slack) accuse(scores, row, [l, i, r], distances);
      }
    }
  }
  return scores;
}

/** Accuses quotes of one right, one at a time, until no butterfly of near strikes pays for sure. */
export function butterflyFaults(row: readonly RankedQuote[], slack: number, distances: Distances): readonly Accusation[] {
  const found: Accusation[] = [];
  let left = row;
  for (let at = highest(butterflyScores(left, slack, distances)); at >= 0; at = highest(butterflyScores(left, slack, distances))) {
    found.push({ index: (left[at] as RankedQuote).index, fault: 'not_convex' });
    left = left.filter((_, i) => i !== at);
  }
  return found;
}
