// The brokers the contract is checked on: the embedded exchange on a loopback port, and the real paper environment where there are keys.
import { decode, encode } from '@msgpack/msgpack';
import { WebSocket } from 'ws';
import { createAlpaca } from '../../../src/alpaca/create-alpaca.ts';
import { MINUTE } from '../../../src/domain/time.ts';
import { openExchangeCore } from '../../../src/exchange/core/core.ts';
import { openExchange } from '../../../src/exchange/exchange.ts';
import { pacedClock } from '../../../src/exchange/paced-clock.ts';
import { syntheticMarket } from '../../../src/exchange/synthetic/market.ts';
import { startServer } from '../../../src/exchange/wire/server.ts';
import { usCalendar } from '../../../src/market/calendar.ts';
import { networkTransport } from '../../../src/net/network-transport.ts';
import { alarm, systemClock } from '../../../src/net/system-clock.ts';

interface Hosts {
  readonly trading: string;
  readonly data: string;
  readonly stream: string;
  /** Where the paths of the market data streams are. */
  readonly dataStreams: string;
  readonly stockStream: string;
}

export interface Reply {
  readonly status: number;
  readonly headers: Headers;
  readonly json: unknown;
}

/** A broker as the suite speaks to it. */
export interface BrokerVenue {
  call(method: string, path: string, body?: unknown, headers?: Readonly<Record<string, string>>): Promise<Reply>;
  readonly adapter: ReturnType<typeof createAlpaca>;
  /** The trade stream, authenticated and listening; frames as they come. */
  listen(on: (frame: unknown) => void): Promise<() => void>;
  /** A market data stream, authenticated; messages as they come, decoded. Resolves once the subscription is acknowledged; its end. */
  follow(path: string, encoding: Encoding, wanted: Wanted, on: (message: unknown) => void): Promise<() => Promise<void>>;
  /** Lets some minutes go by, where time can be hurried. */
  hurry(minutes: number): Promise<void>;
  /** The suite's own account and market, in which everything can be brought about. */
  readonly own: boolean;
  readonly faults: readonly unknown[];
  close(): Promise<void>;
}

export type Encoding = 'json' | 'msgpack';
export type Wanted = Readonly<Record<string, readonly string[]>>;

const isDataPath = (path: string): boolean => /^\/(v2\/stocks|v1beta|v1\/corporate)/.test(path);

interface Keys {
  readonly id: string;
  readonly secret: string;
}

function listenTo(url: string, keys: Keys, on: (frame: unknown) => void): Promise<() => void> {
  const socket = new WebSocket(url);
  const send = (frame: unknown): void => socket.send(JSON.stringify(frame));
  return new Promise((resolve, reject) => {
    socket.on('open', () => send({ action: 'authenticate', data: { key_id: keys.id, secret_key: keys.secret } }));
    socket.on('message', (data) => {
      const frame = JSON.parse(new TextDecoder().decode(data as Uint8Array)) as { stream?: string; data?: { status?: string } };
      if (frame.stream === 'authorization' && frame.data?.status === 'authorized')
        send({ action: 'listen', data: { streams: ['trade_updates'] } });
      else if (frame.stream === 'listening') resolve(() => socket.terminate());
      else if (frame.stream === 'trade_updates') on(frame);
    });
    socket.on('error', reject);
  });
}

/** One attempt; undefined when the broker still holds the connection before for open. */
function followOnce(
  url: string,
  keys: Keys,
  encoding: Encoding,
  wanted: Wanted,
  on: (message: unknown) => void,
): Promise<(() => Promise<void>) | undefined> {
  const socket = new WebSocket(url, encoding === 'msgpack' ? { headers: { 'Content-Type': 'application/msgpack' } } : {});
  const send = (message: unknown): void => socket.send(encoding === 'msgpack' ? encode(message) : JSON.stringify(message));
  const end = (): Promise<void> =>
    new Promise((resolve) => {
      socket.once('close', () => resolve());
      socket.close();
    });
  return new Promise((resolve, reject) => {
    socket.on('error', reject);
    socket.on('message', (data: Buffer, binary) => {
      if (binary !== (encoding === 'msgpack')) return reject(new Error(`${url}: a frame of the other encoding`));
      const message: unknown = binary ? decode(data) : JSON.parse(data.toString('utf8'));
      on(message);
      const [first] = message as readonly { readonly T: string; readonly msg?: string; readonly code?: number }[];
      if (first?.T === 'success')
        send(first.msg === 'connected' ? { action: 'auth', key: keys.id, secret: keys.secret } : { action: 'subscribe', ...wanted });
      else if (first?.T === 'subscription') resolve(end);
      else if (first?.T === 'error') first.code === 406 ? resolve(undefined) : reject(new Error(`${url}: ${JSON.stringify(message)}`));
    });
  });
}

