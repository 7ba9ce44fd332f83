import { describe, expect, it } from 'vitest';
import { addDays, daysBetween, tradingDay } from '../../../../src/domain/time.ts';
import type { ExchangeMarket, ListedContract } from '../../../../src/exchange/market.ts';
import { ratioBetween } from '../../../../src/exchange/splits.ts';
import { syntheticMarket } from '../../../../src/exchange/synthetic/market.ts';
import { usCalendar } from '../../../../src/market/calendar.ts';

const calendar = usCalendar();
const open = (seed: number, start?: number): ExchangeMarket =>
  syntheticMarket({ seed, calendar, ...(start === undefined ? {} : { start }) });
const day = tradingDay('2026-11-23');
const now = calendar.instant(day, 15, 5);
const MINUTE = 60_000;

/** A bundle of answers at an instant, for comparing one market with another. */
function answers(market: ExchangeMarket, symbol: string, at: number): unknown {
  const today = calendar.dayOf(at as never);
  const near = market.contracts(symbol, addDays(today, 25), addDays(today, 40), at, false).slice(40, 44);
  return {
    quote: market.quote(symbol, at),
    daily: market.dailyBars(symbol, addDays(today, -20), today, at),
    minutes: market.minuteBars(symbol, at - 20 * MINUTE, at, at),
    near,
    options: near.map((c) => [
      market.quote(c.symbol, at),
      market.optionStats(c.symbol, at),
      market.optionDailyBars(c.symbol, addDays(today, -10), today, at),
    ]),
    close: market.officialClose(symbol, today, at),
    vix: market.indexValue('VIX', at),
  };
}

describe('a seed', () => {
  const instants = [now, calendar.instant(tradingDay('2026-11-27'), 12, 59, 31), calendar.instant(tradingDay('2025-03-14'), 10, 0, 7)];

  it('gives the same answers in any order, whatever was asked before and wherever the run starts', () => {
    const forward = open(7);
    const backward = open(7, calendar.instant(tradingDay('2027-06-01'), 9, 30));
    const asked = instants.flatMap((at) => ['BAC', 'SPY'].map((symbol) => ({ symbol, at })));
    const first = asked.map(({ symbol, at }) => answers(forward, symbol, at));
    backward.quote('BAC', calendar.instant(tradingDay('2029-01-10'), 11, 0));
    const second = [...asked]
      .reverse()
      .map(({ symbol, at }) => answers(backward, symbol, at))
      .reverse();
    expect(second).toEqual(first);
    expect(asked.map(({ symbol, at }) => answers(forward, symbol, at))).toEqual(first);
  });

  it('is a market of its own', () => {
    expect(open(8).quote('SPY', now)).not.toEqual(open(7).quote('SPY', now));
    expect(open(8).id).toBe('synthetic-8');
  });

  it.each([-1, 1.5, 2 ** 32, Number.NaN])('refuses %d', (seed) => {
    expect(() => open(seed)).toThrow(/seed must be a whole number/);
  });

  it('starts at 15:05 New York time of its first day, and not without history', () => {
    expect(open(1).firstInstant).toBe(now);
    // The calendar's rules end with 2035; a run ends while all that it looks ahead to is still known.
    expect(open(1).lastInstant).toBe(calendar.instant(tradingDay('2035-08-31'), 16, 0));
    expect(() => open(1, calendar.instant(tradingDay('2019-01-02'), 15, 5))).toThrow(/earliest on 20\d\d-\d\d-\d\d, when 520 sessions/);
  });
});

