// A market whose every price is written down by the test: step functions of time, nothing else.
import { parseOcc } from '../../../../src/domain/instrument.ts';
import { dollars, type Usd } from '../../../../src/domain/money.ts';
import { type EpochMs, epochMs, tradingDay } from '../../../../src/domain/time.ts';
import { type ExchangeCoreOptions, openExchangeCore } from '../../../../src/exchange/core/core.ts';
import type { CashDividend, ExchangeMarket, ListedContract, MarketQuote, ShareSplit } from '../../../../src/exchange/market.ts';
import type { ExchangeCore, XOrderRequest, XTradeEvent } from '../../../../src/exchange/types.ts';
import { usCalendar } from '../../../../src/market/calendar.ts';

export const calendar = usCalendar({ from: tradingDay('2026-01-02'), to: tradingDay('2026-12-31') });
export const usd = (amount: number): number => Math.round(amount * 1_000_000);
export const shown = (micros: number): number => dollars(micros as Usd);

/** A New York wall-clock instant, e.g. at('2026-03-02', 10, 30). */
export const at = (day: string, hour: number, minute = 0, second = 0): EpochMs => calendar.instant(tradingDay(day), hour, minute, second);

export interface Script {
  /** Symbol to steps of [from instant, bid, ask] in dollars, in time order. */
  readonly quotes: Readonly<Record<string, readonly (readonly [number, number, number])[]>>;
  /** Symbol to steps of [from instant, bid size, ask size], in time order; no size is stated without them. */
  readonly sizes?: Readonly<Record<string, readonly (readonly [number, number, number])[]>>;
  /** `symbol day` to the official close in dollars. */
  readonly closes?: Readonly<Record<string, number>>;
  readonly dividends?: readonly CashDividend[];
  readonly splits?: readonly ShareSplit[];
  /** `symbol day` to the price of the opening auction in dollars. */
  readonly opens?: Readonly<Record<string, number>>;
  /** Symbols settled in cash, European. */
  readonly cashSettled?: readonly string[];
  readonly id?: string;
}

const contractOf = (script: Script, symbol: string): ListedContract | undefined => {
  const option = parseOcc(symbol);
  if (option === undefined || script.quotes[symbol] === undefined) return undefined;
  const cash = script.cashSettled?.includes(symbol) ?? false;
  return {
    symbol,
    underlying: option.underlying.replace(/\d$/, ''),
    expiry: option.expiry,
    right: option.right,
    strike: option.strike,
    style: cash ? 'european' : 'american',
    settlement: cash ? 'cash' : 'physical',
    pennyProgram: true,
    openInterest: null,
    openInterestDay: null,
  };
};

export function scriptedMarket(script: Script): ExchangeMarket {
  const quote = (symbol: string, instant: number): MarketQuote | undefined => {
    const step = script.quotes[symbol]?.findLast(([from]) => from <= instant);
    if (step === undefined || calendar.currentOrNext(epochMs(instant - 1)).open > instant) return undefined;
    const [, bidSize, askSize] = script.sizes?.[symbol]?.findLast(([from]) => from <= instant) ?? [null, null, null];
    return { bid: usd(step[1]), ask: usd(step[2]), bidSize, askSize, at: instant, mark: 'live' };
  };
  const official = (symbol: string, day: string, asOf: number): number | undefined => {
    const close = script.closes?.[`${symbol} ${day}`];
    return close === undefined || asOf < (calendar.session(tradingDay(day))?.close ?? Infinity) ? undefined : usd(close);
  };
  return {
    id: script.id ?? 'scripted',
    firstInstant: 0,
    lastInstant: null,
    equities: () =>
      Object.keys(script.quotes)
        .filter((symbol) => parseOcc(symbol) === undefined)
        .map((symbol) => ({ symbol, name: symbol, venue: 'NYSE', optionable: true, pennyProgram: true })),
    quote,
    dailyBars: () => [],
    minuteBars: () => [],
    optionDailyBars: () => [],
    contracts: () => [],
    contract: (symbol, asOf) => {
      const contract = contractOf(script, symbol);
      return contract === undefined || contract.expiry < calendar.dayOf(epochMs(asOf)) ? undefined : contract;
    },
    optionStats: () => ({ volume: null, previousVolume: null, last: null, iv: null, greeks: null }),
    officialClose: official,
    officialOpen: (symbol, day, asOf) => {
      const price = script.opens?.[`${symbol} ${day}`];
      return price === undefined || asOf < (calendar.session(tradingDay(day))?.open ?? Infinity) ? undefined : usd(price);
    },
    indexValue: () => undefined,
    dividends: (from, to) => (script.dividends ?? []).filter((d) => d.exDay >= from && d.exDay <= to),
    splits: (from, to) => (script.splits ?? []).filter((s) => s.exDay >= from && s.exDay <= to),
    earnings: () => [],
    news: () => undefined,
    macro: () => ({ dates: [], complete: null }),
    report: () => ({ heldQuotes: 0, assumedQuotes: 0, assumptions: [] }),
  };
}

