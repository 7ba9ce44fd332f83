// Buying one option outright: the strike nearest a delta that can be paid for and traded, and the order for as many as the room holds.
import type { Json, Open } from '../../domain/decision.ts';
import type { Symbol } from '../../domain/ids.ts';
import { type Field, firstSuited } from './census.ts';
import type { AnyContext } from './context.ts';
import { liquidityAsk } from './contracts.ts';
import { atLeast, noted, refuse, type Trial, told } from './gates.ts';
import { mid } from './limits.ts';
import { type LiquidityRule, liquid } from './liquidity.ts';
import { type EntryRule, entryPrice, openPackage } from './opening.ts';
import { byDelta, inDeltaBand, type ValuedRow } from './select.ts';
import { contractsFor, longRisk, type RiskRoom, type RiskShares, roomAfter } from './sizing.ts';
import type { QuotedLeg } from './structure.ts';

export interface LongRule extends LiquidityRule {
  /** Without sign. */
  readonly delta_target: number;
  readonly delta_min: number;
  readonly delta_max: number;
  /** Of the mid, dollars a share. */
  readonly premium_min_usd: number;
  readonly volume_minutes_after_open: number;
}

type Ticking = Pick<AnyContext, 'market' | 'day' | 'sessionAt' | 'now' | 'session'>;

/** Dear enough for its spread to be a small part of it, and traded well enough for so many contracts. */
export function* buyable(ctx: Ticking, row: ValuedRow, rule: LongRule, contracts: number): Trial<void> {
  yield atLeast('premium', rule.premium_min_usd, mid(row.quote), 'PREMIUM_TOO_LOW');
  yield* liquid('buy', row.row, row.quote, liquidityAsk(ctx, rule, contracts));
}

/**
 * Of the rows with a delta inside the band that `fits` lets through, nearest the target first, the first that can be bought; when none
 * can, the reason of the nearest. NO_STRIKE_IN_BAND when there is no such row.
 */
export function* nearestDelta(
  ctx: Ticking,
  field: Field,
  rows: readonly ValuedRow[],
  rule: LongRule,
  fits: (row: ValuedRow) => boolean = () => true,
): Trial<ValuedRow> {
  const band = `${rule.delta_min} to ${rule.delta_max}`;
  const inside = rows.filter((row) => inDeltaBand(row, rule.delta_min, rule.delta_max) && fits(row)).sort(byDelta(rule.delta_target));
  const suited = yield* firstSuited(ctx, {
    field,
    rows,
    candidates: inside,
    suits: (row) => buyable(ctx, row, rule, 1),
    outside: () => 'NO_STRIKE_IN_BAND',
  });
  const chosen = suited ?? inside[0];
  if (chosen === undefined)
    return yield* refuse(
      'strikes in the band',
      'NO_STRIKE_IN_BAND',
      `none of ${rows.length} strikes has a delta of ${band} and fits`,
      0,
      band,
    );
  for (const gate of [
    noted('strikes in the band', inside.length),
    noted('contract', chosen.option.symbol),
    noted('delta', chosen.delta),
    noted('implied volatility', chosen.sigma),
  ])
    yield { gate, code: 'HOLD', why: '' };
  yield* buyable(ctx, chosen, rule, 1);
  return chosen;
}

export interface LongOpening {
  readonly name: Symbol;
  readonly key: string;
  readonly why: string;
  readonly option: ValuedRow;
  readonly thesis: Json;
  /** Part of the usual budget. */
  readonly part?: number;
}

export type LongShares = RiskShares & LongRule & EntryRule & { readonly fee_per_contract_usd: number };

/** The order for as many contracts as every ceiling leaves room for, and the room after it. */
export function* openLong(
  ctx: Ticking,
  opening: LongOpening,
  rule: LongShares,
  room: RiskRoom,
): Trial<{ readonly open: Omit<Open, 'gates'>; readonly room: RiskRoom }> {
  const { name, key, why, option, thesis, part = 1 } = opening;
  const legs: readonly QuotedLeg[] = [{ option: option.option, side: 'buy', ratio: 1, quote: option.quote }];
  const { limit } = entryPrice(ctx.market, name, legs, rule.entry_cap_part);
  const ask = { name, unitRisk: longRisk(limit, rule.fee_per_contract_usd), part };
  const units = yield* contractsFor(ask, rule, room);
  yield* buyable(ctx, option, rule, units);
  yield told('limit', limit);
  const open = openPackage(ctx.market, { name, key, why, legs, units, rule, unitRisk: ask.unitRisk, thesis });
  return { open, room: roomAfter(room, ask, units) };
}
