import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { strategyId, symbol } from '../../../src/domain/ids.ts';
import { instrumentOf, occSymbol } from '../../../src/domain/instrument.ts';
import { netQty, price, usd } from '../../../src/domain/money.ts';
import type { Position } from '../../../src/domain/position.ts';
import { tradingDay } from '../../../src/domain/time.ts';
import { uncoveredShorts } from '../../../src/domain/worth.ts';
import { packagesOf } from '../../../src/execution/group.ts';

/** `C190` of April, `C190+` of May. */
const of = (name: string, n: number): Position => {
  const month = name.endsWith('+') ? '2026-05-15' : '2026-04-17';
  const option = occSymbol(
    symbol('ABC'),
    tradingDay(month),
    name.startsWith('C') ? 'call' : 'put',
    price(Number(name.replace(/[CP+]/g, '')) * 1e6),
  );
  return { owner: strategyId('zdte'), instrument: instrumentOf(option), qty: netQty(n), cost: usd(0), openedDay: tradingDay('2026-03-10') };
};
const shown = (positions: readonly Position[]): readonly string[] =>
  packagesOf(positions).map(
    ({ legs, units }) =>
      `${units} x ${legs.map((l) => `${l.weight > 0 ? '+' : '-'}${l.option.right === 'call' ? 'C' : 'P'}${l.option.strike / 1e6}${l.option.expiry > '2026-05-01' ? '+' : ''}`).join(' ')}`,
  );

describe('positions of one name', () => {
  it.each([
    ['a vertical', [of('C200', 3), of('C190', -3)], ['3 x -C190 +C200']],
    ['a condor', [of('C190', -2), of('C200', 2), of('P170', -2), of('P160', 2)], ['2 x -P170 +P160 -C190 +C200']],
    [
      'a condor and what one side has more',
      [of('C190', -3), of('C200', 3), of('P170', -2), of('P160', 2)],
      ['2 x -P170 +P160 -C190 +C200', '1 x -C190 +C200'],
    ],
    [
      'a sold and a bought vertical are no condor',
      [of('C190', -1), of('C200', 1), of('P170', 1), of('P160', -1)],
      ['1 x -C190 +C200', '1 x -P160 +P170'],
    ],
    ['a calendar', [of('C190', -1), of('C190+', 1)], ['1 x -C190 +C190+']],
    ['a diagonal with the nearest strike', [of('C190', -1), of('C150+', 1), of('C185+', 1)], ['1 x -C190 +C185+', '1 x +C150+']],
    ['a long one that expires first covers nothing', [of('C190+', -1), of('C190', 1)], ['1 x -C190+', '1 x +C190']],
    [
      'two verticals by the order of their strikes',
      [of('P100', -1), of('P98', -1), of('P95', 1), of('P93', 1)],
      ['1 x -P98 +P93', '1 x -P100 +P95'],
    ],
    [
      'a vertical beside a long option takes the nearest strike',
      [of('C100', 1), of('C105', -1), of('C50', 1)],
      ['1 x -C105 +C100', '1 x +C50'],
    ],
    ['what stands alone', [of('C190', 2), of('P170', -1)], ['1 x -P170', '2 x +C190']],
    ['shares are no part of it', [{ ...of('C190', -1), instrument: instrumentOf(symbol('ABC')) }], []],
  ])('%s', (_name, positions, packages) => {
    expect(shown(positions)).toEqual(packages);
    expect(shown([...positions].reverse())).toEqual(packages);
  });

  const held = fc.array(
    fc.tuple(fc.constantFrom('C', 'P'), fc.integer({ min: 90, max: 96 }), fc.constantFrom('', '+'), fc.integer({ min: -3, max: 3 })),
    { maxLength: 8 },
  );
  it('are all in exactly one package, and no short one is alone that could have been covered', () => {
    fc.assert(
      fc.property(held, (wanted) => {
        const book = new Map(wanted.map(([right, strike, month, n]) => [`${right}${strike}${month}`, n] as const));
        const positions = [...book].filter(([, n]) => n !== 0).map(([name, n]) => of(name, n));
        const packages = packagesOf(positions);
        const sums = new Map<string, number>();
        for (const { legs, units } of packages)
          for (const { option, weight } of legs) sums.set(option.symbol, (sums.get(option.symbol) ?? 0) + weight * units);
        expect(sums).toEqual(new Map(positions.map((p) => [p.instrument.symbol as string, p.qty as number])));
        for (const right of ['call', 'put'] as const) {
          const parts = positions.flatMap((p) => (p.instrument.kind === 'option' ? [{ option: p.instrument, weight: p.qty }] : []));
          const alone = packages
            .filter(({ legs }) => legs.length === 1 && legs[0].weight < 0 && legs[0].option.right === right)
            .reduce((n, p) => n + p.units, 0);
          expect(alone).toBe(uncoveredShorts(parts, right));
          for (const { legs } of packages)
            expect(uncoveredShorts(legs, right)).toBe(legs.length === 1 && legs[0].weight < 0 && legs[0].option.right === right ? 1 : 0);
        }
      }),
      { numRuns: 500 },
    );
  });
});
