import { describe, expect, it } from 'vitest';
import { strategyId, symbol } from '../../../src/domain/ids.ts';
import { instrumentOf } from '../../../src/domain/instrument.ts';
import { netQty, price, usd } from '../../../src/domain/money.ts';
import type { Position } from '../../../src/domain/position.ts';
import { tradingDay } from '../../../src/domain/time.ts';
import {
  type Approach,
  blindPlan,
  closable,
  closingIntent,
  closingOf,
  closingPackage,
  closingPlan,
  type TouchOf,
} from '../../../src/execution/flatten.ts';
import { packagesOf } from '../../../src/execution/group.ts';

const of = (name: string, n: number): Position => ({
  owner: strategyId('wheel'),
  instrument: instrumentOf(symbol(name)),
  qty: netQty(n),
  cost: usd(0),
  openedDay: tradingDay('2026-03-10'),
});
const cent = () => price(10_000);
const nickelAbove3 = (_of: unknown, at: number) => price(at < 3_000_000 ? 10_000 : 50_000);
const micros = (dollars: number) => price(Math.round(dollars * 1e6));
const at =
  (quotes: Readonly<Record<string, readonly [number, number]>>): TouchOf =>
  (name) => {
    const sides = quotes[name];
    return sides === undefined ? undefined : { bid: micros(sides[0]), ask: micros(sides[1]) };
  };
const hasty: Approach = { fractions: [0.5, 1], beyondTicks: [1, 3, 5], stepMs: 3_000 };
const call = 'ABC260417C00190000';
const c200 = 'ABC260417C00200000';
const p170 = 'ABC260417P00170000';
const p160 = 'ABC260417P00160000';
const condor = [of(call, -2), of(c200, 2), of(p170, -2), of(p160, 2)];
const only = (positions: readonly Position[]) => packagesOf(positions)[0] as NonNullable<ReturnType<typeof packagesOf>[0]>;
const inDollars = (rungs: readonly number[] | undefined) => rungs?.map((r) => r / 1e6);
const shown = (steps: ReturnType<typeof closable>) =>
  steps.map((s) => `${s.units} x ${s.legs.map((l) => `${l.side} ${l.instrument.symbol.slice(9)}`).join(', ')}`);

describe('the way to flat of one position', () => {
  it.each([
    ['sells from half way to the bid, to it, to five ticks below', of('ABC', 10), [10, 10.1], cent, [-10.02, -10, -9.99, -9.97, -9.95]],
    ['buys from half way to the ask, to it, to five ticks above', of(call, -1), [2, 2.1], cent, [2.08, 2.1, 2.11, 2.13, 2.15]],
    ['never sells for nothing', of(call, 1), [0, 0.01], cent, [-0.01]],
    ['keeps to the grid where the grid grows coarser', of(call, -1), [2.9, 3], nickelAbove3, [2.98, 3, 3.05, 3.15, 3.25]],
  ] as const)('%s', (_name, position, sides, grid, rungs) => {
    const plan = closingPlan(closingOf(position), at({ [position.instrument.symbol]: sides }), grid, hasty);
    expect(inDollars(plan?.rungs)).toEqual(rungs);
    expect(plan?.stepMs).toBe(3_000);
  });
  it('ends at the market for shares, and never for options', () => {
    expect(closingPlan(closingOf(of('ABC', 10)), at({ ABC: [10, 10.1] }), cent, hasty)?.last).toBe('market');
    expect(closingPlan(closingOf(of(call, -1)), at({ [call]: [2, 2.1] }), cent, hasty)?.last).toBeUndefined();
  });
  it('closes the whole of it, on its side', () => {
    const prices = { rungs: [micros(2)] as const, stepMs: 1 };
    expect(closingIntent(closingOf(of(call, -3)), prices, 'key', 'SHUTDOWN', 'why')).toMatchObject({
      kind: 'close',
      qty: 3,
      subject: 'ABC',
      legs: [{ side: 'buy', effect: 'close', ratio: 1 }],
    });
    expect(closingIntent(closingOf(of('ABC', 7)), prices, 'key', 'SHUTDOWN', 'why')).toMatchObject({
      qty: 7,
      legs: [{ side: 'sell', effect: 'close' }],
    });
  });
});

