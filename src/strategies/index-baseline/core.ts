// The core holding: keeps the weight of index funds near its target, one limit order and one direction a day.
import type { Decision, Gate, Intent } from '../../domain/decision.ts';
import type { Symbol } from '../../domain/ids.ts';
import { equity } from '../../domain/instrument.ts';
import { leg, legs } from '../../domain/legs.ts';
import { dollars, MICROS, negate, notional, type price, qty, toTick } from '../../domain/money.ts';
import { daysBetween, SECOND } from '../../domain/time.ts';
import type { Quote } from '../../market/quote.ts';
import { equityTick } from '../../market/ticks.ts';
import type { Context } from '../strategy.ts';
import { atLeast, figure, holds, need, pass, refuse, settle, type Trial } from '../toolkit/gates.ts';
import { mid, relativeSpread } from '../toolkit/limits.ts';
import type { Ledger } from './ledger.ts';
import type { BaselineParams } from './params.ts';

export type BaselineContext = Context<BaselineParams>;

/** Shares to trade towards the target: positive buys, negative sells, whole and rounded towards doing less. Dollars. */
export const sharesToTarget = (ask: {
  readonly equity: number;
  readonly held: number;
  readonly target: number;
  readonly price: number;
}): number => Math.trunc((ask.target * ask.equity - ask.held) / ask.price);

/** Value of all benchmark funds of all owners, dollars; a fund that is held must have a price. */
export function* benchmarkValue(ctx: BaselineContext): Trial<number> {
  let value = 0;
  for (const { instrument, qty: held } of ctx.book.positions) {
    if (instrument.kind !== 'equity' || !ctx.params.benchmarks.includes(instrument.symbol)) continue;
    const quote = yield* need(`quote of ${instrument.symbol}`, ctx.market.quote(instrument.symbol));
    value += held * mid(quote);
  }
  return value;
}

export const sharesOf = (ctx: BaselineContext, fund: Symbol): number => ctx.positions.find((p) => p.instrument.symbol === fund)?.qty ?? 0;

/** True while buying back what was sold for its loss would undo that loss. */
export const inWashWindow = ({ params, day }: Pick<BaselineContext, 'params' | 'day'>, { harvest }: Ledger): boolean =>
  harvest !== null && daysBetween(harvest.day as typeof day, day) <= params.harvest_wash_days;

/** The fund that is bought: the replacement while the window of a harvest is open. */
export const fundToBuy = (ctx: BaselineContext, book: Ledger): Symbol =>
  book.harvest !== null && inWashWindow(ctx, book) ? (book.harvest.replacement as Symbol) : ctx.params.instrument;

/** The fund that is sold: what is not bought any more goes first. */
function fundToSell(ctx: BaselineContext, book: Ledger): Symbol {
  const bought = fundToBuy(ctx, book);
  const { instrument } = ctx.params;
  const other = book.harvest === null ? instrument : bought === instrument ? (book.harvest.replacement as Symbol) : instrument;
  return sharesOf(ctx, other) > 0 ? other : bought;
}

/** A limit `limit_offset_pct` through the touch, on the cent, rounded to our side but never inside it. */
export function limit(ctx: BaselineContext, side: 'buy' | 'sell', quote: Quote): ReturnType<typeof price> {
  const { limit_offset_pct: offset } = ctx.params;
  return side === 'buy'
    ? toTick(dollars(quote.ask) * (1 + offset), equityTick(quote.ask), 'down')
    : toTick(dollars(quote.bid) * (1 - offset), equityTick(quote.bid), 'up');
}

/** Cash a purchase may use, micros: what is settled, less what short puts, live orders and others' worst losses need. */
export const spendable = (ctx: BaselineContext): number =>
  ctx.account.settledCash - Math.max(ctx.book.cashClaims, ctx.book.reserved, ctx.book.putCollateral);

interface Plan {
  readonly fund: Symbol;
  readonly side: 'buy' | 'sell';
  readonly shares: number;
  readonly at: ReturnType<typeof price>;
  readonly weight: number;
}

export function* standing(ctx: BaselineContext, fund: Symbol): Trial<void> {
  const { params, account } = ctx;
  if (!params.enabled) yield* refuse('enabled', 'DISABLED', 'the core holding is off: only the shadow ledger runs', 'false', 'true');
  yield holds(
    'account age, ms',
    { observed: account.ageMs, threshold: params.account_age_ms_max, pass: account.ageMs <= params.account_age_ms_max },
    'ACCOUNT_STALE',
    `the account was read ${account.ageMs} ms ago`,
  );
  if (ctx.book.disputed.has(fund)) yield* refuse('ledger agrees', 'RECON_PENDING', `positions and ledger disagree in ${fund}`);
  const atWork = ctx.working.filter((order) => order.purpose !== 'P').length + ctx.busy.size; // a resting stop is no trade of ours under way
  if (atWork > 0) yield* refuse('no order working', 'ORDER_WORKING', 'an order of the core holding is at work', atWork, 0);
}

