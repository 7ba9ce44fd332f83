import { describe, expect, it } from 'vitest';
import { symbol } from '../../../src/domain/ids.ts';
import { price } from '../../../src/domain/money.ts';
import { addDays, after, DAY, type EpochMs, MINUTE, monoMs, type Now, tradingDay } from '../../../src/domain/time.ts';
import { type Board, createBoard } from '../../../src/market/board.ts';
import { usCalendar } from '../../../src/market/calendar.ts';
import type { Bar, Chain, Quote } from '../../../src/market/quote.ts';
import { defaultViewLimits, type MarketView, viewOf } from '../../../src/market/view.ts';
import { type ModelChain, modelChain, optionOf, quoteOf } from './chains.ts';

const calendar = usCalendar({ from: tradingDay('2024-01-01'), to: tradingDay('2027-12-31') });
const aapl = symbol('AAPL');
const today = tradingDay('2026-02-11');
const noon = calendar.instant(today, 12, 0);
const evening = calendar.instant(today, 17, 0);
const now = (exchange: EpochMs = noon, mono = 100_000): Now => ({ exchange, mono: monoMs(mono), speed: 1 });

const look = (board: Board, at: Now = now(), assumed: ReadonlyMap<string, readonly string[]> = new Map()): MarketView =>
  viewOf(board, { now: at, calendar, rate: 0.04, dividendYields: new Map([['AAPL', 0.01]]), limits: defaultViewLimits, assumed });

const filled = (fill: (board: Board) => void): Board => {
  const board = createBoard();
  fill(board);
  return board;
};

const refusal = (answer: { readonly known: boolean; readonly code?: string; readonly why?: string }) => [answer.code, answer.why];

describe('a quote', () => {
  const put = optionOf('AAPL', tradingDay('2026-03-20'), 'put', 95).symbol;
  const lastDay = optionOf('AAPL', today, 'put', 95).symbol;
  it.each<[string, string, Partial<Quote> & { readonly bid?: Quote['bid'] }, string | undefined]>([
    ['five seconds old', 'AAPL', { seen: monoMs(95_000) }, undefined],
    ['older than five seconds', 'AAPL', { seen: monoMs(94_999) }, 'QUOTE_STALE'],
    ['already old when we had it', 'AAPL', { seen: monoMs(99_000), ageAtSightMs: 4_001 }, 'QUOTE_STALE'],
    ['of an option, fifteen seconds old', put, { seen: monoMs(85_000) }, undefined],
    ['of an option, older', put, { seen: monoMs(84_999) }, 'QUOTE_STALE'],
    ['of an option on its last day, six seconds old', lastDay, { seen: monoMs(94_000) }, 'QUOTE_STALE'],
    ['of an option that nobody bids for', put, { seen: monoMs(99_000), bid: price(0) }, undefined],
    ['of shares that nobody bids for', 'AAPL', { seen: monoMs(99_000), bid: price(0) }, 'QUOTE_MISSING'],
    ['that nobody offers', put, { seen: monoMs(99_000), bid: price(0), ask: price(0) }, 'QUOTE_MISSING'],
    ['that is locked', 'AAPL', { seen: monoMs(99_000), bid: price(2_000_000), ask: price(2_000_000) }, 'QUOTE_CROSSED'],
  ])('%s', (_, name, over, code) => {
    const answer = look(filled((board) => board.setQuote(quoteOf(name, 1, 1.02, over)))).quote(symbol(name));
    expect(answer.known ? undefined : answer.code).toBe(code);
  });

  it('that was never seen, or is too old, says so with its figures', () => {
    expect(refusal(look(createBoard()).quote(aapl))).toEqual(['QUOTE_MISSING', 'AAPL: no quote has been seen']);
    const stale = filled((board) => board.setQuote(quoteOf('AAPL', 1, 1.02, { seen: monoMs(90_000), ageAtSightMs: 250 })));
    expect(refusal(look(stale).quote(aapl))).toEqual(['QUOTE_STALE', 'AAPL: the quote is 10250 ms old, allowed are 5000']);
  });
});

