// The clients of a load, in a process of their own, so that the exchange has its processor to itself: they listen, send their orders when they
// are told to, and tell what they heard.
import { type LoadClient, loadClient } from './load-client.ts';
import { loadSymbol } from './load-market.ts';
import type { LoadOptions } from './load-run.ts';

export interface ClientsData {
  readonly url: string;
  readonly options: LoadOptions;
  readonly keys: readonly { readonly id: string; readonly secret: string }[];
}

/** Listen; send all orders; or wait for so many updates of each client, in the order of their keys. Each is answered once it is done. */
export type ClientsAsked =
  | { readonly kind: 'listen'; readonly data: ClientsData }
  | { readonly kind: 'send' }
  | { readonly kind: 'settle'; readonly expected: readonly number[] };

export interface Sent {
  readonly seconds: number;
  /** Quotes that came meanwhile, over all clients. */
  readonly quotes: number;
  /** Milliseconds to the answer of each order. */
  readonly answers: readonly number[];
}
/** Names of the updates each client heard, in the order in which they came. */
export type Heard = readonly (readonly string[])[];

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Symbols a client listens to: spread so that each symbol has as many listeners. */
function symbolsOf(client: number, { clients, symbols, listeners }: LoadOptions): readonly string[] {
  const mine: string[] = [];
  for (let symbol = 0; symbol < symbols; symbol++)
    if ((((client - symbol) % clients) + clients) % clients < listeners) mine.push(loadSymbol(symbol));
  return mine;
}

async function sendAll(client: LoadClient, index: number, { orders, everyMs, symbols }: LoadOptions): Promise<readonly number[]> {
  const answers: number[] = [];
  const begun = performance.now();
  for (let i = 0; i < orders; i++) {
    await pause(Math.max(0, begun + i * everyMs - performance.now()));
    answers.push(await client.order(loadSymbol((index * 7 + i) % symbols)));
  }
  return answers;
}

/** Waits until every client has as many updates as it was told of, or nothing more arrives for two seconds. */
async function settle(clients: readonly LoadClient[], expected: readonly number[]): Promise<Heard> {
  const missing = (): number => clients.reduce((sum, one, i) => sum + (expected[i] ?? 0) - one.updates.length, 0);
  let last = missing();
  let since = performance.now();
  while (last > 0 && performance.now() - since < 2_000) {
    await pause(20);
    const now = missing();
    if (now !== last) since = performance.now();
    last = now;
  }
  return clients.map((one) => one.updates);
}

async function send(clients: readonly LoadClient[], options: LoadOptions): Promise<Sent> {
  const quotes = (): number => clients.reduce((sum, one) => sum + one.quotes(), 0);
  const [begun, before] = [performance.now(), quotes()];
  const answers = (await Promise.all(clients.map((one, i) => sendAll(one, i, options)))).flat();
  return { seconds: (performance.now() - begun) / 1_000, quotes: quotes() - before, answers };
}

/** Does what the other process asks for, and answers each time; a fault ends this one, which the other hears of. */
function main(answer: (value: Sent | Heard | 'listening') => void): void {
  let clients: readonly LoadClient[] = [];
  let options: LoadOptions | undefined;
  const listen = async ({ url, options: asked, keys }: ClientsData): Promise<'listening'> => {
    options = asked;
    clients = keys.map((key, i) => loadClient({ url, ...key, symbols: symbolsOf(i, asked) }));
    await Promise.all(clients.map((one) => one.ready()));
    return 'listening';
  };
  process.on('message', (asked: ClientsAsked) => {
    if (asked.kind === 'listen') return void listen(asked.data).then(answer);
    if (asked.kind === 'settle') return void settle(clients, asked.expected).then(answer);
    if (options !== undefined) void send(clients, options).then(answer);
  });
  // Its end is the other's.
  process.on('disconnect', () => process.exit());
}

if (process.send !== undefined) main((value) => void process.send?.(value));
