import { describe, expect, it } from 'vitest';
import {
  americanDerivatives,
  americanImpliedVolatility,
  americanPrice,
  europeanCashDerivatives,
  exerciseVerdict,
} from '../../../../src/pricing/american/american.ts';
import { certainCashPrice } from '../../../../src/pricing/american/cash/certain-cash.ts';
import { cubicAt, throughFive } from '../../../../src/pricing/american/cash/five-points.ts';
import type { GridSize, GridValue } from '../../../../src/pricing/american/cash/grid-value.ts';
import { inductionValue } from '../../../../src/pricing/american/cash/induction.ts';
import { methodOf } from '../../../../src/pricing/american/cash/method.ts';
import { expm1, log1p } from '../../../../src/pricing/american/cash/near-one.ts';
import { fitsPanels } from '../../../../src/pricing/american/cash/panels.ts';
import { pathReach, spotAfter, spotBefore } from '../../../../src/pricing/american/cash/path.ts';
import { pathGrid } from '../../../../src/pricing/american/cash/path-grid.ts';
import { later, scheduleOf } from '../../../../src/pricing/american/cash/schedule.ts';
import { strikeGrid } from '../../../../src/pricing/american/cash/strike-grid.ts';
import type { AmericanInput, CashDividend } from '../../../../src/pricing/american/contract.ts';
import { type BsInput, bsPrice } from '../../../../src/pricing/black-scholes.ts';

const put: AmericanInput = { right: 'put', spot: 100, strike: 100, years: 1, rate: 0.05, dividendYield: 0, sigma: 0.2 };
const call: AmericanInput = { ...put, right: 'call' };
const quarters: readonly CashDividend[] = [0.1, 0.35, 0.6, 0.85].map((years) => ({ years, amount: 0.75 }));
const SIZE: GridSize = { intervals: 280, steps: 120 };

function priceOf(input: AmericanInput): number {
  const priced = americanPrice(input, 'accurate');
  if (priced.kind !== 'priced') throw new Error(priced.reason);
  return priced.price;
}

function europeanOf(input: AmericanInput): number {
  const priced = europeanCashDerivatives(input);
  if (priced.kind !== 'priced') throw new Error(priced.reason);
  return priced.derivatives.price;
}

/** The present value of a schedule at the rate 5 %. */
const worth = (schedule: readonly CashDividend[]): number =>
  schedule.reduce((sum, { years, amount }) => sum + amount * Math.exp(-0.05 * years), 0);

describe('a volatility search with cash dividends', () => {
  it.each([
    [{ ...put, years: 3, strike: 1210, spot: 147.75, dividends: [{ years: 2.9, amount: 0.5 }] }, 1200],
    [{ ...call, years: 1 / 365, spot: 1.2, strike: 345, dividends: [{ years: 0.5 / 365, amount: 0.01 }] }, 1.18],
    [{ ...put, dividends: quarters }, 99.4],
    [{ ...call, dividends: quarters }, 98.6],
    [{ ...call, dividendYield: 0.03, dividends: quarters }, 99.4],
  ] as const)('goes beyond eight total deviations without leaving any range: %#', (input, price) => {
    const solved = americanImpliedVolatility({ ...input, price });
    if (solved.kind !== 'solved') throw new Error(solved.reason);
    expect(solved.sigma * Math.sqrt(input.years)).toBeGreaterThan(4);
    expect(Math.abs(priceOf({ ...input, sigma: solved.sigma }) - price)).toBeLessThan(1e-6 * input.strike);
  });

  it('says of a price next to the one without volatility, or next to nothing, that it has none', () => {
    const deep: AmericanInput = { ...put, spot: 60, dividends: [{ years: 0.5, amount: 0.01 }] };
    expect(americanImpliedVolatility({ ...deep, price: 40 + 1e-11 })).toMatchObject({ reason: 'at_intrinsic', bound: 40 });
    expect(americanImpliedVolatility({ ...call, strike: 150, dividends: quarters, price: 5e-324 })).toMatchObject({ reason: 'zero' });
  });

  it('has an answer for a time too short for any figure', () => {
    const brief: AmericanInput = { ...call, years: 5e-324, dividends: quarters };
    expect(americanImpliedVolatility({ ...brief, price: 1 })).toMatchObject({ kind: 'unsolvable', reason: 'above_max' });
  });
});