describe('daily bars', () => {
  const bar = (day: Bar['day']): Bar => ({
    at: calendar.instant(day, 0, 0),
    day,
    open: price(1),
    high: price(1),
    low: price(1),
    close: price(1),
    volume: 1,
  });
  const through = (last: string, count: number, skip = '') =>
    filled((board) => {
      const end = calendar.offset(tradingDay(last), 0).day;
      const days = Array.from({ length: count }, (_, i) => calendar.offset(end, i - count + 1).day).filter((d) => d.slice(0, 7) !== skip);
      board.setDailyBars(aapl, days.map(bar), monoMs(0));
    });

  it('end with the previous session; the running one is not complete', () => {
    const answer = look(through('2026-02-11', 30)).dailyBars(aapl, 20);
    expect(answer.known && [answer.value.length, answer.value[0]?.day, answer.value.at(-1)?.day]).toEqual([20, '2026-01-13', '2026-02-10']);
  });

  it("include today's after the close, when it is there", () => {
    const last = (of: Board) => {
      const answer = look(of, now(evening)).dailyBars(aapl, 5);
      return answer.known ? answer.value.at(-1)?.day : answer.code;
    };
    expect(last(through('2026-02-11', 30))).toBe('2026-02-11');
    expect(last(through('2026-02-10', 30))).toBe('2026-02-10');
    expect(last(through('2026-02-09', 30))).toBe('BARS_STALE');
  });

  it.each([
    ['none', createBoard(), 20, 'BARS_MISSING', 'AAPL: no completed daily bar is known'],
    ['old ones', through('2026-02-09', 30), 20, 'BARS_STALE', 'AAPL: the last daily bar is of 2026-02-09, needed is 2026-02-10'],
    ['too few', through('2026-02-10', 10), 20, 'BARS_SHORT', 'AAPL: 10 daily bars, needed are 20'],
    ['a hole', through('2026-02-10', 60, '2026-01'), 20, 'BARS_SHORT', 'AAPL: no daily bar between 2025-12-31 and 2026-02-02'],
  ])('are absent with %s', (_, board, sessions, code, why) => expect(refusal(look(board).dailyBars(aapl, sessions))).toEqual([code, why]));
});

describe('a chain', () => {
  const march = tradingDay('2026-03-20');
  const model: ModelChain = {
    name: 'AAPL',
    spot: 100,
    rate: 0.04,
    dividendYield: 0.01,
    now: noon,
    calendar,
    expiries: [
      { expiry: march, sigma: 0.3 },
      { expiry: addDays(march, 28), sigma: 0.3 },
    ],
    strikes: [90, 95, 100, 105, 110],
  };
  const fresh = quoteOf('AAPL', 99.99, 100.01, { seen: monoMs(99_000) });
  const withChain = (odd: ModelChain, spot = fresh) =>
    filled((board) => {
      board.setQuote(spot);
      board.setChain(modelChain(odd));
    });

  it('that holds together is there whole, and its contracts and quotes one by one', () => {
    const board = withChain(model);
    const answer = look(board).chain(aapl);
    expect(answer.known && answer.value.rows.length).toBe(20);
    const call = optionOf('AAPL', march, 'call', 100);
    expect(look(board).contract(call.symbol)?.option).toEqual(call);
    expect(board.quote(call.symbol)).toBeDefined();
  });

  it('loses a thin expiry, not the others', () => {
    const chain = modelChain(model);
    const rows = chain.rows.filter((r) => r.contract.option.expiry !== march || r.contract.option.strike !== 90_000_000);
    const board = withChain(model);
    board.setChain({ ...chain, rows });
    const answer = look(board).chain(aapl);
    expect(answer.known && new Set(answer.value.rows.map((r) => r.contract.option.expiry))).toEqual(new Set(['2026-04-17']));
  });

  it.each([
    ['was not fetched', filled((board) => board.setQuote(fresh)), 'CHAIN_EMPTY'],
    ['has four strikes', withChain({ ...model, strikes: [95, 100, 105, 110] }), 'CHAIN_EMPTY'],
    ['lists nothing in its window', withChain({ ...model, strikes: [] }), 'NO_EXPIRY_IN_RANGE'],
    ['was quoted about another price of the share', withChain({ ...model, spot: 96 }), 'CHAIN_INCONSISTENT'],
    ['stands beside a share without a quote', filled((board) => board.setChain(modelChain(model))), 'QUOTE_MISSING'],
  ])('that %s is absent', (_, board, code) => expect(look(board).chain(aapl)).toMatchObject({ known: false, code }));

  it.each([
    ['goes ex before its expiries', '2026-02-20', 20],
    ['went ex this morning', '2026-02-11', undefined],
    ['goes ex between its expiries', '2026-03-23', 10],
  ])('of a share whose dividend of 1.50 %s is judged without it', (_, exDay, rows) => {
    const board = withChain({ ...model, spot: 98.5, dividendYield: 0 });
    const dividend = { symbol: aapl, exDay: tradingDay(exDay), amount: price(1_500_000) };
    board.setDividends(aapl, { from: today, to: addDays(march, 28), dividends: [dividend], seen: now() });
    const answer = look(board).chain(aapl);
    expect(answer.known ? answer.value.rows.length : undefined).toBe(rows);
  });

  it('says what is wrong in figures', () => {
    expect(refusal(look(withChain({ ...model, strikes: [95, 100, 105, 110] })).chain(aapl))[1]).toBe(
      'AAPL: 2026-03-20: 4 calls and 4 puts quoted, needed are 5 each; 2026-04-17: 4 calls and 4 puts quoted, needed are 5 each',
    );
    expect(refusal(look(withChain({ ...model, spot: 96 })).chain(aapl))[1]).toMatch(
      /^AAPL: 2026-03-20: at 100 call less put is 3\.99\d\d off parity, allowed are 1\.0200/,
    );
  });
});

