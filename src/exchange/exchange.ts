// The embedded exchange: a core, a market and a clock, joined into one surface that transports carry.
import type { Calendar } from '../market/calendar.ts';
import type { ExchangeClock } from './clock.ts';
import type { ExchangeMarket } from './market.ts';
import type { ExchangeCore } from './types.ts';
import { clockStream } from './wire/clock-stream.ts';
import { dataFeed } from './wire/data-feed.ts';
import { dataStream } from './wire/data-stream.ts';
import { listingOf } from './wire/listing.ts';
import { type Handle, restHandler } from './wire/rest.ts';
import type { After } from './wire/stream.ts';
import { type Streams, streams } from './wire/streams.ts';
import { tradeStream } from './wire/trade-stream.ts';

export interface ExchangeParts {
  readonly core: ExchangeCore;
  readonly market: ExchangeMarket;
  readonly calendar: Calendar;
  readonly clock: ExchangeClock;
  /** Wall-time alarms, for clients that connect and never authenticate. */
  readonly after: After;
  /** Told of a fault of the exchange's own while it answers a request. */
  readonly onFault: (error: unknown, where: string) => void;
  /** Requests a minute of exchange time; 200 when not given. */
  readonly requestsPerMinute?: number;
  /** Symbols a data stream may hold in trades and quotes; 30 when not given. */
  readonly symbolLimit?: number;
}

export interface Exchange {
  readonly core: ExchangeCore;
  readonly market: ExchangeMarket;
  readonly clock: ExchangeClock;
  readonly handle: Handle;
  readonly streams: Streams;
  /** Advances the core to the clock's present and pushes stream data; to be called every 25 to 50 ms of wall time. */
  tick(): void;
  /** Destroys every open connection now: streams at once, and whatever else the transports hold open. */
  cut(): void;
  /** Called at each cut; a transport ends its own connections then. Returns its removal. */
  onCut(listener: () => void): () => void;
  /** Ends the streams and closes the core. */
  close(): void;
}

const DATA_PATHS = ['/v2/iex', '/v2/sip'] as const;

export function openExchange(parts: ExchangeParts): Exchange {
  const { core, market, calendar, clock, after } = parts;
  const listing = listingOf(market);
  const symbolLimit = parts.symbolLimit ?? 30;
  const all = streams({
    trade: tradeStream(core, listing),
    clock: clockStream(core, clock, after),
    data: new Map(DATA_PATHS.map((path) => [path, dataStream({ core, feed: dataFeed(market, clock, listing), after, symbolLimit })])),
  });
  const cutListeners = new Set<() => void>();
  const cut = (): void => {
    all.cut();
    for (const listener of [...cutListeners]) listener();
  };
  const handle = restHandler(
    { core, market, calendar, clock, listing, cut },
    { requestsPerMinute: parts.requestsPerMinute ?? 200, onFault: parts.onFault },
  );
  let open = true;
  return {
    core,
    market,
    clock,
    handle,
    streams: all,
    tick() {
      if (!open) return;
      const now = clock.now();
      core.advance(now);
      all.push(now);
    },
    cut,
    onCut(listener) {
      cutListeners.add(listener);
      return () => void cutListeners.delete(listener);
    },
    close() {
      if (!open) return;
      open = false;
      cut();
      all.close();
      core.close();
    },
  };
}
