// Worlds that the worked examples of the lottery tickets share: SPY at 600 on a Tuesday at eleven, up with volume, its options of today.
import { symbol } from '../../../src/domain/ids.ts';
import type { Trade } from '../../../src/domain/trade.ts';
import { type LottoParams, lottoScannerParams } from '../../../src/strategies/lotto-scanner/params.ts';
import { addName as addReporting, type Told as ReportTold } from './earn-worlds.ts';
import { type ChainTerms, type Listed, list, nowOf, type Stock, stock, type World, world } from './world.ts';
import { dailyCloses, headlines, holding, intraday, trade } from './world-more.ts';

export const SPY = symbol('SPY');
export const TUESDAY = '2026-11-17';
export const SPOT = 600;
export const params = (over: Record<string, unknown> = {}): LottoParams =>
  lottoScannerParams.parse({ universe: ['SPY'], catalyst_universe: [], earnings_universe: [], ...over });

/** The calls of the first example, puts as dear, and strikes that keep the chain whole. */
export const smile: readonly Listed[] = [
  ...[592, 594, 596, 598, 600, 602].map((strike) => ({ strike, sigma: 0.17 })),
  { strike: 604, sigma: 0.165 },
  { strike: 605, sigma: 0.163 },
  { strike: 606, sigma: 0.161 },
  { strike: 607, sigma: 0.159 },
  { strike: 608, sigma: 0.157 },
  { strike: 609, sigma: 0.155 },
];

export interface Told {
  readonly name?: string;
  readonly day?: string;
  readonly hour?: number;
  readonly minute?: number;
  readonly spot?: number;
  /** First price of today; 0.75 % under the spot when left out. */
  readonly open?: number;
  /** Volume of each of the last three bars; 100,000 is usual. */
  readonly volume?: number;
  /** Part by which the price swings from close to close: 2 % is a third a year. */
  readonly swing?: number;
  readonly lastClose?: number;
  readonly strikes?: readonly Listed[];
  /** The expiry that is listed; today's when left out. */
  readonly expiry?: string;
  readonly terms?: ChainTerms;
  readonly stock?: Partial<Stock>;
  readonly news?: readonly { readonly minutesAgo: number; readonly text: string; readonly symbols?: readonly string[] }[];
  /** Minutes of today that nobody traded in, counted from the open. */
  readonly pause?: readonly [number, number];
}

const USUAL = 100_000;

/** Puts a moving name on a board. */
export function addName(w: World, told: Told = {}): void {
  const name = told.name ?? 'SPY';
  const spot = told.spot ?? SPOT;
  stock(w, name, { spot, dividendYield: 0.012, ...told.stock });
  const swing = told.swing ?? 0.02;
  const last = told.lastClose ?? spot * 0.995;
  dailyCloses(
    w,
    name,
    Array.from({ length: 40 }, (_, i) => (i % 2 === 1 ? last : last * (1 + swing))),
  );
  const minutes = Math.floor((w.at - nowAtOpen(w)) / 60_000);
  const open = told.open ?? spot * 0.9925;
  const count = Math.floor(minutes / 5);
  const today = Array.from({ length: count }, (_, i) => {
    const close = open + ((spot - open) * (i + 1)) / count + (i % 2 === 0 ? 0.002 * spot : 0);
    return {
      close: i === count - 1 ? spot : close,
      ...(i === 0 ? { open } : {}),
      volume: i >= count - 3 ? (told.volume ?? 260_000) : USUAL,
    };
  });
  intraday(w, name, { minutes: 5, today, usual: { close: spot, volume: () => USUAL } });
  const [from, to] = told.pause ?? [-1, -1];
  const each = Array.from({ length: minutes }, () => ({ close: spot, open: spot, volume: USUAL / 5 }));
  intraday(w, name, { minutes: 1, today: each, usual: { close: spot, volume: () => USUAL / 5 }, sessions: 0 });
  const record = w.board.intradayBars(symbol(name), 1);
  if (record !== undefined)
    w.board.setIntradayBars(symbol(name), 1, { ...record, bars: record.bars.filter((_, i) => i < from || i >= to) });
  if (told.news !== undefined) headlines(w, name, told.news);
  const terms = { half: 0.01, openInterest: 5_000, volume: 5_000, size: 100, ...told.terms };
  list(w, name, spot, told.expiry ?? w.day, told.strikes ?? smile, terms);
}

const nowAtOpen = (w: World): number => w.at - ((w.at - OFFSET) % DAY_MS);
const DAY_MS = 86_400_000;
/** 09:30 in New York in winter. */
const OFFSET = 14.5 * 3_600_000;

export function moved(told: Told = {}): World {
  const w = world(told.day ?? TUESDAY, told.hour ?? 11, told.minute ?? 0);
  addName(w, told);
  return w;
}

/** A name that reports tonight, its closes rising (or falling) into it. */
export function reportsTonight(told: ReportTold & { readonly falling?: boolean } = {}): World {
  const w = { ...world('2027-01-26', 15, 40), slot: 'earnings' };
  addReporting(w, 'XYZ', told);
  const record = w.board.dailyBars(symbol('XYZ'));
  const bars = record?.bars ?? [];
  const tilted = bars.map((bar, i) => {
    const back = bars.length - 1 - i;
    const close =
      back >= 25 ? bar.close : Math.round((bar.close * (1 + ((told.falling === true ? 1 : -1) * back) / 1_000)) / 10_000) * 10_000;
    return {
      ...bar,
      close: close as typeof bar.close,
      low: Math.min(bar.low, close) as typeof bar.low,
      high: Math.max(bar.high, close) as typeof bar.high,
    };
  });
  w.board.setDailyBars(symbol('XYZ'), tilted, nowOf(w).mono);
  return w;
}

export interface HeldTold {
  readonly units?: number;
  readonly left?: number;
  readonly entry?: number;
  readonly play?: 'momentum' | 'catalyst' | 'earnings';
  readonly openedDay?: string;
  readonly expiry?: string;
  readonly name?: string;
}

/** Calls at 606 bought at eleven. */
export const bought = (told: HeldTold = {}): Trade =>
  trade({
    owner: 'lotto',
    name: told.name ?? 'SPY',
    legs: [{ expiry: told.expiry ?? TUESDAY, right: 'call', strike: 606, side: 'buy' }],
    units: told.units ?? 6,
    ...(told.left === undefined ? {} : { left: told.left }),
    entry: told.entry ?? 0.37,
    openedDay: told.openedDay ?? TUESDAY,
    openedAt: '11:00',
    thesis: { play: told.play ?? 'momentum', pHit: 0.1873, level: 605.007 },
  });

/** The position with its call bid at a price. */
export function heldAt(bid: number, of: Trade, hour = 12, minute = 0, told: Told = {}): World {
  const strikes = smile.map((row) => (row.strike === 606 ? { ...row, call: [bid, bid + 0.02] as const } : row));
  return holding(moved({ hour, minute, strikes, ...told }), of);
}

/** A play of the same week that is over. */
export const over = (name: string, day: string): Trade =>
  trade({
    owner: 'lotto',
    name,
    legs: [{ expiry: '2026-11-20', right: 'call', strike: 100, side: 'buy' }],
    units: 1,
    entry: 0.5,
    openedDay: day,
    closed: { day, exit: 'TRAIL', realized: -20 },
  });
