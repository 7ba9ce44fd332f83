import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { contractId, contractOfId } from '../../../../src/exchange/wire/contract-id.ts';

const digits = (n: number) => fc.integer({ min: 0, max: 10 ** n - 1 }).map((value) => String(value).padStart(n, '0'));
const root = fc.stringMatching(/^[A-Z]{1,6}\d?$/);
const symbol = fc.tuple(root, digits(6), fc.constantFrom('C', 'P'), digits(8)).map((parts) => parts.join(''));

describe('the id of a contract', () => {
  it('is a valid UUID that leads back to the symbol, in either case', () => {
    fc.assert(
      fc.property(symbol, (text) => {
        const id = contractId(text) ?? '';
        expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
        expect(contractOfId(id)).toBe(text);
        expect(contractOfId(id.toUpperCase())).toBe(text);
      }),
    );
  });

  it('differs between contracts, and no other UUID is one', () => {
    fc.assert(fc.property(symbol, symbol, (a, b) => (a === b) === (contractId(a) === contractId(b))));
    fc.assert(fc.property(fc.uuid(), (id) => contractOfId(id) === undefined));
  });

  it.each(['SPY', 'SPY261218C0060000', 'TOOLONG261218C00600000', 'spy261218C00600000', '', 'SPY261218X00600000'])(
    'is none of %j',
    (text) => {
      expect(contractId(text)).toBeUndefined();
      expect(contractOfId(text)).toBeUndefined();
    },
  );
});
