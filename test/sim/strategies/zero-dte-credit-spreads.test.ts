import { expect, it } from 'vitest';
import { way } from '../script/closes.ts';
import { occ } from '../script/options.ts';
import { scriptedMarket } from '../scripted-market.ts';
import { cycle } from './cycle.ts';
import { type Story, scenario } from './scenario.ts';

const MONDAY = '2026-03-02';
const TUESDAY = '2026-03-03';
const SHORT = occ('SPY', MONDAY, 'put', 594);
const LONG = occ('SPY', MONDAY, 'put', 589);

/** Two mornings that rise away from the puts: the first goes on quietly, the second falls through what was sold. */
const market = scriptedMarket({
  id: 'zdte',
  from: MONDAY,
  to: TUESDAY,
  names: [
    {
      symbol: 'SPY',
      fund: true,
      dividendYield: 0.011,
      history: way(260, 560, 596, 0.1),
      volume: 80_000_000,
      // biome-ignore format: a story
      days: {
        [MONDAY]: [['09:30', 595.5], ['10:05', 600], ['16:00', 600.6]],
        [TUESDAY]: [['09:30', 600], ['10:05', 604.5], ['11:00', 604.5], ['11:20', 597]],
      },
      options: {
        expiries: [MONDAY, TUESDAY, '2026-03-04'],
        strikes: { from: 560, to: 640, step: 1 },
        clock: 'session',
        iv: [[MONDAY, { level: 0.2, slope: -2 }]],
        volume: 50_000,
        // biome-ignore format: a story
        pinned: {
          [SHORT]: [
            [`${MONDAY} 10:00`, 0.9, 0.93],
            [`${MONDAY} 10:08:15`, 0.92, 0.93, 1, 50], // somebody pays 0.92, for one
            [`${MONDAY} 10:08:21`, 0.9, 0.93],
            [`${MONDAY} 12:00`, 0.3, 0.31],
          ],
          [LONG]: [[`${MONDAY} 10:00`, 0.34, 0.36], [`${MONDAY} 12:00`, 0.05, 0.06]],
        },
      },
    },
  ],
  vix: [[MONDAY, 18]],
});
const ordersOf = ({ book }: Story) =>
  book
    .orders('zdte')
    .map(({ legs, limit, qty, filled, state }) => [legs.map((l) => l.slice(0, -15)).join(', '), limit, qty, filled, state]);

async function sellsPuts(story: Story): Promise<void> {
  const { until, book } = story;
  await until(`${MONDAY} 10:10`, 10);
  const [entry] = book.decisions('zdte');
  expect(entry).toMatchObject({ subject: 'SPY', kind: 'open', code: 'ENTRY', verdict: 'cleared', denial: null });
  expect(entry?.gates).toMatchObject({
    VIX: { observed: 18, pass: true },
    'implied over forecast volatility': { threshold: 1.1, pass: true },
    'put wing': { observed: 589, pass: true },
    credit: { observed: 0.54, pass: true },
    'units in the trade budget': { observed: 2, pass: true },
  });
  expect(entry?.checks).toMatchObject({ STALE: 'pass', BUYING_POWER: 'pass', NAKED: 'pass' });
  // The walk: one of two is taken on the second rung, when somebody pays more, and the other at the natural price.
  const sale = 'buy open 1 SPY, sell open 1 SPY';
  expect(ordersOf(story)).toEqual([
    [sale, -0.57, 2, 0, 'canceled'],
    [sale, -0.56, 2, 1, 'canceled'],
    [sale, -0.55, 1, 0, 'canceled'],
    [sale, -0.54, 1, 1, 'filled'],
  ]);
  expect(book.trades('zdte')).toMatchObject([
    { legs: [`buy open 1 ${LONG}`, `sell open 1 ${SHORT}`], maxLoss: 892.4, units: 2, entryCash: 110, held: { [SHORT]: -2, [LONG]: 2 } },
  ]);
  expect(book.trades('zdte')[0]?.thesis).toMatchObject({ kind: 'put', putShare: 1 });
  expect(book.lots('zdte').reduce((sum, lot) => sum + lot.cash, 0)).toBeCloseTo(110, 9);
  expect(book.cash()).toBe(100_110);
}

