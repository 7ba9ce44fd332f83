// A certificate that signs itself, for the loopback names of this machine: X.509 version 3 (RFC 5280), written in DER.
import { createHash, generateKeyPair, sign } from 'node:crypto';
import { promisify } from 'node:util';

export interface CertifiedKey {
  /** PEM text; whoever is to trust it is given this. */
  readonly cert: string;
  /** PEM text; whoever has it can pretend to be this exchange. */
  readonly key: string;
}

const BOOLEAN = 0x01;
const INTEGER = 0x02;
const BITS = 0x03;
const OCTETS = 0x04;
const OBJECT = 0x06;
const UTF8 = 0x0c;
const SHORT_TIME = 0x17;
const TIME = 0x18;
const SEQUENCE = 0x30;
const SET = 0x31;
/** Of the fields that are told apart by number: plain ones, and those that hold others. */
const numbered = (n: number): number => 0x80 | n;
const holding = (n: number): number => 0xa0 | n;

function lengthOf(size: number): readonly number[] {
  if (size < 0x80) return [size];
  const hex = size.toString(16);
  const bytes = [...Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, 'hex')];
  return [0x80 | bytes.length, ...bytes];
}

function der(tag: number, ...parts: readonly Uint8Array[]): Buffer {
  const body = Buffer.concat(parts);
  return Buffer.concat([Buffer.from([tag, ...lengthOf(body.length)]), body]);
}

/** An object identifier from its dotted text. */
function object(text: string): Buffer {
  const [first = 0, second = 0, ...rest] = text.split('.').map(Number);
  const bytes = [first * 40 + second];
  for (const part of rest) {
    const digits = [part & 0x7f];
    for (let left = part >> 7; left > 0; left >>= 7) digits.unshift(0x80 | (left & 0x7f));
    bytes.push(...digits);
  }
  return der(OBJECT, Buffer.from(bytes));
}

const bits = (data: Uint8Array, unused = 0): Buffer => der(BITS, Buffer.from([unused]), data);
const extension = (id: string, critical: boolean, value: Buffer): Buffer =>
  der(SEQUENCE, object(id), ...(critical ? [der(BOOLEAN, Buffer.from([0xff]))] : []), der(OCTETS, value));
/** Years before 2050 are written with two digits, as RFC 5280 wants it. */
function time(at: number): Buffer {
  const text = new Date(at).toISOString().replace(/[-:T]|\.\d+/g, '');
  return text < '2050' ? der(SHORT_TIME, Buffer.from(text.slice(2))) : der(TIME, Buffer.from(text));
}

const NAMES = ['localhost'];
const ADDRESSES = [Buffer.from([127, 0, 0, 1]), Buffer.concat([Buffer.alloc(15), Buffer.from([1])])];

/** What the certificate may be used for: to serve the loopback names, and nothing else; it vouches for no other certificate. */
function extensionsFor(publicKey: Buffer): Buffer {
  const names = [...NAMES.map((name) => der(numbered(2), Buffer.from(name))), ...ADDRESSES.map((address) => der(numbered(7), address))];
  return der(
    holding(3),
    der(
      SEQUENCE,
      extension('2.5.29.19', true, der(SEQUENCE)),
      extension('2.5.29.15', true, bits(Buffer.from([0b1000_0000]), 7)),
      extension('2.5.29.37', false, der(SEQUENCE, object('1.3.6.1.5.5.7.3.1'))),
      extension('2.5.29.14', false, der(OCTETS, createHash('sha1').update(publicKey).digest())),
      extension('2.5.29.17', false, der(SEQUENCE, ...names)),
    ),
  );
}

/**
 * A new key (P-256) and its certificate for `localhost`, 127.0.0.1 and ::1.
 * @param from first instant of its validity, UTC milliseconds
 * @param until last one
 */
export async function certifyLoopback(from: number, until: number): Promise<CertifiedKey> {
  const { publicKey, privateKey } = await promisify(generateKeyPair)('ec', { namedCurve: 'P-256' });
  const spki = publicKey.export({ type: 'spki', format: 'der' });
  const signature = der(SEQUENCE, object('1.2.840.10045.4.3.2'));
  const name = der(SEQUENCE, der(SET, der(SEQUENCE, object('2.5.4.3'), der(UTF8, Buffer.from('exchange on loopback')))));
  const serial = createHash('sha256').update(spki).digest().subarray(0, 16);
  serial[0] = ((serial[0] ?? 0) & 0x7f) | 0x40;
  const body = der(
    SEQUENCE,
    der(holding(0), der(INTEGER, Buffer.from([2]))),
    der(INTEGER, serial),
    signature,
    name,
    der(SEQUENCE, time(from), time(until)),
    name,
    spki,
    extensionsFor(spki),
  );
  const whole = der(SEQUENCE, body, signature, bits(sign('sha256', body, privateKey)));
  const lines = whole.toString('base64').match(/.{1,64}/g) ?? [];
  return {
    cert: ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----', ''].join('\n'),
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  };
}
