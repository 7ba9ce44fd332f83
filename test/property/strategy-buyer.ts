// What is asked of every strategy that buys one option outright, whatever the market: its own market and its own limits are the caller's.
import fc from 'fast-check';
import { expect } from 'vitest';
import type { Close, Decision, Open, Pass } from '../../src/domain/decision.ts';
import type { Symbol } from '../../src/domain/ids.ts';
import type { ReasonCode } from '../../src/domain/reasons.ts';
import { addDays } from '../../src/domain/time.ts';
import type { BarMinutes } from '../../src/market/intraday.ts';
import type { ChainRow } from '../../src/market/quote.ts';
import type { Context, Strategy } from '../../src/strategies/strategy.ts';
import { nowOf, type World } from '../golden/strategies/world.ts';

export const opens = (decisions: readonly Decision[]): readonly Open[] => decisions.filter((d) => d.kind === 'open');
export const closes = (decisions: readonly Decision[]): readonly Close[] => decisions.filter((d) => d.kind === 'close');
export const passes = (decisions: readonly Decision[]): readonly Pass[] => decisions.filter((d) => d.kind === 'pass');

/** A number of a range. */
export const share = (min: number, max: number): fc.Arbitrary<number> => fc.double({ min, max, noNaN: true });

/** A strategy among drawn markets. */
export interface Buyer<P, Given> {
  readonly strategy: Pick<Strategy<P>, 'evaluate' | 'chains'>;
  readonly market: fc.Arbitrary<Given>;
  readonly runs: { readonly numRuns: number };
  universe(given: Given): readonly string[];
  contextFor(given: Given, order?: readonly string[]): Context<P>;
}

const subjects = (decisions: readonly Decision[]): readonly string[] =>
  decisions.flatMap((d) => (d.kind === 'remember' ? [] : [d.subject as string]));

/** The same of the same context, which stays as it was, and one decision a name. */
export function isPure<P, Given>({ strategy, market, runs, universe, contextFor }: Buyer<P, Given>): void {
  fc.assert(
    fc.property(market, (given) => {
      const ctx = contextFor(given);
      const state = (): string => JSON.stringify([ctx.account, ctx.trades, ctx.memory, ctx.book.risks]);
      const before = state();
      const decisions = strategy.evaluate(ctx);
      expect(strategy.evaluate(ctx)).toEqual(decisions);
      expect(state()).toBe(before);
      expect([...subjects(decisions)].sort()).toEqual([...universe(given)].sort());
    }),
    runs,
  );
}

/** The order of the universe changes nothing. */
export function isOrderFree<P, Given>({ strategy, market, runs, universe, contextFor }: Buyer<P, Given>): void {
  fc.assert(
    fc.property(market, (given) => {
      expect(strategy.evaluate(contextFor(given, [...universe(given)].reverse()))).toEqual(strategy.evaluate(contextFor(given)));
    }),
    runs,
  );
}

/** Chains are asked for of exactly the names whose contracts are then looked at. */
export function asksForChainsItJudges<P, Given>({ strategy, market, runs, contextFor }: Buyer<P, Given>): void {
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
}

/** Parts of equity, and counts, that bound what is bought. */
export interface Ceilings {
  readonly trade: number;
  readonly total: number;
  readonly places: number;
  readonly contracts: number;
}

/** Inside its ceilings with what was taken before, fees included, at limits that rise. */
export function staysInside(bought: readonly Open[], equity: number, taken: number, ceilings: Ceilings): void {
  let total = taken;
  for (const open of bought) {
    expect(open.maxLoss / 1e6).toBeLessThanOrEqual(ceilings.trade * equity + 1e-6);
    const last = open.prices.rungs.at(-1) ?? 0;
    expect((last * 100 * open.qty + 2 * 50_000 * open.qty) / 1e6).toBeLessThanOrEqual(open.maxLoss / 1e6 + 1e-6);
    expect(open.qty).toBeLessThanOrEqual(ceilings.contracts);
    expect(open.prices.rungs.every((rung, i, all) => rung > 0 && (i === 0 || rung > (all[i - 1] ?? 0)))).toBe(true);
    total += open.maxLoss / 1e6;
  }
  if (bought.length > 0) expect(total).toBeLessThanOrEqual(ceilings.total * equity + 1e-6);
  expect(bought.length).toBeLessThanOrEqual(ceilings.places);
}

/** Of one trade: one decision, the same twice, of no more than is held, for more than nothing. */
export function leavesWithin(manage: () => readonly Decision[], held: number): void {
  const decisions = manage();
  expect(manage()).toEqual(decisions);
  expect(closes(decisions).length + passes(decisions).length).toBe(1);
  for (const close of closes(decisions)) {
    expect(close.qty).toBeGreaterThanOrEqual(1);
    expect(close.qty).toBeLessThanOrEqual(held);
    expect(close.prices.rungs.every((rung) => rung < 0)).toBe(true);
  }
}

/** A bought option as it may stand when it is looked at. */
export interface HeldOption {
  readonly units: number;
  readonly left: number;
  /** Paid, dollars a share. */
  readonly entry: number;
  readonly hour: number;
  readonly peak: number | null;
  readonly stopSince: boolean;
}

