// What a split makes of ratios, bars and contracts.
import { describe, expect, it } from 'vitest';
import { tradingDay } from '../../../src/domain/time.ts';
import type { ListedContract } from '../../../src/exchange/market.ts';
import { contractAfter, inNewShares, ratioBetween, splitRatio } from '../../../src/exchange/splits.ts';

const usd = (amount: number): number => Math.round(amount * 1_000_000);
const contract = (symbol: string, strike: number): ListedContract => ({
  symbol,
  underlying: 'ACME',
  expiry: tradingDay('2026-03-20'),
  right: 'call',
  strike: usd(strike),
  style: 'american',
  settlement: 'physical',
  pennyProgram: true,
  openInterest: 5,
  openInterestDay: tradingDay('2026-03-01'),
});

describe('a ratio on record', () => {
  it.each([
    [7, 1, 7],
    [0.125, 8, 1],
    [1.5, 2, 3],
    [0.1, 10, 1],
    [1.05, 20, 21],
    [1.998, 500, 999],
    [1 / 3, 3, 1],
  ])('%d reads %d old for %d new', (ratio, from, to) => {
    expect(splitRatio(ratio)).toEqual({ from, to });
  });
});

describe('a contract', () => {
  it('becomes as many at the divided strike where a share becomes a whole number of them', () => {
    const after = contractAfter(contract('ACME260320C00195000', 195), { from: 1, to: 7 }, usd(92));
    expect(after.count).toBe(7);
    expect(after.contract).toMatchObject({ symbol: 'ACME260320C00027860', strike: usd(27.86), openInterest: null });
    expect(after.contract.deliverable).toBeUndefined();
  });
  it('keeps count and strike, and delivers what 100 shares became, in any other split', () => {
    const half = contractAfter(contract('ACME260320C00100000', 100), { from: 2, to: 3 }, usd(66));
    expect(half.count).toBe(1);
    expect(half.contract).toMatchObject({ symbol: 'ACME1260320C00100000', strike: usd(100), deliverable: { shares: 150, cash: 0 } });
    const merged = contractAfter(contract('ACME260320C00004000', 4), { from: 8, to: 1 }, usd(30));
    expect(merged.contract).toMatchObject({ symbol: 'ACME1260320C00004000', deliverable: { shares: 12, cash: usd(15) } });
  });
  it('that was adjusted before is adjusted again', () => {
    const once = contractAfter(contract('ACME260320C00100000', 100), { from: 2, to: 3 }, usd(66)).contract;
    expect(contractAfter(once, { from: 1, to: 2 }, usd(33)).contract).toMatchObject({
      symbol: 'ACME2260320C00100000',
      strike: usd(100),
      deliverable: { shares: 300, cash: 0 },
    });
  });
});

describe('bars', () => {
  it('are counted in the shares of the later day', () => {
    const splits = [{ symbol: 'ACME', exDay: tradingDay('2026-03-04'), from: 1, to: 4 }];
    const ratio = ratioBetween(splits, tradingDay('2026-03-03'), tradingDay('2026-03-04'));
    const bar = { open: usd(100), high: usd(104), low: usd(98), close: usd(101), volume: 1_000 };
    expect(inNewShares(bar, ratio)).toEqual({ open: usd(25), high: usd(26), low: usd(24.5), close: usd(25.25), volume: 4_000 });
    expect(ratioBetween(splits, tradingDay('2026-03-04'), tradingDay('2026-03-05'))).toBe(1);
  });
});
