// Comma-separated files of a tape, plain or gzipped: whole rows, typed fields, and errors that name file, line and column.
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import type { TradingDay } from '../../domain/time.ts';

/** One row, read by column name. An empty field is "not known": null, or an error where a value is required. */
export interface Cells {
  text(column: string): string;
  required(column: string): string;
  number(column: string): number | null;
  /** Dollars (or index points) as integer micros. */
  micros(column: string): number | null;
  day(column: string): TradingDay;
  /** UTC milliseconds of a New York time with offset. */
  instant(column: string): number;
  fail(column: string, message: string): never;
}

/** The file's text; a file that is absent or broken is an error that names it. */
export function readText(file: string): string {
  try {
    const bytes = readFileSync(file);
    return (file.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8');
  } catch (error) {
    throw new Error(`${file}: cannot be read: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
}

/** Fields of a line; quotes only where a field starts with one, doubled inside. */
export function splitLine(line: string): readonly string[] {
  if (!line.includes('"')) return line.split(',');
  const fields: string[] = [];
  const pattern = /(?:"((?:[^"]|"")*)"|([^,]*))(,|$)/gy;
  for (let match = pattern.exec(line); match !== null; match = pattern.exec(line)) {
    fields.push(match[1] === undefined ? (match[2] ?? '') : match[1].replaceAll('""', '"'));
    if (match[3] !== ',') break;
  }
  return fields;
}

const DAY_FORM = /^\d{4}-\d{2}-\d{2}$/;
const INSTANT_FORM = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2})?(Z|[+-]\d{2}:\d{2})$/;

interface Place {
  fields: readonly string[];
  line: number;
}

function cellsOf(file: string, columns: ReadonlyMap<string, number>, place: Place): Cells {
  const instants = { text: '', at: 0 };
  const fail = (column: string, message: string): never => {
    throw new Error(`${file}:${String(place.line)}: column ${column}: ${message}`);
  };
  const text = (column: string): string => place.fields[columns.get(column) ?? -1] ?? '';
  const required = (column: string): string => text(column) || fail(column, 'a value is required here');
  const number = (column: string): number | null => {
    const field = text(column);
    if (field === '') return null;
    const value = Number(field);
    return Number.isFinite(value) ? value : fail(column, `not a number: "${field}"`);
  };
  return {
    text,
    required,
    number,
    micros(column) {
      const value = number(column);
      return value === null ? null : Math.round(value * 1_000_000);
    },
    day(column) {
      const field = required(column);
      return DAY_FORM.test(field) ? (field as TradingDay) : fail(column, `not a day like 2026-02-11: "${field}"`);
    },
    instant(column) {
      const field = required(column);
      if (field === instants.text) return instants.at;
      const at = INSTANT_FORM.test(field) ? Date.parse(field) : Number.NaN;
      if (Number.isNaN(at)) fail(column, `not a time with offset like 2026-02-11T10:00-05:00: "${field}"`);
      instants.text = field;
      instants.at = at;
      return at;
    },
    fail,
  };
}

/** One column of a file's first row; undefined when it has no rows. For facts that hold for a whole file. */
export function firstValue(file: string, column: string): string | undefined {
  const text = readText(file);
  const end = text.indexOf('\n');
  const next = text.indexOf('\n', end + 1);
  if (end < 0) return undefined;
  const at = splitLine(text.slice(0, end)).indexOf(column);
  return at < 0 ? undefined : splitLine(text.slice(end + 1, next < 0 ? undefined : next))[at];
}

/**
 * Visits every row of a file that has at least these columns.
 * @throws Error naming file and line for a missing column, a row of another length, or what `visit` rejects
 */
export function eachRow(file: string, required: readonly string[], visit: (cells: Cells) => void): void {
  const lines = readText(file).split('\n');
  const header = splitLine((lines[0] ?? '').replace(/\r$/, ''));
  const columns = new Map(header.map((name, i) => [name, i]));
  const missing = required.filter((name) => !columns.has(name));
  if (missing.length > 0) throw new Error(`${file}:1: the header lacks ${missing.join(', ')}; it has ${header.join(', ')}`);
  const place: Place = { fields: [], line: 1 };
  const cells = cellsOf(file, columns, place);
  for (let i = 1; i < lines.length; i++) {
    const line = (lines[i] as string).replace(/\r$/, '');
    if (line === '') continue;
    place.fields = splitLine(line);
    place.line = i + 1;
    if (place.fields.length !== header.length) {
      throw new Error(`${file}:${String(i + 1)}: ${String(place.fields.length)} fields where the header has ${String(header.length)}`);
    }
    visit(cells);
  }
}
