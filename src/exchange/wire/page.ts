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

/** Where a page over several lists begins: which list, and which item of it. */
export interface Place {
  readonly list: number;
  readonly item: number;
}

/** The place a token stands for; the beginning without one. A refusal for a token that was never handed out. */
export function placeOf(token: string | undefined): Place {
  if (token === undefined) return { list: 0, item: 0 };
  const match = /^(\d{1,5})\.(\d{1,9})$/.exec(Buffer.from(token, 'base64').toString('latin1'));
  if (match === null) throw badRequest(422, 40010001, `invalid page_token: ${token}`);
  return { list: Number(match[1]), item: Number(match[2]) };
}

export const placeToken = ({ list, item }: Place): string => Buffer.from(`${String(list)}.${String(item)}`, 'latin1').toString('base64');

/** One page of a list that is in memory already. */
export function pageOf<T>(all: readonly T[], limit: number, token: string | undefined): Page<T> {
  const from = offsetOf(token);
  const to = from + limit;
  return { items: all.slice(from, to), next: to < all.length ? tokenOf(to) : null };
}
