// What holds of the swing trader in every market: purity, one decision a name, budgets, named absences, exits within what is held.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Close, Decision, Open, Pass } from '../../src/domain/decision.ts';
import { symbol } from '../../src/domain/ids.ts';
import type { ReasonCode } from '../../src/domain/reasons.ts';
import { addDays } from '../../src/domain/time.ts';
import type { BarMinutes } from '../../src/market/intraday.ts';
import { swingParams } from '../../src/strategies/swing-trading/params.ts';
import { swingTrading as strategy } from '../../src/strategies/swing-trading.ts';
import { breakout, breakoutBars, chain, run, runBars, tell, turn, turnBars } from '../golden/strategies/swing-worlds.ts';
import { contextOf, nowOf, type World, world } from '../golden/strategies/world.ts';
import { holding, trade } from '../golden/strategies/world-more.ts';

const EXPIRY = '2026-12-03';
const XYZ = symbol('XYZ');
const names = ['AAA', 'BBB', 'CCC', 'DDD'];
const share = (min: number, max: number) => fc.double({ min, max, noNaN: true });
const told = fc.record({
  kind: fc.constantFrom('breakout', 'momentum', 'reversal', 'breakout', 'nothing'),
  times: share(0.5, 1.6),
  earningsIn: fc.constantFrom(0, 3, 10, 80, 80, 80),
  sessions: fc.constantFrom(14, 20, 20, 20),
});
type Told = typeof told extends fc.Arbitrary<infer T> ? T : never;
const market = fc.record({
  names: fc.array(told, { minLength: 1, maxLength: 4 }),
  equity: fc.integer({ min: 15_000, max: 400_000 }),
  taken: fc.integer({ min: 0, max: 4_000 }),
});
type Given = typeof market extends fc.Arbitrary<infer T> ? T : never;

const fresh = (): World => world('2026-11-16', 11, 12);
function addName(w: World, name: string, n: Told): void {
  const two = (usual: number): readonly number[] => [usual, usual].map((v) => Math.round(v * n.times * 1e6));
  const more = { name, earningsIn: n.earningsIn, sessions: n.sessions };
  const story = {
    breakout: () => breakout({ ...more, fifteen: breakoutBars(184.22, two(3.4)) }),
    momentum: () => run({ ...more, five: runBars(Math.round(n.times * 2_200_000)) }),
    reversal: () => turn({ ...more, fifteen: turnBars(184.68, two(2.9)) }),
    nothing: () => ({ ...more, spot: 180 }),
  }[n.kind]();
  tell(w, story);
  chain(w, story.spot, [], {}, name);
}

function worldOf(given: Given): World {
  const w = fresh();
  for (const [i, n] of given.names.entries()) addName(w, names[i] ?? 'ZZZ', n);
  const account = { equity: given.equity, settledCash: given.equity, optionsBuyingPower: given.equity, ageMs: 0 };
  return { ...w, account, risks: [{ strategy: 'swing', underlying: 'EEE', amount: given.taken }] };
}
const params = (universe: readonly string[]) => swingParams.parse({ universe });
const universe = (given: Given): readonly string[] => names.slice(0, given.names.length);
const contextFor = (given: Given, order = universe(given)) => contextOf(worldOf(given), params(order));
const opens = (decisions: readonly Decision[]): readonly Open[] => decisions.filter((d) => d.kind === 'open');
const closes = (decisions: readonly Decision[]): readonly Close[] => decisions.filter((d) => d.kind === 'close');
const passes = (decisions: readonly Decision[]): readonly Pass[] => decisions.filter((d) => d.kind === 'pass');
const runs = { numRuns: 20 };

