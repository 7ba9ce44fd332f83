import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decimal, decimalMicros, instant, numberMicros, sameDecimal, times, wholeNumber } from '../../../src/alpaca/codec.ts';
import { symbol } from '../../../src/domain/ids.ts';
import { occSymbol, parseOcc } from '../../../src/domain/instrument.ts';
import { formatMicros, price } from '../../../src/domain/money.ts';
import { dayOfNumber } from '../../../src/domain/time.ts';

const micros = (text: string): number | undefined => {
  const value = decimal(text);
  return value === undefined ? undefined : decimalMicros(value);
};

describe('decimal text', () => {
  it.each([
    ['0', 0],
    ['0.000001', 1],
    ['-0.85', -850_000],
    ['231.05', 231_050_000],
    ['83250.12', 83_250_120_000],
    ['-0', 0],
    ['0.0000004', 0],
    ['0.0000005', 1],
    ['-0.0000005', -1],
    ['2.9999995', 3_000_000],
    ['9007199254.740991', 9_007_199_254_740_991],
  ])('%s is %d micros', (text, expected) => expect(micros(text)).toBe(expected));

  it.each(['', 'NaN', 'Infinity', '1e400', '1e3', '+1', '1.', '.5', ' 1', '1,000', '0x10', '--1', '1'.repeat(16), `0.${'1'.repeat(19)}`])(
    'refuses %j',
    (text) => expect(decimal(text)).toBeUndefined(),
  );

  it('refuses an amount that no safe integer of micros can hold', () => expect(micros('9007199254.740992')).toBeUndefined());

  it('round trips every amount we can write', () => {
    fc.assert(
      fc.property(fc.integer({ min: -9_007_199_254_740_991, max: 9_007_199_254_740_991 }), (amount) => {
        const clean = amount === 0 ? 0 : amount;
        expect(micros(formatMicros(clean))).toBe(clean);
      }),
    );
  });

  it('recovers the exact cash of fills from their average, as 64-bit floats do not', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.integer({ min: 1, max: 5_000 }), fc.integer({ min: 1, max: 900_000_000 })), { minLength: 1, maxLength: 6 }),
        (fills) => {
          const count = fills.reduce((sum, [n]) => sum + n, 0);
          const cash = fills.reduce((sum, [n, at]) => sum + BigInt(n) * BigInt(at), 0n);
          const scaled = (cash * 1_000_000n * 2n + BigInt(count)) / (2n * BigInt(count)); // twelve decimals, half up
          const text = `${String(scaled / 10n ** 12n)}.${String(scaled % 10n ** 12n).padStart(12, '0')}`;
          const average = decimal(text);
          const quantity = decimal(String(count));
          if (average === undefined || quantity === undefined) throw new Error(text);
          expect(BigInt(decimalMicros(times(average, quantity)) ?? -1)).toBe(cash);
        },
      ),
    );
  });

  it('compares by value, and knows whole numbers from fractions', () => {
    const [a, b, c] = [decimal('2'), decimal('2.000'), decimal('2.001')];
    if (!a || !b || !c) throw new Error('unreadable');
    expect([sameDecimal(a, b), sameDecimal(a, c)]).toEqual([true, false]);
    expect([wholeNumber(a), wholeNumber(b), wholeNumber(c)]).toEqual([2, 2, undefined]);
  });
});

describe('JSON numbers', () => {
  it.each([
    [0, 0],
    [3.35, 3_350_000],
    [0.1 + 0.2, 300_000],
    [231.0443335, 231_044_334],
    [1e-7, 0],
    [5e-7, 1],
    [999_999_999.99, 999_999_999_990_000],
  ])('%d is %d micros', (value, expected) => expect(numberMicros(value)).toBe(expected));
  it.each([Number.NaN, Number.POSITIVE_INFINITY, -0.01, 1e9, 1e300])('refuses %d', (value) => expect(numberMicros(value)).toBeUndefined());
  it('reads every cent price as itself', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 99_999_999 }), (cents) => {
        expect(numberMicros(Number((cents / 100).toFixed(2)))).toBe(cents * 10_000);
      }),
    );
  });
});

describe('instants', () => {
  it.each([
    ['2026-11-20T15:31:02Z', '2026-11-20T15:31:02.000Z'],
    ['2026-11-20T10:31:00.123456789-05:00', '2026-11-20T15:31:00.123Z'],
    ['2026-11-20T15:31:02.1Z', '2026-11-20T15:31:02.100Z'],
  ])('%s', (text, iso) => expect(instant(text)).toBe(Date.parse(iso)));
  it.each(['', '2026-11-20', 'soon', '2026-13-40T00:00:00Z', '2026-11-20T15:31:02'])('refuses %j', (text) =>
    expect(instant(text)).toBeUndefined(),
  );
});

describe('OCC symbols', () => {
  it('reads the strikes that trip floats', () => {
    for (const [text, strike] of [
      ['SPY261120C00064100', 64_100_000],
      ['F261120P00000510', 510_000],
      ['SPY261120P00585500', 585_500_000],
    ] as const)
      expect(parseOcc(text)?.strike).toBe(strike);
  });
  it('round trips 100,000 contracts', () => {
    let state = 20_261_122;
    const draw = (n: number): number => {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      return Math.floor((state / 4_294_967_296) * n);
    };
    const roots = ['A', 'F', 'SPY', 'QQQ', 'AAPL', 'GOOGL', 'BRKB', 'XSP', 'AAPL1'];
    let wrong = 0;
    for (let i = 0; i < 100_000; i++) {
      const root = symbol(roots[draw(roots.length)] ?? 'SPY');
      const expiry = dayOfNumber(18_262 + draw(9_000));
      const right = draw(2) === 0 ? 'call' : 'put';
      const strike = price((1 + draw(9_999_999)) * 10_000);
      if (strike / 1000 >= 1e8) continue;
      const option = parseOcc(occSymbol(root, expiry, right, strike));
      if (option?.underlying !== root || option.expiry !== expiry || option.right !== right || option.strike !== strike) wrong++;
    }
    expect(wrong).toBe(0);
  });
});
