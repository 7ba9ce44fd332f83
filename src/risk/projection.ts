// An order judged by what the book would be with it: passed, cut to the whole units that fit, or denied when none does.
import type { DenialCode } from '../domain/verdict.ts';
import { type Book, withUnit } from './portfolio/book.ts';
import type { Portfolio } from './portfolio/portfolio.ts';
import { toMicros } from './portfolio/rounding.ts';
import { deny, type Finding, pass, type RuleContext, resize, skip } from './rule.ts';

/** A figure of the book that has a ceiling. */
export interface Measure {
  readonly what: string;
  /** Dollars, with so many units of the order in the book. */
  readonly of: (book: Book, units: number) => number;
  /** Dollars. */
  readonly limit: number;
}

/** The ceilings of one rule, for the book as it is before the order; text where the rule does not ask. */
export type Measures = (portfolio: Portfolio, before: Book, unit: Book) => readonly Measure[] | string;

/** What a figure comes to in one book. */
export interface Reading {
  readonly measure: Measure;
  readonly observed: number;
}

/** How much of a ceiling is used; what is no number uses most. */
const use = ({ observed, measure }: Reading): number => (Number.isNaN(observed) ? Infinity : observed / measure.limit);

export const figuresOf = ({ observed, measure }: Reading) =>
  ({ observed: toMicros(observed), limit: toMicros(measure.limit), unit: 'usd_micros' }) as const;

/** The reading that uses most of its ceiling. */
export const tightestOf = (readings: readonly Reading[]): Reading | undefined => [...readings].sort((a, b) => use(b) - use(a))[0];

// Written so that NaN, of which every comparison is false, never fits.
const fits = ({ observed, measure }: Reading): boolean => observed <= measure.limit;

/** The most units below `asked`, which do not fit, that do; 0 when not even one does. What is returned was itself found to fit. */
function mostUnits(asked: number, holds: (units: number) => boolean): number {
  let [low, high] = [0, asked];
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (holds(middle)) low = middle;
    else high = middle;
  }
  return low;
}

/**
 * Judges an opening by figures of the book with it, both as held and with all working openings filled: each must hold in both. Exits are
 * exempt. Without a valued book, or where the order itself cannot be valued, nothing is opened.
 */
export function bounded(rule: DenialCode, c: RuleContext, measures: Measures): Finding {
  if (c.intent.kind === 'close') return skip(rule, 'exits are exempt');
  const unvalued = (code: string, why: string): Finding => deny(rule, { observed: code, limit: 'a valued book', unit: 'text' }, why);
  if (!c.portfolio.known) return unvalued(c.portfolio.code, c.portfolio.why);
  const portfolio = c.portfolio.value;
  const unit = portfolio.unitOf(c.strategy, c.intent.legs);
  if (!unit.known) return unvalued(unit.code, unit.why);
  const asked: { readonly before: Book; readonly of: readonly Measure[] }[] = [];
  for (const before of portfolio.books) {
    if (before === undefined) continue;
    const found = measures(portfolio, before, unit.value);
    if (typeof found === 'string') return skip(rule, found);
    asked.push({ before, of: found });
  }
  const readings = (units: number): readonly Reading[] =>
    asked.flatMap(({ before, of }) => {
      const book = withUnit(before, unit.value, units);
      return of.map((measure) => ({ measure, observed: measure.of(book, units) }));
    });
  const all = readings(c.qty);
  const tightest = tightestOf(all);
  if (tightest === undefined) return skip(rule, 'nothing to measure');
  if (all.every(fits)) return pass(rule, figuresOf(tightest));
  const most = mostUnits(c.qty, (units) => readings(units).every(fits));
  const why = `${tightest.measure.what} over its part of equity`;
  return most >= 1 ? resize(rule, figuresOf(tightest), most, why) : deny(rule, figuresOf(tightest), why);
}
