// Recorded option chains as a strategy would have seen them: one snapshot of one name at a time, and where the name ended later.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type Symbol, symbol } from '../../src/domain/ids.ts';
import { parseOcc } from '../../src/domain/instrument.ts';
import { price } from '../../src/domain/money.ts';
import { type EpochMs, epochMs, monoMs, type TradingDay } from '../../src/domain/time.ts';
import { eachRow } from '../../src/exchange/tape/csv.ts';
import type { Chain, ChainRow, Quote } from '../../src/market/quote.ts';

/** A chain file, and the daily bars that say where its name ended, as traded on those days. */
export interface RecordedSet {
  readonly name: string;
  readonly chain: string;
  readonly closes: string;
}

const yahoo = (name: string, span: string): RecordedSet => ({
  name: `${name} ${span.slice(0, 7)}`,
  chain: `options/chains/${name}_${span}.csv.gz`,
  closes: `bars/daily/${name}.splitadj.csv.gz`,
});

/**
 * Split-adjusted bars equal traded prices only after a name's last split, as they do for all of these; files that cross a split, and
 * names whose bars end before their chains begin, are not here.
 */
export const recordedSets: readonly RecordedSet[] = [
  { name: 'SPXW 2018-01', chain: 'options/chains/SPXW_2018-01.csv.gz', closes: 'index/SPX.csv.gz' },
  { name: 'SPY 2021', chain: 'options/chains/SPY_2021.csv.gz', closes: 'bars/daily/SPY.splitadj.csv.gz' },
  ...['AAPL', 'AMZN', 'GOOG', 'META', 'NFLX', 'NVDA'].map((name) => yahoo(name, '2025-11_2025-12')),
  ...['AAPL', 'NVDA', 'SPY'].map((name) => yahoo(name, '2026-02')),
];

/** A file of the folder that may be packed or not. */
function fileIn(folder: string, path: string): string {
  const plain = join(folder, path.replace(/\.gz$/, ''));
  return existsSync(plain) ? plain : join(folder, path);
}

export interface Snapshot {
  readonly at: EpochMs;
  /** Dollars. */
  readonly spot: number;
  readonly chain: Chain;
}

interface Draft {
  readonly at: EpochMs;
  readonly spot: number;
  readonly underlying: Symbol;
  readonly rows: ChainRow[];
}

const COLUMNS = ['ts', 'occ', 'underlying', 'style', 'bid', 'ask', 'underlying_price'];

/** An ask, and a bid that does not exceed it (0 when nobody bids): what a strategy takes for a quote. */
function quoteOf(name: Symbol, at: EpochMs, bid: number | null, ask: number | null): Quote | null {
  if (bid === null || ask === null || ask <= 0 || ask < bid) return null;
  return {
    symbol: name,
    bid: price(bid),
    ask: price(ask),
    bidSize: null,
    askSize: null,
    at,
    seen: monoMs(0),
    ageAtSightMs: 0,
    provenance: 'live',
  };
}

/** The snapshots of a file in order of time. Rows without a spot are left out: nothing can be reckoned from them. */
export function snapshotsOf(folder: string, { chain }: RecordedSet): readonly Snapshot[] {
  const drafts = new Map<number, Draft>();
  eachRow(fileIn(folder, chain), COLUMNS, (cells) => {
    const occ = cells.required('occ');
    const option = parseOcc(occ) ?? cells.fail('occ', `not an OCC symbol: "${occ}"`);
    const spot = cells.number('underlying_price');
    if (spot === null) return;
    const at = epochMs(cells.instant('ts'));
    const draft = drafts.get(at) ?? { at, spot, underlying: symbol(cells.required('underlying')), rows: [] };
    drafts.set(at, draft);
    const style = cells.text('style') === 'european' ? 'european' : 'american';
    const contract = {
      option,
      tradable: true,
      style,
      standard: true,
      openInterest: null,
      openInterestDay: null,
      pennyProgram: null,
    } as const;
    const quote = quoteOf(option.symbol, at, cells.micros('bid'), cells.micros('ask'));
    draft.rows.push({ contract, quote, volume: null, previousVolume: null });
  });
  return [...drafts.values()]
    .sort((a, b) => a.at - b.at)
    .map(({ at, spot, underlying, rows }) => {
      const expiries = rows.map((row) => row.contract.option.expiry).sort();
      const [from, to] = [expiries[0] as TradingDay, expiries.at(-1) as TradingDay];
      return { at, spot, chain: { underlying, from, to, rows, seen: monoMs(0) } };
    });
}

/** Closes by day, dollars. */
export function closesOf(folder: string, { closes }: RecordedSet): ReadonlyMap<string, number> {
  const found = new Map<string, number>();
  eachRow(fileIn(folder, closes), ['date', 'close'], (cells) => {
    const close = cells.number('close');
    if (close !== null) found.set(cells.day('date'), close);
  });
  return found;
}

/** The three-month Treasury yield published before a day, a fraction a year. */
export function ratesOf(folder: string): (day: TradingDay) => number | undefined {
  const published: (readonly [day: string, rate: number])[] = [];
  eachRow(fileIn(folder, 'rates/treasury_par_yields.csv.gz'), ['date', 'm3'], (cells) => {
    const percent = cells.number('m3');
    if (percent !== null) published.push([cells.day('date'), percent / 100]);
  });
  return (day) => published.findLast(([of]) => of < day)?.[1];
}
