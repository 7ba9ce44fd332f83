// A value that cannot be printed by accident.
import { inspect } from 'node:util';

const MASK = '[secret]';

/** Holds a secret; text, JSON, inspection and coercion all give `[secret]`. `reveal` is the only way in. */
export class Secret {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
  }

  /** The value itself: for the one place that puts it on the wire, and for the log's redactor. */
  reveal(): string {
    return this.#value;
  }

  toString(): string {
    return MASK;
  }

  toJSON(): string {
    return MASK;
  }

  [Symbol.toPrimitive](): string {
    return MASK;
  }

  [inspect.custom](): string {
    return MASK;
  }
}
