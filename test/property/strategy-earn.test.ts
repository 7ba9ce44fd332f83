// What holds of the report trades in every market: purity, one decision a name, budgets, named absences, exits within what is held.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { symbol } from '../../src/domain/ids.ts';
import type { ReasonCode } from '../../src/domain/reasons.ts';
import { meanValueAfter } from '../../src/pricing/scenario.ts';
import { eventVariance } from '../../src/pricing/volatility/event.ts';
import { earningsProtection } from '../../src/strategies/earnings-protection.ts';
import { addName, evening, morning, NAME, opened, params, report, sigmaOf, TUESDAY } from '../golden/strategies/earn-worlds.ts';
import { closesOf, opensOf, passesOf } from '../golden/strategies/wheel-worlds.ts';
import { contextOf, type World, world } from '../golden/strategies/world.ts';
import { share } from './strategy-buyer.ts';

const names = ['AAA', 'BBB', 'CCC', 'DDD'];
const told = fc.record({
  event: share(0.03, 0.12),
  base: share(0.15, 0.6),
  past: share(0.02, 0.08),
  reports: fc.constantFrom(true, true, true, false),
});
const market = fc.record({
  names: fc.array(told, { minLength: 1, maxLength: 4 }),
  equity: fc.integer({ min: 20_000, max: 900_000 }),
  taken: fc.integer({ min: 0, max: 3_000 }),
  calendars: fc.boolean(),
});
type Given = typeof market extends fc.Arbitrary<infer T> ? T : never;

function worldOf(given: Given): World {
  const w = world(TUESDAY);
  for (const [i, { event, base, past, reports }] of given.names.entries()) {
    const name = names[i] ?? 'ZZZ';
    addName(w, name, {
      moves: Array.from({ length: 8 }, (_, k) => (k % 2 === 0 ? past : -past)),
      front: { sigma: sigmaOf(3, base, event) },
      back: { sigma: sigmaOf(31, base, event) },
      ...(reports ? {} : { next: [report(symbol(name), '2027-02-24', 'AMC')] }),
    });
  }
  const account = { equity: given.equity, settledCash: given.equity, optionsBuyingPower: given.equity, ageMs: 0 };
  return { ...w, account, risks: [{ strategy: 'earn', underlying: 'EEE', amount: given.taken }] };
}
const universe = (given: Given): readonly string[] => names.slice(0, given.names.length);
const contextFor = (given: Given, order = universe(given)) =>
  contextOf(worldOf(given), params({ universe: order.map(symbol), mleg_calendar: given.calendars }));
const runs = { numRuns: 15 };

describe('the report trades, whatever the market', () => {
  it('are opened in enough of these markets for the rest to mean something', () => {
    const traded = fc
      .sample(market, { numRuns: 30, seed: 5 })
      .filter((g) => opensOf(earningsProtection.evaluate(contextFor(g))).length > 0);
    expect(traded.length).toBeGreaterThanOrEqual(8);
  });
  it('say the same of the same context, leave it as it was, and decide about every name once', () => {
    fc.assert(
      fc.property(market, (given) => {
        const ctx = contextFor(given);
        const before = JSON.stringify([ctx.account, ctx.trades, ctx.memory, ctx.book.risks]);
        const decisions = earningsProtection.evaluate(ctx);
        expect(earningsProtection.evaluate(ctx)).toEqual(decisions);
        expect(JSON.stringify([ctx.account, ctx.trades, ctx.memory, ctx.book.risks])).toBe(before);
        expect(decisions.flatMap((d) => (d.kind === 'remember' ? [] : [d.subject as string])).sort()).toEqual([...universe(given)].sort());
      }),
      runs,
    );
  });
  it('are the same whatever the order of the universe', () => {
    fc.assert(
      fc.property(market, (given) => {
        expect(earningsProtection.evaluate(contextFor(given, [...universe(given)].reverse()))).toEqual(
          earningsProtection.evaluate(contextFor(given)),
        );
      }),
      runs,
    );
  });
  it('risk no more than a trade, the strategy and its places allow', () => {
    fc.assert(
      fc.property(market, (given) => {
        const opens = opensOf(earningsProtection.evaluate(contextFor(given)));
        let total = given.taken;
        for (const open of opens) {
          expect(open.maxLoss / 1e6).toBeLessThanOrEqual(0.0075 * given.equity + 1e-6);
          expect(open.qty).toBeLessThanOrEqual(10);
          expect(open.prices.rungs.every((rung, i, all) => i === 0 || rung > (all[i - 1] ?? 0))).toBe(true);
          total += open.maxLoss / 1e6;
        }
        if (opens.length > 0) expect(total).toBeLessThanOrEqual(0.025 * given.equity + 1e-6);
        expect(opens.length).toBeLessThanOrEqual(3);
      }),
      runs,
    );
  });
  it('pay for a calendar, are paid for a condor, and never open a short option without a long one that lives as long', () => {
    fc.assert(
      fc.property(market, (given) => {
        for (const open of opensOf(earningsProtection.evaluate(contextFor(given)))) {
          const last = open.prices.rungs.at(-1) ?? 0;
          expect(Math.sign(last)).toBe(open.legs.length === 2 ? 1 : -1);
          for (const short of open.legs.filter((l) => l.side === 'sell')) {
            const { instrument: i } = short;
            const covers = open.legs.some(
              (l) =>
                l.side === 'buy' &&
                l.instrument.kind === 'option' &&
                i.kind === 'option' &&
                l.instrument.right === i.right &&
                l.instrument.expiry >= i.expiry,
            );
            expect(covers).toBe(true);
          }
        }
      }),
      runs,
    );
  });
  it('close no more than is held, and decide about every trade', () => {
    const book = fc.record({
      kind: fc.constantFrom('calendar', 'condor', 'protect' as const),
      units: fc.integer({ min: 1, max: 6 }),
      spot: fc.integer({ min: 190, max: 320 }),
      minute: fc.integer({ min: 31, max: 59 }),
    });
    fc.assert(
      fc.property(book, ({ kind, units, spot, minute }) => {
        const ctx = contextOf(morning(spot, 9, minute, opened({ kind, units })), params());
        const decisions = earningsProtection.manage(ctx);
        expect(earningsProtection.manage(ctx)).toEqual(decisions);
        // Where nobody bids for a wing the short legs are bought back one by one: several decisions, but none twice for a leg.
        expect(closesOf(decisions).length + passesOf(decisions).length).toBeGreaterThanOrEqual(1);
        const legs = closesOf(decisions).flatMap((close) =>
          close.legs.map((l) => ({ symbol: l.instrument.symbol, qty: l.ratio * close.qty })),
        );
        expect(new Set(legs.map((l) => l.symbol)).size).toBe(legs.length);
        for (const { qty } of legs) expect(qty).toBeLessThanOrEqual(units);
      }),
      runs,
    );
  });
});

