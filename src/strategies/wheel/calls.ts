// The call one would sell on shares held: never below what the shares cost us, and what to do when none is that high.
import { dollars, MICROS } from '../../domain/money.ts';
import { daysBetween } from '../../domain/time.ts';
import type { Quote } from '../../market/quote.ts';
import { type Field, firstSuited } from '../toolkit/census.ts';
import { settingOf, tickOf } from '../toolkit/context.ts';
import { chooseExpiry, fieldOf, liquidityAsk, valuedSide } from '../toolkit/contracts.ts';
import { figure, holds, need, refuse, type Trial } from '../toolkit/gates.ts';
import { liquid } from '../toolkit/liquidity.ts';
import { noEarnings } from '../toolkit/name-gates.ts';
import { byDelta, inDeltaBand, type ValuedRow } from '../toolkit/select.ts';
import { horizon, type WheelContext } from './context.ts';
import { adjustedBasis, type Holding } from './holding.ts';
import type { WheelMemory } from './memory.ts';
import { expectedCredit } from './puts.ts';

export interface CallCandidate {
  readonly row: ValuedRow;
  readonly contracts: number;
  readonly credit: number;
  /** Dollars a share. */
  readonly basis: number;
}

/** Annual return of a call's credit on the price of the shares it covers. Dollars a share. */
export const callYield = (call: { readonly credit: number; readonly spot: number; readonly dte: number; readonly fee: number }): number =>
  ((call.credit * 100 - call.fee) / (call.spot * 100)) * (365 / call.dte);

/** True when every one of the last `repair_after_sessions` closes lies under the basis. */
function longUnderWater(ctx: WheelContext, holding: Holding, basis: number): boolean {
  const bars = ctx.market.dailyBars(holding.name, ctx.params.repair_after_sessions);
  const since = holding.cycle?.sharesSinceDay ?? holding.shares?.openedDay;
  if (!bars.known || since === undefined || since === null) return false;
  const recent = bars.value.slice(-ctx.params.repair_after_sessions);
  const first = recent[0];
  return (
    recent.length >= ctx.params.repair_after_sessions &&
    first !== undefined &&
    since <= first.day &&
    recent.every((bar) => dollars(bar.close) < basis)
  );
}

interface Sought {
  readonly field: Field;
  readonly basis: number;
  readonly contracts: number;
}

/** Strikes at or over the basis with a delta in the band, nearest to the target; in repair, lower strikes far from being called. */
function candidatesOf({ params }: WheelContext, rows: readonly ValuedRow[], basis: number, repairing: boolean): readonly ValuedRow[] {
  const inBand = rows.filter(
    (row) => dollars(row.option.strike) >= basis && inDeltaBand(row, params.call_delta_min, params.call_delta_max),
  );
  if (inBand.length > 0 || !repairing) return inBand.sort(byDelta(params.call_delta_target));
  const floor = params.repair_basis_part * basis;
  return rows
    .filter((row) => dollars(row.option.strike) >= floor && row.delta <= params.repair_delta_max && row.delta > 0)
    .sort(byDelta(params.repair_delta_max));
}

/** Why no strike will do, neither at or over the basis nor, under water for long, a little below it. */
function* noStrike({ params }: WheelContext, rows: readonly ValuedRow[], basis: number, repairing: boolean): Trial<never> {
  if (repairing) {
    const floor = figure(params.repair_basis_part * basis);
    const why = `under water for ${params.repair_after_sessions} sessions, but no strike from ${floor} up has a delta of at most ${params.repair_delta_max}`;
    return yield* refuse('repair strikes', 'NO_STRIKE_ABOVE_BASIS', why, 0, 1);
  }
  const above = rows.filter((row) => dollars(row.option.strike) >= basis);
  const deltas = above.map((row) => figure(row.delta)).join(' ');
  const band = `${params.call_delta_min} to ${params.call_delta_max}`;
  const code = above.some((row) => Math.abs(row.delta) >= params.call_delta_min) ? 'NO_STRIKE_IN_BAND' : 'NO_STRIKE_ABOVE_BASIS';
  return yield* refuse(
    'delta at or over the basis',
    code,
    `no strike from ${figure(basis)} up has a delta of ${band}: ${deltas}`,
    deltas,
    band,
  );
}

