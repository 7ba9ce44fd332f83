// What holds of the secular winners in every market: purity, one decision a name, budgets, named absences, exits within what is held.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { symbol } from '../../src/domain/ids.ts';
import type { ReasonCode } from '../../src/domain/reasons.ts';
import { tradingDay } from '../../src/domain/time.ts';
import { leapsSecularWinners as leaps } from '../../src/strategies/leaps-secular-winners.ts';
import { addName, ask, closesIn, FAR, heldWorld, leapsWorld, NAME, opensOf, passesOf, rising } from '../golden/strategies/leaps-worlds.ts';
import { stock, type World } from '../golden/strategies/world.ts';
import { share } from './strategy-buyer.ts';

const names = ['AAA', 'BBB', 'CCC', 'DDD', 'EEE'];
const told = fc.record({
  spot: fc.integer({ min: 136, max: 148 }),
  from: fc.constantFrom(90, 100, 100, 110, 170),
  sessions: fc.constantFrom(200, 260, 400, 400, 400),
  earningsIn: fc.constantFrom(1, 80, 80, 80),
});
const market = fc.record({
  names: fc.array(told, { minLength: 1, maxLength: 5 }),
  equity: fc.integer({ min: 40_000, max: 900_000 }),
  taken: fc.integer({ min: 0, max: 20_000 }),
  apart: fc.boolean(),
});
type Given = typeof market extends fc.Arbitrary<infer T> ? T : never;

function worldOf(given: Given): World {
  const w = leapsWorld({ equity: given.equity });
  for (const [i, { spot, from, sessions, earningsIn }] of given.names.entries())
    addName(w, { name: names[i] ?? 'ZZZ', spot, closes: rising(sessions, from, spot), stock: { earningsIn } });
  return { ...w, risks: [{ strategy: 'leaps', underlying: 'ZZZ', amount: given.taken }] };
}
const universe = (given: Given): readonly string[] => names.slice(0, given.names.length);
/** One theme or two; the turned order must not matter. */
const contextFor = (given: Given, turn: (list: readonly string[]) => readonly string[] = (list) => list) => {
  const all = universe(given);
  const themes = given.apart && all.length > 1 ? { ai: turn(all.slice(0, 1)), cloud: turn(all.slice(1)) } : { ai: turn(all) };
  return ask(worldOf(given), {}, themes);
};
const runs = { numRuns: 25 };

describe('the secular winners, whatever the market', () => {
  it('buy in enough of these markets for the rest to mean something', () => {
    const given = fc.sample(market, { numRuns: 30, seed: 5 });
    expect(given.filter((g) => opensOf(leaps.evaluate(contextFor(g))).length > 0).length).toBeGreaterThanOrEqual(8);
  });
  it('say the same of the same context, leave it as it was, and decide about every name once', () => {
    fc.assert(
      fc.property(market, (given) => {
        const ctx = contextFor(given);
        const before = JSON.stringify([ctx.account, ctx.trades, ctx.memory, ctx.book.risks]);
        const decisions = leaps.evaluate(ctx);
        expect(leaps.evaluate(ctx)).toEqual(decisions);
        expect(JSON.stringify([ctx.account, ctx.trades, ctx.memory, ctx.book.risks])).toBe(before);
        const subjects = decisions.flatMap((d) => (d.kind === 'remember' ? [] : [d.subject as string]));
        expect(subjects.sort()).toEqual([...universe(given), 'ZZZZ'].sort());
      }),
      runs,
    );
  });
  it('choose the same whatever the order of a theme', () => {
    fc.assert(
      fc.property(market, (given) => {
        expect(leaps.evaluate(contextFor(given, (list) => [...list].reverse()))).toEqual(leaps.evaluate(contextFor(given)));
      }),
      runs,
    );
  });
  it('risk no more than a name, the strategy and its places allow, and rise from mid to cap', () => {
    fc.assert(
      fc.property(market, (given) => {
        const opens = opensOf(leaps.evaluate(contextFor(given)));
        let total = given.taken;
        for (const open of opens) {
          const last = (open.prices.rungs.at(-1) ?? 0) / 1e6;
          expect(open.maxLoss / 1e6).toBeLessThanOrEqual(0.06 * given.equity + 1e-6);
          expect(0.4 * last * 100 * open.qty).toBeLessThanOrEqual(0.02 * given.equity + 1e-6);
          expect((last * 100 + 0.1) * open.qty).toBeLessThanOrEqual(open.maxLoss / 1e6 + 1e-6);
          expect(open.prices.rungs.every((rung, i, all) => rung > 0 && (i === 0 || rung > (all[i - 1] ?? 0)))).toBe(true);
          total += open.maxLoss / 1e6;
        }
        if (opens.length > 0) expect(total).toBeLessThanOrEqual(0.2 * given.equity + 1e-6);
        expect(opens.length).toBeLessThanOrEqual(given.apart ? 3 : 2);
      }),
      runs,
    );
  });
  it('sell no more than is held, for more than nothing, and decide about every trade', () => {
    const book = fc.record({
      units: fc.integer({ min: 1, max: 9 }),
      left: fc.integer({ min: 1, max: 9 }),
      entry: share(5, 90).map((x) => Math.round(x * 100) / 100),
      expiry: fc.constantFrom(FAR, FAR, '2026-09-18', '2026-07-17'),
      last: fc.integer({ min: 80, max: 180 }),
      hour: fc.integer({ min: 10, max: 15 }),
    });
    fc.assert(
      fc.property(book, ({ units, left, entry, expiry, last, hour }) => {
        const closes = [...rising(390, 100, 140), ...rising(6, 140, last)];
        const ctx = ask(heldWorld({ units, left: Math.min(left, units), entry, expiry, closes, hour }));
        const decisions = leaps.manage(ctx);
        expect(leaps.manage(ctx)).toEqual(decisions);
        expect(closesIn(decisions).length + passesOf(decisions).length).toBe(1);
        for (const close of closesIn(decisions)) {
          expect(close.qty).toBeLessThanOrEqual(Math.min(left, units));
          expect(close.prices.rungs.every((rung) => rung < 0)).toBe(true);
        }
      }),
      { numRuns: 60 },
    );
  });
});

