// One client under load: a data stream whose quotes it counts, a trade stream whose updates it keeps, and orders one after another.
import { WebSocket } from 'ws';

export interface LoadClientOptions {
  /** e.g. `http://127.0.0.1:40123`. */
  readonly url: string;
  readonly id: string;
  readonly secret: string;
  /** Whose quotes it listens to. */
  readonly symbols: readonly string[];
}

export interface LoadClient {
  /** Listens on both streams; resolves once both have said so. */
  ready(): Promise<void>;
  /** Sends one market order; milliseconds until its answer. */
  order(symbol: string): Promise<number>;
  /** What names an update of the trade stream, in the order of arrival. */
  readonly updates: readonly string[];
  quotes(): number;
  close(): void;
}

interface Update {
  readonly stream: string;
  readonly data: { readonly event: string; readonly order: { readonly id: string; readonly filled_qty: string } };
}

/** The name of an update: an order's id, what happened to it, and how much of it is filled. */
export const updateName = (id: string, event: string, filled: string | number): string => `${id} ${event} ${String(filled)}`;

const opened = (socket: WebSocket): Promise<void> =>
  new Promise((resolve, reject) => {
    socket.once('open', () => resolve());
    socket.once('error', reject);
  });

export function loadClient({ url, id, secret, symbols }: LoadClientOptions): LoadClient {
  const base = url.replace('http', 'ws');
  const trade = new WebSocket(`${base}/stream`, { perMessageDeflate: false });
  const data = new WebSocket(`${base}/v2/sip`, { perMessageDeflate: false });
  const updates: string[] = [];
  let quotes = 0;
  let subscribed: () => void;
  let listening: () => void;
  const told = Promise.all([
    new Promise<void>((resolve) => {
      subscribed = resolve;
    }),
    new Promise<void>((resolve) => {
      listening = resolve;
    }),
  ]);
  data.on('message', (raw: Buffer) => {
    const frames = JSON.parse(raw.toString('utf8')) as readonly { readonly T: string }[];
    if (frames[0]?.T === 'q') quotes += frames.length;
    else if (frames[0]?.T === 'subscription') subscribed();
  });
  trade.on('message', (raw: Buffer) => {
    const { stream, data: what } = JSON.parse(raw.toString('utf8')) as Update;
    if (stream === 'listening') listening();
    else if (stream === 'trade_updates') updates.push(updateName(what.order.id, what.event, what.order.filled_qty));
  });
  const headers = { 'APCA-API-KEY-ID': id, 'APCA-API-SECRET-KEY': secret };
  return {
    updates,
    quotes: () => quotes,
    async ready() {
      await Promise.all([opened(trade), opened(data)]);
      data.send(JSON.stringify({ action: 'auth', key: id, secret }));
      data.send(JSON.stringify({ action: 'subscribe', quotes: symbols }));
      trade.send(JSON.stringify({ action: 'auth', key: id, secret }));
      trade.send(JSON.stringify({ action: 'listen', data: { streams: ['trade_updates'] } }));
      await told;
    },
    async order(symbol) {
      const before = performance.now();
      const body = JSON.stringify({ symbol, qty: '1', side: 'buy', type: 'market', time_in_force: 'day' });
      const answer = await fetch(`${url}/v2/orders`, { method: 'POST', headers, body });
      await answer.arrayBuffer();
      if (answer.status !== 200) throw new Error(`an order was answered with ${String(answer.status)}`);
      return performance.now() - before;
    },
    close() {
      trade.terminate();
      data.terminate();
    },
  };
}
