import { describe, expect, it } from 'vitest';
import type { Right } from '../../../src/domain/instrument.ts';
import { heldValue } from '../../../src/strategies/toolkit/held-option.ts';
import { heldTrade } from '../../../src/strategies/toolkit/holding.ts';
import { contextOf, list, stock, world } from '../../golden/strategies/world.ts';
import { trade } from '../../golden/strategies/world-more.ts';

/** A long option of a share at 50, with this quote or the model's. */
function held(right: Right, strike: number, quote?: readonly [number, number], share = true) {
  const w = world('2026-03-11', 11);
  if (share) stock(w, 'XYZ', { spot: 50 });
  list(w, 'XYZ', 50, '2026-04-17', [{ strike, sigma: 0.3, ...(quote === undefined ? {} : { [right]: quote }) }]);
  const ctx = contextOf(w, {});
  const legs = [{ expiry: '2026-04-17', right, strike, side: 'buy' as const }];
  const told = heldTrade(ctx.market, trade({ owner: 'dip', name: 'XYZ', legs, units: 1, entry: 1, openedDay: '2026-03-10' }));
  return told.known ? heldValue(ctx, told.value) : undefined;
}

describe('the value of one held option', () => {
  it('is that of the model the quote was made with', () => {
    expect(held('call', 52)?.sigma).toBeCloseTo(0.3, 3);
    expect(held('call', 52)?.delta).toBeGreaterThan(0.3);
    expect(held('put', 48)?.delta).toBeLessThan(-0.2);
  });
  it('is that of the share where the price holds no time value', () => {
    expect(held('call', 40, [9.9, 10])).toEqual({ delta: 1, sigma: null });
    expect(held('put', 60, [9.6, 9.7])).toEqual({ delta: -1, sigma: null });
  });
  it('is not known without a quote of the share, nor for a price beyond any volatility', () => {
    expect(held('call', 52, undefined, false)).toBeUndefined();
    expect(held('call', 52, [60, 61])).toBeUndefined();
  });
});
