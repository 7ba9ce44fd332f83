import { describe, expect, it } from 'vitest';
import { type Calibration, calibration, disjointSpans, type Judged, TENTHS, wilson } from '../../../src/pricing/calibration.ts';

const of = (...pairs: readonly (readonly [number, 0 | 1])[]): readonly Judged[] =>
  pairs.map(([predicted, happened]) => ({ predicted, happened: happened === 1 }));

function done(judged: readonly Judged[], edges?: readonly number[]): Calibration {
  const found = calibration(judged, edges);
  if (found.kind === 'refused') throw new Error(found.reason);
  return found.calibration;
}

describe('the Brier score', () => {
  it('is the mean squared error: 0.9 and yes, 0.2 and no, 0.4 and yes make (0.01 + 0.04 + 0.36) / 3', () => {
    const found = done(of([0.9, 1], [0.2, 0], [0.4, 1]));
    expect(found.brier).toBeCloseTo(0.41 / 3, 15);
    expect(found.baseRate).toBeCloseTo(2 / 3, 15);
    expect(found.baseRateBrier).toBeCloseTo(2 / 9, 15);
    expect(found.skill).toBeCloseTo(1 - 0.41 / 3 / (2 / 9), 14);
  });
  it.each([
    ['certain and right', of([1, 1], [0, 0]), 0],
    ['certain and wrong', of([1, 0], [0, 1]), 1],
    ['undecided', of([0.5, 1], [0.5, 0], [0.5, 1]), 0.25],
  ])('of forecasts that are %s', (_, judged, brier) => expect(done(judged).brier).toBe(brier));
  it('has no skill to speak of where every outcome was the same', () => {
    expect(done(of([0.3, 1], [0.8, 1]))).toMatchObject({ skill: null, baseRateBrier: 0, baseRate: 1 });
  });
});

describe('its parts', () => {
  it('of a table worked by hand: 0.25 four times with one yes, 0.75 four times with two', () => {
    const judged = of([0.25, 1], [0.25, 0], [0.25, 0], [0.25, 0], [0.75, 1], [0.75, 1], [0.75, 0], [0.75, 0]);
    const { parts, brier, buckets } = done(judged);
    expect(parts.reliability).toBeCloseTo(0.5 * 0 + 0.5 * 0.0625, 15);
    expect(parts.resolution).toBeCloseTo(0.5 * (0.25 - 0.375) ** 2 + 0.5 * (0.5 - 0.375) ** 2, 15);
    expect(parts.uncertainty).toBeCloseTo(0.375 * 0.625, 15);
    expect(parts).toMatchObject({ withinVariance: 0, withinCovariance: 0 });
    expect(brier).toBeCloseTo(parts.reliability - parts.resolution + parts.uncertainty, 15);
    expect(buckets.map(({ from, count, observed, brier: own }) => [from, count, observed, own])).toEqual([
      [0.2, 4, 0.25, 0.1875],
      [0.7, 4, 0.5, 0.3125],
    ]);
  });
  it('count what varies inside a bucket: 0.62 and yes beside 0.68 and no', () => {
    const { parts, brier } = done(of([0.62, 1], [0.68, 0]));
    expect(parts.withinVariance).toBeCloseTo(0.0009, 12);
    expect(parts.withinCovariance).toBeCloseTo(2 * -0.015, 12);
    expect(brier).toBeCloseTo((0.38 ** 2 + 0.68 ** 2) / 2, 14);
  });
});

describe('buckets', () => {
  it('take their lower end in, the last one both', () => {
    expect(done(of([0.1, 0], [0.0999999, 0], [1, 1], [0.9, 1])).buckets.map((b) => [b.from, b.count])).toEqual([
      [0, 1],
      [0.1, 1],
      [0.9, 2],
    ]);
  });
  it('may be of any width', () => {
    expect(done(of([0.2, 0], [0.8, 1]), [0, 0.5, 1]).buckets.map((b) => [b.from, b.to])).toEqual([
      [0, 0.5],
      [0.5, 1],
    ]);
  });
  it.each([
    ['no edges', []],
    ['one edge', [0]],
    ['a start above 0', [0.1, 1]],
    ['an end under 1', [0, 0.9]],
    ['edges that turn back', [0, 0.6, 0.5, 1]],
    ['an edge twice', [0, 0.5, 0.5, 1]],
  ])('are refused with %s', (_, edges) => expect(calibration(of([0.5, 1]), edges)).toEqual({ kind: 'refused', reason: 'bad_edges' }));
  it('are tenths by default, each edge the nearest double', () => expect(TENTHS[3]).toBe(0.3));
});

describe('forecasts that are none', () => {
  it('are refused when there are none', () => expect(calibration([])).toEqual({ kind: 'refused', reason: 'no_forecasts' }));
  it.each([-0.0001, 1.0001, Number.NaN, Number.POSITIVE_INFINITY])('are refused at %d', (predicted) => {
    expect(calibration([{ predicted, happened: true }])).toEqual({ kind: 'refused', reason: 'not_a_probability' });
  });
});

describe("Wilson's interval", () => {
  // Textbook values (R. Newcombe, 1998, table I): 81 of 263, 15 of 148, 0 of 20, 1 of 29.
  it.each([
    [81, 263, 0.2553, 0.3662],
    [15, 148, 0.0624, 0.1605],
    [0, 20, 0, 0.1611],
    [1, 29, 0.0061, 0.1718],
  ])('of %d in %d', (yes, n, low, high) => {
    const found = wilson(yes / n, n);
    expect(found.low).toBeCloseTo(low, 4);
    expect(found.high).toBeCloseTo(high, 4);
  });
  it('ends at 0 and at 1 exactly', () => {
    expect(wilson(0, 3).low).toBe(0);
    expect(wilson(1, 3).high).toBe(1);
    expect(wilson(1, 3).low).toBeCloseTo(1 - wilson(0, 3).high, 15);
  });
});

describe('spans that do not overlap', () => {
  it.each([
    ['none', [], 0],
    ['one', [[0, 1]], 1],
    [
      'two that touch',
      [
        [0, 1],
        [1, 2],
      ],
      2,
    ],
    [
      'a long one over three short ones',
      [
        [0, 9],
        [0, 2],
        [3, 5],
        [6, 9],
      ],
      3,
    ],
    [
      'the same one thrice',
      [
        [0, 5],
        [0, 5],
        [0, 5],
      ],
      1,
    ],
    [
      'a chain of overlaps',
      [
        [0, 3],
        [2, 5],
        [4, 7],
        [6, 9],
      ],
      2,
    ],
  ] as const)('%s', (_, spans, count) => expect(disjointSpans(spans.map(([from, to]) => ({ from, to })))).toBe(count));
});
