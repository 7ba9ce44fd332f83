import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { type Columns, caseOf, dividendsOf, headerOf, numberOf } from '../../../src/cli/price/case.ts';
import { statuses } from '../../../src/cli/price/status.ts';

const names = ['id', 'style', 'type', 'S', 'K', 'T', 'r', 'q', 'sigma', 'price', 'dividends'];

function columnsOf(header: readonly string[]): Columns {
  const read = headerOf(header);
  if (read.kind === 'fault') throw new Error(read.why);
  return read.columns;
}

const good = {
  id: '7',
  style: 'european',
  type: 'call',
  S: '100',
  K: '90',
  T: '0.5',
  r: '0.04',
  q: '0.01',
  sigma: '0.2',
  price: '',
  dividends: '',
};
const read = (change: Partial<typeof good> = {}) =>
  caseOf(
    names.map((name) => ({ ...good, ...change })[name as keyof typeof good]),
    columnsOf(names),
  );

describe('a header', () => {
  it('may be in any order and hold other columns', () => {
    const shuffled = ['category', 'price', 'q', 'r', 'T', 'K', 'S', 'type', 'style', 'id', 'category'];
    const columns = columnsOf(shuffled);
    expect(columns.at).toMatchObject({ id: 9, price: 1, sigma: -1, dividends: -1 });
  });

  it.each([
    [names.filter((n) => n !== 'q'), 'lacks q'],
    [names.filter((n) => n !== 'style' && n !== 'r'), 'lacks style, r'],
    [names.filter((n) => n !== 'sigma' && n !== 'price'), 'lacks sigma or price'],
    [[...names, 'S'], 'column S twice'],
    [[''], 'lacks id, style, type, S, K, T, r, q, sigma or price'],
  ])('%j is refused by name', (header, why) => {
    const found = headerOf(header);
    expect(found.kind === 'fault' ? found.why : 'no fault').toContain(why);
  });
});

describe('a row', () => {
  it('is a case in raw units', () => {
    expect(read({ dividends: '73:0.5;146:0.25' })).toEqual({
      kind: 'case',
      case: {
        style: 'european',
        terms: {
          right: 'call',
          spot: 100,
          strike: 90,
          years: 0.5,
          rate: 0.04,
          dividendYield: 0.01,
          dividends: [
            { years: 0.2, amount: 0.5 },
            { years: 0.4, amount: 0.25 },
          ],
        },
        given: { kind: 'sigma', sigma: 0.2 },
      },
    });
  });

  it.each([
    [
      { sigma: '', price: '12.5' },
      { kind: 'price', price: 12.5 },
    ],
    [
      { sigma: '0.3', price: '12.5' },
      { kind: 'sigma', sigma: 0.3 },
    ],
    [
      { sigma: '0', price: 'never read' },
      { kind: 'sigma', sigma: 0 },
    ],
    [
      { sigma: '', price: '-1' },
      { kind: 'price', price: -1 },
    ],
  ] as const)('%j is judged by what it gives', (change, given) => {
    expect(read(change)).toMatchObject({ kind: 'case', case: { given } });
  });

  it.each([
    [{ style: 'bermudan' }, 'bad_style'],
    [{ style: '' }, 'bad_style'],
    [{ type: 'c' }, 'bad_type'],
    [{ S: 'x' }, 'bad_number:S'],
    [{ S: '0' }, 'bad_number:S'],
    [{ S: '' }, 'bad_number:S'],
    [{ S: 'nan' }, 'bad_number:S'],
    [{ K: '-5' }, 'bad_number:K'],
    [{ K: '1e999' }, 'bad_number:K'],
    [{ T: '0x10' }, 'bad_number:T'],
    [{ T: '-0.1' }, 'expired'],
    [{ r: '4%' }, 'bad_number:r'],
    [{ q: '' }, 'bad_number:q'],
    [{ sigma: '-0.2' }, 'bad_number:sigma'],
    [{ sigma: 'NaN', price: '3' }, 'bad_number:sigma'],
    [{ sigma: '', price: 'nan' }, 'nan'],
    [{ sigma: '', price: 'NaN' }, 'nan'],
    [{ sigma: '', price: 'x' }, 'bad_number:price'],
    [{ sigma: '', price: '' }, 'missing_sigma_and_price'],
    [{ sigma: ' ', price: ' ' }, 'missing_sigma_and_price'],
    [{ dividends: '10' }, 'bad_number:dividends'],
    [{ dividends: '10:1:2' }, 'bad_number:dividends'],
    [{ dividends: '10:0.5;' }, 'bad_number:dividends'],
    [{ dividends: '-1:0.5' }, 'bad_number:dividends'],
    [{ dividends: '10:-0.5' }, 'bad_number:dividends'],
  ] as const)('%j is a status, not a case', (change, status) => {
    expect(read(change)).toEqual({ kind: 'refused', status });
  });
});

describe('a number', () => {
  it.each([
    ['1', 1],
    ['-1.5e-3', -0.0015],
    ['.5', 0.5],
    ['5.', 5],
    [' 2 ', 2],
    ['0.1428571428571429', 0.1428571428571429],
    ['5e-324', 5e-324],
  ])('%j is read as it is written', (text, value) => {
    expect(numberOf(text)).toBe(value);
  });
  it.each(['', ' ', 'Infinity', 'inf', 'NaN', '0x1', '1_000', '1,5', '1e400', '--1', 'e5', '.'])('%j is none', (text) => {
    expect(numberOf(text)).toBeUndefined();
  });
});

describe('dividends', () => {
  it('are put in the order of their days', () => {
    expect(dividendsOf('146:0.25; 73:0.5')).toEqual([
      { years: 0.2, amount: 0.5 },
      { years: 0.4, amount: 0.25 },
    ]);
    expect(dividendsOf(' ')).toEqual([]);
  });
});

describe('the statuses', () => {
  it('are all explained in docs/pricing.md', () => {
    const text = readFileSync(new URL('../../../docs/pricing.md', import.meta.url), 'utf8');
    const told = (status: string): boolean => text.includes(`\`${status}\``) || text.includes(`\`${status.replace('bad_number:', '')}\``);
    expect(statuses).toHaveLength(21);
    expect(new Set(statuses).size).toBe(statuses.length);
    expect(statuses.filter((status) => !told(status))).toEqual([]);
  });
});