const heldOption: fc.Arbitrary<HeldOption> = fc
  .record({
    units: fc.integer({ min: 1, max: 10 }),
    left: fc.integer({ min: 1, max: 10 }),
    entry: share(0.5, 12).map((x) => Math.round(x * 100) / 100),
    hour: fc.constantFrom(11, 13, 15),
    peak: fc.option(share(0.5, 20)),
    stopSince: fc.boolean(),
  })
  .map((held) => ({ ...held, left: Math.min(held.left, held.units) }));

/** However it stands: sold is no more than is held, for more than nothing. @param manage what is decided about it */
export function sellsWhatItHolds(runs: { readonly numRuns: number }, manage: (held: HeldOption) => () => readonly Decision[]): void {
  fc.assert(
    fc.property(heldOption, (held) => leavesWithin(manage(held), held.left)),
    runs,
  );
}

export type Breaking = readonly [what: string, code: ReasonCode, broken: (w: World) => Partial<World>];
/** For what is broken in the world's market rather than in what is handed over with it. */
export const done = (_effect: unknown): Partial<World> => ({});

/** Bars of a name without the newest ones. */
export function withoutNewest(w: World, name: Symbol, minutes: BarMinutes, dropped: number): void {
  const record = w.board.intradayBars(name, minutes);
  const bars = record?.bars.slice(0, -dropped) ?? [];
  w.board.setIntradayBars(name, minutes, { bars, from: record?.from ?? w.at, seen: nowOf(w).mono });
}

function rechained(w: World, name: Symbol, change: (rows: readonly ChainRow[]) => readonly ChainRow[]): void {
  const rows = change(w.board.chain(name)?.rows ?? []);
  w.board.setChain({ underlying: name, from: w.day, to: addDays(w.day, 120), rows, seen: nowOf(w).mono });
}

function quoteAged(w: World, name: Symbol, ageAtSightMs: number): void {
  const quote = w.board.quote(name);
  if (quote !== undefined) w.board.setQuote({ ...quote, ageAtSightMs });
}

/** What every buyer within a session needs, one thing missing or stale at a time, and the name of its absence. */
export const intradayBreaks = (name: Symbol): readonly Breaking[] => [
  ['an old account', 'ACCOUNT_STALE', ({ account }) => ({ account: { ...account, ageMs: 10_001 } })],
  ['a ledger in dispute', 'RECON_PENDING', () => ({ disputed: [name] })],
  ['a name the broker does not trade', 'SYMBOL_NOT_TRADABLE', (w) => done(w.board.setAsset(name, { tradable: false, options: true }))],
  ['a name without options', 'OPTIONS_NOT_ENABLED', (w) => done(w.board.setAsset(name, { tradable: true, options: false }))],
  [
    'too few daily bars',
    'BARS_SHORT',
    (w) => done(w.board.setDailyBars(name, (w.board.dailyBars(name)?.bars ?? []).slice(-19), nowOf(w).mono)),
  ],
  [
    'old daily bars',
    'BARS_STALE',
    (w) => done(w.board.setDailyBars(name, (w.board.dailyBars(name)?.bars ?? []).slice(0, -2), nowOf(w).mono)),
  ],
  ['an old quote', 'QUOTE_STALE', (w) => done(quoteAged(w, name, 5_001))],
  ['no calendar of reports', 'EARNINGS_UNKNOWN', (w) => done(w.board.setEarnings([]))],
  ['no bars of five minutes', 'BARS_MISSING', (w) => done(withoutNewest(w, name, 5, 10_000))],
  ['no bars of fifteen minutes', 'BARS_MISSING', (w) => done(withoutNewest(w, name, 15, 10_000))],
  ['no newest bar of five minutes', 'BARS_STALE', (w) => done(withoutNewest(w, name, 5, 1))],
  ['no newest bar of fifteen minutes', 'BARS_STALE', (w) => done(withoutNewest(w, name, 15, 1))],
  ['a chain of three strikes', 'CHAIN_EMPTY', (w) => done(rechained(w, name, (rows) => rows.slice(0, 6)))],
  ['a chain without a contract', 'NO_EXPIRY_IN_RANGE', (w) => done(rechained(w, name, () => []))],
  [
    'an unknown open interest',
    'OI_UNKNOWN',
    (w) => done(rechained(w, name, (rows) => rows.map((row) => ({ ...row, contract: { ...row.contract, openInterest: null } })))),
  ],
];

/** Quotes of the lesser feed, and an account without the level, each have their name. */
export function wantsFeedAndLevel<P>(strategy: Pick<Strategy<P>, 'evaluate'>, ctx: Context<P>): void {
  const lesser = { ...ctx, market: { ...ctx.market, optionFeed: () => 'indicative' as const } };
  expect(passes(strategy.evaluate(lesser))[0]?.code).toBe('FEED_NOT_OPRA');
  const below = { ...ctx, account: { ...ctx.account, optionsLevel: 1 } };
  expect(passes(strategy.evaluate(below))[0]?.code).toBe('LEVEL_TOO_LOW');
}
