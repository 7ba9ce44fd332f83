// Recorded options: every contract of a block with what was seen of it, and when.

import type { Right } from '../../domain/instrument.ts';
import { parseOcc } from '../../domain/instrument.ts';
import { MINUTE, type TradingDay } from '../../domain/time.ts';
import { type Breaches, bothOf, breachesOf, noBreaches, tooMany } from '../../market/exercise-check.ts';
import { type Cells, eachRow, firstValue } from './csv.ts';
import { isChain, type TapeFile } from './manifest.ts';

/** What was known of a contract from an instant on. Null is "not recorded"; prices in micros. */
export interface OptionPoint {
  readonly source: 'chain' | 'minute';
  /** A chain row's own time, or the end of a minute row. */
  readonly at: number;
  readonly day: TradingDay;
  readonly bid: number | null;
  readonly ask: number | null;
  readonly bidSize: number | null;
  readonly askSize: number | null;
  readonly last: number | null;
  /** Contracts traded in the session so far. */
  readonly volume: number | null;
  readonly openInterest: number | null;
  /** The underlying as the same record gives it. */
  readonly spot: number | null;
}

export interface RecordedContract {
  readonly symbol: string;
  readonly underlying: string;
  readonly expiry: TradingDay;
  readonly right: Right;
  readonly strike: number;
  readonly style: 'american' | 'european';
  /** Since when it is known to be listed. */
  readonly since: number;
  /** In order of time. */
  readonly points: readonly OptionPoint[];
}

export interface OptionBook {
  readonly contracts: ReadonlyMap<string, RecordedContract>;
  /** Underlying prices that chain rows carried, in order of time: symbol, instant, micros. */
  readonly spots: readonly { readonly symbol: string; readonly at: number; readonly price: number }[];
  /** True where a price under three dollars was quoted off the nickel: the class trades in cents. */
  readonly pennyProgram: ReadonlySet<string>;
}

interface Draft extends Omit<RecordedContract, 'points'> {
  points: OptionPoint[];
}
/** One chain as seen at one instant. */
interface Snapshot extends Breaches {
  readonly underlying: string;
  readonly at: number;
  /** As the file has it, New York time. */
  readonly ts: string;
  /** Micros; the last of its rows'. */
  readonly spot: number | null;
}
interface Drafts {
  readonly contracts: Map<string, Draft>;
  readonly snapshots: Map<string, Snapshot>;
}

const MICROS = 1_000_000;
const NICKEL = 50_000;
const THREE_DOLLARS = 3_000_000;

const STATIC = ['occ', 'underlying', 'expiry', 'strike', 'right', 'style'];
const CHAIN = ['ts', ...STATIC, 'bid', 'ask', 'bid_size', 'ask_size', 'last', 'volume', 'open_interest', 'underlying_price'];
const MINUTES = ['ts', 'occ', 'bid', 'ask', 'bid_size', 'ask_size', 'last', 'volume'];
const CONTRACTS = [...STATIC, 'date', 'open_interest'];

/** The draft of the row's contract; made from the row when it is the first. */
function draftOf(drafts: Drafts, cells: Cells, since: () => number): Draft {
  const occ = cells.required('occ');
  const found = drafts.contracts.get(occ);
  if (found !== undefined) return found;
  const parsed = parseOcc(occ) ?? cells.fail('occ', `not an OCC symbol: "${occ}"`);
  const style = cells.required('style');
  if (style !== 'american' && style !== 'european') cells.fail('style', `neither american nor european: "${style}"`);
  if (cells.day('expiry') !== parsed.expiry) cells.fail('expiry', `${cells.text('expiry')} contradicts the symbol ${occ}`);
  if (cells.micros('strike') !== parsed.strike) cells.fail('strike', `${cells.text('strike')} contradicts the symbol ${occ}`);
  const draft: Draft = {
    symbol: occ,
    underlying: cells.required('underlying'),
    expiry: parsed.expiry,
    right: parsed.right,
    strike: parsed.strike,
    style: style === 'american' ? 'american' : 'european',
    since: since(),
    points: [],
  };
  drafts.contracts.set(occ, draft);
  return draft;
}

