// The execution report as it is printed.
import { describe, expect, it } from 'vitest';
import { executionCsv, executionText } from '../../../src/cli/report/execution-print.ts';
import { clientOrderId, strategyId } from '../../../src/domain/ids.ts';
import { price } from '../../../src/domain/money.ts';
import { executionReport } from '../../../src/execution/execution-report.ts';
import { executed, instant, LONG_PUT, placed, putSpread, quoted, SHORT_PUT } from '../execution/placed.ts';

const quotes = [quoted(SHORT_PUT, 3, 3.1), quoted(LONG_PUT, 2, 2.08)];
const spread = placed({ id: clientOrderId('wsb1-s'), strategy: strategyId('leaps'), legs: putSpread, quotes, firstQuotes: quotes });
const stop = placed({ id: clientOrderId('wsb1-p'), side: 'sell', type: 'stop', stop: price(450_000_000), purpose: 'P' });
const dear = placed({ id: clientOrderId('wsb1-d'), quotes: [quoted('SPY', 5_000, 5_100)] });
const orders = [
  { ...spread, executions: [executed(spread, 0, 20, 3.01, instant(13, 1_100)), executed(spread, 1, 20, 2.06, instant(13, 1_100))] },
  { ...stop, executions: [executed(stop, 0, 40, 449.25, instant(14, 9_000_000))] },
  { ...dear, executions: [executed(dear, 0, 99_999, 5_777.77, instant(15, 9_000_500))] },
  { ...placed({ id: clientOrderId('wsb1-b'), quotes: null }), executions: [executed(placed(), 0, 1, 500, instant(16, 9_000_600))] },
];

describe('the execution report', () => {
  it('fits a hundred columns, whatever the amounts', () => {
    const many = Array.from({ length: 9 }, () => orders).flat();
    const text = executionText(executionReport(many));
    expect(text.split('\n').filter((line) => line.length > 100)).toEqual([]);
    expect(text).toContain('the last 25 executions (--csv has the 11 before them, too)');
  });
  it('shows prices of shares as they are, credits as negative, and stops by the price that set them off', () => {
    const lines = executionText(executionReport(orders)).split('\n');
    expect(lines.find((line) => line.includes(`${SHORT_PUT} +1`))).toMatch(/ 20 +-0\.950 +-1\.010 +-120\.00 +-594\.06 /);
    expect(lines.find((line) => line.includes('450.000*'))).toMatch(/SPY +40 +449\.250 +450\.000\* +-30\.00 /);
    expect(lines.at(-1)).toBe('* the price that set a stop off');
  });
  it('shows nothing where there was no market, and counts it', () => {
    const text = executionText(executionReport(orders));
    expect(text.split('\n').findLast((line) => line.includes('SPY  '))).toMatch(/SPY +1 +500\.000 +- +- +- +-$/);
    expect(text).toMatch(/\nall +4 +0 +0\.0 +4 +1 /);
    expect(executionText(executionReport([placed({ state: 'working' })]))).toContain('no execution');
  });
  it('is a row for each execution, with every column', () => {
    const rows = executionCsv(executionReport(orders))
      .split('\n')
      .map((line) => line.split(','));
    expect(rows.map((row) => row.length)).toEqual([20, 20, 20, 20, 20]);
    const [head = [], first = []] = rows;
    expect(Object.fromEntries(head.map((name, i) => [name, first[i]]))).toMatchObject({
      legs: `sell 1 ${SHORT_PUT}; buy 1 ${LONG_PUT}`,
      price: '-0.95',
      arrival_mid: '-1.01',
      slippage: '-120',
      submit_to_ack_ms: '41',
    });
  });
});
