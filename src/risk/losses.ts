// Day, week and month losses and the drawdown: how they are reckoned, and what they call for.
import { type LadderStep, type LossBase, type LossCause, lossCauses, type Waiver } from '../domain/losses.ts';
import type { Usd } from '../domain/money.ts';
import { absent, type Known, known } from '../domain/reasons.ts';
import type { LossLimits, VolatilityLimits } from './limits-losses.ts';
import { volatilityFactor } from './volatility.ts';

/** Losses as negative fractions, profits positive; the drawdown is negative, too, so that all of them are read in one way. */
export interface LossFigures {
  readonly day: Known<number>;
  readonly week: Known<number>;
  readonly month: Known<number>;
  readonly drawdown: Known<number>;
}

/** What the rules are told of losses, of the ladder and of the volatility index. */
export interface LossStanding extends LossFigures {
  readonly step: LadderStep;
  /** At or below these nothing is opened: the limits, or what is left of them where an administrator lifted one. */
  readonly floors: Readonly<Record<keyof LossFigures, number>>;
  /** The index in points, and its rise since the last level of the session before; absent where there was none. */
  readonly volatility: Known<number>;
  readonly volatilityRise: Known<number>;
}

/** Change since a base as a fraction of it, what came in from outside taken out: L = (E - E0 - F) / E0. Null for a base that is not positive. */
export const changeSince = (equity: Usd, base: Usd | null, flows: Usd): number | null =>
  base === null || !(base > 0) ? null : (equity - base - flows) / base;

/** Both figures of equity now; absent where one is not known or too old. */
export interface Equities {
  readonly ours: Known<Usd>;
  readonly broker: Known<Usd>;
}

/** The worse of what our own figures and the broker's say, each against its own base: a difference in marking is no loss. */
export function worseChange(equities: Equities, ours: LossBase, broker: LossBase): Known<number> {
  const found = [
    equities.ours.known ? changeSince(equities.ours.value, ours.ours, ours.flows) : null,
    equities.broker.known ? changeSince(equities.broker.value, broker.broker, broker.flows) : null,
  ].filter((change) => change !== null);
  if (found.length > 0) return known(Math.min(...found));
  return absent('EQUITY_UNKNOWN', equities.ours.known ? 'there is no earlier equity to measure against' : equities.ours.why);
}

/** Fall of a unit's value from its highest, a fraction of zero or less. */
export const drawdownOf = (nav: number, peak: number): number => Math.min(0, nav / peak - 1);

/** What brings a fall back to where it began: 0.25 after 20 %. @param fall a fraction of zero or less, above -1 */
export const gainNeeded = (fall: number): number => 1 / (1 + fall) - 1;

/**
 * Units after something came in (or, negative, went out): as many are added as it buys at their value of the moment, so that no unit
 * is worth more or less for it. An account that was worth nothing before begins anew.
 * @param equity micros, with the flow in it
 */
export function unitsAfter(units: number, equity: Usd, flow: Usd): number {
  const before = equity - flow;
  return before > 0 && units > 0 ? (units * equity) / before : equity;
}

const measureOf: Readonly<Record<LossCause, keyof LossFigures>> = {
  DAY_HALT: 'day',
  DAY_FLATTEN: 'day',
  WEEK_HALT: 'week',
  MONTH_HALT: 'month',
  DRAWDOWN_HALT: 'drawdown',
  DRAWDOWN_FLATTEN: 'drawdown',
};

/** The figure that a limit is about. */
export const lossOf = (cause: LossCause, figures: LossFigures): Known<number> => figures[measureOf[cause]];

const limitOf = (cause: LossCause, limits: LossLimits): number =>
  ({
    DAY_HALT: limits.dayHaltPct,
    DAY_FLATTEN: limits.dayFlattenPct,
    WEEK_HALT: limits.weekHaltPct,
    MONTH_HALT: limits.monthHaltPct,
    DRAWDOWN_HALT: limits.drawdownHaltPct,
    DRAWDOWN_FLATTEN: limits.drawdownFlattenPct,
  })[cause];

/** At or below this a limit speaks: itself, or as much again below the loss at which it was lifted. */
export function floorOf(cause: LossCause, scope: string, limits: LossLimits, waivers: readonly Waiver[]): number {
  const limit = limitOf(cause, limits);
  const waived = waivers.find((w) => w.cause === cause && w.scope === scope);
  return waived === undefined ? -limit : Math.min(-limit, waived.from - limit);
}

const ACCOUNT = 'account';
/** Whether a limit closes strategies, or stops the openings of all. */
export const flattens = (cause: LossCause): boolean => cause === 'DAY_FLATTEN' || cause === 'DRAWDOWN_FLATTEN';

export interface Trip {
  readonly cause: LossCause;
  /** As `scopeText` writes it. */
  readonly scope: string;
  readonly observed: number;
  readonly floor: number;
}

/** The limits that are reached, and for whom. What is not known reaches none: it opens nothing either, which is the gate's to say. */
export function tripsOf(figures: LossFigures, limits: LossLimits, waivers: readonly Waiver[]): readonly Trip[] {
  return lossCauses.flatMap((cause): readonly Trip[] => {
    const loss = lossOf(cause, figures);
    if (!loss.known) return [];
    const scopes = flattens(cause) ? limits.flattenStrategies.map((id) => `strategy:${id}`) : [ACCOUNT];
    return scopes.flatMap((scope) => {
      const floor = floorOf(cause, scope, limits, waivers);
      return loss.value <= floor ? [{ cause, scope, observed: loss.value, floor }] : [];
    });
  });
}

/** The floors under the account's openings. */
export const floorsOf = (limits: LossLimits, waivers: readonly Waiver[]): LossStanding['floors'] => ({
  day: floorOf('DAY_HALT', ACCOUNT, limits, waivers),
  week: floorOf('WEEK_HALT', ACCOUNT, limits, waivers),
  month: floorOf('MONTH_HALT', ACCOUNT, limits, waivers),
  drawdown: floorOf('DRAWDOWN_HALT', ACCOUNT, limits, waivers),
});

const stepFactor = (step: LadderStep, limits: LossLimits): number =>
  ({ normal: 1, cautious: limits.cautiousFactor, restricted: limits.restrictedFactor, halted: 0, flatten: 0 })[step];

/** Half below the first step of the drawdown, nothing at its floor; an unknown one opens nothing. */
export function drawdownFactor({ drawdown, floors }: LossStanding, limits: LossLimits): number {
  if (!drawdown.known || !(drawdown.value > floors.drawdown)) return 0;
  return drawdown.value > -limits.drawdownHalfPct ? 1 : 0.5;
}

const valueOf = (figure: Known<number>): number | null => (figure.known ? figure.value : null);

/** The part of an opening that the volatility index leaves. */
export const volatilityPart = ({ volatility, volatilityRise }: LossStanding, limits: VolatilityLimits): number =>
  volatilityFactor(valueOf(volatility), valueOf(volatilityRise), limits);

/** The part of every opening that is left, 0 to 1: the least that the ladder, the drawdown and the volatility index allow. */
export const sizeFactor = (standing: LossStanding, losses: LossLimits, volatility: VolatilityLimits): number =>
  Math.min(stepFactor(standing.step, losses), drawdownFactor(standing, losses), volatilityPart(standing, volatility));
