// Chains to choose from: drawn ones, with everything wrong with some contracts that can be wrong, and recorded ones.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import { symbol } from '../../../src/domain/ids.ts';
import { type Option, occSymbol, parseOcc } from '../../../src/domain/instrument.ts';
import { price } from '../../../src/domain/money.ts';
import { addDays, tradingDay } from '../../../src/domain/time.ts';
import { yearsToExpiry } from '../../../src/market/expiry.ts';
import type { ChainRow } from '../../../src/market/quote.ts';
import { calendar, micros, nowOf, RATE, stock, type World, world } from '../../golden/strategies/world.ts';
import { value } from './own-math.ts';

export const NAME = symbol('SPY');

interface Cell {
  readonly option: Option;
  readonly bid: number | null;
  readonly ask: number | null;
  readonly bidSize: number | null;
  readonly askSize: number | null;
  readonly openInterest: number | null;
  readonly volume: number | null;
  readonly standard?: boolean;
  readonly tradable?: boolean;
  /** Sessions ago. */
  readonly interestAge?: number;
}

function rowOf(w: World, cell: Cell): ChainRow {
  const { option, bid, ask, bidSize, askSize, openInterest, volume, standard = true, tradable = true, interestAge = 1 } = cell;
  const quote =
    bid === null || ask === null
      ? null
      : {
          symbol: option.symbol,
          bid: price(micros(bid)),
          ask: price(micros(ask)),
          bidSize,
          askSize,
          at: w.at,
          seen: nowOf(w).mono,
          ageAtSightMs: 0,
          provenance: 'live' as const,
        };
  return {
    contract: {
      option,
      tradable,
      style: 'american',
      standard,
      pennyProgram: true,
      openInterest,
      openInterestDay: calendar.offset(w.day, -interestAge).day,
    },
    quote,
    volume,
    previousVolume: volume === null ? null : volume + 40,
  };
}

/** A healthy share with a chain of exactly these contracts. */
function listed(w: World, spot: number, cells: readonly Cell[]): World {
  const of = cells[0]?.option.underlying ?? NAME;
  stock(w, of, { spot });
  const rows = cells.map((cell) => rowOf(w, cell));
  w.board.setChain({ underlying: of, from: w.day, to: addDays(w.day, 1_100), rows, seen: nowOf(w).mono });
  w.board.setDividends(of, { dividends: [], from: w.day, to: addDays(w.day, 1_100), seen: nowOf(w) });
  return w;
}

/** A Tuesday. Days out that together hold an expiry for every strategy, and one that none of them wants. */
const DAY = '2025-03-11';
const sets = [
  [0, 1, 3, 10, 17, 24, 31, 38, 45, 66, 465, 556, 829],
  [0, 2, 6, 15, 20, 30, 37, 44, 51, 101, 437, 647],
  [0, 7, 9, 13, 22, 29, 35, 39, 70, 400, 538],
  [8, 50, 90],
] as const;

const chance = fc.double({ min: 0, max: 1, noNaN: true });
/** What befalls one contract. */
interface Mishap {
  readonly what: number;
  readonly half: number;
  readonly interest: number;
  readonly volume: number;
  readonly size: number;
}

/** A stream of numbers below 1 that a seed fixes (mulberry32). */
function stream(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let x = Math.imul(state ^ (state >>> 15), state | 1);
    x ^= x + Math.imul(x ^ (x >>> 7), x | 61);
    return ((x ^ (x >>> 14)) >>> 0) / 2 ** 32;
  };
}

function mishapOf(next: () => number): Mishap {
  const below = (n: number): number => Math.floor(next() * n);
  return { what: below(40), half: 0.002 + 0.09 * next(), interest: below(1_500), volume: below(900), size: below(26) };
}

export const drawn = fc.record({
  spot: fc.integer({ min: 2_400, max: 62_000 }).map((cents) => cents / 100),
  sigma: fc.double({ min: 0.14, max: 0.6, noNaN: true }),
  skew: fc.double({ min: -0.4, max: 0.1, noNaN: true }),
  steps: fc.constantFrom(0.01, 0.015, 0.025),
  set: fc.constantFrom(...sets),
  hour: fc.constantFrom(10, 11, 13),
  /** How often something is wrong with a contract. */
  trouble: fc.double({ min: 0, max: 0.9, noNaN: true }),
  seed: fc.integer({ min: 0, max: 2 ** 31 }),
  basis: chance,
});
export type Drawn = typeof drawn extends fc.Arbitrary<infer T> ? T : never;

