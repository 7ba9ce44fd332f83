// The lines of an exchange's log, as a person and as a program reads them.
import { describe, expect, it } from 'vitest';
import { exchangeLog } from '../../../src/cli/exchange-log.ts';
import { at, bench, limit, MONDAY, market, mleg, PUT90, PUT95 } from '../exchange/core/scripted-market.ts';

const TEN = at(MONDAY, 10);

function logged(form: 'text' | 'json'): {
  readonly lines: string[];
  readonly b: ReturnType<typeof bench>;
  log: ReturnType<typeof exchangeLog>;
} {
  const lines: string[] = [];
  const log = exchangeLog(form, (line) => lines.push(line));
  const b = bench();
  b.core.onTrade(log.order);
  return { lines, b, log };
}

describe('the log of an exchange', () => {
  it('says of each step of an order when, whose, what, how, and what is filled', () => {
    const { lines, b } = logged('text');
    b.core.submit('a', market('buy', 'ACME', 5), TEN);
    b.core.submit('a', limit('sell', PUT95, 1, 1.2), TEN + 1_000);
    b.core.submit('a', mleg([`sto ${PUT95}`, `bto ${PUT90}`], 2, -0.7), TEN + 2_000);
    b.core.submit('a', limit('buy', 'FUND', 1, 10), TEN + 3_000);
    b.core.advance(at(MONDAY, 16, 1));
    expect(lines).toEqual([
      '2026-03-02 10:00:00.010 a buy 5 ACME market day new filled 0/5',
      '2026-03-02 10:00:00.030 a buy 5 ACME market day fill filled 5/5 @ 100.00',
      `2026-03-02 10:00:01.010 a sell 1 ${PUT95} limit 1.20 day new filled 0/1`,
      `2026-03-02 10:00:01.030 a sell 1 ${PUT95} limit 1.20 day fill filled 1/1 @ 1.20`,
      `2026-03-02 10:00:02.010 a 2 x sell 1 ${PUT95} + buy 1 ${PUT90} limit -0.70 day new filled 0/2`,
      `2026-03-02 10:00:02.030 a 2 x sell 1 ${PUT95} + buy 1 ${PUT90} limit -0.70 day fill filled 2/2 @ -0.75`,
      '2026-03-02 10:00:03.010 a buy 1 FUND limit 10.00 day new filled 0/1',
      '2026-03-02 16:00:00.000 a buy 1 FUND limit 10.00 day expired filled 0/1',
    ]);
  });

  it('says what was refused, and which fault struck', () => {
    const { lines, log } = logged('text');
    log.refused({ at: TEN, account: 'a', status: 403, message: 'insufficient buying power', body: '{"qty":"9"}' });
    log.fault({ at: TEN, index: 3, kind: 'halt', where: 'SPY', detail: 'for 300 s' });
    expect(lines).toEqual([
      '2026-03-02 10:00:00.000 a refused 403 insufficient buying power: {"qty":"9"}',
      '2026-03-02 10:00:00.000 fault 3 halt SPY: for 300 s',
    ]);
  });

  it('is one JSON object a line for programs', () => {
    const { lines, b } = logged('json');
    b.core.submit('a', market('buy', 'ACME', 5, { clientOrderId: 'mine' }), TEN);
    b.core.advance(TEN + 1_000);
    expect(lines.map((line) => JSON.parse(line) as unknown)).toMatchObject([
      { event: 'exchange.order', step: 'new', account: 'a', client_order_id: 'mine', qty: 5, filled: 0, fill: null },
      { event: 'exchange.order', step: 'fill', time: '2026-03-02T15:00:00.030Z', status: 'filled', filled: 5, fill: '5 @ 100.00' },
    ]);
  });
});
