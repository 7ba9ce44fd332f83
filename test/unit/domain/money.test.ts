import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  dollars,
  formatMicros,
  fraction,
  MICROS,
  minus,
  negate,
  notional,
  parseMicros,
  parsePrice,
  plus,
  price,
  qty,
  sum,
  toTick,
  usd,
} from '../../../src/domain/money.ts';

const amount = fc.integer({ min: -9_000_000_000_000_000, max: 9_000_000_000_000_000 });

describe('an amount', () => {
  it.each([Number.NaN, Number.POSITIVE_INFINITY, 0.5, 2 ** 53])('is never %s', (n) => {
    expect(() => usd(n)).toThrow('not a safe integer');
    expect(() => price(n)).toThrow('not a safe integer');
  });
  it('is never a negative zero', () => {
    expect(Object.is(usd(-0), 0)).toBe(true);
    expect(Object.is(negate(usd(0)), 0)).toBe(true);
    expect(Object.is(minus(usd(5), usd(5)), 0)).toBe(true);
  });
  it('beyond the safe integers is refused, not rounded', () => {
    expect(() => plus(usd(9e15), usd(9e15))).toThrow('not a safe integer');
    expect(() => notional(price(9e12), 100, 100)).toThrow('not a safe integer');
    expect(() => sum([usd(9e15), usd(9e15)])).toThrow('not a safe integer');
  });
  it.each([0, -1, 0.5, Number.NaN])('of shares or contracts is never %s', (n) => {
    expect(() => qty(n)).toThrow();
  });
  it('of cash is price times quantity times multiplier', () => {
    expect(notional(price(1_230_000), 3, 100)).toBe(369_000_000);
    expect(notional(price(-1_230_000), 3, 100)).toBe(-369_000_000);
  });
  it('shared is rounded towards zero on both sides', () => {
    expect(fraction(usd(10), 0.39)).toBe(3);
    expect(fraction(usd(-10), 0.39)).toBe(-3);
  });
});

describe('decimal text', () => {
  it.each([
    ['180.10', 180_100_000],
    ['-0.000001', -1],
    ['0', 0],
    ['-0', 0],
    ['-0.00', 0],
    ['7.', 7_000_000],
    ['1.2300000000', 1_230_000],
    ['9007199254.740991', Number.MAX_SAFE_INTEGER],
  ])('%s reads %d', (text, micros) => {
    expect(parseMicros(text)).toBe(micros);
    expect(Object.is(parseMicros(text), -0)).toBe(false);
  });
  it.each(['', ' ', '.5', '1e3', '+1', '1,000', '0.0000001', 'NaN', 'Infinity', '9007199254.740992', '12345678901', '0x10', '1.2.3', '1 '])(
    '%j is no amount',
    (text) => {
      expect(parseMicros(text)).toBeUndefined();
      expect(parsePrice(text)).toBeUndefined();
    },
  );
  it.each([
    [1_234_500_000, '1234.50'],
    [0, '0.00'],
    [-1, '-0.000001'],
    [1_000_000, '1.00'],
    [64_100_000, '64.10'],
    [123_450, '0.12345'],
  ])('of %d micros is %s', (micros, text) => {
    expect(formatMicros(micros)).toBe(text);
  });
  it('goes there and back exactly', () => {
    fc.assert(
      fc.property(amount, (micros) => {
        const text = formatMicros(micros);
        expect(parseMicros(text)).toBe(micros === 0 ? 0 : micros);
        expect(text).toMatch(/^-?\d+\.\d{2,6}$/);
      }),
      { numRuns: 5_000 },
    );
  });
  it('reads what exact integer arithmetic reads', () => {
    const digits = fc.stringMatching(/^\d{0,6}$/);
    fc.assert(
      fc.property(fc.nat(999_999_999), digits, fc.boolean(), (whole, tail, minus_) => {
        const exact = BigInt(whole) * 1_000_000n + BigInt(tail.padEnd(6, '0'));
        expect(parseMicros(`${minus_ ? '-' : ''}${whole}.${tail}`)).toBe(Number(minus_ && exact !== 0n ? -exact : exact));
      }),
      { numRuns: 2_000 },
    );
  });
});

describe('a price on a grid', () => {
  const tick = fc.constantFrom(100, 10_000, 50_000, 100_000);
  it('is a multiple of its tick, at most one tick away, on the asked side', () => {
    fc.assert(
      fc.property(
        fc.double({ min: -5_000, max: 5_000, noNaN: true }),
        tick,
        fc.constantFrom('down' as const, 'up' as const, 'nearest' as const),
        (amount_, grid, rounding) => {
          const at = toTick(amount_, price(grid), rounding);
          expect(at % grid === 0).toBe(true);
          const away = at - amount_ * MICROS;
          const slack = grid * 2e-6;
          if (rounding === 'down') expect(away <= slack && away > -grid - slack).toBe(true);
          if (rounding === 'up') expect(away >= -slack && away < grid + slack).toBe(true);
          if (rounding === 'nearest') expect(Math.abs(away) <= grid / 2 + slack).toBe(true);
        },
      ),
      { numRuns: 3_000 },
    );
  });
  it('that is on the grid already stays, whichever way it is rounded', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: -500_000, max: 500_000 }),
        tick,
        fc.constantFrom('down' as const, 'up' as const),
        (n, grid, rounding) => {
          expect(toTick(dollars(price(n * grid)), price(grid), rounding)).toBe(n * grid === 0 ? 0 : n * grid);
        },
      ),
      { numRuns: 3_000 },
    );
  });
  it('never comes of a figure that is not finite, or of no grid', () => {
    expect(() => toTick(Number.NaN, price(10_000), 'nearest')).toThrow('not a finite price');
    expect(() => toTick(Number.POSITIVE_INFINITY, price(10_000), 'nearest')).toThrow('not a finite price');
    expect(() => toTick(1, price(0), 'nearest')).toThrow('a tick is positive');
  });
});
