// A market data stream: what its feed has to say, to who asked for it, as msgpack arrays or as JSON text.
import type { ExchangeCore } from '../types.ts';
import { credentialsOf, credentialsOfToken } from './credentials.ts';
import { type Audience, audience } from './data-audience.ts';
import type { DataFeed } from './data-feed.ts';
import { type ChannelRules, type Subscriptions, subscriptions } from './data-subscriptions.ts';
import type { After, Peer, StreamSession, UpgradeRequest } from './stream.ts';
import { textOf } from './stream.ts';
import { codecOf, type StreamCodec } from './stream-codec.ts';

type Fields = Readonly<Record<string, unknown>>;

const errors = {
  400: 'invalid syntax',
  401: 'not authenticated',
  402: 'auth failed',
  403: 'already authenticated',
  404: 'auth timeout',
  405: 'symbol limit exceeded',
  406: 'connection limit exceeded',
  407: 'slow client',
  409: 'insufficient subscription',
  410: 'invalid subscribe action for this feed',
  412: 'option messages are only available in MsgPack format',
  413: '* is not allowed for option quotes',
  500: 'internal error',
} as const;
type ErrorCode = keyof typeof errors;
/** After these the conversation is over. */
const fatal: ReadonlySet<ErrorCode> = new Set([401, 402, 404, 406, 407, 409, 412, 500]);

const AUTH_WITHIN_MS = 10_000;
/** A client that leaves this many bytes on the line does not read what it asked for. */
const MOST_BACKLOG = 8_000_000;

export interface DataStream {
  open(request: UpgradeRequest, peer: Peer): StreamSession;
  /** Sends what has changed up to an instant. */
  push(now: number): void;
}

export interface DataStreamOptions {
  readonly core: ExchangeCore;
  readonly feed: DataFeed;
  readonly after: After;
  readonly rules: ChannelRules;
  /** Its messages are not to be had as JSON. */
  readonly msgpackOnly: boolean;
  /** Nobody's subscription includes it. */
  readonly withheld: boolean;
  /** Told of a fault of the exchange's own. */
  readonly onFault: (error: unknown) => void;
}

interface Client {
  readonly peer: Peer;
  readonly codec: StreamCodec;
  readonly wanted: Subscriptions;
  account: string | undefined;
  over: boolean;
}

/** A control frame, alone in its message. */
function tell(client: Client, frame: Fields): void {
  if (!client.over) client.peer.send(client.codec.write([frame]));
}

function fail(client: Client, code: ErrorCode): void {
  tell(client, { T: 'error', code, msg: errors[code] });
  if (client.over || !fatal.has(code)) return;
  client.over = true;
  client.peer.close(1008, errors[code]);
}

/** Subscribing and its opposite; what is refused leaves everything as it was. */
function subscribe(client: Client, message: Fields, action: string): void {
  const refused = action === 'subscribe' ? client.wanted.add(message) : client.wanted.remove(message);
  if (refused !== undefined) return fail(client, refused);
  tell(client, { T: 'subscription', ...client.wanted.listed() });
}

/** Who is connected to one stream, and who of them may be told anything. */
function admission(options: DataStreamOptions, clients: ReadonlySet<Client>) {
  const { core } = options;
  /** One connection for each account; it is the newcomer that has to go. */
  const admit = (client: Client, id: string, secret: string): void => {
    const account = core.authenticate(id, secret);
    if (account === undefined) return fail(client, 402);
    if (options.withheld) return fail(client, 409);
    if ([...clients].some((other) => other !== client && !other.over && other.account === account)) return fail(client, 406);
    client.account = account;
    tell(client, { T: 'success', msg: 'authenticated' });
  };
  const receive = (client: Client, data: string | Uint8Array): void => {
    const message = client.codec.read(data);
    if (message === undefined) return fail(client, 400);
    const action = textOf(message['action']);
    if (action === 'auth') {
      if (client.account !== undefined) return fail(client, 403);
      const [key, secret] = [textOf(message['key']), textOf(message['secret'])];
      const { id, secret: own } = key === 'oauth' ? credentialsOfToken(secret) : { id: key, secret };
      return admit(client, id, own);
    }
    if (client.account === undefined) return fail(client, 401);
    if (action === 'subscribe' || action === 'unsubscribe') return subscribe(client, message, action);
    fail(client, 400);
  };
  return { admit, receive };
}

export function dataStream(options: DataStreamOptions): DataStream {
  const { feed, after, rules, msgpackOnly, onFault } = options;
  const clients = new Set<Client>();
  const { admit, receive } = admission(options, clients);
  /** Those who may be told something, by what they asked for; made anew after anything that may have changed it. */
  let present: Audience<Client> | undefined;
  const changed = (): void => {
    present = undefined;
  };

  /** A fault of ours ends the conversations it came up in, and no other. */
  const guarded = (concerned: readonly Client[], work: () => void): void => {
    try {
      work();
    } catch (error) {
      onFault(error);
      changed();
      for (const client of concerned) fail(client, 500);
    }
  };
  const meet = (client: Client, headers: UpgradeRequest['headers']): void => {
    if (msgpackOnly && client.codec.kind !== 'msgpack') return fail(client, 412);
    tell(client, { T: 'success', msg: 'connected' });
    const credentials = credentialsOf(headers);
    if (credentials !== undefined) admit(client, credentials.id, credentials.secret);
  };
  return {
    open({ headers }, peer) {
      const client: Client = { peer, codec: codecOf(headers, 'text'), wanted: subscriptions(rules), account: undefined, over: false };
      clients.add(client);
      changed();
      const disarm = after(AUTH_WITHIN_MS, () => {
        if (client.account === undefined) fail(client, 404);
      });
      meet(client, headers);
      return {
        receive(data) {
          if (client.over) return;
          changed();
          guarded([client], () => receive(client, data));
        },
        closed() {
          client.over = true;
          clients.delete(client);
          changed();
          disarm();
        },
      };
    },
    push(now) {
      for (const client of clients) if (client.peer.backlog() > MOST_BACKLOG) fail(client, 407);
      present ??= audience([...clients].filter((client) => client.account !== undefined && !client.over));
      const { listeners, asked, messages } = present;
      guarded(listeners, () => {
        const due = messages(feed.next(now, asked));
        for (const client of listeners) {
          const message = due.get(client);
          if (message !== undefined && !client.over) client.peer.send(message);
        }
      });
    },
  };
}
