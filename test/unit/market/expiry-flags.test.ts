import { describe, expect, it } from 'vitest';
import { type Symbol, symbol } from '../../../src/domain/ids.ts';
import type { Right } from '../../../src/domain/instrument.ts';
import { price } from '../../../src/domain/money.ts';
import { monoMs, type Now, tradingDay } from '../../../src/domain/time.ts';
import { type Board, createBoard } from '../../../src/market/board.ts';
import { usCalendar } from '../../../src/market/calendar.ts';
import { faultCode, faultWords } from '../../../src/market/expiry-flags.ts';
import type { Chain } from '../../../src/market/quote.ts';
import { defaultViewLimits, type MarketView, viewOf } from '../../../src/market/view.ts';
import { quoteFaults } from '../../../src/pricing/volatility/quote-terms.ts';
import { type ModelChain, modelChain, optionOf, quoteOf } from './chains.ts';

const calendar = usCalendar({ from: tradingDay('2025-01-01'), to: tradingDay('2027-12-31') });
const noon = calendar.instant(tradingDay('2026-02-11'), 12, 0);
const now: Now = { exchange: noon, mono: monoMs(100_000), speed: 1 };
const march = tradingDay('2026-03-20');
const april = tradingDay('2026-04-17');
const seen = { seen: monoMs(99_000) };

const model: ModelChain = {
  name: 'AAPL',
  spot: 100,
  // Without interest or dividends nobody exercises early: the model's European prices are American ones.
  rate: 0,
  dividendYield: 0,
  now: noon,
  calendar,
  expiries: [
    { expiry: march, sigma: 0.3 },
    { expiry: april, sigma: 0.3 },
  ],
  strikes: Array.from({ length: 25 }, (_, i) => 70 + 2.5 * i),
};

type Prices = readonly [bid: number, ask: number];
const at = (right: Right, strike: number): Symbol => optionOf('AAPL', march, right, strike).symbol;

/** The model's chain, all of it a second old, with some quotes put in place of the model's. */
function boardWith(quotes: Readonly<Record<string, Prices>>, change: (chain: Chain) => Chain = (chain) => chain): Board {
  const board = createBoard();
  const chain = modelChain(model);
  board.setQuote(quoteOf('AAPL', 99.99, 100.01, seen));
  const rows = chain.rows.map((row) => {
    const { symbol: name } = row.contract.option;
    const own = quotes[name];
    const quote = own === undefined ? (row.quote ?? undefined) : quoteOf(name, own[0], own[1]);
    return { ...row, quote: quote === undefined ? null : { ...quote, ...seen } };
  });
  board.setChain(change({ ...chain, rows }));
  return board;
}

const without = (chain: Chain, ...names: readonly Symbol[]): Chain => ({
  ...chain,
  rows: chain.rows.filter((row) => !names.includes(row.contract.option.symbol)),
});

const look = (board: Board): MarketView =>
  viewOf(board, { now, calendar, rate: 0, dividendYields: new Map(), limits: defaultViewLimits, assumed: new Map() });

/** The reason against a contract's quote; undefined where it may be used. */
const against = (board: Board, name: Symbol): string | undefined => {
  const quote = look(board).entryQuote(name);
  return quote.known ? undefined : quote.code;
};

/** The board, writing down whose quote it is asked for. */
const telling = (board: Board, asked: Symbol[]): Board => ({
  ...board,
  quote: (name) => {
    asked.push(name);
    return board.quote(name);
  },
});

