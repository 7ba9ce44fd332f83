// The table of docs/tape.md: on recorded markets each of the ten trades, or names what it lacks.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { strategies } from '../../src/strategies/registry.ts';
import { documentedDip, forgetRuns, type Played, play, shared } from './recorded.ts';

const MINUTE = 60_000;

const windows = {
  november: ['2025-11-26T14:55', '2025-11-26T15:40'],
  february: ['2026-02-11T14:55', '2026-02-11T15:40'],
  'a morning in february': ['2026-02-12T09:55', '2026-02-12T10:30'],
  'june 2014': ['2014-06-06T10:05', '2014-06-06T10:40'],
  'a quiet noon of june 2014': ['2014-06-06T12:55', '2014-06-06T13:45'],
  'january 2015': ['2015-01-27T15:00', '2015-01-27T15:35'],
  'august 2023': ['2023-08-03T10:05', '2023-08-03T10:40'],
} as const;
type Window = keyof typeof windows;

const played = new Map<Window, Played>();
const at = (window: Window): Played => {
  const found = played.get(window);
  if (found === undefined) throw new Error(`${window} was not played`);
  return found;
};
/** The codes a strategy passed over a name with. */
const why = (window: Window, strategy: string, name: string): readonly string[] => [...(at(window).codes(strategy).get(name) ?? [])];

describe.skipIf(shared === undefined)('the ten on WSB_SHARED, recorded markets', () => {
  beforeAll(async () => {
    const waiting = Object.entries(windows) as [Window, (typeof windows)[Window]][];
    const worker = async (): Promise<void> => {
      for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
        const [window, [from, until]] = next;
        const more = window === 'a quiet noon of june 2014' ? ['--config', documentedDip()] : [];
        played.set(window, await play(String(shared), from, until, more));
      }
    };
    await Promise.all([worker(), worker(), worker()]);
  }, 5 * MINUTE);
  afterAll(forgetRuns);

  it.each(Object.keys(windows) as Window[])('%s is played to its end, flat', (window) => {
    expect(at(window).code, at(window).stderr).toBe(0);
  });

  it.each<[string, Window, RegExp]>([
    ['base', 'november', /^SPY$/],
    ['wheel', 'november', /^NVDA\d{6}P\d{8}$/],
    ['dcs', 'november', /^AAPL\d{6}C\d{8}$/],
    ['leaps', 'february', /^NVDA27\d{4}C\d{8}$/],
    ['dip', 'a quiet noon of june 2014', /^AAPL140703C\d{8}$/],
  ])('%s trades in %s', (strategy, window, symbols) => {
    expect(at(window).filled(strategy).length).toBeGreaterThan(0);
    for (const symbol of at(window).filled(strategy)) expect(symbol).toMatch(symbols);
  });

  it.each<[string, Window, Readonly<Record<string, string>>]>([
    ['wheel', 'november', { AMZN: 'EARNINGS_UNKNOWN', META: 'UNDERLYING_CEILING', NFLX: 'TREND_TOO_WEAK', QQQ: 'QUOTE_MISSING' }],
    ['dcs', 'november', { NVDA: 'TREND_TOO_WEAK', NFLX: 'TREND_TOO_WEAK', GOOG: 'EARNINGS_UNKNOWN' }],
    ['leaps', 'november', { AMZN: 'COMPOSITE_TOO_LOW', NVDA: 'COMPOSITE_TOO_LOW', META: 'TREND_TOO_WEAK' }],
    ['leaps', 'february', { AMZN: 'OPTIONS_NOT_ENABLED', META: 'OPTIONS_NOT_ENABLED', CRWD: 'SYMBOL_NOT_TRADABLE' }],
    ['dip', 'june 2014', { AAPL: 'RUN_TOO_SMALL', NVDA: 'OPTIONS_NOT_ENABLED' }],
    ['zdte', 'a morning in february', { SPY: 'BARS_MISSING' }],
    ['zdte', 'august 2023', { SPY: 'NO_0DTE_LISTED' }],
    ['mwk', 'a morning in february', { AAPL: 'BARS_MISSING', NVDA: 'BARS_MISSING', META: 'OPTIONS_NOT_ENABLED' }],
    ['swing', 'a morning in february', { SPY: 'BARS_MISSING' }],
    ['swing', 'june 2014', { AAPL: 'BARS_SHORT', SPY: 'OPTIONS_NOT_ENABLED' }],
    ['lotto', 'a morning in february', { QQQ: 'BARS_MISSING' }],
    ['lotto', 'june 2014', { AAPL: 'BARS_SHORT', META: 'OPTIONS_NOT_ENABLED' }],
    ['earn', 'january 2015', { AAPL: 'EARNINGS_TIME_UNKNOWN', NVDA: 'NO_EVENT', SNOW: 'EARNINGS_UNKNOWN' }],
    ['earn', 'november', { AAPL: 'NO_EVENT', NVDA: 'NO_EVENT', META: 'EARNINGS_UNKNOWN' }],
  ])('%s names in %s why not: %o', (strategy, window, reasons) => {
    for (const [name, code] of Object.entries(reasons)) expect(why(window, strategy, name), name).toContain(code);
  });

  it('says something of every strategy, and no other than these five opens anything', () => {
    const all = [...played.values()];
    for (const { id } of strategies) {
      expect(
        all.some((run) => run.codes(id).size > 0 || run.filled(id).length > 0),
        id,
      ).toBe(true);
      if (!['base', 'wheel', 'dcs', 'leaps', 'dip'].includes(id))
        expect(
          all.flatMap((run) => run.opened(id)),
          id,
        ).toEqual([]);
    }
  });

  it('has options of AMZN and META in the block of november, and none in that of february', () => {
    for (const name of ['AMZN', 'META']) {
      expect(why('november', 'dcs', name), name).toEqual(['TREND_TOO_WEAK']);
      expect(why('february', 'dcs', name), name).toEqual(['OPTIONS_NOT_ENABLED']);
    }
  });
});
