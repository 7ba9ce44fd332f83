import { expect, it } from 'vitest';
import { way } from '../script/closes.ts';
import { occ } from '../script/options.ts';
import { scriptedMarket } from '../scripted-market.ts';
import { cycle } from './cycle.ts';
import type { Story } from './scenario.ts';

const MONDAY = '2026-03-02';
const CALL = occ('SPY', MONDAY, 'call', 606);

/** SPY opens at 595.50 and stands at 600 by eleven, on three times its volume; it goes on to 606.50, and falls back. */
const market = scriptedMarket({
  id: 'lotto',
  from: MONDAY,
  to: '2026-03-03',
  names: [
    {
      symbol: 'SPY',
      fund: true,
      dividendYield: 0.011,
      history: way(260, 560, 596, 0.35),
      volume: 80_000_000,
      surges: [[`${MONDAY} 10:45`, `${MONDAY} 11:00`, 3]],
      // biome-ignore format: a story
      days: {
        [MONDAY]: [['09:30', 595.5], ['11:00', 600], ['11:15', 600], ['11:45', 605.5], ['12:00', 606.5], ['12:30', 603], ['16:00', 603]],
      },
      options: {
        expiries: [MONDAY, '2026-03-03'],
        strikes: { from: 560, to: 640, step: 1 },
        clock: 'session',
        iv: [[MONDAY, { level: 0.161 }]],
        volume: 50_000,
        // biome-ignore format: a story
        pinned: {
          [CALL]: [
            [`${MONDAY} 10:58`, 0.35, 0.37],
            [`${MONDAY} 11:01:08`, 0.34, 0.36, 50, 3], // somebody gives three away
            [`${MONDAY} 11:01:30`, 0.35, 0.37],
            [`${MONDAY} 11:05`, 'model'],
          ],
        },
      },
    },
  ],
});

async function waitsForVolume({ until, book }: Story): Promise<void> {
  await until(`${MONDAY} 10:58`, 60);
  expect(book.decisions('lotto').map((d) => d.code)).toContain('RVOL_TOO_LOW');
  expect(book.orders('lotto')).toEqual([]);
}

async function buysTheTicket({ until, book }: Story): Promise<void> {
  await until(`${MONDAY} 11:03`, 5);
  const entry = book.decisions('lotto').find((d) => d.kind === 'open');
  expect(entry).toMatchObject({ subject: 'SPY', code: 'ENTRY', verdict: 'cleared', denial: null });
  expect(entry?.gates).toMatchObject({ ticket: { observed: CALL }, 'units in the trade budget': { observed: 6, pass: true } });
  expect(entry?.gates['relative volume']?.observed).toBeCloseTo(3, 2);
  expect(entry?.gates['chance of 3 times the price']?.observed).toBeGreaterThan(0.15);
  expect(entry?.checks).toMatchObject({ STALE: 'pass', BUYING_POWER: 'pass', COLLAR: 'pass' });
  // Six are wanted; nobody sells at 0.36 the first time, and three are to be had the second.
  const fills = book.fills('lotto');
  expect(fills).toMatchObject([{ symbol: CALL, qty: 3, price: 0.36, cash: -108 }]);
  expect(book.orders('lotto').every((o) => o.limit === 0.36 && o.qty === 6)).toBe(true);
  expect(book.trades('lotto')).toMatchObject([{ underlying: 'SPY', units: 3, entryCash: -108, thesis: { play: 'momentum' } }]);
  expect(book.lots('lotto')).toMatchObject([{ symbol: CALL, origin: 'fill', qty: 3, left: 3, cash: -108 }]);
  expect(book.cash()).toBe(99_892);
}

async function sellsOnTheWay({ until, book }: Story): Promise<void> {
  await until(`${MONDAY} 13:00`, 15);
  expect(book.held('lotto')).toEqual({});
  const [first, second] = book.closures('lotto');
  // Two of three at three times the price; the last one at five times, or on the way back.
  expect(first).toMatchObject({ symbol: CALL, code: 'SCALE_OUT', qty: 2 });
  expect(first?.cash).toBeGreaterThanOrEqual(2 * 100 * 3 * 0.36);
  expect(second).toMatchObject({ symbol: CALL, code: 'TARGET', qty: 1 });
  expect(second?.cash).toBeGreaterThanOrEqual(100 * 5 * 0.36 - 1);
  const realized = (first?.realized ?? 0) + (second?.realized ?? 0);
  expect(book.trades('lotto')).toMatchObject([{ held: {}, exit: 'TARGET', realized }]);
  expect(book.cash()).toBeCloseTo(100_000 + realized, 6);
}

it('buys three of six calls of the day on volume, sells two at three times their price and one at five times', async () => {
  const strategies = { lotto: { universe: ['SPY'], catalyst_universe: [], earnings_universe: [] } };
  await cycle({ market, strategies, start: `${MONDAY} 09:50`, speed: 60 }, async (story) => {
    await waitsForVolume(story);
    await buysTheTicket(story);
    await sellsOnTheWay(story);
  });
}, 60_000);
