import { describe, expect, it } from 'vitest';
import { untilFlag } from '../../../src/cli/flags.ts';
import { namedContract } from '../../../src/cli/option/contract.ts';
import { dividendFlag, instantOf, notNegative, onDays, positive } from '../../../src/cli/option/flags.ts';
import { tradingDay } from '../../../src/domain/time.ts';
import { usCalendar } from '../../../src/market/calendar.ts';

describe('the word for a contract', () => {
  it.each(['SPY261218P00594000', 'SPY   261218P00594000', ' spy261218p00594000 '])('%j is the December put', (word) => {
    expect(namedContract(word)).toMatchObject({
      kind: 'contract',
      option: { symbol: 'SPY261218P00594000', underlying: 'SPY', right: 'put', strike: 594_000_000, expiry: '2026-12-18' },
    });
  });
  it.each([
    ['SPY', 'no OCC symbol'],
    ['', 'no OCC symbol'],
    ['SPY261218X00594000', 'no OCC symbol'],
    ['SPY261318P00594000', 'no OCC symbol'],
    ['SPY260230P00594000', 'no day 2026-02-30'],
    ['SPY261218P00000000', 'no OCC symbol'],
    ['AAPL1261218C00100000', 'adjusted'],
  ])('%j is refused with its reason', (word, why) => {
    const named = namedContract(word);
    expect(named.kind === 'malformed' ? named.why : 'accepted').toContain(why);
  });
});

describe('figures on the command line', () => {
  it('take a dividend by its ex-date or by days from today, in the order of the days', () => {
    const given = dividendFlag('10:0.25', dividendFlag('2026-11-30:0.5'));
    expect(onDays(given, tradingDay('2026-11-23'))).toEqual([
      { day: '2026-11-30', amount: 0.5 },
      { day: '2026-12-03', amount: 0.25 },
    ]);
  });
  it.each(['0.5', '2026-11-31:1', '10:', ':1', '10:x', '10:-1', '1:2:3', '-3:1', '1000000:1'])('refuse %j as a dividend', (text) => {
    expect(() => dividendFlag(text)).toThrow();
  });
  it.each([
    [positive, '0'],
    [positive, '-1'],
    [notNegative, '-0.01'],
    [notNegative, 'x'],
  ])('refuse what is out of range', (flag, text) => {
    expect(() => flag(text)).toThrow();
  });
  it('take a time of today, or of its own day', () => {
    const calendar = usCalendar({ from: tradingDay('2026-01-01'), to: tradingDay('2026-12-31') });
    const now = calendar.instant(tradingDay('2026-11-23'), 15, 5);
    expect(instantOf(untilFlag('10:00'), calendar, now)).toBe(calendar.instant(tradingDay('2026-11-23'), 10, 0));
    expect(instantOf(untilFlag('2026-12-01T10:00'), calendar, now)).toBe(calendar.instant(tradingDay('2026-12-01'), 10, 0));
  });
});