describe('nothing later than asked', () => {
  const market = open(11);
  it('gives bars that have ended and, in a session, the running day so far', () => {
    const bars = market.dailyBars('BAC', addDays(day, -900), addDays(day, 30), now);
    expect(bars.length).toBeGreaterThan(520);
    expect(bars.at(-1)?.day).toBe(day);
    expect(market.dailyBars('BAC', addDays(day, -5), day, calendar.instant(day, 9, 29)).at(-1)?.day).toBe('2026-11-20');
    const minutes = market.minuteBars('BAC', calendar.instant(day, 15, 0), calendar.instant(day, 16, 0), now + 30_000);
    expect(minutes.map((b) => b.at)).toEqual([0, 1, 2, 3, 4].map((m) => calendar.instant(day, 15, m)));
  });

  it('builds the running day from the minutes and quotes seen so far', () => {
    const minutes = market.minuteBars('F', calendar.instant(day, 9, 30), now, now);
    const running = market.dailyBars('F', day, day, now)[0];
    expect(running?.open).toBe(minutes[0]?.open);
    expect(running?.high).toBe(Math.max(...minutes.map((b) => b.high)));
    expect(running?.low).toBe(Math.min(...minutes.map((b) => b.low)));
    const close = calendar.instant(day, 16, 0);
    const whole = market.minuteBars('F', calendar.instant(day, 9, 30), close, close);
    const finished = market.dailyBars('F', day, day, close)[0];
    expect(whole).toHaveLength(390);
    expect(whole.reduce((sum, b) => sum + b.volume, 0)).toBe(finished?.volume);
    expect(finished?.close).toBe(whole.at(-1)?.close);
    expect(finished?.high).toBeGreaterThanOrEqual(running?.high ?? 0);
  });

  it('knows the official close at the close, and nothing of a session before it opens', () => {
    const close = calendar.instant(day, 16, 0);
    expect(market.officialClose('BAC', day, close - 1)).toBeUndefined();
    expect(market.officialClose('BAC', day, close)).toBe(market.dailyBars('BAC', day, day, close)[0]?.close);
    for (const at of [calendar.instant(day, 9, 29), close + 1000, calendar.instant(tradingDay('2026-11-26'), 12, 0)]) {
      expect(market.quote('BAC', at)).toBeUndefined();
    }
  });

  it('never takes a listed strike back, and lists expired contracts only when asked', () => {
    const to = tradingDay('2026-12-18');
    let before = new Set<string>();
    for (let back = 60; back >= 0; back -= 5) {
      const session = calendar.offset(day, -back);
      const listed = new Set(market.contracts('PLTR', to, to, session.open, false).map((c) => c.symbol));
      expect([...before].filter((symbol) => !listed.has(symbol))).toEqual([]);
      before = listed;
    }
    expect(before.size).toBeGreaterThan(40);
    const past = tradingDay('2026-10-16');
    expect(market.contracts('BAC', past, past, now, false)).toEqual([]);
    expect(market.contracts('BAC', past, past, now, true).length).toBeGreaterThan(40);
  });

  it('answers with nothing, not with an error, for days beyond every calendar', () => {
    const far = tradingDay('2099-01-02');
    const farther = tradingDay('2099-12-31');
    expect(market.dailyBars('BAC', far, farther, now)).toEqual([]);
    expect(market.minuteBars('BAC', Date.UTC(2099, 1), Date.UTC(2099, 2), now)).toEqual([]);
    expect(market.contracts('BAC', far, farther, now, true)).toEqual([]);
    expect(market.contract('BAC990116C00050000', now)).toBeUndefined();
    expect(market.dividends(tradingDay('1900-01-01'), farther, now).every((d) => d.exDay <= addDays(day, 40))).toBe(true);
    expect(market.dailyBars('BAC', tradingDay('1900-01-01'), farther, now).at(-1)?.day).toBe(day);
  });

  it('shows a dividend from its announcement on, and pays it after its ex-date', () => {
    const next = market.dividends(day, addDays(day, 39), now);
    expect(next.length).toBeGreaterThan(3);
    for (const d of next) expect(daysBetween(d.exDay, d.payDay)).toBeGreaterThan(14);
    expect(market.dividends(addDays(day, 41), addDays(day, 400), now)).toEqual([]);
  });
});

