// Headlines that name a symbol, and whether what is known of them is recent enough.
import type { Symbol } from '../domain/ids.ts';
import { absent, type Known, known } from '../domain/reasons.ts';
import type { EpochMs, Now } from '../domain/time.ts';

export interface NewsItem {
  /** The source's own, unique with it. */
  readonly id: string;
  /** When it was published, exchange time. */
  readonly at: EpochMs;
  readonly headline: string;
  /** Every symbol it names. */
  readonly symbols: readonly Symbol[];
}

export interface SeenNews {
  /** Oldest first. */
  readonly items: readonly NewsItem[];
  /** The source was asked for everything published from this instant on. */
  readonly from: EpochMs;
  readonly seen: Now;
}

/** A record with newer items merged in, by id, those published before `from` dropped. */
export function mergeNews(before: readonly NewsItem[], added: readonly NewsItem[], from: EpochMs): readonly NewsItem[] {
  const byId = new Map(before.map((item) => [item.id, item]));
  for (const item of added) byId.set(item.id, item);
  return [...byId.values()].filter((item) => item.at >= from).sort((a, b) => a.at - b.at || (a.id < b.id ? -1 : 1));
}

/**
 * Items of at most an age, oldest first. NEWS_UNKNOWN when the source was never asked with success, was asked too long ago, or
 * not as far back: no headline and no answer are different things.
 * @param maxAgeMs exchange milliseconds since publication
 * @param fetchMaxAgeMs exchange milliseconds since the source was asked
 */
export function judgeNews(
  record: SeenNews | undefined,
  name: Symbol,
  maxAgeMs: number,
  fetchMaxAgeMs: number,
  now: Now,
): Known<readonly NewsItem[]> {
  if (record === undefined) return absent('NEWS_UNKNOWN', `${name}: no headlines have been fetched; the data source may not serve news`);
  const age = now.exchange - record.seen.exchange;
  if (age > fetchMaxAgeMs)
    return absent('NEWS_UNKNOWN', `${name}: headlines were fetched ${String(age)} ms ago, allowed are ${String(fetchMaxAgeMs)}`);
  const since = now.exchange - maxAgeMs;
  if (since < record.from)
    return absent(
      'NEWS_UNKNOWN',
      `${name}: headlines are known for ${String(now.exchange - record.from)} ms, asked were ${String(maxAgeMs)}`,
    );
  return known(record.items.filter((item) => item.at >= since && item.at <= now.exchange));
}
