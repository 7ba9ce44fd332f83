// A split, fees and transfers as clients see them: announced, in the account, in the statement, in contracts and in bars.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { tradingDay } from '../../../src/domain/time.ts';
import { openExchangeCore } from '../../../src/exchange/core/core.ts';
import { publishedFees } from '../../../src/exchange/core/fee-rates.ts';
import { type Exchange, openExchange } from '../../../src/exchange/exchange.ts';
import { parseFaultPlan } from '../../../src/exchange/faults/plan.ts';
import type { Struck } from '../../../src/exchange/faults/struck.ts';
import { haltBoard } from '../../../src/exchange/halts.ts';
import { syntheticMarket } from '../../../src/exchange/synthetic/market.ts';
import { usCalendar } from '../../../src/market/calendar.ts';
import { ask } from './ask.ts';
import { realAfter } from './rig.ts';
import { manualClock } from './scripted.ts';

const calendar = usCalendar();
const EX = tradingDay('2026-12-01');
const at = (day: string, hour: number, minute = 0): number => calendar.instant(tradingDay(day), hour, minute);
const begin = at('2026-11-30', 10);
const wanted = [
  { symbol: 'BAC', day: EX, from: 1, to: 2 },
  { symbol: 'KO', day: EX, from: 10, to: 1 },
];

let exchange: Exchange;
const clock = manualClock(begin);
const faults: unknown[] = [];
const made = (): { readonly exchange: Exchange } => ({ exchange });
const get = (path: string): unknown => ask(made(), 'GET', path).json;
const order = (symbol: string, qty: number, side: 'buy' | 'sell', more: Record<string, string> = {}): void => {
  const body = { symbol, qty: String(qty), side, type: 'market', time_in_force: 'day', ...more };
  expect(ask(made(), 'POST', '/v2/orders', body)).toMatchObject({ status: 200 });
};
const to = (instant: number): void => {
  clock.set(instant);
  exchange.tick();
};
let call = '';
let koCall = '';

beforeAll(() => {
  const market = syntheticMarket({ seed: 7, calendar, start: begin, splits: wanted });
  const keys = [{ id: 'key', secret: 'secret', account: 'main' }];
  const core = openExchangeCore({ file: ':memory:', market, calendar, keys, seed: 7, start: begin, fees: publishedFees });
  exchange = openExchange({ core, market, calendar, clock, after: realAfter, onFault: (error) => faults.push(error) });
  const near = (underlying: string, dollars: number): string => {
    const expiry = tradingDay('2026-12-18');
    const calls = market.contracts(underlying, expiry, expiry, begin, false).filter(({ right }) => right === 'call');
    return calls.reduce((best, one) => (Math.abs(one.strike - dollars) < Math.abs(best.strike - dollars) ? one : best)).symbol;
  };
  const spot = (symbol: string): number => market.quote(symbol, begin)?.bid ?? 0;
  [call, koCall] = [near('BAC', spot('BAC')), near('KO', spot('KO'))];
  order('BAC', 101, 'buy');
  order('KO', 25, 'buy');
  to(begin + 60_000);
  order(call, 1, 'sell');
  order(koCall, 1, 'buy');
  to(begin + 120_000);
  order('BAC', 1, 'buy', { type: 'limit', limit_price: '1.00', time_in_force: 'gtc', client_order_id: 'far' });
  to(at(EX, 11));
});
afterAll(() => {
  exchange.close();
  expect(faults).toEqual([]);
});

const strikeOf = (occ: string): number => Number(occ.slice(-8));

