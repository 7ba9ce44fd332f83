// What stands beside orders on the trading host: credentials, configurations, watchlists, clocks and calendars, announcements.
import { describe, expect, it } from 'vitest';
import { AUTH, ask } from './ask.ts';
import { type Rig, rig } from './rig.ts';
import { CALL, PUT, START } from './scripted.ts';

const OTHER = { 'apca-api-key-id': 'key2', 'apca-api-secret-key': 'secret2' };
const uuid = expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/) as string;
const base64 = (text: string): string => Buffer.from(text).toString('base64');

describe('credentials', () => {
  it.each([
    ['a bearer pair', { authorization: 'Bearer key:secret' }, 200],
    ['a bearer pair of another case and more space', { authorization: 'bearer   key:secret ' }, 200],
    ['a bare bearer token without an oauth key', { authorization: 'Bearer secret' }, 401],
    ['a wrong bearer pair', { authorization: 'Bearer key:wrong' }, 401],
    ['basic authentication of a wrong pair', { authorization: `Basic ${base64('key:wrong')}` }, 401],
    ['basic authentication without a colon', { authorization: `Basic ${base64('key')}` }, 401],
    ['an unknown scheme', { authorization: 'Digest key:secret' }, 401],
    ['half a pair', { 'apca-api-key-id': 'key' }, 401],
    ['a wrong pair beside a right bearer', { ...AUTH, 'apca-api-secret-key': 'x', authorization: 'Bearer key:secret' }, 401],
  ])('answers %s', (_name, headers, status) => {
    expect(ask(rig(), 'GET', '/v2/account', null, headers).status).toBe(status);
  });

  it('takes a bare bearer token as the secret of the key oauth', () => {
    const plain = rig();
    const core = {
      ...plain.core,
      authenticate: (id: string, secret: string) => (id === 'oauth' && secret === 'token' ? 'main' : undefined),
    };
    expect(ask(rig({ core }), 'GET', '/v2/account', null, { authorization: 'Bearer token' }).status).toBe(200);
  });
});

describe('every answer', () => {
  it.each([
    ['a success', 'GET', '/v2/account', AUTH, 200],
    ['a refusal', 'GET', '/v2/orders?limit=0', AUTH, 422],
    ['an unknown path', 'GET', '/v2/nothing', AUTH, 404],
    ['a stranger', 'GET', '/v2/account', {}, 401],
    ['an owner', 'GET', '/sim/v1/clock', AUTH, 200],
    ['an emptiness', 'DELETE', '/v2/watchlists/x', AUTH, 404],
  ])('carries its id and the request budget: %s', (_name, method, path, headers, status) => {
    const answer = ask(rig(), method, path, null, headers);
    expect(answer.status).toBe(status);
    expect(answer.headers).toMatchObject({
      'Content-Type': 'application/json; charset=UTF-8',
      'X-Request-ID': expect.stringMatching(/^[0-9a-f]{32}$/) as string,
      'X-RateLimit-Limit': '200',
      'X-RateLimit-Remaining': expect.stringMatching(/^(199|200)$/) as string,
      'X-RateLimit-Reset': expect.stringMatching(/^\d{10}$/) as string,
    });
  });

  it('says when the budget is used up, and from when there is more', () => {
    const made = rig({ requestsPerMinute: 2 });
    const statuses = [1, 2, 3].map(() => ask(made, 'GET', '/v2/clock'));
    expect(statuses.map((answer) => [answer.status, answer.headers['X-RateLimit-Remaining'], answer.headers['Retry-After']])).toEqual([
      [200, '1', undefined],
      [200, '0', undefined],
      [429, '0', '30'],
    ]);
    expect(statuses[2]?.json).toEqual({ code: 42910000, message: 'rate limit exceeded' });
    expect(ask(made, 'GET', '/v2/clock', null, OTHER).status).toBe(200);
    made.clock.set(START + 30_000);
    expect(ask(made, 'GET', '/v2/clock').status).toBe(200);
  });
});

