import { describe, expect, it } from 'vitest';
import { symbol } from '../../../src/domain/ids.ts';
import { type EpochMs, epochMs, HOUR, after as later, MINUTE, monoMs, type Now } from '../../../src/domain/time.ts';
import { judgeLevel } from '../../../src/market/index-level.ts';
import { judgeNews, mergeNews, type NewsItem, type SeenNews } from '../../../src/market/news.ts';

const gme = symbol('GME');
const noon = epochMs(Date.parse('2026-11-23T17:00:00Z'));
const now = (at: EpochMs = noon): Now => ({ exchange: at, mono: monoMs(100_000), speed: 1 });
const item = (id: string, minutesAgo: number): NewsItem => ({ id, at: later(noon, -minutesAgo * MINUTE), headline: id, symbols: [gme] });
const record = (items: readonly NewsItem[], over: Partial<SeenNews> = {}): SeenNews => ({
  items,
  from: later(noon, -25 * HOUR),
  seen: now(later(noon, -MINUTE)),
  ...over,
});

describe('headlines', () => {
  const ask = (seen: SeenNews | undefined, maxAgeMs = HOUR) => {
    const answer = judgeNews(seen, gme, maxAgeMs, 5 * MINUTE, now());
    return answer.known ? answer.value.map((n) => n.id) : answer.code;
  };

  it('are those of at most the age asked for, and of no later instant', () => {
    expect(ask(record([item('old', 61), item('edge', 60), item('young', 1), item('future', -1)]))).toEqual(['edge', 'young']);
    expect(ask(record([]))).toEqual([]);
  });

  it.each([
    ['never asked for', undefined, HOUR],
    ['asked for too long ago', record([], { seen: now(later(noon, -6 * MINUTE)) }), HOUR],
    ['not asked for that far back', record([]), 26 * HOUR],
  ])('are unknown when %s: silence and no answer differ', (_, seen, age) => expect(ask(seen, age)).toBe('NEWS_UNKNOWN'));

  it('merge by id in order of time, the old ones dropped', () => {
    const merged = mergeNews(
      [item('a', 90), item('b', 30)],
      [item('c', 40), { ...item('b', 30), headline: 'corrected' }],
      later(noon, -HOUR),
    );
    expect(merged.map((n) => n.headline)).toEqual(['c', 'corrected']);
  });
});

describe('the level of an index', () => {
  const vix = symbol('VIX');
  const level = (seen: number, ageAtSightMs = 0) => ({ value: 17.35, at: noon, seen: monoMs(seen), ageAtSightMs });
  it.each([
    ['a minute old', level(40_000), undefined],
    ['older', level(39_999), 'VIX_UNKNOWN'],
    ['already old when we had it', level(99_000, 59_001), 'VIX_UNKNOWN'],
    ['never seen', undefined, 'VIX_UNKNOWN'],
  ])('%s', (_, seen, code) => {
    const answer = judgeLevel(seen, vix, MINUTE, now());
    expect(answer.known ? undefined : answer.code).toBe(code);
  });
});
