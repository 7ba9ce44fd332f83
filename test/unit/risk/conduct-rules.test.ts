// The rules about how we behave and what is about to happen, and what they are reckoned from.
import { describe, expect, it } from 'vitest';
import { clientOrderId, strategyId, symbol } from '../../../src/domain/ids.ts';
import { instrumentOf } from '../../../src/domain/instrument.ts';
import { leg, legs } from '../../../src/domain/legs.ts';
import { qty, type Usd, usd } from '../../../src/domain/money.ts';
import type { Order } from '../../../src/domain/order.ts';
import { absent, known } from '../../../src/domain/reasons.ts';
import { after, type EpochMs, epochMs, MINUTE, SECOND, tradingDay } from '../../../src/domain/time.ts';
import type { EarningsReport } from '../../../src/market/quote.ts';
import type { SentOpening } from '../../../src/risk/conduct.ts';
import type { OrderLimits } from '../../../src/risk/limits-orders.ts';
import { roundTripsOf } from '../../../src/risk/round-trips.ts';
import { dayTrade } from '../../../src/risk/rules/day-trade.ts';
import { errors } from '../../../src/risk/rules/errors.ts';
import { event } from '../../../src/risk/rules/event.ts';
import { rate } from '../../../src/risk/rules/rate.ts';
import { strategyPaused } from '../../../src/risk/rules/strategy-paused.ts';
import { wash } from '../../../src/risk/rules/wash.ts';
import { waitFor } from '../../../src/risk/token-bucket.ts';
import { lossesInARow, tOf } from '../../../src/risk/trade-results.ts';
import { type Fault, pausedUntil, tripsOf } from '../../../src/risk/trips.ts';
import { orderOf } from '../domain/orders.ts';
import { bound, type Given, kind, knowing, told } from './asked-rule.ts';
import { buy, conduct, micros, nowAt, owner, positionOf, putSpread, quoteOf, sell, wideOrders, write } from './contexts.ts';
import { bought, closedTrade, tradeOf } from './trades.ts';

const call = 'ABC260417C00190000';
const put = 'ABC260417P00170000';
const noon = nowAt(12).exchange;
const at = (seconds: number): EpochMs => after(noon, seconds * SECOND);
const nan = Number.NaN as Usd;

describe('R-27 STRATEGY_PAUSED', () => {
  const health = bound({ health: { lossesInARow: 5, expectancyTrades: 30, expectancyT: -1.65, dayLossPct: 0.01 } });
  const losses = (n: number, on: string) => Array.from({ length: n }, () => closedTrade(-10, on));
  it.each([
    ['four losses in a row', losses(4, '2026-03-10'), 'pass'],
    ['five, the last today', losses(5, '2026-03-10'), 'deny'],
    ['five, the last in the session before', losses(5, '2026-03-09'), 'deny'],
    ['five, the last a session earlier', losses(5, '2026-03-06'), 'pass'],
    ['five with a win among them', [...losses(4, '2026-03-10'), closedTrade(10), ...losses(1, '2026-03-10')], 'pass'],
    ['five with a trade that came out even', [...losses(4, '2026-03-10'), closedTrade(0), ...losses(4, '2026-03-10')], 'pass'],
    ['five of another strategy', losses(5, '2026-03-10').map((t) => ({ ...t, owner: strategyId('dip') })), 'pass'],
    ['a win after five', [...losses(5, '2026-03-09'), closedTrade(1)], 'pass'],
    ['five, told in another order', [...losses(5, '2026-03-10')].reverse(), 'deny'],
  ] as const)('%s', (_name, trades, expected) => {
    expect(kind(strategyPaused, buy(call, 2), { ...health, trades })).toBe(expected);
  });
  it.each([
    [-1_000, 'pass'],
    [-1_000.01, 'deny'],
    [5_000, 'pass'],
    [Number.NaN, 'deny'],
  ] as const)('a day of %f on 100,000', (won, expected) => {
    expect(kind(strategyPaused, buy(call, 2), { ...health, ...knowing({ strategyDay: () => micros(won) }) })).toBe(expected);
  });
  it('denies where equity is no number, and asks no exit', () => {
    expect(kind(strategyPaused, buy(call, 2), { ...health, equity: nan })).toBe('deny');
    const worst = { ...health, trades: losses(9, '2026-03-10'), ...knowing({ strategyDay: () => micros(-9_000) }) };
    expect(told(strategyPaused, sell(call, 2), worst).check.result).toBe('skip');
  });
  it('tells losses in a row and the t of a mean', () => {
    expect([lossesInARow([]), lossesInARow([-1, 1, -1, -1]), lossesInARow([-1, -1])]).toEqual([0, 2, 2]);
    expect(tOf([1, 2, 3])).toBeCloseTo(3.4641, 4); // mean 2, s 1, root 3
    expect(tOf([-1, -2, -3])).toBeCloseTo(-3.4641, 4);
    expect([tOf([]), tOf([5]), tOf([0, 0]), tOf([-1, -1])]).toEqual([null, null, 0, Number.NEGATIVE_INFINITY]);
  });
});

