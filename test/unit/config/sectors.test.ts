import { describe, expect, it } from 'vitest';
import { loadConfig } from '../../../src/config/load.ts';
import { parseSectors } from '../../../src/config/sectors.ts';
import { syntheticNames } from '../../../src/exchange/synthetic/names.ts';
import { configured, workspace } from './workspace.ts';

const read = (...lines: readonly string[]) => parseSectors(lines.join('\n'), 'sectors.csv');

describe('the table of sectors', () => {
  it('is read beside its notes, whatever ends its lines', () => {
    const found = parseSectors(
      '# from a book\r\nsymbol,sector\r\nAAPL,Information Technology\r\n\r\n BRK.B , Financials \r\n',
      'sectors.csv',
    );
    expect(found).toEqual({
      ok: true,
      sectors: new Map([
        ['AAPL', 'Information Technology'],
        ['BRK.B', 'Financials'],
      ]),
    });
  });
  it.each([
    ['without a header', ['AAPL,Information Technology'], 'line 1: the first line must read "symbol,sector"'],
    ['without a sector', ['symbol,sector', 'AAPL'], 'line 2: write one ticker and one sector'],
    ['with an empty sector', ['symbol,sector', 'AAPL,'], 'line 2: write one ticker and one sector'],
    ['with a cell too many', ['symbol,sector', 'AAPL,Information Technology,US'], 'line 2: write one ticker and one sector'],
    ['with what is no ticker', ['symbol,sector', '', 'aapl,Information Technology'], 'line 3: not a ticker'],
    ['with a name twice', ['symbol,sector', 'F,Autos', 'F,Trucks'], 'line 3: F stands in an earlier line already'],
    ['that is empty', ['# nothing'], 'empty; it must begin with "symbol,sector"'],
  ] as const)('is told what is wrong with one %s', (_name, lines, told) => {
    const found = read(...lines);
    expect(found.ok ? [] : found.problems).toEqual([expect.stringContaining(told)]);
  });
  it('is told of every bad line at once', () => {
    const found = read('symbol,sector', 'x,A', 'F,', 'GM,Autos');
    expect(found.ok ? 0 : found.problems.length).toBe(2);
  });
  it('stops the start when it is bad or not there, by name and line', () => {
    const bad = configured({ 'config/reference/sectors.csv': 'symbol,sector\nAAPL\n' }).load();
    expect(bad).toMatchObject({ ok: false, exitCode: 20, problems: [expect.stringContaining('config/reference/sectors.csv, line 2')] });
    const gone = configured();
    const lost = loadConfig({ env: {}, cwd: gone.dir, configDir: workspace().dir });
    expect(lost.ok ? [] : lost.problems).toContainEqual(expect.stringContaining('config/reference/sectors.csv: cannot be read'));
  });
});

describe('the table that ships', () => {
  const loaded = loadConfig({ env: {}, cwd: workspace().dir, mode: 'sim' });
  if (!loaded.ok) throw new Error(loaded.problems.join('\n'));
  const { sectors, strategies, risk } = loaded.config;
  const tickers = (value: unknown): readonly string[] =>
    typeof value === 'string' ? (/^[A-Z]{1,5}$/.test(value) ? [value] : []) : Array.isArray(value) ? value.flatMap(tickers) : [];

  it('knows every name of the invented market', () => {
    expect(syntheticNames.map((n) => n.symbol).filter((name) => !sectors.has(name))).toEqual([]);
  });
  it.each(['sim', 'paper'] as const)('knows every name that a strategy trades in %s', (mode) => {
    const config = loadConfig({ env: {}, cwd: workspace().dir, mode });
    if (!config.ok) throw new Error(config.problems.join('\n'));
    for (const { strategy, params } of config.config.strategies) {
      const listed = Object.entries(params as Readonly<Record<string, unknown>>)
        .filter(([key]) => /universe|benchmarks|instrument|names|themes/.test(key))
        .flatMap(([, value]) =>
          typeof value === 'object' && !Array.isArray(value) ? Object.values(value as object).flatMap(tickers) : tickers(value),
        );
      expect([strategy.id, listed.filter((name) => !sectors.has(name))]).toEqual([strategy.id, []]);
    }
    expect(strategies).toHaveLength(10);
  });
  it('puts no broad fund among the names of a sector', () => {
    for (const fund of risk.indexFunds) expect(sectors.get(fund)).toBe('Broad Market');
  });
});
