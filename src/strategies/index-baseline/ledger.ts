// The shadow ledger: our own equity and what the same money would be worth in each benchmark, marked once a session.
import { z } from 'zod';
import { canonicalJson } from '../../base/canonical.ts';
import type { Json } from '../../domain/decision.ts';
import { reinvested } from '../../pricing/performance.ts';
import { judgement } from './standing.ts';

const holding = z.strictObject({
  /** The session of its last close. */
  day: z.string(),
  /** Units bought with our flows at our times, dividends reinvested. */
  units: z.number(),
  /** Dollars a unit, at the mark. */
  close: z.number(),
  /** Total-return index, 1 at the first mark. */
  index: z.number(),
});

const mark = z.strictObject({
  day: z.string(),
  /** Equity, dollars. */
  value: z.number(),
  /** External flow since the mark before, dollars; deposits are positive. */
  flow: z.number(),
  /** Sessions since the mark before; a return over more than one is chained, but is no daily observation. */
  sessions: z.int().min(0),
  shadows: z.record(z.string(), holding),
});

const result = z.strictObject({
  trade: z.string(),
  /** The day of its end. */
  day: z.string(),
  /** Dollars after fees, at the broker's prices. */
  booked: z.number(),
  /** With every fill half a quoted spread worse; null where one had no quote. */
  penalised: z.number().nullable(),
});

const harvest = z.strictObject({
  /** The day of the sale: what it was sold of is not bought again inside the window. */
  day: z.string(),
  fund: z.string(),
  replacement: z.string(),
  /** Shares of each that were held before the sale, and dollars a share of it. */
  held: z.number(),
  replacementHeld: z.number(),
  price: z.number(),
  /** Nothing is left to be bought for it. */
  done: z.boolean(),
});

const ledger = z.strictObject({
  v: z.literal(1),
  /** Time-weighted growth of a dollar since the first mark, marks no longer kept included. */
  growth: z.number(),
  firstDay: z.string().nullable(),
  marks: z.array(mark).readonly(),
  /** The last trade of the core holding: one direction a day. */
  traded: z.strictObject({ day: z.string(), side: z.enum(['buy', 'sell']) }).nullable(),
  /** By strategy: what its trades brought, the one closed first in front. */
  results: z.record(z.string(), z.array(result).readonly()).default({}),
  /** By strategy: its last verdict. */
  standings: z.record(z.string(), judgement).default({}),
  /** The month, YYYY-MM, of the last verdicts. */
  judged: z.string().nullable().default(null),
  /** The last tax loss that was sold. */
  harvest: harvest.nullable().default(null),
});

export type Shadow = Readonly<z.output<typeof holding>>;
export type Mark = Readonly<z.output<typeof mark>>;
export type Result = Readonly<z.output<typeof result>>;
export type Harvest = Readonly<z.output<typeof harvest>>;
export type Ledger = Readonly<z.output<typeof ledger>>;

const empty: Ledger = {
  v: 1,
  growth: 1,
  firstDay: null,
  marks: [],
  traded: null,
  results: {},
  standings: {},
  judged: null,
  harvest: null,
};

/** The ledger as remembered; null starts one. A memory of another shape cannot be continued, so a new series starts. */
export function recall(json: Json): Ledger {
  const parsed = ledger.safeParse(json);
  return parsed.success ? parsed.data : empty;
}

export const asJson = (value: Ledger): Json => value;
export const changed = (before: Json, after: Ledger): boolean => canonicalJson(before) !== canonicalJson(after);

interface Dated {
  readonly day: string;
  /** Dollars; a share, for a dividend. */
  readonly amount: number;
}

/** One session's figures, dollars. Flows and dividends may reach back: each counts once, after the mark it follows. */
export interface DayFigures {
  readonly day: string;
  readonly value: number;
  /** Sessions since the mark before. */
  readonly sessions: number;
  readonly flows: readonly Dated[];
  readonly benchmarks: Readonly<Record<string, { readonly close: number /** By ex-date. */; readonly dividends: readonly Dated[] }>>;
}

const since = (rows: readonly Dated[], after: string, until: string): number =>
  rows.reduce((total, row) => (row.day > after && row.day <= until ? total + row.amount : total), 0);

function shadowAfter(before: Shadow | undefined, figures: DayFigures, close: number, dividends: readonly Dated[]): Shadow {
  const { day } = figures;
  if (before === undefined) return { day, units: figures.value / close, close, index: 1 };
  // Flows arrive at the start of the day and buy at the previous close; then the day's dividend is reinvested at its close.
  const bought = before.units + since(figures.flows, before.day, day) / before.close;
  const dividend = since(dividends, before.day, day);
  return {
    day,
    units: reinvested(bought, dividend, close),
    close,
    index: before.index * reinvested(1, dividend, close) * (close / before.close),
  };
}

/** The ledger with a session added; a session already marked changes nothing. A benchmark without a close keeps its shadow as it was. */
export function withDay(before: Ledger, figures: DayFigures, keep: number): Ledger {
  const last = before.marks.at(-1);
  if (last !== undefined && last.day >= figures.day) return before;
  const shadows: { [symbol: string]: Shadow } = { ...last?.shadows };
  for (const [symbol, { close, dividends }] of Object.entries(figures.benchmarks))
    shadows[symbol] = shadowAfter(last?.shadows[symbol], figures, close, dividends);
  const { day, value } = figures;
  const flow = last === undefined ? 0 : since(figures.flows, last.day, day);
  const next: Mark = { day, value, flow, sessions: last === undefined ? 0 : figures.sessions, shadows };
  const growth = last === undefined ? 1 : (before.growth * value) / (last.value + flow);
  return { ...before, growth, firstDay: before.firstDay ?? day, marks: [...before.marks, next].slice(-keep) };
}

/** Daily returns, ours and a benchmark's, of the sessions where both are known and follow each other. */
export function pairedReturns(book: Ledger, benchmark: string): { readonly ours: readonly number[]; readonly theirs: readonly number[] } {
  const ours: number[] = [];
  const theirs: number[] = [];
  for (const [i, now] of book.marks.entries()) {
    const before = book.marks[i - 1];
    const a = before?.shadows[benchmark];
    const b = now.shadows[benchmark];
    if (before === undefined || a === undefined || b === undefined || now.sessions !== 1 || a.day !== before.day || b.day !== now.day)
      continue;
    ours.push(now.value / (before.value + now.flow) - 1);
    theirs.push(b.index / a.index - 1);
  }
  return { ours, theirs };
}