describe('a token bucket', () => {
  const ten = { perMinute: 10, burst: 5 };
  it('lets the twelfth of ten a minute in a burst of five go 42 seconds after the first', () => {
    const taken: EpochMs[] = [];
    let now = noon;
    while (taken.length < 12) {
      now = after(now, waitFor(ten, taken, now));
      taken.push(now);
    }
    expect(taken.map((t) => (t - noon) / SECOND)).toEqual([0, 0, 0, 0, 0, 6, 12, 18, 24, 30, 36, 42]);
  });
  it.each([
    [[], 0, 0],
    [[0, 0, 0, 0, 0], 0, 6],
    [[0, 0, 0, 0, 0], 5.999, 0.001],
    [[0, 0, 0, 0, 0], 6, 0],
    [[0, 0, 0, 0, 0], 3_600, 0],
    [[0, 1, 2, 3, 3_600, 3_600, 3_600, 3_600, 3_600], 3_600, 6],
  ] as const)('taken at %j, asked at %f s: wait %f s', (taken, now, wait) => {
    expect(waitFor(ten, taken.map(at), at(now))).toBeCloseTo(wait * SECOND, 6);
  });
});

describe('R-28 RATE', () => {
  const shipped = bound({
    rate: {
      account: { perMinute: 10, burst: 5 },
      strategy: { perMinute: 4, burst: 2 },
      symbol: { perMinute: 2, burst: 1 },
      dayOpeningsMax: 200,
    },
  });
  const sent = (seconds: number, strategy: string, name: string): SentOpening => ({
    ladder: `${strategy}-${name}-${seconds}`,
    strategy: strategyId(strategy),
    underlying: symbol(name),
    at: at(seconds),
  });
  const five = ['dip', 'mwk', 'dcs', 'swing', 'zdte'].map((s, i) => sent(-2 + i / 4, s, `N${s.length}${s}`.toUpperCase()));
  const asked = (of: readonly SentOpening[], over: Given = {}) =>
    told(rate, buy(call, 2), { ...shipped, ...knowing({ sent: of }), ...over });
  it('defers the sixth opening within two seconds until a token is free (G-11)', () => {
    expect(asked(five.slice(0, 4)).kind).toBe('pass');
    expect(asked(five)).toMatchObject({ kind: 'defer', check: { rule: 'RATE', result: 'defer', observed: 4_000, unit: 'ms' } });
    expect(asked(five, { now: { ...nowAt(12), exchange: at(4) } }).kind).toBe('pass');
    expect(asked(five, { now: { ...nowAt(12), exchange: at(3.999) } }).kind).toBe('defer');
  });
  it.each([
    ['a third of one strategy', [sent(-1, 'base', 'AAA'), sent(0, 'base', 'BBB')], 14_000],
    ['two of one strategy', [sent(-1, 'base', 'AAA')], 0],
    ['a second in one name, whoever sent the first', [sent(-10, 'dip', 'ABC')], 20_000],
    ['one in another name', [sent(-10, 'dip', 'XYZ')], 0],
    ['half a minute later', [sent(-30, 'dip', 'ABC')], 0],
  ] as const)('%s', (_name, before, wait) => {
    expect(asked(before).check.observed).toBe(wait);
    expect(asked(before).kind).toBe(wait === 0 ? 'pass' : 'defer');
  });
  it('counts a walk once', () => {
    const [first] = five;
    expect(asked(five, { ladder: first?.ladder ?? null }).check.result).toBe('skip');
  });
  it('sends no more than two hundred a day', () => {
    const many = (n: number) => Array.from({ length: n }, (_, i) => sent(-20_000 + 60 * i, 'dip', `N${i}`));
    expect(asked(many(199)).kind).toBe('pass');
    expect(asked(many(200)).kind).toBe('defer');
  });
  it('defers where time is no number, and keeps no exit waiting', () => {
    expect(asked(five.slice(0, 1), { now: { ...nowAt(12), exchange: Number.NaN as EpochMs } }).kind).toBe('defer');
    expect(told(rate, sell(call, 2), { ...shipped, ...knowing({ sent: five }) }).check.result).toBe('skip');
  });
});

