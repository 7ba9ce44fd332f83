// What `wsb strategies --verify` makes of data: there, there in part, given but not usable, not to be had.
import { describe, expect, it } from 'vitest';
import { dataNeeds, mergedNeeds, type Need, singleNeed } from '../../../src/cli/strategies/needs.ts';
import { type Symbol, symbol } from '../../../src/domain/ids.ts';
import { price } from '../../../src/domain/money.ts';
import { absent, known } from '../../../src/domain/reasons.ts';
import { epochMs, MINUTE, monoMs, type Now, tradingDay } from '../../../src/domain/time.ts';
import { createBoard } from '../../../src/market/board.ts';
import { usCalendar } from '../../../src/market/calendar.ts';
import type { Quote } from '../../../src/market/quote.ts';
import { defaultViewLimits, viewOf } from '../../../src/market/view.ts';
import { type DataNeeds, noNeeds } from '../../../src/strategies/strategy.ts';

const calendar = usCalendar({ from: tradingDay('2025-01-01'), to: tradingDay('2027-12-31') });
const day = tradingDay('2026-11-23');
const now: Now = { exchange: calendar.instant(day, 11, 0), mono: monoMs(10 * MINUTE), speed: 1 };
const [spy, nvda] = [symbol('SPY'), symbol('NVDA')];

const quote = (name: Symbol, agoMs: number): Quote => ({
  symbol: name,
  bid: price(99_990_000),
  ask: price(100_010_000),
  bidSize: 100,
  askSize: 100,
  at: epochMs(now.exchange - agoMs),
  seen: monoMs(now.mono - agoMs),
  ageAtSightMs: 0,
  provenance: 'live',
});

function rows(needs: Partial<DataNeeds>, quotes: readonly Quote[]): readonly Need[] {
  const board = createBoard();
  for (const one of quotes) board.setQuote(one);
  const view = viewOf(board, { now, calendar, rate: 0.04, dividendYields: new Map(), limits: defaultViewLimits, assumed: new Map() });
  return dataNeeds({ ...noNeeds, ...needs }, board, view, day);
}

describe('a need of data', () => {
  const both = { quotes: [spy, nvda] };

  it.each([
    ['every name is fresh', [quote(spy, 100), quote(nvda, 100)], 'ok', 2, []],
    ['one name is not quoted', [quote(spy, 100)], 'part', 1, [['QUOTE_MISSING', ['NVDA']]]],
    [
      'all that came is old',
      [quote(spy, 5 * MINUTE)],
      'late',
      0,
      [
        ['QUOTE_STALE', ['SPY']],
        ['QUOTE_MISSING', ['NVDA']],
      ],
    ],
    ['nothing came', [], 'absent', 0, [['QUOTE_MISSING', ['SPY', 'NVDA']]]],
  ] as const)('where %s', (_, quotes, state, usable, missing) => {
    const [row, ...more] = rows(both, quotes);
    expect(more).toEqual([]);
    expect(row).toMatchObject({ need: 'quotes', port: 'MarketData.quotes', asked: 2, usable, state });
    expect(row?.missing.map(({ code, names }) => [code, names])).toEqual(missing);
    expect(row?.fix === null).toBe(state !== 'absent');
  });

  it('has a row for each kind that was asked for, and a code and a fix for each that no source gives', () => {
    const found = rows(
      {
        quotes: [spy],
        dailyBars: [{ symbol: spy, sessions: 20 }],
        intradayBars: [
          { symbol: spy, minutes: 1, sessions: 1 },
          { symbol: spy, minutes: 5, sessions: 2 },
        ],
        chains: [{ underlying: spy, dteFrom: 0, dteTo: 10 }],
        ivHistory: [spy],
        earnings: [spy],
        dividends: [spy],
        indexValues: [symbol('VIX')],
        news: [spy],
        macro: true,
      },
      [],
    );
    expect(found.map(({ need, state, missing }) => [need, state, missing[0]?.code])).toEqual([
      ['quotes', 'absent', 'QUOTE_MISSING'],
      ['daily bars', 'absent', 'BARS_MISSING'],
      ['bars of 1 min', 'absent', 'BARS_MISSING'],
      ['bars of 5 min', 'absent', 'BARS_MISSING'],
      ['chains', 'absent', 'CHAIN_EMPTY'],
      ['IV history', 'absent', 'IV_HISTORY_SHORT'],
      ['earnings', 'absent', 'EARNINGS_UNKNOWN'],
      ['dividends', 'absent', 'DIVIDEND_UNKNOWN'],
      ['index values', 'absent', 'VIX_UNKNOWN'],
      ['news', 'absent', 'NEWS_UNKNOWN'],
      ['macro events', 'absent', 'MACRO_UNKNOWN'],
    ]);
    expect(found.filter(({ fix }) => fix === null)).toEqual([]);
  });

  it('of nothing has no row', () => {
    expect(rows({}, [])).toEqual([]);
  });
});

describe('needs of several ticks', () => {
  it('keep the row that asked for more', () => {
    const [few] = rows({ quotes: [spy] }, []);
    const [many] = rows({ quotes: [spy, nvda] }, []);
    const level = singleNeed('options level', 'Broker.account', absent('LEVEL_TOO_LOW', 'options level 1, needs 3'), 'Ask the broker.');
    if (few === undefined || many === undefined) throw new Error('no rows');
    expect(mergedNeeds([[few, level], [many], [few]]).map(({ need, asked, state }) => [need, asked, state])).toEqual([
      ['quotes', 2, 'absent'],
      ['options level', 1, 'absent'],
    ]);
    expect(singleNeed('options level', 'Broker.account', known(3), 'Ask the broker.')).toMatchObject({
      state: 'ok',
      fix: null,
      missing: [],
    });
  });
});
