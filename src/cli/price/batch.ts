// A file of cases through the valuation, text in and text out: lines cut from chunks, answered in order, one line a case.
import { csvLine } from '../output.ts';
import { type Columns, caseOf, headerOf } from './case.ts';
import { fieldsOf } from './csv-line.ts';
import type { Status } from './status.ts';
import { resultColumns, type Valued, valuesOf } from './value.ts';

/** The file is no table: nothing after this place was read. */
export class MalformedCases extends Error {
  override readonly name = 'MalformedCases';
}

export interface Batch {
  /** Takes the next piece of the file, ending anywhere, and returns the result lines that it completes. */
  feed(chunk: string): string;
  /** Takes the file's last line, if no line end closed it; what it returns completes the results. */
  end(): string;
  /** How many cases ended in each way so far. */
  readonly counts: ReadonlyMap<Status, number>;
}

/**
 * Numbers as JavaScript writes them, the shortest text that reads back as the same double; what does not exist is an empty field.
 * Only the id may need quotes.
 */
const resultLine = (id: string, { status, figures }: Valued): string => `${csvLine([id])},${status},${figures.join(',')}\n`;

/** A file without line ends is no table, and must not be gathered in memory to learn that. */
const LINE_MAX = 1_048_576;

/** @param file what an error calls the input */
export function priceBatch(file: string): Batch {
  const counts = new Map<Status, number>();
  let columns: Columns | null = null;
  let rest = '';
  let number = 0;
  const malformed = (why: string): never => {
    throw new MalformedCases(`${file}:${String(number)}: ${why}`);
  };

  const fields = (line: string): readonly string[] => {
    const read = fieldsOf(line);
    if (read.kind === 'fields') return read.fields;
    const name = columns?.names[read.field - 1];
    return malformed(`column ${name === undefined ? String(read.field) : name}: ${read.why}`);
  };

  const row = (line: string, { width, names, at }: Columns): string => {
    const cells = fields(line);
    if (cells.length < width)
      malformed(`column ${names[cells.length] ?? ''}: missing, the row has ${String(cells.length)} fields of ${String(width)}`);
    if (cells.length > width)
      malformed(`column ${String(width + 1)}: the row has ${String(cells.length)} fields, the header ${String(width)}`);
    const valued = valuesOf(caseOf(cells, { width, names, at }));
    counts.set(valued.status, (counts.get(valued.status) ?? 0) + 1);
    return resultLine(cells[at.id] ?? '', valued);
  };

  const line = (raw: string): string => {
    number++;
    const text = raw.endsWith('\r') ? raw.slice(0, -1) : raw;
    if (columns !== null) return text === '' ? '' : row(text, columns);
    // A byte order mark is what some spreadsheets put before the first name.
    const header = headerOf(fields(text.replace(/^\uFEFF/, '')));
    if (header.kind === 'fault') return malformed(header.why);
    columns = header.columns;
    return `${csvLine(['id', 'status', ...resultColumns])}\n`;
  };

  return {
    counts,
    feed(chunk) {
      const lines = (rest + chunk).split('\n');
      rest = lines.pop() ?? '';
      if (rest.length > LINE_MAX) {
        number += lines.length + 1;
        malformed(`the line is longer than ${String(LINE_MAX)} characters`);
      }
      let out = '';
      for (const one of lines) out += line(one);
      return out;
    },
    end() {
      const out = rest === '' ? '' : line(rest);
      rest = '';
      return columns === null ? malformed('the file is empty: a header is needed') : out;
    },
  };
}
