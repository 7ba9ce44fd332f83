// Configuration as nested tables, merged from sources, with every leaf knowing which source said it.

export interface Table {
  readonly [key: string]: unknown;
}

/** One layer: what it is called in messages, and what it says. */
export interface Source {
  readonly name: string;
  readonly table: Table;
  /** Stated by the operator, rather than shipped with the program. */
  readonly ours: boolean;
}

/** Dotted path of a leaf -> the source that said it last. */
export type Origins = ReadonlyMap<string, Source>;

export const isTable = (value: unknown): value is Table =>
  typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;

/** A path as it reads in a message. */
export const dotted = (path: readonly PropertyKey[]): string => path.map(String).join('.');

function overlay(below: Table, above: Table): Table {
  const result = new Map(Object.entries(below)); // a map, so that a key named __proto__ is a key like any other
  for (const [key, value] of Object.entries(above)) {
    const old = result.get(key);
    result.set(key, isTable(value) && isTable(old) ? overlay(old, value) : value);
  }
  return Object.fromEntries(result);
}

function mark(table: Table, source: Source, path: readonly string[], origins: Map<string, Source>): void {
  for (const [key, value] of Object.entries(table)) {
    const here = [...path, key];
    origins.set(dotted(here), source);
    if (isTable(value)) mark(value, source, here, origins);
  }
}

/** Later sources win, table by table; lists are replaced whole. */
export function merge(sources: readonly Source[]): { readonly table: Table; readonly origins: Origins } {
  const origins = new Map<string, Source>();
  let table: Table = {};
  for (const source of sources) {
    table = overlay(table, source.table);
    mark(source.table, source, [], origins);
  }
  return { table, origins };
}

/** The source of a path, or of the nearest table above it. */
export function originOf(origins: Origins, path: readonly PropertyKey[]): Source | undefined {
  for (let length = path.length; length > 0; length--) {
    const found = origins.get(dotted(path.slice(0, length)));
    if (found !== undefined) return found;
  }
  return undefined;
}
