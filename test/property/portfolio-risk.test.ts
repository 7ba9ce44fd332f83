import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { strategyId, symbol } from '../../src/domain/ids.ts';
import { equity, type Instrument, occSymbol, parseOcc } from '../../src/domain/instrument.ts';
import { netQty, price, usd } from '../../src/domain/money.ts';
import type { Position } from '../../src/domain/position.ts';
import { addDays } from '../../src/domain/time.ts';
import { withUnit } from '../../src/risk/portfolio/book.ts';
import { aggregateRisk } from '../../src/risk/portfolio/concentration.ts';
import { dayRiskOf, grossOf, openRiskOf, worstScenario } from '../../src/risk/portfolio/measures.ts';
import { portfolioOf } from '../../src/risk/portfolio/portfolio.ts';
import { scenarios } from '../../src/risk/portfolio/scenarios.ts';
import { cornishFisherValueAtRisk, ewmaValueAtRisk, historicalTail, parametricTail } from '../../src/risk/portfolio/value-at-risk.ts';
import { closesOf, stillMarket, terms, today } from '../unit/risk/portfolio/still-market.ts';

const runs = { numRuns: 30 };
const moves = Array.from({ length: 90 }, (_, i) => 0.012 * Math.sin(i * 1.3) + 0.004 * Math.cos(i * 4.1));
const market = stillMarket({
  spots: { SPY: 500, ABC: 100, DEF: 40 },
  sigma: 0.3,
  closes: { SPY: closesOf(moves), ABC: closesOf(moves.map((m, i) => 1.3 * m + 0.01 * Math.sin(i * 2.7))) },
});

const name = fc.constantFrom('SPY', 'ABC', 'DEF');
const instrument: fc.Arbitrary<Instrument> = fc.oneof(
  name.map((of) => equity(symbol(of))),
  fc
    .record({
      of: name,
      days: fc.integer({ min: 1, max: 400 }),
      right: fc.constantFrom('call', 'put'),
      strike: fc.integer({ min: 30, max: 600 }),
    })
    .map(
      ({ of, days, right, strike }) =>
        parseOcc(occSymbol(symbol(of), addDays(today, days), right as 'call', price(strike * 1e6))) as Instrument,
    ),
);
const positions = fc.array(
  fc.record({
    owner: fc.constantFrom<Position['owner']>(strategyId('base'), strategyId('wheel'), 'EXTERNAL'),
    instrument,
    qty: fc.integer({ min: -20, max: 20 }).map(netQty),
    cost: fc.constant(usd(0)),
    openedDay: fc.constant(today),
  }),
  { maxLength: 8 },
);

function bookOf(held: readonly Position[]) {
  const found = portfolioOf(held, [], market, terms());
  if (!found.known) throw new Error(found.why);
  return { book: found.value.books[0], names: found.value.names };
}
const near = (a: number, b: number): void => expect(Math.abs(a - b)).toBeLessThanOrEqual(1e-7 * (1 + Math.abs(a) + Math.abs(b)));
const nearAll = (a: Float64Array, b: Float64Array): void => {
  for (const [i, x] of a.entries()) near(x, b[i] as number);
};

describe('a book of index shares alone', () => {
  it('loses exactly the index shock in every scenario', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 10_000 }), (n) => {
        const { book } = bookOf([
          { owner: strategyId('base'), instrument: equity(symbol('SPY')), qty: netQty(n), cost: usd(0), openedDay: today },
        ]);
        const gains = book.inScenarios();
        for (const [i, { index }] of scenarios.entries()) near(gains[i] as number, n * 500 * index);
      }),
      runs,
    );
  });
});

describe('any book', () => {
  it('gains in each scenario and on each past day what its positions gain', () => {
    fc.assert(
      fc.property(positions, positions, (a, b) => {
        const [one, two, both] = [bookOf(a).book, bookOf(b).book, bookOf([...a, ...b]).book];
        const sum = withUnit(one, two, 1);
        nearAll(sum.inScenarios(), both.inScenarios());
        nearAll(sum.onPastDays(), both.onPastDays());
        near(sum.total.dollarDelta, both.total.dollarDelta);
        near(grossOf(sum), grossOf(both));
      }),
      runs,
    );
  });
  it('does not depend on the order of its positions', () => {
    fc.assert(
      fc.property(positions, (held) => {
        const [a, b] = [bookOf(held), bookOf([...held].reverse())];
        near(worstScenario(a.book).gain, worstScenario(b.book).gain);
        near(openRiskOf(a.book, a.names), openRiskOf(b.book, b.names));
        near(dayRiskOf(a.book, a.names).es99, dayRiskOf(b.book, b.names).es99);
      }),
      runs,
    );
  });
  it('has no value at risk below zero, and no open risk', () => {
    fc.assert(
      fc.property(positions, (held) => {
        const { book, names } = bookOf(held);
        const { var95, var99, es99 } = dayRiskOf(book, names);
        for (const amount of [var95, var99, es99, openRiskOf(book, names)]) expect(amount).toBeGreaterThanOrEqual(0);
      }),
      runs,
    );
  });
  it('is absent and never a number where a price is none', () => {
    fc.assert(
      fc.property(
        positions.filter((held) => held.length > 0),
        fc.constantFrom(Number.NaN, -1, 0),
        (held, bad) => {
          const broken = { ...market, spot: () => ({ known: true as const, value: { value: bad, standIn: null } }) };
          expect(portfolioOf(held, [], broken, terms()).known).toBe(false);
        },
      ),
      runs,
    );
  });
});

describe('any gains', () => {
  const gains = fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: 2, maxLength: 300 });
  const level = fc.constantFrom(0.9, 0.95, 0.99, 0.999);
  it('give no negative loss, by any method, and a shortfall no smaller than the historical value at risk', () => {
    fc.assert(
      fc.property(gains, level, (days, at) => {
        const past = historicalTail(days, at);
        expect(past.shortfall).toBeGreaterThanOrEqual(past.valueAtRisk);
        const all = [past.valueAtRisk, parametricTail(days, at).valueAtRisk, ewmaValueAtRisk(days, at), cornishFisherValueAtRisk(days, at)];
        for (const loss of all) expect(loss).toBeGreaterThanOrEqual(0);
      }),
      runs,
    );
  });
  it('add up to their plain sum when all move as one, and to no more otherwise', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 0, max: 1e5, noNaN: true }), { maxLength: 8 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (amounts, r) => {
          const matrix = (rho: number) => amounts.map((_, i) => amounts.map((__, j) => (i === j ? 1 : rho)));
          const plain = amounts.reduce((a, b) => a + b, 0);
          near(aggregateRisk(amounts, matrix(1)), plain);
          expect(aggregateRisk(amounts, matrix(r))).toBeLessThanOrEqual(plain * (1 + 1e-9));
        },
      ),
      runs,
    );
  });
});