describe('account configurations', () => {
  const PATH = '/v2/account/configurations';
  const standard = {
    disable_overnight_trading: false,
    fractional_trading: true,
    max_margin_multiplier: '2',
    max_options_trading_level: null,
    no_shorting: false,
    ptp_no_exception_entry: false,
    suspend_trade: false,
    trade_confirm_email: 'none',
  };

  it('change by what is sent, are kept, and belong to one account', () => {
    const made = rig();
    expect(ask(made, 'GET', PATH).json).toEqual(standard);
    const patched = ask(made, 'PATCH', PATH, { suspend_trade: true, max_options_trading_level: 1, unknown: {} });
    expect([patched.status, patched.json]).toEqual([200, { ...standard, suspend_trade: true, max_options_trading_level: 1 }]);
    expect(ask(made, 'GET', PATH).json).toEqual(patched.json);
    expect(ask(made, 'GET', PATH, null, OTHER).json).toEqual(standard);
    expect(ask(made, 'GET', '/v2/account').json).toMatchObject({ options_approved_level: 3, options_trading_level: 1 });
  });

  it('take a whole model back, nulls and numbers included', () => {
    const made = rig();
    const model = {
      ...standard,
      no_shorting: null,
      max_margin_multiplier: 4,
      max_options_trading_level: '2',
      trade_confirm_email: 'all',
      dtbp_check: null,
    };
    expect(ask(made, 'PATCH', PATH, model).json).toEqual({
      ...standard,
      max_margin_multiplier: '4',
      max_options_trading_level: 2,
      trade_confirm_email: 'all',
    });
    expect(ask(made, 'PATCH', PATH, { max_options_trading_level: null }).json).toMatchObject({ max_options_trading_level: null });
  });

  it.each([
    [null, 400],
    ['[]', 400],
    [{ suspend_trade: 'yes' }, 422],
    [{ max_margin_multiplier: '3' }, 422],
    [{ max_options_trading_level: 4 }, 422],
    [{ max_options_trading_level: -1 }, 422],
    [{ trade_confirm_email: 'some' }, 422],
  ])('are left alone by %j', (body, status) => {
    const made = rig();
    expect(ask(made, 'PATCH', PATH, body)).toMatchObject({ status, json: { code: status === 400 ? 40010000 : 40010001 } });
    expect(ask(made, 'GET', PATH).json).toEqual(standard);
  });
});

describe('watchlists', () => {
  const made = (): Rig => rig();
  const create = (on: Rig, body: unknown) => ask(on, 'POST', '/v2/watchlists', body);
  const symbols = (answer: { readonly json: unknown }): readonly string[] =>
    (answer.json as { assets: { symbol: string }[] }).assets.map((asset) => asset.symbol);

  it('are made, read, changed and deleted, by id and by name', () => {
    const on = made();
    expect(ask(on, 'GET', '/v2/watchlists').json).toEqual([]);
    const list = create(on, { name: 'my cars', symbols: ['F', 'SPY', 'F'] }).json as { id: string; account_id: string };
    expect(list).toMatchObject({ id: uuid, account_id: uuid, name: 'my cars', created_at: '2026-11-20T20:05:00Z' });
    const path = `/v2/watchlists/${list.id}`;
    const named = '/v2/watchlists:by_name?name=my%20cars';
    expect(symbols(ask(on, 'GET', path))).toEqual(['F', 'SPY']);
    expect(ask(on, 'GET', named).json).toEqual(ask(on, 'GET', path).json);
    expect(ask(on, 'GET', '/v2/watchlists').json).toEqual([
      { id: list.id, account_id: list.account_id, name: 'my cars', created_at: '2026-11-20T20:05:00Z', updated_at: '2026-11-20T20:05:00Z' },
    ]);
    on.clock.set(START + 1_000);
    expect(symbols(ask(on, 'POST', path, { symbol: 'AAPL' }))).toEqual(['F', 'SPY', 'AAPL']);
    expect(symbols(ask(on, 'DELETE', `${path}/F`))).toEqual(['SPY', 'AAPL']);
    const changed = ask(on, 'PUT', named, { name: 'cars', symbols: ['F'] });
    expect(changed.json).toMatchObject({ id: list.id, name: 'cars', updated_at: '2026-11-20T20:05:01Z' });
    expect(ask(on, 'GET', path, null, OTHER).status).toBe(404);
    expect(ask(on, 'DELETE', '/v2/watchlists:by_name?name=cars')).toMatchObject({ status: 204, body: null });
    expect(ask(on, 'GET', path)).toMatchObject({ status: 404, json: { code: 40410000, message: 'watchlist not found' } });
  });

  it.each([
    ['no name', 'POST', '', {}, 422],
    ['a name that is taken', 'POST', '', { name: 'one' }, 422],
    ['a name that is too long', 'POST', '', { name: 'x'.repeat(65) }, 422],
    ['an unknown symbol', 'POST', '', { name: 'two', symbols: ['NOPE'] }, 422],
    ['symbols that are no list', 'POST', '', { name: 'two', symbols: 'F' }, 422],
    ['no body', 'POST', '', null, 400],
    ['a symbol that is not on it', 'DELETE', '/SPY', null, 404],
    ['a symbol that is on it', 'POST', '', { symbol: 'F' }, 422],
  ])('refuse %s', (what, method, path, body, status) => {
    const on = made();
    const { id } = create(on, { name: 'one', symbols: ['F'] }).json as { id: string };
    const target = path !== '' || what === 'a symbol that is on it' ? `/v2/watchlists/${id}${path}` : '/v2/watchlists';
    expect(ask(on, method, target, body).status).toBe(status);
    expect(symbols(ask(on, 'GET', `/v2/watchlists/${id}`))).toEqual(['F']);
  });
});

