// The core holding: keeps the weight of index funds near its target, one limit order and one direction a day.
import type { Decision, Gate, Intent } from '../../domain/decision.ts';
import { equity } from '../../domain/instrument.ts';
import { leg, legs } from '../../domain/legs.ts';
import { dollars, MICROS, negate, notional, type price, qty, toTick } from '../../domain/money.ts';
import { SECOND } from '../../domain/time.ts';
import type { Quote } from '../../market/quote.ts';
import { equityTick } from '../../market/ticks.ts';
import type { Context } from '../strategy.ts';
import { atLeast, figure, holds, need, pass, refuse, settle, type Trial } from '../toolkit/gates.ts';
import { mid } from '../toolkit/limits.ts';
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

const oursHeld = (ctx: BaselineContext): number => ctx.positions.find((p) => p.instrument.symbol === ctx.params.instrument)?.qty ?? 0;

/** A limit `limit_offset_pct` through the touch, on the cent, rounded to our side but never inside it. */
function limit(ctx: BaselineContext, side: 'buy' | 'sell', quote: Quote): ReturnType<typeof price> {
  const { limit_offset_pct: offset } = ctx.params;
  return side === 'buy'
    ? toTick(dollars(quote.ask) * (1 + offset), equityTick(quote.ask), 'down')
    : toTick(dollars(quote.bid) * (1 - offset), equityTick(quote.bid), 'up');
}

/** Cash a purchase may use, micros: what is settled, less what short puts, live orders and others' worst losses need. */
const spendable = (ctx: BaselineContext): number =>
  ctx.account.settledCash - Math.max(ctx.book.cashClaims, ctx.book.reserved, ctx.book.putCollateral);

interface Plan {
  readonly side: 'buy' | 'sell';
  readonly shares: number;
  readonly at: ReturnType<typeof price>;
  readonly weight: number;
}

function* standing(ctx: BaselineContext): Trial<void> {
  const { params, account } = ctx;
  if (!params.enabled) yield* refuse('enabled', 'DISABLED', 'the core holding is off: only the shadow ledger runs', 'false', 'true');
  yield holds(
    'account age, ms',
    { observed: account.ageMs, threshold: params.account_age_ms_max, pass: account.ageMs <= params.account_age_ms_max },
    'ACCOUNT_STALE',
    `the account was read ${account.ageMs} ms ago`,
  );
  if (ctx.book.disputed.has(params.instrument))
    yield* refuse('ledger agrees', 'RECON_PENDING', `positions and ledger disagree in ${params.instrument}`);
  const atWork = ctx.working.filter((order) => order.purpose !== 'P').length + ctx.busy.size; // a resting stop is no trade of ours under way
  if (atWork > 0) yield* refuse('no order working', 'ORDER_WORKING', 'an order of the core holding is at work', atWork, 0);
}

function* sized(ctx: BaselineContext, side: 'buy' | 'sell', wanted: number, at: Plan['at']): Trial<number> {
  if (side === 'sell') {
    const held = oursHeld(ctx);
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

function* plan(ctx: BaselineContext, book: Ledger): Trial<Plan> {
  yield* standing(ctx);
  const { params } = ctx;
  const quote = yield* need('quote', ctx.market.quote(params.instrument));
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
  const shares = sharesToTarget({ equity: account, held, target: params.target_weight, price: mid(quote) });
  const side = shares > 0 ? 'buy' : 'sell';
  const opposite = book.traded !== null && book.traded.day === ctx.day && book.traded.side !== side;
  yield holds(
    'one direction a day',
    { observed: book.traded?.day === ctx.day ? book.traded.side : 'none', threshold: side, pass: !opposite },
    'COOLDOWN',
    `already traded the other way on ${ctx.day}`,
  );
  const at = limit(ctx, side, quote);
  const size = yield* sized(ctx, side, Math.abs(shares), at);
  const value = dollars(notional(at, size, 1));
  const least = params.min_trade_pct * account;
  yield holds(
    'trade value',
    { observed: value, threshold: least, pass: value >= least },
    size < Math.abs(shares) ? 'BUYING_POWER' : 'INSIDE_BAND',
    `a trade of ${figure(value)} is under ${figure(least)}`,
  );
  return { side, shares: size, at, weight };
}

function intentOf(ctx: BaselineContext, { side, shares, at, weight }: Plan, gates: readonly Gate[]): Intent {
  const { instrument, target_weight, order_seconds } = ctx.params;
  const assumed = ctx.market.assumptions(instrument);
  const words = {
    subject: instrument,
    code: 'REBALANCE',
    gates,
    key: `core:${side}`,
    qty: qty(shares),
    why: `weight ${figure(weight)} against ${target_weight}: ${side} ${shares}`,
    ...(assumed.length > 0 ? { assumed } : {}),
  } as const;
  const stepMs = order_seconds * SECOND;
  return side === 'buy'
    ? {
        kind: 'open',
        ...words,
        legs: legs(leg(equity(instrument), 'buy', 'open')),
        prices: { rungs: [at], stepMs },
        maxLoss: notional(at, shares, 1),
      }
    : { kind: 'close', ...words, legs: legs(leg(equity(instrument), 'sell', 'close')), prices: { rungs: [negate(at)], stepMs } };
}

/** The check of the core holding: one decision about its fund, and the ledger with the day's direction in it. */
export function rebalance(ctx: BaselineContext, book: Ledger): { readonly decision: Decision; readonly book: Ledger } {
  const outcome = settle(plan(ctx, book));
  const { instrument } = ctx.params;
  if (!outcome.ok)
    return { decision: pass(instrument, outcome.code, outcome.why, outcome.gates, ctx.market.assumptions(instrument)), book };
  return { decision: intentOf(ctx, outcome.value, outcome.gates), book: { ...book, traded: { day: ctx.day, side: outcome.value.side } } };
}
