// The order that opens a package: legs, units, the ladder between mid and the signal's own bound, and the worst that can come of it.
import type { Json, Open } from '../../domain/decision.ts';
import type { Forecast } from '../../domain/forecast.ts';
import type { Symbol } from '../../domain/ids.ts';
import { qty, usd } from '../../domain/money.ts';
import type { MarketView } from '../strategy.ts';
import { assumedFor, micros } from './context.ts';
import { between, type NetMarket, netLadder, netTick } from './limits.ts';
import { orderLegs, packageGrid, packageMarket, type QuotedLeg } from './structure.ts';

/** The last rung of an entry, net dollars a share: a part of the way from mid to natural, never beyond the signal's own economics. */
export interface EntryPrice {
  readonly market: NetMarket;
  /** Unrounded end of the ladder. */
  readonly cap: number;
  /** The cap on its grid, rounded to our side: what is judged, and the worst that is paid. */
  readonly limit: number;
}

export interface EntryRule {
  /** Part of the way from mid to natural. */
  readonly entry_cap_part: number;
  readonly ladder_step_seconds: number;
}

/** Where the entry of a package would end. `bound` is the most it may pay or, negative, the least it may collect. */
export function entryPrice(
  market: MarketView,
  name: Symbol,
  legs: readonly QuotedLeg[],
  part: number,
  bound = Number.POSITIVE_INFINITY,
): EntryPrice {
  const net = packageMarket(legs);
  const cap = Math.min(between(net, part), bound);
  return { market: net, cap, limit: netTick(cap, packageGrid(market, name, legs)) / 1e6 };
}

export interface Opening {
  readonly name: Symbol;
  readonly key: string;
  readonly why: string;
  readonly legs: readonly QuotedLeg[];
  readonly units: number;
  readonly rule: EntryRule;
  /** The most one unit may pay or, negative, the least it may collect, dollars a share. */
  readonly bound?: number;
  /** Worst loss of one unit, dollars. */
  readonly unitRisk: number;
  readonly thesis?: Json;
  readonly forecasts?: readonly Forecast[];
}

/** The opening intent, its gates still to be added. Four moves from mid to the cap, as every entry walks. */
export function openPackage(market: MarketView, opening: Opening): Omit<Open, 'gates'> {
  const { name, legs, rule } = opening;
  const assumed = assumedFor(
    market,
    legs.map((l) => l.option),
  );
  return {
    kind: 'open',
    subject: name,
    code: 'ENTRY',
    why: opening.why,
    key: opening.key,
    legs: orderLegs(legs, 'open'),
    qty: qty(opening.units),
    prices: netLadder({
      market: packageMarket(legs),
      tickAt: packageGrid(market, name, legs),
      from: 0,
      to: rule.entry_cap_part,
      steps: 4,
      stepSeconds: rule.ladder_step_seconds,
      ...(opening.bound === undefined ? {} : { bound: opening.bound }),
    }),
    maxLoss: usd(micros(opening.unitRisk * opening.units)),
    ...(opening.thesis === undefined ? {} : { thesis: opening.thesis }),
    ...(opening.forecasts === undefined || opening.forecasts.length === 0 ? {} : { forecasts: opening.forecasts }),
    ...(assumed.length > 0 ? { assumed } : {}),
  };
}