describe('clock and calendar of a market', () => {
  const market = { mic: 'XNYS', acronym: 'NYSE', name: 'New York Stock Exchange', timezone: 'America/New_York', bic: null };

  it('gives the phase of each market asked for', () => {
    const on = rig();
    expect(ask(on, 'GET', '/v3/clock').json).toEqual({
      clocks: [
        {
          market,
          timestamp: '2026-11-20T20:05:00Z',
          is_market_day: true,
          phase: 'core',
          phase_until: '2026-11-20T21:00:00Z',
          next_market_open: '2026-11-23T14:30:00Z',
          next_market_close: '2026-11-20T21:00:00Z',
        },
      ],
    });
    const phases = (time: string, markets = 'NYSE,OPRA'): readonly string[] =>
      (ask(on, 'GET', `/v3/clock?markets=${markets}&time=${time}`).json as { clocks: { phase: string; phase_until: string }[] }).clocks.map(
        (clock) => `${clock.phase} until ${clock.phase_until}`,
      );
    expect(phases('2026-11-20T06:00:00-05:00')).toEqual(['pre until 2026-11-20T14:30:00Z', 'closed until 2026-11-20T14:30:00Z']);
    expect(phases('2026-11-20T16:00:00-05:00')).toEqual(['post until 2026-11-21T01:00:00Z', 'closed until 2026-11-23T14:30:00Z']);
    expect(phases('2026-11-21', 'XNAS')).toEqual(['closed until 2026-11-23T09:00:00Z']);
    expect(phases('2026-11-27T13:30:00-05:00', 'IEX')).toEqual(['post until 2026-11-27T22:00:00Z']);
  });

  it('lists sessions with their hours before and after, of shares alone', () => {
    const on = rig();
    const window = 'start=2026-11-26&end=2026-11-27';
    expect(ask(on, 'GET', `/v3/calendar/NYSE?${window}&timezone=America/New_York`).json).toEqual({
      market,
      calendar: [
        {
          date: '2026-11-27',
          pre_start: '2026-11-27T04:00:00-05:00',
          pre_end: '2026-11-27T09:30:00-05:00',
          core_start: '2026-11-27T09:30:00-05:00',
          core_end: '2026-11-27T13:00:00-05:00',
          post_start: '2026-11-27T13:00:00-05:00',
          post_end: '2026-11-27T17:00:00-05:00',
          settlement_date: '2026-11-30',
        },
      ],
    });
    expect((ask(on, 'GET', `/v3/calendar/OPRA?${window}`).json as { calendar: unknown }).calendar).toEqual([
      { date: '2026-11-27', core_start: '2026-11-27T14:30:00Z', core_end: '2026-11-27T18:00:00Z', settlement_date: '2026-11-30' },
    ]);
    const week = ask(on, 'GET', '/v3/calendar/nasdaq').json as { calendar: { date: string }[] };
    expect(week.calendar.map(({ date }) => date)).toEqual(['2026-11-20', '2026-11-23', '2026-11-24', '2026-11-25', '2026-11-27']);
  });

  it.each([
    '/v3/clock?markets=MOON',
    '/v3/clock?time=never',
    '/v3/clock?time=1950-01-01',
    '/v3/calendar/MOON',
    '/v3/calendar/NYSE?timezone=Mars',
    '/v3/calendar/NYSE?start=2026-11-27&end=2026-11-26',
    '/v3/calendar/NYSE?end=2150-01-01',
  ])('refuses %s', (path) => {
    expect(ask(rig(), 'GET', path)).toMatchObject({ status: 422, json: { code: 40010001 } });
  });
});

