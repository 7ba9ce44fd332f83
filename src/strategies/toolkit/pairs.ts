// Two strikes of one expiry by their deltas: the nearest to each target, and their neighbours.
import type { ReasonCode } from '../../domain/reasons.ts';
import { figure, holds, refuse, type Trial } from './gates.ts';
import { byDelta, type ValuedRow } from './select.ts';

export interface DeltaTarget {
  /** Compared without sign. */
  readonly target: number;
  readonly min: number;
  readonly max: number;
}

export interface Pair {
  readonly long: ValuedRow;
  readonly short: ValuedRow;
}

const NONE: ReasonCode = 'NO_STRIKE_IN_BAND';

/** The strike nearest a delta, then its neighbours below and above; NO_STRIKE_IN_BAND unless strikes lie on both sides of the target. */
export function* aroundDelta(what: string, rows: readonly ValuedRow[], target: number): Trial<readonly ValuedRow[]> {
  const sorted = [...rows].sort((a, b) => a.option.strike - b.option.strike);
  const deltas = sorted.map((row) => Math.abs(row.delta));
  const enclosed = deltas.some((delta) => delta >= target) && deltas.some((delta) => delta <= target);
  const shown = deltas.map(figure).join(' ');
  yield holds(
    `${what} strikes on both sides of the delta`,
    { observed: shown, threshold: target, pass: enclosed },
    NONE,
    `no strikes on both sides of a delta of ${target}: ${shown}`,
  );
  const [nearest] = [...sorted].sort(byDelta(target));
  if (nearest === undefined) return yield* refuse(`${what} strikes`, NONE, 'no strike can be valued', 0, 1);
  const at = sorted.indexOf(nearest);
  return [nearest, sorted[at - 1], sorted[at + 1]].filter((row) => row !== undefined);
}

/**
 * Verticals whose short strike lies further out of the money than the long one (a debit), preferred pair first: both nearest to their
 * deltas, then every neighbour of either. At most nine.
 */
export function* debitPairs(rows: readonly ValuedRow[], long: DeltaTarget, short: DeltaTarget): Trial<readonly Pair[]> {
  const longs = yield* aroundDelta('long', rows, long.target);
  const shorts = yield* aroundDelta('short', rows, short.target);
  const pairs = longs.flatMap((l) => shorts.map((s): Pair => ({ long: l, short: s })));
  return pairs.filter((pair) => Math.abs(pair.short.delta) < Math.abs(pair.long.delta));
}

/** The deltas of a pair lie in their bands. */
export function* pairInBands(pair: Pair, long: DeltaTarget, short: DeltaTarget): Trial<void> {
  for (const [what, row, band] of [
    ['long', pair.long, long],
    ['short', pair.short, short],
  ] as const) {
    const delta = Math.abs(row.delta);
    yield holds(
      `${what} delta`,
      { observed: delta, threshold: `${band.min} to ${band.max}`, pass: delta >= band.min && delta <= band.max },
      NONE,
      `the ${what} strike ${row.option.symbol} has a delta of ${figure(delta)}, asked are ${band.min} to ${band.max}`,
    );
  }
}
