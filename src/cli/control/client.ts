// Commands that act on a running daemon: found by its lock, spoken to with cli.token, and every answer as an exit code.
import { randomUUID } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileFaults } from '../../config/secret-file.ts';
import { cliTokenFile } from '../../daemon/control/cli-token.ts';
import { type LockState, lockState } from '../../store/lock.ts';
import { fail } from '../exit.ts';
import { configOf, type Globals } from '../globals.ts';
import { print, printJson } from '../output.ts';

type Answer = Readonly<Record<string, unknown>>;

export interface Client {
  readonly stateDir: string;
  get(path: string): Promise<unknown>;
  /** Asks once: sent again with the same key when the connection breaks before an answer. */
  post(path: string, body: Readonly<Record<string, unknown>>): Promise<Answer>;
}

/** Longer than any answer takes: a reconcile reads the broker first. */
const PATIENCE_MS = 30_000;

/** Whether a daemon lives on the state directory. */
export const daemonOf = (stateDir: string): LockState => lockState(join(stateDir, 'state.lock'));

function readToken(stateDir: string): string {
  const file = cliTokenFile(stateDir);
  if (!existsSync(file))
    return fail(7, `wsb: there is no ${file}: the daemon writes it when it starts.`, 'Restart the daemon, or name its --state-dir.');
  const faults = fileFaults(file, process.getuid?.());
  if (faults.length > 0) return fail(7, ...faults.map((fault) => `wsb: ${fault}`));
  return readFileSync(file, 'utf8').trim();
}

/** The exit code of a refusal: 2 what was asked for, 3 nobody there, 6 no such thing, 7 a guard. */
function exitOf(status: number): number {
  if (status === 400 || status === 415 || status === 413) return 2;
  if (status === 404) return 6;
  if (status === 503) return 3;
  return status >= 500 ? 1 : 7;
}

const text = (value: unknown): string => (typeof value === 'string' ? value : '');

async function answered(response: Response): Promise<unknown> {
  const body = await response.json();
  if (response.ok) return body;
  const { code, detail, fix } = body as Answer;
  return fail(exitOf(response.status), `wsb: ${text(detail)} (${text(code)})`, text(fix));
}

const isTimeout = (error: unknown): boolean => error instanceof Error && error.name === 'TimeoutError';

/** Sent a second time, with the same key, when nothing came back: the daemon acts once. */
async function send(url: string, init: RequestInit): Promise<Response> {
  const once = (): Promise<Response> => fetch(url, { ...init, signal: AbortSignal.timeout(PATIENCE_MS), redirect: 'error' });
  try {
    return await once().catch((error: unknown) => {
      if (isTimeout(error)) throw error;
      return once();
    });
  } catch (error) {
    if (isTimeout(error))
      return fail(5, `wsb: no answer within ${String(PATIENCE_MS / 1000)} s; what was asked may still be done. See wsb status.`);
    return fail(3, `wsb: no daemon answers at ${new URL(url).origin}.`, 'See wsb status, and the daemon log.');
  }
}

/** The running daemon; exit 3 when there is none, or none that can be spoken to. */
export function clientOf(globals: Globals): Client {
  const { stateDir } = configOf({ ...globals, quiet: true });
  const lock = daemonOf(stateDir);
  if (!lock.held) return fail(3, `wsb: no daemon runs on ${stateDir}.`, 'Start it (wsb run), or name another --state-dir.');
  const url = lock.holder?.url ?? null;
  if (url === null) {
    const who = lock.holder === null ? 'A process' : `Process ${String(lock.holder.pid)}`;
    return fail(
      3,
      `wsb: ${who} holds ${stateDir}, but serves no control API: it is starting, or its port was taken (see its log).`,
      'Ask again, or send it SIGTERM.',
    );
  }
  const headers = { Authorization: `Bearer ${readToken(stateDir)}` };
  return {
    stateDir,
    get: async (path) => answered(await send(`${url}${path}`, { headers })),
    post: async (path, body) => {
      const own = { ...headers, 'Content-Type': 'application/json', 'Idempotency-Key': randomUUID() };
      return (await answered(await send(`${url}${path}`, { method: 'POST', headers: own, body: JSON.stringify(body) }))) as Answer;
    },
  };
}

/** Prints an answer: as it is for programs, in a sentence for people. */
export function show(globals: Globals, answer: unknown, sentence: string): void {
  if (globals.json === true) printJson(answer);
  else print(sentence);
}
