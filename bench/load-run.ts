// An exchange under load: clients with streams and orders on loopback sockets, and exact books of what was sent and what arrived.
import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { tradingDay } from '../src/domain/time.ts';
import { openExchangeCore } from '../src/exchange/core/core.ts';
import { fillModels } from '../src/exchange/core/fill-model.ts';
import { openExchange } from '../src/exchange/exchange.ts';
import { pacedClock } from '../src/exchange/paced-clock.ts';
import { startServer } from '../src/exchange/wire/server.ts';
import { usCalendar } from '../src/market/calendar.ts';
import { updateName } from './load-client.ts';
import type { ClientsAsked, ClientsData, Heard, Sent } from './load-clients.ts';
import { loadMarket } from './load-market.ts';

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
  /** Processor time of the exchange alone; its clients have a process of their own. */
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

/** The process of the clients, which answers each question in turn. */
function openClients() {
  const child = fork(fileURLToPath(new URL('./load-clients.ts', import.meta.url)), { execArgv: ['--import', 'tsx'] });
  const ask = <T>(asked: ClientsAsked): Promise<T> =>
    new Promise((resolve, reject) => {
      const ended = (code: number | null): void => reject(new Error(`the clients ended with ${String(code)}`));
      child.once('exit', ended);
      child.once('message', (value) => {
        child.off('exit', ended);
        resolve(value as T);
      });
      child.send(asked);
    });
  return {
    listen: (data: ClientsData) => ask<'listening'>({ kind: 'listen', data }),
    send: () => ask<Sent>({ kind: 'send' }),
    settle: (expected: readonly number[]) => ask<Heard>({ kind: 'settle', expected }),
    async close(): Promise<void> {
      if (child.exitCode !== null) return;
      const gone = new Promise((resolve) => child.once('exit', resolve));
      child.disconnect();
      await gone;
    },
  };
}

const share = (sorted: readonly number[], part: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0;

export async function runLoad(options: LoadOptions): Promise<LoadResult> {
  const exchange = openLoaded(options);
  const server = await startServer(exchange, { host: '127.0.0.1', port: 0, tickMs: options.stepMs });
  const keys = Array.from({ length: options.clients }, (_, i) => keyOf(i));
  const told = keys.map((): string[] => []);
  const numbers = new Map(keys.map(({ account }, i) => [account, i]));
  exchange.core.onTrade(({ account, event, order }) =>
    told[numbers.get(account) ?? -1]?.push(updateName(order.id, event, order.filledQty)),
  );
  const clients = openClients();
  try {
    await clients.listen({ url: server.url, options, keys });
    const cpu = process.cpuUsage();
    const { seconds, quotes, answers } = await clients.send();
    const { user, system } = process.cpuUsage(cpu);
    await pause(200); // the last executions follow their answers by some ticks
    const heard = await clients.settle(told.map((names) => names.length));
    const sorted = [...answers].sort((a, b) => a - b);
    return {
      seconds,
      cpuSeconds: (user + system) / 1e6,
      quotes,
      orders: answers.length,
      updates: told.reduce((sum, names) => sum + names.length, 0),
      lost: told.reduce((sum, names, i) => sum + names.filter((name) => heard[i]?.includes(name) !== true).length, 0),
      astray: told.filter((names, i) => JSON.stringify(names) !== JSON.stringify(heard[i])).length,
      answerMs: [share(sorted, 0.5), share(sorted, 0.99), share(sorted, 1)],
    };
  } finally {
    await clients.close();
    await server.close();
    exchange.close();
  }
}
