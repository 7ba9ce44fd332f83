// Which SQLite is bundled.
import Database from 'better-sqlite3';

/** e.g. `3.53.2`. */
export function sqliteVersion(): string {
  const client = new Database(':memory:');
  try {
    return client.prepare<[], { v: string }>('SELECT sqlite_version() AS v').get()?.v ?? '';
  } finally {
    client.close();
  }
}
