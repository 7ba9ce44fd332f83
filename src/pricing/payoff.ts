// What a package is worth at expiry whatever the share does: exact, because the payoff is straight between strikes.
import { assert } from '../base/assert.ts';
import { type Legs, sign } from '../domain/legs.ts';
import { MICROS, type Price, price, type Usd, usd } from '../domain/money.ts';

/** An open stretch of share prices, dollars. */
export interface Stretch {
  readonly from: number;
  /** Infinity when it has no end. */
  readonly to: number;
}

export interface Payoff {
  /** The most one package can lose, positive; negative when it gains whatever happens. */
  readonly worstLoss: Usd | 'unbounded';
  /** The most one package can gain; negative when it loses whatever happens. */
  readonly bestGain: Usd | 'unbounded';
  /** Share prices in dollars, ascending, at which the package neither gains nor loses. Both ends of a stretch that does neither. */
  readonly breakEvens: readonly number[];
  /** Where the package gains, ascending and apart: what lies between them loses or comes out even. */
  readonly gainsWithin: readonly Stretch[];
}

/** Shares that one unit of a package stands for: 100 as soon as one leg is an option, whichever leg comes first. */
const sharesPerPackage = (package_: Legs): number => Math.max(...package_.map((leg) => leg.instrument.multiplier));

/**
 * One package's gain at expiry with the share at `spot`, in micros; `net` is what was paid for it per share (negative: collected):
 * a covered call is a hundred shares and a call sold, bought for the share's price less the premium.
 */
export function gainAtExpiry(package_: Legs, net: Price, spot: Price): Usd {
  let total = -net * sharesPerPackage(package_);
  for (const leg of package_) {
    const { instrument } = leg;
    const value =
      instrument.kind === 'equity' ? spot : Math.max(0, instrument.right === 'call' ? spot - instrument.strike : instrument.strike - spot);
    total += sign(leg.side) * leg.ratio * instrument.multiplier * value;
  }
  return usd(total);
}

/** Micros gained per micro of share price above the highest strike. */
function slopeAbove(package_: Legs): number {
  let slope = 0;
  for (const leg of package_) {
    if (leg.instrument.kind === 'option' && leg.instrument.right === 'put') continue;
    slope += sign(leg.side) * leg.ratio * leg.instrument.multiplier;
  }
  return slope;
}

/** One straight piece of the payoff: from a strike (or nothing) to the next (or for ever). Micros. */
interface Piece {
  readonly from: Price;
  readonly to: Price | undefined;
  /** Gain at `from`. */
  readonly gain: Usd;
  /** Shares: a whole number, because legs are. */
  readonly slope: number;
}

/** Where a piece crosses zero strictly inside itself, in dollars; one rounding, because both parts of the fraction are whole. */
function crossing(piece: Piece): number | undefined {
  const { from, to, gain, slope } = piece;
  if (gain === 0 || slope === 0 || gain > 0 === slope > 0) return undefined;
  if (to !== undefined && Math.abs(gain) >= Math.abs(slope) * (to - from)) return undefined;
  return usd(from * slope - gain) / (slope * MICROS);
}

function breakEvensOf(pieces: readonly Piece[]): readonly number[] {
  const found: number[] = [];
  for (const piece of pieces) {
    if (piece.gain === 0) found.push(piece.from / MICROS);
    const at = crossing(piece);
    if (at !== undefined) found.push(at);
  }
  return found;
}

/** The part of a piece that gains, if any. */
function gainingPart(piece: Piece): Stretch | undefined {
  const from = piece.from / MICROS;
  const to = piece.to === undefined ? Infinity : piece.to / MICROS;
  const at = crossing(piece);
  if (at !== undefined) return piece.gain > 0 ? { from, to: at } : { from: at, to };
  return piece.gain > 0 || (piece.gain === 0 && piece.slope > 0) ? { from, to } : undefined;
}

/** Neighbouring gaining parts are one stretch unless the package comes out even where they meet. */
function gainsOf(pieces: readonly Piece[]): readonly Stretch[] {
  const found: Stretch[] = [];
  for (const piece of pieces) {
    const part = gainingPart(piece);
    if (part === undefined) continue;
    const last = found.at(-1);
    if (last !== undefined && piece.gain > 0 && last.to === part.from) found[found.length - 1] = { from: last.from, to: part.to };
    else found.push(part);
  }
  return found;
}

/**
 * Worst loss, best gain, break-evens and gaining stretches at expiry of one package bought at `net` per share.
 * @throws AssertionError when its legs are of several underlyings or expiries: no straight payoff then exists
 */
export function payoffAtExpiry(package_: Legs, net: Price): Payoff {
  const first = package_[0].instrument;
  const expiries = new Set<string>();
  const strikes = new Set<number>([0]);
  for (const { instrument } of package_) {
    assert(instrument.underlying === first.underlying, `payoff: ${instrument.symbol} is not of ${first.underlying}`);
    if (instrument.kind === 'option') {
      expiries.add(instrument.expiry);
      strikes.add(instrument.strike);
    }
  }
  assert(expiries.size <= 1, `payoff: the legs expire on different days: ${[...expiries].join(', ')}`);
  const kinks = [...strikes].sort((a, b) => a - b).map(price);
  const gains = kinks.map((spot) => gainAtExpiry(package_, net, spot));
  const slope = slopeAbove(package_);
  const pieces = kinks.map((from, i): Piece => {
    const gain = gains[i] as Usd;
    const to = kinks[i + 1];
    return { from, to, gain, slope: to === undefined ? slope : ((gains[i + 1] as Usd) - gain) / (to - from) };
  });
  return {
    worstLoss: slope < 0 ? 'unbounded' : usd(-Math.min(...gains)),
    bestGain: slope > 0 ? 'unbounded' : usd(Math.max(...gains)),
    breakEvens: breakEvensOf(pieces),
    gainsWithin: gainsOf(pieces),
  };
}
