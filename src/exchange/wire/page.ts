// Pages of a list: an opaque token that says where the next page begins.
import { badRequest } from './message.ts';

export interface Page<T> {
  readonly items: readonly T[];
  readonly next: string | null;
}

/** The offset a token stands for; 0 without one. A refusal for a token that was never handed out. */
export function offsetOf(token: string | undefined): number {
  if (token === undefined) return 0;
  const plain = Buffer.from(token, 'base64').toString('latin1');
  if (!/^\d{1,9}$/.test(plain)) throw badRequest(422, 40010001, `invalid page_token: ${token}`);
  return Number(plain);
}

export const tokenOf = (offset: number): string => Buffer.from(String(offset), 'latin1').toString('base64');

/** One page of a list that is in memory already. */
export function pageOf<T>(all: readonly T[], limit: number, token: string | undefined): Page<T> {
  const from = offsetOf(token);
  const to = from + limit;
  return { items: all.slice(from, to), next: to < all.length ? tokenOf(to) : null };
}
