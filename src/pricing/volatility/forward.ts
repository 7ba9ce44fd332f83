// The forward that an expiry's own quotes imply, dividends and borrowing included, by put-call parity.
import { exp } from '../elementary.ts';

/** Mids of a strike's call and put, dollars a share. */
export interface ParityPair {
  readonly strike: number;
  readonly call: number;
  readonly put: number;
}

export type ImpliedForward =
  | { readonly kind: 'forward'; readonly forward: number; readonly pairs: number }
  | { readonly kind: 'refused'; readonly reason: 'no_pairs' | 'not_finite' };

/** Strikes nearest the money that vote. */
const PAIRS_MAX = 9;
/** Distance from the spot, as a share of it, beyond which a pair is not near the money. */
const NEAR = 0.1;

/**
 * The median of K + e^(rT) (C - P) over the nine strikes within 10 % of the spot whose call and put cost most nearly the same: exact for European
 * options, and near the money within their early-exercise premium for American ones. The median bears four bad pairs of nine.
 */
export function impliedForward(pairs: readonly ParityPair[], spot: number, rate: number, years: number): ImpliedForward {
  if (![spot, rate, years].every(Number.isFinite)) return { kind: 'refused', reason: 'not_finite' };
  const growth = exp(rate * Math.max(0, years));
  const votes = pairs
    .filter(({ strike, call, put }) => Number.isFinite(call - put) && Math.abs(strike - spot) <= NEAR * spot)
    .sort((a, b) => Math.abs(a.call - a.put) - Math.abs(b.call - b.put) || a.strike - b.strike)
    .slice(0, PAIRS_MAX)
    .map(({ strike, call, put }) => strike + growth * (call - put))
    .sort((a, b) => a - b);
  const half = votes.length >> 1;
  const [below, middle] = [votes[half - 1], votes[half]];
  if (middle === undefined) return { kind: 'refused', reason: 'no_pairs' };
  const forward = votes.length % 2 === 0 && below !== undefined ? (below + middle) / 2 : middle;
  return { kind: 'forward', forward, pairs: votes.length };
}
