import { describe, expect, it } from 'vitest';
import type { XOrder } from '../../../../src/exchange/types.ts';
import { at, type Bench, bench, limit, MONDAY, market, mleg, PUT90, PUT95, placed, quiet, type Script, shown } from './scripted-market.ts';

const T = (minute: number, second = 0): number => at(MONDAY, 10, minute, second);

/** 300 shares of ACME are offered until 10:02, then 1,000; of the 95 puts two are bid for, of the 90 puts five are offered. */
const thin: Script = {
  ...quiet,
  sizes: {
    ACME: [
      [0, 500, 300],
      [T(2), 500, 1_000],
    ],
    [PUT95]: [[0, 2, 50]],
    [PUT90]: [[0, 50, 5]],
  },
};
const opened = (script: Script = thin): Bench => bench(script, { displayedSizes: true });
const order = ({ core }: Bench, id: string): XOrder => {
  const found = core.order('a', id);
  if (found === undefined) throw new Error(`no order ${id}`);
  return found;
};
const fills = ({ events }: Bench): readonly (readonly [number, number])[] =>
  events.flatMap(({ execution }) => (execution === null ? [] : [[execution.qty, shown(execution.price)] as const]));

describe('an exchange that fills what is shown', () => {
  it('takes what the touch shows; the rest waits at its limit until the touch shows more', () => {
    const b = opened();
    const id = placed(b.core, limit('buy', 'ACME', 700, 100.02), T(0, 30));
    b.core.advance(T(0, 59));
    expect(order(b, id)).toMatchObject({ status: 'partially_filled', filledQty: 300 });
    b.core.advance(T(2, 1));
    expect(order(b, id)).toMatchObject({ status: 'filled', filledQty: 700 });
    expect(fills(b)[0]).toEqual([300, 100]);
    expect(
      fills(b)
        .slice(1)
        .every(([, price]) => price === 100.02),
    ).toBe(true);
  });

  it('shows a touch that stands still again after a minute, and not before', () => {
    const b = opened();
    const id = placed(b.core, limit('buy', 'ACME', 500, 100.02), T(0));
    b.core.advance(T(0, 59));
    expect(order(b, id).filledQty).toBe(300);
    b.core.advance(T(1, 2));
    expect(order(b, id).filledQty).toBe(500);
  });

  it('shows two orders the same touch once', () => {
    const b = opened();
    const [first, second] = [placed(b.core, limit('buy', 'ACME', 200, 100), T(0)), placed(b.core, limit('buy', 'ACME', 200, 100), T(0))];
    b.core.advance(T(0, 5));
    expect([order(b, first).filledQty, order(b, second).filledQty]).toEqual([200, 100]);
  });

  it('trades as many packages as every leg is shown', () => {
    const b = opened();
    const id = placed(b.core, mleg([`sto ${PUT95}`, `bto ${PUT90}`], 3, -0.7), T(0));
    b.core.advance(T(0, 5));
    expect(order(b, id)).toMatchObject({ status: 'partially_filled', filledQty: 2 });
    expect(order(b, id).legs.map((leg) => leg.filledQty)).toEqual([2, 2]);
  });

  it('limits what an order at the market takes, too', () => {
    const b = opened();
    const id = placed(b.core, market('buy', 'ACME', 400), T(0));
    b.core.advance(T(0, 5));
    expect(order(b, id).filledQty).toBe(300);
  });

  it.each([
    ['ioc', 'canceled', 300],
    ['fok', 'canceled', 0],
  ] as const)('ends an %s order of more than is shown', (timeInForce, status, filledQty) => {
    const b = opened();
    const id = placed(b.core, limit('buy', 'ACME', 400, 100, { timeInForce }), T(0));
    b.core.advance(T(0, 5));
    expect(order(b, id)).toMatchObject({ status, filledQty });
  });

  it('takes any size where the market states none, and where it is not asked to look', () => {
    for (const b of [opened(quiet), bench(thin)]) {
      const id = placed(b.core, limit('buy', 'ACME', 700, 100), T(0));
      b.core.advance(T(0, 5));
      expect(order(b, id)).toMatchObject({ status: 'filled', filledQty: 700 });
    }
  });
});
