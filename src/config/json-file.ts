// A JSON file of a person's own against its schema: the typed value, or every mistake with its line and field.
import { z } from 'zod';
import { readJson } from './json-text.ts';
import { keysOf, schemaAt } from './shape.ts';
import { nearest } from './suggest.ts';

export type Stated<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly problems: readonly string[] };

type Issue = z.core.$ZodIssue;
type Path = readonly PropertyKey[];

const fieldOf = (path: Path): string =>
  path.reduce<string>(
    (text, key) => (typeof key === 'number' ? `${text}[${String(key)}]` : `${text}${text === '' ? '' : '.'}${String(key)}`),
    '',
  );

function valueAt(value: unknown, path: Path): unknown {
  let here = value;
  for (const key of path)
    here = typeof here === 'object' && here !== null ? (here as Readonly<Record<PropertyKey, unknown>>)[key] : undefined;
  return here;
}

interface Mistake {
  readonly path: Path;
  readonly why: string;
}

/** The schema of a part, through lists. */
function schemaOf(root: z.core.$ZodType, path: Path): z.core.$ZodType | undefined {
  let here: z.core.$ZodType | undefined = root;
  for (const key of path) {
    if (here instanceof z.ZodPipe) here = here.def.in;
    here = here instanceof z.ZodArray ? here.def.element : here === undefined ? undefined : schemaAt(here, [key]);
    if (here instanceof z.ZodDefault || here instanceof z.ZodOptional) here = here.def.innerType;
  }
  return here;
}

function unknownKeys(issue: z.core.$ZodIssueUnrecognizedKeys, root: z.ZodType): readonly Mistake[] {
  const schema = schemaOf(root, issue.path);
  const known = (schema === undefined ? undefined : keysOf(schema)) ?? [];
  return issue.keys.map((key) => {
    const meant = nearest(key, known);
    const hint = meant === undefined ? (known.length === 0 ? '' : `; the fields are ${known.join(', ')}`) : `; did you mean "${meant}"?`;
    return { path: [...issue.path, key], why: `unknown field${hint}` };
  });
}

function mistakesOf(issue: Issue, root: z.ZodType, value: unknown): readonly Mistake[] {
  const { path } = issue;
  if (issue.code === 'unrecognized_keys') return unknownKeys(issue, root);
  if (issue.code === 'invalid_key') return [{ path, why: issue.issues[0]?.message ?? issue.message }];
  if (issue.code !== 'custom' && valueAt(value, path) === undefined) return [{ path, why: 'is missing' }];
  return [{ path, why: issue.message.replace(/^Invalid input: /, '') }];
}

const saidOf = ({ path, why }: Mistake): string => (path.length === 0 ? why : `${fieldOf(path)}: ${why}`);

/** A value that was read elsewhere against a schema; every problem names its field. */
export function checked<T>(value: unknown, schema: z.ZodType<T>): Stated<T> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return { ok: true, value: parsed.data };
  return { ok: false, problems: parsed.error.issues.flatMap((issue) => mistakesOf(issue, schema, value)).map(saidOf) };
}

/**
 * The text of a file against a schema; every problem names line and field.
 * @param name what the file is called in messages
 */
export function checkedText<T>(text: string, name: string, schema: z.ZodType<T>): Stated<T> {
  const read = readJson(text);
  if (!read.ok) return { ok: false, problems: [`${name}, line ${String(read.line)}: ${read.why}`] };
  const parsed = schema.safeParse(read.value);
  if (parsed.success) return { ok: true, value: parsed.data };
  const mistakes = parsed.error.issues.flatMap((issue) => mistakesOf(issue, schema, read.value));
  return { ok: false, problems: mistakes.map((m) => `${name}, line ${String(read.lineOf(m.path))}: ${saidOf(m)}`) };
}
