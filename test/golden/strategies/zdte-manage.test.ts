// How same-day spreads are held: each exit with a neighbour that must not speak, and what is done about what should not be there.
import { describe, expect, it } from 'vitest';
import { equity } from '../../../src/domain/instrument.ts';
import { netQty, usd } from '../../../src/domain/money.ts';
import { epochMs, SECOND } from '../../../src/domain/time.ts';
import type { Trade } from '../../../src/domain/trade.ts';
import { manage } from '../../../src/strategies/zero-dte-credit-spreads/manage.ts';
import type { ZdteParams } from '../../../src/strategies/zero-dte-credit-spreads/params.ts';
import { expectGolden } from './golden.ts';
import type { World } from './world.ts';
import { optionOf } from './world-more.ts';
import { ask, closesIn, DAY, gate, held, memoryOf, NAME, passesOf, soldCondors, soldPuts, strikes, type Told } from './zdte-worlds.ts';

const NOON: Told = { at: [12, 0] };
const codeOf = (w: World, parts: Partial<ZdteParams> = {}) => passesOf(manage(ask(w, parts)))[0]?.code;
const closeOf = (w: World, parts: Partial<ZdteParams> = {}) => closesIn(manage(ask(w, parts)))[0];
const legsOf = (w: World, parts: Partial<ZdteParams> = {}) =>
  closeOf(w, parts)?.legs.map((l) => `${l.side} ${l.instrument.symbol.slice(9)}`);
const later = (w: World, seconds: number): World => ({ ...w, at: epochMs(w.at + seconds * SECOND), memory: memoryOf(manage(ask(w))) });
const quoted = (put594: readonly [number, number], put589: readonly [number, number]): Told => ({
  ...NOON,
  strikes: strikes({ 594: { put: put594 }, 589: { put: put589 } }),
});
/** A trade that holds these contracts, and these shares. */
const holdsOnly = (trade: Trade, contracts: Readonly<Record<string, number>>, shares = 0): Trade => ({
  ...trade,
  held: [
    ...trade.legs.flatMap(({ instrument }) => {
      const qty = contracts[instrument.symbol.slice(9)];
      return qty === undefined ? [] : [{ instrument, qty: netQty(qty), cash: usd(0) }];
    }),
    ...(shares === 0 ? [] : [{ instrument: equity(NAME), qty: netQty(shares), cash: usd(0) }]),
  ],
});
const forget = (w: World, occ: string): World => {
  const option = optionOf('SPY', DAY, occ.startsWith('P') ? 'put' : 'call', Number(occ.slice(1)));
  const quote = w.board.quote(option.symbol);
  if (quote !== undefined) w.board.setQuote({ ...quote, ageAtSightMs: 6_000 });
  return w;
};

describe('the profit', () => {
  it('is taken at half of the credit and not a cent before', () => {
    expect(closeOf(held(quoted([0.33, 0.34], [0.05, 0.06])))).toMatchObject({ code: 'TARGET', qty: 2 });
    expect(codeOf(held(quoted([0.34, 0.35], [0.05, 0.06])))).toBe('HOLD');
  });
  it('is marked at what closing costs at once where the market is wide', () => {
    const wide = held(quoted([0.27, 0.37], [0.04, 0.06]));
    expect(gate(passesOf(manage(ask(wide)))[0], 'cost to close')).toBeCloseTo(0.33, 9);
    expect(codeOf(wide)).toBe('HOLD');
  });
  it('walks from the mid to the natural price', () => {
    const close = closeOf(held(quoted([0.31, 0.33], [0.05, 0.06])));
    expect(close?.prices.rungs[0]).toBe(260_000); // 0.265, rounded to our side
    expect(close?.prices.rungs.at(-1)).toBe(280_000);
  });
  it('is never counted from a credit that brought half a cent less', () => {
    const odd = soldPuts({ entry: -0.57 }); // half of it is 28.5 cents: 28 are reached, 29 are not
    expect(codeOf(held(quoted([0.34, 0.35], [0.05, 0.06]), odd))).toBe('HOLD');
    expect(closeOf(held(quoted([0.33, 0.34], [0.05, 0.06]), odd))?.code).toBe('TARGET');
  });
});

