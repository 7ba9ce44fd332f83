// What the three setups read of bars: pivots, means in order, exhaustion. Written for a rise; a fall is the same in a mirror.
import type { HighLowClose } from '../../market/indicators.ts';
import type { Way } from '../toolkit/way.ts';

/** A bar as a rise sees it: in a mirror what was low is high, so that one set of rules serves both ways. */
export const seenBy = (way: Way, bar: HighLowClose): HighLowClose =>
  way === 1 ? bar : { high: -bar.low, low: -bar.high, close: -bar.close };

export interface PivotRule {
  readonly pivot_wing_bars: number;
  readonly pivot_age_bars: number;
  readonly pivot_near_pct: number;
}

/**
 * The highest pivot among bars, oldest first, the last of which is the present one: a high that no bar within the wings exceeds,
 * old enough, and near enough to the highest high before the present bar. A high that another bar shares counts once. Mirrored bars
 * have negative prices; undefined where there is no such pivot.
 */
export function pivotHigh(bars: readonly HighLowClose[], rule: PivotRule): number | undefined {
  const { pivot_wing_bars: wing, pivot_age_bars: age, pivot_near_pct: near } = rule;
  const last = bars.length - 1;
  const highest = Math.max(...bars.slice(0, last).map((bar) => bar.high));
  const floor = highest - near * Math.abs(highest);
  let best: number | undefined;
  for (let i = wing; i <= last - Math.max(age, wing); i++) {
    const { high } = bars[i] as HighLowClose;
    if (high < floor || (best !== undefined && high <= best)) continue;
    if (bars.slice(i - wing, i + wing + 1).every((bar) => bar.high <= high)) best = high;
  }
  return best;
}

/** The close of a bar lies in the upper half of its range. */
export const closesHigh = (bar: HighLowClose): boolean => bar.close > (bar.high + bar.low) / 2;
