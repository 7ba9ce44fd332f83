// The setup: a strong run, the first hard down day after it, and minutes that confirm the fall.
import type { Symbol } from '../../domain/ids.ts';
import { dollars } from '../../domain/money.ts';
import { type Known, known } from '../../domain/reasons.ts';
import { MINUTE, type TradingDay } from '../../domain/time.ts';
import type { Bar } from '../../market/quote.ts';
import type { MarketView } from '../strategy.ts';
import { closesOf } from '../toolkit/context.ts';
import { atLeast, atMost, figure, holds, need, refuse, type Trial } from '../toolkit/gates.ts';
import { mid } from '../toolkit/limits.ts';
import { liquidName, regime, tradable } from '../toolkit/name-gates.ts';
import type { DipParams } from './params.ts';

/** What the setup is judged on: an evaluation has it, and so has the planning of what to fetch. */
export interface SignalContext {
  readonly params: DipParams;
  readonly market: MarketView;
  readonly day: TradingDay;
}

export interface Fall {
  /** The close that the fall is measured from, less a dividend that goes ex today. Dollars. */
  readonly reference: number;
  readonly spot: number;
  /** Spot over reference less one. */
  readonly dip: number;
}

export interface Setup extends Fall {
  readonly run: number;
}

/** A change of price to nine decimals: thresholds are round numbers, quotients of floats are not. */
const change = (to: number, from: number): number => Math.round((to / from - 1) * 1e9) / 1e9;

const barsWanted = (params: DipParams): number => Math.max(params.run_lookback_sessions + 1, params.dollar_volume_sessions);

/** What the setup reads of the daily bars of a name and of the index. */
export const dailyNeeds = (params: DipParams): readonly { readonly symbol: Symbol; readonly sessions: number }[] => [
  ...params.universe.map((symbol) => ({ symbol, sessions: barsWanted(params) })),
  { symbol: params.regime_index, sessions: params.regime_sma_sessions },
];

function* bars(ctx: SignalContext, name: Symbol): Trial<readonly Bar[]> {
  return yield* need('daily bars', ctx.market.dailyBars(name, barsWanted(ctx.params)));
}

/** The run into the last close, over intervals between closes: the first close is `run_lookback_sessions` before the last. */
export function* run(ctx: SignalContext, name: Symbol): Trial<number> {
  const closes = closesOf(yield* bars(ctx, name)).slice(-ctx.params.run_lookback_sessions - 1);
  const grown = change(closes.at(-1) as number, closes[0] as number);
  yield atLeast('run', ctx.params.run_min_pct, grown, 'RUN_TOO_SMALL');
  return grown;
}

/** Where the price stands against the last close. Dividends that are not known count as none: only a short call hangs on them. */
export function fallOf(ctx: SignalContext, name: Symbol): Known<Fall> {
  const daily = ctx.market.dailyBars(name, 1);
  if (!daily.known) return daily;
  const quote = ctx.market.quote(name);
  if (!quote.known) return quote;
  const due = ctx.market.dividends(name, ctx.day, ctx.day);
  const dividend = due.known ? due.value.reduce((total, d) => total + dollars(d.amount), 0) : 0;
  const reference = dollars((daily.value.at(-1) as Bar).close) - dividend;
  const spot = mid(quote.value);
  return known({ reference, spot, dip: change(spot, reference) });
}

function* dip(ctx: SignalContext, name: Symbol): Trial<Fall> {
  const { dip_max_pct, dip_floor_pct } = ctx.params;
  const fall = yield* need('fall', fallOf(ctx, name));
  yield atMost('dip', dip_max_pct, fall.dip, 'DIP_TOO_SHALLOW');
  yield holds(
    'dip no deeper than',
    { observed: fall.dip, threshold: dip_floor_pct, pass: fall.dip >= dip_floor_pct },
    'DIP_TOO_DEEP',
    `the fall of ${figure(fall.dip)} is deeper than ${dip_floor_pct}: that is news`,
  );
  return fall;
}

/** The last completed minutes, one after the other, all closed in the dip. */
export function* persistent(ctx: SignalContext, name: Symbol, fall: Fall): Trial<void> {
  const { persist_minutes, dip_max_pct } = ctx.params;
  const minutes = yield* need('minute bars', ctx.market.intradayBars(name, 1, 1));
  const last = minutes.filter((bar) => bar.day === ctx.day).slice(-persist_minutes);
  const [first] = last;
  if (first === undefined || last.length < persist_minutes)
    return yield* refuse('minutes in the dip', 'BARS_SHORT', `${last.length} minutes of today, ${persist_minutes} are needed`);
  const unbroken = (last.at(-1) as Bar).at - first.at === (persist_minutes - 1) * MINUTE;
  const inside = last.filter((bar) => change(dollars(bar.close), fall.reference) <= dip_max_pct).length;
  yield holds(
    'minutes in the dip',
    { observed: inside, threshold: persist_minutes, pass: inside === persist_minutes && unbroken },
    'DIP_NOT_PERSISTENT',
    unbroken
      ? `${inside} of the last ${persist_minutes} minutes closed in the dip, all must`
      : `a minute is missing among the last ${persist_minutes}`,
  );
}

/** All of the setup that costs little to ask, dearest last. */
export function* setup(ctx: SignalContext, name: Symbol): Trial<Setup> {
  const { params, market } = ctx;
  yield* tradable(market, name);
  yield* liquidName(yield* bars(ctx, name), params);
  const grown = yield* run(ctx, name);
  const fall = yield* dip(ctx, name);
  yield* persistent(ctx, name, fall);
  yield* regime(market, params.regime_index, params.regime_sma_sessions);
  return { ...fall, run: grown };
}