describe('the way to flat of a package', () => {
  const quotes = { [call]: [2, 2.1], [c200]: [1, 1.1], [p170]: [3, 3.1], [p160]: [2, 2.1] } as const;
  it('is one order of all its legs', () => {
    expect(shown(closable(only(condor), at(quotes)))).toEqual(['2 x buy P00170000, sell P00160000, buy C00190000, sell C00200000']);
  });
  it('falls apart into its two sides where a leg of one has no market', () => {
    const { [p160]: _gone, ...rest } = quotes;
    expect(shown(closable(only(condor), at(rest)))).toEqual(['2 x buy P00170000', '2 x buy C00190000, sell C00200000']);
  });
  it('buys the short leg back alone where nobody bids for the long one, and never the other way round', () => {
    expect(shown(closable(only([of(call, -1), of(c200, 1)]), at({ ...quotes, [c200]: [0, 0.05] })))).toEqual(['1 x buy C00190000']);
    const { [call]: _gone, ...rest } = quotes;
    expect(closable(only([of(call, -1), of(c200, 1)]), at(rest))).toEqual([]);
  });
  it('pays from half way to natural to ticks through it, on the cent', () => {
    const closing = closingPackage(only([of(call, -1), of(c200, 1)]));
    expect(inDollars(closingPlan(closing, at(quotes), nickelAbove3, hasty)?.rungs)).toEqual([1.05, 1.1, 1.11, 1.13, 1.15]);
  });
  it('never pays more than its width', () => {
    const wide = { [call]: [14, 16], [c200]: [6, 6.5] } as const;
    const closing = closingPackage(only([of(call, -1), of(c200, 1)]));
    expect(inDollars(closingPlan(closing, at(wide), nickelAbove3, hasty)?.rungs)).toEqual([9.38, 10]);
  });
  it('collects for what was bought, a cent at least', () => {
    const bought = closingPackage(only([of(call, 1), of(c200, -1)]));
    expect(inDollars(closingPlan(bought, at(quotes), nickelAbove3, hasty)?.rungs)).toEqual([-0.95, -0.9, -0.89, -0.87, -0.85]);
    const worthless = { [call]: [0.01, 0.05], [c200]: [0, 0.05] } as const;
    expect(inDollars(closingPlan(bought, at(worthless), nickelAbove3, hasty)?.rungs)).toEqual([-0.01]);
  });
  it('has no limits where a leg has no market', () => {
    expect(closingPlan(closingPackage(only(condor)), at({}), cent, hasty)).toBeUndefined();
  });
});

describe('a close without a quote', () => {
  const plan = (positions: readonly Position[], spot?: number) =>
    inDollars(blindPlan(closingPackage(only(positions)), spot === undefined ? undefined : spot * 1e6, cent, 10_000)?.rungs);
  it.each([
    ['a long option asks for its intrinsic value less five cents', [of(call, 1)], 195, [-4.95]],
    ['a long option out of the money asks for a cent', [of(call, 1)], 180, [-0.01]],
    ['a long option whose underlying has no quote asks for a cent', [of(call, 1)], undefined, [-0.01]],
    ['a sold vertical pays from five cents over intrinsic to its width', [of(call, -1), of(c200, 1)], 192, [2.05, 6.03, 10]],
    ['a sold vertical pays its width where nothing is known', [of(call, -1), of(c200, 1)], undefined, [10]],
    ['a bought vertical asks for its intrinsic value less five cents', [of(call, 1), of(c200, -1)], 192, [-1.95]],
    ['a condor pays up to its widest side', condor, 180, [0.05, 5.03, 10]],
    ['a lone short option waits for a quote', [of(call, -1)], 195, undefined],
    ['a calendar waits for a quote', [of(call, -1), of('ABC260515C00190000', 1)], 195, undefined],
  ] as const)('%s', (_name, positions, spot, rungs) => {
    expect(plan(positions, spot)).toEqual(rungs);
  });
});
