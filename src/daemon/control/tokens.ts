// Bearer tokens: `wsb_<id>_<secret>`, 256 random bits of secret, of which only the SHA-256 is ever kept.
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Token } from '../../domain/control.ts';

export interface Minted {
  readonly id: string;
  /** What its holder shows; it is not kept anywhere on our side. */
  readonly text: string;
  readonly hash: string;
}

const FORM = /^wsb_([a-f0-9]{8})_([A-Za-z0-9_-]{43})$/;
const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex');

/** A new token. Its hash is what the daemon is told; the text is for its holder alone. */
export function mintToken(): Minted {
  const id = randomBytes(4).toString('hex');
  const text = `wsb_${id}_${randomBytes(32).toString('base64url')}`;
  return { id, text, hash: hashOf(text) };
}

export type Shown =
  | { readonly ok: true; readonly token: Token }
  /** `actor` is the id that was shown, or a short hash of what was. */
  | { readonly ok: false; readonly actor: string; readonly why: string };

/** No token's hash: what an unknown id is compared with, so that it takes the time of a known one. */
const NOBODY = hashOf('nobody');

/** Whose token a text is. Expired and revoked ones are nobody's. @param wall this machine's clock */
export function recognise(text: string, tokens: ReadonlyMap<string, Token>, wall: number): Shown {
  const id = FORM.exec(text)?.[1];
  const token = id === undefined ? undefined : tokens.get(id);
  const shown = hashOf(text);
  const same = timingSafeEqual(Buffer.from(shown, 'hex'), Buffer.from(token?.hash ?? NOBODY, 'hex'));
  if (token === undefined || !same)
    return { ok: false, actor: token?.id ?? `unknown ${shown.slice(0, 12)}`, why: 'not a token of this daemon' };
  if (token.revokedWall !== null) return { ok: false, actor: token.id, why: 'the token was revoked' };
  if (token.expiresWall <= wall) return { ok: false, actor: token.id, why: 'the token has expired' };
  return { ok: true, token };
}
