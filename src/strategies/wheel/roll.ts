// Rolls: a short option in trouble is bought back and sold again further out, for more than the buy-back cost. Two orders, and
// the second is priced from scratch once the first is done.
import type { Decision, Gate } from '../../domain/decision.ts';
import type { Symbol } from '../../domain/ids.ts';
import { dollars, type Price, price } from '../../domain/money.ts';
import type { ReasonCode } from '../../domain/reasons.ts';
import { addDays, type TradingDay, tradingDay } from '../../domain/time.ts';
import { firstSuited } from '../toolkit/census.ts';
import { minutesFromOpen, minutesToClose, settingOf } from '../toolkit/context.ts';
import { liquidityAsk } from '../toolkit/contracts.ts';
import { figure, holds, need, noted, pass, refuse, settle, type Trial } from '../toolkit/gates.ts';
import { liquid } from '../toolkit/liquidity.ts';
import { type ValuedRow, valuedRows } from '../toolkit/select.ts';
import { horizon, type WheelContext } from './context.ts';
import type { Holding, Short } from './holding.ts';
import { type Roll, type WheelMemory, without } from './memory.ts';
import { freeCash, freeCollateral } from './room.ts';
import { sellToOpen } from './sale.ts';

/** What a roll starts from: the old option's terms and what the buy-back costs, dollars a share. */
export interface RollFrom {
  readonly name: Symbol;
  readonly right: 'put' | 'call';
  readonly strike: Price;
  readonly expiry: string;
  readonly contracts: number;
  readonly cost: number;
  /** A put's probability to expire worthless. */
  readonly pSafe: number;
}

/** Better than the old one: a put lower or equal and safer, a call higher or equal. */
const improves = (row: ValuedRow, from: RollFrom): boolean =>
  from.right === 'put' ? row.option.strike <= from.strike && 1 - row.pItm > from.pSafe : row.option.strike >= from.strike;

/** Lowest put or highest call first; then what collects more; then what expires sooner. */
const preference =
  (from: RollFrom) =>
  (a: ValuedRow, b: ValuedRow): number =>
    (from.right === 'put' ? a.option.strike - b.option.strike : b.option.strike - a.option.strike) ||
    b.quote.bid - a.quote.bid ||
    (a.option.expiry < b.option.expiry ? -1 : 1);

/**
 * The new option of a roll: 28 to 45 days (by default) after the old expiry, better placed, its bid over the buy-back's cost by
 * the least net credit. Of those that also trade well enough, the lowest put or the highest call.
 */
export function* chooseRoll(ctx: WheelContext, from: RollFrom): Trial<ValuedRow> {
  const { params } = ctx;
  const quote = yield* need('quote', ctx.market.quote(from.name));
  const chain = yield* need('chain', ctx.market.chain(from.name));
  const expiry = tradingDay(from.expiry);
  const first = addDays(expiry, params.roll_dte_min);
  const last = addDays(expiry, params.roll_dte_max);
  const reach = (day: TradingDay): boolean => day >= first && day <= last;
  const listed = chain.rows.filter(({ contract: { option } }) => option.right === from.right && reach(option.expiry));
  yield holds(
    'contracts listed to roll to',
    { observed: listed.length, threshold: `${first} to ${last}`, pass: listed.length > 0 },
    'NO_EXPIRY_IN_RANGE',
    `nothing is listed from ${first} to ${last}`,
  );
  const setting = settingOf(ctx, from.name, quote, horizon(ctx));
  const rows = valuedRows(listed, setting, (symbol) => ctx.market.entryQuote(symbol));
  const better = rows.filter((row) => improves(row, from));
  const nets = better.map((row) => dollars(row.quote.bid) - from.cost);
  const least = params.roll_net_credit_min_usd;
  const paying = better.filter((_, i) => (nets[i] ?? 0) >= least - 1e-9);
  const traded = yield* firstSuited(ctx, {
    field: { chain, right: from.right, wanted: reach, reach, setting },
    rows,
    candidates: [...paying].sort(preference(from)),
    suits: (row) => liquid('sell', row.row, row.quote, liquidityAsk(ctx, params, from.contracts)),
    outside: (row) => (improves(row, from) ? 'CREDIT_TOO_LOW' : 'NO_STRIKE_IN_BAND'),
  });
  const best = nets.length === 0 ? null : Math.max(...nets);
  yield holds(
    'net credit of the roll',
    { observed: best, threshold: least, pass: paying.length > 0 },
    better.length === 0 ? 'NO_STRIKE_IN_BAND' : 'CREDIT_TOO_LOW',
    `the best of ${better.length} better strikes nets ${best === null ? 'nothing' : figure(best)}, at least ${least} is asked`,
  );
  if (traded === undefined)
    return yield* refuse('liquidity', 'SPREAD_TOO_WIDE', `none of ${paying.length} paying strikes trades well enough`);
  return traded;
}

export const rollFrom = (name: Symbol, short: Short, cost: number, pSafe: number): RollFrom => ({
  name,
  right: short.option.right,
  strike: short.option.strike,
  expiry: short.option.expiry,
  contracts: short.contracts,
  cost,
  pSafe,
});

const resumed = (name: Symbol, roll: Roll, contracts: number): RollFrom => ({
  name,
  right: roll.right,
  strike: price(roll.strike),
  expiry: roll.expiry,
  contracts,
  cost: dollars(price(roll.paidAtMost)),
  pSafe: roll.pSafe,
});

