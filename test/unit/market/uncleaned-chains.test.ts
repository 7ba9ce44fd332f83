// What strategies are shown of recorded chains that were not cleaned, had they been served by a data source as they stand.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { symbol } from '../../../src/domain/ids.ts';
import { type Option, parseOcc } from '../../../src/domain/instrument.ts';
import { addDays, daysBetween, type EpochMs, epochMs, monoMs, type TradingDay } from '../../../src/domain/time.ts';
import { createBoard } from '../../../src/market/board.ts';
import { usCalendar } from '../../../src/market/calendar.ts';
import type { ChainRow } from '../../../src/market/quote.ts';
import { defaultViewLimits, type MarketView, viewOf } from '../../../src/market/view.ts';
import { quoteOf } from './chains.ts';

const shared = process.env['WSB_SHARED'];
const calendar = usCalendar();
const nvda = symbol('NVDA');
const seen = { seen: monoMs(0) };

interface Recorded {
  readonly at: EpochMs;
  readonly day: TradingDay;
  readonly spot: number;
  readonly rows: readonly ChainRow[];
}

/** The rows of one moment of a file. */
function recorded(file: string, moment: string): Recorded {
  const [header = '', ...lines] = gunzipSync(readFileSync(join(shared ?? '', 'options', file)))
    .toString()
    .trim()
    .split('\n');
  const columns = new Map(header.split(',').map((name, i) => [name, i]));
  const own = lines.map((line) => line.split(',')).filter(([ts]) => ts === moment);
  const cell = (cells: readonly string[] | undefined, name: string): string => cells?.[columns.get(name) ?? -1] ?? '';
  const rows = own.map((cells): ChainRow => {
    const option = parseOcc(symbol(cell(cells, 'occ'))) as Option;
    const [bid, ask] = [cell(cells, 'bid'), cell(cells, 'ask')];
    const facts = {
      tradable: true,
      style: 'american' as const,
      standard: true,
      openInterest: 500,
      openInterestDay: null,
      pennyProgram: true,
    };
    const quote = bid === '' || ask === '' ? null : quoteOf(option.symbol, Number(bid), Number(ask), seen);
    return { contract: { option, ...facts }, quote, volume: 100, previousVolume: 100 };
  });
  const at = epochMs(Date.parse(moment));
  return { at, day: calendar.dayOf(at), spot: Number(cell(own[0], 'underlying_price')), rows };
}

/** What a strategy sees that asks for the expiries of a window, the share being quoted at a price. */
function look({ at, day, rows }: Recorded, spot: number, window: Window): MarketView {
  const board = createBoard();
  const [from, to] = [addDays(day, window[0]), addDays(day, window[1])];
  const inside = rows.filter(({ contract: { option } }) => option.expiry >= from && option.expiry <= to);
  board.setQuote(quoteOf('NVDA', spot - 0.01, spot + 0.01, seen));
  board.setChain({ underlying: nvda, from, to, rows: inside, seen: monoMs(0) });
  const now = { exchange: at, mono: monoMs(1_000), speed: 1 };
  return viewOf(board, { now, calendar, rate: 0.037, dividendYields: new Map(), limits: defaultViewLimits, assumed: new Map() });
}

type Window = readonly [from: number, to: number];
/** Calendar days to expiry that the strategies ask for. */
const windows: Readonly<Record<string, Window>> = {
  'wheel and dcs': [7, 66],
  dip: [21, 45],
  swing: [7, 30],
  mwk: [2, 9],
  zdte: [0, 0],
  lotto: [0, 5],
  'lotto and earn, about a report': [0, 45],
  leaps: [400, 800],
};

/** Contracts that may be entered, and the reasons against the others. */
function judged(view: MarketView): { readonly fit: readonly Option[]; readonly against: Readonly<Record<string, number>> } {
  const chain = view.chain(nvda);
  const fit: Option[] = [];
  const against: Record<string, number> = {};
  for (const { contract } of chain.known ? chain.value.rows : []) {
    const quote = view.entryQuote(contract.option.symbol);
    if (quote.known) fit.push(contract.option);
    else against[quote.code] = (against[quote.code] ?? 0) + 1;
  }
  return { fit, against };
}