function* sized(ctx: BaselineContext, { fund, side, at }: Pick<Plan, 'fund' | 'side' | 'at'>, wanted: number): Trial<number> {
  if (side === 'sell') {
    const held = sharesOf(ctx, fund);
    yield atLeast('own shares to sell', 1, Math.min(wanted, held), 'SIZE_ZERO');
    return Math.min(wanted, held);
  }
  const affordable = Math.max(0, Math.floor(spendable(ctx) / at));
  yield holds(
    'shares the free cash buys',
    { observed: affordable, threshold: 1, pass: affordable >= 1 },
    'BUYING_POWER',
    `settled cash less claims leaves ${figure(spendable(ctx) / MICROS)}`,
  );
  return Math.min(wanted, affordable);
}

/** The distance of the weight of all benchmark funds from its target, where it is worth a trade. */
function* drifted(ctx: BaselineContext): Trial<{ readonly account: number; readonly held: number; readonly weight: number }> {
  const { params } = ctx;
  const held = yield* benchmarkValue(ctx);
  const account = dollars(ctx.account.equity);
  yield holds('equity', { observed: account, threshold: 0, pass: account > 0 }, 'SIZE_ZERO', 'no equity');
  const weight = held / account;
  const drift = Math.abs(weight - params.target_weight);
  yield holds(
    'distance from the target weight',
    { observed: drift, threshold: params.band_pct, pass: drift > params.band_pct },
    'INSIDE_BAND',
    `weight ${figure(weight)} is within ${params.band_pct} of ${params.target_weight}`,
  );
  return { account, held, weight };
}

/** A market that is wide costs more to trade than the drift is worth. */
export function* narrow({ max_rel_spread }: BaselineParams, quote: Quote): Trial<void> {
  const observed = Math.round(relativeSpread(quote) * 1e6) / 1e6;
  yield holds(
    'relative spread',
    { observed, threshold: max_rel_spread, pass: observed <= max_rel_spread },
    'SPREAD_TOO_WIDE',
    `spread ${dollars(quote.bid)} to ${dollars(quote.ask)} is more than ${max_rel_spread} of the mid`,
  );
}

function* plan(ctx: BaselineContext, book: Ledger): Trial<Plan> {
  const { params } = ctx;
  const bought = fundToBuy(ctx, book);
  yield* standing(ctx, bought);
  yield* need('quote', ctx.market.quote(bought));
  const { account, held, weight } = yield* drifted(ctx);
  const side = weight < params.target_weight ? 'buy' : 'sell';
  const fund = side === 'buy' ? bought : fundToSell(ctx, book);
  const quote = yield* need('quote', ctx.market.quote(fund));
  yield* narrow(params, quote);
  const shares = Math.abs(sharesToTarget({ equity: account, held, target: params.target_weight, price: mid(quote) }));
  const opposite = book.traded !== null && book.traded.day === ctx.day && book.traded.side !== side;
  yield holds(
    'one direction a day',
    { observed: book.traded?.day === ctx.day ? book.traded.side : 'none', threshold: side, pass: !opposite },
    'COOLDOWN',
    `already traded the other way on ${ctx.day}`,
  );
  const at = limit(ctx, side, quote);
  const size = yield* sized(ctx, { fund, side, at }, shares);
  const value = dollars(notional(at, size, 1));
  const least = params.min_trade_pct * account;
  yield holds(
    'trade value',
    { observed: value, threshold: least, pass: value >= least },
    size < shares ? 'BUYING_POWER' : 'INSIDE_BAND',
    `a trade of ${figure(value)} is under ${figure(least)}`,
  );
  return { fund, side, shares: size, at, weight };
}

interface Order {
  readonly fund: Symbol;
  readonly side: 'buy' | 'sell';
  readonly shares: number;
  readonly at: ReturnType<typeof price>;
  readonly key: string;
  readonly code: 'REBALANCE' | 'HARVEST';
  readonly why: string;
}

/** One limit order for shares of a fund. */
export function fundIntent(ctx: BaselineContext, { fund, side, shares, at, key, code, why }: Order, gates: readonly Gate[]): Intent {
  const assumed = ctx.market.assumptions(fund);
  const words = { subject: fund, code, gates, key, qty: qty(shares), why, ...(assumed.length > 0 ? { assumed } : {}) } as const;
  const stepMs = ctx.params.order_seconds * SECOND;
  return side === 'buy'
    ? {
        kind: 'open',
        ...words,
        legs: legs(leg(equity(fund), 'buy', 'open')),
        prices: { rungs: [at], stepMs },
        maxLoss: notional(at, shares, 1),
      }
    : { kind: 'close', ...words, legs: legs(leg(equity(fund), 'sell', 'close')), prices: { rungs: [negate(at)], stepMs } };
}

/** The check of the core holding: one decision about its fund, and the ledger with the day's direction in it. */
export function rebalance(ctx: BaselineContext, book: Ledger): { readonly decision: Decision; readonly book: Ledger } {
  const outcome = settle(plan(ctx, book));
  if (!outcome.ok) {
    const fund = fundToBuy(ctx, book);
    return { decision: pass(fund, outcome.code, outcome.why, outcome.gates, ctx.market.assumptions(fund)), book };
  }
  const { fund, side, shares, at, weight } = outcome.value;
  const why = `weight ${figure(weight)} against ${ctx.params.target_weight}: ${side} ${shares}`;
  const decision = fundIntent(ctx, { fund, side, shares, at, key: `core:${side}`, code: 'REBALANCE', why }, outcome.gates);
  return { decision, book: { ...book, traded: { day: ctx.day, side } } };
}