describe('the swing trader, whatever the market', () => {
  it('buys in enough of these markets for the rest to mean something', () => {
    const buying = fc.sample(market, { numRuns: 40, seed: 7 }).filter((given) => opens(strategy.evaluate(contextFor(given))).length > 0);
    expect(buying.length).toBeGreaterThanOrEqual(8);
  });
  it('says the same of the same context, leaves it as it was, and decides about every name once', () => {
    fc.assert(
      fc.property(market, (given) => {
        const ctx = contextFor(given);
        const before = JSON.stringify([ctx.account, ctx.trades, ctx.memory, ctx.book.risks]);
        const decisions = strategy.evaluate(ctx);
        expect(strategy.evaluate(ctx)).toEqual(decisions);
        expect(JSON.stringify([ctx.account, ctx.trades, ctx.memory, ctx.book.risks])).toBe(before);
        expect(decisions.flatMap((d) => (d.kind === 'remember' ? [] : [d.subject as string])).sort()).toEqual([...universe(given)].sort());
      }),
      runs,
    );
  });
  it('chooses the same whatever the order of the universe', () => {
    fc.assert(
      fc.property(market, (given) => {
        expect(strategy.evaluate(contextFor(given, [...universe(given)].reverse()))).toEqual(strategy.evaluate(contextFor(given)));
      }),
      runs,
    );
  });
  it('risks no more than a trade, the strategy and its places allow, and rises from mid to cap', () => {
    fc.assert(
      fc.property(market, (given) => {
        const bought = opens(strategy.evaluate(contextFor(given)));
        let total = given.taken;
        for (const open of bought) {
          expect(open.maxLoss / 1e6).toBeLessThanOrEqual(0.01 * given.equity + 1e-6);
          const last = open.prices.rungs.at(-1) ?? 0;
          expect((last * 100 * open.qty + 2 * 50_000 * open.qty) / 1e6).toBeLessThanOrEqual(open.maxLoss / 1e6 + 1e-6);
          expect(open.qty).toBeLessThanOrEqual(5);
          expect(open.prices.rungs.every((rung, i, all) => rung > 0 && (i === 0 || rung > (all[i - 1] ?? 0)))).toBe(true);
          total += open.maxLoss / 1e6;
        }
        if (bought.length > 0) expect(total).toBeLessThanOrEqual(0.04 * given.equity + 1e-6);
        expect(bought.length).toBeLessThanOrEqual(5);
      }),
      runs,
    );
  });
  it('asks for a chain of exactly the names that no cheaper question refuses', () => {
    fc.assert(
      fc.property(market, (given) => {
        const ctx = contextFor(given);
        const asked = strategy.chains({ ...ctx, phase: 'entry', equity: ctx.account.equity }).map((need) => need.underlying as string);
        const judged = strategy
          .evaluate(ctx)
          .flatMap((d) => (d.kind !== 'remember' && d.gates.some((g) => g.name === 'expiry') ? [d.subject as string] : []));
        expect(asked).toEqual([...judged].sort());
      }),
      runs,
    );
  });
  it('sells no more than is held, for more than nothing, and decides about every trade', () => {
    const book = fc.record({
      units: fc.integer({ min: 1, max: 10 }),
      left: fc.integer({ min: 1, max: 10 }),
      entry: share(0.5, 12).map((x) => Math.round(x * 100) / 100),
      hour: fc.constantFrom(11, 13, 15),
      peak: fc.option(share(0.5, 20)),
      stopSince: fc.boolean(),
    });
    fc.assert(
      fc.property(book, ({ units, left, entry, hour, peak, stopSince }) => {
        const w = world('2026-11-16', hour, 50);
        addName(w, 'XYZ', { ...healthyName });
        const own = trade({
          owner: 'swing',
          name: 'XYZ',
          legs: [{ expiry: EXPIRY, right: 'call', strike: 185, side: 'buy' }],
          units,
          left: Math.min(left, units),
          entry,
          openedDay: '2026-11-16',
          openedAt: '10:30',
        });
        const watch = { v: 1, trades: { [own.id]: { stopSince: stopSince ? w.at - 60_000 : null, peak } } };
        const ctx = contextOf({ ...holding(w, own), memory: { v: 1, watch, evenings: {} } }, params(['XYZ']));
        const decisions = strategy.manage(ctx);
        expect(strategy.manage(ctx)).toEqual(decisions);
        expect(closes(decisions).length + passes(decisions).length).toBe(1);
        for (const close of closes(decisions)) {
          expect(close.qty).toBeGreaterThanOrEqual(1);
          expect(close.qty).toBeLessThanOrEqual(Math.min(left, units));
          expect(close.prices.rungs.every((rung) => rung < 0)).toBe(true);
        }
      }),
      runs,
    );
  });
});

const healthyName: Told = { kind: 'breakout', times: 1, earningsIn: 80, sessions: 20 };

