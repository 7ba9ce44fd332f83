// The market-data port over Alpaca: pages walked to the end, bad rows dropped by name, absent symbols absent.
import { type Symbol, symbol } from '../domain/ids.ts';
import { parseOcc } from '../domain/instrument.ts';
import { price } from '../domain/money.ts';
import { addDays, type TradingDay, tradingDay } from '../domain/time.ts';
import { newYorkDay } from '../market/new-york.ts';
import type { Chain, ChainRow, Contract, Dividend, Quote } from '../market/quote.ts';
import type { Answer } from '../ports/broker.ts';
import type { MarketData, StrikeRange } from '../ports/market-data.ts';
import { answered } from './answer.ts';
import { barReads } from './data-bars.ts';
import { type DataOptions, legible, MOST_OPTIONS, MOST_STOCKS, midnight } from './data-options.ts';
import { referenceReads } from './data-reference.ts';
import { AlpacaFault } from './faults.ts';
import type { Send } from './gateway.ts';
import { contractOf, quoteFigures, quoteOf, volumesOf } from './market-codec.ts';
import { allPages, chunks } from './pages.ts';
import {
  assetWire,
  contractsPageWire,
  contractWire,
  dividendsPageWire,
  dividendWire,
  quotesPageWire,
  quoteWire,
  snapshotsPageWire,
  snapshotWire,
} from './wire.ts';

const CHAIN_PAGE = 1_000;
/** The most that the broker gives at once: a name's listing comes in one or two pages. */
const CONTRACTS_PAGE = 10_000;
/** A dividend is filed under the day it is processed, which may be this long after its ex-day. */
const PROCESSED_WITHIN_DAYS = 90;

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

interface Listed {
  readonly underlying: Symbol;
  /** First and last expiry. */
  readonly from: TradingDay;
  readonly to: TradingDay;
  readonly strikes: StrikeRange | undefined;
}

/** Contracts of one status. */
async function listed(
  options: DataOptions,
  { underlying, from, to, strikes }: Listed,
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
      ...(strikes === undefined ? {} : { strikePriceGte: strikes.least, strikePriceLte: strikes.most }),
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
  const contracts = await listed(options, { underlying, from, to, strikes: undefined }, 'active');
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

const none = <K, V>(): Promise<Answer<ReadonlyMap<K, V>>> => Promise.resolve({ ok: true, value: new Map<K, V>() });

export function createData(options: DataOptions): MarketData {
  const { stream } = options;
  return {
    ...barReads(options),
    ...referenceReads(options),
    quotes: (symbols) => (symbols.length === 0 ? none() : answered(() => latestQuotes(options, symbols))),
    chain: (underlying, from, to) => answered(() => chainOf(options, underlying, from, to)),
    contracts: (underlying, from, to, inactive, strikes) =>
      answered(async () => {
        const wanted = { underlying, from, to, strikes };
        const active = await listed(options, wanted, 'active');
        return inactive ? [...active, ...(await listed(options, wanted, 'inactive'))] : active;
      }),
    dividends: (symbols, from, to) => answered(() => dividendsOf(options, symbols, from, to)),
    assets: (symbols) => answered(() => assetsOf(options, symbols)),
    subscribe: (symbols, on) => stream.subscribe(symbols, on),
    close: async () => stream.close(),
  };
}
