// The effective configuration for people and for the run's record: nothing secret in it, the same text for the same settings.
import { stringify } from 'smol-toml';
import { canonicalJson } from '../base/canonical.ts';
import { sha256Hex } from '../base/sha256.ts';
import { isTable, type Table } from './tree.ts';

/** User names and passwords inside a URL are masked, wherever they stand. */
const masked = (text: string): string => text.replace(/(\w+:\/\/)[^\s/@]+@/g, '$1[secret]@');

function redacted(value: unknown): unknown {
  if (typeof value === 'string') return masked(value);
  if (Array.isArray(value)) return value.map(redacted);
  return isTable(value) ? Object.fromEntries(Object.entries(value).map(([key, member]) => [key, redacted(member)])) : value;
}

export interface Effective {
  /** As TOML's tables, after all layers, secrets masked. */
  readonly table: Table;
  /** The same as TOML. */
  readonly text: string;
  /** SHA-256 of the canonical JSON of `table`: equal when two runs were set up alike. */
  readonly hash: string;
}

export function effective(table: Table): Effective {
  const shown = redacted(table) as Table;
  return { table: shown, text: stringify(shown), hash: sha256Hex(canonicalJson(shown)) };
}
