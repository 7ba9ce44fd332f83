// What the holdings of others leave of the ceiling of a name.
import { describe, expect, it } from 'vitest';
import { strategyId, symbol } from '../../../src/domain/ids.ts';
import { roomNow } from '../../../src/strategies/toolkit/sizing.ts';
import { contextOf, world } from '../../golden/strategies/world.ts';

const SPY = symbol('SPY');
const shares = {
  risk_pct: 0.01,
  strategy_risk_pct: 0.02,
  book_risk_pct: 0.25,
  underlying_risk_pct: 0.2,
  max_positions: 1,
  max_contracts: 10,
};
const roomOf = (risks: readonly { readonly strategy: string; readonly underlying: string; readonly amount: number }[]) =>
  roomNow(contextOf({ ...world('2026-03-10', 10), risks }, {}), strategyId('zdte'), shares, [SPY]).underlying.get(SPY);

describe('the ceiling of a name', () => {
  it('is shared with what every strategy risks in it', () => {
    expect(roomOf([])).toBe(20_000);
    expect(roomOf([{ strategy: 'wheel', underlying: 'SPY', amount: 15_000 }])).toBe(5_000);
    expect(roomOf([{ strategy: 'wheel', underlying: 'QQQ', amount: 15_000 }])).toBe(20_000);
  });
  it('is not taken by the core holding, whose fund has a cap of its own', () => {
    expect(roomOf([{ strategy: 'base', underlying: 'SPY', amount: 30_000 }])).toBe(20_000);
  });
});
