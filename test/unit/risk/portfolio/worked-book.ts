// The worked book: equity 100,000, rate 4 %, no dividends, options thirty and forty-five days out, betas given.
import { strategyId, symbol } from '../../../../src/domain/ids.ts';
import { equity, type Instrument, type Option, occSymbol, parseOcc } from '../../../../src/domain/instrument.ts';
import { sign } from '../../../../src/domain/legs.ts';
import { netQty, price, usd } from '../../../../src/domain/money.ts';
import type { Position } from '../../../../src/domain/position.ts';
import { known } from '../../../../src/domain/reasons.ts';
import { addDays } from '../../../../src/domain/time.ts';
import { type Book, bookOf, type LineOf } from '../../../../src/risk/portfolio/book.ts';
import { type Names, namesOf } from '../../../../src/risk/portfolio/names.ts';
import type { Portfolio } from '../../../../src/risk/portfolio/portfolio.ts';
import { jumpsOf } from '../../../../src/risk/portfolio/scenarios.ts';
import { terms, today } from './still-market.ts';

const option = (of: string, days: number, right: Option['right'], strike: number): Option =>
  parseOcc(occSymbol(symbol(of), addDays(today, days), right, price(strike * 1e6))) as Option;

export const xyzPut = option('XYZ', 30, 'put', 95);
export const spyShort = option('SPY', 30, 'put', 480);
export const spyLong = option('SPY', 30, 'put', 475);
export const aaplCall = option('AAPL', 45, 'call', 210);

export const workedSpots: Readonly<Record<string, number>> = { SPY: 500, XYZ: 100, AAPL: 200, ABC: 180 };
export const workedBetas: Readonly<Record<string, number>> = { SPY: 1, XYZ: 1.4, AAPL: 1.2, ABC: 1 };
export const workedSigmas: Readonly<Record<string, number>> = {
  [xyzPut.symbol]: 0.35,
  [spyShort.symbol]: 0.18,
  [spyLong.symbol]: 0.185,
  [aaplCall.symbol]: 0.28,
};

const held = (owner: string, instrument: Instrument, n: number): Position => ({
  owner: strategyId(owner),
  instrument,
  qty: netQty(n),
  cost: usd(0),
  openedDay: today,
});

export const workedPositions: readonly Position[] = [
  held('base', equity(symbol('SPY')), 60),
  held('wheel', xyzPut, -1),
  held('zdte', spyShort, -2),
  held('zdte', spyLong, 2),
  held('swing', aaplCall, 2),
];

/** Facts of names with the betas as given; no history. */
export const workedNames: Names = (() => {
  const beta = (name: string): number => workedBetas[name] ?? 1;
  const plain = namesOf({ market: new Float64Array(0), moves: () => new Float64Array(0) }, terms());
  return { ...plain, beta, isAssumed: () => false, scenarios: (name) => jumpsOf(beta(name)) };
})();

export const workedLine: LineOf = (instrument, qty) =>
  known({
    instrument,
    qty,
    spot: workedSpots[instrument.underlying] ?? Number.NaN,
    sigma: instrument.kind === 'option' ? (workedSigmas[instrument.symbol] ?? Number.NaN) : 0,
    years: instrument.kind === 'option' ? (instrument === aaplCall ? 45 : 30) / 365 : 0,
    rate: 0.04,
    dividendYield: 0,
    beta: workedBetas[instrument.underlying] ?? 1,
    isLastDay: false,
  });

export function workedBook(positions: readonly Position[] = workedPositions): Book {
  const book = bookOf(positions, workedLine, workedNames);
  if (!book.known) throw new Error(book.why);
  return book.value;
}

/** The worked book as rules see it. */
export const workedPortfolio = (): Portfolio => ({
  equity: 100_000,
  books: [workedBook()],
  names: workedNames,
  standIns: [],
  unitOf: (owner, package_) =>
    bookOf(
      package_.map(({ instrument, side, ratio }) => ({ owner, instrument, qty: sign(side) * ratio })),
      workedLine,
      workedNames,
    ),
});
