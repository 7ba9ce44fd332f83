// What holds for every context: purity, one decision a name, credits that collect, room that is never exceeded, exits that only reduce.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Close, Decision, Open } from '../../src/domain/decision.ts';
import { type Symbol, symbol } from '../../src/domain/ids.ts';
import { tradingDay } from '../../src/domain/time.ts';
import { baselineParams } from '../../src/strategies/index-baseline/params.ts';
import { indexBaseline } from '../../src/strategies/index-baseline.ts';
import { type WheelParams, wheelParams } from '../../src/strategies/wheel/params.ts';
import { wheel } from '../../src/strategies/wheel.ts';
import { contextOf, grid, list, nowOf, optionPosition, sharePosition, stock, type World, world } from '../golden/strategies/world.ts';

interface Name {
  readonly spot: number;
  readonly sigma: number;
  readonly rising: boolean;
  readonly ivSessions: number;
  readonly earningsIn: number;
  readonly openInterest: number;
  readonly held: 'nothing' | 'put' | 'shares' | 'covered' | 'mixed' | 'naked';
  readonly lots: number;
  readonly credit: number;
  readonly quoted: boolean;
}

const names = ['AAA', 'BBB', 'CCC', 'DDD', 'EEE'];
const name: fc.Arbitrary<Name> = fc.record({
  spot: fc.double({ min: 20, max: 110, noNaN: true }).map((x) => Math.round(x * 100) / 100),
  sigma: fc.double({ min: 0.25, max: 0.9, noNaN: true }),
  // Mostly healthy names: a market in which every name fails a filter would test only the filters.
  rising: fc.constantFrom(true, true, true, true, false),
  ivSessions: fc.constantFrom(90, 200, 252, 252, 252),
  earningsIn: fc.constantFrom(20, 40, 70, 75, 80, 80),
  openInterest: fc.constantFrom(100, 1_000, 1_000, 1_000),
  held: fc.constantFrom('nothing', 'nothing', 'nothing', 'put', 'shares', 'covered', 'mixed', 'naked'),
  lots: fc.integer({ min: 1, max: 3 }),
  credit: fc.double({ min: 0.2, max: 4, noNaN: true }).map((x) => Math.round(x * 100) / 100),
  quoted: fc.boolean(),
});
const market = fc.record({
  market: fc.array(name, { minLength: 1, maxLength: 5 }),
  cash: fc.integer({ min: 1_000, max: 100_000 }),
  collateral: fc.integer({ min: 0, max: 60_000 }),
  hour: fc.integer({ min: 10, max: 15 }),
});

const NEAR = '2026-03-27';
const held = (n: Name, of: string) => {
  const put = optionPosition(of, NEAR, 'put', Math.round(n.spot) + 1, n.lots, n.credit, '2026-02-20');
  const call = optionPosition(of, NEAR, 'call', Math.round(n.spot) - 1, n.lots, n.credit, '2026-02-20');
  const shares = sharePosition(of, n.lots * 100, n.spot, '2026-02-20');
  switch (n.held) {
    case 'nothing':
      return [];
    case 'put':
      return [put];
    case 'shares':
      return [shares];
    case 'covered':
      return [call, shares];
    case 'mixed':
      return [put, sharePosition(of, n.lots * 100 + 50, n.spot, '2026-02-20')];
    case 'naked':
      return [call];
  }
};