describe('a split', () => {
  it('is announced, in both forms', () => {
    const window = 'start=2026-11-20&end=2026-12-10';
    expect(get(`/v1/corporate-actions?${window}&symbols=BAC&types=forward_split`)).toMatchObject({
      corporate_actions: { forward_splits: [{ symbol: 'BAC', old_rate: 1, new_rate: 2, ex_date: EX, process_date: EX, cusip: null }] },
      next_page_token: null,
    });
    const both = get(`/v1/corporate-actions?${window}&types=forward_split,reverse_split&limit=1`) as { next_page_token: string };
    expect(both.next_page_token).not.toBeNull();
    const [row] = get('/v2/corporate_actions/announcements?ca_types=split&since=2026-11-20&until=2026-12-10&symbol=KO') as { id: string }[];
    expect(row).toMatchObject({ ca_type: 'split', ca_sub_type: 'reverse_split', old_rate: '10', new_rate: '1', ex_date: EX, cash: '0' });
    expect(get(`/v2/corporate_actions/announcements/${row?.id ?? ''}`)).toEqual(row);
  });

  it('is in the positions and, row by row, in the activities', () => {
    const divided = `${call.slice(0, -8)}${String(Math.round(strikeOf(call) / 20) * 10).padStart(8, '0')}`;
    const renamed = koCall.replace('KO', 'KO1');
    const positions = (get('/v2/positions') as { symbol: string; qty: string }[]).map(({ symbol, qty }) => [symbol, qty]);
    expect(positions).toEqual([
      ['BAC', '202'],
      [divided, '-2'],
      ['KO', '2'],
      [renamed, '1'],
    ]);
    const rows = get('/v2/account/activities?activity_types=SPLIT,OPCA&direction=asc') as Record<string, unknown>[];
    const brief = rows.map((row) => [
      row['activity_type'],
      row['activity_sub_type'],
      row['symbol'],
      row['qty'],
      row['date'],
      row['status'],
    ]);
    expect(brief).toEqual(
      expect.arrayContaining([
        ['SPLIT', 'FSPLIT', 'BAC', '101', EX, 'executed'],
        ['SPLIT', 'RSPLIT', 'KO', '-23', EX, 'executed'],
        ['OPCA', 'SPLIT.FSPLIT', call, '1', EX, 'executed'],
        ['OPCA', 'SPLIT.FSPLIT', divided, '-2', EX, 'executed'],
        ['OPCA', 'SPLIT.RSPLIT', koCall, '-1', EX, 'executed'],
        ['OPCA', 'SPLIT.RSPLIT', renamed, '1', EX, 'executed'],
      ]),
    );
    expect(rows).toHaveLength(6);
    // Half a share of KO is paid for.
    expect(Number(rows.find((row) => row['symbol'] === 'KO')?.['net_amount'])).toBeGreaterThan(300);
    expect(get('/v2/orders:by_client_order_id?client_order_id=far')).toMatchObject({ status: 'canceled' });
  });

  it('leaves an adjusted contract with what it delivers, and the account as rich as before', () => {
    expect(get(`/v2/options/contracts/${koCall.replace('KO', 'KO1')}`)).toMatchObject({
      root_symbol: 'KO1',
      underlying_symbol: 'KO',
      multiplier: '100',
      size: '10',
      deliverables: [{ type: 'equity', symbol: 'KO', amount: '10' }],
    });
    const history = get('/v2/account/portfolio/history?period=1D&timeframe=1D') as { equity: number[] };
    expect(history.equity.at(-1)).toBeGreaterThan(99_000);
    expect(history.equity.at(-1)).toBeLessThan(101_000);
  });

  it('is taken out of bars where that is asked for', () => {
    const closes = (adjustment: string): readonly number[] => {
      const query = `symbols=BAC&timeframe=1Day&start=2026-11-27&end=2026-11-30&adjustment=${adjustment}`;
      return (get(`/v2/stocks/bars?${query}`) as { bars: Record<string, { c: number }[]> }).bars['BAC']?.map((bar) => bar.c) ?? [];
    };
    const raw = closes('raw');
    expect(raw).toHaveLength(2);
    expect(closes('split')).toEqual(raw.map((close) => close / 2));
    expect(closes('dividend')).toEqual(raw);
    expect(closes('split,dividend')).toEqual(closes('all'));
    const minute = get('/v2/stocks/bars?symbols=BAC&timeframe=1Min&start=2026-11-30T15:00:00Z&end=2026-11-30T15:00:00Z&adjustment=split');
    const asTraded = get('/v2/stocks/bars?symbols=BAC&timeframe=1Min&start=2026-11-30T15:00:00Z&end=2026-11-30T15:00:00Z');
    const open = (answer: unknown): number => (answer as { bars: Record<string, { o: number }[]> }).bars['BAC']?.[0]?.o ?? 0;
    expect(open(minute)).toBe(open(asTraded) / 2);
  });

  it('leaves dividends to be taken out as well', () => {
    const [paid] = exchange.market.dividends(tradingDay('2026-11-24'), EX, clock.now()).filter(({ symbol }) => symbol !== 'KO');
    const { symbol = '', exDay = EX, perShare = 0 } = paid ?? {};
    const query = `symbols=${symbol}&timeframe=1Day&start=2026-11-20&end=2026-12-01`;
    const bars = (adjustment: string): readonly { t: string; c: number }[] =>
      (get(`/v2/stocks/bars?${query}&adjustment=${adjustment}`) as { bars: Record<string, { t: string; c: number }[]> }).bars[symbol] ?? [];
    const before = bars('raw').filter((bar) => bar.t.slice(0, 10) < exDay);
    const eve = before.at(-1)?.c ?? 0;
    const adjusted = bars('all').slice(0, before.length);
    expect(before.length).toBeGreaterThan(0);
    for (const [i, bar] of adjusted.entries()) expect(bar.c).toBeCloseTo((before[i]?.c ?? 0) * (1 - perShare / 1e6 / eve), 3);
    expect(bars('all').slice(before.length)).toEqual(bars('raw').slice(before.length));
  });
});

