// A quote that its expiry's others contradict is not entered on: the contract falls out under the reason's name, and another one is taken.
import { describe, expect, it } from 'vitest';
import type { Decision } from '../../../src/domain/decision.ts';
import { evaluate } from '../../../src/strategies/wheel/entry.ts';
import { cashWorld, gate, opensOf, params, passesOf, withQuote } from './wheel-worlds.ts';
import { contextOf, type Listed } from './world.ts';

const decide = (strikes: readonly Listed[]): readonly Decision[] => evaluate(contextOf(cashWorld({}, strikes), params()));

describe('a put that is bid for more than a better one is offered for', () => {
  const decisions = decide(withQuote(44, [1.4, 1.5]));
  const [open] = opensOf(decisions);
  it('is not sold, however much it seems to bring', () => {
    expect(open?.legs[0].instrument.symbol).toBe('XYZ260417P00045000');
  });
  it('is counted under what is wrong with it, and every other contract under its own reason', () => {
    const rejected = String(gate(open, 'contracts rejected'));
    expect(rejected).toContain('QUOTE_NOT_MONOTONE 1');
    const counts = rejected.split(', ').map((part) => Number(part.split(' ')[1]));
    expect(counts.reduce((a, b) => a + b, Number(gate(open, 'contracts taken')))).toBe(gate(open, 'contracts looked at'));
  });
  it('is sold where nothing contradicts it', () => {
    expect(opensOf(decide(withQuote(44, [0.95, 1.03])))[0]?.legs[0].instrument.symbol).toBe('XYZ260417P00044000');
  });
});

describe('a chain with quotes of another share among its own', () => {
  it('is entered on nowhere', () => {
    const frozen = withQuote(44, [0.95, 1.03]).map(
      (row): Listed => (row.strike >= 49 ? { ...row, put: [row.strike + 3, row.strike + 3.2], call: [60, 61] } : row),
    );
    expect(passesOf(decide(frozen))[0]).toMatchObject({ subject: 'XYZ', code: 'CHAIN_INCONSISTENT' });
  });
});
