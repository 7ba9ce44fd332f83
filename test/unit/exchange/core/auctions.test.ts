// The opening and the closing auction: what orders for them are filled at.
import { describe, expect, it } from 'vitest';
import { fillModels } from '../../../../src/exchange/core/fill-model.ts';
import { at, bench, limit, MONDAY, market, placed, quiet, type Script, usd } from './scripted-market.ts';

const TUESDAY = '2026-03-03';
const open = at(TUESDAY, 9, 30);
const evening = at(MONDAY, 19, 30);
/** The auction prints 97.50; the touch of the same instant is somewhere else, and shows little. */
const script: Script = {
  ...quiet,
  opens: { [`ACME ${TUESDAY}`]: 97.5 },
  closes: { [`ACME ${TUESDAY}`]: 101.25 },
  sizes: { ACME: [[0, 10, 10]] },
};
const cash = (b: ReturnType<typeof bench>, id: string): unknown => {
  const order = b.core.order('a', id);
  return [order?.status, order?.filledQty, order?.filledCash];
};

describe('an order for the opening auction', () => {
  it('is filled at its price, whatever the touch is and shows, at the open', () => {
    const b = bench(script, { fills: fillModels.exact });
    const bought = placed(b.core, limit('buy', 'ACME', 40, 105, { timeInForce: 'opg' }), evening);
    const within = placed(b.core, limit('buy', 'ACME', 10, 98, { timeInForce: 'opg' }), evening + 1_000);
    const below = placed(b.core, limit('buy', 'ACME', 10, 97.49, { timeInForce: 'opg' }), evening + 2_000);
    b.core.advance(open);
    expect(cash(b, bought)).toEqual(['filled', 40, 40 * usd(97.5)]);
    expect(cash(b, within)).toEqual(['filled', 10, 10 * usd(97.5)]);
    expect(cash(b, below)).toEqual(['canceled', 0, 0]);
    expect(b.core.order('a', bought)?.filledAt).toBe(open);
    const told = b.events.filter((event) => event.order.id === bought).map((event) => event.event);
    expect(told).toEqual(['new', 'fill']);
  });

  it('takes nothing from the touch', () => {
    const b = bench(script, { fills: fillModels.exact });
    placed(b.core, limit('buy', 'ACME', 40, 105, { timeInForce: 'opg' }), evening);
    const day = placed(b.core, limit('buy', 'ACME', 10, 105), evening + 1_000);
    b.core.advance(open + 1_000);
    expect(cash(b, day)).toEqual(['filled', 10, 10 * usd(100)]);
  });

  it('is filled at the touch where no auction is known', () => {
    const b = bench(quiet);
    const id = placed(b.core, limit('buy', 'ACME', 40, 105, { timeInForce: 'opg' }), evening);
    b.core.advance(open);
    expect(cash(b, id)).toEqual(['filled', 40, 40 * usd(100)]);
  });
});

describe('an order for the closing auction', () => {
  it('is filled at the official close, at the close', () => {
    const b = bench(script, { fills: fillModels.exact });
    const id = placed(b.core, market('buy', 'ACME', 40, { timeInForce: 'cls' }), at(TUESDAY, 12));
    b.core.advance(at(TUESDAY, 16));
    expect(cash(b, id)).toEqual(['filled', 40, 40 * usd(101.25)]);
    expect(b.core.order('a', id)?.filledAt).toBe(at(TUESDAY, 16));
  });
});
