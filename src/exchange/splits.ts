// What a split does to what is counted in shares: to bars, to quantities, and to option contracts.
import { symbol } from '../domain/ids.ts';
import { occSymbol } from '../domain/instrument.ts';
import { price } from '../domain/money.ts';
import type { TradingDay } from '../domain/time.ts';
import type { ListedContract, MarketBar, ShareSplit } from './market.ts';

/** Shares that one contract delivers unless it has been adjusted. */
export const CONTRACT = 100;
const CENT = 10_000;

export type SplitRatio = Pick<ShareSplit, 'from' | 'to'>;

const rootOf = (occ: string): string => occ.slice(0, -15);

export const isForward = ({ from, to }: SplitRatio): boolean => to > from;

/** New shares for one old share of a day, by the morning of another: the product of the splits in between. */
export const ratioBetween = (splits: readonly ShareSplit[], after: TradingDay, upTo: TradingDay): number =>
  splits.reduce((product, { exDay, from, to }) => (exDay > after && exDay <= upTo ? (product * to) / from : product), 1);

/** A bar in shares of which `ratio` make one of those it was traded in. */
export function inNewShares<T extends Pick<MarketBar, 'open' | 'high' | 'low' | 'close' | 'volume'>>(bar: T, ratio: number): T {
  if (ratio === 1) return bar;
  const by = (micros: number): number => Math.round(micros / ratio);
  return { ...bar, open: by(bar.open), high: by(bar.high), low: by(bar.low), close: by(bar.close), volume: Math.round(bar.volume * ratio) };
}

/** Shares, and micros of cash, that a contract delivers. */
export const delivered = ({ deliverable }: Pick<ListedContract, 'deliverable'>): { readonly shares: number; readonly cash: number } =>
  deliverable ?? { shares: CONTRACT, cash: 0 };

export const isAdjusted = (contract: Pick<ListedContract, 'deliverable'>): boolean => contract.deliverable !== undefined;

/** True of a contract's symbol whose root ends in a digit: what it delivers is not 100 shares. */
export const isAdjustedRoot = (occ: string): boolean => /\d$/.test(rootOf(occ));

/** `ABC` is adjusted to `ABC1`, that to `ABC2`. */
const nextRoot = (root: string): string => {
  const [, letters = root, digit = ''] = /^(.*?)(\d?)$/.exec(root) ?? [];
  return `${letters}${String(Number(digit) + 1)}`;
};

/** What one contract of before a split has become. */
export interface SplitContract {
  readonly contract: ListedContract;
  /** New contracts for an old one. */
  readonly count: number;
}

/**
 * A contract after a split of what it is written on. A whole number of new shares for one old makes as many standard contracts at the
 * strike divided by it, to the cent. Any other split, and any split of a contract that was adjusted before, leaves count and strike and
 * changes what is delivered: the whole shares, and the worth of a fraction in cash.
 * @param newPrice of a new share, micros: what a fraction of one is worth
 */
export function contractAfter(contract: ListedContract, { from, to }: SplitRatio, newPrice: number): SplitContract {
  const { symbol: occ, expiry, right, strike } = contract;
  if (to % from === 0 && !isAdjusted(contract)) {
    const count = to / from;
    const divided = Math.max(CENT, Math.round(strike / count / CENT) * CENT);
    const renamed = occSymbol(symbol(rootOf(occ)), expiry, right, price(divided));
    return { contract: { ...contract, symbol: renamed, strike: divided, openInterest: null, openInterestDay: null }, count };
  }
  const { shares, cash } = delivered(contract);
  const whole = Math.floor((shares * to) / from);
  const fraction = (shares * to) / from - whole;
  const deliverable = { shares: whole, cash: cash + Math.round(fraction * newPrice) };
  const renamed = occSymbol(symbol(nextRoot(rootOf(occ))), expiry, right, price(strike));
  return { contract: { ...contract, symbol: renamed, deliverable, openInterest: null, openInterestDay: null }, count: 1 };
}

/** A ratio on record, such as 7, 0.125 or 1.5, as whole numbers of new and old shares. */
export function splitRatio(ratio: number): SplitRatio {
  const from = Array.from({ length: 1_000 }, (_, i) => i + 1).find(
    (n) => Math.abs(ratio * n - Math.round(ratio * n)) < 1e-6 * n && ratio * n > 0.5,
  );
  return from === undefined ? { from: 1_000, to: Math.max(1, Math.round(ratio * 1_000)) } : { from, to: Math.round(ratio * from) };
}
