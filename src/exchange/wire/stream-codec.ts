// How messages are written to and read from one socket: msgpack, or JSON in text or in binary frames.
import { decode, encode } from '@msgpack/msgpack';
import { instant } from './encode.ts';
import { recordOf } from './stream.ts';

type Fields = Readonly<Record<string, unknown>>;

export interface StreamCodec {
  readonly kind: 'msgpack' | 'text' | 'binary';
  /** Text goes as a text frame, bytes as a binary one. */
  write(message: unknown): string | Uint8Array;
  /** A frame as an object; undefined for anything that is none. */
  read(data: string | Uint8Array): Fields | undefined;
  /** An instant of market data, UTC milliseconds, as this encoding carries it: a msgpack timestamp, or RFC 3339. */
  stamp(at: number): unknown;
}

const jsonIn = (data: string | Uint8Array): unknown => JSON.parse(typeof data === 'string' ? data : new TextDecoder().decode(data));

const reader =
  (parse: (data: string | Uint8Array) => unknown): StreamCodec['read'] =>
  (data) => {
    try {
      return recordOf(parse(data));
    } catch {
      return undefined;
    }
  };

const msgpack: StreamCodec = {
  kind: 'msgpack',
  write: (message) => encode(message),
  // Clients that negotiate msgpack may still send their own messages as JSON text.
  read: reader((data) => (typeof data === 'string' ? JSON.parse(data) : decode(data))),
  stamp: (at) => new Date(at),
};
const text: StreamCodec = { kind: 'text', write: (message) => JSON.stringify(message), read: reader(jsonIn), stamp: instant };
const binary: StreamCodec = { ...text, kind: 'binary', write: (message) => new TextEncoder().encode(JSON.stringify(message)) };

/** The encoding an upgrade's content type asks for; `usual` when it asks for none. */
export function codecOf(headers: Readonly<Record<string, string>>, usual: 'text' | 'binary'): StreamCodec {
  const type = headers['content-type'] ?? '';
  if (type.includes('msgpack')) return msgpack;
  if (type.includes('json') || usual === 'text') return text;
  return binary;
}