describe('option quotes', () => {
  const market = open(5);
  const names = ['F', 'BAC', 'INTC', 'AAPL', 'SPY', 'VTI'];
  const chain = (symbol: string): readonly ListedContract[] => market.contracts(symbol, day, addDays(day, 60), now, false);
  const tickOf = (c: ListedContract, price: number): number => {
    if (['SPY', 'QQQ', 'IWM'].includes(c.underlying)) return 10_000;
    if (c.pennyProgram) return price < 3_000_000 ? 10_000 : 50_000;
    return price < 3_000_000 ? 50_000 : 100_000;
  };

  it('stand on their ticks, a whole tick or more apart', () => {
    const off = names.flatMap(chain).filter((contract) => {
      const q = market.quote(contract.symbol, now);
      if (q === undefined || q.at > now || q.ask <= q.bid) return true;
      return q.bid % tickOf(contract, q.bid) !== 0 || q.ask % tickOf(contract, q.ask) !== 0;
    });
    expect(off.map((contract) => [contract.symbol, market.quote(contract.symbol, now)])).toEqual([]);
  });

  it('keep put-call parity inside the spread', () => {
    for (const symbol of names) {
      const spot = market.quote(symbol, now);
      for (const call of chain(symbol).filter((c) => c.right === 'call')) {
        const c = market.quote(call.symbol, now);
        const p = market.quote(call.symbol.replace(/C(\d{8})$/, 'P$1'), now);
        if (c === undefined || p === undefined || spot === undefined || c.bid === 0 || p.bid === 0) continue;
        const years = (calendar.instant(call.expiry, 16, 0) - now) / (365 * 86_400_000);
        const model = (spot.bid + spot.ask) / 2 - call.strike * Math.exp(-0.04 * years);
        const gap = (c.bid + c.ask) / 2 - (p.bid + p.ask) / 2 - model;
        // Dividends of up to 5.5 % a year are left out of `model`.
        expect(Math.abs(gap)).toBeLessThanOrEqual((c.ask - c.bid + p.ask - p.bid) / 2 + spot.ask * (0.0005 + 0.055 * years));
      }
    }
  });

  it('never fall for calls, nor rise for puts, as strikes come down', () => {
    for (const symbol of names) {
      const expiry = chain(symbol).at(-1)?.expiry;
      for (const right of ['call', 'put'] as const) {
        const row = chain(symbol)
          .filter((c) => c.expiry === expiry && c.right === right)
          .sort((a, b) => a.strike - b.strike);
        const asks = row.map((c) => market.quote(c.symbol, now)?.ask ?? 0);
        const bids = row.map((c) => market.quote(c.symbol, now)?.bid ?? 0);
        for (let i = 1; i < row.length; i++) {
          if (right === 'call') expect(bids[i]).toBeLessThanOrEqual(asks[i - 1] as number);
          else expect(bids[i - 1]).toBeLessThanOrEqual(asks[i] as number);
        }
      }
    }
  });

  it('are liquid near the money: tight, with open interest, volume and size', () => {
    const spot = market.quote('BAC', now)?.bid ?? 0;
    const near = chain('BAC').filter((c) => daysBetween(day, c.expiry) >= 25 && Math.abs(c.strike / spot - 1) < 0.08);
    const liquid = near.filter((c) => {
      const q = market.quote(c.symbol, now);
      if (q === undefined || q.bidSize === null || q.bidSize < 10) return false;
      const tight = q.ask - q.bid <= 50_000 || (q.ask - q.bid) / ((q.ask + q.bid) / 2) <= 0.1;
      return tight && (c.openInterest ?? 0) >= 250 && (market.optionStats(c.symbol, now).volume ?? 0) >= 25;
    });
    expect(near.length).toBeGreaterThan(30);
    expect(liquid.length / near.length).toBeGreaterThan(0.9);
  });

  it('have nobody bidding on far wings', () => {
    expect(chain('BAC').filter((c) => market.quote(c.symbol, now)?.bid === 0).length).toBeGreaterThan(5);
  });

  it('follow the calendar of expiries: Fridays, a Thursday before a closed one, every session for the big funds', () => {
    const days = (symbol: string): readonly string[] => [
      ...new Set(market.contracts(symbol, day, addDays(day, 800), now, false).map((c) => c.expiry)),
    ];
    expect(days('BAC').slice(0, 6)).toEqual(['2026-11-27', '2026-12-04', '2026-12-11', '2026-12-18', '2026-12-24', '2026-12-31']);
    expect(days('BAC').filter((d) => d > '2027-01-08')).toEqual([
      '2027-01-15',
      '2027-02-19',
      '2027-03-19',
      '2027-04-16',
      '2027-05-21',
      '2027-06-17',
      '2027-07-16',
      '2027-08-20',
      '2028-01-21',
    ]);
    expect(days('SPY').slice(0, 4)).toEqual(['2026-11-23', '2026-11-24', '2026-11-25', '2026-11-27']);
  });

  it('trade in prints whose sizes add up to the volume of the day so far', () => {
    const { open: first, close } = calendar.inSession(now) ?? { open: now, close: now };
    const [busy] = market
      .contracts('SPY', day, addDays(day, 5), now, false)
      .map((c) => ({ symbol: c.symbol, volume: market.optionStats(c.symbol, close).volume ?? 0 }))
      .sort((a, b) => b.volume - a.volume);
    const symbol = busy?.symbol ?? '';
    const sizes: (number | null)[] = [];
    const newest = market.optionStats(symbol, close).last;
    for (let last = newest; last !== null && last.at >= first; last = market.optionStats(symbol, last.at - 1).last) sizes.push(last.size);
    expect(sizes.length).toBeGreaterThan(70);
    expect(sizes.reduce<number>((sum, size) => sum + (size ?? Number.NaN), 0)).toBe(market.optionStats(symbol, newest?.at ?? 0).volume);
  });

  it('end with the contract', () => {
    const expired = market.contracts('SPY', day, day, now, false)[300];
    const close = calendar.instant(day, 16, 0);
    expect(market.quote(expired?.symbol ?? '', close)).toBeDefined();
    expect(market.quote(expired?.symbol ?? '', calendar.instant(tradingDay('2026-11-24'), 10, 0))).toBeUndefined();
    expect(market.quote('BAC261218P00001000', now)).toBeUndefined();
    expect(market.optionStats('ZZZ261218P00050000', now)).toEqual({
      volume: null,
      previousVolume: null,
      last: null,
      iv: null,
      greeks: null,
    });
  });
});

