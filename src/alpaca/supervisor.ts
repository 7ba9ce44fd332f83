// The life of one stream: built, proved to listen, watched, and when it dies for any reason built anew, for ever.
import { streaming } from '@alpacahq/alpaca-trade-api';
import type { MonoMs } from '../domain/time.ts';
import type { Clock } from '../ports/clock.ts';
import type { SocketFactory, SocketLike } from '../ports/transport.ts';

type Stream = streaming.TradingStream | streaming.StockDataStream;

/** Wall time from connecting to the server's word that it listens. */
const HANDSHAKE_MS = 10_000;
/** Wall time without a frame or pong after which a socket that can ping is taken for dead. */
const SILENCE_MS = 20_000;
const WATCH_MS = 5_000;
const SOONEST_MS = 1_000;
const LATEST_MS = 30_000;

export type Log = (event: string, fields: { readonly [key: string]: string | number | boolean | null }) => void;

export interface SupervisorOptions<S extends Stream> {
  readonly name: string;
  readonly socketFactory: SocketFactory;
  readonly clock: Clock;
  readonly random: () => number;
  readonly log: Log;
  /** A new stream with its subscriptions; the SDK's own reconnecting stays off, since each stream lives once. */
  readonly build: (wsFactory: SocketFactory) => S;
  /** Whether the server's acknowledgement covers all we asked for. */
  readonly listens: (acknowledged: unknown) => boolean;
  /** Raw frames, before the SDK's model of them. */
  readonly frame?: (data: unknown) => void;
  /** Told when the link comes up or goes down, and of the first attempt that fails. */
  readonly link: (up: boolean, why: string) => void;
}

export interface Supervisor<S extends Stream> {
  start(): void;
  /** Drops the stream and builds another after the usual pause. */
  restart(why: string): void;
  stop(): void;
  /** The stream of this moment, whether it listens yet or not. */
  current(): S | null;
  health(): { readonly up: boolean; readonly reconnects: number; readonly lastFrameAgeMs: number | null };
}

/** Full jitter between one and thirty seconds, the ceiling doubling with every failure in a row. */
export const rebuildDelay = (failures: number, random: () => number): number => {
  const ceiling = Math.min(LATEST_MS, 2 * SOONEST_MS * 2 ** Math.max(0, failures - 1));
  return SOONEST_MS + random() * (ceiling - SOONEST_MS);
};

interface Life<S> {
  readonly stream: S;
  socket: SocketLike | null;
  up: boolean;
  stopAlarm: () => void;
  lastError: string | null;
}

interface State<S extends Stream> {
  readonly options: SupervisorOptions<S>;
  running: boolean;
  life: Life<S> | null;
  stopRebuild: (() => void) | null;
  failures: number;
  builds: number;
  seenAt: MonoMs | null;
  told: boolean | null;
}

function tell<S extends Stream>(of: State<S>, up: boolean, why: string): void {
  if (of.told === up) return;
  of.told = up;
  of.options.link(up, why);
}

function end<S extends Stream>(life: Life<S>): void {
  life.stopAlarm();
  life.stream.disconnect();
  life.socket?.terminate?.();
}

function fell<S extends Stream>(of: State<S>, life: Life<S>, why: string): void {
  if (of.life !== life) return; // an earlier life's last words
  const { clock, log, name, random } = of.options;
  of.life = null;
  end(life);
  of.failures += 1;
  const ms = rebuildDelay(of.failures, random);
  log('alpaca.stream_down', { stream: name, why, retryMs: Math.round(ms) });
  of.stopRebuild = clock.after(ms, () => begin(of));
  tell(of, false, why);
}

/** SDK pings end a socket that does not answer; this ends one whose end is never heard of. */
function watch<S extends Stream>(of: State<S>, life: Life<S>): void {
  const { clock } = of.options;
  life.stopAlarm = clock.after(WATCH_MS, () => {
    const silence = of.seenAt === null ? 0 : clock.now().mono - of.seenAt;
    if (life.socket?.ping !== undefined && silence > SILENCE_MS) fell(of, life, `silent for ${String(Math.round(silence))} ms`);
    else watch(of, life);
  });
}

function acknowledged<S extends Stream>(of: State<S>, life: Life<S>, what: unknown): void {
  if (of.life !== life || life.up || !of.options.listens(what)) return;
  life.up = true;
  life.stopAlarm();
  of.failures = 0;
  watch(of, life);
  tell(of, true, 'listening');
}

/** The SDK's socket with our ears on it: every frame and pong is a sign of life. */
function socketOf<S extends Stream>(of: State<S>, url: string, codec: 'msgpack' | 'json'): SocketLike {
  const socket = of.options.socketFactory(url, codec);
  const life = of.life;
  if (life !== null) life.socket = socket;
  const seen = (): boolean => {
    if (of.life !== life) return false;
    of.seenAt = of.options.clock.now().mono;
    return true;
  };
  socket.on('message', (data) => {
    if (seen()) of.options.frame?.(data);
  });
  socket.on('pong', seen);
  return socket;
}

function begin<S extends Stream>(of: State<S>): void {
  const { options } = of;
  of.stopRebuild = null;
  of.builds += 1;
  const stream = options.build((url, codec) => socketOf(of, url, codec));
  const life: Life<S> = { stream, socket: null, up: false, stopAlarm: () => undefined, lastError: null };
  of.life = life;
  life.stopAlarm = options.clock.after(HANDSHAKE_MS, () =>
    fell(of, life, life.lastError ?? `not listening within ${String(HANDSHAKE_MS)} ms`),
  );
  stream.onError((message: string) => {
    life.lastError = message === 'auth failed' ? `ALPACA_AUTH: ${message}` : message;
    options.log('alpaca.stream_error', { stream: options.name, message: message.slice(0, 200) });
  });
  stream.on(streaming.EVENT.SUBSCRIPTION, (what: unknown) => acknowledged(of, life, what));
  stream.onDisconnect(() => fell(of, life, life.lastError ?? 'the connection closed'));
  try {
    stream.connect();
  } catch (error) {
    fell(of, life, error instanceof Error ? error.message : String(error));
  }
}

function stop<S extends Stream>(of: State<S>): void {
  const last = of.life;
  of.running = false;
  of.life = null;
  of.stopRebuild?.();
  of.stopRebuild = null;
  if (last !== null) end(last);
}

/** A stream that is kept alive from `start` to `stop`. */
export function supervise<S extends Stream>(options: SupervisorOptions<S>): Supervisor<S> {
  const of: State<S> = { options, running: false, life: null, stopRebuild: null, failures: 0, builds: 0, seenAt: null, told: null };
  return {
    start: () => {
      if (of.running) return;
      of.running = true;
      begin(of);
    },
    restart: (why) => {
      if (of.life !== null) fell(of, of.life, why);
    },
    stop: () => stop(of),
    current: () => of.life?.stream ?? null,
    health: () => ({
      up: of.life?.up === true,
      reconnects: Math.max(0, of.builds - 1),
      lastFrameAgeMs: of.seenAt === null ? null : options.clock.now().mono - of.seenAt,
    }),
  };
}
