// Trades, quotes over time, auctions, screener and reference tables: what a market of minutes and touches can say of each.
import { describe, expect, it } from 'vitest';
import { ask } from './ask.ts';
import { type Rig, rig } from './rig.ts';
import { PUT, START } from './scripted.ts';

const json = <T>(made: Rig, path: string): T => ask(made, 'GET', path).json as T;
const print = (minute: number) => ({
  t: `2026-11-20T20:0${String(minute)}:59.999Z`,
  x: 'V',
  p: 594,
  s: 41_230,
  c: ['B'],
  i: 29_917_920 + minute + 480,
  z: 'B',
});
const START_MINUTE = Math.floor(START / 60_000) - 5;
const prints = [0, 1, 2, 3, 4].map((minute) => ({ ...print(minute), i: START_MINUTE + minute }));

describe('trades of shares', () => {
  it('are one print a minute, of its close and its whole volume, once it has ended', () => {
    const made = rig();
    expect(json(made, '/v2/stocks/trades?symbols=SPY,F,NOPE')).toEqual({ trades: { SPY: prints }, next_page_token: null });
    expect(json(made, '/v2/stocks/SPY/trades')).toEqual({ trades: prints, symbol: 'SPY', next_page_token: null });
    expect(json(made, '/v2/stocks/F/trades')).toEqual({ trades: null, symbol: 'F', next_page_token: null });
    expect(json(made, '/v2/stocks/trades/latest?symbols=SPY,F')).toEqual({ trades: { SPY: prints[4] } });
    expect(json(made, '/v2/stocks/SPY/trades/latest')).toEqual({ symbol: 'SPY', trade: prints[4] });
    expect(json(made, '/v2/stocks/F/trades/latest')).toEqual({ symbol: 'F', trade: null });
    expect(json(made, '/v2/stocks/SPY/snapshot')).toMatchObject({ symbol: 'SPY', latestTrade: prints[4] });
  });

  it('are cut to the window and paged in either direction', () => {
    const made = rig();
    const times = (path: string): readonly string[] => {
      const seen: string[] = [];
      let token: string | null = '';
      while (token !== null) {
        const page: { trades: Record<string, { t: string }[]>; next_page_token: string | null } = json(made, `${path}&page_token=${token}`);
        seen.push(...(page.trades['SPY'] ?? []).map(({ t }) => t.slice(14, 16)));
        token = page.next_page_token;
      }
      return seen;
    };
    expect(times('/v2/stocks/trades?symbols=SPY&limit=2')).toEqual(['00', '01', '02', '03', '04']);
    expect(times('/v2/stocks/trades?symbols=SPY&limit=2&sort=desc')).toEqual(['04', '03', '02', '01', '00']);
    expect(times('/v2/stocks/trades?symbols=SPY&start=2026-11-20T20:01:59.999Z&end=2026-11-20T20:03:00Z')).toEqual(['01', '02']);
  });
});

describe('quotes of shares over time', () => {
  it('are the touch of each minute in which it had changed, in pages', () => {
    const made = rig();
    const market = {
      ...made.market,
      quote: (symbol: string, at: number) =>
        symbol === 'SPY' && at <= START
          ? {
              bid: 594_000_000 + Math.floor(at / 120_000) * 10_000,
              ask: 595_000_000,
              bidSize: 300,
              askSize: 200,
              at,
              mark: 'live' as const,
            }
          : undefined,
    };
    const on = rig({ market });
    const all = json<{ quotes: { t: string }[] }>(on, '/v2/stocks/SPY/quotes?start=2026-11-20T20:00:00Z');
    expect(all.quotes.map(({ t }) => t)).toEqual(['2026-11-20T20:00:00Z', '2026-11-20T20:02:00Z', '2026-11-20T20:04:00Z']);
    expect(all.quotes[0]).toMatchObject({ ap: 595, as: 200, bs: 300, ax: 'V', bx: 'V', c: ['R'], z: 'B' });
    const seen: string[] = [];
    let token: string | null = '';
    while (token !== null) {
      const path = `/v2/stocks/quotes?symbols=AAPL,SPY&start=2026-11-20T20:00:00Z&limit=1&sort=desc&page_token=${token}`;
      const page: { quotes: Record<string, { t: string }[]>; next_page_token: string | null } = json(on, path);
      seen.push(...(page.quotes['SPY'] ?? []).map(({ t }) => t.slice(14, 16)));
      token = page.next_page_token;
    }
    expect(seen).toEqual(['04', '02', '00']);
    expect(json(on, '/v2/stocks/F/quotes')).toEqual({ quotes: null, symbol: 'F', next_page_token: null });
  });

  it('end a page early rather than look through years of an unchanging touch', () => {
    const made = rig();
    const page = json<{ next_page_token: string | null }>(made, '/v2/stocks/quotes?symbols=SPY&start=2025-11-20');
    expect(page.next_page_token).not.toBeNull();
  });
});

