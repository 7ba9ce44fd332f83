// The ledger that a dry run begins with: the account's own, read and never written, or an empty one.
import type { Config } from '../../config/load.ts';
import type { TradingDay } from '../../domain/time.ts';
import type { Loaded } from '../../ports/store.ts';
import { load } from '../../store/load.ts';
import { readStatus } from '../../store/queries.ts';
import { openReader } from '../../store/reader.ts';
import { ledgerFile } from '../reader.ts';
import { emptyLedger } from './rehearsal.ts';

export interface Begun {
  readonly loaded: Loaded;
  /** What it is, for the report. */
  readonly name: string;
}

const empty = (why: string): Begun => ({ loaded: emptyLedger, name: `empty (${why})` });

/** The ledger of the state directory when it is this account's; an exchange made for this command has an account that no ledger knows. */
export function ledgerFor({ stateDir, run }: Config, account: string, embedded: boolean, today: TradingDay): Begun {
  if (embedded) return empty('the exchange is new');
  const opened = openReader(ledgerFile(stateDir));
  if (!opened.ok) return empty(opened.fault.code === 'DB_MISSING' ? 'there is none yet' : opened.fault.message);
  try {
    const { stamp } = readStatus(opened.reader);
    if (stamp === null || stamp.mode !== run.mode || stamp.account !== account) return empty(`that of ${stateDir} is of another account`);
    return { loaded: load(opened.reader.db, today), name: ledgerFile(stateDir) };
  } finally {
    opened.reader.close();
  }
}
