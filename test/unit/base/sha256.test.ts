import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sha256, sha256Base32, sha256Hex } from '../../../src/base/sha256.ts';

const reference = (text: string): string => createHash('sha256').update(text, 'utf8').digest('hex');

describe('sha256', () => {
  it.each([
    ['', 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'],
    ['abc', 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'],
  ])('of %j is the published digest', (text, digest) => {
    expect(sha256Hex(text)).toBe(digest);
  });
  it('agrees with the platform at every length around the block edges', () => {
    for (let length = 0; length <= 200; length++) expect(sha256Hex('x'.repeat(length))).toBe(reference('x'.repeat(length)));
  });
  it('agrees with the platform on any text, astral characters included', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 300 }), (text) => {
        expect(sha256Hex(text)).toBe(reference(text));
      }),
    );
  });
  it('in base32 is the digest in groups of five bits, most significant first', () => {
    const alphabet = 'abcdefghijklmnopqrstuvwxyz234567';
    fc.assert(
      fc.property(fc.string(), fc.integer({ min: 1, max: 51 }), (text, length) => {
        const bits = [...sha256(text)].map((byte) => byte.toString(2).padStart(8, '0')).join('');
        const groups = Array.from({ length }, (_, i) => alphabet.charAt(Number.parseInt(bits.slice(i * 5, i * 5 + 5), 2)));
        expect(sha256Base32(text, length)).toBe(groups.join(''));
      }),
    );
  });
});