describe('R-29 ERRORS', () => {
  const usual = { errorsMax: 5, rejectsMax: 3, windowMs: MINUTE, pauseMs: 10 * MINUTE };
  const faults = (kind_: Fault['kind'], ...seconds: readonly number[]): readonly Fault[] =>
    seconds.map((s) => ({ kind: kind_, at: at(s) }));
  it.each([
    ['two refusals', faults('reject', 0, 1), []],
    ['three within a minute (G-15)', faults('reject', 0, 30, 59), [59]],
    ['three, the first a minute before the last', faults('reject', 0, 30, 60), []],
    ['four errors', faults('error', 0, 1, 2, 3), []],
    ['five errors', faults('error', 0, 1, 2, 3, 4), [4]],
    ['two refusals and four errors', [...faults('reject', 0, 1), ...faults('error', 2, 3, 4, 5)], []],
    ['a burst counts once', faults('reject', 0, 1, 2, 3, 4), [2]],
    ['two bursts', faults('reject', 0, 1, 2, 3, 4, 5), [2, 5]],
  ] as const)('%s', (_name, of, expected) => {
    expect(tripsOf(of, usual)).toEqual(expected.map(at));
  });
  it('pauses openings for ten minutes, and no exit', () => {
    const burst = faults('reject', -2, -1, 0);
    expect(pausedUntil(burst, usual)).toBe(at(600));
    expect(pausedUntil([], usual)).toBeNull();
    const given = { ...bound({ errors: usual }), ...knowing({ faults: burst }) };
    expect(kind(errors, buy(call, 2), given)).toBe('deny');
    expect(kind(errors, buy(call, 2), { ...given, now: { ...nowAt(12), exchange: at(599.999) } })).toBe('deny');
    expect(kind(errors, buy(call, 2), { ...given, now: { ...nowAt(12), exchange: at(600) } })).toBe('pass');
    expect(kind(errors, buy(call, 2), { ...given, now: { ...nowAt(12), exchange: Number.NaN as EpochMs } })).toBe('deny');
    expect(kind(errors, buy(call, 2), bound({ errors: usual }))).toBe('pass');
    expect(told(errors, sell(call, 2), given).check.result).toBe('skip');
  });
});

