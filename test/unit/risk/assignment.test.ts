// Early assignment in figures: when whoever holds the other side of a short option gains by exercising it tonight.
import { describe, expect, it } from 'vitest';
import { symbol } from '../../../src/domain/ids.ts';
import { instrumentOf, type Option } from '../../../src/domain/instrument.ts';
import { assignmentDanger, type ShortOption } from '../../../src/risk/assignment.ts';

const option = (right: 'C' | 'P', strike: number): Option => {
  const found = instrumentOf(symbol(`ABC260417${right}${String(strike * 1_000).padStart(8, '0')}`));
  if (found.kind !== 'option') throw new Error('not an option');
  return found;
};
const call: ShortOption = { option: option('C', 95), spot: 100, mid: 5.3, dividend: 0.6, years: 30 / 365, rate: 0.04 };
const put: ShortOption = { option: option('P', 105), spot: 100, mid: 5.5, dividend: 0, years: 30 / 365, rate: 0.04 };

describe('a short call on the eve of an ex-date', () => {
  it('is in danger when the dividend is worth more than the time value', () => {
    expect(assignmentDanger(call)).toEqual({ cause: 'dividend', gain: 0.6, timeValue: 0.3 });
  });
  it.each([
    ['the time value equals the dividend', { mid: 5.6 }],
    ['nothing goes ex', { dividend: 0 }],
    ['it is at the money', { spot: 95, mid: 0.1 }],
    ['it is out of the money', { spot: 94, mid: 0.1 }],
  ])('is not when %s', (_, over) => {
    expect(assignmentDanger({ ...call, ...over })).toBeUndefined();
  });
  it('is when its price lies under intrinsic value', () => {
    expect(assignmentDanger({ ...call, mid: 4.9 })).toEqual({ cause: 'dividend', gain: 0.6, timeValue: -0.1 });
  });
});

describe('a short put', () => {
  it('is in danger under five cents of time value', () => {
    expect(assignmentDanger({ ...put, mid: 5.04 })).toEqual({ cause: 'time_value', gain: 0.05, timeValue: 0.04 });
  });
  it('is in danger when the interest on the strike is worth more than the time value: K(1 - e^(-rT))', () => {
    // 105 x (1 - exp(-0.04 x 30/365)) = 0.344636
    const found = assignmentDanger({ ...put, mid: 5.34 });
    expect(found).toMatchObject({ cause: 'interest', timeValue: 0.34 });
    expect(found?.gain).toBeCloseTo(0.344636, 5);
    expect(assignmentDanger({ ...put, mid: 5.35 })).toBeUndefined();
  });
  it('is not out of the money, however little it is worth', () => {
    expect(assignmentDanger({ ...put, spot: 106, mid: 0.01 })).toBeUndefined();
  });
  it('does not mind a dividend', () => {
    expect(assignmentDanger({ ...put, dividend: 5 })).toBeUndefined();
  });
});

it.each([
  ['a call', call, 'mid'],
  ['a call', call, 'spot'],
  ['a call', call, 'dividend'],
  ['a put', put, 'mid'],
  ['a put', put, 'rate'],
] as const)('%s of which the %3$s is no number counts as in danger', (_, short, field) => {
  expect(assignmentDanger({ ...short, [field]: NaN })).toBeDefined();
});
