import { describe, expect, it } from 'vitest';
import { symbol } from '../../../src/domain/ids.ts';
import { instrumentOf } from '../../../src/domain/instrument.ts';
import { dollars, price } from '../../../src/domain/money.ts';
import { equityTick, instrumentTick, optionTick, roundNet, roundTick } from '../../../src/market/ticks.ts';

const micros = (amount: number) => price(Math.round(amount * 1_000_000));
const aapl = symbol('AAPL');
const spy = symbol('SPY');

describe('optionTick', () => {
  it.each([
    ['penny class below three', aapl, true, 2.99, 1, 0.01],
    ['penny class from three', aapl, true, 3, 1, 0.05],
    ['other class below three', aapl, false, 2.95, 1, 0.05],
    ['other class from three', aapl, false, 3, 1, 0.1],
    ['a class nobody knows', aapl, null, 2.95, 1, 0.05],
    ['SPY at any price', spy, true, 30, 1, 0.01],
    ['a net price', aapl, false, -4.51, 2, 0.01],
  ] as const)('of %s', (_, underlying, penny, at, legs, tick) =>
    expect(optionTick(underlying, micros(at), penny, legs)).toBe(micros(tick)),
  );
});

describe('instrumentTick', () => {
  it('knows shares from options', () => {
    expect(instrumentTick(instrumentOf(symbol('AAPL261218C00247500')), true, micros(5))).toBe(micros(0.05));
    expect(instrumentTick(instrumentOf(aapl), null, micros(5))).toBe(micros(0.01));
    expect(equityTick(micros(0.99))).toBe(micros(0.0001));
  });
});

describe('roundTick', () => {
  it.each([
    ['a buy in a penny class', 3.5775, 'buy', { underlying: aapl, pennyProgram: true }, 3.55],
    ['a buy below three', 2.839, 'buy', { underlying: aapl, pennyProgram: true }, 2.83],
    ['a sale of a package', 0.565, 'sell', { underlying: spy, pennyProgram: true, legs: 2 }, 0.57],
    ['a sale', 3.5775, 'sell', { underlying: aapl, pennyProgram: true }, 3.6],
    ['a sale across three', 2.96, 'sell', { underlying: aapl, pennyProgram: false }, 3],
    ['a price already on the grid', 0.07, 'buy', { underlying: aapl, pennyProgram: true }, 0.07],
  ] as const)('rounds %s to our side', (_, amount, side, grid, expected) => expect(dollars(roundTick(amount, side, grid))).toBe(expected));

  it('rounds a net price to our side: pay less, collect more', () => {
    expect(dollars(roundNet(4.595))).toBe(4.59);
    expect(dollars(roundNet(-0.565))).toBe(-0.57);
    expect(dollars(roundNet(-1.15))).toBe(-1.15);
  });
});
