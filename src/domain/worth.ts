// What a package of options is worth at expiry, in whole micros: the arithmetic behind collateral, bounds of a limit, and blind closes.
import type { Option } from './instrument.ts';
import { type Effect, type Legs, sign } from './legs.ts';

/** Signed units of one option: bought or held long is positive. */
export interface Weighted {
  readonly option: Option;
  readonly weight: number;
}

/** The options of a package by signed ratio; those of one effect alone where one is given. */
export const weightsOf = (package_: Legs, effect?: Effect): readonly Weighted[] =>
  package_.flatMap((l) =>
    l.instrument.kind === 'option' && (effect === undefined || l.effect === effect)
      ? [{ option: l.instrument, weight: sign(l.side) * l.ratio }]
      : [],
  );

/** Intrinsic value at a price of the underlying, micros a share, never negative. */
export const intrinsic = ({ right, strike }: Option, spot: number): number => Math.max(0, right === 'call' ? spot - strike : strike - spot);

/** Intrinsic value of all of it at a price of the underlying, micros a share. */
export const worthAt = (parts: readonly Weighted[], spot: number): number =>
  parts.reduce((total, { option, weight }) => total + weight * intrinsic(option, spot), 0);

const netCalls = (parts: readonly Weighted[]): number =>
  parts.reduce((n, { option, weight }) => n + (option.right === 'call' ? weight : 0), 0);

/** Least and most it can be worth at expiry over all prices of the underlying, micros a share; null where there is no bound. */
export interface Bounds {
  readonly least: number | null;
  readonly most: number | null;
}

/** The bounds of options that all expire together. Intrinsic value is linear between strikes, so the corners decide. */
export function boundsOf(parts: readonly Weighted[]): Bounds {
  const corners = [0, ...parts.map((p) => p.option.strike)].map((spot) => worthAt(parts, spot));
  const slope = netCalls(parts); // beyond the last strike
  return { least: slope < 0 ? null : Math.min(...corners), most: slope > 0 ? null : Math.max(...corners) };
}

/** True when all of it expires on one day. */
export const isOneExpiry = (parts: readonly Weighted[]): boolean => new Set(parts.map((p) => p.option.expiry)).size <= 1;

/**
 * Worst outcome, micros a share, not negative: taken at each expiry of a short option with what is still alive then. `lots` are
 * hundreds of shares that stand behind short calls; short calls beyond them and beyond the long ones have no worst outcome, and
 * count to the last strike only: that they are covered is another rule's to demand.
 */
export function worstLoss(parts: readonly Weighted[], lots = 0): number {
  let worst = 0;
  for (const expiry of new Set(parts.flatMap((p) => (p.weight < 0 ? [p.option.expiry] : [])))) {
    const left = parts.filter((p) => p.option.expiry >= expiry);
    const pledged = Math.min(lots, Math.max(0, -netCalls(left)));
    for (const spot of [0, ...left.map((p) => p.option.strike)]) worst = Math.min(worst, worthAt(left, spot) + pledged * spot);
  }
  return worst === 0 ? 0 : -worst;
}

/** Net units of one right that live at least to an expiry. */
const alive = (parts: readonly Weighted[], right: Option['right'], expiry: Option['expiry']): number =>
  parts.reduce((n, { option, weight }) => n + (option.right === right && option.expiry >= expiry ? weight : 0), 0);

/**
 * Short options of one right that no long one covers: a long covers a short that expires no later, whatever the strikes (what that
 * may cost is set aside). `pending` are packages that may trade whole or not at all: each counts where it leaves less cover.
 * Exact, since longs that live past a later short's expiry live past every earlier one's too.
 */
export function uncoveredShorts(held: readonly Weighted[], right: Option['right'], pending: readonly (readonly Weighted[])[] = []): number {
  const shorts = [...held, ...pending.flat()].filter((p) => p.option.right === right && p.weight < 0);
  let worst = 0;
  for (const expiry of new Set(shorts.map((p) => p.option.expiry))) {
    const net = pending.reduce((n, parts) => n + Math.min(0, alive(parts, right, expiry)), alive(held, right, expiry));
    worst = Math.max(worst, -net);
  }
  return worst;
}
