import { expect, it } from 'vitest';
import { way } from '../script/closes.ts';
import { occ } from '../script/options.ts';
import { scriptedMarket } from '../scripted-market.ts';
import { cycle } from './cycle.ts';
import type { Story } from './scenario.ts';

const LONG = occ('NVDA', '2026-04-17', 'call', 185);
const SHORT = occ('NVDA', '2026-04-17', 'call', 195);

/** NVDA has risen for a year. The spread is bought on a quiet morning, and the name jumps on the next. */
const market = scriptedMarket({
  id: 'dcs',
  from: '2026-03-12',
  to: '2026-03-16',
  names: [
    { symbol: 'SPY', fund: true, history: way(260, 580, 660), days: {} },
    {
      symbol: 'NVDA',
      history: Array.from({ length: 260 }, (_, i) => Math.round((158 + (28.4 * (i + 1)) / 260) * 100) / 100),
      volume: 40_000_000,
      // biome-ignore format: a story
      days: {
        '2026-03-12': [['09:30', 186.4], ['16:00', 186.4]],
        '2026-03-13': [['09:30', 190], ['10:30', 190], ['11:00', 214], ['16:00', 214]],
      },
      options: {
        expiries: ['2026-03-27', '2026-04-02', '2026-04-17', '2026-05-15'],
        strikes: { from: 160, to: 230, step: 5 },
        iv: [['2026-03-12', { level: 0.3, slope: -0.25 }]],
        past: { low: 0.25, high: 0.45 },
        spread: 0.01,
        // biome-ignore format: a story
        pinned: {
          [LONG]: [
            ['2026-03-12 10:10', 8.2, 8.42],
            ['2026-03-12 10:15:25', 8.14, 8.26, 50, 2], // somebody gives two away
            ['2026-03-12 10:15:55', 8.2, 8.42],
            ['2026-03-12 10:20', 'model'],
          ],
          [SHORT]: [
            ['2026-03-12 10:10', 3.74, 3.86],
            ['2026-03-12 10:20', 'model'],
          ],
        },
      },
    },
  ],
});

async function buysTheSpread({ until, book }: Story): Promise<void> {
  await until('2026-03-12 10:14:50', 60);
  expect(book.decisions('dcs')).toEqual([]);
  await until('2026-03-12 10:20', 5);
  const entry = book.decisions('dcs').find((d) => d.kind === 'open');
  expect(entry).toMatchObject({ subject: 'NVDA', code: 'ENTRY', verdict: 'cleared', denial: null });
  expect(entry?.gates).toMatchObject({
    expiry: { observed: '2026-04-17', pass: true },
    'last price': { observed: 4.54 },
    'units in the trade budget': { observed: 3, pass: true },
    'greatest profit, dollars': { observed: 1_638 },
  });
  expect(entry?.gates['reward to risk at the last price']?.observed).toBeCloseTo(1.2026, 4);
  expect(entry?.checks).toMatchObject({ STALE: 'pass', BUYING_POWER: 'pass', COLLAR: 'pass', NAKED: 'pass' });
  // Three are wanted; two are to be had on the way, and the third is not chased beyond the least reward to risk.
  expect(book.orders('dcs').map(({ rung, limit, qty, filled, state, legs }) => [rung, limit, qty, filled, state, legs.length])).toEqual([
    [0, 4.51, 3, 0, 'canceled', 2],
    [1, 4.52, 3, 0, 'canceled', 2],
    [2, 4.53, 3, 2, 'canceled', 2],
    [3, 4.54, 1, 0, 'canceled', 2],
  ]);
  expect(book.fills('dcs')).toMatchObject([
    { symbol: LONG, qty: 2, price: 8.26, cash: -1_652 },
    { symbol: SHORT, qty: -2, price: 3.74, cash: 748 },
  ]);
  expect(book.lots('dcs')).toMatchObject([
    { symbol: LONG, origin: 'fill', qty: 2, left: 2, cash: -1_652 },
    { symbol: SHORT, origin: 'fill', qty: -2, left: -2, cash: 748 },
  ]);
  expect(book.trades('dcs')).toMatchObject([
    {
      underlying: 'NVDA',
      legs: [`buy open 1 ${LONG}`, `sell open 1 ${SHORT}`],
      code: 'ENTRY',
      maxLoss: 1_362.6,
      units: 2,
      entryCash: -904,
      thesis: { width: 10, exit_day: '2026-04-07' },
    },
  ]);
  expect(book.cash()).toBe(99_096);
}

async function takesItsProfit({ until, book }: Story): Promise<void> {
  await until('2026-03-13 10:25', 600);
  expect(book.held('dcs')).toEqual({ [LONG]: 2, [SHORT]: -2 });
  await until('2026-03-13 11:20', 30);
  expect(book.held('dcs')).toEqual({});
  const exit = book.decisions('dcs').find((d) => d.kind === 'close');
  expect(exit).toMatchObject({ subject: 'NVDA', code: 'TARGET', verdict: 'cleared' });
  expect(exit?.gates['mark']).toMatchObject({ pass: true });
  expect(
    book
      .orders('dcs')
      .filter((o) => o.purpose === 'C')
      .map(({ limit, qty, filled, state }) => [limit, qty, filled, state]),
  ).toEqual([
    [-7.3, 2, 0, 'canceled'],
    [-7.25, 2, 0, 'canceled'],
    [-7.2, 2, 2, 'filled'],
  ]);
  expect(book.closures('dcs')).toMatchObject([
    { symbol: SHORT, kind: 'fill', code: 'TARGET', qty: -2, cash: -2_290, realized: -1_542 },
    { symbol: LONG, kind: 'fill', code: 'TARGET', qty: 2, cash: 3_730, realized: 2_078 },
  ]);
  expect(book.trades('dcs')).toMatchObject([{ held: {}, exit: 'TARGET', realized: 536 }]);
  expect(book.cash()).toBe(100_536);
}

it('the spread buyer buys two of three in one order of two legs, and sells them at half of the greatest profit', async () => {
  await cycle({ market, strategies: { dcs: { universe: ['NVDA'] } }, start: '2026-03-12 10:05', speed: 60 }, async (story) => {
    await buysTheSpread(story);
    await takesItsProfit(story);
  });
}, 60_000);
