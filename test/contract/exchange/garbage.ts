// Requests and frames as a broken or hostile client would send them: right ones, nearly right ones, and noise, all from one seed.
import type { Rng } from '../../../src/base/rng.ts';
import type { WireRequest } from '../../../src/exchange/wire/message.ts';

const pick = <T>(rng: Rng, from: readonly T[]): T => from[rng.int(0, from.length - 1)] as T;

/** Every path there is, `*` standing for a name, and some there are not. */
const paths: readonly string[] = [
  ...['/v2/account', '/v2/account/configurations', '/v2/account/activities', '/v2/account/activities/*', '/v2/account/portfolio/history'],
  ...['/v2/orders', '/v2/orders/*', '/v2/orders:by_client_order_id', '/v2/positions', '/v2/positions/*', '/v2/positions/*/exercise'],
  ...['/v2/positions/*/do-not-exercise', '/v2/clock', '/v3/clock', '/v2/calendar', '/v3/calendar/*', '/v2/assets', '/v2/assets/*'],
  ...[
    '/v2/options/contracts',
    '/v2/options/contracts/*',
    '/v2/watchlists',
    '/v2/watchlists/*',
    '/v2/watchlists:by_name',
    '/v2/watchlists/*/*',
  ],
  ...[
    '/v2/corporate_actions/announcements',
    '/v2/corporate_actions/announcements/*',
    '/v1/corporate-actions',
    '/v1beta1/corporate-actions',
  ],
  ...[
    '/v2/stocks/bars',
    '/v2/stocks/*/bars',
    '/v2/stocks/bars/latest',
    '/v2/stocks/*/bars/latest',
    '/v2/stocks/quotes',
    '/v2/stocks/*/quotes',
  ],
  ...['/v2/stocks/quotes/latest', '/v2/stocks/*/quotes/latest', '/v2/stocks/trades', '/v2/stocks/*/trades', '/v2/stocks/trades/latest'],
  ...['/v2/stocks/*/trades/latest', '/v2/stocks/auctions', '/v2/stocks/*/auctions', '/v2/stocks/snapshots', '/v2/stocks/*/snapshot'],
  ...[
    '/v2/stocks/meta/exchanges',
    '/v2/stocks/meta/conditions/*',
    '/v1beta1/options/bars',
    '/v1beta1/options/trades',
    '/v1beta1/options/trades/latest',
  ],
  ...['/v1beta1/options/quotes/latest', '/v1beta1/options/snapshots', '/v1beta1/options/snapshots/*', '/v1beta1/options/meta/exchanges'],
  ...['/v1beta1/options/meta/conditions/*', '/v1beta1/news', '/v1beta1/screener/stocks/most-actives', '/v1beta1/screener/*/movers'],
  ...[
    '/v1beta1/indices/values',
    '/v1beta1/indices/latest/values',
    '/sim/v1/clock',
    '/sim/v1/report',
    '/v1beta3/crypto/us/bars',
    '/v1/locates',
    '/',
  ],
];

const trading: readonly string[] = ['/v2/orders', '/v2/orders', '/v2/orders/*', '/v2/positions', '/v2/positions/*'];

const names: readonly string[] = [
  ...['symbols', 'underlying_symbols', 'symbol', 'status', 'limit', 'page_size', 'page_token', 'after', 'until', 'start', 'end', 'date'],
  ...['direction', 'nested', 'side', 'asset_class', 'before_order_id', 'after_order_id', 'timeframe', 'adjustment', 'feed', 'sort', 'type'],
  ...['style', 'strike_price_gte', 'strike_price_lte', 'expiration_date', 'expiration_date_gte', 'expiration_date_lte', 'root_symbol'],
  ...['period', 'intraday_reporting', 'pnl_reset', 'cashflow_types', 'activity_types', 'category', 'order_id', 'client_order_id', 'qty'],
  ...[
    'percentage',
    'cancel_orders',
    'markets',
    'time',
    'timezone',
    'date_type',
    'ca_types',
    'since',
    'ids',
    'types',
    'cusips',
    'top',
    'by',
  ],
  ...['name', 'exchange', 'attributes', 'tape', 'show_deliverables', 'ppind', 'include_content', 'unknown', '__proto__'],
];

