// What holds of the same-day seller in every market: purity, one decision a name, budgets, named absences, exits within what is held.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Symbol, symbol } from '../../src/domain/ids.ts';
import { netQty } from '../../src/domain/money.ts';
import type { ReasonCode } from '../../src/domain/reasons.ts';
import { tradingDay } from '../../src/domain/time.ts';
import type { Bar } from '../../src/market/quote.ts';
import { zeroDteCreditSpreads as zdte } from '../../src/strategies/zero-dte-credit-spreads.ts';
import { contextOf, type World, world } from '../golden/strategies/world.ts';
import { level, macro } from '../golden/strategies/world-more.ts';
import {
  addName,
  ask,
  closesIn,
  DAY,
  held,
  NAME,
  opensOf,
  params,
  passesOf,
  risen,
  soldCondors,
  soldPuts,
  strikes,
} from '../golden/strategies/zdte-worlds.ts';

const names = ['SPY', 'QQQ', 'IWM'];
const name = fc.record({
  traded: fc.constantFrom(593, 597, 599.5, 600, 601, 603, 606),
  swing: fc.constantFrom(0.002, 0.003, 0.004, 0.006),
  half: fc.constantFrom(0.005, 0.01, 0.02, 0.06),
});
const market = fc.record({
  names: fc.array(name, { minLength: 1, maxLength: 3 }),
  equity: fc.integer({ min: 20_000, max: 600_000 }),
  taken: fc.integer({ min: 0, max: 4_000 }),
  entries: fc.constantFrom(0, 0, 0, 1, 2),
  vix: fc.constantFrom(15, 22, 25, 29, 31),
});
type Given = typeof market extends fc.Arbitrary<infer T> ? T : never;

function worldOf(given: Given): World {
  const w = world(DAY, 10, 0);
  for (const [i, { half, ...told }] of given.names.entries())
    addName(w, { ...told, name: names[i] ?? 'ZZZ', strikes: strikes({}, 579, 621), chain: { half } });
  level(w, 'VIX', given.vix);
  macro(w, []);
  const account = { equity: given.equity, settledCash: given.equity, optionsBuyingPower: given.equity, ageMs: 0 };
  const won = Array.from({ length: given.entries }, () =>
    soldPuts({ name: 'DIA', units: 1, closed: { day: DAY, exit: 'TARGET' as const, realized: 20 } }),
  );
  return { ...w, account, closedTrades: won, risks: [{ strategy: 'zdte', underlying: 'DIA', amount: given.taken }] };
}
const universe = (given: Given): readonly string[] => names.slice(0, given.names.length);
const widths = Object.fromEntries(names.map((n) => [n, 5]));
const contextFor = (given: Given, order = universe(given)) =>
  contextOf(worldOf(given), params({ universe: order.map(symbol), width_usd: widths }));
const runs = { numRuns: 15 };

