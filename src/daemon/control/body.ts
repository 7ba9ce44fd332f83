// What a request's body must be, field by field. Everything else in it is a mistake worth saying, never something to look past.
import { type HaltScope, parseScope } from '../../domain/halt.ts';

export type Parsed<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly why: string };

export const wrong = (why: string): { readonly ok: false; readonly why: string } => ({ ok: false, why });

/** A body of these text fields; those whose name ends in `?` may be absent. */
export function textFields(body: unknown, names: readonly string[]): Parsed<ReadonlyMap<string, string>> {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return wrong('the body must be a JSON object');
  const known = names.map((name) => name.replace('?', ''));
  const found = new Map<string, string>();
  for (const [name, value] of Object.entries(body)) {
    if (!known.includes(name)) return wrong(`unknown field ${JSON.stringify(name.slice(0, 40))}: this route takes ${known.join(', ')}`);
    if (typeof value !== 'string') return wrong(`${name} must be text`);
    found.set(name, value);
  }
  const missing = names.find((name) => !name.endsWith('?') && !found.has(name));
  return missing === undefined ? { ok: true, value: found } : wrong(`${missing} is missing: this route takes ${known.join(', ')}`);
}

const CONTROL_CHARACTER = /\p{Cc}/u;
const [REASON_MIN, REASON_MAX] = [3, 500] as const;

/** A person's words, kept for ever: short enough to read, and in one line. */
export function parseReason(text: string): Parsed<string> {
  const reason = text.trim();
  if (reason.length < REASON_MIN || reason.length > REASON_MAX)
    return wrong(`reason must have ${String(REASON_MIN)} to ${String(REASON_MAX)} characters`);
  return CONTROL_CHARACTER.test(reason) ? wrong('reason must be one line without control characters') : { ok: true, value: reason };
}

export function scopeField(text: string): Parsed<HaltScope> {
  const scope = parseScope(text);
  return scope === undefined
    ? wrong(`scope must be account, strategy:ID or symbol:TICKER, not ${JSON.stringify(text.slice(0, 40))}`)
    : { ok: true, value: scope };
}

/** One of a closed set of words. */
export function oneOf<T extends string>(name: string, text: string | undefined, words: readonly T[]): Parsed<T> {
  const found = words.find((word) => word === text);
  return found === undefined ? wrong(`${name} must be one of ${words.join(', ')}`) : { ok: true, value: found };
}
