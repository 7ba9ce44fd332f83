// The put one would sell on a name: which expiry, which strike, at what price, and what it earns for the cash it ties up.
import type { Symbol } from '../../domain/ids.ts';
import { dollars } from '../../domain/money.ts';
import { addDays, type TradingDay } from '../../domain/time.ts';
import { iv30FromChain, ivRank } from '../../market/iv.ts';
import type { Chain, ChainRow } from '../../market/quote.ts';
import { atLeast, figure, holds, need, refuse, settle, type Trial } from '../toolkit/gates.ts';
import { netAt, netTick, type TickAt } from '../toolkit/limits.ts';
import { liquidToSell } from '../toolkit/liquidity.ts';
import { byDelta, inDeltaBand, nearestExpiry, rowsOf, type Setting, type ValuedRow, valued, valuedRows } from '../toolkit/select.ts';
import { horizon, minutesFromOpen, settingOf, tickOf, type WheelContext } from './context.ts';
import { noEarnings, type Screened } from './screen.ts';

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

/** The liquidity a sale must find, as far as it is the same for every row of a tick. */
export const liquidityAsk = (ctx: WheelContext, contracts: number): Parameters<typeof liquidToSell>[2] => ({
  rule: ctx.params,
  contracts,
  openInterestFrom: ctx.sessionAt(ctx.day, -2).day,
  early: minutesFromOpen(ctx) < ctx.params.volume_minutes_after_open,
});

/** Of the candidates nearest first, the first that trades well enough; else the reason of the nearest. */
export function* firstLiquid(ctx: WheelContext, candidates: readonly ValuedRow[], contracts: (row: ValuedRow) => number): Trial<ValuedRow> {
  const ask = (row: ValuedRow) => liquidToSell(row.row, row.quote, liquidityAsk(ctx, contracts(row)));
  const chosen = candidates.find((row) => settle(ask(row)).ok) ?? candidates[0];
  if (chosen === undefined) return yield* refuse('strike', 'NO_STRIKE_IN_BAND', 'no contract to choose from');
  yield* ask(chosen);
  return chosen;
}

/** The expiry of a sale, listed and inside its window. */
export function* chooseExpiry(
  ctx: WheelContext,
  chain: Chain,
  window: { readonly min: number; readonly target: number; readonly max: number },
): Trial<TradingDay> {
  const listed = chain.rows.map((row) => row.contract.option.expiry);
  const expiry = nearestExpiry(listed, {
    day: ctx.day,
    calendar: ctx.calendar,
    monthlyWithin: ctx.params.monthly_within_cal_days,
    ...window,
  });
  if (expiry === undefined)
    return yield* refuse(
      'expiry',
      'NO_EXPIRY_IN_RANGE',
      `no expiry between ${window.min} and ${window.max} days out`,
      null,
      `${window.min} to ${window.max}`,
    );
  yield holds('expiry', { observed: expiry, threshold: `${window.min} to ${window.max}`, pass: true }, 'NO_EXPIRY_IN_RANGE', '');
  return expiry;
}

/** The rows of an expiry that can be valued; where none can, the reason of the first. */
export function* valuedSide(ctx: WheelContext, rows: readonly ChainRow[], setting: Setting): Trial<readonly ValuedRow[]> {
  const result = valuedRows(rows, setting, (symbol) => ctx.market.quote(symbol));
  if (result.length > 0) return result;
  const [first] = rows;
  if (first === undefined) return yield* refuse('strikes', 'CHAIN_EMPTY', 'the expiry lists no strike');
  const quote = yield* need('strikes', ctx.market.quote(first.contract.option.symbol));
  yield* need('strikes', valued(first.contract.option, quote, setting));
  return yield* refuse('strikes', 'QUOTE_MISSING', `none of ${rows.length} strikes has a bid`);
}

function* rank(ctx: WheelContext, chain: Chain, setting: Setting, screened: Screened): Trial<void> {
  const reports = ctx.market.earnings(chain.underlying, ctx.day, horizon(ctx));
  const today = yield* need('iv30', iv30FromChain(chain, reports, setting));
  const history = screened.readings.map((reading) => reading.iv30);
  const value = ctx.market.assumedIvRank(chain.underlying) ?? (yield* need('iv rank', ivRank(history, today.iv30)));
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

/** The put to sell on a screened name, with every number it was judged by. */
export function* choosePut(ctx: WheelContext, name: Symbol, screened: Screened): Trial<PutCandidate> {
  const { params } = ctx;
  const setting = settingOf(ctx, name, screened.quote, horizon(ctx));
  const chain = yield* need('chain', ctx.market.chain(name));
  yield* rank(ctx, chain, setting, screened);
  const expiry = yield* chooseExpiry(ctx, chain, { min: params.dte_min, target: params.dte_target, max: params.dte_max });
  yield* noEarnings(ctx, name, expiry);
  const rows = yield* valuedSide(ctx, rowsOf(chain.rows, 'put', expiry), setting);
  const inBand = rows.filter((row) => inDeltaBand(row, params.put_delta_min, params.put_delta_max)).sort(byDelta(params.put_delta_target));
  const band = `${params.put_delta_min} to ${params.put_delta_max}`;
  const deltas = rows.map((row) => figure(Math.abs(row.delta))).join(' ');
  if (inBand.length === 0) yield* refuse('delta', 'NO_STRIKE_IN_BAND', `no strike has a delta of ${band}: ${deltas}`, deltas, band);
  const row = yield* firstLiquid(ctx, inBand, (r) =>
    Math.floor((params.name_notional_pct * dollars(ctx.account.equity)) / (dollars(r.option.strike) * 100)),
  );
  yield holds('delta', { observed: row.delta, threshold: band, pass: true }, 'NO_STRIKE_IN_BAND', '');
  const strike = dollars(row.option.strike);
  const credit = expectedCredit(ctx, row, tickOf(ctx.market, row.option));
  yield atLeast('credit of a contract', params.credit_min_usd, figure(credit * 100), 'CREDIT_TOO_LOW');
  const annual = putYield({ credit, strike, dte: row.dte, fee: params.fee_per_contract_usd });
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