/** The New York date of a time in the tape's form, which is written in New York time. */
const dayIn = (cells: Cells): TradingDay => cells.text('ts').slice(0, 10) as TradingDay;

const snapshotKey = (underlying: string, at: number): string => `${underlying}@${String(at)}`;
const YEAR = 365 * 86_400_000;

/** Counts a row of a chain among those of its snapshot. */
function noteRow({ snapshots }: Drafts, draft: Draft, point: OptionPoint, ts: string): void {
  const { underlying, right } = draft;
  const { at, bid, ask, spot } = point;
  const key = snapshotKey(underlying, at);
  const before = snapshots.get(key) ?? { underlying, at, ts, spot, ...noBreaches };
  const years = Math.max(0, (Date.parse(draft.expiry) - at) / YEAR);
  const quotes = bid === null || ask === null ? [] : [{ right, strike: draft.strike / MICROS, bid: bid / MICROS, ask: ask / MICROS }];
  const breaches = spot === null ? noBreaches : breachesOf(quotes, spot / MICROS, years);
  snapshots.set(key, { ...before, spot: spot ?? before.spot, ...bothOf(before, breaches) });
}

function readChain(file: TapeFile, first: TradingDay, last: TradingDay, drafts: Drafts): void {
  eachRow(file.file, CHAIN, (cells) => {
    const at = cells.instant('ts');
    const day = dayIn(cells);
    if (day < first || day > last) return;
    const draft = draftOf(drafts, cells, () => at);
    const spot = cells.micros('underlying_price');
    const bid = cells.micros('bid');
    const ask = cells.micros('ask');
    const point: OptionPoint = {
      source: 'chain',
      at,
      day,
      bid,
      ask,
      bidSize: cells.number('bid_size'),
      askSize: cells.number('ask_size'),
      last: cells.micros('last'),
      volume: cells.number('volume'),
      openInterest: cells.number('open_interest'),
      spot,
    };
    noteRow(drafts, draft, point, cells.text('ts'));
    draft.points.push(point);
  });
}

/** A day's contract list is there at the open: nothing quoted, nothing traded, and that morning's open interest. */
function readContracts(file: string, span: Span, openOf: (day: TradingDay) => number | undefined, drafts: Drafts): void {
  eachRow(file, CONTRACTS, (cells) => {
    const day = cells.day('date');
    if (day < span.first || day > span.last) return;
    const at = openOf(day) ?? cells.fail('date', `${day} has no session`);
    draftOf(drafts, cells, () => at).points.push({
      source: 'minute',
      at,
      day,
      bid: null,
      ask: null,
      bidSize: null,
      askSize: null,
      last: null,
      volume: 0,
      openInterest: cells.number('open_interest'),
      spot: null,
    });
  });
}

/** The list of contracts that belongs to a file of option minutes. */
const contractsBeside = (file: TapeFile): string => file.file.replace(/\.csv(\.gz)?$/, '.contracts.csv$1');

/** What a file's contracts are written on; its manifest symbol may be their root instead (SPXW on SPX). */
export const underlyingOf = (file: TapeFile): string =>
  firstValue(isChain(file) ? file.file : contractsBeside(file), 'underlying') ?? file.symbol;

/** Minute rows carry what changed; the rest of the day's last row stands. A row is known when its minute has ended. */
function readMinutes(file: TapeFile, span: Span, openOf: (day: TradingDay) => number | undefined, drafts: Drafts): void {
  readContracts(contractsBeside(file), span, openOf, drafts);
  eachRow(file.file, MINUTES, (cells) => {
    const day = dayIn(cells);
    if (day < span.first || day > span.last) return;
    const occ = cells.required('occ');
    const draft = drafts.contracts.get(occ) ?? cells.fail('occ', `${occ} is not in the list of contracts beside this file`);
    const before = draft.points.findLast((p) => p.day === day);
    const quoted = cells.text('bid') !== '' || cells.text('ask') !== '';
    const bid = quoted ? cells.micros('bid') : (before?.bid ?? null);
    const ask = quoted ? cells.micros('ask') : (before?.ask ?? null);
    const traded = cells.number('volume');
    draft.points.push({
      source: 'minute',
      at: cells.instant('ts') + MINUTE,
      day,
      bid,
      ask,
      bidSize: quoted ? cells.number('bid_size') : (before?.bidSize ?? null),
      askSize: quoted ? cells.number('ask_size') : (before?.askSize ?? null),
      last: cells.micros('last') ?? before?.last ?? null,
      volume: traded === null ? (before?.volume ?? 0) : (before?.volume ?? 0) + traded,
      openInterest: before?.openInterest ?? null,
      spot: null,
    });
  });
}