describe('somebody at the account', () => {
  it('brings cash in and takes it out by hand, where there is as much', () => {
    const start = at('2026-11-30', 10);
    const own = manualClock(start);
    const struck: Struck[] = [];
    const market = syntheticMarket({ seed: 7, calendar, start: start });
    const keys = [{ id: 'key', secret: 'secret', account: 'main' }];
    const core = openExchangeCore({ file: ':memory:', market, calendar, keys, seed: 7, start: start });
    const parsed = parseFaultPlan(
      JSON.stringify({
        faults: [
          { kind: 'deposit', account: 'main', at: '+1h', amount: '2500.05' },
          { kind: 'withdraw', account: 'main', at: '+2h', amount: '999999' },
          { kind: 'withdraw', account: 'main', at: '+3h', amount: '500' },
        ],
      }),
    );
    if (!parsed.ok) throw new Error(parsed.problems.join());
    const plan = { plan: parsed.plan, board: haltBoard(), onStruck: (one: Struck) => struck.push(one) };
    const one = openExchange({
      core,
      market,
      calendar,
      clock: own,
      after: realAfter,
      onFault: (error) => faults.push(error),
      faults: plan,
    });
    own.set(start + 4 * 3_600_000);
    one.tick();
    expect(struck.map(({ kind, detail }) => [kind, detail])).toEqual([
      ['deposit', '2500.05 dollars'],
      ['withdraw', 'refused: insufficient cash to withdraw'],
      ['withdraw', '500 dollars'],
    ]);
    expect(ask({ exchange: one }, 'GET', '/v2/account').json).toMatchObject({ cash: '102000.05' });
    one.close();
  });
});

describe('cash that moves without a trade', () => {
  it('is in the statement with its kind', () => {
    exchange.core.transfer('main', 250_000_000, clock.now());
    exchange.core.transfer('main', -50_500_000, clock.now());
    const rows = get('/v2/account/activities?activity_types=FEE,CSD,CSW&direction=asc') as Record<string, unknown>[];
    const brief = rows.map((row) => [row['activity_type'], row['activity_sub_type'], row['symbol'], row['qty'], row['net_amount']]);
    expect(brief).toEqual([
      ['FEE', 'REG', null, null, '-0.01'],
      ['FEE', 'TAF', null, null, '-0.01'],
      ['FEE', 'ORF', null, null, '-0.05'],
      ['FEE', 'OCC', null, null, '-0.05'],
      ['CSD', null, null, null, '250'],
      ['CSW', null, null, null, '-50.5'],
    ]);
  });
});
