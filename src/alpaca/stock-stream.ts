// Quotes of shares as they change, and minutes as they end, for a set of symbols that may be replaced at any time.
import { streaming } from '@alpacahq/alpaca-trade-api';
import { type Symbol, symbol } from '../domain/ids.ts';
import { epochMs } from '../domain/time.ts';
import type { Bar, Quote } from '../market/quote.ts';
import type { Clock } from '../ports/clock.ts';
import type { StreamEvents } from '../ports/market-data.ts';
import type { SocketFactory } from '../ports/transport.ts';
import { barOf, provenanceOf, quoteOf } from './market-codec.ts';
import type { Keys } from './sdk.ts';
import { type Log, type Supervisor, supervise } from './supervisor.ts';
import { issueText, streamBarWire, streamQuoteWire } from './wire.ts';

export interface StockStreamOptions {
  readonly url: string;
  readonly keys: Keys;
  readonly socketFactory: SocketFactory;
  readonly clock: Clock;
  readonly random: () => number;
  readonly log: Log;
}

export interface StockStream {
  /** Replaces the set of symbols and who hears of them; an empty set closes the stream. */
  subscribe(symbols: readonly Symbol[], on: StreamEvents): void;
  close(): void;
}

/** What is asked of a stream, by channel. */
interface Wanted {
  readonly quotes: readonly Symbol[];
  readonly bars: readonly Symbol[];
}

const namesIn = (acknowledged: unknown, channel: keyof Wanted): readonly string[] => {
  const said = typeof acknowledged === 'object' && acknowledged !== null ? acknowledged : {};
  const names = (said as Readonly<Record<string, unknown>>)[channel];
  return Array.isArray(names) ? names.filter((s): s is string => typeof s === 'string') : [];
};

/** The SDK's quote as ours; undefined, and a line in the log, when it cannot be read. */
function streamQuote(raw: unknown, clock: Clock, log: Log): Quote | undefined {
  const parsed = streamQuoteWire.safeParse(raw);
  if (!parsed.success) {
    log('alpaca.frame_ignored', { why: issueText(parsed.error) });
    return undefined;
  }
  const { timestamp, bidPrice, askPrice, bidSize, askSize } = parsed.data;
  const figures = {
    at: epochMs(timestamp.getTime()),
    bid: bidPrice,
    ask: askPrice,
    bidSize: bidSize ?? null,
    askSize: askSize ?? null,
    provenance: provenanceOf(parsed.data.conditions),
  };
  return quoteOf(symbol(parsed.data.symbol), figures, clock.now());
}

/** The SDK's minute bar as ours; undefined, and a line in the log, when it cannot be read. */
function streamBar(raw: unknown, log: Log): readonly [Symbol, Bar] | undefined {
  const parsed = streamBarWire.safeParse(raw);
  if (!parsed.success) {
    log('alpaca.frame_ignored', { why: issueText(parsed.error) });
    return undefined;
  }
  const { timestamp, open, high, low, close, volume } = parsed.data;
  const bar = barOf({ t: epochMs(timestamp.getTime()), o: open, h: high, l: low, c: close, v: volume });
  return [symbol(parsed.data.symbol), bar];
}

/** One stream of a lifetime, asking for the set of that moment. */
function newStream(
  options: StockStreamOptions,
  wsFactory: SocketFactory,
  wanted: Wanted,
  heard: { quote(raw: unknown): void; bar(raw: unknown): void },
): streaming.StockDataStream {
  const stream = new streaming.StockDataStream({
    credentials: { keyId: options.keys.id, secret: options.keys.secret },
    url: options.url,
    wsFactory,
    reconnect: false,
    maxReconnectAttempts: 0,
    pingIntervalMs: 10_000,
    pongWaitMs: 5_000,
  });
  stream.subscribeForQuotes([...wanted.quotes]);
  if (wanted.bars.length > 0) stream.subscribeForBars([...wanted.bars]);
  stream.onQuote((raw) => heard.quote(raw));
  stream.onBar((raw) => heard.bar(raw));
  return stream;
}

export function createStockStream(options: StockStreamOptions): StockStream {
  const { clock, log, random, socketFactory } = options;
  let wanted: Wanted = { quotes: [], bars: [] };
  let listener: StreamEvents | null = null;
  let supervisor: Supervisor<streaming.StockDataStream> | null = null;

  const heard = {
    quote(raw: unknown): void {
      const quote = streamQuote(raw, clock, log);
      if (quote !== undefined) listener?.quote(quote);
    },
    bar(raw: unknown): void {
      const found = streamBar(raw, log);
      if (found !== undefined) listener?.minuteBars?.bar(...found);
    },
  };
  const supervised = (): Supervisor<streaming.StockDataStream> =>
    supervise({
      name: 'stocks',
      socketFactory,
      clock,
      random,
      log,
      build: (wsFactory) => newStream(options, wsFactory, wanted, heard),
      listens: (acknowledged) =>
        (['quotes', 'bars'] as const).every((channel) => {
          const told = namesIn(acknowledged, channel);
          return wanted[channel].every((s) => told.includes(s));
        }),
      link: (up, why) => listener?.link(up, why),
    });
  const close = (): void => {
    supervisor?.stop();
    supervisor = null;
  };

  return {
    subscribe: (symbols, on) => {
      const before = wanted;
      const next: Wanted = { quotes: [...new Set(symbols)], bars: [...new Set(on.minuteBars?.symbols ?? [])] };
      const gone = (channel: keyof Wanted): Symbol[] => before[channel].filter((s) => !next[channel].includes(s));
      listener = on;
      wanted = next;
      if (next.quotes.length === 0 && next.bars.length === 0) return close();
      if (supervisor === null) {
        supervisor = supervised();
        return supervisor.start();
      }
      const stream = supervisor.current();
      if (stream === null) return; // between two streams: the next one is built for the new set
      if (next.quotes.length > 0) stream.subscribeForQuotes([...next.quotes]);
      if (next.bars.length > 0) stream.subscribeForBars([...next.bars]);
      if (gone('quotes').length > 0) stream.unsubscribeFromQuotes(gone('quotes'));
      if (gone('bars').length > 0) stream.unsubscribeFromBars(gone('bars'));
    },
    close,
  };
}
