// Walking pages to the end, with the two traps of paging closed: a token that repeats, and a walk that never ends.
import { AlpacaFault } from './faults.ts';

export interface Page<T> {
  readonly rows: readonly T[];
  /** What to ask the next page with; null on the last one. */
  readonly next: string | null;
}

const MOST_PAGES = 500;

/**
 * Every row of every page, in order.
 * @throws AlpacaFault ALPACA_SHAPE when a token repeats or the pages do not end: a partial read is no evidence
 */
export async function allPages<T>(read: (token: string | null) => Promise<Page<T>>): Promise<readonly T[]> {
  const rows: T[] = [];
  const seen = new Set<string>();
  let token: string | null = null;
  for (let page = 0; page < MOST_PAGES; page++) {
    const answer: Page<T> = await read(token);
    rows.push(...answer.rows);
    if (answer.next === null) return rows;
    if (seen.has(answer.next)) throw new AlpacaFault('ALPACA_SHAPE', `page token ${answer.next.slice(0, 60)} came twice`);
    seen.add(answer.next);
    token = answer.next;
  }
  throw new AlpacaFault('ALPACA_SHAPE', `more than ${String(MOST_PAGES)} pages`);
}

/** A list cut into runs of at most `size`. */
export function chunks<T>(list: readonly T[], size: number): readonly (readonly T[])[] {
  const out: (readonly T[])[] = [];
  for (let i = 0; i < list.length; i += size) out.push(list.slice(i, i + size));
  return out;
}
