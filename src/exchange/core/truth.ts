// What the exchange knows, held in memory, with a note of each row that changed since it was last written down.
import { assert, ensure } from '../../base/assert.ts';
import type { ListedContract } from '../market.ts';
import type { XActivity, XOrder, XPosition } from '../types.ts';
import {
  type AccountRow,
  type BookedActivity,
  type BookOrder,
  type Changes,
  type CloseMark,
  type Image,
  isOpen,
  type Scalars,
} from './rows.ts';

export interface Truth {
  readonly scalars: Scalars;
  setAt(at: number): void;
  nextOrdinal(): number;
  /** Counts up; the number names one identifier. */
  draw(): number;
  accounts(): Iterable<AccountRow>;
  account(name: string): AccountRow;
  putAccount(row: AccountRow): void;
  order(id: string): BookOrder | undefined;
  orderByClientId(account: string, clientOrderId: string): BookOrder | undefined;
  /** The orders of the group an order leads, in order of submission, without itself. */
  childrenOf(id: string): readonly BookOrder[];
  putOrder(row: BookOrder): void;
  /** All orders of all accounts, in order of submission. */
  orders(): Iterable<BookOrder>;
  /** Orders that may still trade, in order of submission. */
  open(): Iterable<BookOrder>;
  openOf(account: string): readonly BookOrder[];
  position(account: string, symbol: string): XPosition | undefined;
  /** Positions of an account by symbol. */
  positions(account: string): readonly XPosition[];
  putPosition(account: string, symbol: string, position: XPosition | undefined): void;
  activities(account: string): readonly XActivity[];
  book(account: string, row: XActivity): void;
  contract(symbol: string): ListedContract | undefined;
  /** Keeps the facts of a contract that is known already, unless they are new: a root may come back in a later split. */
  putContract(contract: ListedContract, anew?: boolean): void;
  marks(): Iterable<CloseMark>;
  mark(symbol: string): CloseMark | undefined;
  putMark(mark: CloseMark): void;
  /** The rows changed since the last call, in the order they were made; null when none but perhaps the instant. */
  takeChanges(): Changes;
}

interface Dirty {
  readonly accounts: Set<string>;
  readonly orders: Set<string>;
  readonly positions: Map<string, { readonly account: string; readonly symbol: string }>;
  readonly activities: BookedActivity[];
  readonly contracts: Set<string>;
  readonly marks: Set<string>;
}

const clean = (): Dirty => ({
  accounts: new Set(),
  orders: new Set(),
  positions: new Map(),
  activities: [],
  contracts: new Set(),
  marks: new Set(),
});

/** The tables in memory. */
interface Tables {
  readonly accounts: Map<string, AccountRow>;
  readonly orders: Map<string, BookOrder>;
  readonly byClientId: Map<string, string>;
  /** Ids by the id of the order that leads their group. */
  readonly children: Map<string, Set<string>>;
  readonly open: Map<string, BookOrder>;
  readonly positions: Map<string, Map<string, XPosition>>;
  readonly activities: Map<string, XActivity[]>;
  readonly contracts: Map<string, ListedContract>;
  readonly marks: Map<string, CloseMark>;
}

const clientKey = (account: string, clientOrderId: string): string => JSON.stringify([account, clientOrderId]);

function grouped(tables: Tables, { id, parentId }: XOrder): void {
  const before = tables.orders.get(id)?.order.parentId ?? null;
  if (before === parentId) return;
  if (before !== null) tables.children.get(before)?.delete(id);
  if (parentId === null) return;
  const known = tables.children.get(parentId);
  if (known === undefined) tables.children.set(parentId, new Set([id]));
  else known.add(id);
}

function filed(tables: Tables, row: BookOrder): void {
  const { order } = row;
  grouped(tables, order);
  tables.orders.set(order.id, row);
  tables.byClientId.set(clientKey(order.account, order.clientOrderId), order.id);
  if (isOpen(order)) tables.open.set(order.id, row);
  else tables.open.delete(order.id);
}

function held(tables: Tables, account: string): Map<string, XPosition> {
  const known = tables.positions.get(account);
  if (known !== undefined) return known;
  const fresh = new Map<string, XPosition>();
  tables.positions.set(account, fresh);
  return fresh;
}

function ledger(tables: Tables, account: string): XActivity[] {
  const known = tables.activities.get(account);
  if (known !== undefined) return known;
  const fresh: XActivity[] = [];
  tables.activities.set(account, fresh);
  return fresh;
}

