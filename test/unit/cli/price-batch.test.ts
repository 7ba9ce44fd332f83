import { describe, expect, it } from 'vitest';
import { MalformedCases, priceBatch } from '../../../src/cli/price/batch.ts';

const header = 'id,style,type,S,K,T,r,q,sigma,price,dividends,note';
const rows = [
  '1,european,call,100,90,0.5,0.04,0.01,0.2,,,x',
  '"a, ""b""",american,put,100,110,1,0.05,0,0.3,,,',
  '3,european,put,100,110,1,0.05,0,,nan,,',
  '4,american,call,100,100,0.5,0.03,0,0.25,,60:1.5,"quoted, note"',
  '5,european,call,100,100,0,0.03,0,0.25,,,at the kink',
  '6,european,call,100,90,0.5,0.04,0.01,,12.5,,',
];
const text = [header, ...rows].join('\n');

function run(chunks: readonly string[]): string {
  const batch = priceBatch('cases.csv');
  return chunks.map((chunk) => batch.feed(chunk)).join('') + batch.end();
}

const error = (cases: string): string => {
  try {
    run([cases]);
    return 'no error';
  } catch (thrown) {
    if (thrown instanceof MalformedCases) return thrown.message;
    throw thrown;
  }
};

describe('a file of cases', () => {
  const lines = run([text]).split('\n');

  it('has a line of results for each case, in order, its id as it was written', () => {
    expect(lines[0]).toBe('id,status,price,delta,gamma,vega,theta,rho,phi,vanna,volga,sigma');
    expect(lines.slice(1).map((line) => line.split(',')[0])).toEqual(['1', '"a', '3', '4', '5', '6', '']);
    expect(lines[2]).toMatch(/^"a, ""b""",ok,\d/);
    expect(lines[3]).toBe('3,nan,,,,,,,,,,');
  });

  it('has the price alone where the value has a kink', () => {
    expect(lines[5]).toBe('5,ok,0,,,,,,,,,0.25');
  });

  it('has numbers that read back as the same double, and nothing else', () => {
    const cells = lines.slice(1, -1).flatMap((line) => line.replace('"a, ""b"""', '2').split(',').slice(2));
    for (const cell of cells.filter((c) => c !== '')) expect(String(Number(cell))).toBe(cell);
    expect(cells.join()).not.toMatch(/[a-df-zA-Z]/);
  });

  it('comes out the same however it is cut, with either line end, a byte order mark, blank lines, or no last line end', () => {
    const whole = run([text]);
    for (const size of [1, 2, 3, 7, 64]) expect(run(text.match(new RegExp(`[^]{1,${String(size)}}`, 'g')) ?? [])).toBe(whole);
    expect(run([text.replaceAll('\n', '\r\n')])).toBe(whole);
    expect(run([`\uFEFF${text}\n\n`])).toBe(whole);
    expect(run([`${text}\n`])).toBe(whole);
  });

  it('counts how cases ended', () => {
    const batch = priceBatch('cases.csv');
    batch.feed(`${text}\n`);
    expect(Object.fromEntries(batch.counts)).toEqual({ ok: 5, nan: 1 });
  });

  it('may hold no case at all', () => {
    expect(run([header])).toBe(`${lines[0] ?? ''}\n`);
  });

  it.each([
    ['', 'cases.csv:0: the file is empty'],
    ['\n', 'cases.csv:1: the header lacks id'],
    ['id,style,type,S,K,T,r\n', 'cases.csv:1: the header lacks q, sigma or price'],
    ['id,"style\n', 'cases.csv:1: column 2: a quote is opened'],
    [`${header}\n${rows[0] ?? ''}\n2,european,call,100`, 'cases.csv:3: column K: missing, the row has 4 fields of 12'],
    [`${header}\n${rows[0] ?? ''},9`, 'cases.csv:2: column 13: the row has 13 fields, the header 12'],
    [`${header}\n1,european,"call,100,90`, 'cases.csv:2: column type: a quote is opened'],
    [`${header}\n${'x'.repeat(1_048_577)}`, 'cases.csv:2: the line is longer'],
  ])('%#: is refused with its line and column when it is no table', (cases, where) => {
    expect(error(cases)).toContain(where);
  });
});
