// What our own arithmetic makes of a held package of one option.
import type { AnyContext } from './context.ts';
import { settingOf } from './context.ts';
import type { Held } from './holding.ts';
import { valued } from './select.ts';

export interface HeldValue {
  readonly delta: number;
  /** Null where the price carries no time value that a volatility could explain. */
  readonly sigma: number | null;
}

/**
 * Delta and volatility of the one option held, at the mid of its quote. Without time value it moves like its share: delta 1, or -1 for a
 * put. Undefined where the share has no quote or no volatility explains the price.
 */
export function heldValue(ctx: Pick<AnyContext, 'market' | 'now' | 'day' | 'calendar'>, held: Held): HeldValue | undefined {
  const [leg] = held.legs;
  const share = ctx.market.quote(held.name);
  if (leg === undefined || held.legs.length > 1 || !share.known) return undefined;
  const value = valued(leg.option, leg.quote, settingOf(ctx, held.name, share.value, leg.option.expiry));
  if (value.known) return { delta: value.value.delta, sigma: value.value.sigma };
  return value.code === 'IV_BELOW_INTRINSIC' ? { delta: leg.option.right === 'call' ? 1 : -1, sigma: null } : undefined;
}