describe('a short strike next to worth nothing', () => {
  it('is bought back alone, and its wing stays', () => {
    const w = held(quoted([0.03, 0.05], [0.0, 0.01]));
    expect(legsOf(w)).toEqual(['buy P00594000']);
    expect(closeOf(w)).toMatchObject({ code: 'TARGET', qty: 2 });
    expect(closeOf(w)?.prices.rungs).toEqual([40_000, 50_000]);
    expectGolden('zdte-residual', [closeOf(w)]);
  });
  it('is closed with its wing while a cent more is asked', () => {
    expect(legsOf(held(quoted([0.04, 0.06], [0.01, 0.02])))).toEqual(['buy P00594000', 'sell P00589000']);
  });
  it('is bought back alone at any price while nobody bids for its wing: a package would never fill', () => {
    const w = held(quoted([0.24, 0.26], [0.0, 0.01]));
    expect(legsOf(w)).toEqual(['buy P00594000']);
    expect(closeOf(w)).toMatchObject({ code: 'TARGET', qty: 2, why: expect.stringContaining('nobody bids for its wing') as string });
    const deep = held({ ...NOON, spot: 593, strikes: strikes({ 594: { put: [2.5, 2.6] }, 589: { put: [0, 0.01] } }) });
    expect(legsOf(deep)).toEqual(['buy P00594000']);
    expect(closeOf(deep)?.code).toBe('STOP');
  });
  it('leaves a wing that is watched until it expires, and sold if it comes to be worth something', () => {
    const alone = holdsOnly(soldPuts(), { P00589000: 2 });
    expect(codeOf(held(quoted([0.03, 0.05], [0.01, 0.02]), alone))).toBe('HOLD');
    expect(closeOf(held(quoted([0.8, 0.82], [0.4, 0.42]), alone))).toMatchObject({ code: 'INVALIDATION', qty: 2 });
    expect(legsOf(held(quoted([0.8, 0.82], [0.4, 0.42]), alone))).toEqual(['sell P00589000']);
  });
});

describe('the stop', () => {
  it('needs no second quote once the share is beyond the short strike', () => {
    const w = held({ ...NOON, spot: 593.99 });
    expect(closeOf(w)).toMatchObject({ code: 'STOP', qty: 2 });
    expect(closeOf(w)?.why).toContain('beyond the short 594 put');
    expect(memoryOf(manage(ask(w)))).toMatchObject({ stopped: { SPY: DAY } });
  });
  it('speaks at a delta of 0.45, on two quotes five seconds apart', () => {
    const byDelta = { stop_credits: 20 };
    const near = held({ ...NOON, spot: 594.6 });
    const first = manage(ask(near, byDelta));
    expect(gate(passesOf(first)[0], 'put delta')).toBeGreaterThan(0.45);
    expect(passesOf(first)[0]?.why).toContain('a second quote');
    const seconds = (n: number) => ({ ...near, at: epochMs(near.at + n * SECOND), memory: memoryOf(first) });
    expect(closeOf(seconds(4), byDelta)).toBeUndefined();
    expect(closeOf(seconds(5), byDelta)).toMatchObject({ code: 'STOP' });
    expect(memoryOf(manage(ask(held({ ...NOON, spot: 594.9 }), byDelta)))).toMatchObject({ stopSince: {} });
  });
  it('starts at the natural price once the strike is passed, and goes through it by five cents', () => {
    const deep = held({ ...NOON, spot: 593, strikes: strikes({ 594: { put: [2.5, 2.6] }, 589: { put: [0.7, 0.75] } }) });
    expect(closeOf(deep)?.prices.rungs).toEqual([1_900_000, 1_910_000, 1_920_000, 1_930_000, 1_940_000, 1_950_000]);
  });
  it('never pays more than the spread can be worth', () => {
    const deep = held({ ...NOON, spot: 588, strikes: strikes({ 594: { put: [6.2, 6.4] }, 589: { put: [1.4, 1.42] } }) });
    expect(closeOf(deep)?.prices.rungs).toEqual([5_000_000]);
  });
  it('is not moved by the cost of a wing that nobody quotes: it counts for nothing', () => {
    const blind = forget(held({ ...NOON, spot: 597.2 }), 'P589');
    const [pass] = passesOf(manage(ask(blind)));
    expect(gate(pass, 'cost to close')).toBeGreaterThan(
      Number(gate(passesOf(manage(ask(held({ ...NOON, spot: 597.2 }))))[0], 'cost to close')),
    );
  });
  it('waits, and says so, while the short option has no quote', () => {
    expect(codeOf(forget(held({ ...NOON, spot: 593 }), 'P594'))).toBe('QUOTE_STALE');
  });
});

