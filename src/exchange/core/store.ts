// The exchange's file: one SQLite database, one transaction for each change of the truth.
import Database from 'better-sqlite3';
import type { ListedContract } from '../market.ts';
import type { XActivity } from '../types.ts';
import {
  type AccountRow,
  type BookedActivity,
  bookOrderOf,
  type Changes,
  type CloseMark,
  type FirstBookOrder,
  type HeldPosition,
  type Image,
  type Scalars,
} from './rows.ts';

/** The file cannot serve as this exchange's truth; the message says why and what to do. */
export class ExchangeFileError extends Error {
  override readonly name = 'ExchangeFileError';
}

/** 'wsbX': tells an exchange's file from any other SQLite database. */
const APPLICATION_ID = 0x77736258;
const FORMAT = 2;
/** Formats that are read as they are, and written as the present one from then on. */
const EARLIER: readonly number[] = [1];

const schema = `
  CREATE TABLE facts (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
  CREATE TABLE accounts (name TEXT PRIMARY KEY, body TEXT NOT NULL) STRICT;
  CREATE TABLE orders (
    ordinal INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, account TEXT NOT NULL, client_order_id TEXT NOT NULL, body TEXT NOT NULL,
    UNIQUE (account, client_order_id)
  ) STRICT;
  CREATE TABLE positions (account TEXT NOT NULL, symbol TEXT NOT NULL, body TEXT NOT NULL, PRIMARY KEY (account, symbol)) STRICT;
  CREATE TABLE activities (seq INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, account TEXT NOT NULL, body TEXT NOT NULL) STRICT;
  CREATE TABLE contracts (symbol TEXT PRIMARY KEY, body TEXT NOT NULL) STRICT;
  CREATE TABLE marks (symbol TEXT PRIMARY KEY, body TEXT NOT NULL) STRICT;
`;

interface ExchangeStore {
  /** What the file holds; undefined for a new one. */
  load(): Image | undefined;
  /** Writes a change down; on return it survives the death of the process. */
  write(changes: Changes): void;
  close(): void;
}

const asError = (file: string, doing: string, error: unknown): ExchangeFileError => {
  const why = error instanceof Error ? error.message : String(error);
  const busy = /locked|busy/i.test(why);
  const advice = busy ? 'another process holds it: stop that one first' : 'move it away or name another file';
  return new ExchangeFileError(`cannot ${doing} the exchange file ${file}: ${why}; ${advice}`, { cause: error });
};

function prepareFile(db: Database.Database, file: string, market: string): void {
  db.pragma('locking_mode = EXCLUSIVE');
  db.pragma('journal_mode = WAL');
  db.pragma('synchronous = NORMAL'); // a commit is in the system's hands before it returns, which is what outlives the process
  const tables = db.prepare<[], { n: number }>("SELECT count(*) AS n FROM sqlite_master WHERE type = 'table'").get()?.n ?? 0;
  if (tables === 0) {
    db.transaction(() => {
      db.pragma(`application_id = ${APPLICATION_ID}`);
      db.pragma(`user_version = ${FORMAT}`);
      db.exec(schema);
      db.prepare('INSERT INTO facts (name, value) VALUES (?, ?)').run('market', market);
    }).immediate();
    return;
  }
  if (db.pragma('application_id', { simple: true }) !== APPLICATION_ID) {
    throw new ExchangeFileError(`${file} is a database, but not an exchange's: name another file`);
  }
  const format = db.pragma('user_version', { simple: true });
  if (typeof format === 'number' && EARLIER.includes(format)) db.pragma(`user_version = ${FORMAT}`);
  else if (format !== FORMAT) {
    throw new ExchangeFileError(`${file} has format ${String(format)}, this program reads ${FORMAT}: name another file`);
  }
  const flaw = db.pragma('quick_check(1)', { simple: true });
  if (flaw !== 'ok') throw new ExchangeFileError(`the exchange file ${file} is damaged (${String(flaw)}): move it away`);
  const stored = db.prepare<[], { value: string }>("SELECT value FROM facts WHERE name = 'market'").get()?.value;
  if (stored !== market) {
    throw new ExchangeFileError(`${file} belongs to market ${stored ?? 'unknown'}, not ${market}: name another file or that market`);
  }
  db.exec('BEGIN IMMEDIATE; COMMIT'); // takes the lock now, not at the first order
}

