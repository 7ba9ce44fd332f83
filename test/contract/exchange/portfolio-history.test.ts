// The account's history is what the account itself said at each of those instants, whatever has been traded since.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { addDays, type EpochMs, type TradingDay, tradingDay } from '../../../src/domain/time.ts';
import { openExchangeCore } from '../../../src/exchange/core/core.ts';
import { type Exchange, openExchange } from '../../../src/exchange/exchange.ts';
import { syntheticMarket } from '../../../src/exchange/synthetic/market.ts';
import { usCalendar } from '../../../src/market/calendar.ts';
import { ask } from './ask.ts';
import { realAfter } from './rig.ts';
import { type ManualClock, manualClock } from './scripted.ts';

const calendar = usCalendar();

interface History {
  readonly timestamp: readonly number[];
  readonly equity: readonly (number | null)[];
  readonly profit_loss: readonly (number | null)[];
  readonly profit_loss_pct: readonly (number | null)[];
  readonly base_value: number;
  readonly base_value_asof: string;
  readonly timeframe: string;
  readonly cashflow: Readonly<Record<string, readonly number[]>>;
}

let exchange: Exchange;
let clock: ManualClock;
const faults: unknown[] = [];

beforeEach(() => {
  const market = syntheticMarket({ seed: 7, calendar });
  clock = manualClock(market.firstInstant);
  const keys = [{ id: 'key', secret: 'secret', account: 'main' }];
  const core = openExchangeCore({ file: ':memory:', market, calendar, keys, seed: 7, start: market.firstInstant });
  const onFault = (error: unknown): void => void faults.push(error);
  exchange = openExchange({ core, market, calendar, clock, after: realAfter, onFault, requestsPerMinute: 1e6 });
});
afterEach(() => {
  exchange.close();
  expect(faults).toEqual([]);
});

const history = (query: string): History => ask({ exchange }, 'GET', `/v2/account/portfolio/history?${query}`).json as History;
const equity = (): number => Number((ask({ exchange }, 'GET', '/v2/account').json as { equity: string }).equity);
const at = (day: TradingDay, hour: number, minute = 0): void => clock.set(calendar.instant(day, hour, minute));
const buy = (symbol: string, qty: string, side = 'buy'): void => {
  const order = { symbol, qty, side, type: 'market', time_in_force: 'day' };
  expect(ask({ exchange }, 'POST', '/v2/orders', order).status).toBe(200);
};

/** Trades through a week and notes the equity that the account states at each close. */
function week(): Map<string, number> {
  const closes = new Map<string, number>();
  const first = calendar.dayOf(clock.now() as EpochMs);
  for (const [i, session] of calendar.between(first, addDays(first, 8)).entries()) {
    if (i > 0) at(session.day, 10);
    buy(['SPY', 'AAPL', 'NVDA', 'SPY', 'MSFT', 'AAPL'][i] ?? 'SPY', String(10 + i));
    if (i === 3) {
      at(session.day, 11);
      buy('SPY', '10', 'sell');
    }
    clock.set(session.close);
    closes.set(session.day, equity());
  }
  return closes;
}

