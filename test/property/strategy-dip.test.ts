// What holds of the dip buyer in every market: purity, one decision a name, budgets, named absences, exits within what is held.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { symbol } from '../../src/domain/ids.ts';
import type { ReasonCode } from '../../src/domain/reasons.ts';
import { dipAfterRun } from '../../src/strategies/dip-after-run.ts';
import { addName, ask, bought, DAY, FRIDAYS, NAME, opensOf, params, RUN, type Told } from '../golden/strategies/dip-worlds.ts';
import { contextOf, stock, type World, world } from '../golden/strategies/world.ts';
import { holding } from '../golden/strategies/world-more.ts';
import { isOrderFree, isPure, leavesWithin, share, staysInside } from './strategy-buyer.ts';

const names = ['AAA', 'BBB', 'CCC', 'DDD'];
const told = fc.record({
  spot: share(103, 110).map((x) => Math.round(x * 100) / 100),
  scale: share(0.6, 1.6),
  earningsIn: fc.constantFrom(1, 3, 10, 80, 80, 80),
});
const market = fc.record({
  names: fc.array(told, { minLength: 1, maxLength: 4 }),
  equity: fc.integer({ min: 15_000, max: 400_000 }),
  taken: fc.integer({ min: 0, max: 3_000 }),
});
type Given = typeof market extends fc.Arbitrary<infer T> ? T : never;

function worldOf(given: Given): World {
  const w = world(DAY);
  stock(w, 'SPY', { spot: 700 });
  for (const [i, { spot, scale, earningsIn }] of given.names.entries()) {
    const at = (x: number): number => Math.round(x * scale * 100) / 100;
    const name: Told = { name: names[i] ?? 'ZZZ', spot: at(spot), closes: RUN.map(at), stock: { earningsIn } };
    addName(w, name);
  }
  const account = { equity: given.equity, settledCash: given.equity, optionsBuyingPower: given.equity, ageMs: 0 };
  return { ...w, account, risks: [{ strategy: 'dip', underlying: 'EEE', amount: given.taken }] };
}
const universe = (given: Given): readonly string[] => names.slice(0, given.names.length);
const contextFor = (given: Given, order = universe(given)) => contextOf(worldOf(given), params({ universe: order.map(symbol) }));
const runs = { numRuns: 25 };
const buyer = { strategy: dipAfterRun, market, runs, universe, contextFor };

describe('the dip buyer, whatever the market', () => {
  it('buys in enough of these markets for the rest to mean something', () => {
    const bought_ = fc
      .sample(market, { numRuns: 40, seed: 5 })
      .filter((given) => opensOf(dipAfterRun.evaluate(contextFor(given))).length > 0);
    expect(bought_.length).toBeGreaterThanOrEqual(10);
  });
  it('says the same of the same context, leaves it as it was, and decides about every name once', () => isPure(buyer));
  it('chooses the same whatever the order of the universe', () => isOrderFree(buyer));
  it('risks no more than a trade, the strategy and its places allow, and rises from mid to cap', () => {
    fc.assert(
      fc.property(market, (given) => {
        const ceilings = { trade: 0.01, total: 0.03, places: 3, contracts: 10 };
        staysInside(opensOf(dipAfterRun.evaluate(contextFor(given))), given.equity, given.taken, ceilings);
      }),
      runs,
    );
  });
  it('sells no more than is held, for more than nothing, and decides about every trade', () => {
    const book = fc.record({
      units: fc.integer({ min: 1, max: 6 }),
      left: fc.integer({ min: 1, max: 6 }),
      entry: share(0.3, 8).map((x) => Math.round(x * 100) / 100),
      openedDay: fc.constantFrom('2026-04-30', '2026-05-01', DAY),
      expiry: fc.constantFrom(...FRIDAYS),
      strike: fc.integer({ min: 100, max: 120 }),
    });
    fc.assert(
      fc.property(book, ({ units, left, entry, openedDay, expiry, strike }) => {
        const w = world(DAY, 15, 50);
        addName(w, {});
        for (const row of w.board.chain(NAME)?.rows ?? []) if (row.quote !== null) w.board.setQuote(row.quote);
        const t = bought(units, { left: Math.min(left, units), entry, openedDay, legs: [{ expiry, right: 'call', strike, side: 'buy' }] });
        const ctx = ask(holding(w, t));
        leavesWithin(() => dipAfterRun.manage(ctx), Math.min(left, units));
      }),
      runs,
    );
  });
});

