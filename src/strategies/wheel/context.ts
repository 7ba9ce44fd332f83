// Readings of one name at one tick that several of the wheel's rules share.
import type { Option } from '../../domain/instrument.ts';
import { addDays, type TradingDay } from '../../domain/time.ts';
import type { Context } from '../strategy.ts';
import { assumedFor as assumedForAll } from '../toolkit/context.ts';
import type { WheelParams } from './params.ts';

export type WheelContext = Context<WheelParams>;

/** The last day on which anything this strategy would look at expires. */
export const horizon = (ctx: Pick<WheelContext, 'day' | 'params'>): TradingDay =>
  addDays(ctx.day, Math.max(ctx.params.dte_max, ctx.params.call_dte_max, ctx.params.manage_dte + ctx.params.roll_dte_max));

/** Names of the assumed inputs behind a decision about an option: its own and its underlying's. */
export const assumedFor = (ctx: WheelContext, option: Option): readonly string[] => assumedForAll(ctx.market, [option]);