describe('an option on a share that pays cash, of next to no volatility,', () => {
  const terms: readonly AmericanInput[] = [
    { ...put, dividends: quarters },
    { ...put, spot: 96, dividends: quarters },
    { ...call, dividends: quarters },
    { ...call, spot: 104, dividends: [{ years: 0.5, amount: 6 }] },
    { ...call, spot: 104, dividendYield: 0.08, dividends: quarters },
    { ...put, rate: 0.02, dividendYield: 0.05, dividends: [{ years: 0.02, amount: 1 }] },
  ];

  it.each(terms)('tends to the one known path with the deviation: %j', (input) => {
    const schedule = scheduleOf(input);
    for (const sigma of [1e-9, 3e-9, 1e-8, 1e-7, 1e-6, 1e-5, 1e-4, 1e-3]) {
      const allowed = (0.5 * sigma + 1e-7) * 100;
      expect(Math.abs(priceOf({ ...input, sigma }) - certainCashPrice(input, schedule, false))).toBeLessThan(allowed);
      expect(Math.abs(europeanOf({ ...input, sigma }) - certainCashPrice(input, schedule, true))).toBeLessThan(allowed);
    }
  });

  it('keeps put-call parity to the last bits', () => {
    for (const sigma of [1e-8, 1e-6, 1e-4, 1e-3]) {
      const both = [call, put].map((input) => europeanOf({ ...input, sigma, dividends: quarters }));
      expect(Number(both[0]) - Number(both[1])).toBeCloseTo(100 - worth(quarters) - 100 * Math.exp(-0.05), 11);
    }
  });

  it('at the money is what a perpetual option is, since the drift decides at once', () => {
    for (const sigma of [0.003, 0.001, 1e-4]) {
      const drift = 0.05 - (sigma * sigma) / 2;
      const power = (drift + Math.sqrt(drift * drift + 0.1 * sigma * sigma)) / (sigma * sigma);
      const perpetual = (100 / (1 + power)) * (power / (1 + power)) ** power;
      const late = [{ years: 2, amount: 1e-6 }];
      expect(Math.abs(priceOf({ ...put, years: 3, sigma, dividends: late }) - perpetual)).toBeLessThan(1e-4);
      expect(Math.abs(priceOf({ ...put, years: 3, sigma }) - perpetual)).toBeLessThan(1e-6);
    }
  });

  it('has finite derivatives, whatever its dividends', () => {
    for (const dividends of [quarters, [{ years: 1e-300, amount: 1 }], [{ years: 0.5, amount: 99.9 }], [{ years: 1, amount: 1000 }]])
      for (const right of ['put', 'call'] as const)
        for (const sigma of [0, 1e-9, 1e-6, 1e-3]) {
          const derived = americanDerivatives({ ...put, right, sigma, dividends });
          expect(derived.kind === 'priced' && Object.values(derived.derivatives).every(Number.isFinite)).toBe(true);
        }
  });
});

describe('an ex-date at once', () => {
  const falls: readonly CashDividend[] = [{ years: 1e-300, amount: 8 }];

  it('leaves the European option on what is left of the share', () => {
    expect(europeanOf({ ...put, dividends: falls })).toBe(bsPrice({ ...put, spot: 92 }));
    expect(europeanOf({ ...put, dividends: [...falls, ...quarters] })).toBeCloseTo(
      europeanOf({ ...put, spot: 92, dividends: quarters }),
      12,
    );
  });

  it('is the eve on which a call is exercised, or not', () => {
    expect(priceOf({ ...call, spot: 140, dividends: falls })).toBe(40);
    expect(exerciseVerdict({ ...call, spot: 140, dividends: falls }).kind).toBe('exercise');
    expect(priceOf({ ...call, dividends: falls })).toBeCloseTo(bsPrice({ ...call, spot: 92 }), 9);
    expect(priceOf({ ...put, dividends: falls })).toBeCloseTo(priceOf({ ...put, spot: 92 }), 6);
  });

  it('of more than the share leaves a put its strike and a call nothing but exercise before', () => {
    const ruin = [{ years: 1e-12, amount: 500 }];
    expect(priceOf({ ...put, dividends: ruin })).toBe(100);
    expect(europeanOf({ ...put, dividends: ruin })).toBeCloseTo(100 * Math.exp(-0.05), 12);
    expect(priceOf({ ...call, spot: 130, sigma: 6, dividends: ruin })).toBe(30);
    expect(europeanOf({ ...call, dividends: ruin })).toBe(0);
  });
});

