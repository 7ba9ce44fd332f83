// A command's end: a code from the documented table, and what to say on standard error.

/** Thrown by commands only; main prints the message and exits with the code. */
export class Exit extends Error {
  override readonly name = 'Exit';
  readonly code: number;
  constructor(code: number, message: string) {
    super(message);
    this.code = code;
  }
}

/** Ends the command. */
export function fail(code: number, ...lines: readonly string[]): never {
  throw new Exit(code, lines.join('\n'));
}
