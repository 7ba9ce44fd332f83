// What one owner has in one name, and what it may cost: its maximum loss, and the amount at risk that the book is judged by.
import type { Option } from '../../domain/instrument.ts';
import { MICROS } from '../../domain/money.ts';
import { intrinsic, uncoveredShorts, type Weighted } from '../../domain/worth.ts';

/** Shares and options of one underlying that stand together. */
export interface Stake {
  /** Signed contracts. */
  readonly options: readonly Weighted[];
  /** Signed shares. */
  readonly shares: number;
  /** Dollars: what was paid for all of it, or what it is worth now; negative where it was collected. */
  readonly value: number;
}

const CONTRACT = 100;

/** Dollars at a price of the share, options at intrinsic value. */
const worthAt = (options: readonly Weighted[], shares: number, spot: number): number =>
  options.reduce((total, { option, weight }) => total + (weight * CONTRACT * intrinsic(option, spot * MICROS)) / MICROS, shares * spot);

/** Dollars gained for a dollar of the share's price above every strike. */
const slopeAbove = (options: readonly Weighted[], shares: number): number =>
  options.reduce((slope, { option, weight }) => slope + (option.right === 'call' ? weight * CONTRACT : 0), shares);

/** The least that what is alive at one instant can be worth over all prices of the share; -Infinity where there is no bound. */
function leastWorth(options: readonly Weighted[], shares: number): number {
  if (slopeAbove(options, shares) < 0) return -Infinity;
  const corners = [0, ...options.map(({ option }) => option.strike / MICROS)];
  return Math.min(...corners.map((spot) => worthAt(options, shares, spot)));
}

/**
 * Maximum loss ML in dollars, not negative, Infinity without a bound: value - the least it can be worth at any expiry, with what
 * is still alive then at intrinsic value. So a long option costs its premium, a debit spread its debit, a credit spread its width less
 * the credit, an iron condor its wider wing less the credit, a cash-secured put its strike less the credit, shares their price, a
 * covered call the shares less the credit, and a naked call has no bound.
 */
export function stakeLoss({ options, shares, value }: Stake): number {
  const expiries = new Set(options.map(({ option }) => option.expiry));
  const alive = [...expiries].map((expiry) => options.filter(({ option }) => option.expiry >= expiry));
  const least = Math.min(...(alive.length === 0 ? [[]] : alive).map((left) => leastWorth(left, shares)));
  return Math.max(0, value - least);
}

const isCovered = (options: readonly Weighted[], right: Option['right']): boolean => uncoveredShorts(options, right) === 0;

/** True where its own legs bound the loss: options alone, each short one covered by a long one that lives as long. */
export const isDefinedRisk = ({ options, shares }: Stake): boolean =>
  shares === 0 && isCovered(options, 'put') && isCovered(options, 'call');

/**
 * Risk amount RA in dollars, not negative: the maximum loss where legs bound it; for shares, cash-secured puts and covered calls the loss
 * at a jump of the share, net of credit, with options at intrinsic value there. A resting stop lowers it by nothing: gaps jump stops.
 * Both directions are looked at, so that shares sold short count as well.
 * @param spot dollars a share, now
 * @param gap size of the jump as a part of the price: 0.35 of a single name, 0.15 of an index fund
 */
export function stakeRisk(stake: Stake, spot: number, gap: number): number {
  if (isDefinedRisk(stake)) return stakeLoss(stake);
  const { options, shares, value } = stake;
  const down = value - worthAt(options, shares, spot * (1 - gap));
  const up = value - worthAt(options, shares, spot * (1 + gap));
  // NaN stays NaN.
  return Math.max(0, down, up);
}