it('shows the official open and close of each session as its auctions', () => {
  const made = rig();
  expect(json(made, '/v2/stocks/auctions?symbols=SPY&start=2026-11-19')).toEqual({
    auctions: {
      SPY: [
        {
          d: '2026-11-19',
          o: [{ t: '2026-11-19T14:30:00Z', x: 'V', p: 592.9, c: 'Q' }],
          c: [{ t: '2026-11-19T21:00:00Z', x: 'V', p: 593, c: 'M' }],
        },
        { d: '2026-11-20', o: [{ t: '2026-11-20T14:30:00Z', x: 'V', p: 593.9, c: 'Q' }], c: [] },
      ],
    },
    next_page_token: null,
  });
  expect(json(made, '/v2/stocks/AAPL/auctions')).toEqual({ auctions: null, symbol: 'AAPL', next_page_token: null });
});

/** A contract that trades every ten minutes of a session, a cent higher each time, and then not again until the next. */
const trading = (): Rig => {
  const made = rig();
  const every = 600_000;
  const optionStats = (symbol: string, at: number) => {
    const stats = made.market.optionStats(symbol, at);
    const last = Math.floor(at / every) * every;
    return { ...stats, last: symbol === PUT ? { price: 360_000 + ((last / every) % 6) * 10_000, at: last + 5_000, size: 2 } : null };
  };
  return rig({ market: { ...made.market, optionStats: (symbol, at) => optionStats(symbol, at - 5_000) } });
};

describe('bars of options', () => {
  const bars = (query: string): { readonly bars: Record<string, unknown[]>; readonly next_page_token: string | null } =>
    json(trading(), `/v1beta1/options/bars?symbols=${PUT},SPY&${query}`);

  it('within a day are the minutes in which something traded', () => {
    const bar = (t: string, p: number) => ({ t, o: p, h: p, l: p, c: p, v: 2 });
    // The trade of 19:40:05 lies in a minute that began within the window; that of 20:00:05 in one that begins with its end.
    expect(bars('timeframe=1Min&start=2026-11-20T19:40:00Z&end=2026-11-20T20:00:00Z')).toEqual({
      bars: { [PUT]: [bar('2026-11-20T19:40:00Z', 0.4), bar('2026-11-20T19:50:00Z', 0.41), bar('2026-11-20T20:00:00Z', 0.36)] },
      next_page_token: null,
    });
  });

  it('are gathered into longer frames, of which none reaches over a session', () => {
    expect(bars('timeframe=1Hour&start=2026-11-20T19:00:00Z').bars[PUT]).toEqual([
      { t: '2026-11-20T19:00:00Z', o: 0.36, h: 0.41, l: 0.36, c: 0.41, v: 12 },
      { t: '2026-11-20T20:00:00Z', o: 0.36, h: 0.36, l: 0.36, c: 0.36, v: 2 },
    ]);
  });

  it('are paged over sessions in either direction', () => {
    const times = (query: string): readonly string[] => {
      const seen: string[] = [];
      for (let token: string | null = ''; token !== null; ) {
        const page = bars(`timeframe=30Min&start=2026-11-18&limit=7&page_token=${token}${query}`);
        seen.push(...((page.bars[PUT] ?? []) as { t: string }[]).map(({ t }) => t));
        token = page.next_page_token;
      }
      return seen;
    };
    const forward = times('');
    // Two sessions of thirteen half hours, and this one up to five minutes after three.
    expect(forward).toHaveLength(13 + 13 + 12);
    expect([...forward].sort()).toEqual(forward);
    expect(times('&sort=desc')).toEqual([...forward].reverse());
  });
});

describe('trades of options', () => {
  it('are the last trade, then the one before it, within the window', () => {
    const made = rig();
    const every = 600_000;
    const market = {
      ...made.market,
      optionStats: (symbol: string, at: number) => {
        const stats = made.market.optionStats(symbol, at);
        return symbol === PUT
          ? { ...stats, last: { price: 360_000, at: Math.floor(at / every) * every, size: 2 } }
          : { ...stats, last: null };
      },
    };
    const on = rig({ market });
    const window = 'start=2026-11-20T19:45:00Z&end=2026-11-20T20:04:00Z';
    expect(json(on, `/v1beta1/options/trades?symbols=${PUT},SPY&${window}`)).toEqual({
      trades: {
        [PUT]: [
          { t: '2026-11-20T19:50:00Z', p: 0.36, s: 2, x: 'C', c: ' ' },
          { t: '2026-11-20T20:00:00Z', p: 0.36, s: 2, x: 'C', c: ' ' },
        ],
      },
      next_page_token: null,
    });
    const three = json<{ trades: Record<string, unknown[]> }>(on, `/v1beta1/options/trades?symbols=${PUT}&start=2026-11-19`);
    expect(three.trades[PUT]).toHaveLength(40 + 34);
    expect(json(on, `/v1beta1/options/trades/latest?symbols=${PUT}`)).toEqual({
      trades: { [PUT]: { t: '2026-11-20T20:00:00Z', p: 0.36, s: 2, x: 'C', c: ' ' } },
    });
  });
});