export const MONDAY = '2026-03-02';
export const PUT95 = 'ACME260306P00095000';
export const PUT90 = 'ACME260306P00090000';
export const CALL105 = 'ACME260306C00105000';
export const CALL110 = 'ACME260306C00110000';

/** ACME at 99.98 x 100.00 since long ago, four weekly options, and FUND at 50.00 x 50.02. */
export const quiet: Script = {
  quotes: {
    ACME: [[0, 99.98, 100]],
    FUND: [[0, 50, 50.02]],
    [PUT95]: [[0, 1.2, 1.25]],
    [PUT90]: [[0, 0.4, 0.45]],
    [CALL105]: [[0, 1.1, 1.15]],
    [CALL110]: [[0, 0.3, 0.35]],
  },
};

export interface Bench {
  readonly core: ExchangeCore;
  readonly events: XTradeEvent[];
}

/** An exchange in memory, opened on Monday 2 March 2026 at 10:00 New York, with one account `a`. */
export function bench(script: Script = quiet, options: Partial<ExchangeCoreOptions> = {}): Bench {
  const core = openExchangeCore({
    file: ':memory:',
    market: scriptedMarket(script),
    calendar,
    keys: [{ id: 'k', secret: 's', account: 'a' }],
    seed: 7,
    start: at(MONDAY, 10),
    ...options,
  });
  const events: XTradeEvent[] = [];
  core.onTrade((event) => events.push(event));
  return { core, events };
}

const base: XOrderRequest = {
  clientOrderId: null,
  symbol: null,
  qty: 1,
  notional: null,
  side: null,
  type: 'limit',
  timeInForce: 'day',
  limitPrice: null,
  stopPrice: null,
  trail: null,
  extendedHours: false,
  orderClass: 'simple',
  takeProfit: null,
  stopLoss: null,
  intent: null,
  legs: [],
};

/** A limit order; prices in dollars. */
export const limit = (
  side: 'buy' | 'sell',
  symbol: string,
  qty: number,
  price: number,
  more: Partial<XOrderRequest> = {},
): XOrderRequest => ({ ...base, symbol, side, qty, limitPrice: usd(price), ...more });
export const market = (side: 'buy' | 'sell', symbol: string, qty: number, more: Partial<XOrderRequest> = {}): XOrderRequest => ({
  ...base,
  type: 'market',
  symbol,
  side,
  qty,
  ...more,
});
export const stop = (
  side: 'buy' | 'sell',
  symbol: string,
  qty: number,
  price: number,
  more: Partial<XOrderRequest> = {},
): XOrderRequest => ({ ...base, type: 'stop', symbol, side, qty, stopPrice: usd(price), timeInForce: 'gtc', ...more });

/** A package; each leg reads `sto SYMBOL`, `btc SYMBOL` and so on, with ratio 1. */
export function mleg(legs: readonly string[], qty: number, net: number, more: Partial<XOrderRequest> = {}): XOrderRequest {
  const intents = { bto: 'buy_to_open', btc: 'buy_to_close', sto: 'sell_to_open', stc: 'sell_to_close' } as const;
  return {
    ...base,
    orderClass: 'mleg',
    qty,
    limitPrice: usd(net),
    legs: legs.map((text) => {
      const [word = '', symbol = ''] = text.split(' ');
      const intent = intents[word as keyof typeof intents];
      return { symbol, ratioQty: 1, side: intent.startsWith('buy') ? 'buy' : 'sell', intent };
    }),
    ...more,
  };
}

/** The id of an order that must be taken. */
export function placed(core: ExchangeCore, request: XOrderRequest, instant: number): string {
  const result = core.submit('a', request, instant);
  if (!result.ok) throw new Error(`refused: ${result.status} ${result.code} ${result.message}`);
  return result.value.id;
}

export const held = (core: ExchangeCore): Readonly<Record<string, number>> =>
  Object.fromEntries(core.positions('a', core.at).map((p) => [p.symbol, p.qty]));

export const allActivities = (core: ExchangeCore, instant: number): ReturnType<ExchangeCore['activities']> =>
  core.activities('a', { types: null, after: null, until: null, day: null, direction: 'asc', pageSize: 100, pageToken: null }, instant);
