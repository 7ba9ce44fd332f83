// Bars of shares and options over Alpaca, of a day or of a few minutes: pages walked to the end, bad rows dropped by name.
import { type Symbol, symbol } from '../domain/ids.ts';
import { addDays, type EpochMs, type TradingDay } from '../domain/time.ts';
import type { BarMinutes } from '../market/intraday.ts';
import type { Bar } from '../market/quote.ts';
import type { Answer } from '../ports/broker.ts';
import type { MarketData } from '../ports/market-data.ts';
import { answered } from './answer.ts';
import { type DataOptions, legible, MOST_OPTIONS, MOST_STOCKS, midnight } from './data-options.ts';
import type { Send } from './gateway.ts';
import { barOf } from './market-codec.ts';
import { allPages, chunks, type Page } from './pages.ts';
import { barsPageWire, barWire } from './wire.ts';

const BARS_PAGE = 10_000;

type BarsSend = (symbols: string, pageToken: { readonly pageToken?: string }) => Send;

async function barsOf(
  { resilience, log }: DataOptions,
  symbols: readonly Symbol[],
  size: number,
  send: BarsSend,
): Promise<ReadonlyMap<Symbol, readonly Bar[]>> {
  const bars = new Map<Symbol, Bar[]>();
  for (const part of chunks(symbols, size)) {
    const pages = await allPages(async (token): Promise<Page<readonly [string, unknown]>> => {
      const page = await resilience.data(send(part.join(','), token === null ? {} : { pageToken: token }), barsPageWire);
      const rows = Object.entries(page.bars ?? {}).flatMap(([name, list]) => (list ?? []).map((raw) => [name, raw] as const));
      return { rows, next: page.next_page_token ?? null };
    });
    for (const [name, raw] of pages) {
      const wire = legible(log, barWire, raw, `bar of ${name}`);
      if (wire === undefined) continue;
      const list = bars.get(symbol(name)) ?? [];
      list.push(barOf(wire));
      bars.set(symbol(name), list);
    }
  }
  for (const list of bars.values()) list.sort((a, b) => a.at - b.at);
  return bars;
}

const none = (): Promise<Answer<ReadonlyMap<Symbol, readonly Bar[]>>> => Promise.resolve({ ok: true, value: new Map() });

export function barReads(options: DataOptions): Pick<MarketData, 'dailyBars' | 'intradayBars' | 'optionBars'> {
  const { sdk, feed } = options;
  const paged = { limit: BARS_PAGE, sort: 'asc' } as const;
  const days = (from: TradingDay, to: TradingDay) =>
    ({ timeframe: '1Day', start: midnight(from), end: midnight(addDays(to, 1)), ...paged }) as const;
  const minutesOf = (minutes: BarMinutes, from: EpochMs, to: EpochMs) =>
    ({ timeframe: `${String(minutes)}Min`, start: new Date(from), end: new Date(to), ...paged }) as const;
  const ofShares = (
    symbols: readonly Symbol[],
    range: ReturnType<typeof days> | ReturnType<typeof minutesOf>,
  ): Promise<Answer<ReadonlyMap<Symbol, readonly Bar[]>>> =>
    symbols.length === 0
      ? none()
      : answered(() =>
          barsOf(
            options,
            symbols,
            MOST_STOCKS,
            (part, page) => (init) => sdk.stocks.stockBarsRaw({ symbols: part, feed, adjustment: 'split', ...range, ...page }, init),
          ),
        );
  return {
    dailyBars: (symbols, from, to) => ofShares(symbols, days(from, to)),
    intradayBars: (symbols, minutes, from, to) => ofShares(symbols, minutesOf(minutes, from, to)),
    optionBars: (symbols, from, to) =>
      symbols.length === 0
        ? none()
        : answered(() =>
            barsOf(
              options,
              symbols,
              MOST_OPTIONS,
              (part, page) => (init) => sdk.options.optionBarsRaw({ symbols: part, ...days(from, to), ...page }, init),
            ),
          ),
  };
}
