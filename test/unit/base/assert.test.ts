import { describe, expect, it } from 'vitest';
import { AssertionError, assert, ensure, never } from '../../../src/base/assert.ts';

describe('assertions', () => {
  it('pass what holds and throw with the message when it does not', () => {
    expect(() => assert(true, 'fine')).not.toThrow();
    expect(() => assert(false, 'broken law')).toThrow(new AssertionError('broken law'));
  });
  it.each([[undefined], [null]])('ensure names what is missing: %s', (value) => {
    expect(() => ensure(value, 'the session')).toThrow('missing: the session');
  });
  it.each([[0], [''], [false]])('ensure returns what is there, even when it is %j', (value) => {
    expect(ensure(value, 'a value')).toBe(value);
  });
  it('a branch that cannot be reached says what reached it', () => {
    expect(() => never('surprise' as never)).toThrow('unexpected: "surprise"');
  });
});
