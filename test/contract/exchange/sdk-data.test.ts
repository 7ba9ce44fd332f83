// The reference client's reads of bars and headlines, over real loopback sockets and over the memory transport alike.
import type { marketData } from '@alpacahq/alpaca-trade-api';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Carried, clients, overLoopback, overMemory, type Rig, rig } from './rig.ts';
import { START } from './scripted.ts';

const transports = [
  ['loopback sockets', overLoopback],
  ['memory', overMemory],
] as const;

const day = (text: string): Date => new Date(`${text}T00:00:00Z`);

describe.each(transports)('the reference client over %s', (_name, carry) => {
  let made: Rig;
  let carried: Carried;
  beforeEach(async () => {
    made = rig();
    carried = await carry(made.exchange);
  });
  afterEach(async () => {
    await carried.close();
    made.exchange.close();
    expect(made.faults).toEqual([]);
  });

  it('reads bars of five and fifteen minutes, and pages that begin anywhere in any symbol', async () => {
    const { stocks } = clients(carried);
    made.clock.set(START + 12 * 60_000);
    const ask = { symbols: 'SPY', start: new Date(START - 300_000) };
    const five = await stocks.stockBars({ ...ask, timeframe: '5Min' });
    // A bar that is still running holds the minutes that have ended: its reader has to tell.
    expect(five.bars['SPY']?.map((b) => [b.t, b.v])).toEqual([
      ['2026-11-20T20:00:00Z', 206150],
      ['2026-11-20T20:05:00Z', 206150],
      ['2026-11-20T20:10:00Z', 206150],
      ['2026-11-20T20:15:00Z', 82460],
    ]);
    expect((await stocks.stockBars({ ...ask, timeframe: '15Min' })).bars['SPY']?.map((b) => b.t)).toEqual([
      '2026-11-20T20:00:00Z',
      '2026-11-20T20:15:00Z',
    ]);
    const days = { symbols: 'SPY,F,AAPL', timeframe: '1Day', start: day('2026-11-16'), limit: 3 };
    const seen: string[] = [];
    let pageToken: string | undefined;
    do {
      const page: marketData.StockBarsResp = await stocks.stockBars({ ...days, ...(pageToken === undefined ? {} : { pageToken }) });
      for (const [symbol, bars] of Object.entries(page.bars)) for (const b of bars) seen.push(`${symbol} ${String(b.t).slice(0, 10)}`);
      pageToken = page.nextPageToken ?? undefined;
    } while (pageToken !== undefined);
    const week = ['16', '17', '18', '19', '20'].map((date) => `2026-11-${date}`);
    expect(seen).toEqual([...week.map((date) => `F ${date}`), ...week.map((date) => `SPY ${date}`)]);
  });

  it('reads headlines newest first, in pages, of the symbols asked for', async () => {
    const { news } = clients(carried);
    const two = await news.news({ symbols: 'F', limit: 2 });
    expect(two.news.map((n) => [n.id, n.createdAt.toISOString()])).toEqual([
      [44_120_059, '2026-11-20T16:00:00.000Z'],
      [44_120_058, '2026-11-20T15:00:00.000Z'],
    ]);
    const since = new Date(START - 8 * 3_600_000);
    const oldest = await news.news({ symbols: 'F', start: since, sort: 'asc', limit: 3 });
    const rest = await news.news({ symbols: 'F', start: since, sort: 'asc', limit: 3, pageToken: oldest.nextPageToken ?? '' });
    expect([oldest, rest].map((page) => page.news.map((n) => n.id - 44_120_000))).toEqual([[56, 57, 58], [59]]);
    expect(rest.nextPageToken ?? null).toBeNull();
    const both = await news.news({ symbols: 'SPY' });
    expect(both.news.map((n) => [n.headline, n.symbols, n.source])).toEqual([['Headline 0', ['SPY', 'F'], 'exchange']]);
    await expect(news.news({ limit: 51 })).rejects.toMatchObject({ status: 422 });
  });
});
