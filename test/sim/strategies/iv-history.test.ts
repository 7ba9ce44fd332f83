// S-63: the daemon keeps its own history of implied volatility, one reading a session from the quotes of its chains, and trades on no short one.
import { asc } from 'drizzle-orm';
import { expect, it } from 'vitest';
import { openReader } from '../../../src/store/reader.ts';
import { ivHistory } from '../../../src/store/schema/holding.ts';
import { way } from '../script/closes.ts';
import { weeklies } from '../script/options.ts';
import { scriptedMarket } from '../scripted-market.ts';
import { type Story, scenario } from './scenario.ts';

/** Options of F are quoted at 40 % on Monday, 50 % on Tuesday and 45 % on Wednesday; of the year before hardly anything is known. */
const market = scriptedMarket({
  id: 'iv-history',
  from: '2026-03-02',
  to: '2026-03-05',
  names: [
    {
      symbol: 'F',
      history: way(260, 38, 50, 0.2),
      volume: 40_000_000,
      days: { '2026-03-02': [['09:30', 50]] },
      options: {
        expiries: weeklies('2026-03-06', 10),
        strikes: { from: 35, to: 65, step: 0.5 },
        // biome-ignore format: a story
        iv: [['2026-03-02', { level: 0.4 }], ['2026-03-03', { level: 0.5 }], ['2026-03-04', { level: 0.45 }]],
      },
    },
  ],
});

function readings({ world }: Story) {
  const opened = openReader(world.ledgerFile);
  if (!opened.ok) throw new Error(opened.fault.message);
  const rows = opened.reader.db.select().from(ivHistory).orderBy(asc(ivHistory.day)).all();
  opened.reader.close();
  return rows.filter(({ symbol }) => symbol === 'F');
}

it('S-63: a reading a session from the chain before the close, none invented, and no entry on a history that short', async () => {
  await scenario({ market, strategies: { wheel: { universe: ['F'] } }, start: '2026-03-02 10:00', speed: 120 }, async (story) => {
    const { until, book } = story;
    await until('2026-03-02 15:40', 120);
    // What the options' own daily bars allow for the weeks before; nothing yet of the day itself.
    const before = readings(story);
    expect(before.every(({ day, quality }) => quality === 'bars' && day < '2026-03-02')).toBe(true);
    expect(before.length).toBeLessThan(60);
    await until('2026-03-02 15:59', 60);
    expect(readings(story).slice(before.length)).toMatchObject([{ symbol: 'F', day: '2026-03-02', quality: 'quotes' }]);
    await until('2026-03-03 15:30', 600);
    await until('2026-03-03 15:59', 60);
    await until('2026-03-04 15:30', 600);
    await until('2026-03-04 15:59', 60);
    const kept = readings(story).slice(before.length);
    expect(kept.map(({ day, quality }) => [day, quality])).toEqual([
      ['2026-03-02', 'quotes'],
      ['2026-03-03', 'quotes'],
      ['2026-03-04', 'quotes'],
    ]);
    for (const [i, level] of [0.4, 0.5, 0.45].entries()) expect(kept[i]?.iv30).toBeCloseTo(level, 1);
    const asked = book.decisions('wheel').filter((d) => d.subject === 'F');
    expect(asked.map((d) => d.code)).toContain('IV_HISTORY_SHORT');
    expect(asked.filter((d) => d.kind === 'open')).toEqual([]);
    expect(book.orders('wheel')).toEqual([]);
  });
}, 90_000);
