// Orders and books as a person writes them: what they come to, and where a mistake in them is.
import { describe, expect, it } from 'vitest';
import { bookSchema } from '../../../src/config/book-file.ts';
import { checkedText } from '../../../src/config/json-file.ts';
import { orderSchema } from '../../../src/config/order-file.ts';
import type { SupposedOrder } from '../../../src/risk/supposed-order.ts';

const put = 'XYZ260409P00095000';
const order = { strategy: 'base', legs: [{ symbol: 'ABC', side: 'buy', effect: 'open' }], qty: 100, limit: '180.00' };
const book = { at: '2026-03-10T12:00:00-04:00', equity: '100000', cash: '1.50' };
const held = { owner: 'base', symbol: 'SPY', qty: 60, cash: '-30000.00', opened: '2026-03-09' };
const schema = bookSchema({ sectors: new Map([['ABC', 'Utilities']]), rate: 0.05, dividendYields: new Map([['SPY', 0.01]]) });

const text = (value: unknown): string => JSON.stringify(value, null, 1);
const asked = (value: unknown) => checkedText(text(value), 'order.json', orderSchema);
const stated = (value: unknown) => checkedText(text(value), 'book.json', schema);
const problems = (found: ReturnType<typeof asked | typeof stated>): readonly string[] => (found.ok ? [] : found.problems);
const good = (value: unknown): SupposedOrder => {
  const found = asked(value);
  if (!found.ok) throw new Error(found.problems.join());
  return found.value;
};

describe('an order file', () => {
  it('is a walk of one leg, bought at what is paid and sold for what is collected', () => {
    expect(good(order)).toMatchObject({ strategy: 'base', qty: 100, rungs: [180_000_000] });
    expect(good({ ...order, legs: [{ ...order.legs[0], side: 'sell' }] }).rungs).toEqual([-180_000_000]);
    expect(good({ ...order, limit: 180.1 }).rungs).toEqual([180_100_000]);
  });
  it('is a package at its net, a credit below zero, over several limits', () => {
    const legs = [
      { symbol: 'SPY260409P00480000', side: 'sell', effect: 'open' },
      { symbol: 'SPY260409P00475000', side: 'buy', effect: 'open', ratio: 1 },
    ];
    const { limit: _, ...rest } = order;
    expect(good({ ...rest, legs, limits: ['-0.72', '-0.70'] })).toMatchObject({
      rungs: [-720_000, -700_000],
      legs: [{ side: 'sell', ratio: 1, instrument: { kind: 'option' } }, { side: 'buy' }],
    });
  });
  it.each<readonly [string, unknown, number, string]>([
    ['an unknown strategy', { ...order, strategy: 'whel' }, 2, 'strategy: not a strategy'],
    ['a ticker in small letters', { ...order, legs: [{ ...order.legs[0], symbol: 'abc' }] }, 5, 'legs[0].symbol: not a symbol'],
    ['an option of no day', { ...order, legs: [{ ...order.legs[0], symbol: 'SPY260231P00480000' }] }, 5, 'legs[0].symbol: not a symbol'],
    ['a side there is none of', { ...order, legs: [{ ...order.legs[0], side: 'by' }] }, 6, 'legs[0].side'],
    ['a misspelled field', { ...order, legs: [{ ...order.legs[0], rato: 2 }] }, 8, 'legs[0].rato: unknown field; did you mean "ratio"?'],
    ['no effect', { ...order, legs: [{ symbol: 'ABC', side: 'buy' }] }, 4, 'legs[0].effect: is missing'],
    ['no legs', { ...order, legs: [] }, 3, 'legs: at least one leg'],
    ['half a share', { ...order, qty: 0.5 }, 10, 'qty'],
    ['nothing', { ...order, qty: 0 }, 10, 'qty'],
    ['more than there is', { ...order, qty: 1e15 }, 10, 'qty'],
    ['a limit that is no number', { ...order, limit: 'NaN' }, 11, 'limit: not a price'],
    ['an endless limit', { ...order, limit: 'Infinity' }, 11, 'limit: not a price'],
    ['a limit of too many decimals', { ...order, limit: '1.0000001' }, 11, 'limit: not a price'],
    ['a huge limit', { ...order, limit: 9e15 }, 11, 'limit: not a price'],
    ['a limit beyond any price', { ...order, limit: '1000000.01' }, 11, 'limit: out of range'],
    ['a sale below zero', { ...order, limit: '-180.00' }, 11, 'limit: must be above zero'],
    ['two kinds of limits', { ...order, limits: ['1'] }, 11, 'state one limit, or a list'],
    ['none at all', { ...order, limit: undefined }, 1, 'state one limit, or a list'],
  ])('with %s is refused, by line and field', (_, value, line, why) => {
    expect(problems(asked(value))).toEqual([expect.stringContaining(`order.json, line ${String(line)}: `) as string]);
    expect(problems(asked(value))[0]).toContain(why);
  });
  it('tells all mistakes at once', () => {
    expect(problems(asked({ strategy: 'x', legs: [{}], qty: 'many' }))).toHaveLength(5);
  });
});

