// A read-only connection for the commands. It never writes, never migrates, and is no obstacle to the daemon that does.
import { existsSync } from 'node:fs';
import Database from 'better-sqlite3';
import { type BetterSQLite3Database, drizzle } from 'drizzle-orm/better-sqlite3';
import { type Faulty, faultOf, faulty, newer, notOurs } from './fault.ts';
import { APPLICATION_ID, SCHEMA_VERSION } from './schema/run.ts';

export interface Reader {
  readonly client: Database.Database;
  readonly db: BetterSQLite3Database;
  close(): void;
}

function judge(client: Database.Database, file: string): Faulty | undefined {
  const id = client.pragma('application_id', { simple: true });
  if (id !== APPLICATION_ID) return notOurs(file, 'it does not carry our mark');
  const version = Number(client.pragma('user_version', { simple: true }));
  if (version > SCHEMA_VERSION) return newer(file, version, SCHEMA_VERSION);
  if (version === SCHEMA_VERSION) return undefined;
  return faulty(
    'DB_OLDER',
    `${file} has schema ${version}; this version reads ${SCHEMA_VERSION}.`,
    'Run: wsb db migrate (the daemon also migrates when it starts).',
  );
}

/** Opens a ledger for reading; every reason not to is returned with its fix. */
export function openReader(file: string): { readonly ok: true; readonly reader: Reader } | Faulty {
  if (!existsSync(file))
    return faulty(
      'DB_MISSING',
      `There is no database at ${file}.`,
      'Start the daemon once (wsb run), or name its folder with --state-dir.',
    );
  let client: Database.Database | undefined;
  try {
    client = new Database(file, { readonly: true, fileMustExist: true, timeout: 250 });
    const fault = judge(client, file);
    if (fault !== undefined) {
      client.close();
      return fault;
    }
    const connection = client;
    return { ok: true, reader: { client, db: drizzle({ client }), close: () => void connection.close() } };
  } catch (error) {
    client?.close();
    return faultOf(error, file);
  }
}
