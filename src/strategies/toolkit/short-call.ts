// The dangers of a short call before its expiry: exercised for a dividend, or because next to no time value is left.
import type { Symbol } from '../../domain/ids.ts';
import type { Option } from '../../domain/instrument.ts';
import { dollars } from '../../domain/money.ts';
import type { Known } from '../../domain/reasons.ts';
import { known } from '../../domain/reasons.ts';
import type { Dividend, Quote } from '../../market/quote.ts';
import { type AnyContext, micros } from './context.ts';
import { type Setting, valued } from './select.ts';

/** Time value at the bid, dollars a share: what the holder of the call gives up by exercising it now. Negative under intrinsic value. */
export const extrinsicAtBid = (option: Option, quote: Quote, spot: number): number => {
  const { right, strike } = option;
  const inner = Math.max(0, right === 'call' ? spot - dollars(strike) : dollars(strike) - spot);
  return micros(dollars(quote.bid) - inner) / 1e6;
};

/** Announced dividends of a name that go ex on one of the next sessions, today's excluded: it is decided on the eve. */
export const dividendsAhead = (
  ctx: Pick<AnyContext, 'market' | 'day' | 'sessionAt'>,
  name: Symbol,
  sessions: number,
): Known<readonly Dividend[]> => ctx.market.dividends(name, ctx.sessionAt(ctx.day, 1).day, ctx.sessionAt(ctx.day, sessions).day);

export interface ShortCall {
  readonly option: Option;
  readonly quote: Quote;
  /** Dollars. */
  readonly spot: number;
}

export interface DividendDanger {
  /** Dollars a share, all that go ex in the sessions asked about. */
  readonly dividend: number;
  readonly extrinsic: number;
  /** In the money, and the dividend is worth more than the time value. */
  readonly exercised: boolean;
}

/** Would a short call be exercised for a dividend of the next sessions? DIVIDEND_UNKNOWN where nobody knows. */
export function dividendDanger(
  ctx: Pick<AnyContext, 'market' | 'day' | 'sessionAt'>,
  call: ShortCall,
  sessions: number,
): Known<DividendDanger> {
  const ahead = dividendsAhead(ctx, call.option.underlying, sessions);
  if (!ahead.known) return ahead;
  const dividend = ahead.value.reduce((total, d) => total + dollars(d.amount), 0);
  const extrinsic = extrinsicAtBid(call.option, call.quote, call.spot);
  return known({ dividend, extrinsic, exercised: call.spot > dollars(call.option.strike) && dividend > 0 && extrinsic < dividend });
}

/** In the money with next to no time value: exercise may come any night. A price under intrinsic value, which no volatility explains, is as deep as can be. */
export function exerciseNear(
  call: ShortCall,
  setting: Setting,
  rule: { readonly extrinsicMax: number; readonly deltaMin: number },
): boolean {
  if (call.spot <= dollars(call.option.strike)) return false;
  if (extrinsicAtBid(call.option, call.quote, call.spot) > rule.extrinsicMax) return false;
  const value = valued(call.option, call.quote, setting);
  return value.known ? value.value.delta >= rule.deltaMin : value.code === 'IV_BELOW_INTRINSIC';
}
