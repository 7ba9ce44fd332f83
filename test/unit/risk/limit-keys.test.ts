// Limits that can be set while the daemon runs: all of them are there, each knows which way it allows more.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'smol-toml';
import { describe, expect, it } from 'vitest';
import { limitKeys, loosened } from '../../../src/risk/limit-keys.ts';
import { shipped } from '../daemon/control-rig.ts';

/** Fixed at the start: lists of names, how the market is seen, and what is a word and no figure. */
const fixed = /^risk\.((stock|option)_quote_max_age|exposure\.market_index|orders\.(day_trade|wash_deny)|ceilings\.\w+\.(measure|over))$/;

/** Every leaf of a table that is one figure, by its dotted name. */
const leaves = (value: unknown, path: string): readonly string[] =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.entries(value).flatMap(([key, inner]) => leaves(inner, `${path}.${key}`))
    : Array.isArray(value)
      ? []
      : [path];

describe('the limits that can be set', () => {
  const file = parse(readFileSync(join(import.meta.dirname, '../../../config/base.toml'), 'utf8'));
  const stated = leaves(file['risk'], 'risk').filter((key) => !fixed.test(key));
  it('are every figure of [risk] as it is shipped, and no other', () => {
    expect([...limitKeys.keys()].sort()).toEqual([...stated].sort());
  });
  const { risk, relimit } = shipped();
  it.each([...limitKeys])('%s has a figure', (_, { figure }) => {
    expect(Number.isFinite(figure(risk))).toBe(true);
  });
  it('allow more upwards or downwards, and the same figure allows no more', () => {
    const at = (key: string, value: string) => {
      const read = relimit(new Map([[key, value]]));
      if (!read.ok) throw new Error(read.why);
      return read.limits;
    };
    const more = (key: string, value: string): boolean => {
      const found = limitKeys.get(key);
      if (found === undefined) throw new Error(key);
      return loosened(found, risk, at(key, value));
    };
    expect(more('risk.fat_finger_usd', '25000.01')).toBe(true);
    expect(more('risk.fat_finger_usd', '25000.00')).toBe(false);
    expect(more('risk.fat_finger_usd', '24999.99')).toBe(false);
    expect(more('risk.cash_buffer_pct', '0.04')).toBe(true);
    expect(more('risk.cash_buffer_pct', '0.06')).toBe(false);
    expect(more('risk.account_max_age', '31s')).toBe(true);
    expect(more('risk.open_buffer', '6m')).toBe(false);
  });
  it('count as allowing more where a figure is no number', () => {
    const broken = { ...risk, contractsMax: NaN };
    const key = limitKeys.get('risk.contracts_max');
    expect(key !== undefined && loosened(key, risk, broken) && loosened(key, broken, risk)).toBe(true);
  });
});