describe('the screener', () => {
  it('ranks shares by what they traded, a print a minute', () => {
    const made = rig();
    expect(json(made, '/v1beta1/screener/stocks/most-actives?by=trades')).toEqual({
      most_actives: [
        { symbol: 'SPY', volume: 41_230, trade_count: 5 },
        { symbol: 'F', volume: 41_230, trade_count: 0 },
      ],
      last_updated: '2026-11-20T20:05:00Z',
    });
    expect(json<{ most_actives: unknown[] }>(made, '/v1beta1/screener/stocks/most-actives?top=1').most_actives).toHaveLength(1);
    expect(ask(made, 'GET', '/v1beta1/screener/stocks/most-actives?top=101').status).toBe(422);
  });

  it('ranks shares by how far they moved since the close before', () => {
    const up = json<{ gainers: unknown[]; losers: unknown[] }>(rig(), '/v1beta1/screener/stocks/movers');
    expect(up.gainers).toEqual([
      { symbol: 'F', price: 594, change: 1, percent_change: 0.17 },
      { symbol: 'SPY', price: 594, change: 1, percent_change: 0.17 },
    ]);
    expect(up.losers).toEqual([]);
    expect(ask(rig(), 'GET', '/v1beta1/screener/bonds/movers').status).toBe(404);
  });
});

describe('reference tables', () => {
  it.each([
    ['/v2/stocks/meta/exchanges', 'V'],
    ['/v2/stocks/meta/conditions/trade?tape=A', 'B'],
    ['/v2/stocks/meta/conditions/quote?tape=C', 'held'],
    ['/v1beta1/options/meta/exchanges', 'C'],
    ['/v1beta1/options/meta/conditions/quote', ' '],
    ['/v1beta1/options/meta/conditions/trade', ' '],
  ])('%s names %j', (path, key) => {
    expect(Object.keys(json<Record<string, string>>(rig(), path))).toContain(key);
  });

  it.each([
    ['/v2/stocks/meta/conditions/trade', 400],
    ['/v2/stocks/meta/conditions/trade?tape=D', 422],
    ['/v2/stocks/meta/conditions/toString?tape=A', 404],
    ['/v1beta1/options/meta/conditions/constructor', 404],
  ])('refuses %s with %i', (path, status) => {
    expect(ask(rig(), 'GET', path).status).toBe(status);
  });
});

describe('corporate actions', () => {
  const PATH = '/v1/corporate-actions';
  const dividends = (made: Rig, query: string) =>
    json<{ corporate_actions: { cash_dividends?: { id: string; symbol: string }[] } }>(made, `${PATH}?${query}`).corporate_actions;

  it('are found by window and by id alone', () => {
    const made = rig();
    const [row] = dividends(made, 'start=2026-10-01&end=2026-12-31&symbols=F').cash_dividends ?? [];
    expect(row).toMatchObject({ symbol: 'F' });
    expect(dividends(made, `ids=${row?.id ?? ''}`).cash_dividends).toEqual([row]);
    expect(dividends(made, 'start=2026-10-01&end=2026-12-31&types=forward_split,name_change')).toEqual({});
    expect(dividends(made, 'start=2026-10-01&end=2026-12-31&cusips=037833100')).toEqual({});
    expect(json(made, '/v1beta1/corporate-actions?start=2026-10-01&end=2026-12-31&symbols=F')).toMatchObject({ next_page_token: null });
  });

  it.each(['types=party', 'ids=a&symbols=F', 'start=2026-12-31&end=2026-10-01'])('refuse %s', (query) => {
    expect(ask(rig(), 'GET', `${PATH}?${query}`)).toMatchObject({ status: 400, json: { code: 40010001 } });
  });
});

describe('dates of any age', () => {
  it.each(['0001-01-01', '1900-01-01T00:00:00Z', '1969-12-31'])('a window from %s is all there is', (start) => {
    const faults = rig();
    const page = json<{ trades: Record<string, unknown[]> }>(faults, `/v2/stocks/trades?symbols=SPY&start=${start}`);
    expect(page.trades['SPY']).toHaveLength(5);
    expect(faults.faults).toEqual([]);
  });

  it.each(['2026-02-30', '2026-02-30T10:00:00Z', '2026-13-01', '20261120', 'yesterday'])('%s is no date', (start) => {
    expect(ask(rig(), 'GET', `/v2/stocks/trades?symbols=SPY&start=${start}`)).toMatchObject({ status: 422, json: { code: 40010001 } });
  });
});