const cent = (x: number): number => Math.round(x * 100) / 100;

/** One contract as quoted: sound, or with one thing wrong. */
function cellOf(option: Option, model: number, m: Mishap, trouble: number): Cell {
  const half = Math.max(0.01, model * m.half * (trouble + 0.3));
  const cell: Cell = {
    option,
    bid: cent(Math.max(0, model - half)),
    ask: Math.max(0.01, cent(model + half)),
    bidSize: m.size + 10,
    askSize: m.size + 10,
    openInterest: m.interest + 500,
    volume: m.volume + 500,
  };
  if (m.what >= trouble * 40) return cell;
  const wrong: readonly Partial<Cell>[] = [
    { bid: null },
    { bid: 0 },
    { bid: cell.ask },
    { standard: false },
    { tradable: false },
    { openInterest: null },
    { interestAge: 4 },
    { openInterest: m.interest },
    { volume: null },
    { volume: m.volume },
    { askSize: m.size },
    { bidSize: null },
  ];
  return { ...cell, ...wrong[m.what % wrong.length] };
}

/** A drawn chain on a real board. */
export function drawnWorld(d: Drawn): World {
  const w = world(DAY, d.hour, d.hour === 10 ? 15 : 0);
  const next = stream(d.seed);
  const cells = d.set.flatMap((dte) => {
    const expiry = addDays(tradingDay(DAY), dte);
    const years = yearsToExpiry(w.at, expiry, calendar);
    // Far out a strike for every step, near by narrower ones, so that each strategy has something in its band.
    const step = dte < 2 ? d.steps / 6 : dte < 15 ? d.steps / 2 : d.steps;
    return Array.from({ length: 33 }, (_, i) => i - 16).flatMap((k) => {
      const strike = Math.max(1, Math.round(d.spot * (1 + k * step) * (dte >= 400 ? 1 - 0.1 : 1)));
      return (['put', 'call'] as const).flatMap((right) => {
        const sigma = Math.max(0.05, d.sigma + d.skew * (strike / d.spot - 1));
        const model = value({ right, spot: d.spot, strike, years, rate: RATE, dividendYield: 0 }, sigma);
        const option = parseOcc(occSymbol(NAME, expiry, right, price(micros(strike))));
        const mishap = mishapOf(next);
        return option === undefined ? [] : [cellOf(option, model, mishap, d.trouble)];
      });
    });
  });
  const once = new Map(cells.map((cell) => [cell.option.symbol, cell]));
  return listed(w, d.spot, [...once.values()]);
}

export interface Snapshot {
  readonly at: string;
  readonly world: World;
  readonly spot: number;
  readonly name: ReturnType<typeof symbol>;
}

/** Recorded chains, one a moment. Sizes were not recorded: thirty on each side are assumed here. */
export function* snapshots(shared: string, file: string): Generator<Snapshot> {
  const [header = '', ...lines] = gunzipSync(readFileSync(join(shared, 'options', 'chains', `${file}.csv.gz`)))
    .toString()
    .trim()
    .split('\n');
  const names = header.split(',');
  const column = (name: string): number => names.indexOf(name);
  const moments = new Map<string, string[][]>();
  for (const line of lines) {
    const cells = line.split(',');
    const at = cells[column('ts')] ?? '';
    const rows = moments.get(at) ?? [];
    if (rows.length === 0) moments.set(at, rows);
    rows.push(cells);
  }
  for (const [at, rows] of moments) {
    const number = (cells: readonly string[], name: string): number | null => {
      const text = cells[column(name)] ?? '';
      return text === '' ? null : Number(text);
    };
    const spot = number(rows[0] ?? [], 'underlying_price') ?? 0;
    const cells = rows.flatMap((row): readonly Cell[] => {
      const option = parseOcc(symbol(row[column('occ')] ?? ''));
      if (option === undefined) return [];
      return [
        {
          option,
          bid: number(row, 'bid'),
          ask: number(row, 'ask'),
          bidSize: 30,
          askSize: 30,
          openInterest: number(row, 'open_interest'),
          volume: number(row, 'volume'),
        },
      ];
    });
    const w = world(at.slice(0, 10), Number(at.slice(11, 13)), Number(at.slice(14, 16)));
    const name = cells[0]?.option.underlying ?? NAME;
    yield { at, world: listed(w, spot, cells), spot, name };
  }
}
