import { afterEach, describe, expect, it } from 'vitest';
import { symbol } from '../../../src/domain/ids.ts';
import { epochMs, tradingDay } from '../../../src/domain/time.ts';
import { clockJson, type Json, json, type Request, type Rig, refusal, rig, whileTicking } from './helpers.ts';

let open: Rig | undefined;
afterEach(async () => {
  await open?.alpaca.data.close();
  await open?.alpaca.broker.close();
  open?.end();
  open = undefined;
});
const over = (handler: (request: Request) => Response): Rig => {
  open = rig(handler);
  return open;
};
const get = async <T>(of: Rig, read: Promise<{ ok: true; value: T } | { ok: false; why: string }>): Promise<T> => {
  const got = await whileTicking(of.timers, read as Promise<{ ok: boolean; value?: T; why?: string }>);
  if (!got.ok) throw new Error(got.why);
  return got.value as T;
};
const [from, to] = [tradingDay('2026-11-20'), tradingDay('2026-12-18')];
const spy = symbol('SPY');
const put = 'SPY261218P00594000';

it('quotes shares and options, dropping by name what cannot be one', async () => {
  const t = '2026-11-20T15:30:58.5Z'; // 1.5 s before now
  const of = over(({ url }) =>
    url.pathname === '/v2/stocks/quotes/latest'
      ? json({
          quotes: {
            SPY: { t, bp: 594.03, ap: 594.05, bs: 3, as: 2, c: ['R'] },
            BAD: { t, bp: -1, ap: 2 },
            ODD: { t, bp: '1', ap: 2 },
            NUL: null,
            ZERO: { t, bp: 0, ap: 0.1, bs: null },
          },
        })
      : json({ quotes: { [put]: { t, bp: 3.35, ap: 3.45, bs: 41, as: 18, c: ' ' } } }),
  );
  const quotes = await get(of, of.alpaca.data.quotes(['SPY', 'BAD', 'ODD', 'NUL', 'ZERO', 'NONE', put].map(symbol)));
  expect([...quotes.keys()]).toEqual(['SPY', 'ZERO', put]);
  expect(quotes.get(spy)).toEqual({
    symbol: 'SPY',
    bid: 594_030_000,
    ask: 594_050_000,
    bidSize: 3,
    askSize: 2,
    at: Date.parse(t),
    seen: expect.any(Number),
    ageAtSightMs: 1_500,
    provenance: 'live',
  });
  expect(quotes.get(symbol('ZERO'))).toMatchObject({ bid: 0, bidSize: null });
  expect(of.logged.map((l) => l.fields['what'])).toEqual(['quote of BAD', 'quote of ODD', 'quote of NUL']);
  expect(of.requests.map((r) => [r.url.host, r.url.searchParams.get('feed')])).toEqual([
    ['data.test', 'iex'],
    ['data.test', 'indicative'],
  ]);
});

it('asks for a hundred options at a time', async () => {
  const of = over(() => json({ quotes: {} }));
  const names = Array.from({ length: 250 }, (_, i) => symbol(`SPY261218P${String((i + 1) * 1000).padStart(8, '0')}`));
  expect((await get(of, of.alpaca.data.quotes(names))).size).toBe(0);
  expect(of.requests.map((r) => r.url.searchParams.get('symbols')?.split(',').length)).toEqual([100, 100, 50]);
});

