// What holds of the debit call spreads whatever the market: purity, one decision a name, budgets, closes that only reduce, and a named
// reason for every input that is broken.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Close, Decision, Open } from '../../src/domain/decision.ts';
import { symbol } from '../../src/domain/ids.ts';
import { equity } from '../../src/domain/instrument.ts';
import { sign } from '../../src/domain/legs.ts';
import { netQty, usd } from '../../src/domain/money.ts';
import { tradingDay } from '../../src/domain/time.ts';
import { qtyLeft, type Trade } from '../../src/domain/trade.ts';
import { debitCallSpreadsParams } from '../../src/strategies/debit-call-spreads/params.ts';
import { debitCallSpreads } from '../../src/strategies/debit-call-spreads.ts';
import { contextOf, grid, list, nowOf, stock, type World, world } from '../golden/strategies/world.ts';
import { dailyCloses, holding, trade } from '../golden/strategies/world-more.ts';

const names = ['AAA', 'BBB', 'CCC', 'DDD'];
const EXPIRY = '2026-04-17';

interface Name {
  readonly spot: number;
  readonly sigma: number;
  readonly from: number;
  readonly earningsIn: number;
  readonly openInterest: number;
  readonly half: number;
  readonly held: 'nothing' | 'whole' | 'assigned' | 'lone long' | 'lone short';
  readonly units: number;
  readonly debit: number;
}

const name: fc.Arbitrary<Name> = fc.record({
  spot: fc.integer({ min: 60, max: 260 }),
  sigma: fc.double({ min: 0.2, max: 0.5, noNaN: true }),
  from: fc.constantFrom(0.7, 0.8, 0.9, 0.9, 1.2),
  earningsIn: fc.constantFrom(0, 1, 20, 80, 80, 80, 80, 80, 80, 80),
  openInterest: fc.constantFrom(100, 1_000, 1_000, 1_000),
  half: fc.constantFrom(0.02, 0.02, 0.05, 0.05, 0.4),
  held: fc.constantFrom(...Array<'nothing'>(8).fill('nothing'), 'whole', 'assigned', 'lone long', 'lone short'),
  units: fc.integer({ min: 1, max: 6 }),
  debit: fc.integer({ min: 50, max: 900 }).map((cents) => cents / 100),
});
const market = fc.record({
  market: fc.array(name, { minLength: 1, maxLength: 4 }),
  equity: fc.integer({ min: 20_000, max: 400_000 }),
  used: fc.integer({ min: 0, max: 8_000 }),
  hour: fc.integer({ min: 10, max: 15 }),
});
type Given = typeof market extends fc.Arbitrary<infer T> ? T : never;

const stepOf = (spot: number): number => (spot > 100 ? 5 : 2.5);
const around = (spot: number): number => Math.round(spot / stepOf(spot)) * stepOf(spot);
const strikes = (n: Name) => grid(around(n.spot), n.sigma, stepOf(n.spot), 8);

/** A spread of a name, whole or after something happened to it. */
function spreadOf(n: Name, of: string): readonly Trade[] {
  if (n.held === 'nothing') return [];
  const [low, high] = [strikes(n)[8]?.strike ?? 0, strikes(n)[10]?.strike ?? 0];
  const whole = trade({
    owner: 'dcs',
    name: of,
    legs: [
      { expiry: EXPIRY, right: 'call', strike: low, side: 'buy' },
      { expiry: EXPIRY, right: 'call', strike: high, side: 'sell' },
    ],
    units: n.units,
    entry: n.debit,
    openedDay: '2026-03-04',
  });
  const [long, short] = whole.held;
  if (long === undefined || short === undefined || n.held === 'whole') return [whole];
  const shares = { instrument: equity(symbol(of)), qty: netQty(-100), cash: usd(0) };
  const left = {
    assigned: [long, ...(n.units > 1 ? [{ ...short, qty: netQty(1 - n.units) }] : []), shares],
    'lone long': [long],
    'lone short': [short],
  }[n.held];
  return [{ ...whole, held: left }];
}

function worldOf(given: Given): World {
  const w = world('2026-03-12', given.hour);
  stock(w, 'SPY', { spot: 600 });
  for (const [i, n] of given.market.entries()) {
    const of = names[i] ?? 'ZZZ';
    stock(w, of, { spot: n.spot, from: n.spot * n.from, iv: [0.1, 0.9], earningsIn: n.earningsIn });
    w.board.setDividends(symbol(of), { from: tradingDay('2026-03-01'), to: tradingDay('2026-08-01'), dividends: [], seen: nowOf(w) });
    for (const expiry of ['2026-04-02', EXPIRY]) list(w, of, n.spot, expiry, strikes(n), { openInterest: n.openInterest, half: n.half });
  }
  const risks = [{ strategy: 'dcs', underlying: 'OTHER', amount: given.used }];
  const account = { equity: given.equity, settledCash: given.equity, optionsBuyingPower: given.equity, ageMs: 0 };
  return holding({ ...w, account, risks }, ...given.market.flatMap((n, i) => spreadOf(n, names[i] ?? 'ZZZ')));
}

