import { describe, expect, it } from 'vitest';
import { seededRng } from '../../../src/base/rng.ts';
import { exp, expNear, log, splitLog } from '../../../src/pricing/elementary.ts';
import { bigExp, bigLog, exact, lastBits } from './big-fraction.ts';

const rng = seededRng(7);
const between = (low: number, high: number): number => low + (high - low) * rng.float();
const draw = (count: number, make: () => number): readonly number[] => Array.from({ length: count }, make);

/** The worst distance from the reference over the points, in last bits. */
const worst = (points: readonly number[], f: (x: number) => number, reference: (x: bigint) => bigint): number =>
  points.reduce((most, x) => Math.max(most, lastBits(f(x), reference(exact(x)))), 0);

describe('exp', () => {
  it.each([
    ['wide', draw(800, () => between(-170, 170))],
    ['of ordinary size', draw(800, () => between(-2, 2))],
    ['close to nothing', draw(400, () => between(-1, 1) * 2 ** -(40 * rng.float()))],
    ['large', draw(200, () => between(600, 709.78))],
  ])('is right to six tenths of the last bit for arguments that are %s', (_, points) => {
    expect(worst(points, exp, bigExp)).toBeLessThan(0.6);
  });

  // To 40 digits, rounded once.
  it.each([
    [-708.5, 2.006132305331306e-308],
    [-720.25, 1.5827029403e-313],
    [-744.4400719213812, 5e-324],
    [-745.1332191019411, 5e-324],
    [-745.1332191019413, 0],
  ])('takes its result at %d down into the subnormal range', (x, expected) => {
    expect(Math.abs(exp(x) - expected)).toBeLessThanOrEqual(Number.MIN_VALUE);
    expect(exp(x) > 0).toBe(expected > 0);
  });

  it.each([
    [0, 1],
    [-0, 1],
    [Infinity, Infinity],
    [-Infinity, 0],
    [709.782712893384, 1.7976931348622732e308],
    [709.7827128933841, Infinity],
    [-746, 0],
    [Number.NaN, Number.NaN],
  ])('of %d is %d', (x, expected) => expect(exp(x)).toBe(expected));

  it('has the same bits without its edges', () => {
    for (const x of draw(1000, () => between(-700, 700))) expect(expNear(x)).toBe(exp(x));
  });

  it('never falls as its argument rises', () => {
    for (let i = 0, x = -1; i < 4000; i++, x += 0.0005) expect(exp(x + 0.0005)).toBeGreaterThan(exp(x));
  });
});

describe('log', () => {
  it.each([
    ['wide', draw(800, () => 2 ** between(-300, 1000))],
    ['of ordinary size', draw(800, () => between(0.5, 2))],
    ['near 1', draw(800, () => between(0.98, 1.02))],
    ['within the last bits of 1', draw(400, () => 1 + between(-1, 1) * 2 ** -between(6, 52))],
  ])('is right to the last bit for arguments that are %s', (_, points) => {
    expect(worst(points, log, bigLog)).toBeLessThan(1);
  });

  it.each([
    [1, 0],
    [0, -Infinity],
    [-0, -Infinity],
    [Infinity, Infinity],
    [5e-324, -744.4400719213812],
    [1e-310, -713.8013788281542],
    [Number.MAX_VALUE, 709.782712893384],
    [-1, Number.NaN],
    [-Infinity, Number.NaN],
    [Number.NaN, Number.NaN],
  ])('of %d is %d', (x, expected) => expect(log(x)).toBe(expected));

  it('gives differences finer than the quotient does', () => {
    const a = new Float64Array(2);
    const b = new Float64Array(2);
    for (let i = 0; i < 1000; i++) {
      const x = between(50, 500);
      const y = x * between(0.99, 1.01);
      splitLog(x, a, 0);
      splitLog(y, b, 0);
      const difference = (a[0] as number) - (b[0] as number) + ((a[1] as number) - (b[1] as number));
      const off = exact(difference) - (bigLog(exact(x)) - bigLog(exact(y)));
      expect(Math.abs(Number(off >> 300n)) / 2 ** 100).toBeLessThan(2 ** -57);
    }
  });
});
