// The put one would sell on a name: which expiry, which strike, at what price, and what it earns for the cash it ties up.
import type { Symbol } from '../../domain/ids.ts';
import { dollars } from '../../domain/money.ts';
import { addDays, type TradingDay } from '../../domain/time.ts';
import type { Chain } from '../../market/quote.ts';
import { type Field, firstSuited } from '../toolkit/census.ts';
import { settingOf, tickOf } from '../toolkit/context.ts';
import { chooseExpiry, fieldOf, liquidityAsk, valuedSide } from '../toolkit/contracts.ts';
import { atLeast, figure, holds, need, refuse, type Trial } from '../toolkit/gates.ts';
import { ivRankNow } from '../toolkit/iv-rank.ts';
import { netAt, netTick, type TickAt } from '../toolkit/limits.ts';
import { liquid } from '../toolkit/liquidity.ts';
import { noEarnings } from '../toolkit/name-gates.ts';
import { byDelta, inDeltaBand, type Setting, type ValuedRow } from '../toolkit/select.ts';
import { horizon, type WheelContext } from './context.ts';
import type { Screened } from './screen.ts';

export interface PutCandidate {
  readonly name: Symbol;
  readonly row: ValuedRow;
  /** The price at which it is judged, dollars a share. */
  readonly credit: number;
  /** A year, on strike less credit. */
  readonly yield: number;
  readonly score: number;
}

/** Annual return on the net cash a put ties up: (100 credit - fee) / (100 strike - 100 credit) x 365 / DTE. Dollars a share. */
export const putYield = (put: { readonly credit: number; readonly strike: number; readonly dte: number; readonly fee: number }): number =>
  ((put.credit * 100 - put.fee) / (put.strike * 100 - put.credit * 100)) * (365 / put.dte);

/** The credit at which `putYield` is exactly `wanted`, dollars a share. */
export function creditForYield(wanted: number, put: { readonly strike: number; readonly dte: number; readonly fee: number }): number {
  const growth = (wanted * put.dte) / 365;
  return (growth * put.strike + put.fee / 100) / (1 + growth);
}

function* rank(ctx: WheelContext, chain: Chain, setting: Setting, { readings }: Screened): Trial<void> {
  const value = yield* ivRankNow(ctx, { chain, setting, readings, horizon: horizon(ctx) });
  yield atLeast('iv rank', ctx.params.iv_rank_min, value, 'IV_RANK_OUT_OF_BAND');
}

/** Where the ladder of a sale ends, net dollars a share: the cap, but never less credit than its economics ask. */
export const lastNet = (ctx: WheelContext, row: ValuedRow, creditMin: number): number =>
  Math.min(netAt('sell', row.quote, ctx.params.entry_cap_part), -creditMin);

/** The credit half-way (by default) between the mid and the end of the ladder, on its grid, dollars a share. */
export function expectedCredit(ctx: WheelContext, row: ValuedRow, tickAt: TickAt): number {
  const { expected_fill_part, entry_cap_part } = ctx.params;
  return -dollars(netTick(netAt('sell', row.quote, entry_cap_part * expected_fill_part), tickAt));
}

/** Contracts that the share of one name leaves room for. */
const wantedOf = ({ params, account }: WheelContext, { option }: ValuedRow): number =>
  Math.floor((params.name_notional_pct * dollars(account.equity)) / (dollars(option.strike) * 100));

/** The strike nearest its delta that trades well enough for what one name may have; else the reason of the nearest. */
function* strike(ctx: WheelContext, field: Field): Trial<ValuedRow> {
  const { params } = ctx;
  const rows = yield* valuedSide(ctx, field);
  const inBand = rows.filter((row) => inDeltaBand(row, params.put_delta_min, params.put_delta_max)).sort(byDelta(params.put_delta_target));
  const suits = (row: ValuedRow): Trial<void> => liquid('sell', row.row, row.quote, liquidityAsk(ctx, params, wantedOf(ctx, row)));
  const suited = yield* firstSuited(ctx, { field, rows, candidates: inBand, suits, outside: () => 'NO_STRIKE_IN_BAND' });
  const chosen = suited ?? inBand[0];
  const band = `${params.put_delta_min} to ${params.put_delta_max}`;
  const deltas = rows.map((row) => figure(Math.abs(row.delta))).join(' ');
  if (chosen === undefined) return yield* refuse('delta', 'NO_STRIKE_IN_BAND', `no strike has a delta of ${band}: ${deltas}`, deltas, band);
  yield* suits(chosen);
  yield holds('delta', { observed: chosen.delta, threshold: band, pass: true }, 'NO_STRIKE_IN_BAND', '');
  return chosen;
}

/** The put to sell on a screened name, with every number it was judged by. */
export function* choosePut(ctx: WheelContext, name: Symbol, screened: Screened): Trial<PutCandidate> {
  const { params } = ctx;
  const setting = settingOf(ctx, name, screened.quote, horizon(ctx));
  const chain = yield* need('chain', ctx.market.chain(name));
  yield* rank(ctx, chain, setting, screened);
  const window = { min: params.dte_min, target: params.dte_target, max: params.dte_max, monthlyWithin: params.monthly_within_cal_days };
  const expiry = yield* chooseExpiry(ctx, chain, window);
  yield* noEarnings(ctx, name, expiry);
  const row = yield* strike(ctx, fieldOf(ctx.day, { chain, right: 'put', setting }, window, expiry));
  const paid = dollars(row.option.strike);
  const credit = expectedCredit(ctx, row, tickOf(ctx.market, row.option));
  yield atLeast('credit of a contract', params.credit_min_usd, figure(credit * 100), 'CREDIT_TOO_LOW');
  const annual = putYield({ credit, strike: paid, dte: row.dte, fee: params.fee_per_contract_usd });
  yield atLeast('yield', params.yield_min, annual, 'YIELD_TOO_LOW');
  const score = annual * (1 - row.pItm);
  yield holds('score', { observed: score, threshold: null, pass: true }, 'RANKED_OUT', '');
  return { name, row, credit, yield: annual, score };
}

/** The least credit that a put's ladder may end at, dollars a share: what the minimum asks, and what the yield asks. */
export const leastPutCredit = (ctx: WheelContext, row: ValuedRow): number =>
  Math.max(
    ctx.params.credit_min_usd / 100,
    creditForYield(ctx.params.yield_min, { strike: dollars(row.option.strike), dte: row.dte, fee: ctx.params.fee_per_contract_usd }),
  );

/** The day until which earnings are asked about before any expiry has been chosen. */
export const earliestExpiry = (ctx: { readonly day: TradingDay; readonly params: { readonly dte_min: number } }): TradingDay =>
  addDays(ctx.day, ctx.params.dte_min);
