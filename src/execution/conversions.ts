// Which units became which others: read off the broker's own record, or off what it holds while that record is still to come.
import type { Activity, BrokerPosition } from '../domain/account.ts';
import type { Symbol } from '../domain/ids.ts';
import { type Option, parseOcc } from '../domain/instrument.ts';
import type { Position } from '../domain/position.ts';
import type { PositionDifference } from './reconcile.ts';

/** All units of one symbol became `total` of another, of all owners together; of the same one, for a split of shares. */
export interface ConversionEvent {
  readonly from: Symbol;
  readonly to: Symbol;
  /** Signed, of the sign of what was held; 0 when not one whole unit came of it. */
  readonly total: number;
}

/** Activities by which units become others: splits, changes of name, and what both do to options. */
export const isConversion = ({ type }: Pick<Activity, 'type'>): boolean => type === 'SPLIT' || type === 'NC' || type === 'OPCA';

/** The letters of an option's root: an adjusted contract's ends in a digit. */
const rootOf = (option: Option): string => option.underlying.replace(/\d$/, '');

/** True when an option may be what became of another: the same right and expiry, of the same name or of its successor. */
const mayFollow = (from: Option, to: Option, renamed: ReadonlyMap<string, string>): boolean =>
  from.right === to.right && from.expiry === to.expiry && (renamed.get(rootOf(from)) ?? rootOf(from)) === rootOf(to);

const byStrike = (a: Option, b: Option): number => a.strike - b.strike || (a.symbol < b.symbol ? -1 : 1);

/** Options that left and options that came, matched in the order of their strikes, which no adjustment changes. */
function optionPairs(
  gone: readonly Option[],
  come: readonly Option[],
  renamed: ReadonlyMap<string, string>,
): readonly (readonly [Option, Option])[] {
  const left = [...come].sort(byStrike);
  return [...gone].sort(byStrike).flatMap((from): readonly (readonly [Option, Option])[] => {
    const at = left.findIndex((to) => mayFollow(from, to, renamed));
    const to = left[at];
    if (to === undefined) return [];
    left.splice(at, 1);
    return [[from, to]];
  });
}

const optionsOf = (symbols: readonly Symbol[]): readonly Option[] =>
  symbols.flatMap((symbol) => {
    const option = parseOcc(symbol);
    return option === undefined ? [] : [option];
  });
const isShare = (symbol: Symbol): boolean => parseOcc(symbol) === undefined;

/**
 * What activities of one day converted, out of what is held. Their quantities add up by symbol, so that a row which takes the old units
 * and one which brings the new say the same as one row of the difference.
 * @param held signed units in our ledger, all owners together
 */
export function conversionsIn(rows: readonly Activity[], held: (symbol: Symbol) => number): readonly ConversionEvent[] {
  const sums = new Map<Symbol, number>();
  for (const { symbol, qty } of rows) if (symbol !== null && Number.isSafeInteger(qty)) sums.set(symbol, (sums.get(symbol) ?? 0) + qty);
  const gone = [...sums].filter(([symbol, qty]) => qty !== 0 && held(symbol) !== 0 && held(symbol) + qty === 0).map(([symbol]) => symbol);
  const come = [...sums].filter(([symbol, qty]) => qty !== 0 && !gone.includes(symbol)).map(([symbol]) => symbol);
  const events: ConversionEvent[] = [];
  const renamed = new Map<string, string>();
  const newName = come.filter((symbol) => isShare(symbol) && held(symbol) === 0);
  for (const from of gone.filter(isShare)) {
    const to = newName.shift();
    if (to !== undefined) renamed.set(from, to);
    events.push(to === undefined ? { from, to: from, total: 0 } : { from, to, total: sums.get(to) ?? 0 });
  }
  for (const symbol of come.filter(isShare)) {
    const [before, after] = [held(symbol), held(symbol) + (sums.get(symbol) ?? 0)];
    if (before !== 0 && after !== 0 && Math.sign(before) === Math.sign(after)) events.push({ from: symbol, to: symbol, total: after });
  }
  for (const [from, to] of optionPairs(optionsOf(gone), optionsOf(come), renamed))
    events.push({ from: from.symbol, to: to.symbol, total: sums.get(to.symbol) ?? 0 });
  return events;
}

/** A ratio nearer to one than this is no split: a trade of a few shares looks like it. */
const LEAST_CHANGE = 0.04;
/** Below this part of a share, cost says nothing: what the broker rounds, and a sale of one share. */
const ROUNDED = 0.001;

/**
 * True when units changed and cost did not, as in a split: a purchase adds to the cost, and a sale takes its part of it. What is left
 * out for a fraction that was paid in cash is less than the cost of one new share.
 */
export function isSplit(ours: { readonly qty: number; readonly cost: number }, theirs: Pick<BrokerPosition, 'net' | 'cost'>): boolean {
  if (typeof theirs.net !== 'number' || theirs.net === 0 || ours.qty === 0 || ours.cost === 0 || theirs.cost === 0) return false;
  if (Math.sign(theirs.net) !== Math.sign(ours.qty)) return false;
  const [before, after] = [Math.abs(ours.qty), Math.abs(theirs.net)];
  const exact = (after * Math.abs(ours.cost)) / Math.abs(theirs.cost);
  const fraction = exact - after;
  return Math.abs(exact / before - 1) >= LEAST_CHANGE && fraction > -ROUNDED && fraction < 1 - ROUNDED;
}

/** Units and cost of one symbol over all owners, as our ledger has them. */
function bookOf(positions: Iterable<Position>, symbol: Symbol): { readonly qty: number; readonly cost: number } {
  let [qty, cost] = [0, 0];
  for (const p of positions) {
    if (p.instrument.symbol !== symbol) continue;
    qty += p.qty;
    cost += p.cost;
  }
  return { qty, cost };
}

/** An option in place of another whose count grew as its strike shrank, or whose root alone changed. */
function replaces(from: Option, to: Option, gone: PositionDifference, come: PositionDifference): boolean {
  const count = come.theirs / gone.ours;
  if (!Number.isSafeInteger(count) || count < 1 || rootOf(from) !== rootOf(to)) return false;
  if (from.right !== to.right || from.expiry !== to.expiry) return false;
  if (count === 1) return from.strike === to.strike && from.underlying !== to.underlying;
  return from.underlying === to.underlying && Math.abs(to.strike * count - from.strike) <= (CENT / 2) * count;
}
const CENT = 10_000;

/** What of the differences a split explains, before the broker has said so. */
export function conversionsSeen(
  differences: readonly PositionDifference[],
  theirs: readonly BrokerPosition[],
  ours: readonly Position[],
): readonly ConversionEvent[] {
  const events: ConversionEvent[] = [];
  const taken = new Set<Symbol>();
  for (const d of differences) {
    const option = parseOcc(d.symbol);
    if (option === undefined) {
      const there = theirs.find((p) => p.symbol === d.symbol);
      if (there !== undefined && isSplit(bookOf(ours, d.symbol), there)) events.push({ from: d.symbol, to: d.symbol, total: d.theirs });
      continue;
    }
    if (d.theirs !== 0) continue;
    const found = differences.find((other) => {
      const to = parseOcc(other.symbol);
      return to !== undefined && other.ours === 0 && !taken.has(other.symbol) && replaces(option, to, d, other);
    });
    if (found === undefined) continue;
    taken.add(found.symbol);
    events.push({ from: d.symbol, to: found.symbol, total: found.theirs });
  }
  return events;
}