it('reads daily bars through all pages, each on its New York day, winter and summer', async () => {
  const bar = (t: string, c: number): Json => ({ t, o: 1, h: 2, l: 0.5, c, v: 10, n: 1, vw: 1.1 });
  const of = over(({ url }) =>
    url.searchParams.get('page_token') === null
      ? json({ bars: { QQQ: [bar('2026-10-30T04:00:00Z', 1.5)] }, next_page_token: 'p2' })
      : json({
          bars: {
            QQQ: [bar('2026-11-02T05:00:00Z', 1.6)],
            SPY: [bar('2026-11-02T05:00:00Z', Number.MAX_VALUE), bar('2026-11-03T05:00:00Z', 594.1)],
          },
          next_page_token: null,
        }),
  );
  const bars = await get(of, of.alpaca.data.dailyBars([spy, symbol('QQQ')], tradingDay('2026-10-30'), tradingDay('2026-11-03')));
  expect(bars.get(symbol('QQQ'))?.map((b) => [b.day, b.close])).toEqual([
    ['2026-10-30', 1_500_000],
    ['2026-11-02', 1_600_000],
  ]);
  expect(bars.get(spy)?.map((b) => [b.day, b.close])).toEqual([['2026-11-03', 594_100_000]]);
  const query = of.requests[0]?.url.searchParams;
  expect([query?.get('adjustment'), query?.get('timeframe'), query?.get('start'), query?.get('end')]).toEqual([
    'split',
    '1Day',
    '2026-10-30T00:00:00.000Z',
    '2026-11-04T00:00:00.000Z',
  ]);
});

const contract = (name: string, over_: Json = {}): Json => ({
  symbol: name,
  tradable: true,
  style: 'american',
  expiration_date: '2026-12-18',
  underlying_symbol: 'SPY',
  root_symbol: 'SPY',
  type: 'put',
  strike_price: '594',
  multiplier: '100',
  size: '100',
  open_interest: '4821',
  open_interest_date: '2026-11-19',
  ppind: true,
  ...over_,
});

it('joins contracts with their quotes and volumes', async () => {
  const day = (t: string, v: number): Json => ({ t, o: 1, h: 1, l: 1, c: 1, v });
  const of = over(({ url }) =>
    url.pathname === '/v2/options/contracts'
      ? json({
          option_contracts: [
            contract(put),
            contract('SPY261218P00590000', { strike_price: '590', open_interest: null, open_interest_date: null, ppind: null }),
            contract('SPY1261218P00594000', { root_symbol: 'SPY1' }),
            contract('SPY261218P00585500', { strike_price: '585' }),
            contract('SPY261218P00580000', { size: 100 }),
          ],
          next_page_token: null,
        })
      : json({
          snapshots: {
            [put]: {
              latestQuote: { t: '2026-11-20T15:30:59Z', bp: 3.35, ap: 3.45, bs: 41, as: 18 },
              dailyBar: day('2026-11-20T05:00:00Z', 120),
              prevDailyBar: day('2026-11-19T05:00:00Z', 77),
            },
            SPY261218P00590000: { latestQuote: { t: 'x', bp: 1, ap: 2 }, dailyBar: day('2026-11-19T05:00:00Z', 5) },
          },
          next_page_token: null,
        }),
  );
  const chain = await get(of, of.alpaca.data.chain(spy, from, to));
  expect(
    chain.rows.map((r) => [
      r.contract.option.symbol,
      r.contract.standard,
      r.contract.openInterest,
      r.quote?.bid ?? null,
      r.volume,
      r.previousVolume,
    ]),
  ).toEqual([
    [put, true, 4821, 3_350_000, 120, 77],
    ['SPY261218P00590000', true, null, null, null, 5],
    ['SPY1261218P00594000', false, 4821, null, null, null],
  ]);
  expect(chain.rows.map((r) => r.contract.option.underlying)).toEqual(['SPY', 'SPY', 'SPY']);
  expect(of.logged.map((l) => l.fields['why'])).toEqual(
    [expect.stringContaining('size'), expect.stringContaining('585')].sort(() => 0).reverse(),
  );
  expect(
    of.requests.map((r) => [r.url.host, r.url.searchParams.get('expiration_date_gte'), r.url.searchParams.get('expiration_date_lte')]),
  ).toEqual([
    ['trading.test', from, to],
    ['data.test', from, to],
  ]);
});

