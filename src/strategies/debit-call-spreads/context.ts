// Readings of one tick that several rules of the debit call spreads share.
import type { Symbol } from '../../domain/ids.ts';
import { addDays, type TradingDay } from '../../domain/time.ts';
import type { Session } from '../../market/calendar.ts';
import type { Context } from '../strategy.ts';
import type { DebitCallSpreadsParams } from './params.ts';

export type SpreadContext = Context<DebitCallSpreadsParams>;

/** The last day on which anything this strategy would look at expires. */
export const horizon = (ctx: { readonly day: TradingDay; readonly params: Pick<DebitCallSpreadsParams, 'iv_dte_max'> }): TradingDay =>
  addDays(ctx.day, ctx.params.iv_dte_max);

/** The session at whose first look a spread of an expiry is closed for its time, unless it ended before. */
export const plannedExit = (
  ctx: Pick<SpreadContext, 'sessionAt'> & { readonly params: Pick<DebitCallSpreadsParams, 'time_exit_dte'> },
  expiry: TradingDay,
): Session => ctx.sessionAt(addDays(expiry, -ctx.params.time_exit_dte), 0);

/** Names of open trades, sorted, each once. */
export const namesHeld = (ctx: Pick<SpreadContext, 'trades'>): readonly Symbol[] =>
  [...new Set(ctx.trades.map((t) => t.underlying))].sort();