/** The first of the candidates that trades well enough; else the reason of the best of them. */
function* strike(ctx: WheelContext, holding: Holding, { field, basis, contracts }: Sought): Trial<ValuedRow> {
  const rows = yield* valuedSide(ctx, field);
  const repairing = longUnderWater(ctx, holding, basis);
  const candidates = candidatesOf(ctx, rows, basis, repairing);
  const suits = (row: ValuedRow): Trial<void> => liquid('sell', row.row, row.quote, liquidityAsk(ctx, ctx.params, contracts));
  const suited = yield* firstSuited(ctx, {
    field,
    rows,
    candidates,
    suits,
    outside: (row) => (dollars(row.option.strike) < basis ? 'NO_STRIKE_ABOVE_BASIS' : 'NO_STRIKE_IN_BAND'),
  });
  const chosen = suited ?? candidates[0];
  if (chosen === undefined) return yield* noStrike(ctx, rows, basis, repairing);
  yield* suits(chosen);
  return chosen;
}

/** Shares are sold calls on from the session after they came. */
function* settledIn(ctx: WheelContext, holding: Holding): Trial<void> {
  const since = holding.cycle?.sharesSinceDay ?? holding.shares?.openedDay ?? ctx.day;
  yield holds(
    'shares held since',
    { observed: since, threshold: `before ${ctx.day}`, pass: since < ctx.day },
    'COOLDOWN',
    `the shares came on ${since}: a call is sold from the next session on`,
  );
}

/** The call to sell on the free shares of a name, with every number it was judged by. */
export function* chooseCall(ctx: WheelContext, holding: Holding, memory: WheelMemory, quote: Quote): Trial<CallCandidate> {
  const { params } = ctx;
  const { name } = holding;
  yield* settledIn(ctx, holding);
  const contracts = Math.floor(holding.freeShares / 100);
  const basis = (adjustedBasis(holding, memory) ?? 0) / MICROS;
  yield holds(
    'adjusted basis',
    { observed: basis, threshold: null, pass: basis > 0 },
    'RECON_PENDING',
    `the cost of the shares in ${name} is not known`,
  );
  const setting = settingOf(ctx, name, quote, horizon(ctx));
  const chain = yield* need('chain', ctx.market.chain(name));
  const { call_dte_min: min, call_dte_target: target, call_dte_max: max } = params;
  const window = { min, target, max, monthlyWithin: params.monthly_within_cal_days };
  const expiry = yield* chooseExpiry(ctx, chain, window);
  yield* need('dividends', ctx.market.dividends(name, ctx.day, expiry));
  yield* noEarnings(ctx, name, expiry);
  const field = fieldOf(ctx.day, { chain, right: 'call', setting }, window, expiry);
  const row = yield* strike(ctx, holding, { field, basis, contracts });
  const credit = expectedCredit(ctx, row, tickOf(ctx.market, row.option));
  const annual = callYield({ credit, spot: setting.spot, dte: daysBetween(ctx.day, expiry), fee: params.fee_per_contract_usd });
  const paysEnough = figure(credit * 100) >= params.credit_min_usd || annual >= params.call_yield_min;
  yield holds('delta', { observed: row.delta, threshold: params.call_delta_target, pass: true }, 'NO_STRIKE_IN_BAND', '');
  yield holds('probability to be called', { observed: row.pItm, threshold: null, pass: true }, 'NO_STRIKE_IN_BAND', '');
  yield holds('yield', { observed: annual, threshold: params.call_yield_min, pass: true }, 'YIELD_TOO_LOW', '');
  yield holds(
    'credit of a contract',
    { observed: credit * 100, threshold: params.credit_min_usd, pass: paysEnough },
    'CREDIT_TOO_LOW',
    `${figure(credit * 100)} a contract is under ${params.credit_min_usd}, and ${figure(annual)} a year under ${params.call_yield_min}`,
  );
  return { row, contracts, credit, basis };
}

/** The least credit a call's ladder may end at, dollars a share: the smaller of the least credit and the credit that makes the yield. */
export const leastCallCredit = (ctx: WheelContext, candidate: CallCandidate, spot: number): number =>
  Math.min(
    ctx.params.credit_min_usd / 100,
    (ctx.params.call_yield_min * spot * candidate.row.dte) / 365 + ctx.params.fee_per_contract_usd / 100,
  );