describe('the grids', () => {
  const wide: BsInput = { ...put, dividendYield: 0.03, sigma: 0.05 };
  const wholes = ({ european, premium }: GridValue): number => european.price + premium.price;

  it.each(['put', 'call'] as const)('agree on a %s where both see its law', (right) => {
    for (const spot of [95, 100, 106]) {
      const [a, b] = [strikeGrid, pathGrid].map((grid) => grid({ ...wide, right, spot }, quarters, SIZE, true)) as [GridValue, GridValue];
      expect(Math.abs(wholes(a) - wholes(b))).toBeLessThan(3e-4);
      expect(Math.abs(a.european.price - inductionValue({ ...wide, right, spot }, quarters, false).price)).toBeLessThan(1e-5);
      expect(Math.abs(b.european.price - inductionValue({ ...wide, right, spot }, quarters, false).price)).toBeLessThan(1e-5);
    }
  });

  it.each(['put', 'call'] as const)('price a %s of a law many deviations wide like the boundary method', (right) => {
    const none = [{ years: 0.3, amount: 1e-8 }];
    for (const sigma of [1.5, 3, 5, 8, 12, 16])
      for (const spot of [30, 100, 150, 400]) {
        const input: AmericanInput = { ...put, right, spot, dividendYield: 0.3, sigma };
        expect(Math.abs(priceOf({ ...input, dividends: none }) - priceOf(input))).toBeLessThan(2e-4 * Math.max(100, spot));
      }
  });

  it('price the European option alone where quadrature would take too long', () => {
    const weekly = Array.from({ length: 52 }, (_, week) => ({ years: (week + 0.5) / 52, amount: 0.05 }));
    expect(methodOf(put, weekly, 'european').quadrature).toBe(false);
    for (const input of [put, call])
      expect(Math.abs(europeanOf({ ...input, dividends: weekly }) - inductionValue(input, weekly, false).price)).toBeLessThan(1e-4);
    const [c, p] = [call, put].map((input) => europeanOf({ ...input, dividends: weekly }));
    expect(Number(c) - Number(p)).toBeCloseTo(100 - worth(weekly) - 100 * Math.exp(-0.05), 3);
  });
});

describe('the work on an option', () => {
  it('is bounded however little is left of the share or of its volatility', () => {
    const hard: readonly (readonly [number, number])[] = [
      [1e-6, 99.99],
      [1e-4, 99.999],
      [1e-3, 99.9],
      [0.01, 102],
      [1e-6, 500],
    ];
    for (const [sigma, amount] of hard) {
      const schedule = [
        { years: 0.3, amount },
        { years: 0.6, amount: 1e-9 },
      ];
      expect(methodOf({ ...put, sigma }, schedule, 'european').quadrature).toBe(false);
      for (const right of ['put', 'call'] as const) {
        const [e, a] = [europeanOf({ ...put, right, sigma, dividends: schedule }), priceOf({ ...put, right, sigma, dividends: schedule })];
        expect(e).toBeGreaterThanOrEqual(0);
        expect(a).toBeGreaterThanOrEqual(e - 1e-6);
      }
    }
  });

  it('is the quadrature of as many panels as it is worth', () => {
    const month = Array.from({ length: 12 }, (_, i) => ({ years: (i + 0.5) / 12, amount: 0.2 }));
    expect(fitsPanels(put, month, false, 700)).toBe(true);
    expect(fitsPanels(put, month, false, 250)).toBe(false);
    expect(methodOf(put, month, 'american')).toEqual({ exercise: 'any', quadrature: true, grid: 'strike' });
    expect(methodOf(call, month, 'american').exercise).toBe('eves');
    expect(methodOf({ ...put, rate: 0 }, month, 'american').exercise).toBe('expiry');
    expect(methodOf({ ...put, sigma: 0.002 }, month, 'american')).toEqual({ exercise: 'any', quadrature: true, grid: 'path' });
  });

  it('takes no more than 120 ex-dates apart', () => {
    const daily = Array.from({ length: 5000 }, (_, day) => ({ years: (day + 0.5) / 365, amount: 0.01 }));
    const schedule = scheduleOf({ ...put, years: 14, dividends: daily });
    expect(schedule.length).toBeLessThanOrEqual(120);
    expect(schedule.reduce((sum, { amount }) => sum + amount, 0)).toBeCloseTo(50, 9);
    expect(schedule.every(({ years }, i) => i === 0 || years > (schedule[i - 1] as CashDividend).years)).toBe(true);
  });

  it('is not spent on dividends that move no price', () => {
    const dust = [
      { years: 0.2, amount: 1e-300 },
      { years: 0.4, amount: 1e-13 },
      { years: 0.6, amount: 1e-9 },
    ];
    expect(scheduleOf({ ...put, dividends: dust })).toEqual([{ years: 0.6, amount: 1e-9 }]);
  });
});

