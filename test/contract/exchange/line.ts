// One stream with its transport taken away: what was said on it, and how it ended.
import { decode, encode } from '@msgpack/msgpack';
import type { Exchange } from '../../../src/exchange/exchange.ts';
import type { After, StreamSession } from '../../../src/exchange/wire/stream.ts';

export interface Line {
  /** Bytes the client has not yet taken; the test's to set. */
  readonly backlog: { bytes: number };
  readonly frames: unknown[];
  readonly binary: boolean[];
  readonly ends: (number | 'destroyed')[];
  say(frame: unknown): void;
}

/** One stream with its transport taken away. */
export function line(exchange: Exchange, url: string, headers: Readonly<Record<string, string>> = {}): Line {
  const msgpack = (headers['content-type'] ?? '').includes('msgpack');
  const frames: unknown[] = [];
  const binary: boolean[] = [];
  const ends: (number | 'destroyed')[] = [];
  const backlog = { bytes: 0 };
  const over = (how: number | 'destroyed'): void => {
    ends.push(how);
    session?.closed();
  };
  let session: StreamSession | undefined;
  session = exchange.streams.open(
    { url, headers },
    {
      send(data) {
        binary.push(typeof data !== 'string');
        frames.push(msgpack ? decode(data as Uint8Array) : JSON.parse(typeof data === 'string' ? data : new TextDecoder().decode(data)));
      },
      close: (code) => over(code),
      destroy: () => over('destroyed'),
      backlog: () => backlog.bytes,
    },
  );
  if (session === undefined) throw new Error(`no stream ${url}`);
  const jsonText = (frame: unknown): string => (typeof frame === 'string' ? frame : JSON.stringify(frame));
  const say = (frame: unknown): void => session.receive(msgpack ? encode(frame) : jsonText(frame));
  return { frames, binary, ends, backlog, say };
}

export const AUTH = { action: 'auth', key: 'key', secret: 'secret' };
export const MSGPACK = { 'content-type': 'application/msgpack' };
export const CONNECTED = [{ T: 'success', msg: 'connected' }];
export const AUTHENTICATED = [{ T: 'success', msg: 'authenticated' }];
export const none = {
  trades: [],
  quotes: [],
  bars: [],
  updatedBars: [],
  dailyBars: [],
  statuses: [],
  lulds: [],
  corrections: [],
  cancelErrors: [],
};
export const error = (code: number, msg: string): unknown => [{ T: 'error', code, msg }];

/** An alarm that rings when the test says so. */
export function handAfter(): { readonly after: After; ring(): void } {
  const bells = new Set<() => void>();
  return {
    after(_ms, ring) {
      bells.add(ring);
      return () => void bells.delete(ring);
    },
    ring() {
      for (const bell of [...bells]) bell();
    },
  };
}
