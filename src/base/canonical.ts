// Key-sorted JSON: one text for one value, so that hashes and goldens do not depend on insertion order.

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (value instanceof Map) return sorted([...value.entries()]);
  if (typeof value !== 'object' || value === null) return value;
  const source = value as Readonly<Record<string, unknown>>;
  const result: Record<string, unknown> = {};
  for (const key of Object.keys(source).sort()) result[key] = sorted(source[key]);
  return result;
}

/** JSON with sorted keys and Maps as entry lists; `undefined` members are dropped as JSON does. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(sorted(value));
}
