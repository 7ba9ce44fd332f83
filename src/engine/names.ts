// Keeps what the broker's ids are called; what is held under a symbol that an id no longer bears goes on under the new one.
import type { BrokerPosition } from '../domain/account.ts';
import { recordConversion } from './conversions.ts';
import type { Draft } from './draft.ts';
import type { State } from './state.ts';

/** An id whose symbol changed is proof of a change of name: it is booked at first sight, and its activity only confirms it. */
export function followNames(state: State, draft: Draft, positions: readonly BrokerPosition[]): void {
  const shown = new Set(positions.map((p) => p.symbol));
  for (const { asset, symbol } of positions) {
    if (asset === undefined) continue;
    const before = state.names.get(asset);
    if (before?.symbol === symbol) continue;
    const name = { asset, symbol, validFrom: draft.day };
    state.names.set(asset, name);
    draft.names.push(name);
    if (before === undefined || shown.has(before.symbol)) continue;
    const held = [...state.positions.values()].filter((p) => p.instrument.symbol === before.symbol);
    const total = held.reduce((n, p) => n + p.qty, 0);
    recordConversion(state, draft, { from: before.symbol, to: symbol, total }, draft.day, 'name');
  }
}
