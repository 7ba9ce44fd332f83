// What an order, once filled, may cost: its maximum loss and its risk amount, micros.
import { type Legs, multiplierOf, sign } from '../../domain/legs.ts';
import { dollars, MICROS, type Price } from '../../domain/money.ts';
import { weightsOf } from '../../domain/worth.ts';
import { type Stake, stakeLoss, stakeRisk } from './stake.ts';

/** The legs that open, as one holding bought at a net price. */
function stakeOf(package_: Legs, net: number, units: number): Stake {
  const shares = package_.reduce(
    (n, { instrument, side, effect, ratio }) => n + (instrument.kind === 'equity' && effect === 'open' ? sign(side) * ratio : 0),
    0,
  );
  return {
    options: weightsOf(package_, 'open').map(({ option, weight }) => ({ option, weight: weight * units })),
    shares: shares * units,
    value: (net * units * multiplierOf(package_)) / MICROS,
  };
}

const toMicros = (amount: number): number => Math.round(amount * MICROS);

/**
 * The most that so many packages can lose, micros, not negative; Infinity without a bound. See `stakeLoss`.
 * @param net price of one package, micros a share: positive pays
 */
export const maxLossOf = (package_: Legs, net: number, units: number): number => toMicros(stakeLoss(stakeOf(package_, net, units)));

/**
 * Amount at risk of so many packages, micros, not negative: the maximum loss where legs bound it, else the loss at a jump of the share,
 * net of credit. See `stakeRisk`.
 * @param net price of one package, micros a share: positive pays
 * @param at price of the share now, micros, and the size of its jump as a part of it; a total fall where the price is not known
 */
export const riskAmountOf = (
  package_: Legs,
  net: number,
  units: number,
  { spot, fall }: { readonly spot: number | null; readonly fall: number },
): number => {
  const stake = stakeOf(package_, net, units);
  const ahead = spot === null ? stakeRisk(stake, 0, 0) : stakeRisk(stake, dollars(spot as Price), fall);
  return toMicros(ahead);
};
