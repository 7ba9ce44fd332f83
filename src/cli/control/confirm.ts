// Asks before something that cannot be taken back; without a terminal only --yes will do.
import { createInterface } from 'node:readline/promises';
import { fail } from '../exit.ts';

/** Goes on when a person says yes; exit 7 otherwise. */
export async function confirm(yes: boolean | undefined, question: string): Promise<void> {
  if (yes === true) return;
  if (!process.stdin.isTTY || !process.stderr.isTTY) fail(7, `wsb: ${question}`, 'There is no terminal to ask on: say --yes.');
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const said = await terminal.question(`${question} [y/N] `);
    if (!/^y(es)?$/i.test(said.trim())) fail(7, 'wsb: nothing was done.');
  } finally {
    terminal.close();
  }
}