describe('round trips', () => {
  let n = 0;
  const traded = (effect: 'open' | 'close', day: string, over: Partial<Order> = {}): Order =>
    orderOf({
      id: clientOrderId(`o${++n}`),
      day: tradingDay(day),
      legs: legs(leg(instrumentOf(symbol('ABC')), effect === 'open' ? 'buy' : 'sell', effect)),
      cumQty: 1,
      recordedAt: epochMs(n),
      ...over,
    });
  it.each([
    ['none', () => [traded('open', '2026-03-10')], 0],
    ['opened and closed', () => [traded('open', '2026-03-10'), traded('close', '2026-03-10')], 1],
    ['closed what was held', () => [traded('close', '2026-03-10'), traded('open', '2026-03-10')], 0],
    ['opened in two orders, closed in two', () => (['open', 'open', 'close', 'close'] as const).map((e) => traded(e, '2026-03-10')), 1],
    ['twice', () => (['open', 'close', 'open', 'close'] as const).map((e) => traded(e, '2026-03-10')), 2],
    ['over night', () => [traded('open', '2026-03-09'), traded('close', '2026-03-10')], 0],
    ['without a fill', () => [traded('open', '2026-03-10'), traded('close', '2026-03-10', { cumQty: 0 })], 0],
    [
      'each leg of a package',
      () => [traded('open', '2026-03-10', { legs: bought(call, put) }), traded('close', '2026-03-10', { legs: closing })],
      2,
    ],
  ] as const)('%s', (_name, orders, expected) => {
    expect(roundTripsOf(orders())).toBe(expected);
    expect(roundTripsOf([...orders()].reverse())).toBe(expected);
  });
  const closing = legs(leg(instrumentOf(symbol(call)), 'sell', 'close'), leg(instrumentOf(symbol(put)), 'sell', 'close'));
});

describe('R-30 DAYTRADE', () => {
  const policy = (name: OrderLimits['dayTrade']['policy']): Given => bound({ dayTrade: { policy: name, excessPctMin: 0.1 } });
  it('off asks nothing', () => {
    expect(told(dayTrade, buy(call, 2), policy('off')).check.result).toBe('skip');
  });
  it.each([
    [24_999, 2, 0, 'pass'],
    [24_999, 3, 0, 'deny'],
    [24_999, 2, 1, 'deny'],
    [25_000, 9, 9, 'pass'],
    [Number.NaN, 3, 0, 'deny'],
  ] as const)('legacy_pdt: equity %f, %d done, %d at work', (equity, done, working, expected) => {
    const given = { ...policy('legacy_pdt'), equity: (equity * 1e6) as Usd, ...knowing({ roundTrips: () => ({ done, working }) }) };
    expect(kind(dayTrade, buy(call, 2), given)).toBe(expected);
  });
  it('intraday_margin: equity 20,000 carries at most 72,000 of shares', () => {
    const cheap = { ...policy('intraday_margin'), equity: usd(micros(20_000)), quote: () => known(quoteOf('ABC', 100, 100)) };
    expect(kind(dayTrade, buy('ABC', 100, 720), cheap)).toBe('pass');
    expect(kind(dayTrade, buy('ABC', 100, 721), cheap)).toBe('deny');
    // Long 60,000 keeps 15,000: 5,000 are left, 2,000 must stay, 12,000 more of shares or 3,000 of premium may be bought.
    const long = { ...cheap, positions: [positionOf('XYZ', 600, 'EXTERNAL')] };
    expect(kind(dayTrade, buy('ABC', 100, 120), long)).toBe('pass');
    expect(kind(dayTrade, buy('ABC', 100, 121), long)).toBe('deny');
    expect(kind(dayTrade, buy(call, 3, 10), long)).toBe('pass');
    expect(kind(dayTrade, buy(call, 3.05, 10), long)).toBe('deny');
    const working = orderOf({ legs: bought('XYZ'), qty: qty(120), limit: 100_000_000 as never, state: 'working' });
    expect(kind(dayTrade, buy('ABC', 100), { ...long, live: [working] })).toBe('deny');
    expect(kind(dayTrade, buy('ABC', 100), { ...cheap, positions: [positionOf('XYZ', -600, 'EXTERNAL')] })).toBe('deny'); // 30 % of 60,000
    expect(kind(dayTrade, buy('ABC', 100), { ...cheap, positions: [positionOf(put, -1)] })).toBe('pass'); // 10,000 of premium
    expect(kind(dayTrade, buy('ABC', 100), { ...cheap, positions: [positionOf(put, -2)] })).toBe('deny');
  });
  it('intraday_margin: what nobody quotes is worth what it cost', () => {
    const cost = (dollars: number): Given => ({
      ...policy('intraday_margin'),
      equity: usd(micros(20_000)),
      quote: () => absent('QUOTE_MISSING', 'none'),
      positions: [{ ...positionOf('XYZ', 1), cost: usd(-micros(dollars)) }],
    });
    expect(kind(dayTrade, buy('ABC', 100), cost(71_900))).toBe('pass');
    expect(kind(dayTrade, buy('ABC', 100), cost(72_000))).toBe('deny');
  });
  it('intraday_margin denies where equity is no number', () => {
    expect(kind(dayTrade, buy('ABC', 100), { ...policy('intraday_margin'), equity: nan })).toBe('deny');
  });
  it('cash_gfv spends what has settled, and no more', () => {
    const settled = (dollars: number) => ({ ...policy('cash_gfv'), ...knowing({ settled: usd(micros(dollars)) }) });
    expect(kind(dayTrade, buy('ABC', 100, 10), settled(1_000))).toBe('pass');
    expect(kind(dayTrade, buy('ABC', 100, 10), settled(999.99))).toBe('deny');
    expect(kind(dayTrade, buy('ABC', 100, 10), { ...settled(18_000), positions: [positionOf(put, -1)] })).toBe('pass');
    expect(kind(dayTrade, buy('ABC', 100, 10), { ...settled(17_999), positions: [positionOf(put, -1)] })).toBe('deny');
    expect(kind(dayTrade, buy('ABC', 100), { ...policy('cash_gfv'), ...knowing({ settled: nan }) })).toBe('deny');
  });
  it('never closes a way out', () => {
    for (const name of ['legacy_pdt', 'intraday_margin', 'cash_gfv'] as const)
      expect(told(dayTrade, sell('ABC', 100), { ...policy(name), equity: usd(0) }).check.result).toBe('skip');
  });
});

