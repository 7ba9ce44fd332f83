import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { brokerOrderId, clientOrderId } from '../../../src/domain/ids.ts';
import { equity, type Instrument, parseOcc } from '../../../src/domain/instrument.ts';
import type { Leg } from '../../../src/domain/legs.ts';
import { price, qty, usd } from '../../../src/domain/money.ts';
import { type Order, orderStates } from '../../../src/domain/order.ts';
import { epochMs } from '../../../src/domain/time.ts';
import { ledgerFile, open, order, running, SPY, today, turn } from './fixture.ts';

const put = parseOcc('AAPL260417P00220000') as Instrument;
const call = parseOcc('AAPL260417C00250000') as Instrument;

/** Orders as the daemon could have them: simple and multi-leg, in every state, money anywhere in the safe integers. */
const orders = fc
  .record({
    n: fc.integer({ min: 0, max: 999_999 }),
    parts: fc.record({
      purpose: fc.constantFrom('O' as const, 'C' as const, 'P' as const, 'R' as const),
      type: fc.constantFrom('limit' as const, 'market' as const, 'stop' as const),
      tif: fc.constantFrom('day' as const, 'gtc' as const),
      state: fc.constantFrom(...orderStates),
      limit: fc.option(fc.maxSafeInteger().map(price)),
      stop: fc.option(fc.maxSafeInteger().map(price)),
      reserve: fc.maxSafeNat().map(usd),
      cumCash: fc.maxSafeInteger().map(usd),
      rung: fc.nat(20),
      attempts: fc.nat(3),
      verdictSeq: fc.nat(),
      closedAt: fc.option(fc.nat().map(epochMs)),
      reason: fc.option(fc.string()),
      payloadHash: fc.string({ minLength: 64, maxLength: 64 }),
      assumed: fc.array(fc.string()),
    }),
    quantity: fc.integer({ min: 1, max: 10_000 }),
    filledPart: fc.double({ min: 0, max: 1, noNaN: true }),
    legs: fc.array(
      fc.record({
        instrument: fc.constantFrom<Instrument>(equity(SPY), put, call),
        side: fc.constantFrom('buy' as const, 'sell' as const),
        effect: fc.constantFrom('open' as const, 'close' as const),
        ratio: fc.integer({ min: 1, max: 3 }),
      }),
      { minLength: 1, maxLength: 4 },
    ),
  })
  .map(({ n, parts, quantity, filledPart, legs: package_ }): Order => {
    const cumQty = Math.floor(quantity * filledPart);
    return order({
      ...parts,
      id: clientOrderId(`wsb1-ba-O-260309-${String(n).padStart(16, '0')}`),
      brokerId: cumQty > 0 ? brokerOrderId(`b-${n}`) : null,
      qty: qty(quantity),
      cumQty,
      legs: package_ as unknown as readonly [Leg, ...Leg[]],
      fills:
        cumQty === 0
          ? []
          : package_.map((l, legNo) => ({ legNo, symbol: l.instrument.symbol, cumQty: cumQty * l.ratio, cumCash: usd(-legNo) })),
    });
  });

describe('the orders of a turn', () => {
  it('come back as they were', () => {
    fc.assert(
      fc.property(fc.uniqueArray(orders, { selector: (o) => o.id, minLength: 1, maxLength: 8 }), (built) => {
        const file = ledgerFile();
        const store = running(file);
        store.commit(turn(1, { orders: built }));
        store.close();
        const back = open(file);
        const byId = (list: readonly Order[]): readonly Order[] => [...list].sort((a, b) => (a.id < b.id ? -1 : 1));
        expect(byId(back.load(today).orders)).toEqual(byId(built));
        back.close();
      }),
      { numRuns: 25 },
    );
  });
});