describe('what is missing or stale has its name', () => {
  const healthy = (): World => {
    const w = world(DAY);
    stock(w, 'SPY', { spot: 700 });
    addName(w, {});
    return w;
  };
  const breaks: readonly (readonly [name: string, code: ReasonCode, broken: (w: World) => void])[] = [
    ['the daily bars', 'BARS_SHORT', (w) => w.board.setDailyBars(NAME, (w.board.dailyBars(NAME)?.bars ?? []).slice(-15), ask(w).now.mono)],
    [
      'the newest daily bar',
      'BARS_STALE',
      (w) => w.board.setDailyBars(NAME, (w.board.dailyBars(NAME)?.bars ?? []).slice(0, -3), ask(w).now.mono),
    ],
    [
      'the minutes',
      'BARS_STALE',
      (w) =>
        w.board.setIntradayBars(NAME, 1, {
          bars: (w.board.intradayBars(NAME, 1)?.bars ?? []).slice(0, -5),
          from: w.at,
          seen: ask(w).now.mono,
        }),
    ],
    ['the share quote', 'QUOTE_STALE', (w) => w.board.setQuote({ ...quoteOf(w), ageAtSightMs: 6_000 })],
    ['the two sides of the share quote', 'QUOTE_CROSSED', (w) => w.board.setQuote({ ...quoteOf(w), ask: quoteOf(w).bid })],
    ['the calendar of reports', 'EARNINGS_UNKNOWN', (w) => w.board.setEarnings([])],
    ['the chain', 'CHAIN_EMPTY', (w) => w.board.setChain({ ...chainOf(w), rows: chainOf(w).rows.slice(0, 8) })],
    [
      'the option quotes',
      'QUOTE_STALE',
      (w) =>
        w.board.setChain({
          ...chainOf(w),
          rows: chainOf(w).rows.map((r) => ({ ...r, quote: r.quote && { ...r.quote, ageAtSightMs: 16_000 } })),
        }),
    ],
    [
      'the index',
      'BARS_SHORT',
      (w) => w.board.setDailyBars(symbol('SPY'), (w.board.dailyBars(symbol('SPY'))?.bars ?? []).slice(-50), ask(w).now.mono),
    ],
    ['the asset', 'SYMBOL_NOT_TRADABLE', (w) => w.board.setAsset(NAME, { tradable: false, options: true })],
  ];
  const quoteOf = (w: World) => w.board.quote(NAME) ?? fail('quote');
  const chainOf = (w: World) => w.board.chain(NAME) ?? fail('chain');
  it('and nothing is missing from the market they are broken in', () => {
    expect(opensOf(dipAfterRun.evaluate(ask(healthy())))).toHaveLength(1);
  });
  it('the account: ACCOUNT_STALE', () => {
    const w = healthy();
    const decisions = dipAfterRun.evaluate(ask({ ...w, account: { ...w.account, ageMs: 10_001 } }));
    expect(decisions).toMatchObject([{ kind: 'pass', code: 'ACCOUNT_STALE' }]);
  });
  it.each(breaks)('%s: %s', (_name, code, broken) => {
    const w = healthy();
    broken(w);
    expect(dipAfterRun.evaluate(ask(w))).toMatchObject([{ kind: 'pass', subject: 'XYZ', code }]);
  });
});

function fail(what: string): never {
  throw new Error(`the healthy market has no ${what}`);
}
