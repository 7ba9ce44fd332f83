// What one unit of a package can cost us: the cash to set aside before it may be sent.
import type { Option } from '../domain/instrument.ts';
import { type Leg, type Legs, sign } from '../domain/legs.ts';
import { type Price, type Usd, usd } from '../domain/money.ts';
import type { Position } from '../domain/position.ts';

/** Intrinsic value of an option at a price of its underlying, micros per share. */
const intrinsic = (option: Option, spot: number): number =>
  Math.max(0, option.right === 'call' ? spot - option.strike : option.strike - spot);

interface OptionLeg {
  readonly option: Option;
  readonly weight: number;
}

const optionLegs = (legs: Legs): readonly OptionLeg[] =>
  legs.flatMap((l: Leg) => (l.instrument.kind === 'option' ? [{ option: l.instrument, weight: sign(l.side) * l.ratio }] : []));

/**
 * Cash to set aside for one unit at a net limit, positive micros. Shares bought: their price. Options bought: the premium.
 * Puts sold: the strike (cash-secured). Calls sold: nothing here, since the naked rule demands the shares themselves.
 * Packages: the worst payoff over all strikes, zero and beyond the last strike, plus the net paid (universal spread rule).
 * Closing packages set nothing aside.
 */
export function reservePerUnit(legs: Legs, net: Price): Usd {
  if (legs.every((l) => l.effect === 'close')) return usd(0);
  const [first] = legs;
  if (legs.length === 1) {
    const { instrument, side } = first;
    if (instrument.kind === 'equity') return usd(side === 'buy' ? Math.max(0, net) : 0);
    if (side === 'buy') return usd(Math.max(0, net) * 100);
    return usd(instrument.right === 'put' ? instrument.strike * 100 : 0);
  }
  const options = optionLegs(legs);
  const top = Math.max(...options.map((o) => o.option.strike));
  const spots = [0, ...options.map((o) => o.option.strike), top * 2];
  const worst = Math.min(...spots.map((spot) => options.reduce((total, o) => total + o.weight * intrinsic(o.option, spot), 0)));
  return usd(Math.max(0, -worst + net) * 100);
}

/** Cash that stands behind a short put held or working, positive micros. */
export const putCollateral = (option: Option, contracts: number): Usd =>
  usd(option.right === 'put' ? option.strike * 100 * Math.abs(contracts) : 0);

/** Cash that stands behind all short puts held, whoever owns them, positive micros. */
export const heldCollateral = (positions: Iterable<Position>): Usd => {
  let total = 0;
  for (const p of positions) if (p.instrument.kind === 'option' && p.qty < 0) total += putCollateral(p.instrument, p.qty);
  return usd(total);
};
