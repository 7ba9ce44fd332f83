import { describe, expect, it } from 'vitest';
import { type AssignmentInput, assignmentFlags, type Flag } from '../../../src/cli/option/assignment.ts';
import { absent, value } from '../../../src/cli/option/figure.ts';
import { parseOcc } from '../../../src/domain/instrument.ts';
import { tradingDay } from '../../../src/domain/time.ts';

function optionOf(word: string) {
  const option = parseOcc(word);
  if (option === undefined) throw new Error(word);
  return option;
}

const call: AssignmentInput = {
  option: optionOf('KO261218C00060000'),
  style: 'american',
  session: tradingDay('2026-11-24'),
  nextSession: tradingDay('2026-11-25'),
  today: tradingDay('2026-11-24'),
  lastSession: tradingDay('2026-12-18'),
  intrinsic: value(10),
  extrinsic: value(0.2),
  delta: value(0.9),
  exDates: [{ day: tradingDay('2026-11-25'), amount: 0.51 }],
};
const put: AssignmentInput = { ...call, option: optionOf('KO261218P00060000'), extrinsic: value(0.05), delta: value(-0.95), exDates: [] };
const gone = absent('no_quote', 'nobody said');

const state = (input: AssignmentInput, name: Flag['name']): string =>
  assignmentFlags(input).find((flag) => flag.name === name)?.state ?? 'not asked';

describe('a call the share of which goes ex tomorrow', () => {
  it.each<[string, Partial<AssignmentInput>, string]>([
    ['is expected to be exercised when the dividend beats its time value', {}, 'yes'],
    ['is not when time value is worth as much', { extrinsic: value(0.51) }, 'no'],
    ['is not out of the money', { intrinsic: value(0) }, 'no'],
    ['is not with European exercise', { style: 'european' }, 'no'],
    ['is not two sessions ahead of the ex-date', { exDates: [{ day: tradingDay('2026-11-27'), amount: 0.51 }] }, 'no'],
    ['is not on the ex-date itself', { exDates: [{ day: tradingDay('2026-11-24'), amount: 0.51 }] }, 'no'],
    ['is not for an ex-date after its expiry', { option: optionOf('KO261124C00060000') }, 'no'],
    ['cannot be judged when nobody said what is paid', { exDates: null }, 'unknown'],
    ['cannot be judged without a price', { extrinsic: gone }, 'unknown'],
    ['cannot be judged without a spot', { intrinsic: gone }, 'unknown'],
  ])('%s', (_, change, expected) => {
    expect(state({ ...call, ...change }, 'dividend_call')).toBe(expected);
  });
  it('says the next ex-date when that is not tomorrow', () => {
    const [, , flag] = assignmentFlags({ ...call, exDates: [{ day: tradingDay('2026-12-01'), amount: 0.51 }] });
    expect(flag?.why).toContain('2026-12-01');
  });
  it('has no flag of a put', () => {
    expect(state(call, 'spent_put')).toBe('not asked');
  });
});

describe('a put', () => {
  it.each<[string, Partial<AssignmentInput>, string]>([
    ['with hardly any time value that moves as the share is expected to be exercised', {}, 'yes'],
    ['with more time value is not', { extrinsic: value(0.06) }, 'no'],
    ['that moves less is not', { delta: value(-0.94) }, 'no'],
    ['with European exercise is not', { style: 'european' }, 'no'],
    ['under parity has no delta, and is', { extrinsic: value(-0.01), delta: gone }, 'yes'],
    ['out of the money and without a volatility cannot be judged', { intrinsic: value(0), delta: gone, extrinsic: value(0) }, 'unknown'],
    ['without a price cannot be judged', { extrinsic: gone, delta: gone }, 'unknown'],
  ])('%s', (_, change, expected) => {
    expect(state({ ...put, ...change }, 'spent_put')).toBe(expected);
  });
});

describe('any contract', () => {
  it('expires today on its last session only', () => {
    expect(state(call, 'expires_today')).toBe('no');
    expect(state({ ...call, lastSession: call.today }, 'expires_today')).toBe('yes');
  });
  it.each([
    [0.95, 'yes'],
    [0.949, 'no'],
  ])('with a delta of %d is deep in the money: %s', (delta, expected) => {
    expect(state({ ...call, delta: value(delta) }, 'deep_in_the_money')).toBe(expected);
  });
});
