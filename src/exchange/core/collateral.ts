// What a book of options of one underlying can lose at worst: pure arithmetic, the same for spreads and for lone puts.
import type { Right } from '../../domain/instrument.ts';

/** Signed contracts of one series; of an adjusted one, as many hundreds of shares as they deliver. */
export interface RiskLeg {
  readonly right: Right;
  readonly strike: number;
  readonly expiry: string;
  readonly qty: number;
}

export interface Requirement {
  /** Cash that covers the worst outcome, micros, not negative. */
  readonly cash: number;
  /** Lots of 100 shares that the short calls need as their cover. */
  readonly coverLots: number;
  /** Short calls that neither shares nor long calls cover. */
  readonly uncovered: number;
}

const CONTRACT = 100;
/** Parts of a hundred shares are whole multiples of a hundredth: finer than this nothing is meant. */
const FINE = 1_000_000;

function worstAt(alive: readonly RiskLeg[], lots: number): number {
  let worst = 0;
  for (const price of [0, ...alive.map((leg) => leg.strike)]) {
    let value = lots * price;
    for (const leg of alive) value += leg.qty * Math.max(0, leg.right === 'call' ? price - leg.strike : leg.strike - price);
    worst = Math.min(worst, value);
  }
  return worst === 0 ? 0 : -worst;
}

/**
 * Worst payoff over all strikes, taken at each expiry of a short leg with the legs still alive then; the worst expiry counts.
 * Short calls beyond the long ones are covered by shares as far as `shares` reach.
 * @param shares shares free to serve as cover
 */
export function requirement(legs: readonly RiskLeg[], shares: number): Requirement {
  const whole = legs.every((leg) => Number.isInteger(leg.qty));
  const lots = whole ? Math.floor(Math.max(0, shares) / CONTRACT) : Math.max(0, shares) / CONTRACT;
  let cash = 0;
  let coverLots = 0;
  let uncovered = 0;
  for (const expiry of new Set(legs.filter((leg) => leg.qty < 0).map((leg) => leg.expiry))) {
    const alive = legs.filter((leg) => leg.expiry >= expiry);
    const netCalls = alive.reduce((sum, leg) => sum + (leg.right === 'call' ? leg.qty : 0), 0);
    const need = Math.max(0, whole ? -netCalls : Math.round(-netCalls * FINE) / FINE);
    coverLots = Math.max(coverLots, Math.min(need, lots));
    uncovered = Math.max(uncovered, whole ? need - lots : Math.round((need - lots) * FINE) / FINE);
    cash = Math.max(cash, Math.ceil(worstAt(alive, Math.min(need, lots)) * CONTRACT));
  }
  return { cash, coverLots, uncovered: Math.max(0, uncovered) };
}

/**
 * True when each short leg stands against a long leg of the same right that lives at least as long, within these legs alone.
 */
export function selfCovered(legs: readonly RiskLeg[]): boolean {
  return legs
    .filter((leg) => leg.qty < 0)
    .every(({ right, expiry }) => legs.filter((l) => l.right === right && l.expiry >= expiry).reduce((sum, l) => sum + l.qty, 0) >= 0);
}
