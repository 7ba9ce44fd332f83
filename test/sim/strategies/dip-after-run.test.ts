import { expect, it } from 'vitest';
import { flat, way } from '../script/closes.ts';
import { occ, weeklies } from '../script/options.ts';
import { scriptedMarket } from '../scripted-market.ts';
import { cycle } from './cycle.ts';
import type { Story } from './scenario.ts';

const CALL = occ('AMD', '2026-04-02', 'call', 113);

/** AMD has run from 100 to 112. It falls to 108.08 in one morning, is bought, rises the next morning, and falls back after noon. */
const market = scriptedMarket({
  id: 'dip',
  from: '2026-03-02',
  to: '2026-03-04',
  names: [
    { symbol: 'SPY', fund: true, history: way(260, 580, 660), days: {} },
    {
      symbol: 'AMD',
      history: [...flat(249, 100), 100, 100.8, 101.5, 102.9, 103.4, 105.1, 106, 107.8, 109.1, 110.6, 112],
      volume: 40_000_000,
      // biome-ignore format: a story
      days: {
        '2026-03-02': [['09:30', 112], ['10:30', 112], ['10:40', 108.08], ['16:00', 108.08]],
        '2026-03-03': [['09:30', 109], ['11:00', 117], ['12:00', 117], ['14:00', 107.5], ['16:00', 107.5]],
      },
      options: {
        expiries: weeklies('2026-03-06', 8),
        strikes: { from: 95, to: 130, step: 1 },
        iv: [['2026-03-02', { level: 0.36 }]],
        past: { low: 0.3, high: 0.5 },
        // biome-ignore format: a story
        pinned: {
          [CALL]: [
            ['2026-03-02 10:35', 2.72, 2.86],
            ['2026-03-02 10:43:28', 2.7, 2.8, 50, 2], // somebody gives two away
            ['2026-03-02 10:43:50', 2.76, 2.9],
            ['2026-03-02 10:46', 'model'],
          ],
        },
      },
    },
  ],
});

const refusals = ({ book }: Story): readonly string[] => [...new Set(book.decisions('dip').map((d) => d.code))];

async function waitsForTheDip(story: Story): Promise<void> {
  await story.until('2026-03-02 10:42:50', 60);
  expect(refusals(story)).toEqual(['DIP_TOO_SHALLOW', 'DIP_NOT_PERSISTENT']);
  expect(story.book.orders('dip')).toEqual([]);
}

async function buysTheDip({ until, book }: Story): Promise<void> {
  await until('2026-03-02 10:46', 5);
  const entry = book.decisions('dip').find((d) => d.kind === 'open');
  expect(entry).toMatchObject({ subject: 'AMD', code: 'ENTRY', verdict: 'cleared', denial: null });
  expect(entry?.gates).toMatchObject({
    run: { observed: 0.12, pass: true },
    'minutes in the dip': { observed: 5, pass: true },
    expiry: { observed: '2026-04-02', pass: true },
    'units in the trade budget': { observed: 3, pass: true },
    'iv percentile': { pass: true },
  });
  expect(entry?.gates['dip']?.observed).toBeCloseTo(-0.035, 3);
  expect(entry?.checks).toMatchObject({ STALE: 'pass', BUYING_POWER: 'pass', COLLAR: 'pass' });
  // Three are wanted; two are to be had on the way, and the third is not chased beyond the cap.
  expect(book.orders('dip').map(({ rung, limit, qty, filled, state }) => [rung, limit, qty, filled, state])).toEqual([
    [0, 2.79, 3, 0, 'canceled'],
    [1, 2.8, 3, 0, 'canceled'],
    [2, 2.81, 3, 2, 'canceled'],
    [3, 2.82, 1, 0, 'canceled'],
    [4, 2.83, 1, 0, 'canceled'],
  ]);
  expect(book.fills('dip')).toMatchObject([{ symbol: CALL, qty: 2, price: 2.81, cash: -562 }]);
  expect(book.trades('dip')).toMatchObject([
    { underlying: 'AMD', legs: [`buy open 1 ${CALL}`], code: 'ENTRY', maxLoss: 849.3, units: 2, entryCash: -562, held: { [CALL]: 2 } },
  ]);
  expect(book.lots('dip')).toMatchObject([{ symbol: CALL, origin: 'fill', qty: 2, left: 2, cash: -562 }]);
  expect(book.cash()).toBe(99_438);
}

async function sellsHalfOnTheBounce({ until, book }: Story): Promise<void> {
  await until('2026-03-03 10:30', 600);
  expect(book.held('dip')).toEqual({ [CALL]: 2 });
  await until('2026-03-03 10:45', 15);
  const exit = book.decisions('dip').find((d) => d.kind === 'close');
  expect(exit).toMatchObject({ subject: 'AMD', code: 'DELTA_EXIT', verdict: 'cleared' });
  expect(book.held('dip')).toEqual({ [CALL]: 1 });
  expect(book.closures('dip')).toMatchObject([{ symbol: CALL, code: 'DELTA_EXIT', qty: 1 }]);
}

async function stopsTheRestAtItsCost({ until, book }: Story): Promise<void> {
  await until('2026-03-03 13:45', 600);
  expect(book.held('dip')).toEqual({ [CALL]: 1 });
  await until('2026-03-03 13:56', 15);
  expect(book.held('dip')).toEqual({});
  expect(book.closures('dip')).toMatchObject([
    { symbol: CALL, code: 'DELTA_EXIT', qty: 1, cash: 595, realized: 314 },
    { symbol: CALL, code: 'STOP', qty: 1, cash: 275, realized: -6 },
  ]);
  expect(book.trades('dip')).toMatchObject([{ held: {}, exit: 'STOP', realized: 308 }]);
  expect(book.cash()).toBe(100_308);
}

it('the dip buyer waits, buys two of three, sells one on the bounce and stops the other at its cost', async () => {
  const strategies = { dip: { universe: ['AMD'] } };
  await cycle({ market, strategies, start: '2026-03-02 09:50', speed: 60 }, async (story) => {
    await waitsForTheDip(story);
    await buysTheDip(story);
    await sellsHalfOnTheBounce(story);
    await stopsTheRestAtItsCost(story);
  });
}, 60_000);
