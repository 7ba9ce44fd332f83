// The exchange's own certificate, read by somebody else's parser.
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { expect, it } from 'vitest';
import { certifyLoopback } from '../../../../src/exchange/wire/certificate.ts';

const YEAR = 365 * 86_400_000;
const FROM = Date.parse('2026-11-23T15:04:05Z');

it.each([
  ['before 2050', FROM + YEAR],
  ['after 2050', FROM + 30 * YEAR],
])('is valid from and until the instants it was made for, %s', async (_name, until) => {
  const read = new X509Certificate((await certifyLoopback(FROM, until)).cert);
  expect([Date.parse(read.validFrom), Date.parse(read.validTo)]).toEqual([FROM, until]);
});

it('is for the loopback names alone, signed by itself, and vouches for no other', async () => {
  const { cert, key } = await certifyLoopback(FROM, FROM + YEAR);
  const read = new X509Certificate(cert);
  expect(read.subject).toBe(read.issuer);
  expect(read.verify(read.publicKey)).toBe(true);
  expect(read.checkPrivateKey(createPrivateKey(key))).toBe(true);
  expect(read.ca).toBe(false);
  expect([read.checkHost('localhost'), read.checkIP('127.0.0.1'), read.checkIP('::1')]).not.toContain(undefined);
  expect([read.checkHost('example.com'), read.checkIP('10.0.0.1')]).toEqual([undefined, undefined]);
});

it('is another one each time', async () => {
  const [one, other] = await Promise.all([certifyLoopback(FROM, FROM + YEAR), certifyLoopback(FROM, FROM + YEAR)]);
  expect(new X509Certificate(one.cert).serialNumber).not.toBe(new X509Certificate(other.cert).serialNumber);
  expect(one.key).not.toBe(other.key);
});