describe('the same-day seller, whatever the market', () => {
  it('sells on either side, and on both, in enough of these markets for the rest to mean something', () => {
    const kinds = new Map<string, number>();
    for (const given of fc.sample(market, { numRuns: 80, seed: 11 }))
      for (const open of opensOf(zdte.evaluate(contextFor(given)))) {
        const rights = new Set(open.legs.map((l) => (l.instrument.kind === 'option' ? l.instrument.right : '')));
        const kind = rights.size > 1 ? 'condor' : ([...rights][0] ?? '');
        kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
      }
    for (const kind of ['put', 'call', 'condor']) expect(kinds.get(kind) ?? 0).toBeGreaterThanOrEqual(5);
  });
  it('says the same of the same context, leaves it as it was, and decides about every name once', () => {
    fc.assert(
      fc.property(market, (given) => {
        const ctx = contextFor(given);
        const before = JSON.stringify([ctx.account, ctx.trades, ctx.closedTrades, ctx.memory, ctx.book.risks]);
        const decisions = zdte.evaluate(ctx);
        expect(zdte.evaluate(ctx)).toEqual(decisions);
        expect(JSON.stringify([ctx.account, ctx.trades, ctx.closedTrades, ctx.memory, ctx.book.risks])).toBe(before);
        expect(decisions.flatMap((d) => (d.kind === 'remember' ? [] : [d.subject as string])).sort()).toEqual([...universe(given)].sort());
      }),
      runs,
    );
  });
  it('chooses the same whatever the order of the universe', () => {
    fc.assert(
      fc.property(market, (given) => {
        expect(zdte.evaluate(contextFor(given, [...universe(given)].reverse()))).toEqual(zdte.evaluate(contextFor(given)));
      }),
      runs,
    );
  });
  it('collects, falls from mid to cap, and risks no more than a trade and the day allow', () => {
    fc.assert(
      fc.property(market, (given) => {
        const opens = opensOf(zdte.evaluate(contextFor(given)));
        let total = given.taken + given.entries * 56;
        for (const { prices, qty, legs, maxLoss } of opens) {
          const least = -(prices.rungs.at(-1) ?? 0) / 1e6;
          expect(prices.rungs.every((rung, i, all) => rung < 0 && (i === 0 || rung > (all[i - 1] ?? 0)))).toBe(true);
          expect(least).toBeGreaterThanOrEqual(0.5);
          expect(maxLoss / 1e6).toBeCloseTo(((5 - least) * 100 + 2 * legs.length * 0.05) * qty, 6);
          expect(maxLoss / 1e6).toBeLessThanOrEqual(0.01 * given.equity + 1e-6);
          expect(qty).toBeLessThanOrEqual(10);
          expect(legs.filter((l) => l.side === 'sell')).toHaveLength(legs.length / 2);
          total += maxLoss / 1e6;
        }
        if (opens.length > 0) expect(total).toBeLessThanOrEqual(0.02 * given.equity + 1e-6);
        expect(opens.length + given.entries).toBeLessThanOrEqual(2);
      }),
      runs,
    );
  });
  it('closes no more than is held, pays no more than it can be worth, and decides about every trade once', () => {
    const book = fc.record({
      condor: fc.boolean(),
      units: fc.integer({ min: 1, max: 6 }),
      gone: fc.array(fc.integer({ min: 0, max: 3 }), { maxLength: 2 }),
      entry: fc.integer({ min: 20, max: 200 }).map((cents) => -cents / 100),
      spot: fc.constantFrom(585, 592, 594.5, 596, 600, 604, 607, 612),
      hour: fc.constantFrom(11, 12, 13, 14, 15),
      quick: fc.boolean(),
    });
    fc.assert(
      fc.property(book, ({ condor, units, gone, entry, spot, hour, quick }) => {
        const whole = (condor ? soldCondors : soldPuts)({ units, entry });
        // One contract of some legs is gone, as after a liquidation.
        const trade = {
          ...whole,
          held: whole.held
            .flatMap((h, i) => (gone.includes(i) ? { ...h, qty: netQty(h.qty - Math.sign(h.qty)) } : h))
            .filter((h) => h.qty !== 0),
        };
        const w = held({ at: [hour, 0], spot }, trade);
        const ctx = ask(w, quick ? { stop_confirm_seconds: 0 } : {});
        const decisions = zdte.manage(ctx);
        expect(zdte.manage(ctx)).toEqual(decisions);
        expect(closesIn(decisions).length + passesOf(decisions).length).toBe(1);
        for (const { legs, qty, prices } of closesIn(decisions)) {
          for (const l of legs) {
            const have = trade.held.find((h) => h.instrument.symbol === l.instrument.symbol)?.qty ?? 0;
            expect(l.side === 'buy' ? -have : have).toBeGreaterThanOrEqual(qty * l.ratio);
          }
          if (legs.length > 1) expect(prices.rungs.at(-1)).toBeLessThanOrEqual(5_000_000);
        }
      }),
      { numRuns: 40 },
    );
  });
});

