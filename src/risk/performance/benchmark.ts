// A benchmark's total return between the marks of an account: closes with dividends reinvested, as an index.
import type { TradingDay } from '../../domain/time.ts';
import type { EquityMark } from './equity-curve.ts';

/** The index at a day's official close; only ratios of it mean anything. */
export interface IndexDay {
  readonly day: TradingDay;
  readonly index: number;
}

/** Returns from mark to mark by the day of the later one; a day whose close, or whose predecessor's, is not known is not in it. */
export function benchmarkReturns(index: readonly IndexDay[], marks: readonly EquityMark[]): ReadonlyMap<TradingDay, number> {
  const at = new Map(index.map((one) => [one.day, one.index]));
  return new Map(
    marks.flatMap(({ day }, i) => {
      const before = marks[i - 1];
      const [a, b] = [before === undefined || before.day === day ? undefined : at.get(before.day), at.get(day)];
      return a === undefined || b === undefined || !(a > 0) ? [] : [[day, b / a - 1] as const];
    }),
  );
}
