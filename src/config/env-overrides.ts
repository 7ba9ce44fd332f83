// `WSB__SECTION__KEY=value` as a layer of the configuration.
import type { z } from 'zod';
import type { Env } from './env.ts';
import { accepts, childOf, keysOf } from './shape.ts';
import { parseToml } from './toml-file.ts';
import type { Source, Table } from './tree.ts';

const PREFIX = 'WSB__';
const folded = (key: string): string => key.toLowerCase().replaceAll('_', '').replaceAll('-', '');

/** The schema's own spelling of each segment; the segment in lower case where the schema does not know it. */
function spell(
  root: z.core.$ZodType,
  segments: readonly string[],
): { readonly path: readonly string[]; readonly leaf: z.core.$ZodType | undefined } {
  const path: string[] = [];
  let here: z.core.$ZodType | undefined = root;
  for (const segment of segments) {
    const known: readonly string[] = here === undefined ? [] : (keysOf(here) ?? []);
    // A table with free keys holds tickers, which are capitals.
    const free: boolean = known.length === 0 && here !== undefined && childOf(here, segment) !== undefined;
    const key: string = known.find((candidate) => folded(candidate) === folded(segment)) ?? (free ? segment : segment.toLowerCase());
    path.push(key);
    here = here === undefined ? undefined : childOf(here, key);
  }
  return { path, leaf: here };
}

/** Text that the leaf takes as it stands stays text; all else is read as a TOML value (a number, true, a list). */
export function valueOf(text: string, leaf: z.core.$ZodType | undefined): unknown {
  if (leaf === undefined || accepts(leaf, text)) return text;
  const read = parseToml(`value = ${text}`, '');
  return read.ok && Object.keys(read.table).length === 1 ? read.table['value'] : text;
}

/** A table that holds one value, at a path. */
export const nest = (path: readonly string[], value: unknown): Table =>
  path.reduceRight<unknown>((inner, key) => Object.fromEntries([[key, inner]]), value) as Table;

/** One layer for each variable, so that a message names the variable; sorted, so that the environment's order does not matter. */
export function envSources(env: Env, root: z.core.$ZodType): readonly Source[] {
  return Object.keys(env)
    .filter((name) => name.startsWith(PREFIX) && env[name] !== undefined)
    .sort()
    .map((name) => {
      const { path, leaf } = spell(root, name.slice(PREFIX.length).split('__'));
      return { name, ours: true, table: nest(path, valueOf(env[name] ?? '', leaf)) };
    });
}
