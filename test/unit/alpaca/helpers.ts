// Parts the adapter's tests share: orders, their JSON, a scripted network, and a clock that moves by hand.
import FakeTimers, { type Clock as Timers } from '@sinonjs/fake-timers';
import { type AlpacaOptions, createAlpaca } from '../../../src/alpaca/create-alpaca.ts';
import { brokerOrderId, clientOrderId, strategyId, symbol } from '../../../src/domain/ids.ts';
import { equity, occSymbol, parseOcc } from '../../../src/domain/instrument.ts';
import { leg, legs } from '../../../src/domain/legs.ts';
import { price, qty, usd } from '../../../src/domain/money.ts';
import type { Order } from '../../../src/domain/order.ts';
import { epochMs, tradingDay } from '../../../src/domain/time.ts';
import { systemClock } from '../../../src/net/system-clock.ts';
import type { FetchApi, SocketFactory, SocketLike } from '../../../src/ports/transport.ts';

export const option = (right: 'call' | 'put', strike: number) => {
  const parsed = parseOcc(occSymbol(symbol('SPY'), tradingDay('2026-12-18'), right, price(strike * 1_000_000)));
  if (parsed === undefined) throw new Error('the helper names no option');
  return parsed;
};

export const order = (over: Partial<Order> = {}): Order => ({
  id: clientOrderId('t1-ba-O-261120-aaaaaaaaaaaaaaaa'),
  strategy: strategyId('base'),
  purpose: 'O',
  day: tradingDay('2026-11-20'),
  legs: legs(leg(equity(symbol('SPY')), 'buy', 'open')),
  qty: qty(10),
  type: 'limit',
  tif: 'day',
  limit: price(231_050_000),
  stop: null,
  ladder: 'l',
  rung: 0,
  verdictSeq: 1,
  payloadHash: 'h',
  state: 'submitting',
  brokerId: null,
  reserve: usd(0),
  attempts: 1,
  recordedAt: epochMs(0),
  closedAt: null,
  reason: null,
  cumQty: 0,
  cumCash: usd(0),
  fills: [],
  assumed: [],
  ...over,
});

/** A spread that collects: short 594 put, long 589 put. */
export const spread = (over: Partial<Order> = {}): Order =>
  order({
    legs: legs(leg(option('put', 594), 'sell', 'open'), leg(option('put', 589), 'buy', 'open')),
    qty: qty(2),
    limit: price(-1_600_000),
    ...over,
  });

export const acked = (of: Order): Order => ({ ...of, brokerId: brokerOrderId('b-1'), state: 'working' });

export type Json = Record<string, unknown>;

export const orderJson = (over: Json = {}): Json => ({
  id: 'b-1',
  client_order_id: 't1-ba-O-261120-aaaaaaaaaaaaaaaa',
  created_at: '2026-11-20T15:31:02.104512Z',
  updated_at: '2026-11-20T15:31:02.104512345Z',
  submitted_at: '2026-11-20T15:31:02Z',
  replaced_by: null,
  symbol: 'SPY',
  asset_class: 'us_equity',
  notional: null,
  qty: '10',
  filled_qty: '0',
  filled_avg_price: null,
  order_class: '',
  order_type: 'limit',
  type: 'limit',
  side: 'buy',
  time_in_force: 'day',
  limit_price: '231.05',
  status: 'accepted',
  legs: null,
  extra: { anything: 1 },
  ...over,
});

export const legJson = (name: string, side: string, over: Json = {}): Json => ({
  id: `leg-${name}`,
  client_order_id: `c-${name}`,
  symbol: name,
  side,
  qty: '2',
  filled_qty: '0',
  filled_avg_price: null,
  status: 'new',
  type: '',
  ...over,
});

export const json = (body: unknown, status = 200, headers: Record<string, string> = {}): Response =>
  new Response(status === 204 ? null : JSON.stringify(body), { status, headers });
export const refusal = (status: number, code: number | null, message: string, headers: Record<string, string> = {}): Response =>
  json(code === null ? { message } : { code, message }, status, headers);

export const networkError = (code: string, syscall = 'read'): Error =>
  new TypeError('fetch failed', { cause: Object.assign(new Error(`${syscall} ${code}`), { code, syscall }) });
export const never = (): Promise<Response> => new Promise(() => undefined);

