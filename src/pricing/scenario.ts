// What a package of options is worth after a jump of the share, over all jumps: every leg repriced, every jump by its weight.
import type { Right } from '../domain/instrument.ts';
import { bsPrice } from './black-scholes.ts';
import { normalPdf } from './normal.ts';

export interface ScenarioLeg {
  readonly right: Right;
  /** Dollars. */
  readonly strike: number;
  /** Years to expiry that are left when the jump is over. */
  readonly years: number;
  /** Signed units: bought is positive. */
  readonly weight: number;
}

/** The market after the jump; its one volatility holds at every strike and expiry. */
export interface AfterJump {
  /** Before the jump, dollars. */
  readonly spot: number;
  readonly rate: number;
  readonly dividendYield: number;
  readonly sigma: number;
}

const DEVIATIONS = 4;
const STEPS_A_DEVIATION = 100;
const HALF = DEVIATIONS * STEPS_A_DEVIATION;

/** From -4 to 4 deviations in steps of a hundredth of one, each weighed by the normal density; the weights add up to 1. */
const grid: readonly { readonly z: number; readonly weight: number }[] = (() => {
  const zs = Array.from({ length: 2 * HALF + 1 }, (_, i) => (i - HALF) / STEPS_A_DEVIATION);
  const total = zs.reduce((sum, z) => sum + normalPdf(z), 0);
  return zs.map((z) => ({ z, weight: normalPdf(z) / total }));
})();

/** Value of the package with the share at a price, dollars a share: positive is an asset. European; 0 time left is intrinsic value. */
export const valueAfter = (legs: readonly ScenarioLeg[], { rate, dividendYield, sigma }: AfterJump, spot: number): number =>
  legs.reduce(
    (total, { right, strike, years, weight }) =>
      total + weight * bsPrice({ right, spot, strike, years: Math.max(0, years), rate, dividendYield, sigma }),
    0,
  );

/**
 * Mean value of the package over jumps of the share's logarithm, normal with this deviation and no drift of the share itself:
 * spot exp(x - deviation^2 / 2). Dollars a share.
 */
export function meanValueAfter(legs: readonly ScenarioLeg[], market: AfterJump, deviation: number): number {
  let mean = 0;
  for (const { z, weight } of grid) mean += weight * valueAfter(legs, market, market.spot * Math.exp(z * deviation - deviation ** 2 / 2));
  return mean;
}