it('lists expired contracts when asked to', async () => {
  const of = over(({ url }) =>
    json({
      option_contracts:
        url.searchParams.get('status') === 'active' ? [contract(put)] : [contract('SPY261218P00590000', { strike_price: '590' })],
      next_page_token: null,
    }),
  );
  expect((await get(of, of.alpaca.data.contracts(spy, from, to, true))).map((c) => c.option.strike)).toEqual([594_000_000, 590_000_000]);
  expect(await get(of, of.alpaca.data.contracts(spy, from, to, false))).toHaveLength(1);
});

it('asks for the strikes it wants, and for whole listings at a time', async () => {
  const of = over(() => json({ option_contracts: [], next_page_token: null }));
  await get(of, of.alpaca.data.contracts(spy, from, to, false, { least: 450, most: 712.5 }));
  await get(of, of.alpaca.data.contracts(spy, from, to, false));
  const asked = of.requests.map(({ url }) => ['limit', 'strike_price_gte', 'strike_price_lte'].map((name) => url.searchParams.get(name)));
  expect(asked).toEqual([
    ['10000', '450', '712.5'],
    ['10000', null, null],
  ]);
});

it('keeps dividends by ex-day, though the broker files them by the day they are processed', async () => {
  const row = (ex: string): Json => ({ symbol: 'SPY', ex_date: ex, rate: 1.8321, process_date: '2027-01-31' });
  const of = over(() =>
    json({ corporate_actions: { cash_dividends: [row('2026-12-18'), row('2026-12-21'), row('2026-11-19')] }, next_page_token: null }),
  );
  expect(await get(of, of.alpaca.data.dividends([spy], from, to))).toEqual([{ symbol: 'SPY', exDay: '2026-12-18', amount: 1_832_100 }]);
  expect(of.requests[0]?.url.searchParams.get('end')).toBe('2027-03-18');
});

it('knows assets that trade and those with options; an unknown one is absent', async () => {
  const asset = (over_: Json): Json => ({ symbol: 'X', status: 'active', tradable: true, attributes: ['has_options'], ...over_ });
  const of = over(({ url }) =>
    url.pathname.endsWith('/NO')
      ? refusal(404, 40410000, 'asset not found for NO')
      : json(asset(url.pathname.endsWith('/OLD') ? { status: 'inactive', attributes: null } : {})),
  );
  expect([...(await get(of, of.alpaca.data.assets(['SPY', 'OLD', 'NO'].map(symbol))))]).toEqual([
    ['SPY', { tradable: true, options: true }],
    ['OLD', { tradable: false, options: false }],
  ]);
});

it.each([
  [403, 42210000, 'not subscribed'],
  [404, 40410000, 'endpoint not found.'],
])('has no index levels where the source answers %i', async (status, code, text) => {
  const of = over(() => refusal(status, code, text));
  expect((await get(of, of.alpaca.data.indexValues([symbol('VIX')]))).size).toBe(0);
  expect(of.logged.map((l) => l.event)).toEqual(['alpaca.no_index_values']);
});
it('reads index levels', async () => {
  const of = over(() => json({ values: { VIX: { t: '2026-11-20T15:30:00Z', v: 17.35 }, BAD: { v: 'x' } } }));
  expect([...(await get(of, of.alpaca.data.indexValues(['VIX', 'BAD'].map(symbol))))]).toEqual([
    ['VIX', { value: 17.35, at: Date.parse('2026-11-20T15:30:00Z'), seen: expect.any(Number), ageAtSightMs: 60_000 }],
  ]);
});

it('reads bars of a few minutes over a span of instants, split-adjusted', async () => {
  const of = over(() => json({ bars: { SPY: [{ t: '2026-11-20T15:25:00Z', o: 1, h: 2, l: 0.5, c: 1.5, v: 10 }] }, next_page_token: null }));
  const start = epochMs(Date.parse('2026-11-20T14:30:00Z'));
  const bars = await get(of, of.alpaca.data.intradayBars([spy], 5, start, epochMs(start + 3_600_000)));
  expect(bars.get(spy)).toMatchObject([{ at: Date.parse('2026-11-20T15:25:00Z'), day: '2026-11-20', close: 1_500_000, volume: 10 }]);
  const query = of.requests[0]?.url.searchParams;
  expect(['timeframe', 'start', 'end', 'adjustment', 'feed'].map((key) => query?.get(key))).toEqual([
    '5Min',
    '2026-11-20T14:30:00.000Z',
    '2026-11-20T15:30:00.000Z',
    'split',
    'iex',
  ]);
});

