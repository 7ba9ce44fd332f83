// Schema violations as sentences: which source, which key, what is wrong, what was probably meant.
import type { z } from 'zod';
import { keysOf, schemaAt } from './shape.ts';
import { nearest } from './suggest.ts';
import { dotted, type Origins, originOf, type Table } from './tree.ts';

function unknownKeys(issue: z.core.$ZodIssueUnrecognizedKeys, root: z.core.$ZodType, origins: Origins): readonly string[] {
  const schema = schemaAt(root, issue.path);
  const known = schema === undefined ? [] : (keysOf(schema) ?? []);
  return issue.keys.map((key) => {
    const path = [...issue.path, key];
    const meant = nearest(key, known);
    const where = issue.path.length === 0 ? 'the sections' : `the keys of [${dotted(issue.path)}]`;
    const hint = meant === undefined ? `${where} are ${known.join(', ')}` : `did you mean "${dotted([...issue.path, meant])}"?`;
    return `${originOf(origins, path)?.name ?? 'configuration'}: unknown key "${dotted(path)}"; ${hint}`;
  });
}

function valueAt(table: Table, path: readonly PropertyKey[]): unknown {
  let here: unknown = table;
  for (const key of path)
    here = typeof here === 'object' && here !== null ? (here as Readonly<Record<PropertyKey, unknown>>)[key] : undefined;
  return here;
}

export interface Merged {
  readonly table: Table;
  readonly origins: Origins;
}

/** One sentence a violation. Values are never repeated: a secret pasted into the wrong key must not reach a log. */
export function explain(issues: readonly z.core.$ZodIssue[], root: z.core.$ZodType, { table, origins }: Merged): readonly string[] {
  return issues.flatMap((issue) => {
    if (issue.code === 'unrecognized_keys') return unknownKeys(issue, root, origins);
    const key = dotted(issue.path);
    // A rule between keys ('custom') may speak of one that stands at its default.
    if (issue.code !== 'custom' && valueAt(table, issue.path) === undefined) return [`${key}: is not set, and no source gives it`];
    return [`${originOf(origins, issue.path)?.name ?? 'configuration'}: ${key}: ${issue.message.replace(/^Invalid input: /, '')}`];
  });
}
