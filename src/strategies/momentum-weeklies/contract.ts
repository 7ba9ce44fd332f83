// Which weekly option is bought: the nearest expiry with time enough, and in it the strike nearest the delta asked for.
import type { Symbol } from '../../domain/ids.ts';
import { dollars } from '../../domain/money.ts';
import { addDays, daysBetween, type TradingDay } from '../../domain/time.ts';
import type { Chain } from '../../market/quote.ts';
import type { Context } from '../strategy.ts';
import { census, type Field } from '../toolkit/census.ts';
import { minutesFromOpen, settingOf } from '../toolkit/context.ts';
import { valuedSide } from '../toolkit/contracts.ts';
import { holds, need, refuse, type Trial, told } from '../toolkit/gates.ts';
import { nearestDelta } from '../toolkit/long-option.ts';
import { expiryOdds } from '../toolkit/odds.ts';
import type { ValuedRow } from '../toolkit/select.ts';
import { rightOf } from '../toolkit/way.ts';
import type { MwkParams } from './params.ts';
import type { Setup } from './patterns.ts';

export type MwkContext = Context<MwkParams>;

const WEEKEND_DAYS = 3;

/** Listed days to expiry inside the window with sessions enough left, soonest first; before a weekend not the next session's. */
export function expiriesInReach(
  ctx: Pick<MwkContext, 'day' | 'now' | 'session' | 'calendar' | 'params'>,
  listed: Iterable<TradingDay>,
): readonly TradingDay[] {
  const { params, day, calendar } = ctx;
  const next = calendar.offset(day, 1).day;
  const late = minutesFromOpen(ctx) >= params.weekend_cut_minutes_after_open;
  const shut = late && daysBetween(day, next) >= WEEKEND_DAYS ? next : undefined;
  return [...new Set(listed)]
    .filter((expiry) => {
      const dte = daysBetween(day, expiry);
      if (dte < params.dte_min || dte > params.dte_max || expiry === shut) return false;
      return calendar.between(day, expiry).length >= params.min_sessions_left;
    })
    .sort();
}

const listedIn = (chain: Chain): readonly TradingDay[] => chain.rows.map((row) => row.contract.option.expiry);

function* expiryOf(ctx: MwkContext, chain: Chain): Trial<TradingDay> {
  const { params } = ctx;
  const listed = listedIn(chain);
  const asked = `${params.dte_min} to ${params.dte_max} days, ${params.min_sessions_left} sessions`;
  const [expiry] = expiriesInReach(ctx, listed);
  if (expiry === undefined) yield* census(chain.rows, [], () => 'NO_EXPIRY_IN_RANGE');
  if (expiry === undefined) return yield* refuse('expiry', 'NO_EXPIRY_IN_RANGE', `no expiry within ${asked}`, null, asked);
  yield holds('expiry', { observed: expiry, threshold: asked, pass: true }, 'NO_EXPIRY_IN_RANGE', '');
  return expiry;
}

/** The option to buy for a setup. */
export function* chooseWeekly(ctx: MwkContext, name: Symbol, setup: Setup): Trial<ValuedRow> {
  const { params, market } = ctx;
  const quote = yield* need('quote', market.quote(name));
  const chain = yield* need('chain', market.chain(name));
  const expiry = yield* expiryOf(ctx, chain);
  const reach = new Set(expiriesInReach(ctx, listedIn(chain)));
  const setting = settingOf(ctx, name, quote, addDays(ctx.day, params.dte_max));
  const field: Field = {
    chain,
    right: rightOf(setup.way),
    wanted: (listed) => listed === expiry,
    reach: (listed) => reach.has(listed),
    setting,
  };
  const rows = yield* valuedSide(ctx, field);
  const { terms, sigmaAt } = yield* need('smile', expiryOdds(market, chain, expiry, setting));
  const deviation = setting.spot * sigmaAt(setting.spot) * Math.sqrt(terms.years);
  yield told('one-deviation move to expiry', deviation);
  const out = (row: ValuedRow): number => setup.way * (dollars(row.option.strike) - setting.spot);
  return yield* nearestDelta(ctx, field, rows, params, (row) => out(row) <= params.otm_cap_sd * deviation);
}
