// The laws of lots that hold after every turn: units and cash add up to the micro, and memory is what the disk holds.
import { expect } from 'vitest';
import type { Engine } from '../../../src/engine/contract.ts';
import type { Ledger } from './ledger.ts';

function summed(pairs: Iterable<readonly [string, number]>): ReadonlyMap<string, number> {
  const sums = new Map<string, number>();
  for (const [key, n] of pairs) sums.set(key, (sums.get(key) ?? 0) + n);
  return new Map([...sums].filter(([, n]) => n !== 0).sort(([a], [b]) => (a < b ? -1 : 1)));
}
const total = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0);

/** Lots agree with positions, closures with lots, trades with both, and all of it with the cash that moved. */
export function auditLots(engine: Engine, ledger: Ledger): void {
  const all = [...ledger.lots.values()];
  const open = all.filter((lot) => lot.qtyLeft !== 0);
  const keyOf = (lot: (typeof all)[number]): string => `${lot.owner}|${lot.instrument.symbol}`;
  expect(summed(open.map((lot) => [keyOf(lot), lot.qtyLeft]))).toEqual(
    summed([...ledger.positions].map(([key, position]) => [key, position.qty])),
  );
  for (const lot of all) {
    const closures = ledger.closures.filter((c) => c.lot === lot.id);
    expect(total(closures.map((c) => c.qty)) + lot.qtyLeft).toBe(lot.qty);
    expect(total(closures.map((c) => c.realized - c.cash)) + lot.cashLeft).toBe(lot.cash);
  }
  const moved = [...ledger.fills, ...ledger.rows.filter((row) => row.symbol !== null && row.qty !== 0)];
  expect(total(ledger.closures.map((c) => c.realized)) + total(open.map((lot) => lot.cashLeft))).toBe(total(moved.map((row) => row.cash)));
  for (const trade of ledger.trades.values()) {
    const mine = all.filter((lot) => lot.trade === trade.id);
    const left = mine.filter((lot) => lot.qtyLeft !== 0);
    expect(summed(trade.held.map((h) => [h.instrument.symbol, h.qty]))).toEqual(
      summed(left.map((lot) => [lot.instrument.symbol, lot.qtyLeft])),
    );
    expect(total(trade.held.map((h) => h.cash))).toBe(total(left.map((lot) => lot.cashLeft)));
    expect(trade.realized).toBe(total(ledger.closures.filter((c) => mine.some((lot) => lot.id === c.lot)).map((c) => c.realized)));
    expect(trade.closedAt === null).toBe(left.length > 0);
  }
  const byKey = (lots: typeof open): typeof open => [...lots].sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : keyOf(a) > keyOf(b) ? 1 : 0));
  expect(byKey([...engine.beliefs.lots()])).toEqual(byKey(open));
  const known = new Map(engine.beliefs.trades().map((trade) => [trade.id, trade]));
  for (const [id, trade] of known) expect(trade).toEqual(ledger.trades.get(id));
  for (const trade of ledger.trades.values()) if (trade.closedAt === null) expect(known.has(trade.id)).toBe(true);
}
