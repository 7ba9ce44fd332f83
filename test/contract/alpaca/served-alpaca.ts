// The adapter wired to the embedded exchange over real loopback sockets, as a test wants both: two programs that share no code but the wire.
import { createAlpaca } from '../../../src/alpaca/create-alpaca.ts';
import { openExchangeCore } from '../../../src/exchange/core/core.ts';
import { type Exchange, openExchange } from '../../../src/exchange/exchange.ts';
import { pacedClock } from '../../../src/exchange/paced-clock.ts';
import { syntheticMarket } from '../../../src/exchange/synthetic/market.ts';
import { type ExchangeServer, startServer } from '../../../src/exchange/wire/server.ts';
import { usCalendar } from '../../../src/market/calendar.ts';
import { exchangeClock, type FollowedClock } from '../../../src/net/exchange-clock.ts';
import { networkTransport } from '../../../src/net/network-transport.ts';
import { alarm, systemClock } from '../../../src/net/system-clock.ts';

export const calendar = usCalendar();
export const keys = { id: 'key', secret: 'secret' };

type AlpacaOptions = Parameters<typeof createAlpaca>[0];

export interface ServedAlpaca {
  readonly exchange: Exchange;
  readonly server: ExchangeServer;
  readonly clock: FollowedClock;
  readonly alpaca: ReturnType<typeof createAlpaca>;
  /** What the exchange held for a fault of its own; a test asks that there be none. */
  readonly faults: readonly unknown[];
  close(): Promise<void>;
}

/** Starts an exchange on a free port, its clock at `speed`, and an adapter that follows it. */
export async function serveAlpaca(
  speed: number,
  optionFeed: AlpacaOptions['optionFeed'],
  log: AlpacaOptions['log'] = () => undefined,
): Promise<ServedAlpaca> {
  const seed = 7;
  const market = syntheticMarket({ seed, calendar });
  const start = market.firstInstant;
  const faults: unknown[] = [];
  const paced = pacedClock({ start, speed, wallNow: () => performance.now(), calendar });
  const core = openExchangeCore({ file: ':memory:', market, calendar, keys: [{ ...keys, account: 'main' }], seed, start });
  const exchange = openExchange({ core, market, calendar, clock: paced, after: alarm, onFault: (error) => faults.push(error) });
  const server = await startServer(exchange, { host: '127.0.0.1', port: 0, tickMs: 10 });
  const ws = server.url.replace('http', 'ws');
  const transport = networkTransport({ allowHosts: [`127.0.0.1:${String(server.port)}`] });
  const clock = exchangeClock({ url: `${ws}/sim/v1/clock`, keys, socketFactory: transport.socketFactory, fallback: systemClock() });
  await clock.ready(5_000);
  const alpaca = createAlpaca({
    trading: { basePath: server.url },
    data: { basePath: server.url },
    streamUrl: `${ws}/stream`,
    stockStreamUrl: `${ws}/v2/iex`,
    keys,
    transport,
    clock,
    feed: 'iex',
    optionFeed,
    random: () => 0,
    log,
  });
  return {
    exchange,
    server,
    clock,
    alpaca,
    faults,
    close: async () => {
      await alpaca.data.close();
      await alpaca.broker.close();
      clock.close();
      await server.close();
      exchange.close();
    },
  };
}