function worldOf(given: {
  readonly market: readonly Name[];
  readonly cash: number;
  readonly collateral: number;
  readonly hour: number;
}): World {
  const w = world('2026-03-10', given.hour);
  for (const [i, n] of given.market.entries()) {
    const of = names[i] ?? 'ZZZ';
    stock(w, of, {
      spot: n.spot,
      from: n.rising ? n.spot * 0.85 : n.spot * 1.2,
      ivSessions: n.ivSessions,
      earningsIn: n.earningsIn,
      iv: [0.1, 0.6],
    });
    w.board.setDividends(symbol(of), { from: tradingDay('2026-03-01'), to: tradingDay('2026-08-01'), dividends: [], seen: nowOf(w) });
    const terms = { openInterest: n.openInterest, half: 0.02 };
    if (n.quoted) list(w, of, n.spot, NEAR, grid(n.spot, n.sigma, 1, 7), terms);
    list(w, of, n.spot, '2026-04-17', grid(n.spot, n.sigma, 1, 7), terms);
    list(w, of, n.spot, '2026-04-24', grid(n.spot, n.sigma, 1, 7), terms);
  }
  return {
    ...w,
    positions: given.market.flatMap((n, i) => held(n, names[i] ?? 'ZZZ')),
    putCollateral: given.collateral,
    cashClaims: given.collateral,
    account: { equity: 100_000, settledCash: given.cash, optionsBuyingPower: 100_000, ageMs: 0 },
  };
}

const params = (universe: readonly string[]): WheelParams => wheelParams.parse({ universe });
const opens = (decisions: readonly Decision[]): readonly Open[] => decisions.filter((d) => d.kind === 'open');
const closes = (decisions: readonly Decision[]): readonly Close[] => decisions.filter((d) => d.kind === 'close');
const runs = { numRuns: 60 };

describe('the wheel, whatever the market', () => {
  it('says the same of the same context, and leaves the context as it was', () => {
    fc.assert(
      fc.property(market, (given) => {
        const ctx = contextOf(worldOf(given), params(names.slice(0, given.market.length)));
        const before = JSON.stringify([ctx.positions, ctx.memory, ctx.account]);
        expect(wheel.evaluate(ctx)).toEqual(wheel.evaluate(ctx));
        expect(wheel.manage(ctx)).toEqual(wheel.manage(ctx));
        expect(JSON.stringify([ctx.positions, ctx.memory, ctx.account])).toBe(before);
      }),
      runs,
    );
  });
  it('decides about every name exactly once', () => {
    fc.assert(
      fc.property(market, (given) => {
        const universe = names.slice(0, given.market.length);
        const subjects = wheel
          .evaluate(contextOf(worldOf(given), params(universe)))
          .flatMap((d) => (d.kind === 'remember' ? [] : [d.subject as string]));
        expect([...subjects].sort()).toEqual([...universe].sort());
      }),
      runs,
    );
  });
  it('chooses the same set whatever the order of the universe', () => {
    fc.assert(
      fc.property(market, fc.integer({ min: 0, max: 4 }), (given, turn) => {
        const universe = names.slice(0, given.market.length);
        const turned = [...universe.slice(turn % universe.length), ...universe.slice(0, turn % universe.length)].reverse();
        const w = worldOf(given);
        expect(wheel.evaluate(contextOf(w, params(turned)))).toEqual(wheel.evaluate(contextOf(w, params(universe))));
      }),
      runs,
    );
  });
  it('opens puts and calls and closes both in enough of these markets for the rest to mean something', () => {
    const counts = { put: 0, call: 0, close: 0 };
    for (const given of fc.sample(market, { numRuns: 150, seed: 7 })) {
      const ctx = contextOf(worldOf(given), params(names.slice(0, given.market.length)));
      for (const { legs } of opens(wheel.evaluate(ctx))) if (legs[0].instrument.kind === 'option') counts[legs[0].instrument.right]++;
      counts.close += closes(wheel.manage(ctx)).length;
    }
    for (const count of Object.values(counts)) expect(count).toBeGreaterThanOrEqual(10);
  });
  it('only collects when it opens, ever less and never nothing, inside room and free shares', () => {
    fc.assert(
      fc.property(market, (given) => {
        const w = worldOf(given);
        let strikeCash = 0;
        for (const open of opens(wheel.evaluate(contextOf(w, params(names.slice(0, given.market.length)))))) {
          expect(open.prices.rungs.every((rung, i, all) => rung < 0 && (i === 0 || rung > (all[i - 1] ?? 0)))).toBe(true);
          expect(open.maxLoss).toBeGreaterThan(0);
          const { instrument } = open.legs[0];
          if (instrument.kind !== 'option') throw new Error('the wheel opens options only');
          if (instrument.right === 'put') strikeCash += (instrument.strike / 1e6) * 100 * open.qty;
          else expect(open.qty * 100).toBeLessThanOrEqual(freeShares(w, instrument.underlying));
        }
        expect(strikeCash).toBeLessThanOrEqual(Math.max(0, Math.min(given.cash - given.collateral, 50_000 - given.collateral)));
      }),
      runs,
    );
  });
  it('closes no more than it holds, and nothing twice', () => {
    fc.assert(
      fc.property(market, (given) => {
        const w = worldOf(given);
        const seen = new Set<string>();
        for (const close of closes(wheel.manage(contextOf(w, params(names.slice(0, given.market.length)))))) {
          const { instrument, side } = close.legs[0];
          const position = w.positions.find((p) => p.instrument.symbol === instrument.symbol);
          expect(side).toBe('buy');
          expect(close.qty).toBeLessThanOrEqual(-(position?.qty ?? 0));
          expect(seen.has(instrument.symbol)).toBe(false);
          seen.add(instrument.symbol);
          expect(close.prices.rungs.every((rung, i, all) => rung > 0 && (i === 0 || rung > (all[i - 1] ?? 0)))).toBe(true);
        }
      }),
      runs,
    );
  });
  it('says something about every position', () => {
    fc.assert(
      fc.property(market, (given) => {
        const w = worldOf(given);
        const subjects = new Set(
          wheel
            .manage(contextOf(w, params(names.slice(0, given.market.length))))
            .flatMap((d) => (d.kind === 'remember' ? [] : [d.subject])),
        );
        for (const position of w.positions) expect(subjects.has(position.instrument.symbol)).toBe(true);
      }),
      runs,
    );
  });
});