/** A rolled put may not tie up more cash than there is; the strike it replaces has been given back. */
function* secured(ctx: WheelContext, row: ValuedRow, contracts: number): Trial<void> {
  const needed = row.option.strike * 100 * contracts;
  const room = Math.min(freeCash(ctx), freeCollateral(ctx));
  yield holds(
    'collateral',
    { observed: needed / 1e6, threshold: room / 1e6, pass: needed <= room },
    'COLLATERAL_SHORT',
    `${needed / 1e6} of strike, ${room / 1e6} of room`,
  );
}

/** The hours in which both halves of a roll can be done: what is bought back while nothing may be opened leaves the shares without their call. */
export function inRollHours(ctx: WheelContext): boolean {
  const { roll_start_minutes_after_open: start, roll_end_minutes_before_close: end } = ctx.params;
  return minutesFromOpen(ctx) >= start && minutesToClose(ctx) >= end;
}

export interface RollStep {
  readonly decision: Decision;
  readonly memory: WheelMemory;
}

/** What is left to sell of a roll: what was bought back, less what has been sold since. */
function outstanding(holding: Holding, roll: Roll): { readonly boughtBack: number; readonly contracts: number } {
  const same = roll.right === 'put' ? holding.puts : holding.calls;
  const left = same.find((s) => s.option.symbol === roll.option)?.contracts ?? 0;
  const sold = same.reduce((n, s) => n + (s.option.symbol !== roll.option && s.position.openedDay >= roll.day ? s.contracts : 0), 0);
  return { boughtBack: roll.qty - left, contracts: roll.qty - left - sold };
}

/** Why the second half is given up or waits, before any price is asked for. */
function notNow(
  ctx: WheelContext,
  holding: Holding,
  roll: Roll,
): { readonly code: ReasonCode; readonly why: string; readonly over: boolean } | undefined {
  const { boughtBack, contracts } = outstanding(holding, roll);
  if (boughtBack <= 0) return { code: 'ENTRY_UNFILLED', why: 'the buy-back of the roll did not fill', over: true };
  if (contracts <= 0) return { code: 'HOLD', why: 'the roll is done', over: true };
  if (roll.day !== ctx.day)
    return { code: 'ENTRY_UNFILLED', why: `the second half of the roll of ${roll.day} was not filled that day`, over: true };
  if (roll.attempts >= ctx.params.roll_attempts_max) {
    return { code: 'ENTRY_UNFILLED', why: `the second half of the roll was not filled in ${roll.attempts} ladders`, over: true };
  }
  if (!inRollHours(ctx)) return { code: 'OUTSIDE_WINDOW', why: 'the second half of the roll waits for its hours', over: false };
  if (holding.stage === 'RECONCILE')
    return { code: 'RECON_PENDING', why: 'the second half of the roll waits until the books agree', over: false };
  return undefined;
}

function* secondHalf(ctx: WheelContext, holding: Holding, from: RollFrom): Trial<ValuedRow> {
  const covered = holding.freeShares >= from.contracts * 100;
  if (from.right === 'call' && !covered)
    yield* refuse('free shares', 'SIZE_ZERO', 'the shares to cover the new call are not free', holding.freeShares, from.contracts * 100);
  const row = yield* chooseRoll(ctx, from);
  if (from.right === 'put') yield* secured(ctx, row, from.contracts);
  return row;
}

/**
 * The second half of a roll, once the first is no longer at work. It sells as many as were bought back, on the day of the
 * buy-back only and in few ladders; what was not bought back stays as it is and is judged afresh.
 */
export function finishRoll(ctx: WheelContext, holding: Holding, memory: WheelMemory, roll: Roll): RollStep {
  const { name } = holding;
  const { boughtBack, contracts } = outstanding(holding, roll);
  const gates: readonly Gate[] = [
    noted('bought back', boughtBack),
    noted('to sell', contracts),
    noted('paid at most', roll.paidAtMost / 1e6),
  ];
  const obstacle = notNow(ctx, holding, roll);
  if (obstacle !== undefined) {
    const kept = obstacle.over ? { ...memory, rolls: without(memory.rolls, name) } : memory;
    return { decision: pass(name, obstacle.code, obstacle.why, gates), memory: kept };
  }
  const from = resumed(name, roll, contracts);
  const outcome = settle(secondHalf(ctx, holding, from));
  const all = [...gates, ...outcome.gates];
  if (!outcome.ok) return { decision: pass(name, outcome.code, `the second half of the roll waits: ${outcome.why}`, all), memory };
  const row = outcome.value;
  const strike = dollars(row.option.strike);
  const sale = {
    valued: row,
    contracts,
    creditMin: from.cost + ctx.params.roll_net_credit_min_usd,
    lossBeforeCredit: roll.right === 'put' ? strike : 0,
  };
  const why = `rolled from ${dollars(price(roll.strike))} of ${roll.expiry} to ${strike} of ${row.option.expiry}`;
  const rolls = { ...memory.rolls, [name]: { ...roll, attempts: roll.attempts + 1 } };
  // A put's cycle may have ended with the buy-back: what it had earned or lost belongs to the next one's basis.
  const carried = roll.right === 'put' ? { ...memory.carried, [name]: { amount: roll.premiumAfter, day: ctx.day } } : memory.carried;
  return {
    decision: sellToOpen(ctx, name, sale, { key: `roll:${roll.option}`, code: 'ROLL', why, gates: all }),
    memory: { ...memory, rolls, carried },
  };
}
