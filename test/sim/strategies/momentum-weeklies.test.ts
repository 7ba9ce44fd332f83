import { expect, it } from 'vitest';
import { way } from '../script/closes.ts';
import { occ, weeklies } from '../script/options.ts';
import { scriptedMarket } from '../scripted-market.ts';
import { cycle } from './cycle.ts';
import type { Story } from './scenario.ts';

const CALL = occ('AMD', '2026-03-06', 'call', 250);

/** AMD falls from 250 to 244, turns, and comes back to 248.20 on three and a half times its volume; it goes on to 250.40, and falls back. */
const market = scriptedMarket({
  id: 'mwk',
  from: '2026-03-02',
  to: '2026-03-03',
  names: [
    {
      symbol: 'AMD',
      history: way(260, 240, 250, 0.1),
      volume: 40_000_000,
      surges: [['2026-03-02 10:45', '2026-03-02 11:00', 3.5]],
      // biome-ignore format: a story
      days: {
        '2026-03-02': [['09:30', 250], ['10:10', 244], ['11:00', 248.2], ['11:10', 248.2], ['11:40', 250.4], ['11:50', 250.4], ['11:52', 248], ['16:00', 248]],
      },
      options: {
        expiries: weeklies('2026-03-06', 4),
        strikes: { from: 220, to: 280, step: 2.5 },
        iv: [['2026-03-02', { level: 0.34 }]],
        // biome-ignore format: a story
        pinned: {
          [CALL]: [
            ['2026-03-02 10:59', 2.78, 2.9],
            ['2026-03-02 11:00:40', 2.74, 2.84, 50, 2], // somebody gives two away
            ['2026-03-02 11:01', 2.78, 2.9],
            ['2026-03-02 11:05', 'model'],
          ],
        },
      },
    },
  ],
});

async function waitsForTheTurn({ until, book }: Story): Promise<void> {
  await until('2026-03-02 10:59', 60);
  expect([...new Set(book.decisions('mwk').map((d) => d.code))].sort()).toEqual(['RVOL_TOO_LOW']);
  expect(book.orders('mwk')).toEqual([]);
}

async function buysTheTurn({ until, book }: Story): Promise<void> {
  await until('2026-03-02 11:03', 5);
  const entry = book.decisions('mwk').find((d) => d.kind === 'open');
  expect(entry).toMatchObject({ subject: 'AMD', code: 'ENTRY', verdict: 'cleared', denial: null });
  expect(entry?.gates).toMatchObject({
    pattern: { observed: 'reversal up', pass: true },
    expiry: { observed: '2026-03-06', pass: true },
    contract: { observed: CALL },
    'units in the trade budget': { observed: 3, pass: true },
  });
  expect(entry?.gates['relative volume, 5 minutes']?.observed).toBeCloseTo(3.5, 2);
  expect(entry?.gates['bounce']?.observed).toBeCloseTo(248.2 / 244 - 1, 3);
  expect(entry?.checks).toMatchObject({ STALE: 'pass', BUYING_POWER: 'pass', COLLAR: 'pass' });
  // Three are wanted; two are to be had on the way, and the third is not chased beyond the cap.
  expect(book.orders('mwk').map(({ rung, limit, qty, filled, state }) => [rung, limit, qty, filled, state])).toEqual([
    [0, 2.84, 3, 0, 'canceled'],
    [1, 2.85, 3, 2, 'canceled'],
    [2, 2.86, 1, 0, 'canceled'],
    [3, 2.87, 1, 0, 'canceled'],
    [4, 2.88, 1, 0, 'canceled'],
  ]);
  expect(book.fills('mwk')).toMatchObject([{ symbol: CALL, qty: 2, price: 2.85, cash: -570 }]);
  expect(book.held('mwk')).toEqual({ [CALL]: 2 });
  expect(book.trades('mwk')).toMatchObject([
    { underlying: 'AMD', legs: [`buy open 1 ${CALL}`], code: 'ENTRY', maxLoss: 864.3, units: 2, held: { [CALL]: 2 } },
  ]);
  expect(book.lots('mwk')).toMatchObject([{ symbol: CALL, origin: 'fill', qty: 2, left: 2 }]);
}

async function sellsHalfAtAQuarterMore({ until, book }: Story): Promise<void> {
  await until('2026-03-02 11:45', 30);
  const exit = book.decisions('mwk').find((d) => d.kind === 'close');
  expect(exit).toMatchObject({ subject: 'AMD', code: 'SCALE_OUT', verdict: 'cleared' });
  expect(exit?.gates['first target']).toMatchObject({ threshold: 3.5625, pass: true });
  expect(book.held('mwk')).toEqual({ [CALL]: 1 });
}

async function stopsTheRestAtItsCost({ until, book }: Story): Promise<void> {
  await until('2026-03-02 11:49', 30);
  expect(book.held('mwk')).toEqual({ [CALL]: 1 });
  await until('2026-03-02 11:58', 10);
  expect(book.held('mwk')).toEqual({});
  expect(book.closures('mwk')).toMatchObject([
    { symbol: CALL, code: 'SCALE_OUT', qty: 1, cash: 355, realized: 70 },
    { symbol: CALL, code: 'STOP', qty: 1, cash: 271, realized: -14 },
  ]);
  expect(book.trades('mwk')).toMatchObject([{ held: {}, exit: 'STOP', realized: 56 }]);
}

async function restsAfterTheStop({ until, book }: Story): Promise<void> {
  await until('2026-03-02 12:06', 60);
  expect(book.decisions('mwk').findLast((d) => d.kind === 'pass' && d.slot.startsWith('entry'))).toMatchObject({ code: 'COOLDOWN' });
  expect(book.cash()).toBe(100_056);
}

it('the momentum buyer waits for the volume, buys two of three, sells one at a quarter more and stops the other at its cost', async () => {
  await cycle(
    {
      market,
      strategies: { mwk: { universe: ['AMD'] } },
      settings: { risk: { exposure: { sector_pct: 0.5 } } },
      start: '2026-03-02 09:45',
      speed: 60,
    },
    async (story) => {
      await waitsForTheTurn(story);
      await buysTheTurn(story);
      await sellsHalfAtAQuarterMore(story);
      await stopsTheRestAtItsCost(story);
      await restsAfterTheStop(story);
    },
  );
}, 60_000);