const codeOf = (view: MarketView): string | undefined => {
  const chain = view.chain(nvda);
  return chain.known ? undefined : chain.code;
};

describe.skipIf(shared === undefined)('recorded chains that were not cleaned (WSB_SHARED)', { timeout: 60_000 }, () => {
  const stale = shared === undefined ? undefined : recorded('dirty/NVDA_2025-11-28.csv.gz', '2025-11-28T12:59-05:00');
  const ghostly = shared === undefined ? undefined : recorded('dirty/NVDA_2025-12-04.csv.gz', '2025-12-04T15:18-05:00');
  const clean = shared === undefined ? undefined : recorded('chains/NVDA_2025-11_2025-12.csv.gz', '2025-12-04T15:18-05:00');

  it.each(Object.entries(windows))('beside another share’s price: nothing of it is shown to %s', (_, window) => {
    if (stale === undefined) throw new Error('no data');
    expect(['CHAIN_INCONSISTENT', 'CHAIN_EMPTY']).toContain(codeOf(look(stale, stale.spot, window)));
  });

  it.each(['wheel and dcs', 'dip', 'swing', 'lotto and earn, about a report'])(
    'with contracts of before a split among them: nothing is shown to %s, the right price beside them or not',
    (who) => {
      if (stale === undefined || ghostly === undefined) throw new Error('no data');
      const window = windows[who] as Window;
      expect(codeOf(look(stale, 177, window))).toBe('CHAIN_INCONSISTENT');
      expect(codeOf(look(ghostly, ghostly.spot, window))).toBe('CHAIN_INCONSISTENT');
    },
  );

  it.each(['mwk', 'lotto', 'leaps'])(
    'in expiries that such contracts never had: %s is shown what a cleaned chain holds, and no more',
    (who) => {
      if (ghostly === undefined || clean === undefined) throw new Error('no data');
      const { fit, against } = judged(look(ghostly, ghostly.spot, windows[who] as Window));
      const kept = new Set(clean.rows.map((row) => row.contract.option.symbol));
      expect(fit.length).toBeGreaterThan(50);
      expect(fit.filter((option) => !kept.has(option.symbol))).toEqual([]);
      expect(Object.keys(against).every((code) => code.startsWith('QUOTE_'))).toBe(true);
    },
  );

  it('each contract of before the split, judged by itself, is refused with the code of what is wrong', () => {
    if (ghostly === undefined || clean === undefined) throw new Error('no data');
    const kept = new Set(clean.rows.map((row) => row.contract.option.symbol));
    const counts = new Map<string, number>();
    for (const expiry of new Set(ghostly.rows.map((row) => row.contract.option.expiry))) {
      const days = daysBetween(ghostly.day, expiry);
      const view = look(ghostly, ghostly.spot, [days, days]);
      for (const { contract } of ghostly.rows.filter((row) => row.contract.option.expiry === expiry)) {
        const quote = view.entryQuote(contract.option.symbol);
        if (kept.has(contract.option.symbol)) continue;
        const code = quote.known ? 'none' : quote.code;
        counts.set(code, (counts.get(code) ?? 0) + 1);
      }
    }
    expect(counts.get('none')).toBeUndefined();
    expect(counts.get('QUOTE_BEYOND_BOUNDS')).toBeGreaterThan(1_000);
    expect(counts.get('QUOTE_NOT_MONOTONE')).toBeGreaterThan(100);
  });

  it('and the same moment, cleaned, is shown to all but those whose expiry is not listed', () => {
    if (clean === undefined) throw new Error('no data');
    for (const [who, window] of Object.entries(windows)) {
      const view = look(clean, clean.spot, window);
      if (who === 'zdte') expect(codeOf(view)).toBe('NO_EXPIRY_IN_RANGE');
      else expect(judged(view).fit.length, who).toBeGreaterThan(50);
    }
  });
});
