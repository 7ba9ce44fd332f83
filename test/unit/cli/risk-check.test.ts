// `wsb risk check --book` on the worked book of docs/examples: the golden orders, and what is refused when the book is silent.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { Exit } from '../../../src/cli/exit.ts';
import { judgedText, onBook, outcomeText } from '../../../src/cli/risk/check.ts';
import { statedIn } from '../../../src/cli/risk/stated-file.ts';
import { orderSchema } from '../../../src/config/order-file.ts';
import { type DenialCode, denialCodes, type RuleCheck } from '../../../src/domain/verdict.ts';
import type { Judged } from '../../../src/risk/supposed-order.ts';
import { micros } from '../risk/contexts.ts';

const examples = join(import.meta.dirname, '../../../docs/examples');
const shipped = join(examples, 'book.json');
const dir = mkdtempSync(join(tmpdir(), 'wsb-risk-check-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

let files = 0;
function fileOf(value: unknown): string {
  files += 1;
  const path = join(dir, `${String(files)}.json`);
  writeFileSync(path, typeof value === 'string' ? value : JSON.stringify(value, null, 2));
  return path;
}

const judgedIn = (order: string, book = shipped): Judged => onBook(book, statedIn('--order', order, orderSchema).value, { quiet: true });
const example = (over: Readonly<Record<string, unknown>>): string =>
  fileOf({ ...(JSON.parse(readFileSync(shipped, 'utf8')) as object), ...over });
const order = (symbol: string, side: string, effect: string, qty: number, limit: string, strategy = 'base'): string =>
  fileOf({ strategy, legs: [{ symbol, side, effect }], qty, limit });
const abc = (qty: number, limit = '180.00'): string => order('ABC', 'buy', 'open', qty, limit);
const row = ({ checks }: Judged, rule: DenialCode): RuleCheck | undefined => checks.find((check) => check.rule === rule);
const call = 'AAPL260424C00210000';
const quotes = (JSON.parse(readFileSync(shipped, 'utf8')) as { readonly quotes: object }).quotes;

describe('a golden order on the worked book', () => {
  it('G-1: of 100 ABC 55 are cleared, which is what a tenth of equity holds at the price that is asked', () => {
    const judged = judgedIn(join(examples, 'order-g1.json'));
    expect(judged).toMatchObject({ outcome: 'cleared', asked: 100, qty: 55, code: null });
    expect(row(judged, 'POSITION_PCT')).toMatchObject({ result: 'pass', observed: micros(9_905.5), limit: micros(10_000) });
    expect(outcomeText(judged)).toMatch(/^cleared: 55 of 100/);
  });
  it('G-1: POSITION_PCT cuts to 55 by itself where one order may be larger', () => {
    const judged = judgedIn(fileOf({ strategy: 'base', legs: [{ symbol: 'ABC', side: 'buy', effect: 'open' }], qty: 56, limit: '178.00' }));
    expect(row(judged, 'POSITION_PCT')).toMatchObject({ result: 'resize', observed: micros(56 * 180.1), limit: micros(10_000) });
    expect(judged).toMatchObject({ outcome: 'cleared', qty: 55 });
  });
  it('G-2: 55 ABC at 180', () => {
    expect(judgedIn(abc(55))).toMatchObject({ outcome: 'cleared', qty: 55, whole: 55 });
  });
  it('G-3: 10 ABC at 210', () => {
    const judged = judgedIn(abc(10, '210.00'));
    expect(judged).toMatchObject({ outcome: 'denied', code: 'COLLAR', qty: 0 });
    expect(row(judged, 'COLLAR')).toMatchObject({ observed: micros(210), limit: micros(185.4) });
  });
  it('G-7: 61 of 60 SPY', () => {
    expect(judgedIn(order('SPY', 'sell', 'close', 61, '500.00'))).toMatchObject({ outcome: 'denied', code: 'NAKED' });
    expect(judgedIn(order('SPY', 'sell', 'close', 60, '500.00'))).toMatchObject({ outcome: 'cleared', qty: 60 });
  });
  it('G-12: an option at 2.00 by 2.60', () => {
    const wide = example({ quotes: { ...quotes, [call]: { bid: '2.00', ask: '2.60' } } });
    const judged = judgedIn(order(call, 'buy', 'open', 1, '2.30', 'swing'), wide);
    expect(judged).toMatchObject({ outcome: 'denied', code: 'SPREAD_WIDE' });
    expect(row(judged, 'SPREAD_WIDE')).toMatchObject({ observed: micros(0.6), limit: micros(0.23) });
    expect(judgedIn(order(call, 'buy', 'open', 1, '4.30', 'swing')).outcome).toBe('cleared');
  });
});

describe('what the book does not state', () => {
  const left = (...names: readonly string[]): string => {
    const book = JSON.parse(readFileSync(shipped, 'utf8')) as Record<string, unknown>;
    return fileOf(Object.fromEntries(Object.entries(book).filter(([name]) => !names.includes(name))));
  };
  it.each<readonly [string, string, DenialCode]>([
    ['quotes', abc(10), 'STALE'],
    ['losses', abc(10), 'DAILY_LOSS'],
    ['settled_cash', abc(10), 'BUYING_POWER'],
    ['buying_power', abc(10), 'BUYING_POWER'],
    ['results_today', abc(10), 'STRATEGY_PAUSED'],
    ['options_level', order(call, 'buy', 'open', 1, '4.30', 'swing'), 'INSTRUMENT'],
    ['reports', order(call, 'buy', 'open', 1, '4.30', 'swing'), 'EVENT'],
  ])('%s opens nothing, and the rule says so', (name, asked, code) => {
    const judged = judgedIn(asked, left(name));
    expect(judged).toMatchObject({ outcome: 'denied', code });
  });
  it('lets a way out go on', () => {
    const way = order('SPY', 'sell', 'close', 60, '500.00');
    expect(judgedIn(way, left('quotes', 'losses', 'settled_cash', 'buying_power', 'results_today')).outcome).toBe('cleared');
  });
  it('has betas and volatilities assumed as always: by the book of the engine', () => {
    const [known, assumed] = [judgedIn(abc(10)), judgedIn(abc(10), left('betas'))].map((j) => Number(row(j, 'STRESS')?.observed));
    expect(assumed).toBeGreaterThan(known ?? Number.NaN);
    expect(judgedIn(abc(10), left('volatilities')).outcome).toBe('cleared');
  });
  it('has no quote of the symbol that is asked for', () => {
    const judged = judgedIn(order('ZZZ', 'buy', 'open', 1, '10.00'));
    expect(judged).toMatchObject({ outcome: 'denied', code: 'STALE', why: expect.stringContaining('ZZZ') as string });
  });
  it('is not open at night, and halted where it says so', () => {
    expect(judgedIn(abc(10), example({ at: '2026-03-10T20:00:00-04:00' })).code).toBe('SESSION');
    expect(judgedIn(abc(10), example({ halts: ['said so'] }))).toMatchObject({ code: 'HALTED', why: 'halted: said so' });
    expect(judgedIn(abc(10), example({ quotes: { ...quotes, ABC: { bid: '179.90', ask: '180.10', age: '20s' } } })).code).toBe('STALE');
  });
});

describe('the page', () => {
  it.each([
    ['cleared', abc(100)],
    ['denied', abc(10, '210.00')],
    ['a way out', order('SPY', 'sell', 'close', 60, '500.00')],
  ])('of what is %s has every rule in its order, and no line of more than a hundred characters', (_, asked) => {
    const lines = judgedText(judgedIn(asked)).split('\n');
    expect(lines.slice(1, -2).map((line) => line.split(' ')[0])).toEqual(denialCodes);
    expect(lines.filter((line) => line.length > 100)).toEqual([]);
  });
});

describe('a file', () => {
  const refusal = (path: string): string => {
    try {
      statedIn('--order', path, orderSchema);
    } catch (error) {
      if (error instanceof Exit) return `${String(error.code)} ${error.message}`;
    }
    return 'taken';
  };
  it.each<readonly [string, () => string, string]>([
    ['is not there', () => join(dir, 'none.json'), 'no such file'],
    ['is a folder', () => dir, 'is no file'],
    ['is huge', () => fileOf('1'.repeat(1_048_577)), 'is larger than 1 MiB'],
    ['is empty', () => fileOf(''), 'line 1: expected a value'],
    ['is no JSON', () => fileOf('{\n  "strategy": base\n}'), 'line 2: "base" is no value of JSON'],
    ['has mistakes', () => fileOf({ strategy: 'base' }), '2 problems'],
  ])('that %s ends the command with 2 and says where', (_, path, why) => {
    expect(refusal(path())).toMatch(/^2 /);
    expect(refusal(path())).toContain(why);
  });
  it('may begin with the mark of its encoding', () => {
    expect(refusal(fileOf(`\uFEFF${readFileSync(join(examples, 'order-g1.json'), 'utf8')}`))).toBe('taken');
  });
});