describe('the known path', () => {
  const schedule = [
    { years: 0.5, amount: 40 },
    { years: 0.8, amount: 70 },
  ];
  it('grows with the forward, falls at ex-dates, and ends at nothing', () => {
    expect(spotBefore(put, schedule, 0, 0)).toBeCloseTo(100 * Math.exp(0.025), 12);
    expect(spotAfter(put, schedule, 1, 0)).toBeCloseTo(100 * Math.exp(0.025) - 40, 12);
    expect(spotAfter(put, schedule, 1, Math.log(2))).toBeCloseTo(200 * Math.exp(0.025) - 40, 12);
    expect(spotAfter(put, schedule, 2, 0)).toBe(0);
    expect(pathReach(put, schedule)).toBe(Number.POSITIVE_INFINITY);
    expect(pathReach(put, schedule.slice(0, 1))).toBeCloseTo(-Math.log((100 * Math.exp(0.025) - 40) / 100), 12);
  });

  it('is seen from a later day with its ex-dates as much nearer, the past ones at once', () => {
    const [input, days] = later(put, schedule, 0.6);
    expect(input.years).toBeCloseTo(0.4, 12);
    expect(days.map(({ years }) => Math.round(years * 1e9) / 1e9)).toEqual([0, 0.2]);
  });
});

describe('interpolation', () => {
  const quartic = (x: number): number => 3 - x + 2 * x * x - x ** 3 + 0.5 * x ** 4;
  it('through five points is exact for a quartic, with its slopes', () => {
    const at = throughFive(
      (k) => 0.3 * k + 0.07 * k * k - 0.1,
      (k) => quartic(0.3 * k + 0.07 * k * k - 0.1),
    );
    expect(at.value).toBeCloseTo(3, 12);
    expect(at.slope).toBeCloseTo(-1, 12);
    expect(at.bend).toBeCloseTo(2, 12);
  });

  it('between nodes is exact for a cubic, also at the ends', () => {
    const cubic = (x: number): number => 1 + x - 0.4 * x * x + 0.1 * x ** 3;
    const values = Float64Array.from({ length: 8 }, (_, i) => cubic(i));
    for (const place of [0, 0.4, 1, 3.7, 6.5, 7]) expect(cubicAt(values, place, 7)).toBeCloseTo(cubic(place), 11);
  });

  it.each([0, 1e-300, 1e-17, -3e-12, 4e-5, -0.2, 0.499, 0.501, -0.9, 12])('keeps the digits next to one: %d', (x) => {
    expect(Math.abs(expm1(x) - Math.expm1(x))).toBeLessThanOrEqual(4e-16 * Math.abs(Math.expm1(x)));
    expect(Math.abs(log1p(x) - Math.log1p(x))).toBeLessThanOrEqual(4e-16 * Math.abs(Math.log1p(x)));
  });
});
