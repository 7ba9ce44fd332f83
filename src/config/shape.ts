// What a zod schema knows at a path: the keys of a table, and whether a leaf takes a given value.
import { z } from 'zod';

/** The schema under defaults, options, transforms and the like: what the file itself must satisfy. */
function core(schema: z.core.$ZodType): z.core.$ZodType {
  let inner = schema;
  for (;;) {
    if (inner instanceof z.ZodPipe) inner = inner.def.in;
    else if (inner instanceof z.ZodOptional || inner instanceof z.ZodNullable) inner = inner.def.innerType;
    else if (inner instanceof z.ZodDefault || inner instanceof z.ZodPrefault || inner instanceof z.ZodReadonly) inner = inner.def.innerType;
    else return inner;
  }
}

/** The keys a table has by its schema; none for a table with keys of the operator's choosing, undefined for a leaf. */
export function keysOf(schema: z.core.$ZodType): readonly string[] | undefined {
  const inner = core(schema);
  if (inner instanceof z.ZodObject) return Object.keys(inner.shape);
  return inner instanceof z.ZodRecord ? [] : undefined;
}

/** The schema of one key of a table; undefined when the table does not know it. */
export function childOf(schema: z.core.$ZodType, key: string): z.core.$ZodType | undefined {
  const inner = core(schema);
  if (inner instanceof z.ZodObject) return (inner.shape as Readonly<Record<string, z.core.$ZodType>>)[key];
  return inner instanceof z.ZodRecord ? inner.def.valueType : undefined;
}

/** The schema at a path from the root. */
export function schemaAt(root: z.core.$ZodType, path: readonly PropertyKey[]): z.core.$ZodType | undefined {
  let here: z.core.$ZodType | undefined = root;
  for (const key of path) here = here === undefined ? undefined : childOf(here, String(key));
  return here;
}

/** Makes every table below refuse keys it does not know, whoever wrote the schema. */
export function strictly<T extends z.core.$ZodType>(schema: T): T {
  if (schema instanceof z.ZodObject && schema.def.catchall === undefined) return schema.strict() as unknown as T;
  return schema;
}

export const accepts = (schema: z.core.$ZodType, value: unknown): boolean => z.safeParse(schema, value).success;
