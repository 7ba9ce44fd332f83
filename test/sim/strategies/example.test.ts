import { expect, it } from 'vitest';
import { pullback } from '../../../examples/pullback.ts';
import { strategyId } from '../../../src/domain/ids.ts';
import { flat } from '../script/closes.ts';
import { scriptedMarket } from '../scripted-market.ts';
import { cycle } from './cycle.ts';
import type { Story } from './scenario.ts';

/** AMD has stood at 100; it opens at 96, and two days later it is back. */
const market = scriptedMarket({
  id: 'example',
  from: '2026-03-02',
  to: '2026-03-05',
  names: [
    {
      symbol: 'AMD',
      history: flat(30, 100),
      volume: 40_000_000,
      days: {
        '2026-03-02': [['09:30', 96]],
        '2026-03-03': [['09:30', 97]],
        '2026-03-04': [
          ['09:30', 98],
          ['11:00', 101],
        ],
      },
      wiggle: 0,
      // Of 52 shares that are wanted twenty are to be had.
      shown: [
        ['2026-03-02 10:30', 5_000, 20],
        ['2026-03-02 10:30:40', 5_000, 5_000],
      ],
    },
  ],
});

async function buysTheFall({ until, book }: Story): Promise<void> {
  await until('2026-03-02 10:29', 60);
  expect(book.decisions('swing')).toEqual([]);
  await until('2026-03-02 10:33', 5);
  const [entry] = book.decisions('swing');
  expect(entry).toMatchObject({ subject: 'AMD', kind: 'open', code: 'ENTRY', verdict: 'cleared' });
  expect(entry?.gates['fall under the mean']).toMatchObject({ threshold: 0.03, pass: true });
  expect(book.held('swing')).toEqual({ AMD: 20 });
  expect(
    book
      .exits('swing')
      .filter((rule) => rule.disarmed === null)
      .map(({ code, kind, when }) => [code, kind, when]),
  ).toEqual([
    ['PROTECT', 'stop', [expect.stringContaining('price at the exchange at or below')]],
    ['STOP', 'stop', [expect.stringContaining('bid at or below 91.2')]],
    ['TARGET', 'target', ['bid at or above 100 dollars a share']],
    ['TIME_STOP', 'time', ['clock from 2026-03-16 15:45 New York time']],
  ]);
}

it('the example buys a fall in parts and sells it at the mean', async () => {
  const options = {
    market,
    strategies: { swing: {} },
    start: '2026-03-02 09:50',
    speed: 60,
    // It plays in the place of one that has letters for its orders; docs/strategy-sdk.md gives it its own.
    cast: (configured) =>
      configured.map((one) =>
        one.strategy.id === 'swing'
          ? { ...one, strategy: { ...pullback, id: strategyId('swing') }, params: pullback.params.parse({ universe: ['AMD'] }) }
          : one,
      ),
  } as const satisfies Parameters<typeof cycle>[0];
  await cycle(options, async (story) => {
    await buysTheFall(story);
    const { until, book } = story;
    await until('2026-03-04 10:00', 600);
    expect(book.held('swing')).toEqual({ AMD: 20 });
    await until('2026-03-04 11:30', 60);
    expect(book.trades('swing')).toMatchObject([{ held: {}, exit: 'TARGET' }]);
    expect(book.trades('swing')[0]?.realized).toBeGreaterThan(20 * 3.5);
  });
}, 60_000);
