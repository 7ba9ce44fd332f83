// The exchange's certificate and key: the operator's own files, or a pair that it makes for itself once and keeps.
import { X509Certificate } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { certifyLoopback } from '../exchange/wire/certificate.ts';
import { fail } from './exit.ts';

export interface TlsFiles {
  readonly cert: string;
  readonly key: string;
  /** Where the certificate is, for clients that are to trust it. */
  readonly certFile: string;
}

const DAY_MS = 86_400_000;
const VALID_DAYS = 825;

function read(path: string, flag: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    return fail(2, `wsb: ${flag}: ${path} cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** The last instant a certificate is good for; undefined for what is none. */
function validUntil(pem: string): number | undefined {
  try {
    return Date.parse(new X509Certificate(pem).validTo);
  } catch {
    return undefined;
  }
}

/** A pair of its own goes on being used until it expires, so that clients have to be told once. */
async function ownPair(dir: string, now: number): Promise<TlsFiles> {
  const [certFile, keyFile] = [join(dir, 'tls-cert.pem'), join(dir, 'tls-key.pem')];
  if (existsSync(certFile) && existsSync(keyFile)) {
    const cert = readFileSync(certFile, 'utf8');
    if ((validUntil(cert) ?? 0) > now + DAY_MS) return { cert, key: readFileSync(keyFile, 'utf8'), certFile };
  }
  const made = await certifyLoopback(now - DAY_MS, now + VALID_DAYS * DAY_MS);
  writeFileSync(keyFile, made.key, { mode: 0o600 });
  writeFileSync(certFile, made.cert, { mode: 0o644 });
  return { ...made, certFile };
}

/** Exits 2 with a sentence when only one of the two files is given, or one cannot be read. */
export async function tlsFiles(dir: string, certFile: string | undefined, keyFile: string | undefined, now: number): Promise<TlsFiles> {
  if (certFile === undefined && keyFile === undefined) return ownPair(dir, now);
  if (certFile === undefined || keyFile === undefined)
    return fail(2, 'wsb: --tls-cert and --tls-key belong together: give both, or neither');
  return { cert: read(certFile, '--tls-cert'), key: read(keyFile, '--tls-key'), certFile };
}