describe('implied volatility', () => {
  const history = (count: number, last = '2026-02-10') =>
    filled((board) => {
      const readings = Array.from({ length: count }, (_, i) => {
        const { day } = calendar.offset(tradingDay(last), i - count + 1);
        return { symbol: aapl, day, iv30: 0.2 + i / 10_000, quality: 'bars' as const, flags: [] };
      });
      board.addIvReadings(readings);
    });

  it('is the last 252 sessions before today, oldest first', () => {
    const answer = look(history(300, '2026-02-11')).ivHistory(aapl);
    expect(answer.known && [answer.value.length, answer.value.at(-1)?.day]).toEqual([252, '2026-02-10']);
  });

  it.each([
    [125, '2026-02-10', 'IV_HISTORY_SHORT', 'AAPL: 125 sessions of implied volatility, needed are 126'],
    [200, '2026-02-09', 'IV_HISTORY_STALE', 'AAPL: the last implied volatility is of 2026-02-09, needed is 2026-02-10'],
  ])('of %d sessions to %s is absent', (count, last, code, why) =>
    expect(refusal(look(history(count, last)).ivHistory(aapl))).toEqual([code, why]),
  );

  it('has one reading a day, the later one', () => {
    const board = history(126);
    const day = tradingDay('2026-02-10');
    board.addIvReadings([{ symbol: aapl, day, iv30: 0.5, quality: 'quotes', flags: [] }]);
    const answer = look(board).ivHistory(aapl);
    expect(answer.known && [answer.value.length, answer.value.at(-1)?.iv30]).toEqual([126, 0.5]);
  });
});

describe('dividends', () => {
  const from = today;
  const to = addDays(today, 60);
  const ex = { symbol: aapl, exDay: tradingDay('2026-02-20'), amount: price(260_000) };
  const fetched = (at: EpochMs) => filled((board) => board.setDividends(aapl, { from, to, dividends: [ex], seen: now(at, 0) }));

  it('are those with an ex-date in the span', () => {
    expect(look(fetched(noon)).dividends(aapl, from, to)).toEqual({ known: true, value: [ex] });
    expect(look(fetched(noon)).dividends(aapl, from, tradingDay('2026-02-19'))).toEqual({ known: true, value: [] });
  });

  it.each([
    ['never fetched', createBoard(), to],
    ['fetched more than a day ago', fetched(after(noon, -DAY - 1)), to],
    ['fetched for a shorter span', fetched(noon), addDays(to, 1)],
  ])('are unknown when %s', (_, board, until) =>
    expect(look(board).dividends(aapl, from, until)).toMatchObject({ known: false, code: 'DIVIDEND_UNKNOWN' }),
  );
});

