// How messages are written to and read from one socket: msgpack, or JSON in text or in binary frames.
import { decode, Encoder } from '@msgpack/msgpack';
import { instant } from './encode.ts';
import { recordOf } from './stream.ts';

type Fields = Readonly<Record<string, unknown>>;

export interface StreamCodec {
  readonly kind: 'msgpack' | 'text' | 'binary';
  /** Text goes as a text frame, bytes as a binary one. */
  write(message: unknown): string | Uint8Array;
  /** A frame as an object; undefined for anything that is none. */
  read(data: string | Uint8Array): Fields | undefined;
  /** One element of a list. Its instants, UTC milliseconds by key, are written as this encoding has them: msgpack timestamps, or RFC 3339. */
  piece(fields: Fields, stamps: Readonly<Record<string, number>>): Piece;
  /** The list of such elements, as `write` would write it. */
  list(pieces: readonly Piece[]): string | Uint8Array;
}

/** An element as it stands in a list of one encoding, to be written once for all the lists it is part of. */
export type Piece = string | Uint8Array;

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

/** Fields, and after them the instants as an encoding has them. */
const stamped =
  (stamp: (at: number) => unknown) =>
  (fields: Fields, stamps: Readonly<Record<string, number>>): Fields => {
    const whole: Record<string, unknown> = { ...fields };
    for (const key of Object.keys(stamps)) whole[key] = stamp(stamps[key] ?? Number.NaN);
    return whole;
  };
const asDates = stamped((at) => new Date(at));
const asTexts = stamped(instant);

const FIX_ARRAY = 0x90;
const ARRAY_16 = 0xdc;
const ARRAY_32 = 0xdd;
/** How a msgpack array of so many elements begins. */
function arrayHead(length: number): Uint8Array {
  if (length < 16) return Uint8Array.of(FIX_ARRAY | length);
  const long = length > 0xffff;
  const head = new DataView(new ArrayBuffer(long ? 5 : 3));
  head.setUint8(0, long ? ARRAY_32 : ARRAY_16);
  if (long) head.setUint32(1, length);
  else head.setUint16(1, length);
  return new Uint8Array(head.buffer);
}

const bytes = new TextEncoder();
const encoder = new Encoder();
const msgpack: StreamCodec = {
  kind: 'msgpack',
  write: (message) => encoder.encode(message),
  // Clients that negotiate msgpack may still send their own messages as JSON text.
  read: reader((data) => (typeof data === 'string' ? JSON.parse(data) : decode(data))),
  piece: (fields, stamps) => encoder.encode(asDates(fields, stamps)),
  list: (pieces) =>
    Buffer.concat([arrayHead(pieces.length), ...pieces.map((piece) => (typeof piece === 'string' ? bytes.encode(piece) : piece))]),
};
const jsonList = (pieces: readonly Piece[]): string => `[${pieces.join(',')}]`;
const text: StreamCodec = {
  kind: 'text',
  write: (message) => JSON.stringify(message),
  read: reader(jsonIn),
  piece: (fields, stamps) => JSON.stringify(asTexts(fields, stamps)),
  list: jsonList,
};
const binary: StreamCodec = {
  ...text,
  kind: 'binary',
  write: (message) => bytes.encode(JSON.stringify(message)),
  list: (pieces) => bytes.encode(jsonList(pieces)),
};

/** The encoding an upgrade's content type asks for; `usual` when it asks for none. */
export function codecOf(headers: Readonly<Record<string, string>>, usual: 'text' | 'binary'): StreamCodec {
  const type = headers['content-type'] ?? '';
  if (type.includes('msgpack')) return msgpack;
  if (type.includes('json') || usual === 'text') return text;
  return binary;
}
