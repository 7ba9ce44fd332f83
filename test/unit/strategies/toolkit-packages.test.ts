// How packages are chosen and what is left of them: the parts of the toolkit that strategies of several legs share.
import { describe, expect, it } from 'vitest';
import { symbol } from '../../../src/domain/ids.ts';
import { equity } from '../../../src/domain/instrument.ts';
import { leg, legs } from '../../../src/domain/legs.ts';
import { netQty, price, usd } from '../../../src/domain/money.ts';
import { tradingDay } from '../../../src/domain/time.ts';
import type { Trade } from '../../../src/domain/trade.ts';
import { bestOf } from '../../../src/strategies/toolkit/best.ts';
import { settingOf } from '../../../src/strategies/toolkit/context.ts';
import { chooseExpiries } from '../../../src/strategies/toolkit/contracts.ts';
import { atLeast, settle, type Trial } from '../../../src/strategies/toolkit/gates.ts';
import { closeLeftover, leftovers, sharesDelivered, wholePart } from '../../../src/strategies/toolkit/leftover.ts';
import { expiryOdds, netOf, packageOdds } from '../../../src/strategies/toolkit/odds.ts';
import { aroundDelta, debitPairs } from '../../../src/strategies/toolkit/pairs.ts';
import { rowsOf, type ValuedRow, valuedRows } from '../../../src/strategies/toolkit/select.ts';
import { dividendDanger, exerciseNear, extrinsicAtBid } from '../../../src/strategies/toolkit/short-call.ts';
import { maScore, readTrend, trendScore } from '../../../src/strategies/toolkit/trend.ts';
import { dividends, EXPIRY, heldMarket, marketOn, NAME, smile, spread } from '../../golden/strategies/dcs-worlds.ts';
import { calendar, contextOf, type World } from '../../golden/strategies/world.ts';
import { optionOf } from '../../golden/strategies/world-more.ts';

const of = symbol(NAME);
const expiry = tradingDay(EXPIRY);
const LONG = optionOf(NAME, EXPIRY, 'call', 185);
const SHORT = optionOf(NAME, EXPIRY, 'call', 195);

function read(w: World) {
  const ctx = contextOf(w, {});
  const quote = ctx.market.quote(of);
  const chain = ctx.market.chain(of);
  if (!quote.known || !chain.known) throw new Error('the world has a market');
  const setting = settingOf(ctx, of, quote.value, expiry);
  const rows = valuedRows(rowsOf(chain.value.rows, 'call', expiry), setting, (s) => ctx.market.quote(s));
  return { ctx, chain: chain.value, setting, rows };
}
const strikesOf = (rows: readonly ValuedRow[]): readonly number[] => rows.map((r) => r.option.strike / 1e6);

describe('the best of several', () => {
  function* judge(x: number): Trial<number> {
    yield atLeast('x', 3, x, 'POP_TOO_LOW');
    return x;
  }
  const best = (candidates: readonly number[]) => settle(bestOf({ candidates, judge, score: (x) => x % 10 }));
  it('is the one that passes and scores most, the first of equals', () => {
    expect(best([4, 19, 9, 2])).toMatchObject({ ok: true, value: 19, gates: [{ observed: 19 }] });
  });
  it('is, when none passes, the failure of the one preferred', () => {
    expect(best([2, 1])).toMatchObject({ ok: false, code: 'POP_TOO_LOW', gates: [{ observed: 2 }] });
  });
  it('is nothing of nothing', () => {
    expect(best([])).toMatchObject({ ok: false, code: 'NO_STRIKE_IN_BAND' });
  });
});

describe('expiries in a window', () => {
  const { ctx, chain } = read(marketOn({ strikes: smile }));
  it('come nearest the target first, no more than asked for', () => {
    const of_ = (count: number) => settle(chooseExpiries(ctx, chain, { min: 7, target: 35, max: 60 }, count));
    expect(of_(2)).toMatchObject({ ok: true, value: ['2026-04-17', '2026-04-02'] });
    expect(of_(1)).toMatchObject({ ok: true, value: ['2026-04-17'] });
  });
  it('are missing by their code', () => {
    expect(settle(chooseExpiries(ctx, chain, { min: 50, target: 55, max: 60 }, 2))).toMatchObject({
      ok: false,
      code: 'NO_EXPIRY_IN_RANGE',
    });
  });
});

