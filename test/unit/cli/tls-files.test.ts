// Which certificate the exchange serves: the operator's, or its own, made once and kept until it expires.
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { tlsFiles } from '../../../src/cli/tls-files.ts';

const NOW = Date.parse('2026-11-23T15:00:00Z');
const DAY = 86_400_000;

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'tls-files-'));
});
afterEach(() => rmSync(dir, { recursive: true }));

it('makes a pair once, keeps the key to itself, and serves the same pair again', async () => {
  const made = await tlsFiles(dir, undefined, undefined, NOW);
  expect(made.certFile).toBe(join(dir, 'tls-cert.pem'));
  expect(readFileSync(made.certFile, 'utf8')).toBe(made.cert);
  expect(statSync(join(dir, 'tls-key.pem')).mode & 0o777).toBe(0o600);
  expect(await tlsFiles(dir, undefined, undefined, NOW + 800 * DAY)).toEqual(made);
});

it.each([
  ['has expired', 900, undefined],
  ['is damaged', 1, 'no certificate'],
])('makes another when its own %s', async (_name, days, text) => {
  const made = await tlsFiles(dir, undefined, undefined, NOW);
  if (text !== undefined) writeFileSync(made.certFile, text);
  const next = await tlsFiles(dir, undefined, undefined, NOW + days * DAY);
  expect(next.cert).not.toBe(made.cert);
  expect(readFileSync(next.certFile, 'utf8')).toBe(next.cert);
});

it("takes the operator's pair, both files or neither", async () => {
  const own = await tlsFiles(dir, undefined, undefined, NOW);
  const key = join(dir, 'tls-key.pem');
  expect(await tlsFiles(dir, own.certFile, key, NOW)).toEqual(own);
  await expect(tlsFiles(dir, own.certFile, undefined, NOW)).rejects.toThrow(/belong together/);
  await expect(tlsFiles(dir, join(dir, 'none.pem'), key, NOW)).rejects.toThrow(/--tls-cert: .*none\.pem cannot be read/);
});