export const clockJson = {
  timestamp: '2026-11-20T10:31:00.123456789-05:00',
  is_open: true,
  next_open: '2026-11-23T09:30:00-05:00',
  next_close: '2026-11-20T16:00:00-05:00',
};
export const accountJson: Json = {
  account_number: 'PA3SIM0001',
  status: 'ACTIVE',
  cash: '83250.12',
  equity: '101240.37',
  last_equity: '100980',
  buying_power: '181480.74',
  options_buying_power: '90740.37',
  non_marginable_buying_power: '83250.12',
  options_trading_level: 3,
  trading_blocked: false,
  account_blocked: false,
  transfers_blocked: false,
  trade_suspended_by_user: false,
};

export interface Request {
  readonly method: string;
  readonly url: URL;
  readonly body: unknown;
  readonly init: RequestInit;
}
type Handler = (request: Request) => Response | Promise<Response>;

/** A network that is a function, and what was asked of it. */
export function scripted(handler: Handler): { readonly fetchApi: FetchApi; readonly requests: Request[] } {
  const requests: Request[] = [];
  const fetchApi: FetchApi = async (url, init = {}) => {
    const body = typeof init.body === 'string' ? (JSON.parse(init.body) as unknown) : null;
    const request = { method: init.method ?? 'GET', url: new URL(url), body, init };
    requests.push(request);
    return handler(request);
  };
  return { fetchApi, requests };
}

const nobody: SocketFactory = () => {
  throw new Error('this test has no sockets');
};

export interface Rig {
  readonly timers: Timers;
  readonly alpaca: ReturnType<typeof createAlpaca>;
  readonly requests: Request[];
  readonly logged: { readonly event: string; readonly fields: Json }[];
  end(): void;
}

/** The adapter over a scripted network, with every timer under the test's hand. */
export function rig(handler: Handler, over: Partial<AlpacaOptions> & { readonly socketFactory?: SocketFactory } = {}): Rig {
  const timers = FakeTimers.install({
    now: Date.parse('2026-11-20T15:31:00Z'),
    toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'Date', 'performance'],
  });
  const { fetchApi, requests } = scripted(handler);
  const logged: { event: string; fields: Json }[] = [];
  const alpaca = createAlpaca({
    trading: { basePath: 'http://trading.test' },
    data: { basePath: 'http://data.test' },
    streamUrl: 'ws://trading.test/stream',
    stockStreamUrl: 'ws://data.test/v2/iex',
    keys: { id: 'K', secret: 'S' },
    transport: { fetchApi, socketFactory: over.socketFactory ?? nobody },
    clock: systemClock(),
    feed: 'iex',
    optionFeed: 'indicative',
    random: () => 0.5,
    log: (event, fields) => logged.push({ event, fields: { ...fields } }),
    ...over,
  });
  return { timers, alpaca, requests, logged, end: () => timers.uninstall() };
}

/** Lets promises and streams settle without moving time. */
export async function settle(timers: Timers): Promise<void> {
  for (let i = 0; i < 5; i++) await timers.tickAsync(0);
}

/** The result of a promise while time passes in steps, as long as it takes (an hour at most). */
export async function whileTicking<T>(timers: Timers, promise: Promise<T>, stepMs = 250): Promise<T> {
  let done = false;
  const watched = promise.finally(() => {
    done = true;
  });
  watched.catch(() => undefined);
  for (let i = 0; i < 14_400 && !done; i++) await timers.tickAsync(i === 0 ? 0 : stepMs);
  return watched;
}

/** A socket the test plays the server of. */
export class FakeSocket implements SocketLike {
  readonly sent: Json[] = [];
  readonly url: string;
  readyState = 0;
  private readonly listeners = new Map<string, ((...args: unknown[]) => void)[]>();
  constructor(url: string) {
    this.url = url;
  }
  on(event: string, listener: (...args: unknown[]) => void): this {
    this.listeners.set(event, [...(this.listeners.get(event) ?? []), listener]);
    return this;
  }
  emit(event: string, ...args: unknown[]): void {
    for (const listener of this.listeners.get(event) ?? []) listener(...args);
  }
  send(data: string | Uint8Array): void {
    this.sent.push(JSON.parse(typeof data === 'string' ? data : new TextDecoder().decode(data)) as Json);
  }
  close(): void {
    this.readyState = 3;
  }
  terminate(): void {
    this.readyState = 3;
    this.emit('close', 1006);
  }
  ping(): void {
    this.emit('ping-sent');
  }
  open(): void {
    this.readyState = 1;
    this.emit('open');
  }
  /** A frame from the server: JSON in a binary frame, as the paper host sends it. */
  frame(body: unknown): void {
    this.emit('message', Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)), true);
  }
}
