// Where a volatility stands in its own history: between its extremes (rank), and among its values (percentile).

export type Standing =
  /** A share, 0 to 1. */
  | { readonly kind: 'standing'; readonly share: number }
  | { readonly kind: 'absent'; readonly reason: 'no_history' | 'not_finite' | 'no_range' };

function faultOf(history: readonly number[], today: number): 'no_history' | 'not_finite' | undefined {
  if (history.length === 0) return 'no_history';
  return Number.isFinite(today) && history.every(Number.isFinite) ? undefined : 'not_finite';
}

/** (today - lowest) / (highest - lowest) of the history, today not part of it, held within 0 and 1: one extreme day sets the scale for all. */
export function rankWithin(history: readonly number[], today: number): Standing {
  const reason = faultOf(history, today);
  if (reason !== undefined) return { kind: 'absent', reason };
  let [low, high] = [Infinity, -Infinity];
  for (const past of history) [low, high] = [Math.min(low, past), Math.max(high, past)];
  if (high === low) return { kind: 'absent', reason: 'no_range' };
  return { kind: 'standing', share: Math.min(1, Math.max(0, (today - low) / (high - low))) };
}

/** The share of the history strictly below today. */
export function percentileWithin(history: readonly number[], today: number): Standing {
  const reason = faultOf(history, today);
  if (reason !== undefined) return { kind: 'absent', reason };
  return { kind: 'standing', share: history.filter((past) => past < today).length / history.length };
}
