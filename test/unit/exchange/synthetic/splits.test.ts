// Splits of the invented market: prices, bars, contracts and dividends before and after one, and how rarely a seed brings one.
import { describe, expect, it } from 'vitest';
import { addDays, tradingDay } from '../../../../src/domain/time.ts';
import type { ExchangeMarket, ListedContract } from '../../../../src/exchange/market.ts';
import { syntheticMarket } from '../../../../src/exchange/synthetic/market.ts';
import type { WantedSplit } from '../../../../src/exchange/synthetic/share-basis.ts';
import { usCalendar } from '../../../../src/market/calendar.ts';

const calendar = usCalendar();
const EX = tradingDay('2026-12-08');
const EVE = tradingDay('2026-12-07');
const EXPIRY = tradingDay('2026-12-18');
const at = (day: string, hour: number, minute = 0): number => calendar.instant(tradingDay(day), hour, minute);
const eve = at(EVE, 15, 59);
const after = at(EX, 11);
const open = (...splits: readonly WantedSplit[]): ExchangeMarket => syntheticMarket({ seed: 7, calendar, splits });
const plain = open();
const forward = open({ symbol: 'BAC', day: EX, from: 1, to: 2 });
const reverse = open({ symbol: 'BAC', day: EX, from: 10, to: 1 });
const odd = open({ symbol: 'BAC', day: EX, from: 2, to: 3 });

const bid = (market: ExchangeMarket, symbol: string, instant: number): number => market.quote(symbol, instant)?.bid ?? Number.NaN;
const listed = (market: ExchangeMarket, instant: number): ReadonlyMap<string, ListedContract> =>
  new Map(market.contracts('BAC', EXPIRY, EXPIRY, instant, false).map((one) => [one.symbol, one]));
const mid = (market: ExchangeMarket, symbol: string, instant: number): number => {
  const quote = market.quote(symbol, instant);
  return quote === undefined ? Number.NaN : (quote.bid + quote.ask) / 2;
};

describe('a split', () => {
  it('divides the price from the morning of its ex-day on, and changes nothing before nor for anybody else', () => {
    expect(bid(forward, 'BAC', eve)).toBe(bid(plain, 'BAC', eve));
    expect(bid(forward, 'BAC', after) / bid(plain, 'BAC', after)).toBeCloseTo(0.5, 3);
    expect(bid(reverse, 'BAC', after) / bid(plain, 'BAC', after)).toBeCloseTo(10, 2);
    for (const symbol of ['SPY', 'F', 'SPY261218C00600000']) expect(forward.quote(symbol, after)).toEqual(plain.quote(symbol, after));
    expect(forward.officialOpen('BAC', EX, after)).toBe(forward.minuteBars('BAC', at(EX, 9, 30), at(EX, 9, 30), after)[0]?.open);
  });

  it('shows in bars as traded, and is taken out of adjusted ones once it has come about', () => {
    const closes = (market: ExchangeMarket, asOf: number, adjustment?: 'raw'): readonly number[] =>
      market.dailyBars('BAC', addDays(EVE, -3), EX, asOf, adjustment).map((bar) => bar.close);
    const [before = 0, ex = 0] = closes(forward, at(EX, 17), 'raw').slice(-2);
    const [beforePlain = 0, exPlain = 0] = closes(plain, at(EX, 17)).slice(-2);
    expect(before).toBe(beforePlain);
    expect(ex / exPlain).toBeCloseTo(0.5, 3);
    expect(closes(forward, at(EX, 17)).slice(-2)).toEqual([before / 2, ex]);
    expect(closes(forward, at(EVE, 17))).toEqual(closes(plain, at(EVE, 17)));
    const [volume = 0] = forward.dailyBars('BAC', EVE, EVE, at(EX, 17)).map((bar) => bar.volume);
    expect(volume).toBe(2 * (plain.dailyBars('BAC', EVE, EVE, at(EX, 17))[0]?.volume ?? 0));
  });

  it('is announced ten sessions ahead', () => {
    const told = (instant: number): unknown => forward.splits(EX, EX, instant).filter(({ symbol }) => symbol === 'BAC');
    const notice = calendar.offset(EX, -10).day;
    expect(told(at(calendar.offset(EX, -11).day, 17))).toEqual([]);
    expect(told(at(notice, 8))).toEqual([{ symbol: 'BAC', exDay: EX, from: 1, to: 2 }]);
    expect(plain.splits(EX, EX, after)).toEqual([]);
  });

  it('divides dividends that go ex after it', () => {
    const paid = (market: ExchangeMarket): number =>
      market.dividends(addDays(EX, 1), addDays(EX, 120), at('2027-03-31', 12)).find((d) => d.symbol === 'BAC')?.perShare ?? 0;
    expect(paid(forward)).toBe(Math.round(paid(plain) / 2));
  });

  it('is refused of an unknown name or without a ratio', () => {
    expect(() => open({ symbol: 'NOBODY', day: EX, from: 1, to: 2 })).toThrow(/no split of NOBODY/);
    expect(() => open({ symbol: 'BAC', day: EX, from: 2, to: 2 })).toThrow(/two different whole numbers/);
  });
});