describe('what is listed', () => {
  it('finds a contract by its id after a restart, when nobody has asked for it yet', () => {
    const { id } = ask(rig(), 'GET', `/v2/options/contracts/${PUT}`).json as { id: string };
    expect(ask(rig(), 'GET', `/v2/options/contracts/${id}`).json).toMatchObject({ symbol: PUT, id });
    expect(ask(rig(), 'GET', '/v2/options/contracts/00000000-0000-4000-8000-000000000000').status).toBe(404);
  });

  it.each([
    [
      'index options',
      '/v2/options/contracts?underlying_symbols=SPX,NDX,VIX&expiration_date_lte=2027-12-01',
      { option_contracts: [], next_page_token: null },
    ],
    [
      'European contracts',
      '/v2/options/contracts?style=european&expiration_date_lte=2027-12-01',
      { option_contracts: [], next_page_token: null },
    ],
    ['crypto', '/v2/assets?asset_class=crypto', []],
    ['inactive shares', '/v2/assets?status=inactive', []],
    [
      'movers of crypto',
      '/v1beta1/screener/crypto/movers',
      { gainers: [], losers: [], market_type: 'crypto', last_updated: '2026-11-20T20:05:00Z' },
    ],
  ])('has no %s', (_name, path, nothing) => {
    expect(ask(rig(), 'GET', path)).toMatchObject({ status: 200, json: nothing });
  });

  it.each([
    ['GET', '/v2/assets/SPX', 404],
    ['GET', '/v2/options/contracts/SPXW261218C06000000', 404],
    ['GET', '/v2/assets?status=sleeping', 422],
    ['GET', '/v2/assets?asset_class=forex', 422],
    ['GET', '/v2/options/contracts?type=straddle', 422],
    ['GET', '/v2/options/contracts?style=bermudan', 422],
    ['GET', '/v1beta3/crypto/us/bars', 404],
    ['GET', '/v1beta1/forex/rates', 404],
    ['POST', '/v2/wallets/transfers', 404],
  ])('refuses %s %s with %i', (method, path, status) => {
    expect(ask(rig(), method, path).status).toBe(status);
  });
});

describe('announcements', () => {
  const PATH = '/v2/corporate_actions/announcements';

  it('are the dividends of a window, by the date asked for, and each of them by its id', () => {
    const on = rig();
    const window = 'ca_types=dividend,split&since=2026-11-01&until=2026-12-15';
    const [row] = ask(on, 'GET', `${PATH}?${window}`).json as { id: string }[];
    expect(row).toEqual({
      id: uuid,
      corporate_action_id: uuid,
      ca_type: 'dividend',
      ca_sub_type: 'cash',
      initiating_symbol: 'F',
      initiating_original_cusip: null,
      target_symbol: 'F',
      target_original_cusip: null,
      declaration_date: null,
      ex_date: '2026-11-04',
      record_date: null,
      payable_date: '2026-12-01',
      cash: '0.15',
      old_rate: '1',
      new_rate: '1',
    });
    expect(ask(on, 'GET', `${PATH}/${row?.id ?? ''}`).json).toEqual(row);
    expect(ask(on, 'GET', `${PATH}?${window}&date_type=payable_date&symbol=SPY`).json).toEqual([]);
    expect(ask(on, 'GET', `${PATH}?ca_types=SPLIT&since=2026-11-01&until=2026-12-15`).json).toEqual([]);
    expect(ask(on, 'GET', `${PATH}/none`).status).toBe(404);
  });

  it.each([
    '',
    '?ca_types=dividend',
    '?ca_types=birthday&since=2026-11-01&until=2026-12-15',
    '?ca_types=dividend&since=2026-11-02&until=2026-11-01',
    '?ca_types=dividend&since=2026-01-01&until=2026-12-15',
  ])('refuse a window like %j', (query) => {
    expect(ask(rig(), 'GET', `${PATH}${query}`)).toMatchObject({ status: 422, json: { code: 40010001 } });
  });
});

describe('activities', () => {
  it('are those of one order when one is named', () => {
    const on = rig();
    const body = { symbol: 'F', qty: '1', side: 'buy', type: 'limit', time_in_force: 'day', limit_price: '11.02' };
    const ids = [1, 2].map(() => (ask(on, 'POST', '/v2/orders', body).json as { id: string }).id);
    for (const id of ids) on.core.fill(id, 1, 11_020_000);
    const rows = (query: string) =>
      (ask(on, 'GET', `/v2/account/activities${query}`).json as { order_id: string }[]).map((row) => row.order_id);
    expect(rows('')).toEqual(ids);
    expect(rows(`?order_id=${ids[1] ?? ''}`)).toEqual([ids[1]]);
    expect(rows(`/FILL?order_id=${CALL}`)).toEqual([]);
  });
});
