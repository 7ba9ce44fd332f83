// A JSON file that a person names on the command line, against its schema: every mistake at once, with line and field.
import { readFileSync, statSync } from 'node:fs';
import { checkedText, type Stated } from '../../config/json-file.ts';
import { fail } from '../exit.ts';

type Schema<T> = Parameters<typeof checkedText<T>>[2];

const BYTES_MAX = 1_048_576;

function textOf(flag: string, path: string): string {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found === undefined) return fail(2, `wsb: ${flag} ${path}: no such file`);
  if (!found.isFile()) return fail(2, `wsb: ${flag} ${path} is no file`);
  if (found.size > BYTES_MAX) return fail(2, `wsb: ${flag} ${path} is larger than 1 MiB`);
  try {
    return readFileSync(path, 'utf8').replace(/^\uFEFF/, '');
  } catch (error) {
    return fail(2, `wsb: ${flag} ${path}: cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** What the file states, and its text; exit 2 with every problem otherwise. */
export function statedIn<T>(flag: string, path: string, schema: Schema<T>): { readonly value: T; readonly text: string } {
  const text = textOf(flag, path);
  const stated: Stated<T> = checkedText(text, path, schema);
  if (stated.ok) return { value: stated.value, text };
  const { problems } = stated;
  const count = problems.length === 1 ? 'a problem' : `${String(problems.length)} problems`;
  return fail(2, `wsb: ${count} in ${flag} ${path}:`, ...problems.map((p) => `  - ${p}`), 'docs/risk.md has every field.');
}