function load(image: Image): Tables {
  const tables: Tables = {
    accounts: new Map(image.accounts.map((a) => [a.name, a])),
    orders: new Map(),
    byClientId: new Map(),
    children: new Map(),
    open: new Map(),
    positions: new Map(),
    activities: new Map(),
    contracts: new Map(image.contracts.map((c) => [c.symbol, c])),
    marks: new Map(image.marks.map((m) => [m.symbol, m])),
  };
  for (const row of image.orders) filed(tables, row);
  for (const { account, position } of image.positions) held(tables, account).set(position.symbol, position);
  for (const { account, row } of image.activities) ledger(tables, account).push(row);
  return tables;
}

const flat = (symbol: string): XPosition => ({ symbol, assetClass: 'us_equity', qty: 0, cost: 0 });

function collect(tables: Tables, dirty: Dirty, scalars: Scalars): Changes {
  const pick = <V>(keys: Iterable<string>, from: ReadonlyMap<string, V>): V[] => [...keys].map((key) => ensure(from.get(key), key));
  return {
    scalars,
    accounts: pick(dirty.accounts, tables.accounts),
    orders: pick(dirty.orders, tables.orders),
    positions: [...dirty.positions.values()].map(({ account, symbol }) => ({
      account,
      position: held(tables, account).get(symbol) ?? flat(symbol),
    })),
    activities: dirty.activities,
    contracts: pick(dirty.contracts, tables.contracts),
    marks: pick(dirty.marks, tables.marks),
  };
}

type Rows = Omit<Truth, 'scalars' | 'setAt' | 'nextOrdinal' | 'draw' | 'takeChanges' | 'book'>;

/** Reading and changing the tables, each change noted. */
function rowsOf(tables: Tables, dirty: () => Dirty): Rows {
  /** Positions in their order, by account, until one of them changes: every step of time reads them all. */
  const ordered = new Map<string, readonly XPosition[]>();
  const positions = (account: string): readonly XPosition[] => {
    const known = ordered.get(account);
    if (known !== undefined) return known;
    const fresh = [...(tables.positions.get(account)?.values() ?? [])].sort((a, b) => (a.symbol < b.symbol ? -1 : 1));
    ordered.set(account, fresh);
    return fresh;
  };
  return {
    accounts: () => tables.accounts.values(),
    account: (name) => ensure(tables.accounts.get(name), `account ${name}`),
    putAccount: (row) => {
      tables.accounts.set(row.name, row);
      dirty().accounts.add(row.name);
    },
    order: (id) => tables.orders.get(id),
    orderByClientId: (account, clientOrderId) => tables.orders.get(tables.byClientId.get(clientKey(account, clientOrderId)) ?? ''),
    childrenOf: (id) =>
      [...(tables.children.get(id) ?? [])]
        .map((child) => ensure(tables.orders.get(child), child))
        .sort((a, b) => a.order.ordinal - b.order.ordinal),
    putOrder: (row) => {
      filed(tables, row);
      dirty().orders.add(row.order.id);
    },
    orders: () => tables.orders.values(),
    open: () => tables.open.values(),
    openOf: (account) => [...tables.open.values()].filter((row) => row.order.account === account),
    position: (account, symbol) => tables.positions.get(account)?.get(symbol),
    positions,
    putPosition: (account, symbol, position) => {
      ordered.delete(account);
      if (position === undefined) held(tables, account).delete(symbol);
      else held(tables, account).set(symbol, position);
      dirty().positions.set(JSON.stringify([account, symbol]), { account, symbol });
    },
    activities: (account) => tables.activities.get(account) ?? [],
    contract: (symbol) => tables.contracts.get(symbol),
    putContract: (contract, anew = false) => {
      if (tables.contracts.has(contract.symbol) && !anew) return;
      tables.contracts.set(contract.symbol, contract);
      dirty().contracts.add(contract.symbol);
    },
    marks: () => tables.marks.values(),
    mark: (symbol) => tables.marks.get(symbol),
    putMark: (mark) => {
      tables.marks.set(mark.symbol, mark);
      dirty().marks.add(mark.symbol);
    },
  };
}

/** The truth as an image describes it. */
export function createTruth(image: Image): Truth {
  const tables = load(image);
  let scalars = image.scalars;
  let seq = image.activities.length;
  let dirty = clean();
  return {
    ...rowsOf(tables, () => dirty),
    get scalars() {
      return scalars;
    },
    setAt: (at) => {
      assert(at >= scalars.at, `the exchange never goes back: ${at} is before ${scalars.at}`);
      scalars = { ...scalars, at };
    },
    nextOrdinal: () => {
      scalars = { ...scalars, ordinal: scalars.ordinal + 1 };
      return scalars.ordinal;
    },
    draw: () => {
      scalars = { ...scalars, drawn: scalars.drawn + 1 };
      return scalars.drawn;
    },
    book: (account, row) => {
      ledger(tables, account).push(row);
      seq += 1;
      dirty.activities.push({ seq, account, row });
    },
    takeChanges: () => {
      const changes = collect(tables, dirty, scalars);
      dirty = clean();
      return changes;
    },
  };
}
