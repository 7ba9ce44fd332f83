// JSON with places: the value of a text, and the line on which each part of it begins, so that a mistake can be pointed at.

type Path = readonly PropertyKey[];

export type JsonText =
  | {
      readonly ok: true;
      readonly value: unknown;
      /** The line of a value, or of the nearest one around it where it is missing. */
      readonly lineOf: (path: Path) => number;
    }
  | { readonly ok: false; readonly line: number; readonly why: string };

class Malformed extends Error {
  override readonly name = 'Malformed';
  readonly at: number;
  constructor(at: number, why: string) {
    super(why);
    this.at = at;
  }
}

/** Deeper than any file of ours; an endless one must not exhaust the stack. */
const DEPTH_MAX = 32;
const keyOf = (path: Path): string => JSON.stringify(path.map(String));

const SPACE = /[ \t\r\n]*/y;
const STRING = /"(?:[^"\\]|\\.)*"/sy;
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const WORD = /[A-Za-z]+/y;
const words: ReadonlyMap<string, unknown> = new Map([
  ['true', true],
  ['false', false],
  ['null', null],
]);

interface Reader {
  /** What a pattern finds here, which is passed over; undefined where it finds nothing. */
  take(pattern: RegExp): string | undefined;
  peek(): string;
  /** True when this character stands here after white space, and was passed over. */
  eat(character: string): boolean;
  at(): number;
}

function readerOf(text: string): Reader {
  let at = 0;
  const take = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = at;
    const found = pattern.exec(text)?.[0];
    at += found?.length ?? 0;
    return found;
  };
  return {
    take,
    peek: () => text.charAt(at),
    eat: (character) => {
      take(SPACE);
      if (text.charAt(at) !== character) return false;
      at += 1;
      return true;
    },
    at: () => at,
  };
}

const found = (reader: Reader): string => (reader.peek() === '' ? 'the end of the text' : JSON.stringify(reader.peek()));

/** Text in quotes here; the rules of what may stand in it are the platform's own. */
function quotedText(reader: Reader): string {
  const from = reader.at();
  const quoted = reader.take(STRING);
  try {
    if (quoted !== undefined) return JSON.parse(quoted) as string;
  } catch {
    throw new Malformed(from, 'text with a line break, a control character or a bad escape in it');
  }
  throw new Malformed(from, 'text that is not closed');
}

function scalar(reader: Reader): unknown {
  const from = reader.at();
  if (reader.peek() === '"') return quotedText(reader);
  const number = reader.take(NUMBER);
  if (number !== undefined) return Number(number);
  const word = reader.take(WORD);
  if (word === undefined) throw new Malformed(from, `expected a value, found ${found(reader)}`);
  if (!words.has(word)) throw new Malformed(from, `"${word}" is no value of JSON: write numbers, true, false, null, or text in quotes`);
  return words.get(word);
}

function read(reader: Reader, path: Path, places: Map<string, number>): unknown {
  reader.take(SPACE);
  places.set(keyOf(path), reader.at());
  if (path.length > DEPTH_MAX) throw new Malformed(reader.at(), `nested more than ${String(DEPTH_MAX)} deep`);
  if (reader.eat('[')) return list(reader, path, places);
  return reader.eat('{') ? table(reader, path, places) : scalar(reader);
}

function list(reader: Reader, path: Path, places: Map<string, number>): readonly unknown[] {
  const values: unknown[] = [];
  if (reader.eat(']')) return values;
  for (;;) {
    values.push(read(reader, [...path, values.length], places));
    if (reader.eat(']')) return values;
    if (!reader.eat(',')) throw new Malformed(reader.at(), `expected , or ] in the list, found ${found(reader)}`);
  }
}

function table(reader: Reader, path: Path, places: Map<string, number>): object {
  const values = new Map<string, unknown>();
  if (reader.eat('}')) return {};
  for (;;) {
    reader.take(SPACE);
    const from = reader.at();
    if (reader.peek() !== '"') throw new Malformed(from, `expected a name in quotes, found ${found(reader)}`);
    const name = quotedText(reader);
    const quoted = JSON.stringify(name);
    if (values.has(name)) throw new Malformed(from, `${quoted} stands in the same table twice`);
    if (!reader.eat(':')) throw new Malformed(reader.at(), `expected : after ${quoted}, found ${found(reader)}`);
    values.set(name, read(reader, [...path, name], places));
    // From entries, so that a name such as __proto__ is a name like any other.
    if (reader.eat('}')) return Object.fromEntries(values);
    if (!reader.eat(',')) throw new Malformed(reader.at(), `expected , or } after ${quoted}, found ${found(reader)}`);
  }
}

/** The value of a JSON text (RFC 8259) and the lines of its parts; a name that stands twice in a table is a mistake. */
export function readJson(text: string): JsonText {
  const places = new Map<string, number>();
  const reader = readerOf(text);
  const lineAt = (at: number): number => text.slice(0, at).split('\n').length;
  try {
    const value = read(reader, [], places);
    reader.take(SPACE);
    if (reader.peek() !== '') throw new Malformed(reader.at(), `something stands after the end: ${found(reader)}`);
    const lineOf = (path: Path): number => {
      const at = places.get(keyOf(path));
      return at === undefined && path.length > 0 ? lineOf(path.slice(0, -1)) : lineAt(at ?? 0);
    };
    return { ok: true, value, lineOf };
  } catch (error) {
    if (error instanceof Malformed) return { ok: false, line: lineAt(error.at), why: error.message };
    throw error;
  }
}
