// Which call: about a year and a half out, deep in the money, with little time value in it.
import type { Symbol } from '../../domain/ids.ts';
import { dollars } from '../../domain/money.ts';
import { yearsToExpiry } from '../../market/expiry.ts';
import type { Context } from '../strategy.ts';
import { firstSuited } from '../toolkit/census.ts';
import { settingOf } from '../toolkit/context.ts';
import { chooseExpiry, dayOut, fieldOf, liquidityAsk, valuedSide } from '../toolkit/contracts.ts';
import { atMost, holds, need, refuse, type Trial } from '../toolkit/gates.ts';
import { mid } from '../toolkit/limits.ts';
import { liquid } from '../toolkit/liquidity.ts';
import { byDelta, inDeltaBand, type ValuedRow } from '../toolkit/select.ts';
import type { LeapsParams } from './params.ts';

export type LeapsContext = Context<LeapsParams>;

export interface Candidate {
  readonly call: ValuedRow;
  readonly spot: number;
}

/** Time value a year, as a part of the share's price: (price - max(0, spot - strike)) / spot / years. Dollars and years. */
export const annualExtrinsic = (price: number, spot: number, strike: number, years: number): number =>
  (price - Math.max(0, spot - strike)) / spot / years;

/** Everything asked of one strike inside the band, for so many contracts. */
export function* suits(ctx: LeapsContext, { call, spot }: Candidate, contracts: number): Trial<void> {
  const { params } = ctx;
  const years = yearsToExpiry(ctx.now.exchange, call.option.expiry, ctx.calendar);
  const extrinsic = annualExtrinsic(mid(call.quote), spot, dollars(call.option.strike), years);
  yield holds('delta', { observed: call.delta, threshold: params.delta_target, pass: true }, 'HOLD', '');
  yield atMost('time value a year', params.extrinsic_annual_max, extrinsic, 'EXTRINSIC_TOO_HIGH');
  yield* liquid('buy', call.row, call.quote, liquidityAsk(ctx, params, contracts));
}

/** The strike nearest the target delta, inside the band, that passes; when none does, the reason of the nearest. */
export function* chooseCall(ctx: LeapsContext, name: Symbol): Trial<Candidate> {
  const { params, market } = ctx;
  const quote = yield* need('quote', market.quote(name));
  const chain = yield* need('chain', market.chain(name));
  const window = { min: params.dte_min, target: params.dte_target, max: params.dte_max, laterOnTie: true };
  const expiry = yield* chooseExpiry(ctx, chain, window);
  const setting = settingOf(ctx, name, quote, dayOut(ctx, params.dte_max));
  const field = fieldOf(ctx.day, { chain, right: 'call', setting }, window, expiry);
  const rows = yield* valuedSide(ctx, field);
  // A tranche in a contract already held would be one holding with it, and could not be sold by its own price.
  const held = new Set(ctx.trades.flatMap((t) => t.legs.map((l) => l.instrument.symbol)));
  const inBand = rows.filter((row) => inDeltaBand(row, params.delta_min, params.delta_max) && !held.has(row.option.symbol));
  const candidates = inBand.sort(byDelta(params.delta_target));
  const spot = mid(quote);
  const call = yield* firstSuited(ctx, {
    field,
    rows,
    candidates,
    suits: (row) => suits(ctx, { call: row, spot }, 1),
    outside: (row) => (held.has(row.option.symbol) ? 'ALREADY_HELD' : 'NO_STRIKE_IN_BAND'),
  });
  const nearest = call ?? candidates[0];
  if (nearest === undefined)
    return yield* refuse(
      'delta',
      'NO_STRIKE_IN_BAND',
      'no strike has a delta in the band',
      null,
      `${params.delta_min} to ${params.delta_max}`,
    );
  yield* suits(ctx, { call: nearest, spot }, 1);
  return { call: nearest, spot };
}