describe('portfolio history', () => {
  it('gives the equity of every close to the micro, and gains over the first base', () => {
    const closes = week();
    const found = history('period=1W');
    expect(history('timeframe=1D').timeframe).toBe('1D');
    const daily = history('period=2W&timeframe=1D');
    const days = daily.timestamp.map((second) => calendar.dayOf((second * 1000) as EpochMs));
    expect(daily.timestamp.map((second) => second * 1000)).toEqual(days.map((day) => calendar.instant(day, 0, 0)));
    const known = days.flatMap((day, i) => (closes.has(day) ? [[day, daily.equity[i]]] : []));
    expect(known).toEqual([...closes]);
    expect(daily.equity.filter((value) => value === null)).toHaveLength(days.length - closes.size);
    expect(daily).toMatchObject({ base_value: 100_000, base_value_asof: '2026-11-23', cashflow: {} });
    for (const [i, value] of daily.equity.entries()) {
      if (value === null) expect(daily.profit_loss[i]).toBeNull();
      else expect(daily.profit_loss[i]).toBeCloseTo(value - 100_000, 6);
      if (value !== null) expect(daily.profit_loss_pct[i]).toBeCloseTo((value - 100_000) / 100_000, 6);
    }
    expect(found.timeframe).toBe('15Min');
  });

  it('gives a day in minutes, the last of which is the present, and gains over the close before', () => {
    const closes = week();
    const today = [...closes.keys()].at(-1) ?? '';
    const before = closes.get([...closes.keys()].at(-2) ?? '') ?? Number.NaN;
    const minutes = history('period=1D');
    expect(minutes).toMatchObject({ timeframe: '1Min', base_value: before });
    expect(minutes.timestamp).toHaveLength(390);
    expect(minutes.timestamp[0]).toBe(calendar.instant(tradingDay(today), 9, 30) / 1000);
    expect(minutes.equity.at(-1)).toBe(equity());
    expect(minutes.profit_loss.at(-1)).toBeCloseTo(equity() - before, 6);
    const two = history('period=2D&timeframe=1H&pnl_reset=no_reset');
    expect(two.profit_loss.at(-1)).toBeCloseTo(equity() - two.base_value, 6);
    expect(history('period=1D&timeframe=1H&intraday_reporting=extended_hours').timestamp).toHaveLength(13);
    expect(history('period=1D&timeframe=1H&intraday_reporting=continuous').timestamp).toHaveLength(17);
    expect(history('period=1D&timeframe=1H&extended_hours=true').timestamp).toHaveLength(13);
  });

  it('takes any two of start, end and period, in every form of a date', () => {
    week();
    const days = (query: string): readonly string[] =>
      history(`timeframe=1D&${query}`).timestamp.map((second) => calendar.dayOf((second * 1000) as EpochMs));
    const expected = ['2026-11-24', '2026-11-25'];
    expect(days('start=2026-11-24&end=2026-11-26')).toEqual(expected);
    expect(days('start=2026-11-24T00:00:00.000Z&end=2026-11-25T23:00:00Z')).toEqual(['2026-11-23', ...expected]);
    expect(days('date_start=2026-11-24&date_end=2026-11-25')).toEqual(expected);
    expect(days('period=2D&end=2026-11-25')).toEqual(expected);
    expect(days('period=1M').length).toBeGreaterThan(20);
    expect(days('period=1A').length).toBeGreaterThan(245);
  });

  it('names cash that moved otherwise than by trading, when it is asked to', () => {
    const dividend = exchange.market.dividends(tradingDay('2026-11-24'), tradingDay('2027-02-28'), clock.now() + 30 * 86_400_000)[0];
    if (dividend === undefined) throw new Error('no dividend in three months');
    buy(dividend.symbol, '10');
    clock.set(calendar.instant(dividend.exDay, 12, 0));
    const window = `start=${addDays(dividend.exDay, -5)}&timeframe=1D`;
    const flows = history(`${window}&cashflow_types=DIV`);
    const sum = (flows.cashflow['DIV'] ?? []).reduce((a, b) => a + b, 0);
    expect(sum).toBeCloseTo((dividend.perShare * 10) / 1e6, 2);
    expect(flows.cashflow['DIV']).toHaveLength(flows.timestamp.length);
    expect(history(`${window}&cashflow_types=ALL`).cashflow).toEqual(flows.cashflow);
    expect(history(`${window}&cashflow_types=FEE`).cashflow).toEqual({});
    expect(history(window).cashflow).toEqual({});
  });

  it.each([
    'period=1X',
    'period=0D',
    'period=1D&start=2026-11-01&end=2026-11-02',
    'timeframe=2Min',
    'timeframe=1Min&period=1M',
    'timeframe=15Min&period=3M',
    'start=2026-11-25&end=2026-11-24',
    'start=2099-01-01',
    'pnl_reset=never',
    'intraday_reporting=always',
    'period=99A',
  ])('refuses %s', (query) => {
    const answer = ask({ exchange }, 'GET', `/v2/account/portfolio/history?${query}`);
    expect(answer).toMatchObject({ status: 422, json: { code: 40010001 } });
  });
});
