// What holds of the lottery tickets in every market: purity, one decision a name, budgets, odds within their bound, exits within what is held.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { symbol } from '../../src/domain/ids.ts';
import type { ReasonCode } from '../../src/domain/reasons.ts';
import { bsPrice } from '../../src/pricing/black-scholes.ts';
import { jumpOdds } from '../../src/strategies/lotto-scanner/ticket.ts';
import { lottoScanner } from '../../src/strategies/lotto-scanner.ts';
import { addName, bought, heldAt, moved, params, SPY, smile, TUESDAY } from '../golden/strategies/lotto-worlds.ts';
import { closesOf, gate, opensOf, passesOf } from '../golden/strategies/wheel-worlds.ts';
import { contextOf, type World, world } from '../golden/strategies/world.ts';
import { share } from './strategy-buyer.ts';

const names = ['AAA', 'BBB', 'CCC', 'DDD'];
const told = fc.record({
  sigma: share(0.12, 0.24),
  move: fc.oneof(share(-0.03, -0.016), share(0.016, 0.03), share(-0.02, 0.02)),
  volume: fc.constantFrom(100_000, 300_000, 300_000),
  swing: share(0.005, 0.04),
});
const market = fc.record({
  names: fc.array(told, { minLength: 1, maxLength: 4 }),
  equity: fc.integer({ min: 30_000, max: 900_000 }),
  taken: fc.integer({ min: 0, max: 300 }),
});
type Given = typeof market extends fc.Arbitrary<infer T> ? T : never;

function worldOf(given: Given): World {
  const w = world(TUESDAY, 11, 0);
  for (const [i, { sigma, move, volume, swing }] of given.names.entries()) {
    const strikes = Array.from({ length: 33 }, (_, k) => ({ strike: 584 + k, sigma }));
    addName(w, { name: names[i] ?? 'ZZZ', open: 600 / (1 + move), volume, swing, strikes });
  }
  const account = { equity: given.equity, settledCash: given.equity, optionsBuyingPower: given.equity, ageMs: 0 };
  return { ...w, account, risks: [{ strategy: 'lotto', underlying: 'EEE', amount: given.taken }] };
}
const universe = (given: Given): readonly string[] => names.slice(0, given.names.length);
const contextFor = (given: Given, order = universe(given)) => contextOf(worldOf(given), params({ universe: order.map(symbol) }));
const runs = { numRuns: 20 };

describe('the lottery tickets, whatever the market', () => {
  it('are bought in enough of these markets for the rest to mean something', () => {
    const played = fc.sample(market, { numRuns: 30, seed: 5 }).filter((g) => opensOf(lottoScanner.evaluate(contextFor(g))).length > 0);
    expect(played.length).toBeGreaterThanOrEqual(8);
  });
  it('say the same of the same context, leave it as it was, and decide about every name once', () => {
    fc.assert(
      fc.property(market, (given) => {
        const ctx = contextFor(given);
        const before = JSON.stringify([ctx.account, ctx.trades, ctx.memory, ctx.book.risks]);
        const decisions = lottoScanner.evaluate(ctx);
        expect(lottoScanner.evaluate(ctx)).toEqual(decisions);
        expect(JSON.stringify([ctx.account, ctx.trades, ctx.memory, ctx.book.risks])).toBe(before);
        expect(decisions.flatMap((d) => (d.kind === 'remember' ? [] : [d.subject as string])).sort()).toEqual([...universe(given)].sort());
      }),
      runs,
    );
  });
  it('are the same whatever the order of the universe', () => {
    fc.assert(
      fc.property(market, (given) => {
        expect(lottoScanner.evaluate(contextFor(given, [...universe(given)].reverse()))).toEqual(lottoScanner.evaluate(contextFor(given)));
      }),
      runs,
    );
  });
  it('risk no more than a play, the strategy and the week allow, on odds between their least and one in three', () => {
    fc.assert(
      fc.property(market, (given) => {
        const opens = opensOf(lottoScanner.evaluate(contextFor(given)));
        let total = given.taken;
        for (const open of opens) {
          expect(open.maxLoss / 1e6).toBeLessThanOrEqual(0.0025 * given.equity + 1e-6);
          expect(open.qty).toBeLessThanOrEqual(10);
          const odds = Number(gate(open, 'chance of 3 times the price'));
          expect(odds).toBeGreaterThanOrEqual(0.12);
          expect(odds).toBeLessThanOrEqual(1 / 3 + 1e-6);
          total += open.maxLoss / 1e6;
        }
        if (opens.length > 0) expect(total).toBeLessThanOrEqual(0.005 * given.equity + 1e-6);
        expect(opens.length).toBeLessThanOrEqual(2);
      }),
      runs,
    );
  });
  it('sell no more than is held, for more than nothing, and decide about every trade', () => {
    const book = fc.record({
      units: fc.integer({ min: 1, max: 10 }),
      left: fc.integer({ min: 1, max: 10 }),
      bid: share(0.01, 3).map((x) => Math.round(x * 100) / 100),
      minute: fc.integer({ min: 0, max: 59 }),
    });
    fc.assert(
      fc.property(book, ({ units, left, bid, minute }) => {
        const ctx = contextOf(heldAt(bid, bought({ units, left: Math.min(left, units) }), 12, minute), params());
        const decisions = lottoScanner.manage(ctx);
        expect(lottoScanner.manage(ctx)).toEqual(decisions);
        expect(closesOf(decisions).length + passesOf(decisions).length).toBe(1);
        for (const close of closesOf(decisions)) {
          expect(close.qty).toBeLessThanOrEqual(Math.min(left, units));
          expect(close.prices.rungs.every((rung) => rung < 0)).toBe(true);
        }
      }),
      runs,
    );
  });
});