describe('R-31 EVENT', () => {
  const report = (day: string, time: EarningsReport['time']): EarningsReport => ({
    symbol: symbol('ABC'),
    day: tradingDay(day),
    time,
    sources: ['file'],
    confirmed: true,
  });
  const reports = (...of: readonly EarningsReport[]): Given =>
    knowing({ market: { ...conduct.market, earnings: (_s, from, to) => known(of.filter((r) => r.day >= from && r.day <= to)) } });
  const ahead = (sessions: number): Given =>
    bound({ events: { ...wideOrders.events, earningsSessions: new Map([[owner, sessions]]), earningsUntilExpiry: [strategyId('wheel')] } });
  it.each([
    ['after the third close ahead', report('2026-03-13', 'AMC'), 'pass'],
    ['before the third open ahead', report('2026-03-13', 'BMO'), 'deny'],
    ['on the day before that, after the close', report('2026-03-12', 'AMC'), 'deny'],
    ['today after the close', report('2026-03-10', 'AMC'), 'deny'],
    ['today before the open: it is out', report('2026-03-10', 'BMO'), 'pass'],
    ['at an hour nobody knows, on the last day', report('2026-03-13', 'UNKNOWN'), 'deny'],
    ['long after', report('2026-03-20', 'BMO'), 'pass'],
  ] as const)('a report %s, three sessions asked', (_name, of, expected) => {
    expect(kind(event, buy(call, 2), { ...ahead(3), ...reports(of) })).toBe(expected);
  });
  it('asks until expiry of who holds until then', () => {
    const wheel = { ...ahead(0), strategy: strategyId('wheel') };
    expect(kind(event, write(put, 2), { ...wheel, ...reports(report('2026-04-17', 'BMO')) })).toBe('deny');
    expect(kind(event, write(put, 2), { ...wheel, ...reports(report('2026-04-17', 'AMC')) })).toBe('pass');
    expect(kind(event, buy('ABC', 180), { ...wheel, ...reports(report('2026-04-16', 'AMC')) })).toBe('pass');
  });
  it('denies where the calendar cannot say, and asks nothing of funds or of strategies that are not named', () => {
    expect(kind(event, buy(call, 2), ahead(3))).toBe('deny');
    expect(kind(event, buy('SPY260417C00600000', 2), ahead(3))).toBe('pass');
    expect(kind(event, buy(call, 2), { ...ahead(3), strategy: strategyId('dip') })).toBe('pass');
  });
  it.each([
    ['2026-03-11', 'deny'],
    ['2026-03-12', 'pass'],
  ] as const)('a call sold before an ex-dividend day of %s, one session asked', (exDay, expected) => {
    const pays: Given = knowing({
      market: {
        ...conduct.market,
        dividends: (of, from, to) =>
          known(exDay >= from && exDay <= to ? [{ symbol: of, exDay: tradingDay(exDay), amount: 500_000 as never }] : []),
      },
    });
    expect(kind(event, write(call, 2), pays)).toBe(expected);
    expect(kind(event, buy(call, 2), pays)).toBe('pass');
    expect(kind(event, write(put, 2), pays)).toBe('pass');
    expect(kind(event, putSpread(call, 'ABC260417C00200000', -0.95), pays)).toBe(expected);
    expect(kind(event, write(call, 2), { ...pays, ...bound({ events: { ...wideOrders.events, exDividendSessions: 0 } }) })).toBe('pass');
  });
  it('lets a call go where nobody knows of dividends', () => {
    expect(kind(event, write(call, 2))).toBe('pass');
  });
  const figure = (time: string | null): Given =>
    knowing({ market: { ...conduct.market, macro: (day) => known([{ day, event: 'FOMC', time }]) } });
  it.each([
    ['12:02', 'deny'],
    ['12:03', 'pass'],
    ['11:58', 'deny'],
    ['11:57', 'pass'],
    ['12:00', 'deny'],
    [null, 'pass'],
  ] as const)('at noon, with a figure at %s', (time, expected) => {
    expect(kind(event, buy(call, 2), figure(time))).toBe(expected);
  });
  it('lets those go that are exempt, and every exit', () => {
    const exempt = { ...figure('12:00'), ...bound({ events: { ...wideOrders.events, macroExempt: [owner] } }) };
    expect(kind(event, buy(call, 2), exempt)).toBe('pass');
    expect(told(event, sell(call, 2), figure('12:00')).check.result).toBe('skip');
  });
  it('denies without a session to count from', () => {
    expect(kind(event, buy(call, 2), { session: undefined })).toBe('deny');
  });
});

describe('R-33 WASH', () => {
  const lost = (on: string, over: Parameters<typeof closedTrade>[2] = {}) => closedTrade(-250, on, over);
  it('tags an opening with what was lost in the name inside thirty days, whoever lost it', () => {
    const trades = [
      lost('2026-02-08'),
      lost('2026-02-07'),
      lost('2026-03-09', { owner: strategyId('dip') }),
      closedTrade(900, '2026-03-09'),
      lost('2026-03-09', { underlying: symbol('XYZ') }),
      tradeOf(-100),
    ];
    expect(told(wash, buy('ABC', 180), { trades })).toEqual({
      kind: 'pass',
      check: { rule: 'WASH', result: 'pass', observed: micros(500), limit: 0, unit: 'usd_micros' },
    });
  });
  it('denies only where it is asked to', () => {
    const strict = bound({ wash: { days: 30, deny: true } });
    expect(kind(wash, buy('ABC', 180), { ...strict, trades: [lost('2026-03-09')] })).toBe('deny');
    expect(kind(wash, buy('ABC', 180), strict)).toBe('pass');
    expect(told(wash, sell('ABC', 180), { ...strict, trades: [lost('2026-03-09')] }).check.result).toBe('skip');
  });
});
