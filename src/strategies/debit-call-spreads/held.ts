// A held spread with everything its rules look at, and the numbers that stand beside every decision about it.
import type { Gate } from '../../domain/decision.ts';
import type { Option } from '../../domain/instrument.ts';
import { dollars } from '../../domain/money.ts';
import { absent, type Known, known } from '../../domain/reasons.ts';
import { daysBetween } from '../../domain/time.ts';
import type { Trade } from '../../domain/trade.ts';
import type { Quote } from '../../market/quote.ts';
import { cents, settingOf } from '../toolkit/context.ts';
import { noted } from '../toolkit/gates.ts';
import { type Held, heldTrade } from '../toolkit/holding.ts';
import { mid } from '../toolkit/limits.ts';
import type { Setting } from '../toolkit/select.ts';
import { extrinsicAtBid, type ShortCall } from '../toolkit/short-call.ts';
import { stopConfirmed, type Watched } from '../toolkit/watch.ts';
import { horizon, type SpreadContext } from './context.ts';

export interface HeldSpread {
  readonly held: Held;
  readonly long: { readonly option: Option; readonly quote: Quote };
  readonly short: { readonly option: Option; readonly quote: Quote };
  /** Dollars a share. */
  readonly width: number;
  readonly target: number;
  readonly stop: number;
  readonly dte: number;
  /** The short call against its share, and what both are valued on; absent while the share has no fresh quote. */
  readonly call: Known<ShortCall & { readonly setting: Setting }>;
  readonly stopSeen: { readonly reached: boolean; readonly confirmed: boolean };
  readonly gates: readonly Gate[];
}

/** Where a spread of this debit and width takes its profit and its loss, dollars a share. */
export const levels = (
  debit: number,
  width: number,
  rule: { readonly target_part: number; readonly stop_part: number },
): { readonly target: number; readonly stop: number } => ({
  target: debit + rule.target_part * (width - debit),
  stop: rule.stop_part * debit,
});

function shortCall(ctx: SpreadContext, short: HeldSpread['short']): HeldSpread['call'] {
  const name = short.option.underlying;
  const share = ctx.market.quote(name);
  if (!share.known) return share;
  const setting = settingOf(ctx, name, share.value, horizon(ctx));
  return known({ ...short, spot: mid(share.value), setting });
}

/** Reads a whole spread; the absence of the leg that has no fresh quote, RECON_PENDING where its legs are no call vertical. */
export function readSpread(ctx: SpreadContext, trade: Trade): Known<HeldSpread> {
  const seen = heldTrade(ctx.market, trade);
  if (!seen.known) return seen;
  const held = seen.value;
  // The legs are those of the closing order: what is sold there is what we are long.
  const long = held.legs.find((l) => l.side === 'sell');
  const short = held.legs.find((l) => l.side === 'buy');
  if (long === undefined || short === undefined) return absent('RECON_PENDING', `${trade.id}: its legs are not those of a call vertical`);
  const width = (short.option.strike - long.option.strike) / 1e6;
  const { target, stop } = levels(held.entry, width, ctx.params);
  const dte = daysBetween(ctx.day, long.option.expiry);
  const call = shortCall(ctx, short);
  const reached = cents(held.mark) <= cents(stop);
  return known({
    held,
    long,
    short,
    width,
    target,
    stop,
    dte,
    call,
    stopSeen: { reached, confirmed: false },
    gates: [
      noted('units', held.units),
      noted('debit', held.entry),
      noted('mark', held.mark),
      noted('value at once', held.executable),
      noted('profit from', target),
      noted('stop from', stop),
      noted('days to expiry', dte),
      noted('spot', call.known ? call.value.spot : null),
      noted('time value of the short call', call.known ? extrinsicAtBid(short.option, short.quote, call.value.spot) : null),
      noted('bid of the long call', dollars(long.quote.bid)),
    ],
  });
}

/** The spread with what is known of its stop from the quotes before. */
export const withStop = (ctx: SpreadContext, spread: HeldSpread, watched: Watched): HeldSpread => ({
  ...spread,
  stopSeen: {
    reached: spread.stopSeen.reached,
    confirmed: spread.stopSeen.reached && stopConfirmed(watched, ctx.now.exchange, ctx.params.stop_confirm_seconds),
  },
});
