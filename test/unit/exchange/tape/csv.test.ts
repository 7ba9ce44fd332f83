import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Cells, eachRow, firstValue, splitLine } from '../../../../src/exchange/tape/csv.ts';
import { readManifest } from '../../../../src/exchange/tape/manifest.ts';

let dir = '';
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'tape-csv-'));
});
afterEach(() => rmSync(dir, { recursive: true }));

const file = (text: string | Buffer, name = 'x.csv'): string => {
  writeFileSync(join(dir, name), text);
  return join(dir, name);
};
const read = (path: string, visit: (cells: Cells) => unknown): readonly unknown[] => {
  const rows: unknown[] = [];
  eachRow(path, ['ts', 'price'], (cells) => rows.push(visit(cells)));
  return rows;
};

describe('comma-separated files of a tape', () => {
  it('reads plain and gzipped files alike', () => {
    const text = 'ts,price\n2026-02-11T10:00-05:00,1.25\n2026-02-11T10:01-05:00,\n';
    const visit = (cells: Cells): unknown => [cells.instant('ts'), cells.micros('price')];
    const rows = [
      [Date.UTC(2026, 1, 11, 15), 1_250_000],
      [Date.UTC(2026, 1, 11, 15, 1), null],
    ];
    expect(read(file(text), visit)).toEqual(rows);
    expect(read(file(gzipSync(text), 'x.csv.gz'), visit)).toEqual(rows);
  });

  it('splits quoted fields', () => {
    expect(splitLine('a,"b, c",,"say ""x""",')).toEqual(['a', 'b, c', '', 'say "x"', '']);
  });

  it('peeks at one value of the first row', () => {
    expect(firstValue(file('a,b\n1,2\n3,4\n'), 'b')).toBe('2');
    expect(firstValue(file('a,b\n1,2\n'), 'c')).toBeUndefined();
  });

  it.each([
    ['ts\n1\n', /x\.csv:1: the header lacks price; it has ts/],
    ['ts,price\n2026-02-11T10:00-05:00,1\n2026-02-11T10:01-05:00\n', /x\.csv:3: 1 fields where the header has 2/],
    ['ts,price\n2026-02-11T10:00-05:00,abc\n', /x\.csv:2: column price: not a number: "abc"/],
    ['ts,price\n2026-02-11 10:00,1\n', /x\.csv:2: column ts: not a time with offset/],
    ['ts,price\n,1\n', /x\.csv:2: column ts: a value is required/],
  ])('names file, line and column of %j', (text, message) => {
    expect(() => read(file(text), (cells) => [cells.instant('ts'), cells.micros('price')])).toThrow(message);
  });

  it('says what is missing from a folder that is no tape', () => {
    expect(() => readManifest(dir)).toThrow(/no manifest\.csv there: a tape is a folder/);
    file('path,kind,symbol,from,to\n../secret.csv,x,A,2026-01-01,2026-01-02\n', 'manifest.csv');
    expect(() => readManifest(dir)).toThrow(/manifest\.csv:2: column path: must lie inside the tape/);
    file('path,kind,symbol,from,to\nbars/a.csv,x,A,2026-01-01,2026-01-02\n', 'manifest.csv');
    expect(() => readManifest(dir)).toThrow(/manifest\.csv:2: column path: no such file/);
  });
});
