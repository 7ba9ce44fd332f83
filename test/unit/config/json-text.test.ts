import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type JsonText, readJson } from '../../../src/config/json-text.ts';

const fault = (text: string): JsonText => readJson(text);

describe('a JSON text', () => {
  it('is read to the value that the platform reads', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.boolean(), (value, wide) => {
        const text = JSON.stringify(value, null, wide ? 2 : 0);
        expect(readJson(text)).toMatchObject({ ok: true });
        expect((readJson(text) as { readonly value: unknown }).value).toEqual(JSON.parse(text));
      }),
      { numRuns: 300 },
    );
  });
  it('is refused wherever the platform refuses it', () => {
    const piece = fc.constantFrom(
      '{',
      '}',
      '[',
      ']',
      ',',
      ':',
      '"a"',
      '"b"',
      '1',
      '-',
      '01',
      'true',
      'nul',
      ' ',
      '\n',
      '"\t"',
      '"\\x"',
      '"',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 8 }), (pieces) => {
        const text = pieces.join('');
        const own = readJson(text);
        let theirs = true;
        try {
          JSON.parse(text);
        } catch {
          theirs = false;
        }
        // Ours refuses one thing more: a name that stands twice.
        expect(own.ok).toBe(theirs && !(!own.ok && own.why.includes('twice')));
      }),
      { numRuns: 2_000 },
    );
  });
  it('says on which line each part of it begins', () => {
    const read = readJson('{\n "a": [\n  1,\n  {"b": 2}\n ],\n "c": 3\n}');
    if (!read.ok) throw new Error(read.why);
    expect([['a'], ['a', 0], ['a', 1, 'b'], ['c'], ['a', 1, 'missing'], []].map((path) => read.lineOf(path))).toEqual([2, 3, 4, 6, 4, 1]);
  });
  it.each([
    ['{\n"a": NaN}', 2, '"NaN" is no value'],
    ['{"a": 1\n "b": 2}', 2, 'expected , or } after "a", found "\\""'],
    ['{"a": 1,\n\n"a": 2}', 3, '"a" stands in the same table twice'],
    ['[1, 2', 1, 'expected , or ] in the list, found the end of the text'],
    ['', 1, 'expected a value, found the end of the text'],
    ['1\n2', 2, 'something stands after the end'],
    ['{"a', 1, 'text that is not closed'],
    ['["a\nb"]', 1, 'a line break'],
    ["{'a': 1}", 1, 'expected a name in quotes'],
    ['{"a" 1}', 1, 'expected : after "a"'],
    ['['.repeat(100_000), 1, 'nested more than 32 deep'],
  ])('%j is refused on its line', (text, line, why) => {
    expect(fault(text)).toMatchObject({ ok: false, line, why: expect.stringContaining(why) as string });
  });
  it('keeps a name that objects have of their own as a name', () => {
    const read = readJson('{"__proto__": {"a": 1}}');
    expect(read.ok && Object.keys(read.value as object)).toEqual(['__proto__']);
  });
});
