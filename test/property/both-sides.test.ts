// S-34: prices come of bid and ask, never of a last trade; a market that is wide or lacks a side opens nothing, and says so.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalJson } from '../../src/base/canonical.ts';
import type { Close, Decision, Open } from '../../src/domain/decision.ts';
import { multiplierOf, type Side, sign } from '../../src/domain/legs.ts';
import { price } from '../../src/domain/money.ts';
import type { Quote } from '../../src/market/quote.ts';
import { baselineParams } from '../../src/strategies/index-baseline/params.ts';
import { strategies } from '../../src/strategies/registry.ts';
import type { AnyStrategy, Context } from '../../src/strategies/strategy.ts';
import { heldTrade } from '../../src/strategies/toolkit/holding.ts';
import * as dcs from '../golden/strategies/dcs-worlds.ts';
import * as dip from '../golden/strategies/dip-worlds.ts';
import * as earn from '../golden/strategies/earn-worlds.ts';
import * as leaps from '../golden/strategies/leaps-worlds.ts';
import * as lotto from '../golden/strategies/lotto-worlds.ts';
import * as mwk from '../golden/strategies/mwk-worlds.ts';
import * as swing from '../golden/strategies/swing-worlds.ts';
import * as wheel from '../golden/strategies/wheel-worlds.ts';
import { contextOf, stock, type World, world } from '../golden/strategies/world.ts';
import * as zdte from '../golden/strategies/zdte-worlds.ts';

interface Case {
  readonly name: string;
  /** A market in which the strategy opens something, built anew each time. */
  readonly market: () => World;
  readonly params: unknown;
}

function fund(): World {
  const w = { ...world('2026-03-10', 15, 30), slot: 'check' };
  stock(w, 'SPY', { spot: 500 });
  return w;
}

const cases: Readonly<Record<string, Case>> = {
  zdte: { name: 'SPY', market: zdte.risen, params: zdte.params() },
  wheel: { name: 'XYZ', market: wheel.cashWorld, params: wheel.params() },
  dcs: { name: 'NVDA', market: dcs.marketOn, params: dcs.params() },
  earn: { name: 'XYZ', market: earn.evening, params: earn.params() },
  dip: { name: 'XYZ', market: () => dip.dipWorld({ call: [2.72, 2.86] }), params: dip.params() },
  mwk: { name: 'XYZ', market: () => mwk.weekly(mwk.turned()), params: mwk.params() },
  swing: { name: 'XYZ', market: () => swing.whole(swing.breakout()), params: swing.params() },
  leaps: { name: 'XYZ', market: leaps.leapsWorld, params: leaps.params() },
  lotto: { name: 'SPY', market: lotto.moved, params: lotto.params() },
  base: { name: 'SPY', market: fund, params: baselineParams.parse({ enabled: true, target_weight: 0.6, benchmarks: ['SPY'] }) },
};

const all = strategies.map((strategy) => {
  const found = cases[strategy.id];
  if (found === undefined) throw new Error(`no market in which ${strategy.id} opens something`);
  return [strategy.id, strategy, found] as const;
});

/** Changes the quotes of what the strategy would trade: its options, or the fund itself. */
function requote(w: World, name: string, change: (quote: Quote) => Quote): World {
  const chain = w.board.chain(name as Quote['symbol']);
  if (chain === undefined) {
    const quote = w.board.quote(name as Quote['symbol']);
    if (quote !== undefined) w.board.setQuote(change(quote));
    return w;
  }
  w.board.setChain({ ...chain, rows: chain.rows.map((row) => ({ ...row, quote: row.quote === null ? null : change(row.quote) })) });
  return w;
}

const contextFor = (w: World, params: unknown): Context<unknown> => contextOf(w, params);
const said = (strategy: AnyStrategy, w: World, params: unknown): readonly Decision[] => strategy.evaluate(contextFor(w, params));
const opensIn = (decisions: readonly Decision[]): readonly Open[] => decisions.filter((d) => d.kind === 'open');

/** What its legs cost at once and what they would at best, net micros of one package a share. */
function bounds(w: World, { legs }: Open | Close): { readonly natural: number; readonly best: number } {
  const net = (touch: (side: Side, quote: Quote) => number): number =>
    legs.reduce((total, l) => {
      const quote = w.board.quote(l.instrument.symbol);
      if (quote === undefined) throw new Error(`${l.instrument.symbol} has no quote`);
      return total + sign(l.side) * l.ratio * touch(l.side, quote);
    }, 0);
  return { natural: net((side, q) => (side === 'buy' ? q.ask : q.bid)), best: net((side, q) => (side === 'buy' ? q.bid : q.ask)) };
}