describe('a book file', () => {
  it('takes from the configuration what it does not say of the market, and nothing of the account', () => {
    const found = stated(book);
    expect(found).toMatchObject({
      ok: true,
      value: { cash: 1_500_000, settled: null, buyingPower: null, optionsLevel: null, vix: null, reports: null, rate: 0.05, positions: [] },
    });
    expect(found.ok && [...found.value.dividendYields, ...found.value.sectors]).toEqual([
      ['SPY', 0.01],
      ['ABC', 'Utilities'],
    ]);
    expect(found.ok && found.value.losses).toEqual({ day: null, week: null, month: null, drawdown: null });
  });
  it.each<readonly [string, unknown, number, string]>([
    ['no instant', { ...book, at: undefined }, 1, 'at: is missing'],
    ['an instant without its offset', { ...book, at: '2026-03-10T12:00:00' }, 2, 'at: not an instant'],
    ['an instant of another century', { ...book, at: '1926-03-10T12:00:00Z' }, 2, 'at: out of range'],
    ['equity of nothing', { ...book, equity: '0' }, 3, 'equity: must be above zero'],
    ['equity that is no number', { ...book, equity: 'NaN' }, 3, 'equity: not an amount'],
    ['a position of nobody', { ...book, positions: [{ ...held, owner: 'me' }] }, 7, 'positions[0].owner: not an owner'],
    ['a position of nothing', { ...book, positions: [{ ...held, qty: 0 }] }, 9, 'positions[0].qty: must not be zero'],
    ['a position twice', { ...book, positions: [held, held] }, 13, 'positions[1]: its owner holds this symbol in an earlier row'],
    [
      'more than can be counted',
      { ...book, positions: [{ ...held, symbol: 'XYZ260409P99999000', qty: -1_000_000 }] },
      5,
      'positions: too large',
    ],
    ['a quote of one side', { ...book, quotes: { ABC: { bid: '1' } } }, 6, 'quotes.ABC.ask: is missing'],
    ['a quote of no symbol', { ...book, quotes: { abc: { bid: '1', ask: '2' } } }, 6, 'not a symbol'],
    ['a volatility in percent', { ...book, volatilities: { [put]: 35 } }, 6, 'out of range'],
    ['a volatility of a share', { ...book, volatilities: { SPY: 0.2 } }, 6, 'not an option'],
    ['a loss in percent', { ...book, losses: { day: -3.5 } }, 6, 'a loss is a fraction below zero'],
    ['a drawdown above zero', { ...book, losses: { drawdown: 0.1 } }, 6, 'losses.drawdown'],
    ['a misspelled field', { ...book, position: [] }, 5, 'position: unknown field; did you mean "positions"?'],
  ])('with %s is refused, by line and field', (_, value, line, why) => {
    expect(problems(stated(value))).toEqual([expect.stringContaining(`book.json, line ${String(line)}: `) as string]);
    expect(problems(stated(value))[0]).toContain(why);
  });
});