const texts: readonly string[] = [
  ...[
    'SPY',
    'AAPL',
    'NVDA',
    'MSFT',
    'BRK.B',
    'SPX',
    'NOPE',
    'spy',
    '',
    ' ',
    'null',
    'undefined',
    'NaN',
    'true',
    'false',
    '0',
    '1',
    '-1',
    '2',
  ],
  ...[
    '1.5',
    '1e3',
    '1e-9',
    '0.0000001',
    '99999999999999999999',
    '-0',
    '0x10',
    '100',
    '500',
    '10000',
    'open',
    'closed',
    'all',
    'asc',
    'desc',
  ],
  ...[
    'buy',
    'sell',
    'day',
    'gtc',
    'ioc',
    'limit',
    'market',
    'stop',
    'call',
    'put',
    '1Min',
    '15Min',
    '1Hour',
    '1Day',
    '1Week',
    '3Month',
    '7Parsec',
  ],
  ...[
    '2026-11-23',
    '2026-11-27T13:00:00-05:00',
    '2026-12-18',
    '2026-02-30',
    '0000-00-00',
    '0001-01-01',
    '9999-12-31',
    '2026-11-23T10:00:00 05:00',
  ],
  ...[
    '1970-01-01T00:00:00Z',
    '2026-11-20T20:05:00.123456789Z',
    '1D',
    '1W',
    '1M',
    '1A',
    '99A',
    'FILL',
    'DIV',
    'OPASN',
    'ALL',
    'NONE',
    'us_option',
  ],
  ...[
    'dividend',
    'cash_dividend',
    'split',
    'NYSE',
    'OPRA',
    'UTC',
    'stocks',
    'crypto',
    'trade',
    'quote',
    'A',
    'MQ==',
    'MS4y',
    '????',
    '%',
    '%00',
  ],
  ...[
    'constructor',
    '__proto__',
    'toString',
    '../../etc',
    "' OR 1=1 --",
    '\u0000',
    '\ud800',
    '\u{1f4a5}',
    'x'.repeat(300),
    '"',
    '\\',
    '<script>',
  ],
];

/** What the generator knows of the exchange it shoots at, so that some of its shots hit. */
export interface Target {
  readonly keys: readonly { readonly id: string; readonly secret: string }[];
  /** Symbols of contracts that are listed. */
  readonly contracts: readonly string[];
  /** The exchange's time. */
  readonly now: () => number;
  /** Ids that were seen in answers; grows while the test runs. */
  readonly seen: string[];
}

function word(rng: Rng, target: Target): string {
  const kind = rng.int(0, 9);
  if (kind === 0 && target.seen.length > 0) return pick(rng, target.seen);
  if (kind === 1) return pick(rng, target.contracts);
  if (kind === 2) return `${pick(rng, texts)},${pick(rng, texts)}`;
  if (kind === 3) return String.fromCharCode(...Array.from({ length: rng.int(1, 12) }, () => rng.int(0, 0x2fff)));
  return pick(rng, texts);
}

