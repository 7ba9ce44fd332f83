// Reading the golden tables: CSV with a header, numbers written so that parsing gives back the same double.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface GoldenRow {
  readonly id: string;
  readonly text: (column: string) => string;
  readonly number: (column: string) => number;
}

/** Every row of `$WSB_SHARED/golden/<name>.csv`. */
export function goldenRows(name: string): readonly GoldenRow[] {
  const lines = readFileSync(join(String(process.env['WSB_SHARED']), 'golden', `${name}.csv`), 'utf8')
    .trim()
    .split('\n');
  const columns = (lines[0] as string).split(',');
  return lines.slice(1).map((line) => {
    const cells = line.split(',');
    const text = (column: string): string => {
      const at = columns.indexOf(column);
      if (at < 0) throw new Error(`${name}.csv has no column ${column}`);
      return cells[at] as string;
    };
    return { id: cells[0] as string, text, number: (column) => Number(text(column)) };
  });
}
