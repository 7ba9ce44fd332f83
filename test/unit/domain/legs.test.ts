import { describe, expect, it } from 'vitest';
import { symbol } from '../../../src/domain/ids.ts';
import { equity, instrumentOf } from '../../../src/domain/instrument.ts';
import { isClosing, leg, legPlan, legs, multiplierOf, sign } from '../../../src/domain/legs.ts';

const put = instrumentOf(symbol('ABC260320P00050000'));
const call = instrumentOf(symbol('ABC260320C00060000'));

describe('a package', () => {
  it('is told apart by side, effect, ratio and symbol of each leg, in order', () => {
    const plan = legPlan(legs(leg(put, 'sell', 'open'), leg(call, 'buy', 'open', 2)));
    expect(plan).toBe('sell:open:1:ABC260320P00050000|buy:open:2:ABC260320C00060000');
  });
  it('closes only when every leg does', () => {
    expect(isClosing(legs(leg(put, 'buy', 'close'), leg(call, 'sell', 'close')))).toBe(true);
    expect(isClosing(legs(leg(put, 'buy', 'close'), leg(call, 'sell', 'open')))).toBe(false);
  });
  it('has the multiplier of what it trades, and a sign for each side', () => {
    expect(multiplierOf(legs(leg(put, 'buy', 'open')))).toBe(100);
    expect(multiplierOf(legs(leg(equity(symbol('ABC')), 'buy', 'open')))).toBe(1);
    expect([sign('buy'), sign('sell')]).toEqual([1, -1]);
  });
});
