import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { strategyCodes, strategyId, symbol } from '../../../src/domain/ids.ts';
import { instrumentOf } from '../../../src/domain/instrument.ts';
import { leg, legs } from '../../../src/domain/legs.ts';
import { tradingDay } from '../../../src/domain/time.ts';
import { type IdParts, orderId, readOrderId } from '../../../src/execution/order-id.ts';

const put = instrumentOf(symbol('ABC260417P00170000'));
const parts: IdParts = {
  account: 'PA3SIM0001',
  strategy: strategyId('wheel'),
  purpose: 'O',
  day: tradingDay('2026-03-10'),
  decisionKey: 'entry:1773158400000:put:ABC#0.0.0',
  legs: legs(leg(put, 'sell', 'open')),
};

describe('an order id', () => {
  it('never changes between versions: the broker knows the orders of the version before by it', () => {
    expect(orderId(parts)).toBe('wsb1-wh-O-260310-ljgldupf5rujw2fn');
  });
  it('has 33 characters and says strategy, purpose and session', () => {
    for (const [strategy, code] of strategyCodes) {
      const id = orderId({ ...parts, strategy, purpose: 'C' });
      expect(id).toMatch(new RegExp(`^wsb1-${code}-C-260310-[a-z2-7]{16}$`));
      expect(id).toHaveLength(33);
      expect(readOrderId(id)).toEqual({ strategy, purpose: 'C' });
    }
  });
  it.each([
    ['account', { account: 'PA3SIM0002' }],
    ['strategy', { strategy: strategyId('base') }],
    ['purpose', { purpose: 'R' as const }],
    ['session', { day: tradingDay('2026-03-11') }],
    ['decision', { decisionKey: 'entry:1773158400000:put:ABC#0.1.0' }],
    ['side of a leg', { legs: legs(leg(put, 'buy', 'open')) }],
    ['effect of a leg', { legs: legs(leg(put, 'sell', 'close')) }],
    ['ratio of a leg', { legs: legs(leg(put, 'sell', 'open', 2)) }],
  ])('changes with the %s', (_name, over) => {
    expect(orderId({ ...parts, ...over })).not.toBe(orderId(parts));
  });
  it('differs for different decisions', () => {
    const ids = new Set(Array.from({ length: 5_000 }, (_, i) => orderId({ ...parts, decisionKey: `key-${i}` })));
    expect(ids.size).toBe(5_000);
  });
  it('of an unknown strategy is not made', () => {
    expect(() => orderId({ ...parts, strategy: strategyId('nobody') })).toThrow('code of strategy nobody');
  });
  it.each([
    'wsb1-xx-O-260310-ljgldupf5rujw2fn',
    'wsb1-wh-X-260310-ljgldupf5rujw2fn',
    'wsb1-wh-O-260310-ljgldupf5rujw2f',
    'wsb2-wh-O-260310-ljgldupf5rujw2fn',
    'wsb1-wh-O-260310-LJGLDUPF5RUJW2FN',
    '',
    'a1b2',
  ])('is not %j', (text) => {
    expect(readOrderId(text)).toBeUndefined();
  });
  it('is nobody else’s by chance', () => {
    fc.assert(fc.property(fc.uuid(), (id) => readOrderId(id) === undefined));
  });
});