describe('what is missing or stale has its name', () => {
  const healthy = (): World => {
    const w = fresh();
    addName(w, 'XYZ', healthyName);
    return w;
  };
  const without = (w: World, minutes: BarMinutes, dropped: number): void => {
    const record = w.board.intradayBars(XYZ, minutes);
    const bars = record?.bars.slice(0, -dropped) ?? [];
    w.board.setIntradayBars(XYZ, minutes, { bars, from: record?.from ?? w.at, seen: nowOf(w).mono });
  };
  type Breaking = readonly [what: string, code: ReasonCode, broken: (w: World) => Partial<World>];
  const done = (_effect: unknown): Partial<World> => ({});
  const quoteAged = (w: World, ageAtSightMs: number): void => {
    const quote = w.board.quote(XYZ);
    if (quote !== undefined) w.board.setQuote({ ...quote, ageAtSightMs });
  };
  const breaks: readonly Breaking[] = [
    ['an old account', 'ACCOUNT_STALE', ({ account }) => ({ account: { ...account, ageMs: 10_001 } })],
    ['a ledger in dispute', 'RECON_PENDING', () => ({ disputed: [XYZ] })],
    ['a name the broker does not trade', 'SYMBOL_NOT_TRADABLE', (w) => done(w.board.setAsset(XYZ, { tradable: false, options: true }))],
    ['a name without options', 'OPTIONS_NOT_ENABLED', (w) => done(w.board.setAsset(XYZ, { tradable: true, options: false }))],
    [
      'too few daily bars',
      'BARS_SHORT',
      (w) => done(w.board.setDailyBars(XYZ, (w.board.dailyBars(XYZ)?.bars ?? []).slice(-19), nowOf(w).mono)),
    ],
    [
      'old daily bars',
      'BARS_STALE',
      (w) => done(w.board.setDailyBars(XYZ, (w.board.dailyBars(XYZ)?.bars ?? []).slice(0, -2), nowOf(w).mono)),
    ],
    ['an old quote', 'QUOTE_STALE', (w) => done(quoteAged(w, 5_001))],
    ['no calendar of reports', 'EARNINGS_UNKNOWN', (w) => done(w.board.setEarnings([]))],
    ['no bars of five minutes', 'BARS_MISSING', (w) => done(without(w, 5, 10_000))],
    ['no bars of fifteen minutes', 'BARS_MISSING', (w) => done(without(w, 15, 10_000))],
    ['no newest bar of five minutes', 'BARS_STALE', (w) => done(without(w, 5, 1))],
    ['no newest bar of fifteen minutes', 'BARS_STALE', (w) => done(without(w, 15, 1))],
    ['fourteen sessions of bars', 'RVOL_HISTORY_SHORT', (w) => done(addName(w, 'XYZ', { ...healthyName, sessions: 14 }))],
    [
      'a chain of three strikes',
      'CHAIN_EMPTY',
      (w) => {
        const rows = (w.board.chain(XYZ)?.rows ?? []).slice(0, 6);
        return done(w.board.setChain({ underlying: XYZ, from: w.day, to: addDays(w.day, 120), rows, seen: nowOf(w).mono }));
      },
    ],
    [
      'a chain without a contract',
      'NO_EXPIRY_IN_RANGE',
      (w) => done(w.board.setChain({ underlying: XYZ, from: w.day, to: addDays(w.day, 120), rows: [], seen: nowOf(w).mono })),
    ],
    [
      'an unknown open interest',
      'OI_UNKNOWN',
      (w) => {
        const chain_ = w.board.chain(XYZ);
        const rows = (chain_?.rows ?? []).map((row) => ({ ...row, contract: { ...row.contract, openInterest: null } }));
        w.board.setChain({ underlying: XYZ, from: w.day, to: addDays(w.day, 120), rows, seen: nowOf(w).mono });
        return {};
      },
    ],
  ];
  it('and nothing of it is: it is bought', () => {
    expect(opens(strategy.evaluate(contextOf(healthy(), params(['XYZ']))))).toHaveLength(1);
  });
  it.each(breaks)('%s: %s', (_what, code, broken) => {
    const w = healthy();
    const ctx = contextOf({ ...w, ...broken(w) }, params(['XYZ']));
    const decisions = strategy.evaluate(ctx);
    expect(passes(decisions)).toMatchObject([{ code, subject: 'XYZ' }]);
    expect(decisions).toHaveLength(1);
  });
  it('quotes of the lesser feed: FEED_NOT_OPRA, and an account without the level: LEVEL_TOO_LOW', () => {
    const ctx = contextOf(healthy(), params(['XYZ']));
    const lesser = { ...ctx, market: { ...ctx.market, optionFeed: () => 'indicative' as const } };
    expect(passes(strategy.evaluate(lesser))[0]?.code).toBe('FEED_NOT_OPRA');
    const below = { ...ctx, account: { ...ctx.account, optionsLevel: 1 } };
    expect(passes(strategy.evaluate(below))[0]?.code).toBe('LEVEL_TOO_LOW');
  });
});
