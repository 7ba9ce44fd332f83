import { expect, it } from 'vitest';
import { way } from '../script/closes.ts';
import { occ } from '../script/options.ts';
import { scriptedMarket } from '../scripted-market.ts';
import { cycle } from './cycle.ts';
import type { Story } from './scenario.ts';

const CALL = occ('NVDA', '2027-09-17', 'call', 115);

/** NVDA has risen for two years. It is bought at 142, gains four fifths of the call's price in a day, and falls under the stop. */
const market = scriptedMarket({
  id: 'leaps',
  from: '2026-03-25',
  to: '2026-03-31',
  names: [
    { symbol: 'SPY', fund: true, history: way(340, 560, 660), days: {} },
    {
      symbol: 'NVDA',
      history: way(340, 90, 142, 0.1),
      volume: 40_000_000,
      // biome-ignore format: a story
      days: {
        '2026-03-25': [['09:30', 142]],
        '2026-03-26': [['09:30', 150], ['10:00', 180], ['16:00', 180]],
        '2026-03-27': [['09:30', 160], ['11:00', 114], ['16:00', 114]],
        '2026-03-30': [['09:30', 114], ['16:00', 114]],
      },
      options: {
        expiries: ['2027-01-15', '2027-06-17', '2027-09-17', '2028-01-21'],
        strikes: { from: 70, to: 220, step: 5 },
        iv: [['2026-03-25', { level: 0.38 }]],
        spread: 0.01,
        // biome-ignore format: a story
        pinned: {
          [CALL]: [
            ['2026-03-25 10:20', 43.2, 43.6],
            ['2026-03-25 10:32:50', 43.1, 43.45, 50, 4], // somebody gives four away
            ['2026-03-25 10:33:20', 43.4, 43.8],
            ['2026-03-25 10:45', 'model'],
          ],
        },
      },
    },
  ],
});

async function buysTheLeader({ until, book }: Story): Promise<void> {
  await until('2026-03-25 10:29', 120);
  expect(book.decisions('leaps')).toEqual([]);
  await until('2026-03-25 10:45', 20);
  const entry = book.decisions('leaps').find((d) => d.kind === 'open');
  expect(entry).toMatchObject({ subject: 'NVDA', code: 'ENTRY', verdict: 'cleared', denial: null });
  expect(entry?.gates).toMatchObject({ trend: { pass: true }, composite: { pass: true }, expiry: { observed: '2027-09-17' } });
  expect(
    book
      .decisions('leaps')
      .filter((d) => d.kind === 'pass')
      .map((d) => [d.subject, d.code]),
  ).toEqual([['SPY', 'OPTIONS_NOT_ENABLED']]);
  expect(book.orders('leaps').map(({ rung, limit, qty, filled, state }) => [rung, limit, qty, filled, state])).toEqual([
    [0, 43.4, 5, 0, 'canceled'],
    [1, 43.45, 5, 4, 'canceled'],
    [2, 43.5, 1, 0, 'canceled'],
  ]);
  expect(book.fills('leaps')).toMatchObject([{ symbol: CALL, qty: 4, price: 43.45, cash: -17_380 }]);
  expect(book.lots('leaps')).toMatchObject([{ symbol: CALL, origin: 'fill', qty: 4, left: 4, cash: -17_380 }]);
  expect(book.trades('leaps')).toMatchObject([
    { underlying: 'NVDA', legs: [`buy open 1 ${CALL}`], maxLoss: 21_750.5, units: 4, entryCash: -17_380, held: { [CALL]: 4 } },
  ]);
  expect(book.cash()).toBe(782_620);
}

async function takesAPart({ until, book }: Story): Promise<void> {
  await until('2026-03-26 10:20', 120);
  expect(book.decisions('leaps').find((d) => d.kind === 'close')).toMatchObject({ subject: 'NVDA', code: 'SCALE_OUT', verdict: 'cleared' });
  expect(book.closures('leaps')).toMatchObject([{ symbol: CALL, code: 'SCALE_OUT', qty: 1, cash: 7_560, realized: 3_215 }]);
  await until('2026-03-26 15:55', 1_000);
  expect(book.held('leaps')).toEqual({ [CALL]: 3 }); // a level is taken once
}

async function isStopped({ until, book }: Story): Promise<void> {
  await until('2026-03-27 10:30', 1_000);
  await until('2026-03-27 11:40', 120);
  expect(book.closures('leaps').slice(1)).toMatchObject([{ symbol: CALL, code: 'STOP', qty: 3, cash: 6_930, realized: -6_105 }]);
  expect(book.trades('leaps')).toMatchObject([{ held: {}, exit: 'STOP', realized: -2_890 }]);
  expect(book.held('leaps')).toEqual({});
  expect(book.cash()).toBe(797_110);
}

it('the secular winners buy a leader in part, take a part of the gain, and stop the rest', async () => {
  const nobody = ['SPY'];
  const themes = { ai: ['NVDA'], cloud: nobody, electric_mobility: nobody, cybersecurity: nobody, fintech: nobody };
  const options = { market, strategies: { leaps: { themes } }, start: '2026-03-25 09:50', speed: 120, cash: 800_000 } as const;
  await cycle(options, async (story) => {
    await buysTheLeader(story);
    await takesAPart(story);
    await isStopped(story);
  });
}, 60_000);
