// The second price of every fill: half the spread that was quoted as its order was decided, kept by trade while the trade is in sight.

import type { Instrument } from '../domain/instrument.ts';
import type { LotCause } from '../domain/lot.ts';
import { type Usd, usd } from '../domain/money.ts';
import { withFill } from '../domain/penalty.ts';
import type { State } from './state.ts';

interface Part {
  readonly trade: string;
  readonly instrument: Instrument;
  readonly qty: number;
  readonly kind: LotCause;
  readonly halfSpread: number | undefined;
}

/** Books a fill's part in a trade; what an assignment or an expiry moves has no spread. Called before the trade itself is kept. */
export function penalise(state: State, { trade, instrument, qty, kind, halfSpread }: Part): void {
  if (kind !== 'fill') return;
  const before = state.trades.has(trade) ? (state.penalties.get(trade) ?? null) : usd(0);
  state.penalties.set(trade, withFill(before, halfSpread, { qty, multiplier: instrument.multiplier }));
}

/** The penalties that are known, by trade. */
export const knownPenalties = (state: State): ReadonlyMap<string, Usd> =>
  new Map([...state.penalties].flatMap(([trade, penalty]) => (penalty === null ? [] : [[trade, penalty]])));