describe('what is missing or stale has its name', () => {
  /** Breaks something of a board, in place. */
  const broken =
    (how: (board: World['board'], w: World) => void) =>
    (w: World): World => {
      how(w.board, w);
      return w;
    };
  const stale = (of: Symbol) =>
    broken((board) => {
      const quote = board.quote(of);
      if (quote !== undefined) board.setQuote({ ...quote, ageAtSightMs: 5_001 });
    });
  const daily = (cut: (bars: readonly Bar[]) => readonly Bar[]) =>
    broken((board, w) => board.setDailyBars(NAME, cut(board.dailyBars(NAME)?.bars ?? []), ask(w).now.mono));
  const minutes = (length: 1 | 5, cut: (bars: readonly Bar[]) => readonly Bar[]) =>
    broken((board, w) =>
      board.setIntradayBars(NAME, length, { bars: cut(board.intradayBars(NAME, length)?.bars ?? []), from: w.at, seen: ask(w).now.mono }),
    );
  const events = (event: string, time: string) => () => risen({ events: [{ day: tradingDay(DAY), event, time }] });
  const breaks: readonly (readonly [name: string, code: ReasonCode, world: (w: World) => World])[] = [
    ['the account', 'ACCOUNT_STALE', (w) => ({ ...w, account: { ...w.account, ageMs: 10_001 } })],
    ['the ledger', 'RECON_PENDING', (w) => ({ ...w, disputed: [NAME] })],
    ['the VIX', 'VIX_UNKNOWN', () => risen({ vix: null })],
    ['the macro calendar', 'MACRO_UNKNOWN', () => risen({ events: null })],
    ['a rate decision today', 'MACRO_EVENT', events('FOMC', '14:00')],
    ['a report of prices this morning', 'MACRO_EVENT', events('CPI', '08:30')],
    ['the opening gap', 'GAP_TOO_LARGE', () => risen({ opened: 608 })],
    ['the forecast', 'EDGE_TOO_SMALL', () => risen({ swing: 0.006 })],
    ["the share's quote", 'QUOTE_STALE', stale(NAME)],
    ['the daily bars', 'BARS_SHORT', daily((bars) => bars.slice(-20))],
    ['the newest daily bar', 'BARS_STALE', daily((bars) => bars.slice(0, -1))],
    ['the minutes', 'BARS_MISSING', minutes(1, () => [])],
    ['the newest minutes', 'BARS_STALE', minutes(1, (bars) => bars.slice(0, -4))],
    ['the five-minute bars', 'BARS_MISSING', minutes(5, () => [])],
    ["the wing's quote", 'QUOTE_STALE', stale(symbol('SPY260310P00589000'))],
    ['the asset', 'OPTIONS_NOT_ENABLED', broken((board) => board.setAsset(NAME, { tradable: true, options: false }))],
    ['the chain', 'CHAIN_INCONSISTENT', () => risen({ strikes: strikes({ 600: { call: [20, 20.02] } }) })],
    ['open interest', 'OI_UNKNOWN', () => risen({ chain: { openInterest: null } })],
    ['open interest of a thin chain', 'OI_TOO_LOW', () => risen({ chain: { openInterest: 499 } })],
    ['volume', 'VOLUME_TOO_LOW', () => risen({ chain: { volume: null } })],
    ['the spread of the short strike', 'SPREAD_TOO_WIDE', () => risen({ chain: { half: 0.14 } })],
    ['the size at the touch', 'NBBO_SIZE_TOO_SMALL', () => risen({ chain: { size: 1 } })],
    ['an order at work', 'ORDER_WORKING', (w) => ({ ...w, busy: [NAME] })],
  ];
  it('opens where nothing is missing', () => expect(opensOf(zdte.evaluate(ask(risen())))).toHaveLength(1));
  it.each(breaks)('%s: %s', (_name, code, world_) => {
    const decisions = zdte.evaluate(ask(world_(risen())));
    expect(opensOf(decisions)).toEqual([]);
    expect(passesOf(decisions).map((d) => d.code)).toEqual([code]);
  });
  it('sells again once the move of a morning report has shown itself', () => {
    const cpi = [{ day: tradingDay(DAY), event: 'CPI', time: '08:30' }];
    expect(opensOf(zdte.evaluate(ask(risen({ events: cpi, at: [10, 15] }))))).toHaveLength(1);
  });
});

describe('what is fetched', () => {
  const needs = (w: World, phase: 'entry' | 'manage') => ({ ...ask(w), phase, equity: ask(w).account.equity });
  it('is the chain of today where the day and the name pass, and none where they do not', () => {
    expect(zdte.chains(needs(risen(), 'entry'))).toEqual([{ underlying: NAME, dteFrom: 0, dteTo: 0 }]);
    expect(zdte.chains(needs(risen({ vix: 31 }), 'entry'))).toEqual([]);
    expect(zdte.chains(needs(held({}, soldPuts()), 'entry'))).toEqual([]);
  });
  it('is, while a spread is held, the quotes of its legs and its share', () => {
    expect(zdte.watches(needs(held({}, soldPuts()), 'manage'))).toMatchObject({
      quotes: ['SPY', 'SPY260310P00589000', 'SPY260310P00594000'],
      dailyBars: [],
      macro: false,
    });
    expect(zdte.watches(needs(held({}, soldPuts()), 'entry')).quotes).toEqual([]);
  });
});