describe('the odds of a jump', () => {
  it('never exceed one in the multiple of a fair price, and fall as the multiple grows', () => {
    const night = fc.record({
      strike: share(170, 230),
      days: share(1.3, 6),
      event: share(0.02, 0.12),
      base: share(0.2, 0.7),
      call: fc.boolean(),
    });
    fc.assert(
      fc.property(night, ({ strike, days, event, base, call }) => {
        const right = call ? 'call' : 'put';
        const common = { right, spot: 200, strike, rate: 0, dividendYield: 0 } as const;
        const sigma = Math.sqrt(base ** 2 + (event ** 2 * 365) / days);
        const entry = bsPrice({ ...common, years: days / 365, sigma });
        if (entry < 0.01) return;
        const after = { ...common, years: (days - 0.75) / 365, sigma: base };
        let before = 1;
        for (const multiple of [2, 3, 5]) {
          const odds = jumpOdds(after, multiple * entry, event);
          if (odds === undefined) continue;
          expect(odds.pHit).toBeLessThanOrEqual(before);
          expect(odds.pHit).toBeLessThanOrEqual(1 / multiple + 1e-9);
          before = odds.pHit;
        }
      }),
      { numRuns: 60 },
    );
  });
});

describe('what is missing or stale has its name', () => {
  const now = (w: World) => contextOf(w, params()).now;
  const fail = (what: string): never => {
    throw new Error(`the healthy market has no ${what}`);
  };
  const quoteOf = (w: World) => w.board.quote(SPY) ?? fail('quote');
  const chainOf = (w: World) => w.board.chain(SPY) ?? fail('chain');
  const fives = (w: World) => w.board.intradayBars(SPY, 5) ?? fail('bars');
  const breaks: readonly (readonly [string, ReasonCode, (w: World) => void])[] = [
    ['the asset', 'SYMBOL_NOT_TRADABLE', (w) => w.board.setAsset(SPY, { tradable: false, options: true })],
    ['the daily bars', 'BARS_SHORT', (w) => w.board.setDailyBars(SPY, (w.board.dailyBars(SPY)?.bars ?? []).slice(-10), now(w).mono)],
    ['the share quote', 'QUOTE_STALE', (w) => w.board.setQuote({ ...quoteOf(w), ageAtSightMs: 6_000 })],
    ['the last bars of today', 'BARS_STALE', (w) => w.board.setIntradayBars(SPY, 5, { ...fives(w), bars: fives(w).bars.slice(0, -2) })],
    ['the sessions before', 'RVOL_HISTORY_SHORT', (w) => w.board.setIntradayBars(SPY, 5, { ...fives(w), bars: fives(w).bars.slice(-200) })],
    ['the strikes', 'CHAIN_EMPTY', (w) => w.board.setChain({ ...chainOf(w), rows: chainOf(w).rows.slice(0, 8) })],
    [
      'the option quotes',
      'QUOTE_STALE',
      (w) =>
        w.board.setChain({
          ...chainOf(w),
          rows: chainOf(w).rows.map((r) => ({ ...r, quote: r.quote && { ...r.quote, ageAtSightMs: 6_000 } })),
        }),
    ],
    [
      'the open interest',
      'OI_UNKNOWN',
      (w) =>
        w.board.setChain({ ...chainOf(w), rows: chainOf(w).rows.map((r) => ({ ...r, contract: { ...r.contract, openInterest: null } })) }),
    ],
  ];
  it('and nothing is missing from the market they are broken in', () => {
    expect(opensOf(lottoScanner.evaluate(contextOf(moved({ strikes: smile }), params())))).toHaveLength(1);
  });
  it('the account: ACCOUNT_STALE', () => {
    const w = moved();
    expect(lottoScanner.evaluate(contextOf({ ...w, account: { ...w.account, ageMs: 10_001 } }, params()))).toMatchObject([
      { kind: 'pass', code: 'ACCOUNT_STALE' },
    ]);
  });
  it.each(breaks)('%s: %s', (_name, code, broken) => {
    const w = moved();
    broken(w);
    expect(lottoScanner.evaluate(contextOf(w, params()))).toMatchObject([{ kind: 'pass', subject: 'SPY', code }]);
  });
});
