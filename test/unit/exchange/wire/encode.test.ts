// Values as the exchange writes them: exact, plain and valid.
import { describe, expect, it } from 'vitest';
import {
  averagePrice,
  decimal,
  instant,
  microsOf,
  money,
  newYorkText,
  quotient,
  ulidOf,
  uuidOf,
} from '../../../../src/exchange/wire/encode.ts';

describe('decimal text', () => {
  it.each([
    [0, '0', '0.00'],
    [240_000_000, '240', '240.00'],
    [-850_000, '-0.85', '-0.85'],
    [1, '0.000001', '0.000001'],
    [-1, '-0.000001', '-0.000001'],
    [100_000_000_000, '100000', '100000.00'],
    [9_007_199_254_740_991, '9007199254.740991', '9007199254.740991'],
    [500_000, '0.5', '0.50'],
  ])('writes %i micros as %s and as money %s', (micros, short, long) => {
    expect([decimal(micros), money(micros)]).toEqual([short, long]);
  });

  it.each([
    [1, 3, 6, '0.333333'],
    [2, 3, 6, '0.666667'],
    [-2, 3, 6, '-0.666667'],
    [6, 3, 6, '2'],
    [0, -5, 6, '0'],
    [1, -2, 3, '-0.5'],
    [-1, 10_000_000, 6, '0'],
  ])('writes %i / %i to %i places as %s', (n, d, places, text) => expect(quotient(n, d, places)).toBe(text));

  it('writes an average from which the cash can be had back to the micro', () => {
    const cash = 594_040_000 + 594_050_000 * 2;
    expect(averagePrice(cash, 3)).toBe('594.046666666667');
    expect(Math.round(Number(averagePrice(cash, 3)) * 3 * 1e6)).toBe(cash);
  });

  it.each([
    ['11.02', 11_020_000],
    [11.02, 11_020_000],
    ['-0.85', -850_000],
    ['1.500000000', 1_500_000],
    ['+2', 2_000_000],
    ['-0', 0],
    ['1e3', undefined],
    ['0.0000001', undefined],
    ['', undefined],
    [null, undefined],
    ['NaN', undefined],
    [Infinity, undefined],
    ['1,5', undefined],
    [{}, undefined],
  ])('reads %o as %s micros', (value, micros) => expect(microsOf(value)).toBe(micros));
});

describe('instants and identifiers', () => {
  it.each([
    ['2026-11-20T20:05:00Z', '2026-11-20T15:05:00-05:00'],
    ['2026-11-20T20:05:00.120Z', '2026-11-20T15:05:00.120-05:00'],
    ['2026-07-01T03:59:59Z', '2026-06-30T23:59:59-04:00'],
    ['2026-11-01T05:30:00Z', '2026-11-01T01:30:00-04:00'],
    ['2026-11-01T06:30:00Z', '2026-11-01T01:30:00-05:00'],
  ])('writes %s in UTC and in New York', (utc, newYork) => {
    expect([instant(Date.parse(utc)), newYorkText(Date.parse(utc))]).toEqual([utc, newYork]);
  });

  it('makes valid identifiers that depend on the name alone', () => {
    const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
    for (let i = 0; i < 100; i++) expect(uuidOf(String(i))).toMatch(uuid);
    expect(uuidOf('a')).toBe(uuidOf('a'));
    expect(uuidOf('a')).not.toBe(uuidOf('b'));
    expect(ulidOf(Date.parse('2026-11-20T20:05:00Z'), 'a')).toMatch(/^01[0-9A-HJKMNP-TV-Z]{24}$/);
    expect(ulidOf(1, 'z') < ulidOf(2, 'a')).toBe(true);
  });
});
