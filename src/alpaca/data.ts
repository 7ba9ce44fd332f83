// The market-data port over Alpaca: pages walked to the end, bad rows dropped by name, absent symbols absent.
import type { z } from 'zod';
import { type Symbol, symbol } from '../domain/ids.ts';
import { parseOcc } from '../domain/instrument.ts';
import { price } from '../domain/money.ts';
import { addDays, type TradingDay, tradingDay } from '../domain/time.ts';
import { newYorkDay } from '../market/new-york.ts';
import type { Bar, Chain, ChainRow, Contract, Dividend, Quote } from '../market/quote.ts';
import type { Answer } from '../ports/broker.ts';
import type { Clock } from '../ports/clock.ts';
import type { MarketData } from '../ports/market-data.ts';
import { answered } from './answer.ts';
import { AlpacaFault } from './faults.ts';
import type { Send } from './gateway.ts';
import { barOf, contractOf, quoteFigures, quoteOf, volumesOf } from './market-codec.ts';
import { allPages, chunks, type Page } from './pages.ts';
import type { Resilience } from './resilience.ts';
import type { Sdk } from './sdk.ts';
import type { StockStream } from './stock-stream.ts';
import type { Log } from './supervisor.ts';
import {
  assetWire,
  barsPageWire,
  barWire,
  contractsPageWire,
  contractWire,
  dividendsPageWire,
  dividendWire,
  indexValuesWire,
  indexValueWire,
  issueText,
  quotesPageWire,
  quoteWire,
  snapshotsPageWire,
  snapshotWire,
} from './wire.ts';

/** Symbols of options a request may name, and of shares we put into one. */
const MOST_OPTIONS = 100;
const MOST_STOCKS = 200;
const BARS_PAGE = 10_000;
const CHAIN_PAGE = 1_000;
const CONTRACTS_PAGE = 1_000;
/** A dividend is filed under the day it is processed, which may be this long after its ex-day. */
const PROCESSED_WITHIN_DAYS = 90;

export interface DataOptions {
  readonly sdk: Sdk;
  readonly resilience: Resilience;
  readonly clock: Clock;
  readonly log: Log;
  readonly feed: 'iex' | 'sip';
  readonly optionFeed: 'indicative' | 'opra';
  readonly stream: StockStream;
}

/** A value that reads, or nothing and a line in the log that says which row of what was dropped. */
function legible<T>(log: Log, schema: z.ZodType<T>, raw: unknown, what: string): T | undefined {
  const parsed = schema.safeParse(raw);
  if (parsed.success) return parsed.data;
  log('alpaca.row_dropped', { what, why: issueText(parsed.error) });
  return undefined;
}

/** Midnight UTC of a day: before the session's bar, whose stamp is midnight in New York, and after that of the day before. */
const midnight = (day: TradingDay): Date => new Date(`${day}T00:00:00.000Z`);

type Read = <T>(send: Send, body: z.ZodType<T>) => Promise<T>;

async function latestQuotes(options: DataOptions, symbols: readonly Symbol[]): Promise<ReadonlyMap<Symbol, Quote>> {
  const { sdk, resilience, clock, log, feed, optionFeed } = options;
  const isOption = (s: Symbol): boolean => parseOcc(s) !== undefined;
  const sends: readonly Send[] = [
    ...chunks(
      symbols.filter((s) => !isOption(s)),
      MOST_STOCKS,
    ).map(
      (part): Send =>
        (init) =>
          sdk.stocks.stockLatestQuotesRaw({ symbols: part.join(','), feed }, init),
    ),
    ...chunks(symbols.filter(isOption), MOST_OPTIONS).map(
      (part): Send =>
        (init) =>
          sdk.options.optionLatestQuotesRaw({ symbols: part.join(','), feed: optionFeed }, init),
    ),
  ];
  const quotes = new Map<Symbol, Quote>();
  for (const send of sends) {
    const page = await resilience.data(send, quotesPageWire);
    const now = clock.now();
    for (const [name, raw] of Object.entries(page.quotes)) {
      const wire = legible(log, quoteWire, raw, `quote of ${name}`);
      if (wire !== undefined) quotes.set(symbol(name), quoteOf(symbol(name), quoteFigures(wire), now));
    }
  }
  return quotes;
}

type BarsSend = (symbols: string, pageToken: string | undefined) => Send;

