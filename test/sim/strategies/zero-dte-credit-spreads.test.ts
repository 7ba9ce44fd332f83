import { expect, it } from 'vitest';
import { way } from '../script/closes.ts';
import { occ } from '../script/options.ts';
import { scriptedMarket } from '../scripted-market.ts';
import { type Story, scenario } from './scenario.ts';

const MONDAY = '2026-03-02';
const TUESDAY = '2026-03-03';

const market = scriptedMarket({
  id: 'zdte',
  from: MONDAY,
  to: TUESDAY,
  names: [
    {
      symbol: 'SPY',
      fund: true,
      dividendYield: 0.011,
      history: way(260, 560, 596, 0.1),
      volume: 80_000_000,
      // biome-ignore format: a story
      days: {
        [MONDAY]: [['09:30', 595.5], ['10:10', 600], ['16:00', 600.6]],
        [TUESDAY]: [['09:30', 600], ['10:10', 604.5], ['11:00', 604.5], ['11:20', 597]],
      },
      options: {
        expiries: [MONDAY, TUESDAY, '2026-03-04'],
        strikes: { from: 560, to: 640, step: 1 },
        clock: 'session',
        iv: [[MONDAY, { level: 0.2, slope: -2 }]],
      },
    },
  ],
  vix: [[MONDAY, 18]],
});
it('probe', async () => {
  await scenario({ market, strategies: { zdte: {} }, start: '2026-03-02 10:05', speed: 60 }, async ({ until, book }) => {
    await until('2026-03-02 10:14', 10);
    console.log(JSON.stringify(book.decisions('zdte').map((d) => [d.when, d.kind, d.code, d.why, d.verdict, d.denial, d.count])));
    console.log(JSON.stringify(book.orders('zdte').map((d) => [d.when, d.legs, d.limit, d.filled, d.state])));
    await until('2026-03-02 15:20', 60);
    console.log(JSON.stringify(book.orders('zdte').map((d) => [d.when, d.legs, d.limit, d.filled, d.state])));
    console.log(JSON.stringify(book.decisions('zdte').map((d) => [d.when, d.kind, d.code, d.why, d.verdict, d.denial, d.count])));
    console.log(JSON.stringify(book.trades('zdte')), book.cash());
  });
}, 120_000);
