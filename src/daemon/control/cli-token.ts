// `cli.token`: an admin's token for the commands on this machine, in a file that only the daemon's own user can read.
import { randomUUID } from 'node:crypto';
import { chmod, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Token } from '../../domain/control.ts';
import { DAY } from '../../domain/time.ts';
import type { Control } from './control.ts';
import { mintToken, recognise } from './tokens.ts';

export const CLI_TOKEN_DAYS = 90;
/** Renewed when less than this is left of it. */
const RENEW_BELOW_MS = 30 * DAY;

export const cliTokenFile = (stateDir: string): string => join(stateDir, 'cli.token');

/** The token in the file, when it is still good for a while. */
async function standing(file: string, tokens: ReadonlyMap<string, Token>, wall: number): Promise<Token | undefined> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (text === undefined) return undefined;
  await chmod(file, 0o600);
  const shown = recognise(text.trim(), tokens, wall);
  return shown.ok && shown.token.role === 'admin' && shown.token.expiresWall - wall > RENEW_BELOW_MS ? shown.token : undefined;
}

/**
 * Sees to it that the file holds a good token: written at the first start, and again when it is lost or about to expire. True when it
 * was written. The daemon knows of a token before the file names it: a crash in between leaves one that nobody has.
 */
export async function keepCliToken(stateDir: string, tokens: ReadonlyMap<string, Token>, control: Control, wall: number): Promise<boolean> {
  const file = cliTokenFile(stateDir);
  if ((await standing(file, tokens, wall)) !== undefined) return false;
  const { id, text, hash } = mintToken();
  const order = { verb: 'issue_token', id, role: 'admin', name: 'cli', hash, days: CLI_TOKEN_DAYS } as const;
  const reply = await control.ask({ key: randomUUID(), actor: 'boot', role: 'admin', reason: 'for the commands on this machine', order });
  if (reply.kind !== 'answered' || reply.outcome.result !== 'done') return false;
  const part = `${file}.part`;
  await rm(part, { force: true });
  await writeFile(part, `${text}\n`, { mode: 0o600, flag: 'wx' });
  await rename(part, file);
  return true;
}