describe('a quote as grounds for an entry', () => {
  it.each<[string, Right, number, Prices, string]>([
    ['offered for less than its exercise brings', 'call', 80, [17, 18.5], 'QUOTE_BEYOND_BOUNDS'],
    ['bid for more than the share', 'call', 130, [101, 103], 'QUOTE_BEYOND_BOUNDS'],
    ['frozen since before a split', 'call', 125, [9.5, 9.9], 'QUOTE_NOT_MONOTONE'],
    ['further from the next strike than the strikes lie apart', 'put', 92.5, [0.02, 0.04], 'QUOTE_NOT_MONOTONE'],
    ['dearer than the two beside it', 'call', 110, [1.15, 1.17], 'QUOTE_NOT_CONVEX'],
    ['at odds with the put of its strike', 'call', 90, [10.42, 10.44], 'QUOTE_OFF_PARITY'],
    ['with its sides crossed', 'put', 95, [2.2, 2.1], 'QUOTE_CROSSED'],
  ])('is not one %s', (_, right, strike, prices, code) => {
    const board = boardWith({ [at(right, strike)]: prices });
    expect(against(board, at(right, strike))).toBe(code);
    const others = modelChain(model).rows.filter((row) => row.contract.option.symbol !== at(right, strike));
    expect(others.filter((row) => against(board, row.contract.option.symbol) !== undefined).map((r) => r.contract.option.symbol)).toEqual(
      [],
    );
    expect(look(board).quote(at('call', 100)).known).toBe(true);
  });

  it('is not one of a volatility far off its neighbours’, with none near enough to contradict it', () => {
    const near = [70, 72.5, 75, 80, 82.5, 85].map((strike) => at('put', strike));
    const board = boardWith({ [at('put', 77.5)]: [0.26, 0.28] }, (chain) => without(chain, at('call', 77.5), ...near));
    expect(against(board, at('put', 77.5))).toBe('QUOTE_OFF_SMILE');
    expect(against(board, at('put', 87.5))).toBeUndefined();
  });

  it('is still the quote of what is held', () => {
    const board = boardWith({ [at('call', 125)]: [9.5, 9.9] });
    expect(look(board).quote(at('call', 125))).toMatchObject({ known: true, value: { bid: 9_500_000 } });
  });

  it('says what is wrong, after its name', () => {
    const answer = look(boardWith({ [at('call', 125)]: [9.5, 9.9] })).entryQuote(at('call', 125));
    expect(answer).toMatchObject({ known: false, why: `${at('call', 125)}: ${faultWords('not_monotone')}` });
    expect(new Set(quoteFaults.map(faultCode)).size).toBe(7);
  });

  it('is judged with its own expiry alone', () => {
    const board = boardWith({});
    const asked: Symbol[] = [];
    expect(look(telling(board, asked)).entryQuote(at('put', 95)).known).toBe(true);
    expect(asked.filter((name) => name.includes('260417'))).toEqual([]);
    expect(asked.filter((name) => name.includes('260320')).length).toBeGreaterThanOrEqual(50);
  });

  it('is judged once, however many of its expiry are looked at', () => {
    const board = boardWith({});
    const asked: Symbol[] = [];
    const view = look(telling(board, asked));
    for (const strike of model.strikes) view.entryQuote(at('call', strike));
    expect(asked.length).toBeLessThan(2 * 25 + 2 * 25 + 5);
  });

  it('leaves quotes that are too old out of the judgement, and refuses them for their age', () => {
    const old = { seen: monoMs(50_000) };
    const board = boardWith({ [at('call', 125)]: [9.5, 9.9] }, (chain) => ({
      ...chain,
      rows: chain.rows.map((row) =>
        row.contract.option.strike < 125e6 && row.quote !== null ? { ...row, quote: { ...row.quote, ...old } } : row,
      ),
    }));
    expect(against(board, at('call', 100))).toBe('QUOTE_STALE');
    expect(against(board, at('put', 130))).toBeUndefined();
  });

  it('is a share’s own quote as it stands', () => {
    expect(look(boardWith({})).entryQuote(symbol('AAPL'))).toMatchObject({ known: true, value: { ask: price(100_010_000) } });
  });

  it('is none where the chain does not hold the contract', () => {
    const board = boardWith({}, (chain) => without(chain, at('put', 95)));
    board.setQuote(quoteOf(at('put', 95), 2, 2.02, seen));
    expect(against(board, at('put', 95))).toBe('CHAIN_EMPTY');
  });
});

describe('a chain of which one quote in twenty cannot be of the share', () => {
  const frozen = (count: number): Board =>
    boardWith(Object.fromEntries(model.strikes.slice(-count).map((strike) => [at('call', strike), [strike + 5, strike + 6] as const])));
  it('is refused whole, in figures', () => {
    expect(look(frozen(5)).chain(symbol('AAPL'))).toEqual({
      known: false,
      code: 'CHAIN_INCONSISTENT',
      why: 'AAPL: 5 of 100 quotes cannot be of a share at 100.00',
    });
  });
  it('is judged contract by contract under that', () => {
    expect(look(frozen(4)).chain(symbol('AAPL')).known).toBe(true);
    expect(against(frozen(4), at('call', 130))).toBe('QUOTE_BEYOND_BOUNDS');
  });
});