describe('the rest of the view', () => {
  it('hands on the rate, yields and assets', () => {
    const board = filled((b) => b.setAsset(aapl, { tradable: true, options: false }));
    const view = look(board);
    expect([view.rate(), view.dividendYield(aapl), view.dividendYield(symbol('F'))]).toEqual([0.04, 0.01, 0]);
    expect(view.asset(aapl)).toEqual({ tradable: true, options: false });
    expect(view.asset(symbol('F'))).toBeUndefined();
    expect(look(board).earnings(aapl, today, today)).toMatchObject({ known: false, code: 'EARNINGS_UNKNOWN' });
  });

  it('names what was assumed behind a symbol and its options', () => {
    const put = optionOf('AAPL', tradingDay('2026-03-20'), 'put', 95).symbol;
    const board = filled((b) => {
      b.setQuote(quoteOf('AAPL', 1, 2, { provenance: 'assumed' }));
      b.addIvReadings([{ symbol: aapl, day: today, iv30: 0.3, quality: 'assumed', flags: [] }]);
    });
    expect(look(board, now(), new Map([['AAPL', ['sizes']]])).assumptions(put)).toEqual(['iv_history:AAPL', 'quote:AAPL', 'sizes']);
    expect(look(createBoard()).assumptions(put)).toEqual([]);
  });
});

describe('what the board has beside prices', () => {
  it('is absent with its reason until it has been seen', () => {
    const view = look(createBoard());
    const answers = [
      view.intradayBars(aapl, 5, 21),
      view.indexValue(symbol('VIX')),
      view.news(aapl, MINUTE),
      view.macro(today, today),
      view.earningsHistory(aapl, 8, 6),
    ];
    expect(answers.map((a) => (a.known ? '' : a.code))).toEqual([
      'BARS_MISSING',
      'VIX_UNKNOWN',
      'NEWS_UNKNOWN',
      'MACRO_UNKNOWN',
      'EARNINGS_UNKNOWN',
    ]);
    expect(view.optionFeed()).toBe('indicative');
  });
});

describe('a board', () => {
  it('keeps what it knows of other expiries when a chain of some comes in, for a minute', () => {
    const march = tradingDay('2026-03-20');
    const model = (expiry: typeof march): ModelChain => ({
      name: 'AAPL',
      spot: 100,
      rate: 0.04,
      dividendYield: 0,
      now: noon,
      calendar,
      expiries: [{ expiry, sigma: 0.3 }],
      strikes: [95, 100, 105],
    });
    const chain = (expiry: typeof march, at: number): Chain => {
      const seen = monoMs(at);
      const made = modelChain(model(expiry));
      return { ...made, rows: made.rows.map((r) => ({ ...r, quote: r.quote === null ? null : { ...r.quote, seen } })), seen };
    };
    const board = createBoard();
    const expiries = () => [...new Set(board.chain(aapl)?.rows.map((r) => r.contract.option.expiry))].sort();
    board.setChain(chain(today, 1_000));
    board.setChain(chain(march, 30_000));
    expect(expiries()).toEqual([today, march]);
    expect([board.chain(aapl)?.from, board.chain(aapl)?.to]).toEqual([today, march]);
    board.setChain(chain(march, 61_001));
    expect(expiries()).toEqual([march]);
  });

  it('grows in version with every change', () => {
    const board = createBoard();
    board.setIndexLevel(symbol('VIX'), { value: 17.5, at: noon, seen: monoMs(0), ageAtSightMs: 0 });
    board.setEarnings([{ symbol: aapl, day: addDays(today, 5), time: 'AMC', sources: ['operator'], confirmed: true }]);
    expect(board.version).toBe(2);
    expect(board.indexLevel(symbol('VIX'))?.value).toBe(17.5);
    expect(look(board).earnings(aapl, today, addDays(today, 10))).toMatchObject({ known: true, value: [{ day: '2026-02-16' }] });
  });

  it('keeps the quote with the later instant of its own, whichever arrives last', () => {
    const board = createBoard();
    board.setQuote(quoteOf('AAPL', 2, 3, { at: noon }));
    board.setQuote(quoteOf('AAPL', 1, 2, { at: after(noon, -MINUTE) }));
    expect(board.quote(aapl)?.bid).toBe(2_000_000);
    board.setQuote(quoteOf('AAPL', 4, 5, { at: noon, seen: monoMs(9) }));
    expect(board.quote(aapl)?.bid).toBe(4_000_000);
  });
});
