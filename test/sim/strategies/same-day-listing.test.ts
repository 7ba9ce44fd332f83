// S-60: a day on which the exchange lists no option of that day, though the calendar would suggest one.
import { expect, it } from 'vitest';
import { way } from '../script/closes.ts';
import { scriptedMarket } from '../scripted-market.ts';
import { scenario } from './scenario.ts';

const MONDAY = '2026-03-02';

/** SPY moves as lotto and the seller of same-day spreads want it; its next expiry is tomorrow's. */
const market = scriptedMarket({
  id: 'same-day',
  from: MONDAY,
  to: '2026-03-03',
  names: [
    {
      symbol: 'SPY',
      fund: true,
      dividendYield: 0.011,
      history: way(260, 560, 596, 0.1),
      volume: 80_000_000,
      surges: [[`${MONDAY} 10:45`, `${MONDAY} 11:00`, 3]],
      // biome-ignore format: a story
      days: { [MONDAY]: [['09:30', 595.5], ['10:05', 600], ['11:00', 600.5], ['16:00', 601]] },
      options: {
        expiries: ['2026-03-03', '2026-03-04'],
        strikes: { from: 560, to: 640, step: 1 },
        clock: 'session',
        iv: [[MONDAY, { level: 0.2, slope: -2 }]],
        volume: 50_000,
      },
    },
  ],
  vix: [[MONDAY, 18]],
});

it('S-60: nothing of today is listed: lotto and zdte say so, and no order leaves', async () => {
  const strategies = { lotto: { universe: ['SPY'], catalyst_universe: [], earnings_universe: [] }, zdte: { universe: ['SPY'] } };
  await scenario({ market, strategies, start: `${MONDAY} 09:40`, speed: 60 }, async ({ until, book, world }) => {
    await until(`${MONDAY} 11:10`, 60);
    for (const id of ['lotto', 'zdte'] as const) {
      const refused = book.decisions(id).filter((d) => d.code === 'NO_0DTE_LISTED');
      expect(refused.length, id).toBeGreaterThan(0);
      expect(refused.every((d) => d.kind === 'pass' && d.subject === 'SPY')).toBe(true);
      expect(book.orders(id)).toEqual([]);
    }
    expect(world.broker().orders).toEqual([]);
  });
}, 60_000);
