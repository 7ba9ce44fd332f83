// Packages of one to four legs: one is a simple order, two to four are one multi-leg order.
import type { Instrument } from './instrument.ts';
import type { Multiplier } from './money.ts';

export type Side = 'buy' | 'sell';
export type Effect = 'open' | 'close';

export interface Leg {
  readonly instrument: Instrument;
  readonly side: Side;
  readonly effect: Effect;
  readonly ratio: number;
}
export type Legs = readonly [Leg, ...Leg[]];

export const legs = (first: Leg, ...rest: Leg[]): Legs => [first, ...rest];
export const leg = (instrument: Instrument, side: Side, effect: Effect, ratio = 1): Leg => ({ instrument, side, effect, ratio });

/** +1 for a buy, -1 for a sell. */
export const sign = (side: Side): 1 | -1 => (side === 'buy' ? 1 : -1);

/** Contract multiplier shared by all legs of a package. */
export const multiplierOf = (package_: Legs): Multiplier => package_[0].instrument.multiplier;

/** True when every leg closes something. */
export const isClosing = (package_: Legs): boolean => package_.every((l) => l.effect === 'close');

/** The package as stable text, for ids and duplicate checks: price and quantity are not part of it. */
export const legPlan = (package_: Legs): string => package_.map((l) => `${l.side}:${l.effect}:${l.ratio}:${l.instrument.symbol}`).join('|');

/** The package as text whatever the order of its legs: two that trade the same have the same. */
export const packageKey = (package_: Legs): string => legPlan(package_).split('|').sort().join('|');

/** True when two packages have an instrument in common. */
export const overlap = (a: Legs, b: Legs): boolean => a.some((x) => b.some((y) => x.instrument.symbol === y.instrument.symbol));
