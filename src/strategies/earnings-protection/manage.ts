// Every open trade, every half minute: held over the night, left in the morning; what an assignment left is put in order first.
import type { Close, Decision, Pass } from '../../domain/decision.ts';
import { dollars } from '../../domain/money.ts';
import type { Known, ReasonCode } from '../../domain/reasons.ts';
import type { Trade } from '../../domain/trade.ts';
import { boundsOf, isOneExpiry } from '../../domain/worth.ts';
import { closeTrade } from '../toolkit/closing.ts';
import { noted, pass, weighed } from '../toolkit/gates.ts';
import { type Held, heldTrade } from '../toolkit/holding.ts';
import { closeLeftover, type Leftover, leftovers, sharesDelivered, wholePart } from '../toolkit/leftover.ts';
import { type Leaving, leaving, standing } from './exits.ts';
import type { EarnContext } from './screen.ts';
import { thesisIn } from './thesis.ts';

const wait = (ctx: EarnContext, trade: Trade, code: ReasonCode, why: string, gates: Pass['gates']): Pass =>
  pass(trade.underlying, code, why, gates, ctx.market.assumptions(trade.underlying));

/** The most that closing may cost, dollars a share: what it can be worth to anybody. A calendar or a put is at worst given away. */
export function mostToClose({ legs }: Pick<Held, 'legs'>): number {
  const parts = legs.map(({ option, side, ratio }) => ({ option, weight: side === 'buy' ? ratio : -ratio }));
  return isOneExpiry(parts) ? (boundsOf(parts).most ?? 0) / 1e6 : 0;
}

/**
 * A package cannot be closed as one where nobody bids for something it holds: what was sold is then bought back leg by leg, and what
 * nobody wants is kept, for it costs nothing more.
 */
function closeShorts(ctx: EarnContext, held: Held, exit: Leaving): readonly Decision[] {
  const step = stepOf(ctx, exit);
  const why = `${exit.why}; nobody bids for all of it, so what was sold is bought back by itself`;
  return held.legs
    .filter((leg) => leg.side === 'buy')
    .map(({ option, ratio }) => {
      const left = { instrument: option, qty: -ratio * held.units };
      const close = closeLeftover(ctx.market, held.trade, left, { ...exit, why }, step);
      return close.known ? close.value : wait(ctx, held.trade, close.code, `held without a quote: ${close.why}`, exit.gates);
    });
}

const stepOf = ({ params }: EarnContext, { pace }: Leaving): number =>
  pace === 'patient' ? params.exit_patient_step_seconds : params.exit_urgent_step_seconds;

/** A split over the night changes what a contract delivers: nothing is closed by prices of shares that are no longer the same. */
function adjusted(ctx: EarnContext, trade: Trade): Pass | undefined {
  const changed = trade.held.find(({ instrument }) => ctx.market.contract(instrument.symbol)?.standard === false);
  if (changed === undefined) return undefined;
  const { symbol } = changed.instrument;
  const why = `${symbol} was adjusted: what it delivers has to be settled by hand first`;
  return wait(ctx, trade, 'RECON_PENDING', why, [weighed('standard contract', 'true', symbol, false)]);
}

function manageWhole(ctx: EarnContext, trade: Trade): readonly Decision[] {
  const waiting = adjusted(ctx, trade);
  if (waiting !== undefined) return [waiting];
  const read = heldTrade(ctx.market, trade);
  if (!read.known) {
    const gates = trade.held.map((h) => noted(h.instrument.symbol, h.qty));
    return [wait(ctx, trade, read.code, `held: ${read.why}`, gates)];
  }
  const held = read.value;
  const thesis = thesisIn(trade);
  const gates = standing(ctx, held, thesis);
  const exit = leaving(ctx, held, thesis);
  if (exit === undefined) return [wait(ctx, trade, 'HOLD', 'the night is not over, or the first prints have not settled', gates)];
  const told = { ...exit, gates: [...gates, ...exit.gates] };
  const unbid = held.legs.some(({ side, quote }) => side === 'sell' && quote.bid <= 0);
  if (unbid && held.legs.length > 1) return closeShorts(ctx, held, told);
  return [closeTrade(ctx.market, held, { ...told, bound: mostToClose(held) }, stepOf(ctx, exit))];
}

/** Shares of an assignment and options that lost the others of their package. */
function manageLeftover(ctx: EarnContext, trade: Trade, left: Leftover): Decision {
  const { instrument, qty } = left;
  const delivered = sharesDelivered(trade);
  const gates = [noted(instrument.symbol, qty), noted('shares delivered', delivered)];
  const close = (code: ReasonCode, why: string): Decision => {
    const order: Known<Close> = closeLeftover(
      ctx.market,
      trade,
      left,
      { code, why, gates, pace: 'urgent' },
      ctx.params.exit_urgent_step_seconds,
    );
    return order.known ? order.value : wait(ctx, trade, order.code, `held without a quote: ${order.why}`, gates);
  };
  if (instrument.kind === 'equity') return close('ASSIGNED', `${qty} shares were delivered: they are closed, and the options beside them`);
  if (qty < 0) return close('EARLY_ASSIGNMENT_RISK', 'a short option without its long one is bought back');
  const quote = ctx.market.quote(instrument.symbol);
  const bid = quote.known ? dollars(quote.value.bid) : null;
  if (delivered !== 0 || (bid !== null && bid > 0)) return close('INVALIDATION', 'an option that lost the others of its package is sold');
  return wait(ctx, trade, 'HOLD', 'an option that lost the others of its package, kept while nobody bids for it', [
    ...gates,
    noted('bid', bid),
  ]);
}

/** One decision or more for every open trade; runs in halts too. */
export const manage = (ctx: EarnContext): readonly Decision[] =>
  ctx.trades.flatMap((trade) => {
    const whole = wholePart(trade);
    return [...(whole === undefined ? [] : manageWhole(ctx, whole)), ...leftovers(trade).map((left) => manageLeftover(ctx, trade, left))];
  });
