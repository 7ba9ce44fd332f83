// The environment: the closed list of variables the daemon reads, and the .env file they may stand in.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'dotenv';
import { fileFaults } from './secret-file.ts';

export type Env = Readonly<Record<string, string | undefined>>;

/** Every variable that is read by name, with what it says. `.env.example` lists the ones an operator sets. */
export const environment = {
  APCA_API_KEY_ID: 'broker key id',
  APCA_API_KEY_ID_FILE: 'file that holds the broker key id',
  APCA_API_SECRET_KEY: 'broker secret key',
  APCA_API_SECRET_KEY_FILE: 'file that holds the broker secret key',
  APCA_API_BASE_URL: 'must equal broker.trading_url when set',
  WSB_LIVE: 'account number, typed out, that may be traded live',
  WSB_STATE_DIR: 'where the ledger, the lock and the backups stand',
} as const;

/** Set by systemd for the unit, never by hand. */
export const systemdEnvironment = {
  STATE_DIRECTORY: 'the state directory systemd made',
  CREDENTIALS_DIRECTORY: 'where systemd put the credentials of the unit',
} as const;

export type EnvName = keyof typeof environment | keyof typeof systemdEnvironment;

/** A variable's value without surrounding blanks; undefined when unset or empty. */
export function read(env: Env, name: EnvName): string | undefined {
  const value = env[name]?.trim();
  return value === undefined || value === '' ? undefined : value;
}

export interface Environment {
  /** The process's variables over those of the file. */
  readonly values: Env;
  /** What is wrong with the file itself: refused in live, told in every other mode. */
  readonly faults: readonly string[];
}

/** The environment with `.env` of the working directory below it. Nothing is written to the process's own variables. */
export function readEnvironment(env: Env, cwd: string): Environment {
  const file = join(cwd, '.env');
  if (!existsSync(file)) return { values: env, faults: [] };
  const faults = fileFaults(file, process.getuid?.());
  try {
    const set = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value !== ''));
    return { values: { ...parse(readFileSync(file)), ...set }, faults };
  } catch (error) {
    return { values: env, faults: [...faults, `${file} cannot be read: ${(error as NodeJS.ErrnoException).code ?? 'unknown error'}`] };
  }
}
