// An exchange under load: clients with streams and orders on loopback sockets, and exact books of what was sent and what arrived.

import { tradingDay } from '../src/domain/time.ts';
import { openExchangeCore } from '../src/exchange/core/core.ts';
import { fillModels } from '../src/exchange/core/fill-model.ts';
import { openExchange } from '../src/exchange/exchange.ts';
import { pacedClock } from '../src/exchange/paced-clock.ts';
import { startServer } from '../src/exchange/wire/server.ts';
import { usCalendar } from '../src/market/calendar.ts';
import { type LoadClient, loadClient, updateName } from './load-client.ts';
import { loadMarket, loadSymbol } from './load-market.ts';

export interface LoadOptions {
  readonly clients: number;
  readonly symbols: number;
  /** Clients that listen to the quotes of each symbol. */
  readonly listeners: number;
  /** Milliseconds for which a quote stands, and between two ticks of the exchange. */
  readonly stepMs: number;
  /** Orders each client sends, and the milliseconds between two of them. */
  readonly orders: number;
  readonly everyMs: number;
}

export interface LoadResult {
  readonly seconds: number;
  /** Processor time of the exchange and all its clients together, which share one process. */
  readonly cpuSeconds: number;
  readonly quotes: number;
  readonly orders: number;
  /** Updates the exchange told its clients of, and of these, those that did not arrive, and those that arrived twice or out of order. */
  readonly updates: number;
  readonly lost: number;
  readonly astray: number;
  /** Milliseconds to the answer of an order: median, 99th percentile, worst. */
  readonly answerMs: readonly [number, number, number];
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
const keyOf = (i: number) => ({ id: `client-${String(i)}`, secret: 'secret', account: `account-${String(i)}` });

function openLoaded({ clients, symbols, stepMs }: LoadOptions) {
  const calendar = usCalendar({ from: tradingDay('2026-01-02'), to: tradingDay('2027-12-31') });
  const start = calendar.instant(tradingDay('2026-11-23'), 10, 0);
  const market = loadMarket(symbols, stepMs, start);
  const keys = Array.from({ length: clients }, (_, i) => keyOf(i));
  const core = openExchangeCore({ file: ':memory:', market, calendar, keys, seed: 1, start, fills: fillModels.exact });
  const clock = pacedClock({ start, speed: 1, wallNow: () => performance.now(), calendar });
  return openExchange({
    core,
    market,
    calendar,
    clock,
    after: (ms, ring) => {
      const timer = setTimeout(ring, ms);
      return () => clearTimeout(timer);
    },
    onFault: (error) => {
      throw error;
    },
    requestsPerMinute: 1e9,
    dataPlan: { stockSymbols: Number.POSITIVE_INFINITY, optionQuotes: 0, withheld: [] },
  });
}

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
async function settled(clients: readonly LoadClient[], expected: ReadonlyMap<number, readonly string[]>): Promise<void> {
  const missing = (): number => clients.reduce((sum, one, i) => sum + (expected.get(i)?.length ?? 0) - one.updates.length, 0);
  let last = missing();
  let since = performance.now();
  while (last > 0 && performance.now() - since < 2_000) {
    await pause(20);
    const now = missing();
    if (now !== last) since = performance.now();
    last = now;
  }
}

const share = (sorted: readonly number[], part: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0;

export async function runLoad(options: LoadOptions): Promise<LoadResult> {
  const exchange = openLoaded(options);
  const server = await startServer(exchange, { host: '127.0.0.1', port: 0, tickMs: options.stepMs });
  const numbers = new Map(Array.from({ length: options.clients }, (_, i) => [keyOf(i).account, i]));
  const told = new Map<number, string[]>(Array.from({ length: options.clients }, (_, i) => [i, []]));
  exchange.core.onTrade(({ account, event, order }) =>
    told.get(numbers.get(account) ?? -1)?.push(updateName(order.id, event, order.filledQty)),
  );
  const clients = Array.from({ length: options.clients }, (_, i) =>
    loadClient({ url: server.url, ...keyOf(i), symbols: symbolsOf(i, options) }),
  );
  try {
    await Promise.all(clients.map((one) => one.ready()));
    const begun = performance.now();
    const cpu = process.cpuUsage();
    const before = clients.reduce((sum, one) => sum + one.quotes(), 0);
    const answers = (await Promise.all(clients.map((one, i) => sendAll(one, i, options)))).flat().sort((a, b) => a - b);
    const seconds = (performance.now() - begun) / 1_000;
    const { user, system } = process.cpuUsage(cpu);
    const quotes = clients.reduce((sum, one) => sum + one.quotes(), 0) - before;
    await pause(200); // the last executions follow their answers by some ticks
    await settled(clients, told);
    const lost = clients.reduce((sum, one, i) => sum + (told.get(i) ?? []).filter((name) => !one.updates.includes(name)).length, 0);
    const astray = clients.filter((one, i) => JSON.stringify(one.updates) !== JSON.stringify(told.get(i))).length;
    const updates = [...told.values()].reduce((sum, list) => sum + list.length, 0);
    return {
      seconds,
      cpuSeconds: (user + system) / 1e6,
      quotes,
      orders: answers.length,
      updates,
      lost,
      astray,
      answerMs: [share(answers, 0.5), share(answers, 0.99), share(answers, 1)],
    };
  } finally {
    for (const one of clients) one.close();
    await server.close();
    exchange.close();
  }
}