const params = (universe: readonly string[], over: Record<string, unknown> = {}) => debitCallSpreadsParams.parse({ universe, ...over });
const universeOf = (given: Given): readonly string[] => names.slice(0, given.market.length);
const contextFor = (given: Given) => contextOf(worldOf(given), params(universeOf(given)));
const opens = (decisions: readonly Decision[]): readonly Open[] => decisions.filter((d) => d.kind === 'open');
const closes = (decisions: readonly Decision[]): readonly Close[] => decisions.filter((d) => d.kind === 'close');
const subjects = (decisions: readonly Decision[]): readonly string[] =>
  decisions.flatMap((d) => (d.kind === 'remember' ? [] : [d.subject]));
const runs = { numRuns: 30 };

describe('the debit call spreads, whatever the market', () => {
  it('say the same of the same context, and leave it as it was', () => {
    fc.assert(
      fc.property(market, (given) => {
        const ctx = contextFor(given);
        const before = JSON.stringify([ctx.positions, ctx.trades, ctx.memory, ctx.account]);
        expect(debitCallSpreads.evaluate(ctx)).toEqual(debitCallSpreads.evaluate(ctx));
        expect(debitCallSpreads.manage(ctx)).toEqual(debitCallSpreads.manage(ctx));
        expect(JSON.stringify([ctx.positions, ctx.trades, ctx.memory, ctx.account])).toBe(before);
      }),
      runs,
    );
  });
  it('decide about every name once, whatever the order of the universe', () => {
    fc.assert(
      fc.property(market, (given) => {
        const w = worldOf(given);
        const universe = universeOf(given);
        const decisions = debitCallSpreads.evaluate(contextOf(w, params(universe)));
        expect([...subjects(decisions)].sort()).toEqual([...universe].sort());
        expect(debitCallSpreads.evaluate(contextOf(w, params([...universe].reverse())))).toEqual(decisions);
      }),
      runs,
    );
  });
  it('open and close in enough of these markets for the rest to mean something', () => {
    const counts = { open: 0, close: 0 };
    for (const given of fc.sample(market, { numRuns: 120, seed: 11 })) {
      const ctx = contextFor(given);
      counts.open += opens(debitCallSpreads.evaluate(ctx)).length;
      counts.close += closes(debitCallSpreads.manage(ctx)).length;
    }
    expect(counts.open).toBeGreaterThanOrEqual(15);
    expect(counts.close).toBeGreaterThanOrEqual(15);
  });
  it('pay, ever more up to a price that still promises enough, and lose no more than any budget leaves', () => {
    fc.assert(
      fc.property(market, (given) => {
        const ctx = contextFor(given);
        let total = given.used;
        for (const open of opens(debitCallSpreads.evaluate(ctx))) {
          const rungs = open.prices.rungs;
          expect(rungs.every((rung, i, all) => rung > 0 && (i === 0 || rung > (all[i - 1] ?? 0)))).toBe(true);
          const [long, short] = open.legs.map((l) => (l.instrument.kind === 'option' ? l.instrument.strike : 0));
          const debit = (rungs.at(-1) ?? 0) / 1e6;
          const width = ((short ?? 0) - (long ?? 0)) / 1e6;
          expect((width - debit) / debit).toBeGreaterThanOrEqual(1.2 - 1e-9);
          const loss = open.maxLoss / 1e6;
          expect(loss).toBeGreaterThanOrEqual((debit * 100 + 0.2) * open.qty - 1e-6);
          expect(loss).toBeLessThanOrEqual(0.015 * given.equity + 1e-6);
          total += loss;
          expect(total).toBeLessThanOrEqual(0.1 * given.equity + 1e-6);
        }
      }),
      runs,
    );
  });
  it('say something about every trade, and close no more than each holds', () => {
    fc.assert(
      fc.property(market, (given) => {
        const ctx = contextFor(given);
        const decisions = debitCallSpreads.manage(ctx);
        const said = new Set(subjects(decisions));
        for (const t of ctx.trades) {
          expect(said.has(t.underlying)).toBe(true);
          const asked = new Map<string, number>();
          for (const close of closes(decisions).filter((c) => c.subject === t.underlying))
            for (const l of close.legs)
              asked.set(l.instrument.symbol, (asked.get(l.instrument.symbol) ?? 0) + sign(l.side) * l.ratio * close.qty);
          for (const [of, moved] of asked) {
            const held = qtyLeft(t, symbol(of));
            expect(Math.sign(moved)).toBe(-Math.sign(held));
            expect(Math.abs(moved)).toBeLessThanOrEqual(Math.abs(held));
          }
        }
      }),
      runs,
    );
  });
});

