import { expect, it } from 'vitest';
import { flat } from '../script/closes.ts';
import { occ, weeklies } from '../script/options.ts';
import { scriptedMarket } from '../scripted-market.ts';
import { cycle } from './cycle.ts';
import type { Story } from './scenario.ts';

const NAME = 'ADBE';
const FRONT = '2026-03-13';
const LEGS = {
  lowPut: occ(NAME, FRONT, 'put', 227.5),
  put: occ(NAME, FRONT, 'put', 232.5),
  call: occ(NAME, FRONT, 'call', 267.5),
  highCall: occ(NAME, FRONT, 'call', 272.5),
} as const;
const sigma = (days: number): number => Math.sqrt(0.28 ** 2 + (0.065 ** 2 * 365) / days);

/** A name at 250 that reports on Tuesday evening, opens 2 % higher, and loses its volatility over the night. */
const market = scriptedMarket({
  id: 'earn',
  from: '2026-03-10',
  to: '2026-03-11',
  names: [
    { symbol: 'SPY', fund: true, history: flat(260, 600), days: {} },
    {
      symbol: NAME,
      history: flat(620, 250),
      gaps: {
        '2024-03-13': 0.051,
        '2024-06-12': -0.0315,
        '2024-09-11': 0.0284,
        '2024-12-11': 0.0629,
        '2025-03-12': -0.044,
        '2025-06-11': 0.0222,
        '2025-09-10': -0.0554,
        '2025-12-10': 0.0335,
      },
      reports: [
        ['2024-03-12', 'AMC'],
        ['2024-06-11', 'AMC'],
        ['2024-09-10', 'AMC'],
        ['2024-12-10', 'AMC'],
        ['2025-03-11', 'AMC'],
        ['2025-06-10', 'AMC'],
        ['2025-09-09', 'AMC'],
        ['2025-12-09', 'AMC'],
        ['2026-03-10', 'AMC'],
        ['2026-06-09', 'AMC'],
      ],
      // biome-ignore format: a story
      days: {
        '2026-03-10': [['09:30', 250], ['16:00', 250]],
        '2026-03-11': [['09:30', 255], ['16:00', 255]],
      },
      options: {
        expiries: weeklies(FRONT, 6),
        strikes: { from: 200, to: 300, step: 2.5 },
        iv: [
          [
            '2026-03-10',
            {
              level: sigma(31),
              expiries: { [FRONT]: sigma(3), '2026-03-20': sigma(10), '2026-03-27': sigma(17), '2026-04-02': sigma(23) },
            },
          ],
          ['2026-03-11 09:30', { level: 0.28 }],
        ],
        past: { low: 0.2, high: 0.5 },
        // biome-ignore format: a story
        pinned: {
          // Somebody pays up for three calls, then for more.
          [LEGS.call]: [
            ['2026-03-10 15:15:20', 1.72, 1.75, 3, 50],
            ['2026-03-10 15:15:40', 'model'],
          ],
          // On the morning after somebody still pays two cents for what is worth nothing.
          [LEGS.lowPut]: [
            ['2026-03-11 09:30', 0.02, 0.04],
          ],
          [LEGS.highCall]: [
            ['2026-03-11 09:30', 0.02, 0.04],
          ],
          [LEGS.put]: [
            ['2026-03-11 09:30', 0.03, 0.05],
            ['2026-03-11 09:48', 0.03, 0.04],
          ],
        },
      },
    },
  ],
});

async function sellsTheNight({ until, book }: Story): Promise<void> {
  await until('2026-03-10 15:14', 600);
  expect(book.decisions('earn')).toEqual([]);
  await until('2026-03-10 15:50', 5);
  const entry = book.decisions('earn').find((d) => d.kind === 'open');
  expect(entry).toMatchObject({ subject: NAME, code: 'ENTRY', verdict: 'cleared', denial: null });
  expect(entry?.gates).toMatchObject({
    'report tonight': { observed: '2026-03-10 AMC', pass: true },
    'past reports': { observed: 8 },
    expiries: { observed: `${FRONT} 2026-03-20` },
    calendar: { observed: 'CAPABILITY_OFF' },
    'units in the trade budget': { observed: 9, pass: true },
  });
  expect(entry?.gates['event deviation']?.observed).toBeCloseTo(0.065, 3);
  expect(entry?.gates['mean past move']?.observed).toBeCloseTo(0.041, 3);
  expect(entry?.checks).toMatchObject({ NAKED: 'pass', BUYING_POWER: 'pass', COLLAR: 'pass' });
  // Nine are wanted; three are to be had on the way, and the others are not chased beyond the cap.
  expect(book.orders('earn').map(({ rung, limit, qty, filled, state }) => [rung, limit, qty, filled, state])).toEqual([
    [0, -1.28, 9, 0, 'canceled'],
    [1, -1.27, 9, 3, 'canceled'],
    [2, -1.26, 6, 0, 'canceled'],
    [3, -1.25, 6, 0, 'canceled'],
  ]);
  expect(book.held('earn')).toEqual({ [LEGS.lowPut]: 3, [LEGS.put]: -3, [LEGS.call]: -3, [LEGS.highCall]: 3 });
  expect(book.trades('earn')).toMatchObject([
    { underlying: NAME, units: 3, entryCash: 396, thesis: { kind: 'condor', exitDay: '2026-03-11' }, exit: null },
  ]);
  expect(book.lots('earn').reduce((sum, lot) => sum + lot.cash, 0)).toBeCloseTo(396, 6);
  expect(book.cash()).toBe(500_396);
}

async function leavesInTheMorning({ until, book }: Story): Promise<void> {
  await until('2026-03-11 09:44', 600);
  expect(Object.keys(book.held('earn'))).toHaveLength(4);
  expect(book.decisions('earn').some((d) => d.kind === 'close')).toBe(false);
  await until('2026-03-11 09:55', 15);
  expect(book.held('earn')).toEqual({});
  const exit = book.decisions('earn').find((d) => d.kind === 'close');
  expect(exit).toMatchObject({ subject: NAME, code: 'TIME_STOP', verdict: 'cleared' });
  const walked = book.orders('earn').filter((o) => o.purpose === 'C');
  expect(walked.map(({ limit, filled }) => [limit, filled])).toEqual([
    [0.01, 0],
    [0.02, 0],
    [0.03, 0],
    [0.04, 3],
  ]);
  // 396 came in over the night, 12 went out.
  const realized = book.closures('earn').reduce((sum, closure) => sum + closure.realized, 0);
  expect(realized).toBeCloseTo(384, 6);
  expect(book.trades('earn')).toMatchObject([{ held: {}, exit: 'TIME_STOP' }]);
  expect(book.trades('earn')[0]?.realized).toBeCloseTo(384, 6);
  expect(book.cash()).toBeCloseTo(500_384, 6);
}

it('sells three of nine condors over a report, and buys them back on the morning after', async () => {
  const strategies = { earn: { universe: [NAME] } };
  await cycle({ market, strategies, start: '2026-03-10 15:00', speed: 60, cash: 500_000 }, async (story) => {
    await sellsTheNight(story);
    await leavesInTheMorning(story);
  });
}, 60_000);
