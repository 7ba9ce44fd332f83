import { describe, expect, it } from 'vitest';
import { csvLine } from '../../../src/cli/output.ts';
import { fieldsOf } from '../../../src/cli/price/csv-line.ts';

describe('a line of comma-separated values', () => {
  it.each([
    ['a,b,c', ['a', 'b', 'c']],
    ['', ['']],
    [',', ['', '']],
    ['"a,b",c', ['a,b', 'c']],
    ['"say ""no""",', ['say "no"', '']],
    ['a,"",b', ['a', '', 'b']],
    ['""""', ['"']],
    [' a , b', [' a ', ' b']],
  ])('%j has its fields', (line, fields) => {
    expect(fieldsOf(line)).toEqual({ kind: 'fields', fields });
  });

  it.each([
    ['a,"b', 2, 'not closed'],
    ['"a"b,c', 1, 'follows a closing quote'],
    ['a,b"c,d', 2, 'inside a field'],
    ['a,"b""', 2, 'not closed'],
    ['a,b,"c" ', 3, 'follows a closing quote'],
  ])('%j is refused at its field', (line, field, why) => {
    const read = fieldsOf(line);
    expect(read).toMatchObject({ kind: 'fault', field });
    expect(read.kind === 'fault' ? read.why : '').toContain(why);
  });

  it.each([[['a', 'b,c', 'd"e', '']], [['', '']], [['x']]])('%j reads back as it was written', (fields) => {
    expect(fieldsOf(csvLine(fields))).toEqual({ kind: 'fields', fields });
  });
});