async function barsOf(
  read: Read,
  log: Log,
  symbols: readonly Symbol[],
  size: number,
  send: BarsSend,
): Promise<ReadonlyMap<Symbol, readonly Bar[]>> {
  const bars = new Map<Symbol, Bar[]>();
  for (const part of chunks(symbols, size)) {
    const pages = await allPages(async (token): Promise<Page<readonly [string, unknown]>> => {
      const page = await read(send(part.join(','), token ?? undefined), barsPageWire);
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

/** Contracts of one status with expiry in [from, to]. */
async function listed(
  options: DataOptions,
  underlying: Symbol,
  from: TradingDay,
  to: TradingDay,
  status: 'active' | 'inactive',
): Promise<readonly Contract[]> {
  const { sdk, resilience, log } = options;
  const rows = await allPages(async (token) => {
    const query = {
      underlyingSymbols: underlying,
      status,
      limit: CONTRACTS_PAGE,
      expirationDateGte: midnight(from),
      expirationDateLte: midnight(to),
      ...(token === null ? {} : { pageToken: token }),
    };
    const page = await resilience.read('info', (init) => sdk.assets.getOptionsContractsRaw(query, init), contractsPageWire);
    return { rows: page.option_contracts, next: page.next_page_token ?? null };
  });
  const contracts: Contract[] = [];
  for (const raw of rows) {
    const wire = legible(log, contractWire, raw, `contract of ${underlying}`);
    if (wire === undefined) continue;
    const contract = contractOf(wire);
    if (typeof contract === 'string') log('alpaca.row_dropped', { what: `contract of ${underlying}`, why: contract });
    else contracts.push(contract);
  }
  return contracts;
}

async function chainOf(options: DataOptions, underlying: Symbol, from: TradingDay, to: TradingDay): Promise<Chain> {
  const { sdk, resilience, clock, log, optionFeed } = options;
  const contracts = await listed(options, underlying, from, to, 'active');
  const snapshots = new Map<string, unknown>(
    await allPages(async (token) => {
      const query = {
        underlyingSymbol: underlying,
        feed: optionFeed,
        limit: CHAIN_PAGE,
        expirationDateGte: midnight(from),
        expirationDateLte: midnight(to),
        ...(token === null ? {} : { pageToken: token }),
      };
      const page = await resilience.data((init) => sdk.options.optionChainRaw(query, init), snapshotsPageWire);
      return { rows: Object.entries(page.snapshots ?? {}), next: page.next_page_token ?? null };
    }),
  );
  const now = clock.now();
  const today = newYorkDay(now.exchange);
  const rows = contracts.map((contract): ChainRow => {
    const name = contract.option.symbol;
    const raw = snapshots.get(name);
    const snapshot = raw === undefined ? undefined : legible(log, snapshotWire, raw, `snapshot of ${name}`);
    const quote = snapshot?.latestQuote;
    return {
      contract,
      quote: quote ? quoteOf(name, quoteFigures(quote), now) : null,
      ...volumesOf(snapshot?.dailyBar, snapshot?.prevDailyBar, today),
    };
  });
  return { underlying, from, to, rows, seen: now.mono };
}

async function dividendsOf(
  options: DataOptions,
  symbols: readonly Symbol[],
  from: TradingDay,
  to: TradingDay,
): Promise<readonly Dividend[]> {
  const { sdk, resilience, log } = options;
  const out: Dividend[] = [];
  for (const part of chunks(symbols, MOST_STOCKS)) {
    const rows = await allPages(async (token) => {
      const query = {
        symbols: part.join(','),
        types: 'cash_dividend',
        limit: 1_000,
        start: midnight(from),
        end: midnight(addDays(to, PROCESSED_WITHIN_DAYS)),
        ...(token === null ? {} : { pageToken: token }),
      };
      const page = await resilience.data((init) => sdk.corporate.corporateActionsRaw(query, init), dividendsPageWire);
      return { rows: page.corporate_actions.cash_dividends ?? [], next: page.next_page_token ?? null };
    });
    for (const raw of rows) {
      const wire = legible(log, dividendWire, raw, 'dividend');
      if (wire === undefined || wire.ex_date < from || wire.ex_date > to) continue;
      out.push({ symbol: symbol(wire.symbol), exDay: tradingDay(wire.ex_date), amount: price(wire.rate) });
    }
  }
  return out.sort((a, b) => (a.exDay < b.exDay ? -1 : a.exDay > b.exDay ? 1 : a.symbol < b.symbol ? -1 : 1));
}

type AssetFacts = { readonly tradable: boolean; readonly options: boolean };

async function assetsOf(options: DataOptions, symbols: readonly Symbol[]): Promise<ReadonlyMap<Symbol, AssetFacts>> {
  const { sdk, resilience } = options;
  const facts = new Map<Symbol, AssetFacts>();
  for (const name of new Set(symbols)) {
    try {
      const query = { symbolOrAssetId: name };
      const wire = await resilience.read('info', (init) => sdk.assets.getV2AssetsSymbolOrAssetIdRaw(query, init), assetWire);
      const attributes = wire.attributes ?? [];
      const hasOptions = attributes.includes('has_options') || attributes.includes('options_enabled');
      facts.set(name, { tradable: wire.tradable && wire.status === 'active', options: hasOptions });
    } catch (error) {
      // An unknown asset is absent; all else is a failure.
      if (!(error instanceof AlpacaFault) || error.kind !== 'not_found') throw error;
    }
  }
  return facts;
}

/** Index levels; a source without them, or without our right to them, has none. */
async function indicesOf(options: DataOptions, symbols: readonly Symbol[]): Promise<ReadonlyMap<Symbol, number>> {
  const { sdk, resilience, log } = options;
  const levels = new Map<Symbol, number>();
  try {
    const query = { symbols: symbols.join(',') };
    const page = await resilience.data((init) => sdk.indices.indexLatestValuesRaw(query, init), indexValuesWire);
    for (const [name, raw] of Object.entries(page.values)) {
      const wire = legible(log, indexValueWire, raw, `index ${name}`);
      if (wire !== undefined) levels.set(symbol(name), wire.v);
    }
  } catch (error) {
    if (!(error instanceof AlpacaFault) || (error.kind !== 'refused' && error.kind !== 'not_found')) throw error;
    log('alpaca.no_index_values', { why: error.line });
  }
  return levels;
}

const none = <K, V>(): Promise<Answer<ReadonlyMap<K, V>>> => Promise.resolve({ ok: true, value: new Map<K, V>() });

export function createData(options: DataOptions): MarketData {
  const { sdk, resilience, log, feed, stream } = options;
  const range = (from: TradingDay, to: TradingDay) =>
    ({ timeframe: '1Day', start: midnight(from), end: midnight(addDays(to, 1)), limit: BARS_PAGE, sort: 'asc' }) as const;
  const at = (pageToken: string | undefined): { pageToken?: string } => (pageToken === undefined ? {} : { pageToken });
  return {
    quotes: (symbols) => (symbols.length === 0 ? none() : answered(() => latestQuotes(options, symbols))),
    dailyBars: (symbols, from, to) =>
      answered(() =>
        barsOf(
          resilience.data,
          log,
          symbols,
          MOST_STOCKS,
          (part, pageToken) => (init) =>
            sdk.stocks.stockBarsRaw({ symbols: part, feed, adjustment: 'split', ...range(from, to), ...at(pageToken) }, init),
        ),
      ),
    optionBars: (symbols, from, to) =>
      answered(() =>
        barsOf(
          resilience.data,
          log,
          symbols,
          MOST_OPTIONS,
          (part, pageToken) => (init) => sdk.options.optionBarsRaw({ symbols: part, ...range(from, to), ...at(pageToken) }, init),
        ),
      ),
    chain: (underlying, from, to) => answered(() => chainOf(options, underlying, from, to)),
    contracts: (underlying, from, to, inactive) =>
      answered(async () => {
        const active = await listed(options, underlying, from, to, 'active');
        return inactive ? [...active, ...(await listed(options, underlying, from, to, 'inactive'))] : active;
      }),
    dividends: (symbols, from, to) => answered(() => dividendsOf(options, symbols, from, to)),
    assets: (symbols) => answered(() => assetsOf(options, symbols)),
    indexValues: (symbols) => (symbols.length === 0 ? none() : answered(() => indicesOf(options, symbols))),
    subscribe: (symbols, on) => stream.subscribe(symbols, on),
    close: async () => stream.close(),
  };
}