/** Percent-encoded, mostly; a lone surrogate cannot be, and goes as it is. */
function encoded(rng: Rng, text: string): string {
  if (rng.chance(1, 20)) return text.replace(/[\s#?&]/g, '');
  try {
    return encodeURIComponent(text);
  } catch {
    return '%ED%A0%80';
  }
}

function query(rng: Rng, target: Target): string {
  const parts = Array.from({ length: rng.int(0, 5) }, () => `${pick(rng, names)}=${encoded(rng, word(rng, target))}`);
  const window = rng.chance(1, 4) ? ['start=2026-11-20', 'timeframe=1Day', 'symbols=SPY,AAPL'] : [];
  return parts.length + window.length === 0 ? '' : `?${[...window, ...parts].join('&')}`;
}

function leaf(rng: Rng, target: Target): unknown {
  const kind = rng.int(0, 6);
  if (kind === 0) return pick(rng, [null, true, false, 0, -1, 1, 1.5, 1e21, -1e-7, 5e-324, Number.MAX_SAFE_INTEGER, 2 ** 53]);
  if (kind === 1) return rng.int(-5, 500);
  if (kind === 2) return [];
  if (kind === 3) return {};
  return word(rng, target);
}

function tree(rng: Rng, target: Target, depth: number): unknown {
  if (depth === 0 || rng.chance(1, 2)) return leaf(rng, target);
  if (rng.chance(1, 2)) return Array.from({ length: rng.int(0, 4) }, () => tree(rng, target, depth - 1));
  return Object.fromEntries(Array.from({ length: rng.int(0, 4) }, () => [word(rng, target), tree(rng, target, depth - 1)]));
}

const intents = ['buy_to_open', 'buy_to_close', 'sell_to_open', 'sell_to_close'];

/** An order that is well formed and may well trade. */
function goodOrder(rng: Rng, target: Target): Record<string, unknown> {
  const limit = rng.chance(1, 2);
  const base = { side: pick(rng, ['buy', 'buy', 'sell']), time_in_force: 'day', type: limit ? 'limit' : 'market' };
  if (rng.chance(1, 3)) return { ...base, symbol: pick(rng, target.contracts), qty: '1', ...(limit ? { limit_price: '9.50' } : {}) };
  const symbol = pick(rng, ['SPY', 'AAPL', 'NVDA', 'MSFT']);
  return { ...base, symbol, qty: String(rng.int(1, 5)), ...(limit ? { limit_price: pick(rng, ['100', '999.5']) } : {}) };
}

/** An order that would pass, or nearly. */
function order(rng: Rng, target: Target): Record<string, unknown> {
  const side = pick(rng, ['buy', 'sell']);
  const contract = pick(rng, target.contracts);
  const base = {
    symbol: pick(rng, ['SPY', 'AAPL', 'NVDA', 'MSFT', contract]),
    qty: pick(rng, ['1', 2, '10', '0.5', 100, '3']),
    side,
    type: pick(rng, ['market', 'limit', 'stop', 'stop_limit', 'trailing_stop', 'limit']),
    time_in_force: pick(rng, ['day', 'gtc', 'day', 'ioc', 'fok', 'opg', 'cls']),
    limit_price: pick(rng, [undefined, '100', 600.5, '0.05', '2.35', '99999']),
    stop_price: pick(rng, [undefined, undefined, '90', '700']),
    client_order_id: pick(rng, [undefined, `c-${String(rng.int(0, 500))}`]),
    extended_hours: pick(rng, [undefined, true, false]),
    order_class: pick(rng, [undefined, '', 'simple', 'bracket', 'oco', 'oto', 'mleg']),
    take_profit: pick(rng, [undefined, undefined, { limit_price: '900' }]),
    stop_loss: pick(rng, [undefined, undefined, { stop_price: '80' }, { stop_price: '80', limit_price: '79' }]),
    notional: pick(rng, [undefined, undefined, undefined, '55.5']),
    trail_percent: pick(rng, [undefined, undefined, '1.5']),
    position_intent: pick(rng, [undefined, ...intents]),
  };
  if (rng.chance(3, 4)) return base;
  const leg = () => ({
    symbol: pick(rng, target.contracts),
    ratio_qty: pick(rng, ['1', 1, '2']),
    side: pick(rng, ['buy', 'sell']),
    position_intent: pick(rng, intents),
  });
  return { ...base, symbol: undefined, side: undefined, order_class: 'mleg', type: 'limit', legs: [leg(), leg()] };
}

const DAY = 86_400_000;

/** Where somebody may want the clock: a little ahead mostly; `far` also to the end of time. */
function clockBody(rng: Rng, target: Target, far: boolean): Record<string, unknown> {
  const now = target.now();
  const near = [now + rng.int(0, 60_000), now, new Date(now + 1_000).toISOString(), now - 1, 0, -1, 1e21, 5e-324, 'tomorrow', null];
  const ends = [now + 31 * DAY, now + rng.int(1, 31) * DAY, now + 32 * DAY, now + 3_650 * DAY, Number.MAX_SAFE_INTEGER, '9999-12-31'];
  const jumpTo = pick<unknown>(rng, far && rng.chance(1, 2) ? ends : near);
  return pick<Record<string, unknown>>(rng, [
    { jumpTo },
    { jumpTo, speed: pick(rng, [1, '2.5', 0, -1, 1e300, 1e-300, 'fast', null]) },
    { speed: rng.int(1, 100) },
  ]);
}

/** A request to set the exchange's clock, to wherever. */
export function clockRequest(rng: Rng, target: Target): WireRequest {
  const sent = rng.chance(1, 8) ? tree(rng, target, 2) : clockBody(rng, target, true);
  return { method: 'POST', url: '/sim/v1/clock', headers: headers(rng, target), body: JSON.stringify(sent) };
}

function body(rng: Rng, target: Target, path: string): string | null {
  if (path === '/sim/v1/clock' && rng.chance(1, 2)) return JSON.stringify(clockBody(rng, target, false));
  const kind = rng.int(0, 9);
  if (kind === 0) return null;
  if (kind === 1)
    return pick(rng, ['', '{', '[]', 'null', '"x"', '{"a":', '\u0000', '{"qty":1e999}', '['.repeat(5_000), 'x'.repeat(9_000)]);
  if (kind === 2) return JSON.stringify(tree(rng, target, 4));
  const made: Record<string, unknown> = path.startsWith('/v2/orders')
    ? rng.chance(1, 2)
      ? goodOrder(rng, target)
      : order(rng, target)
    : { name: word(rng, target), symbols: ['SPY'], symbol: 'AAPL', suspend_trade: false, max_options_trading_level: rng.int(0, 4) };
  if (rng.chance(1, 3)) made[pick(rng, Object.keys(made))] = tree(rng, target, 2);
  return JSON.stringify(made);
}

function headers(rng: Rng, target: Target): Readonly<Record<string, string>> {
  const key = pick(rng, target.keys);
  const right = {
    'apca-api-key-id': key.id,
    'apca-api-secret-key': key.secret,
    'content-type': pick(rng, ['application/json', '', 'text/plain']),
  };
  if (!rng.chance(1, 25)) return right;
  const noise = {
    authorization: `${pick(rng, ['Bearer', 'Basic', 'bearer', ''])} ${encodeURIComponent(word(rng, target).replace(/[\ud800-\udfff]/g, ''))}`,
  };
  return pick<Readonly<Record<string, string>>>(rng, [{}, noise, { ...right, 'apca-api-secret-key': 'x' }, { 'apca-api-key-id': key.id }]);
}

function pathOf(rng: Rng, target: Target): string {
  const path = pick(rng, rng.chance(1, 6) ? trading : paths);
  const takesIds = path.startsWith('/v2/orders/') || path.startsWith('/v2/watchlists/');
  const known = takesIds && target.seen.length > 0 && rng.chance(2, 3);
  return path.replaceAll('*', () => (known ? pick(rng, target.seen) : encoded(rng, word(rng, target))));
}

function methodOf(rng: Rng, path: string): string {
  if (path === '/sim/v1/clock') return pick(rng, ['GET', 'POST', 'PUT']);
  if (path === '/v2/orders' || path === '/v2/watchlists') return pick(rng, ['POST', 'POST', 'POST', 'POST', 'GET', 'GET', 'PUT', 'DELETE']);
  const writes = /^\/v2\/(orders|watchlists|account\/configurations|positions)/.test(path);
  return pick(rng, writes ? ['GET', 'POST', 'PATCH', 'PUT', 'DELETE'] : ['GET', 'GET', 'GET', 'GET', 'GET', 'POST', 'BREW']);
}

/** One request; of ten about seven name a path and a verb that belong together. */
export function garbageRequest(rng: Rng, target: Target): WireRequest {
  const path = pathOf(rng, target);
  const method = methodOf(rng, path);
  const url = `${path}${query(rng, target)}`;
  const noisy = rng.chance(1, 60)
    ? pick(rng, [`/${url}`, url.toUpperCase(), `${url}%zz`, url.slice(1), `http://elsewhere${url}`, `//${url}`])
    : url;
  const sends = method !== 'GET' && method !== 'DELETE';
  return { method, url: noisy, headers: headers(rng, target), body: sends ? body(rng, target, path) : null };
}

const streamNames: readonly string[] = [
  '/stream',
  '/v2/iex',
  '/v2/sip',
  '/sim/v1/clock',
  '/v1beta1/news',
  '/v2/test',
  '/v1beta1/opra',
  '/nowhere',
];

export const garbageStream = (rng: Rng): string => pick(rng, streamNames);

/** One frame to any of the streams: a right one, a nearly right one, or noise. */
export function garbageFrame(rng: Rng, target: Target): string | Uint8Array {
  const key = pick(rng, target.keys);
  const kind = rng.int(0, 7);
  if (kind === 0) return Uint8Array.from({ length: rng.int(0, 40) }, () => rng.int(0, 255));
  if (kind === 1) return body(rng, target, '/v2/orders') ?? '';
  const known = [
    { action: 'authenticate', data: { key_id: key.id, secret_key: key.secret } },
    { action: 'auth', key: key.id, secret: key.secret },
    { action: 'listen', data: { streams: ['trade_updates', word(rng, target)] } },
    { action: 'subscribe', quotes: ['SPY', word(rng, target)], bars: ['*'], trades: leaf(rng, target) },
    { action: 'unsubscribe', quotes: ['SPY'] },
    { action: word(rng, target), data: tree(rng, target, 2) },
  ];
  const frame: Record<string, unknown> = { ...pick<Readonly<Record<string, unknown>>>(rng, known) };
  if (rng.chance(1, 4)) frame[pick(rng, Object.keys(frame))] = tree(rng, target, 2);
  const text = JSON.stringify(frame);
  return rng.chance(1, 2) ? text : new TextEncoder().encode(text);
}
