// The stock data stream: quotes and minute bars for subscribed symbols, as msgpack arrays or as JSON text.
import { decode, encode } from '@msgpack/msgpack';
import type { ExchangeCore } from '../types.ts';
import { credentialsOf } from './credentials.ts';
import type { DataFeed, DataFrame } from './data-feed.ts';
import { type Subscriptions, subscriptions } from './data-subscriptions.ts';
import { instant } from './encode.ts';
import { type After, type Peer, recordOf, type StreamSession, textOf, type UpgradeRequest } from './stream.ts';

type Fields = Readonly<Record<string, unknown>>;

const errors = {
  400: 'invalid syntax',
  401: 'not authenticated',
  402: 'auth failed',
  403: 'already authenticated',
  404: 'auth timeout',
  405: 'symbol limit exceeded',
  406: 'connection limit exceeded',
} as const;
type ErrorCode = keyof typeof errors;
/** After these the conversation is over. */
const fatal: ReadonlySet<ErrorCode> = new Set([401, 402, 404, 406]);

const AUTH_WITHIN_MS = 10_000;

export interface DataStream {
  open(request: UpgradeRequest, peer: Peer): StreamSession;
  /** Sends what has changed up to an instant. */
  push(now: number): void;
}

export interface DataStreamOptions {
  readonly core: ExchangeCore;
  readonly feed: DataFeed;
  readonly after: After;
  /** Symbols one client may have in trades and quotes. */
  readonly symbolLimit: number;
}

/** How frames are written and read on one socket. */
interface Codec {
  write(frames: readonly Fields[]): string | Uint8Array;
  read(data: string | Uint8Array): Fields | undefined;
}

const msgpack: Codec = {
  write: (frames) => encode(frames),
  read(data) {
    try {
      return recordOf(typeof data === 'string' ? JSON.parse(data) : decode(data));
    } catch {
      return undefined;
    }
  },
};
const jsonText: Codec = {
  write: (frames) => JSON.stringify(frames),
  read(data) {
    try {
      return recordOf(JSON.parse(typeof data === 'string' ? data : new TextDecoder().decode(data)));
    } catch {
      return undefined;
    }
  },
};

interface Client {
  readonly peer: Peer;
  readonly codec: Codec;
  readonly wanted: Subscriptions;
  account: string | undefined;
  over: boolean;
}

/** A frame with its instant as the codec writes it: a msgpack timestamp, or text. */
const stamped = ({ fields, at }: DataFrame, codec: Codec): Fields => ({ ...fields, t: codec === msgpack ? new Date(at) : instant(at) });

function tell(client: Client, ...frames: readonly Fields[]): void {
  if (!client.over) client.peer.send(client.codec.write(frames));
}

function fail(client: Client, code: ErrorCode): void {
  tell(client, { T: 'error', code, msg: errors[code] });
  if (!fatal.has(code)) return;
  client.over = true;
  client.peer.close(1008, errors[code]);
}

export function dataStream(options: DataStreamOptions): DataStream {
  const { core, feed, after, symbolLimit } = options;
  const clients = new Set<Client>();

  /** One connection for each account; it is the newcomer that has to go. */
  const admit = (client: Client, id: string, secret: string): void => {
    const account = core.authenticate(id, secret);
    if (account === undefined) return fail(client, 402);
    if ([...clients].some((other) => other !== client && !other.over && other.account === account)) return fail(client, 406);
    client.account = account;
    tell(client, { T: 'success', msg: 'authenticated' });
  };

  const receive = (client: Client, data: string | Uint8Array): void => {
    if (client.over) return;
    const message = client.codec.read(data);
    if (message === undefined) return fail(client, 400);
    const action = textOf(message['action']);
    if (action === 'auth' && client.account !== undefined) return fail(client, 403);
    if (action === 'auth') return admit(client, textOf(message['key']), textOf(message['secret']));
    if (client.account === undefined) return fail(client, 401);
    if (action === 'subscribe') {
      if (!client.wanted.add(message)) return fail(client, 405);
    } else if (action === 'unsubscribe') client.wanted.remove(message);
    else return fail(client, 400);
    tell(client, { T: 'subscription', ...client.wanted.listed() });
  };

  return {
    open(request, peer) {
      const codec = (request.headers['content-type'] ?? '').includes('msgpack') ? msgpack : jsonText;
      const client: Client = { peer, codec, wanted: subscriptions(symbolLimit), account: undefined, over: false };
      clients.add(client);
      tell(client, { T: 'success', msg: 'connected' });
      const disarm = after(AUTH_WITHIN_MS, () => {
        if (client.account === undefined && !client.over) fail(client, 404);
      });
      const credentials = credentialsOf(request.headers);
      if (credentials !== undefined) admit(client, credentials.id, credentials.secret);
      return {
        receive: (data) => receive(client, data),
        closed() {
          client.over = true;
          clients.delete(client);
          disarm();
        },
      };
    },
    push(now) {
      const live = [...clients].filter((client) => client.account !== undefined && !client.over);
      const frames = feed.next(
        now,
        live.map((client) => client.wanted),
      );
      for (const client of live) {
        const own = frames.filter((frame) => {
          const names = client.wanted.symbols(frame.channel);
          return names.has(frame.symbol) || names.has('*');
        });
        if (own.length > 0) tell(client, ...own.map((frame) => stamped(frame, client.codec)));
      }
    },
  };
}
