import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import { addDays, tradingDay } from '../../../../src/domain/time.ts';
import { openTape } from '../../../../src/exchange/tape/tape.ts';
import { usCalendar } from '../../../../src/market/calendar.ts';
import { folderOf } from './folder-of.ts';

const shared = process.env['WSB_SHARED'];
const calendar = usCalendar();
const folders: string[] = [];
afterAll(() => {
  for (const dir of folders) rmSync(dir, { recursive: true });
});

const tapeOf = (file: string, day: string) => {
  const text = gunzipSync(readFileSync(join(shared ?? '', 'options', file))).toString();
  const dir = folderOf([{ path: 'options/chains/NVDA.csv', kind: 'option chain', symbol: 'NVDA', from: day, to: day, text }]);
  folders.push(dir);
  return openTape({ dir, calendar, quotes: 'held' });
};

describe.skipIf(shared === undefined)('recorded chains that were not cleaned (WSB_SHARED)', { timeout: 60_000 }, () => {
  it.each([
    [
      'dirty/NVDA_2025-11-28.csv.gz',
      '2025-11-28',
      /^NVDA: chain of 2025-11-28T12:59-05:00 left out: \d{4} of \d{4} quotes cannot be of a share at 1295\.16$/,
    ],
    [
      'dirty/NVDA_2025-12-04.csv.gz',
      '2025-12-04',
      /^NVDA: chain of 2025-12-04T15:18-05:00 left out: \d{4} of \d{4} quotes cannot be of a share at 182\.65$/,
    ],
  ])('%s is not played: it lists no contract at any time', (file, on, words) => {
    const tape = tapeOf(file, on);
    const day = tradingDay(on);
    const close = calendar.session(day)?.close ?? 0;
    for (let at = tape.firstInstant; at <= close; at += 60_000) {
      expect(tape.contracts('NVDA', day, addDays(day, 1_000), at, true)).toEqual([]);
      expect(tape.quote('NVDA', at)).toBeUndefined();
    }
    expect(tape.report().assumptions.some((said) => words.test(said))).toBe(true);
  });

  it.each(['2014-06-06', '2015-01-02', '2018-01-02', '2021-01-04', '2025-11-24', '2026-02-11'])(
    'and nothing of the block of %s is left out',
    (from) => {
      const tape = openTape({ dir: shared ?? '', calendar, quotes: 'held', from: tradingDay(from) });
      const end = tape.lastInstant ?? 0;
      const names = ['AAPL', 'AMZN', 'GOOG', 'META', 'NFLX', 'NVDA', 'QQQ', 'SPX', 'SPXW', 'SPY'];
      const listed = names.map((name) => tape.contracts(name, tradingDay(from), addDays(tradingDay(from), 1_000), end, true).length);
      expect(Math.max(...listed)).toBeGreaterThan(0);
      expect(tape.report().assumptions.filter((said) => said.includes('left out'))).toEqual([]);
    },
  );
});
