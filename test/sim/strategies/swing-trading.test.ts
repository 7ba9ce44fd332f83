import { expect, it } from 'vitest';
import { flat } from '../script/closes.ts';
import { occ, weeklies } from '../script/options.ts';
import { scriptedMarket } from '../scripted-market.ts';
import { cycle } from './cycle.ts';
import type { Story } from './scenario.ts';

const CALL = occ('AMD', '2026-03-20', 'call', 185);

/** AMD makes a high of 182.40 on Monday, breaks it on Tuesday on three and a half times its volume, runs on, and opens lower on Wednesday. */
const market = scriptedMarket({
  id: 'swing',
  from: '2026-03-02',
  to: '2026-03-04',
  names: [
    {
      symbol: 'AMD',
      history: flat(260, 180),
      wiggle: 0,
      volume: 40_000_000,
      surges: [['2026-03-03 10:15', '2026-03-03 10:45', 3.5]],
      // biome-ignore format: a story
      days: {
        '2026-03-02': [['09:30', 180], ['11:00', 182.4], ['12:30', 181], ['16:00', 181.5]],
        '2026-03-03': [['09:30', 181.5], ['10:15', 182], ['10:45', 184.4], ['11:00', 184.4], ['12:00', 187.4], ['12:20', 187], ['16:00', 187]],
        '2026-03-04': [['09:30', 184], ['16:00', 184]],
      },
      options: {
        expiries: weeklies('2026-03-06', 4),
        strikes: { from: 150, to: 215, step: 2.5 },
        iv: [['2026-03-02', { level: 0.33 }]],
        // biome-ignore format: a story
        pinned: {
          [CALL]: [
            ['2026-03-03 10:44', 5, 5.2],
            ['2026-03-03 10:45:40', 4.9, 5.1, 50, 3], // somebody gives three away
            ['2026-03-03 10:46', 5, 5.2],
            ['2026-03-03 10:50', 'model'],
          ],
        },
      },
    },
  ],
});

/** Breakouts alone: on such a day a run of the means would be seen first. */
const breakouts = { universe: ['AMD'], momentum_rvol_min: 20 };

async function waitsForTheVolume({ until, book }: Story): Promise<void> {
  await until('2026-03-03 10:44', 60);
  expect([...new Set(book.decisions('swing').map((d) => d.code))].sort()).toEqual(['BARS_SHORT', 'RVOL_TOO_LOW', 'STRENGTH_TOO_LOW']);
  expect(book.orders('swing')).toEqual([]);
}

async function buysTheBreakout({ until, book }: Story): Promise<void> {
  await until('2026-03-03 10:48', 5);
  const entry = book.decisions('swing').find((d) => d.kind === 'open');
  expect(entry).toMatchObject({ subject: 'AMD', code: 'ENTRY', verdict: 'cleared', denial: null });
  expect(entry?.gates).toMatchObject({
    pattern: { observed: 'breakout up', pass: true },
    'pivot high': { observed: 182.4 },
    expiry: { observed: '2026-03-20', pass: true },
    contract: { observed: CALL },
  });
  expect(entry?.checks).toMatchObject({ STALE: 'pass', BUYING_POWER: 'pass', COLLAR: 'pass' });
  // Five are wanted, in steps of five cents; three are to be had, and the others are not chased beyond the cap.
  expect(book.orders('swing').map(({ rung, limit, qty, filled, state }) => [rung, limit, qty, filled, state])).toEqual([
    [0, 5.1, 5, 0, 'canceled'],
    [1, 5.15, 5, 3, 'canceled'],
  ]);
  expect(book.fills('swing')).toMatchObject([{ symbol: CALL, qty: 3, price: 5.15, cash: -1545 }]);
  expect(book.trades('swing')).toMatchObject([
    { underlying: 'AMD', legs: [`buy open 1 ${CALL}`], code: 'ENTRY', maxLoss: 2575.5, units: 3, entryCash: -1545, held: { [CALL]: 3 } },
  ]);
  expect(book.trades('swing')[0]?.thesis).toMatchObject({ kind: 'breakout', way: 1, level: 182.4 });
}

async function sellsAThird({ until, book }: Story): Promise<void> {
  await until('2026-03-03 12:10', 30);
  const exit = book.decisions('swing').find((d) => d.kind === 'close');
  expect(exit).toMatchObject({ subject: 'AMD', code: 'SCALE_OUT', verdict: 'cleared' });
  expect(exit?.gates['target']).toMatchObject({ threshold: 6.4375, pass: true });
  expect(book.held('swing')).toEqual({ [CALL]: 2 });
}

async function keepsTheRestOverTheNight({ until, book }: Story): Promise<void> {
  await until('2026-03-03 15:59', 600);
  expect(book.held('swing')).toEqual({ [CALL]: 2 });
  await until('2026-03-04 09:34', 2_000);
  expect(book.held('swing')).toEqual({ [CALL]: 2 });
  expect(new Set(book.decisions('swing').flatMap((d) => (d.kind === 'close' ? [d.code] : [])))).toEqual(new Set(['SCALE_OUT']));
}

async function isStoppedInTheMorning({ until, book }: Story): Promise<void> {
  await until('2026-03-04 09:38', 10);
  expect(book.held('swing')).toEqual({});
  expect(book.closures('swing')).toMatchObject([
    { symbol: CALL, code: 'SCALE_OUT', qty: 1, cash: 635, realized: 120 },
    { symbol: CALL, code: 'STOP', qty: 2, cash: 940, realized: -90 },
  ]);
  expect(book.trades('swing')).toMatchObject([{ held: {}, exit: 'STOP', realized: 30 }]);
  expect(book.cash()).toBe(300_030);
}

it('the swing trader waits for the volume, buys three of five, sells a third, keeps the rest over the night and is stopped in the morning', async () => {
  const options = { market, strategies: { swing: breakouts }, start: '2026-03-03 09:45', speed: 60, cash: 300_000 } as const;
  await cycle(options, async (story) => {
    await waitsForTheVolume(story);
    await buysTheBreakout(story);
    await sellsAThird(story);
    await keepsTheRestOverTheNight(story);
    await isStoppedInTheMorning(story);
  });
}, 60_000);