async function takesItsProfit(story: Story): Promise<void> {
  const { until, book } = story;
  await until(`${MONDAY} 11:59`, 600);
  expect(book.decisions('zdte').at(-1)).toMatchObject({ kind: 'pass', code: 'ALREADY_HELD' });
  await until(`${MONDAY} 12:02`, 10);
  const purchase = 'buy close 1 SPY, sell close 1 SPY';
  expect(ordersOf(story).slice(4)).toEqual([
    [purchase, 0.25, 2, 0, 'canceled'],
    [purchase, 0.26, 2, 2, 'filled'],
  ]);
  expect(book.trades('zdte')).toMatchObject([{ held: {}, realized: 58, exit: 'TARGET' }]);
  expect(book.lots('zdte').every((lot) => lot.left === 0)).toBe(true);
  expect(book.closures('zdte').reduce((sum, closure) => sum + closure.realized, 0)).toBeCloseTo(58, 9);
  expect(book.cash()).toBe(100_058);
}

async function isStopped({ until, book }: Story): Promise<void> {
  await until(`${TUESDAY} 09:31`, 5_000);
  await until(`${TUESDAY} 09:44`, 200);
  await until(`${TUESDAY} 10:07`, 2_000);
  await until(`${TUESDAY} 10:08`, 10);
  const [, second] = book.trades('zdte');
  expect(second).toMatchObject({
    units: 2,
    closed: null,
    legs: [expect.stringContaining('P00593000'), expect.stringContaining('P00598000')],
  });
  await until(`${TUESDAY} 11:08`, 600);
  await until(`${TUESDAY} 11:14`, 5);
  const [, stopped] = book.trades('zdte');
  expect(stopped).toMatchObject({ held: {}, exit: 'STOP' });
  const exit = book.decisions('zdte').find((decision) => decision.code === 'STOP');
  const stop = Number(exit?.gates['stop']?.observed);
  expect(stop).toBeCloseTo(((second?.entryCash ?? 0) / 200) * 2, 9);
  expect(Number(exit?.gates['cost to close']?.observed)).toBeGreaterThanOrEqual(stop);
  // Half of a spread and a walk of seconds beyond it, and no more: the width would have cost 444 each.
  expect(stopped?.realized).toBeLessThan(-(second?.entryCash ?? 0) + 1e-9);
  expect(stopped?.realized).toBeGreaterThan(-1.2 * (second?.entryCash ?? 0));
  expect(book.held('zdte')).toEqual({});
  expect(book.decisions('zdte').at(-1)).toMatchObject({ kind: 'pass', code: 'COOLDOWN' });
  expect(book.cash()).toBeCloseTo(100_058 + (stopped?.realized ?? 0), 9);
}

it('the same-day seller sells puts in parts, takes half of the credit, and is stopped out on the next day', async () => {
  const eager = { entry_cap_part: 1, entry_windows_minutes_after_open: [[15, 120]] };
  await cycle({ market, strategies: { zdte: eager }, start: `${MONDAY} 10:08`, speed: 10 }, async (story) => {
    await sellsPuts(story);
    await takesItsProfit(story);
    await isStopped(story);
  });
}, 60_000);

it('what the same-day seller still holds in the last hour is closed without it', async () => {
  const stubborn = {
    entry_cap_part: 1,
    profit_take_part: 0,
    residual_max_usd: 0.01,
    stop_credits: 20,
    entry_windows_minutes_after_open: [[180, 240]],
  };
  await scenario({ market, strategies: { zdte: stubborn }, start: `${MONDAY} 13:25`, speed: 10 }, async ({ until, seen, book }) => {
    await until(`${MONDAY} 13:30`, 10);
    expect(book.trades('zdte')).toMatchObject([{ closed: null }]);
    await until(`${MONDAY} 14:59`, 600);
    expect(book.trades('zdte')).toMatchObject([{ closed: null }]);
    await until(`${MONDAY} 15:15`, 10);
    // Nothing short is left; wings that nobody bids for are no danger to anybody.
    expect(Object.values(book.held('zdte')).every((qty) => qty > 0)).toBe(true);
    expect(new Set(book.closures('zdte').map(({ code }) => code))).toEqual(new Set(['EXPIRY_DEADLINE']));
    expect(book.closures('zdte').length).toBeGreaterThan(0);
    expect(book.decisions('zdte').some(({ kind, code }) => kind === 'pass' && code === 'EXPIRY_DEADLINE')).toBe(true);
    await until(`${TUESDAY} 09:35`, 2_000);
    await until(`${TUESDAY} 09:36`, 60);
    await seen('the wings are gone', () => book.trades('zdte')[0]?.closed !== null, `${TUESDAY} 12:00`);
    const [trade] = book.trades('zdte');
    expect(trade).toMatchObject({ held: {}, exit: 'EXPIRED' });
    expect(book.cash()).toBeCloseTo(100_000 + (trade?.realized ?? Number.NaN), 6);
  });
}, 60_000);
