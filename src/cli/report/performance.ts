// The performance report over a ledger: its journal, the parts of equity its strategies may use, and the benchmark its baseline marked.
import type { Config } from '../../config/load.ts';
import type { Json } from '../../domain/decision.ts';
import { type Owner, strategyId } from '../../domain/ids.ts';
import { tradingDay } from '../../domain/time.ts';
import type { Calendar } from '../../market/calendar.ts';
import type { IndexDay } from '../../risk/performance/benchmark.ts';
import { type PerformanceReport, performanceOf } from '../../risk/performance/performance.ts';
import type { Window } from '../../risk/performance/session-spans.ts';
import type { Caps } from '../../risk/performance/strategy-daily.ts';
import { readPerformanceJournal, rememberedBy } from '../../store/performance-journal.ts';
import type { Reader } from '../../store/reader.ts';
import { recall } from '../../strategies/index-baseline/ledger.ts';
import { baselineParams } from '../../strategies/index-baseline/params.ts';

export const BENCHMARK = 'SPY';
const BASELINE = strategyId('base');

/** The total return of a benchmark as the baseline marked it: official closes, dividends reinvested. Days without its close are not in it. */
export function markedIndex(memory: Json, benchmark: string): readonly IndexDay[] {
  return recall(memory).marks.flatMap(({ day, shadows }) => {
    const shadow = shadows[benchmark];
    return shadow === undefined || shadow.day !== day ? [] : [{ day: tradingDay(day), index: shadow.index }];
  });
}

/** What each strategy may have at risk, of equity: the baseline's ceilings, and its own target weight. */
export function capsOf({ strategies }: Pick<Config, 'strategies'>): Caps {
  const section = strategies.find(({ strategy }) => strategy.id === BASELINE);
  const params = baselineParams.safeParse(section?.params);
  if (!params.success) return new Map();
  const { ceilings, target_weight } = params.data;
  return new Map<Owner, number>([
    [BASELINE, target_weight],
    ...Object.entries(ceilings).map(([id, part]): [Owner, number] => [strategyId(id), part]),
  ]);
}

export interface PerformanceRequest {
  readonly calendar: Calendar;
  readonly window: Window;
  readonly caps: Caps;
  /** Of a year. */
  readonly riskFree: number;
}

/** The report; null where the window has no session day on which the broker was read twice. */
export function performanceReport(reader: Reader, request: PerformanceRequest): PerformanceReport | null {
  const index = markedIndex(rememberedBy(reader, BASELINE), BENCHMARK);
  return performanceOf(readPerformanceJournal(reader), { ...request, benchmark: { symbol: BENCHMARK, index } });
}
