// What a package is worth at expiry whatever the share does: exact, because the payoff is straight between strikes.
import { assert } from '../base/assert.ts';
import { type Legs, multiplierOf, sign } from '../domain/legs.ts';
import { dollars, type Price, price, type Usd, usd } from '../domain/money.ts';

export interface Payoff {
  /** The most one package can lose, positive; negative when it gains whatever happens. */
  readonly worstLoss: Usd | 'unbounded';
  /** The most one package can gain; negative when it loses whatever happens. */
  readonly bestGain: Usd | 'unbounded';
  /** Share prices in dollars, ascending, at which the package neither gains nor loses. Both ends of a stretch that does neither. */
  readonly breakEvens: readonly number[];
}

/** One package's gain at expiry with the share at `spot`, in micros; `net` is what was paid for it per share (negative: collected). */
export function gainAtExpiry(package_: Legs, net: Price, spot: Price): Usd {
  let total = -net * multiplierOf(package_);
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

function breakEvensOf(kinks: readonly Price[], gains: readonly Usd[], slope: number): readonly number[] {
  const found: number[] = [];
  for (const [i, at] of kinks.entries()) {
    const gain = gains[i] as Usd;
    const nextAt = kinks[i + 1];
    const nextGain = gains[i + 1];
    if (gain === 0) found.push(dollars(at));
    else if (nextAt !== undefined && nextGain !== undefined) {
      if (nextGain !== 0 && gain > 0 !== nextGain > 0)
        found.push(dollars(at) + (dollars(gain) * (dollars(nextAt) - dollars(at))) / dollars(usd(gain - nextGain)));
    } else if (slope !== 0 && slope > 0 !== gain > 0) found.push(dollars(at) - dollars(gain) / slope);
  }
  return found;
}

/**
 * Worst loss, best gain and break-evens at expiry of one package bought at `net` per share.
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
  return {
    worstLoss: slope < 0 ? 'unbounded' : usd(-Math.min(...gains)),
    bestGain: slope > 0 ? 'unbounded' : usd(Math.max(...gains)),
    breakEvens: breakEvensOf(kinks, gains, slope),
  };
}
