// The broker's key pair: from systemd, a file or the environment, read once, never printed.
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type Env, environment, read, readEnvironment } from './env.ts';
import { type ExitCode, keyFence, type Problem, sentences, worst } from './fence.ts';
import type { RunMode } from './schema.ts';
import { Secret } from './secret.ts';
import { fileFaults } from './secret-file.ts';

export interface Secrets {
  readonly keyId: Secret;
  readonly secretKey: Secret;
  /** Where they came from, for the banner and `doctor`. */
  readonly source: string;
}

export interface SecretsRequest {
  readonly mode: RunMode;
  readonly env: Env;
  readonly cwd: string;
  readonly exchange?: string | undefined;
  readonly tradingUrl?: string | null | undefined;
}

export type LoadedSecrets =
  | { readonly ok: true; readonly secrets: Secrets; readonly warnings: readonly string[] }
  | { readonly ok: false; readonly exitCode: ExitCode; readonly problems: readonly string[] };

type Variable = 'APCA_API_KEY_ID' | 'APCA_API_SECRET_KEY';
type Found = { readonly text: string; readonly source: string } | null;

interface Search {
  readonly env: Env;
  readonly cwd: string;
  readonly mode: RunMode;
  readonly problems: Problem[];
  readonly warnings: string[];
}

const errorCode = (error: unknown): string => (error as NodeJS.ErrnoException).code ?? 'unknown error';

/** A credential that systemd put into the unit's own directory, in the variable's name in lower case. systemd guards that directory. */
function fromSystemd({ env, problems }: Search, variable: Variable): Found {
  const directory = read(env, 'CREDENTIALS_DIRECTORY');
  if (directory === undefined) return null;
  try {
    return { text: readFileSync(join(directory, variable.toLowerCase()), 'utf8'), source: 'systemd credentials' };
  } catch (error) {
    if (errorCode(error) !== 'ENOENT')
      problems.push({ exitCode: 20, text: `${variable}: the systemd credential cannot be read (${errorCode(error)})` });
    return null;
  }
}

function fromFile({ env, cwd, mode, problems, warnings }: Search, variable: Variable): Found {
  const name = read(env, `${variable}_FILE`);
  if (name === undefined) return null;
  const path = resolve(cwd, name);
  try {
    const faults = fileFaults(path, process.getuid?.());
    if (mode === 'live') problems.push(...faults.map((text): Problem => ({ exitCode: 20, text })));
    else warnings.push(...faults);
    return { text: readFileSync(path, 'utf8'), source: 'files' };
  } catch (error) {
    problems.push({ exitCode: 20, text: `${variable}_FILE: ${path} cannot be read (${errorCode(error)})` });
    return null;
  }
}

function fromEnvironment({ env }: Search, variable: Variable): Found {
  const text = read(env, variable);
  return text === undefined ? null : { text, source: 'environment' };
}

/** The value of one variable from the first source that has it, its shape checked. */
function find(search: Search, variable: Variable): Found {
  if (read(search.env, variable) !== undefined && read(search.env, `${variable}_FILE`) !== undefined) {
    search.problems.push({
      exitCode: 20,
      text: `${variable} and ${variable}_FILE are both set: unset one, so that it is plain which key is used`,
    });
    return null;
  }
  const found = fromSystemd(search, variable) ?? fromFile(search, variable) ?? fromEnvironment(search, variable);
  if (found === null) return null;
  const text = found.text.trim();
  // Anything else could not stand in a header, or is a whole file given by mistake.
  if (!/^[\x21-\x7e]{1,256}$/.test(text)) {
    search.problems.push({
      exitCode: 20,
      text: `${variable} (from ${found.source}): not a key: one word of at most 256 printable characters is expected`,
    });
    return null;
  }
  return { text, source: found.source };
}

const simKeys: Secrets = { keyId: new Secret('sim'), secretKey: new Secret('sim'), source: 'the embedded exchange' };

/** The key pair for a run. The embedded exchange brings its own; an exchange by `--exchange` in sim takes its default unless a pair is given. */
export function loadSecrets({ mode, env, cwd, exchange, tradingUrl }: SecretsRequest): LoadedSecrets {
  if (mode === 'sim' && exchange === undefined) return { ok: true, secrets: simKeys, warnings: [] };
  const search: Search = { env: readEnvironment(env, cwd).values, cwd, mode, problems: [], warnings: [] };
  const keyId = find(search, 'APCA_API_KEY_ID');
  const secretKey = find(search, 'APCA_API_SECRET_KEY');
  const { problems, warnings } = search;
  if (mode === 'sim' && keyId === null && secretKey === null && problems.length === 0) return { ok: true, secrets: simKeys, warnings };
  for (const [variable, found] of Object.entries({ APCA_API_KEY_ID: keyId, APCA_API_SECRET_KEY: secretKey })) {
    const told = problems.some((p) => p.text.startsWith(variable));
    if (found === null && !told)
      problems.push({ exitCode: 20, text: `${variable} is not set: ${mode} needs the broker's key pair (see .env.example)` });
  }
  if (keyId !== null) problems.push(...keyFence(mode, keyId.text, exchange, tradingUrl ?? null));
  if (keyId === null || secretKey === null || problems.length > 0)
    return { ok: false, exitCode: worst(problems), problems: sentences(problems) };
  const source = keyId.source === secretKey.source ? keyId.source : `${keyId.source} and ${secretKey.source}`;
  return { ok: true, secrets: { keyId: new Secret(keyId.text), secretKey: new Secret(secretKey.text), source }, warnings };
}

/** Takes the key pair out of the process's own variables, once it has been read, so that no child process inherits it. */
export function forgetSecrets(processEnv: Record<string, string | undefined>): void {
  for (const name of Object.keys(environment)) if (/^APCA_API_(KEY_ID|SECRET_KEY)$/.test(name)) delete processEnv[name];
}
