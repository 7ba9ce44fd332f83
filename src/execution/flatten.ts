// The orders that make us flat: covered structures as one package, what is short before what covers it, priced to end marketable,
// never at the market for options.
import type { Close, PricePlan } from '../domain/decision.ts';
import type { Symbol } from '../domain/ids.ts';
import { type Leg, type Legs, leg, legs, sign } from '../domain/legs.ts';
import { type Price, price, qty } from '../domain/money.ts';
import type { Position } from '../domain/position.ts';
import type { ReasonCode } from '../domain/reasons.ts';
import { boundsOf, isOneExpiry, type Weighted, weightsOf, worthAt } from '../domain/worth.ts';
import type { Package } from './group.ts';

export interface TwoSided {
  readonly bid: Price;
  readonly ask: Price;
}
/** The market of an instrument; undefined where it is not known now. */
export type TouchOf = (symbol: Symbol) => TwoSided | undefined;
export type TickOf = (symbol: Symbol, at: Price) => Price;

/** What is to be traded, and how many units of it. */
export interface Closing {
  readonly legs: Legs;
  readonly units: number;
}

const closingLeg = ({ option, weight }: Weighted): Leg => leg(option, weight < 0 ? 'buy' : 'sell', 'close');
const closingLegs = ([first, ...rest]: Package['legs']): Legs => legs(closingLeg(first), ...rest.map(closingLeg));

/** The whole of one position. */
export const closingOf = ({ instrument, qty: held }: Position): Closing => ({
  legs: legs(leg(instrument, held < 0 ? 'buy' : 'sell', 'close')),
  units: Math.abs(held),
});

/** The whole of a package, as one order. */
export const closingPackage = ({ legs: held, units }: Package): Closing => ({ legs: closingLegs(held), units });

/** A leg can trade now: there is somebody on the other side. */
const isTradable = ({ instrument, side }: Leg, touchOf: TouchOf): boolean => {
  const touch = touchOf(instrument.symbol);
  return touch !== undefined && (side === 'buy' ? touch.ask : touch.bid) > 0;
};

/**
 * What of a package may be sent now: the whole where every leg can trade, else its two verticals by themselves, else the short legs
 * alone. A long leg is never sold from under its short one: it comes when that is gone.
 */
export function closable(held: Package, touchOf: TouchOf): readonly Closing[] {
  const whole = closingPackage(held);
  if (whole.legs.every((l) => isTradable(l, touchOf))) return [whole];
  const [a, b, c, d] = held.legs;
  if (a === undefined || b === undefined) return [];
  if (c !== undefined && d !== undefined)
    return [...closable({ legs: [a, b], units: held.units }, touchOf), ...closable({ legs: [c, d], units: held.units }, touchOf)];
  return whole.legs.filter((l) => l.side === 'buy' && isTradable(l, touchOf)).map((l) => ({ legs: legs(l), units: held.units }));
}

/** How a walk approaches: fractions of the way from mid to natural, then ticks beyond it. */
export interface Approach {
  readonly fractions: readonly number[];
  readonly beyondTicks: readonly number[];
  /** Exchange time a rung is given. */
  readonly stepMs: number;
}

const CENT = 10_000;

/** Net limits put on their grid towards a fill, and kept inside what the legs can be worth. Ascending: each gives way to the one before. */
function onRungs(raw: readonly number[], package_: Legs, tickOf: TickOf): PricePlan['rungs'] {
  const [first] = package_;
  const parts = weightsOf(package_);
  const most = package_.length > 1 && isOneExpiry(parts) ? boundsOf(parts).most : null;
  const rungs: Price[] = [];
  for (const value of raw) {
    const grid = package_.length > 1 ? CENT : tickOf(first.instrument.symbol, price(Math.round(Math.abs(value))));
    let net = Math.ceil(value / grid - 1e-9) * grid;
    if (package_.length === 1) net = first.side === 'buy' ? Math.max(grid, net) : Math.min(-grid, net);
    if (most !== null) net = Math.min(net, most);
    // A limit of nothing is no limit to a broker: a cent either way, whichever the legs can bear.
    if (net === 0) net = most !== null && most < grid ? -grid : grid;
    if (rungs.length === 0 || net > (rungs.at(-1) as number)) rungs.push(price(net));
  }
  return rungs as unknown as PricePlan['rungs'];
}

/** Limits that walk from the mid towards the natural price and through it. Undefined where a leg has no market. */
export function closingPlan({ legs: package_ }: Closing, touchOf: TouchOf, tickOf: TickOf, approach: Approach): PricePlan | undefined {
  let mid = 0;
  let natural = 0;
  for (const { instrument, side, ratio } of package_) {
    const touch = touchOf(instrument.symbol);
    if (touch === undefined) return undefined;
    mid += sign(side) * ratio * ((touch.bid + touch.ask) / 2);
    natural += sign(side) * ratio * (side === 'buy' ? touch.ask : touch.bid);
  }
  const [first] = package_;
  const tick = package_.length > 1 ? CENT : tickOf(first.instrument.symbol, price(Math.abs(natural)));
  const raw = [...approach.fractions.map((f) => mid + f * (natural - mid)), ...approach.beyondTicks.map((n) => natural + n * tick)];
  const plan = { rungs: onRungs(raw, package_, tickOf), stepMs: approach.stepMs };
  return first.instrument.kind === 'equity' ? { ...plan, last: 'market' } : plan;
}

/** Given away of the intrinsic value where nothing is quoted, micros a share. */
const BLIND_CONCESSION = 50_000;

/**
 * Limits for what must be closed without a quote: what collects asks for its intrinsic value less five cents, a cent at least; a covered
 * structure that pays goes from five cents above intrinsic to all it can be worth. A lone short option has no such bound: undefined.
 * @param spot price of the underlying, micros; undefined where that is not known either
 */
export function blindPlan({ legs: package_ }: Closing, spot: number | undefined, tickOf: TickOf, stepMs: number): PricePlan | undefined {
  const [first] = package_;
  if (first.instrument.kind !== 'option' || (package_.length === 1 && first.side === 'buy')) return undefined;
  const parts = weightsOf(package_);
  const { most } = boundsOf(parts);
  if (most === null || !isOneExpiry(parts)) return undefined;
  const fair = spot === undefined ? undefined : worthAt(parts, spot);
  if (most <= 0) return { rungs: onRungs([Math.min(-CENT, (fair ?? -CENT) + BLIND_CONCESSION)], package_, tickOf), stepMs };
  const from = fair === undefined ? most : Math.min(most, fair + BLIND_CONCESSION);
  return { rungs: onRungs([from, (from + most) / 2, most], package_, tickOf), stepMs };
}

/** The intent of a closing. */
export const closingIntent = (
  { legs: package_, units }: Closing,
  prices: PricePlan,
  key: string,
  code: ReasonCode,
  why: string,
): Close => ({
  kind: 'close',
  key,
  subject: package_[0].instrument.underlying,
  code,
  why,
  gates: [],
  legs: package_,
  qty: qty(units),
  prices,
});