describe('a condor', () => {
  it('is held and closed whole while no side is in trouble', () => {
    const calm = held(NOON, soldCondors());
    expect(codeOf(calm)).toBe('HOLD');
    expect(gate(passesOf(manage(ask(calm)))[0], 'credit')).toBe(1.15);
    const bid = strikes({ 610: { call: [0.01, 0.02] } });
    const close = closeOf(held({ at: [14, 0], strikes: bid }, soldCondors()));
    expect(close).toMatchObject({ code: 'TARGET', qty: 2 });
    expect(close?.legs).toHaveLength(4);
  });
  it('closes the side that can be sold first, where nobody bids for the wing of the other', () => {
    const unbid = strikes({ 610: { call: [0, 0.01] } });
    const close = closeOf(held({ at: [14, 0], strikes: unbid }, soldCondors()));
    expect(close).toMatchObject({ code: 'TARGET', qty: 2 });
    expect(close?.legs.map((l) => `${l.side} ${l.instrument.symbol.slice(9)}`)).toEqual(['buy P00594000', 'sell P00589000']);
  });
  it('loses only the side whose strike is passed', () => {
    const w = held({ ...NOON, spot: 605.01 }, soldCondors());
    expect(legsOf(w)).toEqual(['buy C00605000', 'sell C00610000']);
    expectGolden('zdte-condor-side', [closeOf(w)]);
    expect(legsOf(held({ ...NOON, spot: 593.9 }, soldCondors()))).toEqual(['buy P00594000', 'sell P00589000']);
  });
  it('goes on with the other side for its part of the credit', () => {
    const half = holdsOnly(soldCondors(), { P00594000: -2, P00589000: 2 });
    const [pass] = passesOf(manage(ask(held(NOON, half))));
    expect(gate(pass, 'credit')).toBeCloseTo(0.5635, 9); // 0.49 of 1.15
    expect(gate(pass, 'target')).toBe(0.28);
    expect(gate(pass, 'stop')).toBe(1.13);
  });
  it('gives a side half of the credit where its own record cannot be read', () => {
    const half = holdsOnly(soldCondors({ thesis: null }), { C00605000: -2, C00610000: 2 });
    expect(gate(passesOf(manage(ask(held(NOON, half))))[0], 'credit')).toBeCloseTo(0.575, 9);
  });
  it('buys back a side that is next to worth nothing, and keeps the other', () => {
    const quotes = strikes({ 594: { put: [0.03, 0.05] }, 589: { put: [0, 0.01] }, 605: { call: [1.2, 1.22] }, 610: { call: [0.2, 0.22] } });
    expect(legsOf(held({ ...NOON, strikes: quotes }, soldCondors()))).toEqual(['buy P00594000']);
  });
});

describe('the clock', () => {
  it('leaves the last hour to the deadline of everything that expires', () => {
    expect(codeOf(held({ at: [15, 0], spot: 593 }))).toBe('EXPIRY_DEADLINE');
    expect(codeOf(held({ at: [15, 0] }, holdsOnly(soldPuts(), { P00594000: -2 })))).toBe('EXPIRY_DEADLINE');
    expect(closeOf(held({ at: [14, 59], spot: 593 }))).toMatchObject({ code: 'STOP' });
  });
  it('is flat sooner where one wants it so', () => {
    const early = { flat_minutes_before_close: 120, profit_take_part: 0.01, residual_max_usd: 0.01 };
    expect(closeOf(held({ at: [14, 0] }), early)).toMatchObject({ code: 'FLAT_TIME', qty: 2 });
    expect(codeOf(held({ at: [13, 59] }), early)).toBe('HOLD');
  });
});

describe('what should not be there', () => {
  it('is a short option without its wing: bought back at once', () => {
    const bare = holdsOnly(soldPuts(), { P00594000: -2, P00589000: 1 });
    expect(closeOf(held(NOON, bare))).toMatchObject({ code: 'STOP', qty: 1 });
    expect(legsOf(held(NOON, bare))).toEqual(['buy P00594000']);
  });
  it('is shares of an assignment: sold in the first minute of the next session, or bought where they are short', () => {
    const next: Told = { day: '2026-03-11', at: [9, 31] };
    const sold = closeOf(held(next, holdsOnly(soldPuts(), {}, 200)));
    expect(sold).toMatchObject({ code: 'ASSIGNED', qty: 200, legs: [{ side: 'sell', effect: 'close' }] });
    expect(sold?.prices.rungs.every((rung) => rung < 0)).toBe(true);
    const bought = closeOf(held(next, holdsOnly(soldCondors(), {}, -100)));
    expect(bought).toMatchObject({ code: 'ASSIGNED', qty: 100, legs: [{ side: 'buy', effect: 'close' }] });
  });
  it('is never closed by more than is held', () => {
    expect(closeOf(held({ ...NOON, spot: 593 }, soldPuts({ units: 5, left: 3 })))?.qty).toBe(3);
  });
});

it('says nothing, and remembers nothing of trades that are gone, when nothing is held', () => {
  const w = {
    ...held(NOON, soldPuts({ closed: { day: DAY, exit: 'TARGET', realized: 50 } })),
    memory: { v: 1, stopSince: { gone: 1 }, stopped: { SPY: DAY } },
  };
  expect(manage(ask(w))).toEqual([{ kind: 'remember', memory: { v: 1, stopSince: {}, stopped: { SPY: DAY } } }]);
  expect(later(w, 5).memory).toEqual({ v: 1, stopSince: {}, stopped: { SPY: DAY } });
});
