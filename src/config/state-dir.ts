// Where the ledger, the lock and the backups stand.
import { basename, resolve } from 'node:path';
import { type Env, read } from './env.ts';
import type { RunMode } from './schema.ts';

export interface StateDirRequest {
  /** `--state-dir`; wins over everything. */
  readonly flag: string | undefined;
  readonly env: Env;
  readonly cwd: string;
  readonly mode: RunMode;
  /** Folder of the tape that is played, which has a state directory of its own. */
  readonly tape: string | undefined;
}

/** Absolute path: the flag, else `WSB_STATE_DIR`, else systemd's first state directory, else `./var/<mode>` (`./var/tape-<folder>`). */
export function stateDirOf({ flag, env, cwd, mode, tape }: StateDirRequest): string {
  const named = flag ?? read(env, 'WSB_STATE_DIR') ?? read(env, 'STATE_DIRECTORY')?.split(':')[0];
  if (named !== undefined) return resolve(cwd, named);
  const folder = tape === undefined ? mode : `tape-${basename(resolve(cwd, tape)).replace(/[^A-Za-z0-9._-]/g, '-')}`;
  return resolve(cwd, 'var', folder);
}