const freeShares = (w: World, of: Symbol): number => {
  const own = w.positions.filter((p) => p.instrument.underlying === of);
  return own.reduce((n, p) => n + (p.instrument.kind === 'equity' ? p.qty : p.instrument.right === 'call' ? p.qty * 100 : 0), 0);
};

describe('the index baseline, whatever it holds', () => {
  it('moves towards its target, never past it, never with claimed cash, never more than it owns', () => {
    const given = fc.record({
      shares: fc.integer({ min: 0, max: 300 }),
      target: fc.double({ min: 0, max: 1, noNaN: true }),
      claims: fc.integer({ min: 0, max: 110_000 }),
      spot: fc.integer({ min: 50, max: 900 }),
    });
    fc.assert(
      fc.property(given, ({ shares, target, claims, spot }) => {
        const w = world('2026-03-10', 15, 30);
        stock(w, 'SPY', { spot });
        const positions = shares > 0 ? [sharePosition('SPY', shares, spot, '2026-01-05', 'base')] : [];
        const ctx = contextOf(
          { ...w, slot: 'check', positions, cashClaims: claims },
          baselineParams.parse({ enabled: true, target_weight: target, benchmarks: ['SPY'] }),
        );
        const [decision] = indexBaseline.evaluate(ctx);
        if (decision?.kind === 'open') {
          expect((shares + decision.qty) * spot).toBeLessThanOrEqual(target * 100_000 + 1e-6);
          expect((decision.prices.rungs[0] / 1e6) * decision.qty).toBeLessThanOrEqual(100_000 - claims);
        }
        if (decision?.kind === 'close') {
          expect(decision.qty).toBeLessThanOrEqual(shares);
          expect((shares - decision.qty) * spot).toBeGreaterThanOrEqual(target * 100_000 - 1e-6);
        }
        expect(indexBaseline.evaluate(ctx)).toEqual(indexBaseline.evaluate(ctx));
      }),
      { numRuns: 200 },
    );
  });
});
