// Every row of the golden tables of WSB_SHARED through `wsb price` as it is built: header, order, units and statuses on the way.
// The tables' own tests hold each function to the last digit it promises; this one holds the command to the tables' tolerances.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { finish, scratch } from './process.ts';

const shared = process.env['WSB_SHARED'];
const MINUTE = 60_000;
const EPSILON = 2 ** -52;
/** Values under this count as zero. */
const NOTHING = 1e-290;

type Row = Readonly<Record<string, string>>;

function rowsOf(file: string): readonly Row[] {
  const [head = '', ...lines] = readFileSync(file, 'utf8').trimEnd().split('\n');
  const names = head.split(',');
  return lines.map((line) => {
    const cells = line.split(',');
    return Object.fromEntries(names.map((name, i) => [name, cells[i] ?? '']));
  });
}

const cell = (row: Row | undefined, name: string): string => row?.[name] ?? '';
const number = (row: Row | undefined, name: string): number => (cell(row, name) === '' ? Number.NaN : Number(cell(row, name)));

interface Answered {
  readonly golden: Row;
  readonly ours: Row;
}

const columns = ['id', 'style', 'type', 'S', 'K', 'T', 'r', 'q', 'sigma', 'price', 'dividends'] as const;

/** Prices the rows of a golden table by the command; `change` sets what the table names otherwise or the case must not know. */
async function throughCommand(table: string, change: (row: Row) => Row): Promise<readonly Answered[]> {
  const golden = rowsOf(join(String(shared), 'golden', table));
  const dir = scratch('golden');
  const [cases, results] = [join(dir, 'cases.csv'), join(dir, 'results.csv')];
  const lines = golden.map((row) => columns.map((name) => cell({ ...row, ...change(row) }, name)).join(','));
  writeFileSync(cases, [columns.join(','), ...lines, ''].join('\n'));
  const { code, stderr } = await finish(['price', '--in', cases, '--out', results]);
  expect(code, stderr).toBe(0);
  const answers = rowsOf(results);
  expect(answers.map((row) => row['id'])).toEqual(golden.map((row) => row['id']));
  return golden.map((row, i) => ({ golden: row, ours: answers[i] ?? {} }));
}

/** Rows whose figure lies further from the table's than allowed, or is not there; `allowed` undefined leaves a row out. */
const beyond = (rows: readonly Answered[], figure: string, allowed: (golden: Row) => number | undefined): readonly string[] =>
  rows
    .filter(({ golden, ours }) => {
      const most = allowed(golden);
      return most !== undefined && !(Math.abs(number(ours, figure) - number(golden, figure)) <= most);
    })
    .map(
      ({ golden, ours }) => `${cell(golden, 'id')}: ${figure} ${cell(ours, figure)} for ${cell(golden, figure)}, ${cell(ours, 'status')}`,
    );

function d1Of(row: Row): number {
  const deviation = number(row, 'sigma') * Math.sqrt(number(row, 'T'));
  const carry = (number(row, 'r') - number(row, 'q')) * number(row, 'T');
  return (Math.log(number(row, 'S') / number(row, 'K')) + carry) / deviation + deviation / 2;
}

describe.skipIf(shared === undefined)('wsb price on the golden tables of WSB_SHARED', { timeout: 4 * MINUTE }, () => {
  it('european.csv: price everywhere, derivatives where plain doubles carry twelve digits', async () => {
    const rows = await throughCommand('european.csv', () => ({ style: 'european', price: '' }));
    const conditioned = (row: Row): number => Math.max(NOTHING, 16 * EPSILON * Math.max(1, number(row, 'cond')) * number(row, 'price'));
    expect(beyond(rows, 'price', conditioned)).toEqual([]);
    for (const figure of ['delta', 'gamma', 'vega', 'theta', 'rho', 'phi', 'vanna', 'volga']) {
      const crosses = figure === 'vanna' || figure === 'volga';
      const plain = (row: Row): boolean =>
        Math.abs(d1Of(row)) < 8 && !['tiny_T', 'tiny_vol', ...(crosses ? ['wide'] : [])].includes(cell(row, 'category'));
      expect(rows.filter(({ golden }) => plain(golden)).length).toBeGreaterThan(1_500);
      expect(beyond(rows, figure, (row) => (plain(row) ? Math.max(NOTHING, 1e-12 * Math.abs(number(row, figure))) : undefined))).toEqual(
        [],
      );
    }
  });

  it('european_limits.csv: the limit, and no delta where none exists', async () => {
    const rows = await throughCommand('european_limits.csv', () => ({ style: 'european', price: '' }));
    expect(rows.filter(({ ours }) => ours['status'] !== 'ok')).toEqual([]);
    expect(beyond(rows, 'price', (row) => 16 * EPSILON * number(row, 'S'))).toEqual([]);
    expect(rows.filter(({ golden, ours }) => (golden['delta'] === '') !== (ours['delta'] === ''))).toEqual([]);
    expect(beyond(rows, 'delta', (row) => (row['delta'] === '' ? undefined : 4 * EPSILON))).toEqual([]);
  });

  it('implied_vol.csv: the volatility to its own condition', async () => {
    const rows = await throughCommand('implied_vol.csv', () => ({ style: 'european', sigma: '' }));
    expect(beyond(rows, 'sigma', (row) => number(row, 'sigma') * 4 * EPSILON * Math.max(1, number(row, 'cond')))).toEqual([]);
  });

  it('implied_vol_invalid.csv: every price without a volatility by its reason', async () => {
    const rows = await throughCommand('implied_vol_invalid.csv', () => ({ style: 'european', sigma: '' }));
    // A price of 0 out of the money is both at intrinsic value and zero: the table says now one, now the other, the command always zero.
    const same = ({ golden, ours }: Answered): boolean =>
      ours['status'] === golden['status'] ||
      (number(golden, 'price') === 0 && golden['status'] === 'at_intrinsic' && ours['status'] === 'zero');
    expect(rows.filter((row) => !same(row))).toEqual([]);
    expect(rows.filter(({ ours }) => ours['price'] !== '' || ours['sigma'] !== '')).toEqual([]);
  });

  it('american.csv: price to 1e-8 of the strike, derivatives where the table can tell them', async () => {
    const rows = await throughCommand('american.csv', () => ({ style: 'american', price: '' }));
    expect(beyond(rows, 'price', (row) => 1e-8 * number(row, 'K'))).toEqual([]);
    // The table's derivatives are differences of its prices: good to nine digits off the exercise boundary and the far tails.
    const told = (row: Row): boolean => row['delta'] !== '' && Math.abs(d1Of(row)) < 3;
    expect(rows.filter(({ golden }) => told(golden)).length).toBeGreaterThan(600);
    expect(beyond(rows, 'delta', (row) => (told(row) ? 1e-6 : undefined))).toEqual([]);
    for (const figure of ['gamma', 'vega'])
      expect(beyond(rows, figure, (row) => (told(row) ? 1e-5 * Math.abs(number(row, figure)) : undefined))).toEqual([]);
  });

  it('discrete_dividends.csv: price to 1e-4 of itself, with either exercise', async () => {
    const rows = await throughCommand('discrete_dividends.csv', (row) => ({ style: cell(row, 'exercise'), q: '0', price: '' }));
    expect(beyond(rows, 'price', (row) => 1e-4 * number(row, 'price'))).toEqual([]);
  });
});