describe.each(all)('%s', (_id, strategy, { name, market, params }) => {
  it('opens at prices between the sides of its legs', () => {
    const w = market();
    const opens = opensIn(said(strategy, w, params));
    expect(opens.length).toBeGreaterThan(0);
    for (const open of opens) {
      const { natural, best } = bounds(w, open);
      const [first] = open.prices.rungs;
      const last = open.prices.rungs.at(-1) ?? first;
      // A share pays a hair beyond the offer, so that it is filled at once; an option never goes beyond the natural price.
      const hair = open.legs[0].instrument.kind === 'equity' ? natural * 0.001 : 0;
      expect(first).toBeGreaterThanOrEqual(best);
      expect(last).toBeLessThanOrEqual(natural + hair);
      expect(open.maxLoss).toBeGreaterThanOrEqual(Math.max(0, last) * open.qty * multiplierOf(open.legs));
    }
  });

  it('says the same whatever was last traded', () => {
    const plain = canonicalJson(
      said(
        strategy,
        requote(market(), name, (quote) => quote),
        params,
      ),
    );
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2_000_000_000 }), (last) => {
        const traded = requote(market(), name, (quote) => ({ ...quote, last: price(last), lastPrice: price(last) }) as Quote);
        expect(canonicalJson(said(strategy, traded, params))).toBe(plain);
      }),
      { numRuns: 10 },
    );
  });

  it.each([
    ['no ask', (quote: Quote): Quote => ({ ...quote, ask: price(0) })],
    ['no bid', (quote: Quote): Quote => ({ ...quote, bid: price(0) })],
    ['crossed sides', (quote: Quote): Quote => ({ ...quote, bid: quote.ask, ask: quote.bid })],
    [
      'a spread beyond any limit',
      (quote: Quote): Quote => ({ ...quote, bid: price(Math.round(quote.bid * 0.4)), ask: price(quote.ask * 2) }),
    ],
  ])('opens nothing with %s, and names why', (_name, change) => {
    const decisions = said(strategy, requote(market(), name, change), params);
    expect(opensIn(decisions)).toEqual([]);
    const about = decisions.filter((d) => d.kind === 'pass' && d.subject === name);
    expect(about).toHaveLength(1);
    expect(about[0]).toMatchObject({ kind: 'pass', code: expect.stringMatching(/^[A-Z_]+$/), why: expect.stringMatching(/.{8}/) });
  });
});

describe('what is held', () => {
  it('is valued at its mids, and what it would bring at once is its bids less its asks', () => {
    const quote = fc
      .tuple(fc.integer({ min: 1, max: 3_000 }), fc.integer({ min: 1, max: 400 }))
      .map(([bid, width]) => [bid / 100, (bid + width) / 100] as const);
    fc.assert(
      fc.property(quote, quote, (long, short) => {
        const trade = dcs.spread();
        const w = dcs.heldMarket({ 185: long, 195: short });
        const held = heldTrade(contextFor(w, dcs.params()).market, trade);
        if (!held.known) throw new Error(held.why);
        const middle = (sides: readonly [number, number]): number => (sides[0] + sides[1]) / 2;
        expect(held.value.value).toBeCloseTo(middle(long) - middle(short), 9);
        expect(held.value.executable).toBeCloseTo(long[0] - short[1], 9);
        expect(held.value.mark).toBeLessThanOrEqual(held.value.value + 1e-9);
      }),
      { numRuns: 200 },
    );
  });

  it('is sold down to its bid and bought back up to its ask, never from a mid alone', () => {
    const trade = dcs.spread();
    const w = dcs.heldMarket({ 185: [2.0, 2.1], 195: [0.4, 0.5] });
    const seen = { ...w, memory: dcs.stopSeen(w, trade, 60) };
    const strategy = strategies.find(({ id }) => id === 'dcs');
    const [exit] = (strategy?.manage(contextFor(seen, dcs.params())) ?? []).filter((d) => d.kind === 'close');
    expect(exit).toMatchObject({ code: 'STOP' });
    const { natural } = bounds(w, exit as Close);
    expect(exit?.prices.rungs.some((rung) => rung === natural)).toBe(true);
  });
});