const healthy: Given = {
  market: [{ spot: 185, sigma: 0.3, from: 0.9, earningsIn: 80, openInterest: 1_000, half: 0.02, held: 'nothing', units: 1, debit: 4 }],
  equity: 100_000,
  used: 0,
  hour: 11,
};
const AAA = symbol('AAA');

describe('an input that is broken', () => {
  it.each<readonly [string, (w: World) => void, string]>([
    ['nothing', () => undefined, 'ENTRY'],
    ['no quote of the share', (w) => age(w, AAA, 5_001), 'QUOTE_STALE'],
    ['no bars of the share', (w) => dailyCloses(w, 'AAA', []), 'BARS_MISSING'],
    ['few bars of the share', (w) => dailyCloses(w, 'AAA', Array(150).fill(180)), 'BARS_SHORT'],
    ['no bars of the market', (w) => dailyCloses(w, 'SPY', []), 'BARS_MISSING'],
    ['no calendar of reports', (w) => w.board.setEarnings([]), 'EARNINGS_UNKNOWN'],
    ['old dividends', (w) => agedDividends(w), 'DIVIDEND_UNKNOWN'],
    ['a chain of four strikes', (w) => relisted(w, 4), 'CHAIN_EMPTY'],
    ['a chain without a strike', (w) => relisted(w, 0), 'NO_EXPIRY_IN_RANGE'],
    ['a chain off parity', (w) => offParity(w), 'CHAIN_INCONSISTENT'],
    ['no quote of any call', (w) => ageCalls(w), 'QUOTE_STALE'],
  ])('%s: the name says %s', (_what, breakIt, code) => {
    const w = worldOf(healthy);
    breakIt(w);
    const [decision] = debitCallSpreads.evaluate(contextOf(w, params(['AAA'])));
    expect(decision).toMatchObject({ code });
  });
  it('is, for a history of volatility, named too', () => {
    const w = worldOf(healthy);
    const [decision] = debitCallSpreads.evaluate(contextOf(w, params(['AAA', 'BBB'], { iv_observations_min: 252 })));
    expect(decision).toMatchObject({ code: 'ENTRY' });
    stock(w, 'BBB', { spot: 100, ivSessions: 40 });
    const all = debitCallSpreads.evaluate(contextOf(w, params(['AAA', 'BBB'])));
    expect(all.find((d) => d.kind !== 'remember' && d.subject === symbol('BBB'))).toMatchObject({ kind: 'pass', code: 'IV_HISTORY_SHORT' });
  });
});

function age(w: World, of: typeof AAA, ms: number): void {
  const quote = w.board.quote(of);
  if (quote !== undefined) w.board.setQuote({ ...quote, ageAtSightMs: ms });
}
const agedDividends = (w: World): void => {
  const seen = { ...nowOf(w), exchange: (w.at - 2 * 86_400_000) as World['at'] };
  w.board.setDividends(AAA, { from: tradingDay('2026-03-01'), to: tradingDay('2026-08-01'), dividends: [], seen });
};
function offParity(w: World): void {
  const chain = w.board.chain(AAA);
  if (chain === undefined) return;
  const rows = chain.rows.map((row) =>
    row.quote !== null && row.contract.option.right === 'put'
      ? { ...row, quote: { ...row.quote, bid: (row.quote.bid + 9e6) as never, ask: (row.quote.ask + 9e6) as never } }
      : row,
  );
  w.board.setChain({ ...chain, rows });
}
/** The chain with so many strikes of each expiry left. */
function relisted(w: World, strikes_: number): void {
  const chain = w.board.chain(AAA);
  if (chain === undefined) return;
  const kept = new Set([...new Set(chain.rows.map((row) => row.contract.option.strike))].slice(0, strikes_));
  w.board.setChain({ ...chain, rows: chain.rows.filter((row) => kept.has(row.contract.option.strike)) });
}
function ageCalls(w: World): void {
  for (const row of w.board.chain(AAA)?.rows ?? []) if (row.contract.option.right === 'call') age(w, row.contract.option.symbol, 15_001);
}
