// The only throw the core knows: a failed assertion is a bug, and it ends the process (exit 70).

export class AssertionError extends Error {
  override readonly name = 'AssertionError';
}

/** Throws AssertionError unless `ok`. Always on, in production too. */
export function assert(ok: boolean, message: string): asserts ok {
  if (!ok) throw new AssertionError(message);
}

/** The value, or an AssertionError naming what was missing. */
export function ensure<T>(value: T | undefined | null, what: string): T {
  assert(value !== undefined && value !== null, `missing: ${what}`);
  return value;
}

/** Marks a branch the compiler has proved unreachable. */
export function never(value: never): never {
  throw new AssertionError(`unexpected: ${JSON.stringify(value)}`);
}