it('reads headlines through all pages, oldest first, and leaves out what was published before and only changed since', async () => {
  const headline = (id: number, created: string): Json => ({
    id,
    headline: `H${String(id)}`,
    created_at: created,
    updated_at: '2026-11-20T15:00:00Z',
    symbols: ['SPY', 'QQQ'],
    author: 'a',
    source: 'benzinga',
  });
  const of = over(({ url }) =>
    url.searchParams.get('page_token') === null
      ? json({ news: [headline(7, '2026-11-20T14:40:00Z'), headline(5, '2026-11-20T09:00:00Z')], next_page_token: 'p2' })
      : json({ news: [headline(6, '2026-11-20T14:35:00Z'), { id: 'x' }], next_page_token: null }),
  );
  const news = await get(of, of.alpaca.data.news([spy], epochMs(Date.parse('2026-11-20T14:30:00Z'))));
  expect(news.map((n) => [n.id, n.at, n.headline, ...n.symbols])).toEqual([
    ['6', Date.parse('2026-11-20T14:35:00Z'), 'H6', 'SPY', 'QQQ'],
    ['7', Date.parse('2026-11-20T14:40:00Z'), 'H7', 'SPY', 'QQQ'],
  ]);
  expect(of.logged.map((l) => l.fields['what'])).toEqual(['news']);
  expect(of.requests.map((r) => [r.url.pathname, r.url.searchParams.get('limit')])).toEqual([
    ['/v1beta1/news', '50'],
    ['/v1beta1/news', '50'],
  ]);
});
it('says so when the source serves no headlines', async () => {
  const of = over(() => refusal(404, 40410000, 'endpoint not found: this market has no news'));
  expect(await whileTicking(of.timers, of.alpaca.data.news([spy], epochMs(0)))).toMatchObject({ ok: false, fault: 'ALPACA_NO_ENDPOINT' });
});

describe('the data breaker', () => {
  it('opens on failures and holds nothing of the trading host back', async () => {
    const of = over(({ url }) => (url.host === 'data.test' ? refusal(500, null, 'down') : json(clockJson)));
    for (let i = 0; i < 2; i++) expect(await whileTicking(of.timers, of.alpaca.data.quotes([spy]))).toMatchObject({ ok: false });
    const asked = of.requests.length;
    expect(await whileTicking(of.timers, of.alpaca.data.quotes([spy]))).toMatchObject({ ok: false, fault: 'ALPACA_BREAKER_OPEN' });
    expect(of.requests.length).toBe(asked);
    expect(await whileTicking(of.timers, of.alpaca.broker.clock())).toMatchObject({
      ok: true,
      value: { at: Date.parse('2026-11-20T15:31:00.123Z'), isOpen: true },
    });
  });
});

it('reads sessions in New York time, half days among them', async () => {
  const row = (date: string, close: string): Json => ({
    date,
    open: '09:30',
    close,
    session_open: '0400',
    session_close: '2000',
    settlement_date: date,
  });
  const of = over(() => json([row('2026-11-25', '16:00'), row('2026-11-27', '13:00')]));
  expect(await get(of, of.alpaca.broker.sessions('2026-11-25', '2026-11-27'))).toEqual([
    { day: '2026-11-25', open: Date.parse('2026-11-25T14:30:00Z'), close: Date.parse('2026-11-25T21:00:00Z'), early: false },
    { day: '2026-11-27', open: Date.parse('2026-11-27T14:30:00Z'), close: Date.parse('2026-11-27T18:00:00Z'), early: true },
  ]);
});