export interface Span {
  readonly first: TradingDay;
  readonly last: TradingDay;
}

/** A class in which a price under three dollars was quoted off the nickel. */
function quotedInCents({ points }: Draft): boolean {
  const odd = (price: number | null): boolean => price !== null && price < THREE_DOLLARS && price % NICKEL !== 0;
  return points.some(({ bid, ask }) => odd(bid) || odd(ask));
}

/** Takes back what a snapshot said, contracts that nothing else tells of included. */
function withoutSnapshots(drafts: Drafts, keys: ReadonlySet<string>): void {
  for (const [symbol, draft] of keys.size === 0 ? [] : drafts.contracts) {
    const points = draft.points.filter((p) => p.source !== 'chain' || !keys.has(snapshotKey(draft.underlying, p.at)));
    const [first] = points;
    if (first === undefined) drafts.contracts.delete(symbol);
    else if (points.length < draft.points.length) drafts.contracts.set(symbol, { ...draft, points, since: first.at });
  }
}

/**
 * Reads the options of one block from its files. A chain of which too many quotes cannot be of a share at the price beside them is left
 * out whole, that price included: it was not cleaned, and which of its quotes are frozen it does not say.
 * @param openOf the instant at which a day's session opens; undefined for a closed day
 * @param leftOut told of each chain that was left out, in a sentence
 * @throws Error naming file, line and column
 */
export function readOptions(
  files: readonly TapeFile[],
  span: Span,
  openOf: (day: TradingDay) => number | undefined,
  leftOut: (words: string) => void,
): OptionBook {
  const drafts: Drafts = { contracts: new Map(), snapshots: new Map() };
  for (const file of files) {
    if (isChain(file)) readChain(file, span.first, span.last, drafts);
    else readMinutes(file, span, openOf, drafts);
  }
  for (const draft of drafts.contracts.values()) draft.points.sort((a, b) => a.at - b.at);
  const [refused, sound] = [[...drafts.snapshots.values()].filter(tooMany), [...drafts.snapshots.values()].filter((s) => !tooMany(s))];
  withoutSnapshots(drafts, new Set(refused.map((s) => snapshotKey(s.underlying, s.at))));
  for (const { underlying, ts, spot, judged, beyond } of refused) {
    const share = `a share at ${((spot ?? 0) / MICROS).toFixed(2)}`;
    leftOut(`${underlying}: chain of ${ts} left out: ${String(beyond)} of ${String(judged)} quotes cannot be of ${share}`);
  }
  return {
    contracts: drafts.contracts,
    spots: sound
      .flatMap(({ underlying, at, spot }) => (spot === null ? [] : [{ symbol: underlying, at, price: spot }]))
      .sort((a, b) => a.at - b.at),
    pennyProgram: new Set([...drafts.contracts.values()].filter(quotedInCents).map((d) => d.underlying)),
  };
}

/** The number of the last of points, in order of time, that is not later than an instant; -1 before the first. */
export function lastIndex(points: readonly { readonly at: number }[], at: number): number {
  let lo = 0;
  let hi = points.length;
  while (lo < hi) {
    const mid = (lo + hi) >> 1;
    if ((points[mid]?.at ?? Infinity) <= at) lo = mid + 1;
    else hi = mid;
  }
  return lo - 1;
}

/** The last point at or before an instant; undefined before the first. */
export const lastPoint = <P extends { readonly at: number }>(points: readonly P[], at: number): P | undefined =>
  points[lastIndex(points, at)];
