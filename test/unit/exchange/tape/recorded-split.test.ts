// A split on record, lived through: Apple's seven for one of 2014-06-09, in shares and in contracts.
import { describe, expect, it } from 'vitest';
import { epochMs, tradingDay } from '../../../../src/domain/time.ts';
import { openExchangeCore } from '../../../../src/exchange/core/core.ts';
import { openTape } from '../../../../src/exchange/tape/tape.ts';
import type { ExchangeCore } from '../../../../src/exchange/types.ts';
import { usCalendar } from '../../../../src/market/calendar.ts';
import { limit, market } from '../core/scripted-market.ts';

const calendar = usCalendar();
const dir = process.env['WSB_SHARED'] ?? '';
const FRIDAY = tradingDay('2014-06-06');
const EX = tradingDay('2014-06-09');

const held = (core: ExchangeCore): unknown => core.positions('a', core.at).map(({ symbol, qty }) => [symbol, qty]);

describe.skipIf(!process.env['WSB_SHARED'])('a recorded split (WSB_SHARED)', { timeout: 60_000 }, () => {
  it('makes seven shares and seven contracts of one, worth what they were, and tradable on', () => {
    const tape = openTape({ dir, calendar, quotes: 'held', from: FRIDAY });
    const start = calendar.instant(FRIDAY, 10, 5);
    const keys = [{ id: 'k', secret: 's', account: 'a' }];
    const core = openExchangeCore({ file: ':memory:', market: tape, calendar, keys, seed: 1, start });
    expect(core.submit('a', market('buy', 'AAPL', 10), start).ok).toBe(true);
    const call = 'AAPL140719C00650000';
    expect(core.submit('a', limit('buy', call, 2, 60), start).ok).toBe(true);
    core.advance(calendar.instant(FRIDAY, 16, 0));
    expect(held(core)).toEqual([
      ['AAPL', 10],
      [call, 2],
    ]);
    const before = core.account('a', core.at);
    expect(tape.splits(EX, EX, core.at)).toEqual([]);
    core.advance(calendar.instant(EX, 1, 0));
    const after = core.account('a', core.at);
    const divided = 'AAPL140719C00092860';
    expect(held(core)).toEqual([
      ['AAPL', 70],
      [divided, 14],
    ]);
    expect(tape.splits(EX, EX, core.at)).toEqual([{ symbol: 'AAPL', exDay: EX, from: 1, to: 7 }]);
    expect(after.cash).toBe(before.cash);
    expect(Math.abs(after.equity - before.equity)).toBeLessThan(before.equity * 0.001);
    const late = calendar.instant(EX, 11, 5);
    core.advance(late);
    expect(Math.abs(core.account('a', late).equity - before.equity)).toBeLessThan(before.equity * 0.01);
    expect(core.submit('a', limit('sell', divided, 14, 0.05), late).ok).toBe(true);
    expect(core.submit('a', market('sell', 'AAPL', 70), late).ok).toBe(true);
    core.advance(epochMs(late + 60_000));
    expect(held(core)).toEqual([]);
  });

  it('is in bars as traded, and taken out of adjusted ones', () => {
    const tape = openTape({ dir, calendar, quotes: 'held', from: FRIDAY });
    const asOf = calendar.instant(EX, 17, 0);
    const closes = (adjustment: 'raw' | 'split'): readonly number[] =>
      tape.dailyBars('AAPL', FRIDAY, EX, asOf, adjustment).map((bar) => bar.close);
    expect(closes('raw')).toEqual([645_570_000, 93_700_000]);
    expect(closes('split')).toEqual([Math.round(645_570_000 / 7), 93_700_000]);
    expect(tape.officialOpen('AAPL', EX, calendar.instant(EX, 9, 29))).toBeUndefined();
    expect(tape.officialOpen('AAPL', EX, calendar.instant(EX, 9, 30))).toBeGreaterThan(90_000_000);
  });
});
