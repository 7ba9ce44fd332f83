import { describe, expect, it } from 'vitest';
import { canonicalJson } from '../../../src/base/canonical.ts';

describe('canonical JSON', () => {
  it.each([
    ['sorts keys at every depth', { b: 1, a: { d: 2, c: 3 } }, '{"a":{"c":3,"d":2},"b":1}'],
    ['keeps the order of lists', [3, 1, 2], '[3,1,2]'],
    ['writes maps as lists of entries', new Map([['k', { y: 1, x: 2 }]]), '[["k",{"x":2,"y":1}]]'],
    ['drops undefined members', { a: undefined, b: null }, '{"b":null}'],
    ['writes plain values as they are', 'text', '"text"'],
  ])('%s', (_name, value, text) => {
    expect(canonicalJson(value)).toBe(text);
  });
  it('is one text for one value, whatever the order of insertion', () => {
    expect(canonicalJson({ one: 1, two: { three: 3, four: 4 } })).toBe(canonicalJson({ two: { four: 4, three: 3 }, one: 1 }));
  });
});