describe('what is missing or stale has its name', () => {
  const quoteOf = (w: World) => w.board.quote(NAME) ?? absent('quote');
  const chainOf = (w: World) => w.board.chain(NAME) ?? absent('chain');
  const barsOf = (w: World, name = NAME) => w.board.dailyBars(name)?.bars ?? [];
  const SPY = symbol('SPY');
  const breaks: readonly (readonly [name: string, code: ReasonCode, broken: (w: World) => void])[] = [
    ['the daily bars', 'BARS_SHORT', (w) => w.board.setDailyBars(NAME, barsOf(w).slice(-251), ask(w).now.mono)],
    ['the newest daily bar', 'BARS_STALE', (w) => w.board.setDailyBars(NAME, barsOf(w).slice(0, -3), ask(w).now.mono)],
    ['the index', 'BARS_SHORT', (w) => w.board.setDailyBars(SPY, barsOf(w, SPY).slice(-50), ask(w).now.mono)],
    ['the share quote', 'QUOTE_STALE', (w) => w.board.setQuote({ ...quoteOf(w), ageAtSightMs: 6_000 })],
    ['the two sides of the share quote', 'QUOTE_CROSSED', (w) => w.board.setQuote({ ...quoteOf(w), ask: quoteOf(w).bid })],
    ['the calendar of reports', 'EARNINGS_UNKNOWN', (w) => w.board.setEarnings([])],
    ['the chain', 'CHAIN_EMPTY', (w) => w.board.setChain({ ...chainOf(w), to: tradingDay(FAR), rows: chainOf(w).rows.slice(0, 8) })],
    ['the asset', 'SYMBOL_NOT_TRADABLE', (w) => w.board.setAsset(NAME, { tradable: false, options: true })],
    ['the market', 'REGIME_BLOCK', (w) => void stock(w, 'SPY', { spot: 600, from: 800 })],
  ];
  it('and nothing is missing from the market they are broken in', () => {
    expect(opensOf(leaps.evaluate(ask(leapsWorld())))).toHaveLength(1);
  });
  it('the account: ACCOUNT_STALE', () => {
    const w = leapsWorld();
    const decisions = leaps.evaluate(ask({ ...w, account: { ...w.account, ageMs: 10_001 } }));
    expect(passesOf(decisions)).toMatchObject([{ code: 'ACCOUNT_STALE' }]);
  });
  it.each(breaks)('%s: %s', (_name, code, broken) => {
    const w = leapsWorld();
    broken(w);
    expect(passesOf(leaps.evaluate(ask(w)))).toMatchObject([{ kind: 'pass', subject: 'XYZ', code }]);
  });
});

function absent(what: string): never {
  throw new Error(`the healthy market has no ${what}`);
}