describe('shares', () => {
  it('are quoted one or two cents wide and in round lots', () => {
    const market = open(3);
    for (const { symbol } of market.equities()) {
      const q = market.quote(symbol, now);
      if (q === undefined) throw new Error(`no quote for ${symbol}`);
      expect([10_000, 20_000]).toContain(q.ask - q.bid);
      expect(q.bid % 10_000).toBe(0);
      expect((q.bidSize ?? 1) % 100).toBe(0);
    }
  });

  it('trade most at both ends of the day', () => {
    const bars = open(3).minuteBars('SPY', calendar.instant(day, 9, 30), calendar.instant(day, 16, 0), calendar.instant(day, 16, 0));
    const volume = (from: number, to: number): number => bars.slice(from, to).reduce((sum, b) => sum + b.volume, 0);
    expect(volume(0, 30)).toBeGreaterThan(1.5 * volume(180, 210));
    expect(volume(360, 390)).toBeGreaterThan(1.5 * volume(180, 210));
  });

  it('stay sane ten years on', () => {
    const market = open(9);
    const late = calendar.instant(tradingDay('2033-06-01'), 11, 0);
    for (const { symbol } of market.equities()) {
      const splits = market.splits(day, tradingDay('2033-06-01'), late).filter((split) => split.symbol === symbol);
      const shares = ratioBetween(splits, day, tradingDay('2033-06-01'));
      const ratio = ((market.quote(symbol, late)?.bid ?? 0) * shares) / (market.quote(symbol, now)?.bid ?? 1);
      expect(ratio).toBeGreaterThan(0.5);
      expect(ratio).toBeLessThan(8);
    }
  });

  it('move together: the market explains much of a bank and little of a telecom', () => {
    const market = open(4);
    const returns = (symbol: string): readonly number[] => {
      const bars = market.dailyBars(symbol, addDays(day, -780), day, calendar.instant(day, 9, 0));
      return bars.slice(1).map((b, i) => Math.log(b.close / (bars[i]?.close ?? b.close)));
    };
    const correlation = (a: readonly number[], b: readonly number[]): number => {
      const mean = (xs: readonly number[]): number => xs.reduce((s, x) => s + x, 0) / xs.length;
      const [ma, mb] = [mean(a), mean(b)];
      const cov = mean(a.map((x, i) => (x - ma) * ((b[i] ?? mb) - mb)));
      return cov / Math.sqrt(mean(a.map((x) => (x - ma) ** 2)) * mean(b.map((x) => (x - mb) ** 2)));
    };
    expect(correlation(returns('SPY'), returns('VTI'))).toBeGreaterThan(0.85);
    expect(correlation(returns('SPY'), returns('BAC'))).toBeGreaterThan(0.35);
    expect(correlation(returns('SPY'), returns('T'))).toBeLessThan(0.6);
  });
});