const bodies = <T>(db: Database.Database, sql: string): T[] =>
  db
    .prepare<[], { body: string }>(sql)
    .all()
    .map((row) => JSON.parse(row.body) as T);

function readImage(db: Database.Database): Image | undefined {
  const scalars = db.prepare<[], { value: string }>("SELECT value FROM facts WHERE name = 'scalars'").get();
  if (scalars === undefined) return undefined;
  const positions = db.prepare<[], { account: string; body: string }>('SELECT account, body FROM positions ORDER BY account, symbol').all();
  const activities = db
    .prepare<[], { seq: number; account: string; body: string }>('SELECT seq, account, body FROM activities ORDER BY seq')
    .all();
  return {
    scalars: JSON.parse(scalars.value) as Scalars,
    accounts: bodies<AccountRow>(db, 'SELECT body FROM accounts ORDER BY rowid'),
    orders: bodies<FirstBookOrder>(db, 'SELECT body FROM orders ORDER BY ordinal').map(bookOrderOf),
    positions: positions.map((p): HeldPosition => ({ account: p.account, position: JSON.parse(p.body) as HeldPosition['position'] })),
    activities: activities.map((a): BookedActivity => ({ seq: a.seq, account: a.account, row: JSON.parse(a.body) as XActivity })),
    contracts: bodies<ListedContract>(db, 'SELECT body FROM contracts'),
    marks: bodies<CloseMark>(db, 'SELECT body FROM marks'),
  };
}

/** One transaction that writes every changed row. */
function writer(db: Database.Database): (changes: Changes) => void {
  const fact = db.prepare("INSERT INTO facts (name, value) VALUES ('scalars', ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value");
  const account = db.prepare('INSERT INTO accounts (name, body) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET body = excluded.body');
  const order = db.prepare(
    `INSERT INTO orders (ordinal, id, account, client_order_id, body) VALUES (?, ?, ?, ?, ?)
     ON CONFLICT (ordinal) DO UPDATE SET body = excluded.body`,
  );
  const position = db.prepare(
    'INSERT INTO positions (account, symbol, body) VALUES (?, ?, ?) ON CONFLICT (account, symbol) DO UPDATE SET body = excluded.body',
  );
  const gone = db.prepare('DELETE FROM positions WHERE account = ? AND symbol = ?');
  const activity = db.prepare('INSERT INTO activities (seq, id, account, body) VALUES (?, ?, ?, ?)');
  const contract = db.prepare('INSERT INTO contracts (symbol, body) VALUES (?, ?) ON CONFLICT (symbol) DO UPDATE SET body = excluded.body');
  const mark = db.prepare('INSERT INTO marks (symbol, body) VALUES (?, ?) ON CONFLICT (symbol) DO UPDATE SET body = excluded.body');
  const all = db.transaction((changes: Changes) => {
    fact.run(JSON.stringify(changes.scalars));
    for (const row of changes.accounts) account.run(row.name, JSON.stringify(row));
    for (const row of changes.orders) {
      order.run(row.order.ordinal, row.order.id, row.order.account, row.order.clientOrderId, JSON.stringify(row));
    }
    for (const row of changes.positions) {
      if (row.position.qty === 0) gone.run(row.account, row.position.symbol);
      else position.run(row.account, row.position.symbol, JSON.stringify(row.position));
    }
    for (const { seq, account: owner, row } of changes.activities) activity.run(seq, row.id, owner, JSON.stringify(row));
    for (const row of changes.contracts) contract.run(row.symbol, JSON.stringify(row));
    for (const row of changes.marks) mark.run(row.symbol, JSON.stringify(row));
  });
  return (changes) => all.immediate(changes);
}

/**
 * Opens or creates the file of one market's exchange and locks it for this process.
 * @throws ExchangeFileError when it is damaged, of another market or format, no exchange's file, or in use
 */
export function openExchangeStore(file: string, market: string): ExchangeStore {
  let db: Database.Database | undefined;
  try {
    db = new Database(file, { timeout: 500 });
    prepareFile(db, file, market);
    const opened = db;
    const write = writer(opened);
    return {
      load: () => {
        try {
          return readImage(opened);
        } catch (error) {
          throw asError(file, 'read', error);
        }
      },
      write,
      close: () => opened.close(),
    };
  } catch (error) {
    db?.close();
    throw error instanceof ExchangeFileError ? error : asError(file, 'open', error);
  }
}