describe('strikes about a delta', () => {
  const { rows } = read(marketOn({ strikes: smile }));
  const around = (list: readonly ValuedRow[], target: number) => settle(aroundDelta('long', list, target));
  it('are the nearest and its neighbours, whatever the order of the rows', () => {
    for (const list of [rows, [...rows].reverse()]) {
      const outcome = around(list, 0.55);
      expect(outcome.ok && strikesOf(outcome.value)).toEqual([185, 180, 190]);
    }
  });
  it('need strikes on both sides of the target', () => {
    expect(around(rows, 0.05)).toMatchObject({ ok: false, code: 'NO_STRIKE_IN_BAND' });
    expect(around(rows.slice(0, 1), 0.3)).toMatchObject({ ok: false, code: 'NO_STRIKE_IN_BAND' });
    expect(around([], 0.3)).toMatchObject({ ok: false, code: 'NO_STRIKE_IN_BAND' });
  });
  it('make at most nine debit pairs, the preferred first, the short one always further out', () => {
    const outcome = settle(debitPairs(rows, { target: 0.55, min: 0, max: 1 }, { target: 0.3453, min: 0, max: 1 }));
    const pairs = outcome.ok ? outcome.value.map((p) => strikesOf([p.long, p.short]).join('/')) : [];
    expect(pairs).toEqual(['185/195', '185/190', '185/200', '180/195', '180/190', '180/200', '190/195', '190/200']);
  });
});

describe('the odds of an expiry', () => {
  const { ctx, chain, setting } = read(marketOn({ strikes: smile }));
  const odds = expiryOdds(ctx.market, chain, expiry, setting);
  if (!odds.known) throw new Error(odds.why);
  it('have the volatility of each quoted strike, straight between, flat beyond', () => {
    expect(odds.value.sigmaAt(185)).toBeCloseTo(0.31, 4);
    expect(odds.value.sigmaAt(187.5)).toBeCloseTo(0.306, 4);
    expect(odds.value.sigmaAt(100)).toBeCloseTo(0.346, 3);
    expect(odds.value.sigmaAt(300)).toBeCloseTo(0.285, 3);
  });
  it('say that a package and its reverse gain with certainty together', () => {
    const bought = packageOdds(legs(leg(LONG, 'buy', 'open'), leg(SHORT, 'sell', 'open')), netOf(4.54), odds.value);
    const sold = packageOdds(legs(leg(LONG, 'sell', 'open'), leg(SHORT, 'buy', 'open')), netOf(-4.54), odds.value);
    if (!bought.known || !sold.known) throw new Error('both have odds');
    expect(bought.value.pop + sold.value.pop).toBeCloseTo(1, 9);
    expect(bought.value.breakEvens).toEqual([189.54]);
  });
  it('are absent where nothing can be valued', () => {
    const none = { ...chain, rows: [] };
    expect(expiryOdds(ctx.market, none, expiry, setting)).toMatchObject({ known: false, code: 'CHAIN_EMPTY' });
  });
});

describe('a trend', () => {
  const bar = (close: number, volume: number) => ({ close: price(Math.round(close * 1e6)), volume }) as never;
  it('is read from closes and volumes', () => {
    const rising = Array.from({ length: 120 }, (_, i) => bar(100 + i, i < 110 ? 100 : 160));
    const reading = readTrend(rising);
    if (!reading.known) throw new Error(reading.why);
    const { close, sma20, sma50, roc20, aboveEma20, volumeRatio } = reading.value;
    expect([close, sma20, sma50]).toEqual([219, 209.5, 194.5]);
    expect(roc20).toBeCloseTo(219 / 199 - 1, 12);
    expect(aboveEma20).toBe(1);
    expect(volumeRatio).toBeCloseTo(160 / 120, 12);
  });
  it('needs a hundred bars, and some trading', () => {
    expect(readTrend(Array(99).fill(bar(1, 1)))).toMatchObject({ known: false, code: 'BARS_SHORT' });
    expect(readTrend(Array(100).fill(bar(1, 0)))).toMatchObject({ known: false, code: 'BARS_SHORT' });
  });
  it.each([
    [{ close: 3, sma20: 2, sma50: 1 }, 1],
    [{ close: 3, sma20: 2, sma50: 2 }, 0.6],
    [{ close: 2, sma20: 2, sma50: 1 }, 0],
  ])('of %j has %d for its averages', (reading, score) => {
    expect(maScore(reading)).toBe(score);
  });
  it('is scored from 0 to 1, no part beyond its share', () => {
    expect(trendScore({ ma: 1, roc20: 9, aboveEma20: 1, volumeRatio: 9 })).toBeCloseTo(1, 12);
    expect(trendScore({ ma: 0, roc20: -9, aboveEma20: 0, volumeRatio: 0 })).toBe(0);
  });
});

