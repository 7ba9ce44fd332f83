// What commands print: results on standard output, as a table for people or one JSON document for programs.
import { formatMicros } from '../domain/money.ts';

export type Cell = string | number | boolean | null | undefined;

const text = (cell: Cell): string => (cell === null || cell === undefined ? '-' : String(cell));

/** Columns as wide as their widest cell; numbers to the right. */
export function table(head: readonly string[], rows: readonly (readonly Cell[])[]): string {
  const cells = [head, ...rows.map((row) => row.map(text))];
  const width = head.map((_, i) => Math.max(...cells.map((row) => (row[i] ?? '').length)));
  const numeric = head.map(
    (_, i) => rows.length > 0 && rows.every((row) => typeof row[i] === 'number' || /^-?[\d.]+$|^-$/.test(text(row[i]))),
  );
  const line = (row: readonly string[]): string =>
    row
      .map((cell, i) => (numeric[i] ? cell.padStart(width[i] ?? 0) : cell.padEnd(width[i] ?? 0)))
      .join('  ')
      .trimEnd();
  return cells.map(line).join('\n');
}

/** One line of comma-separated values (RFC 4180 quoting). */
export const csvLine = (row: readonly Cell[]): string =>
  row
    .map((cell) => {
      const value = cell === null || cell === undefined ? '' : String(cell);
      return /[",\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value;
    })
    .join(',');

/** Comma-separated values (RFC 4180 quoting). */
export const csv = (head: readonly string[], rows: readonly (readonly Cell[])[]): string => [head, ...rows].map(csvLine).join('\n');

export const money = (micros: number | null | undefined): string => (micros === null || micros === undefined ? '-' : formatMicros(micros));

/** An order's limit as a person reads it: a simple order's price as it is, a package's net with its sign (a credit is negative). */
export const limitText = (limit: number | null, legs: number): string => money(limit !== null && legs === 1 ? Math.abs(limit) : limit);

/** Prints a result. */
export const print = (line: string): void => {
  process.stdout.write(`${line}\n`);
};
/** Prints a diagnostic. */
export const warn = (line: string): void => {
  process.stderr.write(`${line}\n`);
};
export const printJson = (value: unknown): void => print(JSON.stringify(value, null, 2));
