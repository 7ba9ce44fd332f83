// The ledger, opened for reading by a command.
import { join } from 'node:path';
import { openReader, type Reader } from '../store/reader.ts';
import { fail } from './exit.ts';
import { configOf, type Globals } from './globals.ts';

export const ledgerFile = (stateDir: string): string => join(stateDir, 'ledger.sqlite');

/** Does something with the ledger of the configured state directory; exit 22 (6 when there is none) with the fix otherwise. */
export function withLedger<T>(globals: Globals, use: (reader: Reader, stateDir: string) => T): T {
  const { stateDir } = configOf({ ...globals, quiet: true });
  const opened = openReader(ledgerFile(stateDir));
  if (!opened.ok) return fail(opened.fault.code === 'DB_MISSING' ? 6 : 22, `wsb: ${opened.fault.message}`, opened.fault.fix);
  try {
    return use(opened.reader, stateDir);
  } finally {
    opened.reader.close();
  }
}
