// Quotes of shares as they change, for a set of symbols that may be replaced at any time.
import { streaming } from '@alpacahq/alpaca-trade-api';
import { type Symbol, symbol } from '../domain/ids.ts';
import { epochMs } from '../domain/time.ts';
import type { Quote } from '../market/quote.ts';
import type { Clock } from '../ports/clock.ts';
import type { SocketFactory } from '../ports/transport.ts';
import { provenanceOf, quoteOf } from './market-codec.ts';
import type { Keys } from './sdk.ts';
import { type Log, type Supervisor, supervise } from './supervisor.ts';
import { issueText, streamQuoteWire } from './wire.ts';

export interface StockStreamOptions {
  readonly url: string;
  readonly keys: Keys;
  readonly socketFactory: SocketFactory;
  readonly clock: Clock;
  readonly random: () => number;
  readonly log: Log;
}

export interface QuoteEvents {
  quote(quote: Quote): void;
  link(up: boolean, why: string): void;
}

export interface StockStream {
  /** Replaces the set of symbols and who hears of them; an empty set closes the stream. */
  subscribe(symbols: readonly Symbol[], on: QuoteEvents): void;
  close(): void;
}

const quotesIn = (acknowledged: unknown): readonly string[] => {
  const { quotes } = (typeof acknowledged === 'object' && acknowledged !== null ? acknowledged : {}) as { quotes?: unknown };
  return Array.isArray(quotes) ? quotes.filter((s): s is string => typeof s === 'string') : [];
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

/** One stream of a lifetime, asking for the set of that moment. */
function newStream(
  options: StockStreamOptions,
  wsFactory: SocketFactory,
  symbols: readonly Symbol[],
  heard: (raw: unknown) => void,
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
  stream.subscribeForQuotes([...symbols]);
  stream.onQuote(heard);
  return stream;
}

export function createStockStream(options: StockStreamOptions): StockStream {
  const { clock, log, random, socketFactory } = options;
  let wanted: readonly Symbol[] = [];
  let listener: QuoteEvents | null = null;
  let supervisor: Supervisor<streaming.StockDataStream> | null = null;

  const heard = (raw: unknown): void => {
    const quote = streamQuote(raw, clock, log);
    if (quote !== undefined) listener?.quote(quote);
  };
  const supervised = (): Supervisor<streaming.StockDataStream> =>
    supervise({
      name: 'stocks',
      socketFactory,
      clock,
      random,
      log,
      build: (wsFactory) => newStream(options, wsFactory, wanted, heard),
      listens: (acknowledged) => {
        const told = quotesIn(acknowledged);
        return wanted.every((s) => told.includes(s));
      },
      link: (up, why) => listener?.link(up, why),
    });
  const close = (): void => {
    supervisor?.stop();
    supervisor = null;
  };

  return {
    subscribe: (symbols, on) => {
      const next = [...new Set(symbols)];
      const gone = wanted.filter((s) => !next.includes(s));
      listener = on;
      wanted = next;
      if (next.length === 0) return close();
      if (supervisor === null) {
        supervisor = supervised();
        return supervisor.start();
      }
      const stream = supervisor.current();
      if (stream === null) return; // between two streams: the next one is built for the new set
      stream.subscribeForQuotes([...next]);
      if (gone.length > 0) stream.unsubscribeFromQuotes([...gone]);
    },
    close,
  };
}