describe('contracts', () => {
  it('of a whole split halve their strikes and stay listed; the old symbols are gone', () => {
    const before = [...listed(forward, eve).values()];
    const now = listed(forward, after);
    expect(before.length).toBeGreaterThan(20);
    for (const { right, strike } of before) {
      const divided = Math.round(strike / 2 / 10_000) * 10_000;
      const name = `BAC261218${right === 'call' ? 'C' : 'P'}${String(divided / 1000).padStart(8, '0')}`;
      expect(now.get(name)).toMatchObject({ strike: divided });
    }
    const highest = before.reduce((top, one) => (one.strike > top.strike ? one : top));
    expect(forward.contract(highest.symbol, after)).toBeUndefined();
    expect(forward.quote(highest.symbol, after)).toBeUndefined();
  });

  it('are worth their part of what they were worth, in whatever form they go on', () => {
    const strike = Math.round(bid(plain, 'BAC', eve) / 1e6);
    const old = `BAC261218C${String(strike * 1000).padStart(8, '0')}`;
    const halved = `BAC261218C${String(strike * 500).padStart(8, '0')}`;
    const renamed = `BAC1261218C${String(strike * 1000).padStart(8, '0')}`;
    expect(mid(forward, halved, after) / mid(plain, old, after)).toBeCloseTo(0.5, 1);
    for (const [market, shares] of [
      [reverse, 10],
      [odd, 150],
    ] as const) {
      expect(market.contract(renamed, after)).toMatchObject({ underlying: 'BAC', strike: strike * 1e6, deliverable: { shares, cash: 0 } });
      expect(mid(market, renamed, after) / mid(plain, old, after)).toBeCloseTo(1, 1);
    }
    expect(reverse.contract(renamed, eve)).toBeUndefined();
    expect([...listed(reverse, after).keys()].filter((one) => !one.startsWith('BAC1')).length).toBeGreaterThan(10);
  });

  it('are listed in the order of their symbols', () => {
    const symbols = reverse.contracts('BAC', EXPIRY, addDays(EXPIRY, 60), after, false).map((one) => one.symbol);
    expect(symbols).toEqual([...symbols].sort());
    expect(new Set(symbols).size).toBe(symbols.length);
  });
});

describe('a seed', () => {
  const end = tradingDay('2028-11-20');
  it('brings a split now and then, the same whatever was asked before', () => {
    const found = Array.from({ length: 12 }, (_, seed) => {
      const market = syntheticMarket({ seed, calendar });
      const splits = market.splits(tradingDay('2018-01-02'), end, at(end, 12));
      const again = syntheticMarket({ seed, calendar });
      again.quote('F', at('2027-03-01', 12));
      expect(again.splits(tradingDay('2018-01-02'), end, at(end, 12))).toEqual(splits);
      return splits;
    });
    const all = found.flat();
    expect(all.length).toBeGreaterThan(6);
    expect(all.length).toBeLessThan(60);
    expect(all.filter(({ exDay }) => exDay < '2026-11-23')).toEqual([]);
    expect(all.some(({ from, to }) => to > from)).toBe(true);
    expect(all.some(({ symbol }) => ['SPY', 'QQQ', 'IWM'].includes(symbol))).toBe(false);
  });
});