type Own = Pick<BrokerVenue, 'faults' | 'hurry' | 'own'> & { readonly end: () => Promise<void> };

function venueOf(hosts: Hosts, keys: Keys, { end, ...own }: Own): BrokerVenue {
  const allowHosts = [...new Set(Object.values(hosts).map((url: string) => new URL(url).host))];
  const adapter = createAlpaca({
    trading: { basePath: hosts.trading },
    data: { basePath: hosts.data },
    streamUrl: hosts.stream,
    stockStreamUrl: hosts.stockStream,
    keys,
    transport: networkTransport({ allowHosts }),
    clock: systemClock(),
    feed: 'iex',
    optionFeed: 'indicative',
    random: () => 0,
    log: () => undefined,
  });
  const auth = { 'APCA-API-KEY-ID': keys.id, 'APCA-API-SECRET-KEY': keys.secret };
  return {
    adapter,
    ...own,
    async call(method, path, body, headers = auth) {
      const sent = body === undefined ? {} : { body: JSON.stringify(body), headers: { ...headers, 'Content-Type': 'application/json' } };
      const answer = await fetch(`${isDataPath(path) ? hosts.data : hosts.trading}${path}`, {
        method,
        headers,
        redirect: 'error',
        ...sent,
      });
      const text = await answer.text();
      return { status: answer.status, headers: answer.headers, json: text === '' ? null : (JSON.parse(text) as unknown) };
    },
    listen: (on) => listenTo(hosts.stream, keys, on),
    async follow(path, encoding, wanted, on) {
      for (;;) {
        const stop = await followOnce(`${hosts.dataStreams}${path}`, keys, encoding, wanted, on);
        if (stop !== undefined) return stop;
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    },
    async close() {
      await adapter.data.close();
      await adapter.broker.close();
      await end();
    },
  };
}

/** A synthetic market an hour before its close, an account of $100,000. */
export async function embeddedVenue(): Promise<BrokerVenue> {
  const calendar = usCalendar();
  const keys = { id: 'key', secret: 'secret' };
  const faults: unknown[] = [];
  const market = syntheticMarket({ seed: 7, calendar });
  const clock = pacedClock({ start: market.firstInstant, speed: 1, wallNow: () => performance.now(), calendar });
  const core = openExchangeCore({
    file: ':memory:',
    market,
    calendar,
    keys: [{ ...keys, account: 'main' }],
    seed: 7,
    start: market.firstInstant,
  });
  const exchange = openExchange({ core, market, calendar, clock, after: alarm, onFault: (error) => faults.push(error) });
  const server = await startServer(exchange, { host: '127.0.0.1', port: 0, tickMs: 10 });
  const ws = server.url.replace('http', 'ws');
  const hosts = { trading: server.url, data: server.url, stream: `${ws}/stream`, dataStreams: ws, stockStream: `${ws}/v2/iex` };
  return venueOf(hosts, keys, {
    own: true,
    faults,
    hurry: async (minutes) => clock.jumpTo(clock.now() + minutes * MINUTE),
    async end() {
      await server.close();
      exchange.close();
    },
  });
}

/** Keys of the paper environment, which are told from live ones by how they begin; undefined without them. */
export function paperKeys(): Keys | undefined {
  const id = process.env['APCA_API_KEY_ID'] ?? '';
  const secret = process.env['APCA_API_SECRET_KEY'] ?? '';
  return id.startsWith('PK') && secret !== '' ? { id, secret } : undefined;
}

/** The broker's own paper environment. Orders of the suite are far from the market or for one share, and are taken back. */
export async function paperVenue(keys: Keys): Promise<BrokerVenue> {
  const hosts = {
    trading: 'https://paper-api.alpaca.markets',
    data: 'https://data.alpaca.markets',
    stream: 'wss://paper-api.alpaca.markets/stream',
    dataStreams: 'wss://stream.data.alpaca.markets',
    stockStream: 'wss://stream.data.alpaca.markets/v2/iex',
  };
  return venueOf(hosts, keys, { own: false, faults: [], hurry: async () => undefined, end: async () => undefined });
}