describe('a short call', () => {
  const at = (spot: number, bid: number, ask = bid + 0.2) => {
    const w = heldMarket({ 195: [bid, ask] }, { spot });
    const { ctx, setting } = read(w);
    const quote = ctx.market.quote(SHORT.symbol);
    if (!quote.known) throw new Error(quote.why);
    return { w, ctx, setting, call: { option: SHORT, quote: quote.value, spot } };
  };
  it('has its time value at the bid, negative under intrinsic value', () => {
    const { call } = at(200, 6);
    expect(extrinsicAtBid(call.option, call.quote, 200)).toBeCloseTo(1, 9);
    expect(extrinsicAtBid(call.option, call.quote, 190)).toBeCloseTo(6, 9);
    expect(extrinsicAtBid(call.option, call.quote, 202)).toBeCloseTo(-1, 9);
  });
  it('is in danger only in the money, only for a dividend above its time value', () => {
    const danger = (spot: number, bid: number, amount: number) => {
      const { w } = at(spot, bid);
      dividends(w, [{ exDay: '2026-03-13', amount }]);
      const { ctx, call } = { ...at(spot, bid), ctx: contextOf(w, {}) };
      const found = dividendDanger(ctx, call, 2);
      return found.known && found.value.exercised;
    };
    expect(danger(200, 5.5, 0.6)).toBe(true);
    expect(danger(200, 5.5, 0.5)).toBe(false);
    expect(danger(194, 0.1, 0.6)).toBe(false);
  });
  it('of unknown dividends says so', () => {
    const { w, ctx, call } = at(200, 5.5);
    expect(w.board.dividends(of)).toBeDefined();
    expect(dividendDanger({ ...ctx, sessionAt: (day, n) => calendar.offset(day, n * 100) }, call, 2)).toMatchObject({
      known: false,
      code: 'DIVIDEND_UNKNOWN',
    });
  });
  it('is near its exercise when deep without time value, not when merely cheap by its bid', () => {
    const rule = { extrinsicMax: 0.05, deltaMin: 0.95 };
    const deep = at(260, 65.02);
    const shallow = at(197, 2, 8);
    expect(exerciseNear(deep.call, deep.setting, rule)).toBe(true);
    expect(exerciseNear(shallow.call, shallow.setting, { ...rule, extrinsicMax: 0.5 })).toBe(false);
    expect(exerciseNear({ ...deep.call, spot: 190 }, deep.setting, rule)).toBe(false);
  });
});

describe('what is left of a trade', () => {
  const whole = spread();
  const less = (change: (symbol_: string, qty: number) => number, shares = 0): Trade => ({
    ...whole,
    held: [
      ...whole.held.flatMap((h) => {
        const qty = change(h.instrument.symbol, h.qty);
        return qty === 0 ? [] : [{ ...h, qty: netQty(qty) }];
      }),
      ...(shares === 0 ? [] : [{ instrument: equity(of), qty: netQty(shares), cash: usd(0) }]),
    ],
  });
  const oneAssigned = less((s, qty) => (s === SHORT.symbol ? qty + 1 : qty), -100);
  it('is nothing while it is whole', () => {
    expect(leftovers(whole)).toEqual([]);
    expect(wholePart(whole)?.held).toEqual(whole.held);
    expect(sharesDelivered(whole)).toBe(0);
  });
  it('is a call and the shares of a contract that was assigned, beside the whole packages', () => {
    expect(leftovers(oneAssigned).map((l) => [l.instrument.symbol, l.qty])).toEqual([
      [LONG.symbol, 1],
      [of, -100],
    ]);
    expect(wholePart(oneAssigned)?.held.map((h) => h.qty)).toEqual([2, -2]);
    expect(sharesDelivered(oneAssigned)).toBe(-100);
  });
  it('is everything when no package is whole', () => {
    const gone = less((s, qty) => (s === SHORT.symbol ? 0 : qty));
    expect(wholePart(gone)).toBeUndefined();
    expect(leftovers(gone).map((l) => l.qty)).toEqual([3]);
  });
  it('closes by an order that buys what is short and sells what is long, never for less than a tick', () => {
    const { market } = contextOf(heldMarket({ 185: [0, 0.01] }, {}, oneAssigned), {});
    const orders = leftovers(oneAssigned).map((left) =>
      closeLeftover(market, oneAssigned, left, { code: 'ASSIGNED', why: 'x', gates: [], pace: 'urgent' }, 10),
    );
    expect(
      orders.map((o) => (o.known ? [o.value.legs[0].side, o.value.qty, Math.sign(o.value.prices.rungs.at(-1) ?? 0)] : o.code)),
    ).toEqual([
      ['sell', 1, -1],
      ['buy', 100, 1],
    ]);
  });
});
