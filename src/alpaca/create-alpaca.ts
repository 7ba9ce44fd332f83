// The adapter put together: one gateway, one budget per host, two ports.
import type { Broker, BrokerEvents } from '../ports/broker.ts';
import type { Clock } from '../ports/clock.ts';
import type { MarketData } from '../ports/market-data.ts';
import type { Transport } from '../ports/transport.ts';
import { createData } from './data.ts';
import { createGateway } from './gateway.ts';
import { createResilience, defaultPatience, type Patience } from './resilience.ts';
import { createSdk, type Keys } from './sdk.ts';
import { createStockStream } from './stock-stream.ts';
import type { Log } from './supervisor.ts';
import { createTrading } from './trading.ts';
import { accountWire, clockWire } from './wire.ts';

export interface AlpacaOptions {
  /** Origins without a path, e.g. `https://paper-api.alpaca.markets`. */
  readonly trading: { readonly basePath: string };
  readonly data: { readonly basePath: string };
  /** Full socket addresses, e.g. `wss://paper-api.alpaca.markets/stream` and `wss://stream.data.alpaca.markets/v2/iex`. */
  readonly streamUrl: string;
  readonly stockStreamUrl: string;
  readonly keys: Keys;
  readonly transport: Transport;
  readonly clock: Clock;
  readonly feed: 'iex' | 'sip';
  readonly optionFeed: 'indicative' | 'opra';
  /** Uniform in [0, 1): jitter of retries and of reconnecting. */
  readonly random: () => number;
  readonly retry?: Partial<Patience>;
  readonly log: Log;
}

/**
 * Broker and market data over Alpaca's wire. Nothing is sent before a method is called; the trade stream starts with
 * `broker.connect`. Close both when done.
 */
export function createAlpaca(options: AlpacaOptions): { readonly broker: Broker; readonly data: MarketData } {
  const { clock, random, log, keys, transport } = options;
  const events: { current: BrokerEvents | null } = { current: null };
  const gateway = createGateway(transport.fetchApi, clock);
  const sdk = createSdk({ tradingBase: options.trading.basePath, dataBase: options.data.basePath, keys, fetchApi: gateway.fetchApi });
  const resilience = createResilience({
    gateway,
    clock,
    random,
    patience: { ...defaultPatience, ...options.retry },
    probe: async () => {
      await resilience.read('lookup', (init) => sdk.clock.legacyClockRaw(init), clockWire);
      await resilience.read('lookup', (init) => sdk.account.getAccountRaw(init), accountWire);
    },
    breakerChanged: (lane, state) => {
      log('alpaca.breaker', { lane, state });
      events.current?.breaker(lane, state);
    },
  });
  const stream = createStockStream({ url: options.stockStreamUrl, keys, socketFactory: transport.socketFactory, clock, random, log });
  const broker = createTrading({
    sdk,
    resilience,
    clock,
    random,
    log,
    streamUrl: options.streamUrl,
    keys,
    socketFactory: transport.socketFactory,
    events,
    close: () => {
      gateway.close();
      resilience.close();
    },
  });
  const data = createData({ sdk, resilience, clock, log, feed: options.feed, optionFeed: options.optionFeed, stream });
  return { broker, data };
}