describe('the arithmetic of a night', () => {
  it('finds what was put into two expiries', () => {
    fc.assert(
      fc.property(share(0.05, 1.5), share(0.005, 0.3), share(0.5, 20), share(1, 60), (base, event, days, further) => {
        const far = days + further;
        const point = (d: number) => ({ years: d / 365, sigma: sigmaOf(d, base, event) });
        const found = eventVariance(point(days), point(far));
        expect(found.kind).toBe('event');
        if (found.kind !== 'event') return;
        expect(found.baseSigma).toBeCloseTo(base, 6);
        expect(found.deviation).toBeCloseTo(event, 5);
      }),
    );
  });
  it('gives a share its own price over any jump', () => {
    const forward = [
      { right: 'call', strike: 100, years: 0.1, weight: 1 },
      { right: 'put', strike: 100, years: 0.1, weight: -1 },
    ] as const;
    fc.assert(
      fc.property(share(0.001, 0.3), share(50, 200), (deviation, spot) => {
        const mean = meanValueAfter(forward, { spot, rate: 0, dividendYield: 0, sigma: 0.3 }, deviation);
        expect(mean).toBeCloseTo(spot - 100, 1);
      }),
      { numRuns: 20 },
    );
  });
});

describe('what is missing or stale has its name', () => {
  const now = (w: World) => contextOf(w, params()).now;
  const chainOf = (w: World) => w.board.chain(NAME) ?? fail('chain');
  const quoteOf = (w: World) => w.board.quote(NAME) ?? fail('quote');
  const breaks: readonly (readonly [string, ReasonCode, (w: World) => void])[] = [
    ['the asset', 'SYMBOL_NOT_TRADABLE', (w) => w.board.setAsset(NAME, { tradable: false, options: true })],
    ['options on it', 'OPTIONS_NOT_ENABLED', (w) => w.board.setAsset(NAME, { tradable: true, options: false })],
    ['the calendar of reports', 'EARNINGS_UNKNOWN', (w) => w.board.setEarnings([])],
    [
      'the newest daily bar',
      'BARS_STALE',
      (w) => w.board.setDailyBars(NAME, (w.board.dailyBars(NAME)?.bars ?? []).slice(0, -3), now(w).mono),
    ],
    [
      'the bars of past reports',
      'BARS_SHORT',
      (w) => w.board.setDailyBars(NAME, (w.board.dailyBars(NAME)?.bars ?? []).slice(-60), now(w).mono),
    ],
    ['the share quote', 'QUOTE_STALE', (w) => w.board.setQuote({ ...quoteOf(w), ageAtSightMs: 6_000 })],
    ['the two sides of the share quote', 'QUOTE_CROSSED', (w) => w.board.setQuote({ ...quoteOf(w), ask: quoteOf(w).bid })],
    ['the strikes', 'CHAIN_EMPTY', (w) => w.board.setChain({ ...chainOf(w), rows: chainOf(w).rows.slice(0, 8) })],
    [
      'the later expiry',
      'NO_EXPIRY_IN_RANGE',
      (w) => w.board.setChain({ ...chainOf(w), rows: chainOf(w).rows.filter((r) => r.contract.option.expiry < '2027-02-01') }),
    ],
    [
      'the open interest',
      'OI_UNKNOWN',
      (w) =>
        w.board.setChain({ ...chainOf(w), rows: chainOf(w).rows.map((r) => ({ ...r, contract: { ...r.contract, openInterest: null } })) }),
    ],
  ];
  it('and nothing is missing from the market they are broken in', () => {
    expect(opensOf(earningsProtection.evaluate(contextOf(evening(), params())))).toHaveLength(1);
  });
  it('the account: ACCOUNT_STALE', () => {
    const w = evening();
    const decisions = earningsProtection.evaluate(contextOf({ ...w, account: { ...w.account, ageMs: 10_001 } }, params()));
    expect(decisions).toMatchObject([{ kind: 'pass', code: 'ACCOUNT_STALE' }]);
  });
  it.each(breaks)('%s: %s', (_name, code, broken) => {
    const w = evening();
    broken(w);
    expect(earningsProtection.evaluate(contextOf(w, params()))).toMatchObject([{ kind: 'pass', subject: 'XYZ', code }]);
  });
});

function fail(what: string): never {
  throw new Error(`the healthy market has no ${what}`);
}
