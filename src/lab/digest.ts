// One text for one run: every turn the daemon committed and every trade event of the exchange, in the order in which they happened.
import { createHash } from 'node:crypto';
import { canonicalJson } from '../base/canonical.ts';

export interface Digest {
  /** Adds one happening. What it holds must not depend on this machine: no path, no process id, no real time. */
  add(what: string, value: unknown): void;
  /** SHA-256 of all so far, in hexadecimal. */
  text(): string;
  readonly count: number;
}

export function createDigest(): Digest {
  const hash = createHash('sha256');
  let count = 0;
  return {
    add: (what, value) => {
      count += 1;
      hash.update(`${what} ${canonicalJson(value)}\n`);
    },
    text: () => hash.copy().digest('hex'),
    get count() {
      return count;
    },
  };
}

/** The digest of several runs. */
export const digestOf = (texts: readonly string[]): string => createHash('sha256').update(texts.join('\n')).digest('hex');
