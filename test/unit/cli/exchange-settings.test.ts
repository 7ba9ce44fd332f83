// Flags of `wsb exchange` for fills, faults and regimes, as they are read and refused.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { faultsFlag, faultsOf, fillsFlag, regimeFlag, splitFlag } from '../../../src/cli/exchange-settings.ts';
import { Exit } from '../../../src/cli/exit.ts';
import { syntheticMarket } from '../../../src/exchange/synthetic/market.ts';
import { usCalendar } from '../../../src/market/calendar.ts';

const keys = [{ id: 'sim', secret: 'sim', account: 'sim' }];
const market = syntheticMarket({ seed: 1, calendar: usCalendar() });
const dir = mkdtempSync(join(tmpdir(), 'wsb-faults-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

const exitOf = (run: () => unknown): readonly [number, string] => {
  try {
    run();
  } catch (error) {
    if (error instanceof Exit) return [error.code, error.message];
    throw error;
  }
  return [0, ''];
};

describe('--fills', () => {
  it('names a model for all accounts or for one', () => {
    expect(fillsFlag('me=adverse', fillsFlag('paper'))).toEqual([
      { account: null, model: 'paper' },
      { account: 'me', model: 'adverse' },
    ]);
  });
  it.each(['kind', '=paper', 'me=', 'me=kind'])('refuses %s', (text) => {
    expect(() => fillsFlag(text)).toThrow('write exact, paper, adverse');
  });
});

describe('--regime', () => {
  it.each([
    ['crash', { name: 'crash' }],
    ['gap:-0.08', { name: 'gap', size: -0.08 }],
    ['half-day@2027-01-01', { name: 'half-day', day: '2027-01-01' }],
    ['trend:0.01@2027-01-01', { name: 'trend', size: 0.01, day: '2027-01-01' }],
  ])('reads %s', (text, expected) => {
    expect(regimeFlag(text)).toEqual(expected);
  });
  it.each(['storm', 'crash:deep', 'crash@', 'crash@2026-02-30', ''])('refuses %s', (text) => {
    expect(() => regimeFlag(text)).toThrow(/write|not a day/);
  });
});

describe('--split', () => {
  it('names a symbol, a ratio and a day, as often as it is given', () => {
    expect(splitFlag('KO:1-for-10@2026-12-02', splitFlag('BAC:2-for-1@2026-12-01'))).toEqual([
      { symbol: 'BAC', day: '2026-12-01', from: 1, to: 2 },
      { symbol: 'KO', day: '2026-12-02', from: 10, to: 1 },
    ]);
  });
  it.each(['BAC', 'BAC:2-for-1', 'BAC:2:1@2026-12-01', 'bac:2-for-1@2026-12-01', 'BAC:2-for-1@2026-02-30', ''])('refuses %j', (text) => {
    expect(() => splitFlag(text)).toThrow(/write SYMBOL|not a day/);
  });
});

describe('--faults', () => {
  it.each(['seed:', 'seed:x', 'seed:-1', 'seed:4294967296'])('refuses %s', (text) => {
    expect(() => faultsFlag(text)).toThrow('write seed:N');
  });

  it('makes a plan of a seed, of the names the market lists', () => {
    const plan = faultsOf(faultsFlag('seed:11'), [], 1, keys)?.(market);
    expect(plan?.seed).toBe(11);
    expect(plan?.faults.length).toBeGreaterThan(0);
  });

  it('adds to a plan what the adverse model does to the wire, and nothing under another model', () => {
    expect(faultsOf(null, [{ account: null, model: 'adverse' }], 1, keys)?.(market).faults.map(({ kind }) => kind)).toContain('duplicate');
    expect(faultsOf(null, [{ account: null, model: 'exact' }], 1, keys)).toBeNull();
  });

  it.each([
    ['{"faults":[{"kind":"hang"}]}', 'faults[0].route'],
    ['{"faults":[{"kind":"cancel","account":"who","at":"+1m"}]}', 'no key opens an account who'],
    ['{"faults":[{"kind":"deposit","account":"who","at":"+1m","amount":"5"}]}', 'no key opens an account who'],
    ['nothing', 'not JSON'],
  ])('ends with 20 for a plan such as %s', (text, problem) => {
    const path = join(dir, 'plan.json');
    writeFileSync(path, text);
    const [code, message] = exitOf(() => faultsOf(faultsFlag(path), [], 1, keys));
    expect(code).toBe(20);
    expect(message).toContain(problem);
  });

  it('ends with 20 where there is no such file', () => {
    expect(exitOf(() => faultsOf(faultsFlag(join(dir, 'none.json')), [], 1, keys))[0]).toBe(20);
  });
});
