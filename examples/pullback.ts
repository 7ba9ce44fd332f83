// Pullback, an example of a strategy: buys shares that fell under their mean; sells them at the mean, at a loss, or when their time is up.
import { z } from 'zod';
import type { Decision, Open } from '../src/domain/decision.ts';
import type { Symbol } from '../src/domain/ids.ts';
import { equity } from '../src/domain/instrument.ts';
import { leg, legs } from '../src/domain/legs.ts';
import { dollars, qty, usd } from '../src/domain/money.ts';
import { after, MINUTE } from '../src/domain/time.ts';
import type { Trade } from '../src/domain/trade.ts';
import { sma } from '../src/market/indicators.ts';
import { equityTick } from '../src/market/ticks.ts';
import { type Context, defineStrategy, noNeeds } from '../src/strategies/strategy.ts';
import { closesOf } from '../src/strategies/toolkit/context.ts';
import { clockTerm, exitBy, priceTerm } from '../src/strategies/toolkit/exit-rules.ts';
import { atLeast, atMost, need, noted, pass, settle, type Trial } from '../src/strategies/toolkit/gates.ts';
import { closeLeftover } from '../src/strategies/toolkit/leftover.ts';
import { ladder, mid, relativeSpread } from '../src/strategies/toolkit/limits.ts';
import { accountReady, untouched } from '../src/strategies/toolkit/name-gates.ts';
import { fraction, ticker, universe } from '../src/strategies/toolkit/params.ts';

const params = z.strictObject({
  universe: universe.default(['SPY', 'QQQ'].map((name) => ticker.parse(name))),
  mean_sessions: z.int().min(5).max(200).default(20), // a month of closes
  pullback_pct: fraction.default(0.03), // under the mean by this part of it
  max_rel_spread: fraction.default(0.005), // of the mid: what is quoted wider is left alone
  trade_pct: fraction.default(0.05), // of equity, in one name
  stop_pct: fraction.default(0.05), // of what was paid may be lost
  hold_sessions: z.int().min(1).max(60).default(10), // a pullback that has not come back by then was none
});
type Ctx = Context<z.output<typeof params>>;
const STEP_SECONDS = 10;

/** The order for a name, by the gates it passes on the way; the first that it fails is the reason for none. */
function* entry({ params: p, market, account, ...ctx }: Ctx, name: Symbol): Trial<Omit<Open, 'gates'>> {
  yield* accountReady({ account }, 0, 10_000);
  yield* untouched(ctx, name);
  const bars = yield* need('daily bars', market.dailyBars(name, p.mean_sessions));
  const quote = yield* need('quote', market.quote(name));
  yield atMost('relative spread', p.max_rel_spread, relativeSpread(quote), 'SPREAD_TOO_WIDE');
  const mean = sma(closesOf(bars), p.mean_sessions) ?? 0;
  yield atLeast('fall under the mean', p.pullback_pct, 1 - mid(quote) / mean, 'DIP_TOO_SHALLOW');
  const shares = Math.floor((p.trade_pct * account.equity) / quote.ask);
  yield atLeast('shares in the budget', 1, shares, 'SIZE_ZERO');
  const prices = ladder({ side: 'buy', market: quote, tickAt: equityTick, from: 0, to: 1, steps: 2, stepSeconds: STEP_SECONDS });
  const why = `${name} is under its mean of ${p.mean_sessions} closes, ${mean.toFixed(2)}`;
  const order = { legs: legs(leg(equity(name), 'buy', 'open')), qty: qty(shares), prices, maxLoss: usd(quote.ask * shares) };
  return { kind: 'open', subject: name, code: 'ENTRY', why, key: name, ...order, thesis: mean };
}

function decide(ctx: Ctx, name: Symbol): Decision {
  const outcome = settle(entry(ctx, name));
  return outcome.ok ? { ...outcome.value, gates: outcome.gates } : pass(name, outcome.code, outcome.why, outcome.gates);
}

/** Where a trade ends, dollars a share, and when its time is up. */
function endsOf({ params: p, sessionAt }: Pick<Ctx, 'params' | 'sessionAt'>, { entryCash, units, thesis, openedDay }: Trade) {
  const paid = -dollars(entryCash) / units;
  return { stop: paid * (1 - p.stop_pct), target: Number(thesis), until: after(sessionAt(openedDay, p.hold_sessions).close, -15 * MINUTE) };
}

function judge(ctx: Ctx, trade: Trade): Decision {
  const name = trade.underlying;
  const quote = ctx.market.quote(name);
  if (!quote.known) return pass(name, quote.code, `held: ${quote.why}`);
  const { stop, target, until } = endsOf(ctx, trade);
  const bid = dollars(quote.value.bid);
  const code = bid <= stop ? 'STOP' : ctx.now.exchange >= until ? 'TIME_STOP' : bid >= target ? 'TARGET' : 'HOLD';
  const gates = [noted('bid', bid), noted('stop', stop), noted('target', target)];
  if (code === 'HOLD' || trade.held[0] === undefined) return pass(name, 'HOLD', 'no exit is due', gates);
  const disposal = { code, why: `the bid is ${bid}`, gates, pace: code === 'TARGET' ? 'patient' : 'urgent' } as const;
  const close = closeLeftover(ctx.market, trade, trade.held[0], disposal, STEP_SECONDS);
  return close.known ? close.value : pass(name, close.code, close.why, gates);
}

export const pullback = defineStrategy<Ctx['params']>({
  id: 'pull',
  title: 'Pullback',
  version: 1,
  optionsLevel: 0,
  params,
  schedule: () => [
    { name: 'entry', phase: 'entry', at: [{ from: 'open', minutes: 60 }] },
    { name: 'manage', phase: 'manage', everyMs: MINUTE, start: { from: 'open', minutes: 1 }, end: { from: 'close', minutes: -1 } },
  ],
  watches: ({ params: { universe: quotes, mean_sessions: sessions } }) => ({
    ...noNeeds,
    quotes,
    dailyBars: quotes.map((symbol) => ({ symbol, sessions })),
  }),
  chains: () => [],
  evaluate: (ctx) => ctx.params.universe.map((name) => decide(ctx, name)),
  manage: (ctx) => ctx.trades.map((trade) => judge(ctx, trade)),
  exits: (ctx, trade) => {
    const { stop, target, until } = endsOf(ctx, trade);
    const [atStop, atTarget] = [priceTerm('bid', 'at or below', stop), priceTerm('bid', 'at or above', target)];
    return [...exitBy('STOP', [atStop]), ...exitBy('TARGET', [atTarget]), ...exitBy('TIME_STOP', [clockTerm(until)])];
  },
  protection: () => ({ kind: 'stop', belowClosePct: 0.1 }),
});
