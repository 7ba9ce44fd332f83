// Worst outcomes of option books, by hand.
import { describe, expect, it } from 'vitest';
import { type RiskLeg, requirement, selfCovered } from '../../../../src/exchange/core/collateral.ts';
import { usd } from './scripted-market.ts';

/** `-2 P95 0306` reads: short two puts at 95 that expire on 6 March. */
const book = (text: string): readonly RiskLeg[] =>
  text.split(', ').map((leg) => {
    const [, qty = '', right = '', strike = '', month = '', day = ''] = /^(-?\d+) ([PC])(\d+) (\d\d)(\d\d)$/.exec(leg) ?? [];
    return { right: right === 'P' ? 'put' : 'call', strike: usd(Number(strike)), expiry: `2026-${month}-${day}`, qty: Number(qty) };
  });

describe('the requirement of a book', () => {
  const rows: readonly (readonly [string, string, number, number, number, number])[] = [
    ['a long option needs nothing', '1 P95 0306', 0, 0, 0, 0],
    ['a short put needs its strike', '-2 P95 0306', 0, 19_000, 0, 0],
    ['a put spread needs its width', '-1 P95 0306, 1 P90 0306', 0, 500, 0, 0],
    ['a debit spread needs nothing', '1 P95 0306, -1 P90 0306', 0, 0, 0, 0],
    ['a condor needs its wider side once', '-1 P95 0306, 1 P90 0306, -1 C105 0306, 1 C108 0306', 0, 500, 0, 0],
    ['a covered call locks a lot', '-1 C105 0306', 150, 0, 1, 0],
    ['a short call beyond the lots is uncovered', '-2 C105 0306', 150, 0, 1, 1],
    ['a covered call does not lend its shares to a put', '-1 C105 0306, -1 P95 0306', 100, 9_500, 1, 0],
    ['a call spread needs no shares', '-1 C105 0306, 1 C110 0306', 100, 500, 0, 0],
    ['a longer call covers a shorter one', '-1 C105 0306, 1 C105 0320', 0, 0, 0, 0],
    ['a shorter call does not cover a longer one', '-1 C105 0320, 1 C105 0306', 0, 0, 0, 1],
    ['a shorter put does not cover a longer one', '-1 P95 0320, 1 P90 0306', 0, 9_500, 0, 0],
  ];
  it.each(rows)('%s', (_, text, shares, cash, coverLots, uncovered) => {
    const found = requirement(book(text), shares);
    expect([found.coverLots, found.uncovered]).toEqual([coverLots, uncovered]);
    if (uncovered === 0) expect(found.cash).toBe(usd(cash));
  });
});

it.each([
  ['-1 P95 0306, 1 P90 0306', true],
  ['-1 P95 0306, 1 C105 0306', false],
  ['-2 P95 0306, 1 P90 0306', false],
  ['-1 C105 0306, 1 C105 0320', true],
  ['-1 C105 0320, 1 C105 0306', false],
])('the legs %s cover themselves: %s', (text, covered) => {
  expect(selfCovered(book(text))).toBe(covered);
});
