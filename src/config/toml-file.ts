// One TOML file to a table, or one sentence on why not.
import { readFileSync } from 'node:fs';
import { parse, TomlError } from 'smol-toml';
import type { Table } from './tree.ts';

export type Parsed = { readonly ok: true; readonly table: Table } | { readonly ok: false; readonly problem: string };

/** Prototype of every table becomes Object's, and dates become text, so that all sources look alike. */
function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (value instanceof Date) return value.toISOString();
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, plain(member)]));
}

export function parseToml(text: string, name: string): Parsed {
  try {
    return { ok: true, table: plain(parse(text)) as Table };
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    const what = error.message.split('\n')[0]?.replace(/^Invalid TOML document: /, '') ?? 'not TOML';
    return { ok: false, problem: `${name}: line ${error.line}, column ${error.column}: ${what}` };
  }
}

export function readToml(path: string, name: string): Parsed {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown error';
    return { ok: false, problem: code === 'ENOENT' ? `${name}: no such file` : `${name}: cannot be read (${code})` };
  }
  return parseToml(text, name);
}
