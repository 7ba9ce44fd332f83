// A market that a test writes down: the way of each price, the volatility of its options, what is reported and said, and when.
//
// Every answer is a function of the script and the instant asked for, and none depends on what the script says of a later one.

import { parseOcc } from '../../src/domain/instrument.ts';
import { addDays, epochMs, SECOND, type TradingDay, tradingDay } from '../../src/domain/time.ts';
import type { CashDividend, EarningsDate, ExchangeMarket, ListedEquity, MarketNews, MarketQuote } from '../../src/exchange/market.ts';
import { at, calendar, type Day, sessionAfter, standing, type When } from './script/clock.ts';
import { type OptionBook, type OptionScript, optionBook } from './script/options.ts';
import { type Path, type PathScript, pathOf } from './script/path.ts';

export interface NameScript extends PathScript {
  /** An exchange-traded fund: it reports nothing. */
  readonly fund?: boolean;
  /** Ask less bid of a share, dollars; 0.02 when not said. */
  readonly spread?: number;
  /** Shares shown at the bid and at the ask, from when on; 5,000 each before. */
  readonly shown?: readonly (readonly [from: When, bid: number, ask: number])[];
  /** Dollars a share; announced `announced`, 40 days before the ex-day when not said. */
  readonly dividends?: readonly { readonly ex: Day; readonly pay: Day; readonly amount: number; readonly announced?: Day }[];
  /** Continuous yield that options are priced with, a fraction a year; the daemon is to be told the same. 0 when not said. */
  readonly dividendYield?: number;
  /** Report dates, past and to come. When not said: 20 days before the story, and 71 and 162 after. */
  readonly reports?: readonly (readonly [Day, EarningsDate['time']])[];
  readonly options?: OptionScript;
}

export interface MarketScript {
  readonly id: string;
  /** First and last session of the story. Histories end on the eve of the first; after the last every price stands still. */
  readonly from: Day;
  readonly to: Day;
  readonly names: readonly NameScript[];
  /** Level of the VIX from when on, unknown before the first; a calm one throughout where nothing is said. */
  readonly vix?: readonly (readonly [from: When, level: number])[];
  /** `FOMC`, `CPI`, `NFP`; no other falls within a year of the story. */
  readonly macro?: readonly (readonly [Day, string, string])[];
  readonly news?: readonly (readonly [When, headline: string, ...symbols: string[]])[];
}

interface Name {
  readonly script: NameScript;
  readonly path: Path;
  readonly options: OptionBook | null;
  readonly dividends: readonly (CashDividend & { readonly announced: TradingDay })[];
}

const SPREAD = 0.02;
const SHOWN = 5_000;
const ANNOUNCED_AHEAD = 40;
const MICROS = 1_000_000;
const quarters = [-20, 71, 162] as const;

function nameOf(script: NameScript, { from, to }: MarketScript): Name {
  const path = pathOf(script, from, to);
  const { symbol, dividendYield = 0 } = script;
  const dividends = (script.dividends ?? []).map(({ ex, pay, amount, announced }) => ({
    symbol,
    exDay: tradingDay(ex),
    payDay: tradingDay(pay),
    perShare: Math.round(amount * MICROS),
    announced: announced === undefined ? addDays(tradingDay(ex), -ANNOUNCED_AHEAD) : tradingDay(announced),
  }));
  const options = script.options === undefined ? null : optionBook(script.options, { symbol, path, from, dividendYield, dividends });
  return { script, path, dividends, options };
}

/** The last whole second's price about which a share is quoted. */
function shareQuote({ script, path }: Name, instant: number): MarketQuote | undefined {
  const second = instant - (instant % SECOND);
  const spot = path.price(second);
  if (spot === undefined) return undefined;
  const cents = Math.max(1, Math.round((script.spread ?? SPREAD) * 100));
  const bid = Math.round(spot * 100 - cents / 2);
  const [, bidSize, askSize] = standing(script.shown ?? [], instant) ?? [null, SHOWN, SHOWN];
  return { bid: bid * 10_000, ask: (bid + cents) * 10_000, bidSize, askSize, at: second, mark: 'live' };
}

const reportsOf = ({ from }: MarketScript, { symbol, fund, reports }: NameScript): readonly EarningsDate[] => {
  const usual = fund === true ? [] : quarters.map((days) => [sessionAfter(addDays(tradingDay(from), days), 0), 'AMC'] as const);
  return (reports ?? usual).map(([day, time]) => ({ symbol, day: tradingDay(day), time }));
};

function newsOf({ news = [] }: MarketScript): readonly MarketNews[] {
  return news.map(([when, headline, ...symbols], i) => ({ id: i + 1, at: at(when), headline, symbols })).sort((a, b) => a.at - b.at);
}

const equityOf = ({ symbol, fund, options }: NameScript): ListedEquity => ({
  symbol,
  name: `${symbol} of the script`,
  venue: fund === true ? 'ARCA' : 'NYSE',
  optionable: options !== undefined,
  pennyProgram: options?.pennyProgram ?? true,
});

/** The volatility index of a story that says nothing of it: nothing is opened smaller for it. */
const CALM = 16;

/** @throws Error for a script that contradicts itself: a day without a session, anchors out of order, a pin on nothing listed */
export function scriptedMarket(script: MarketScript): ExchangeMarket {
  const names = new Map(script.names.map((name) => [name.symbol, nameOf(name, script)]));
  const headlines = newsOf(script);
  const optionsOf = (occ: string): OptionBook | null => names.get(parseOcc(occ)?.underlying ?? '')?.options ?? null;
  const dayOf = (instant: number): TradingDay => calendar.dayOf(epochMs(instant));
  const year = { from: addDays(tradingDay(script.from), -365), to: addDays(tradingDay(script.to), 365) };
  return {
    id: `script-${script.id}`,
    firstInstant: at(`${script.from} 09:30`),
    lastInstant: null,
    equities: () => script.names.map(equityOf),
    quote: (symbol, instant) => {
      const name = names.get(symbol);
      return name === undefined ? optionsOf(symbol)?.quote(symbol, instant) : shareQuote(name, instant);
    },
    dailyBars: (symbol, from, to, asOf) =>
      from > to || from > dayOf(asOf) ? [] : (names.get(symbol)?.path.dailyBars(from, to, asOf) ?? []),
    minuteBars: (symbol, from, to, asOf) => (from > Math.min(to, asOf) ? [] : (names.get(symbol)?.path.minuteBars(from, to, asOf) ?? [])),
    contracts: (underlying, from, to, asOf, expired) => names.get(underlying)?.options?.contracts(from, to, asOf, expired) ?? [],
    contract: (symbol, asOf) => optionsOf(symbol)?.contract(symbol, asOf),
    optionDailyBars: (symbol, from, to, asOf) => optionsOf(symbol)?.dailyBars(symbol, from, to, asOf) ?? [],
    optionStats: (symbol, instant) =>
      optionsOf(symbol)?.stats(symbol, instant) ?? { volume: null, previousVolume: null, last: null, iv: null, greeks: null },
    officialOpen: () => undefined,
    splits: () => [],
    officialClose: (symbol, day, asOf) => {
      const session = calendar.session(day);
      const close = session === undefined || session.close > asOf ? undefined : names.get(symbol)?.path.closeOf(day);
      return close === undefined ? undefined : Math.round(close * 100) * 10_000;
    },
    indexValue: (symbol, instant) => (symbol === 'VIX' ? standing(script.vix ?? [[script.from, CALM]], instant)?.[1] : undefined),
    dividends: (from, to, asOf) =>
      [...names.values()].flatMap(({ dividends }) =>
        dividends
          .filter(({ exDay, announced }) => exDay >= from && exDay <= to && announced <= dayOf(asOf))
          .map(({ announced: _announced, ...dividend }) => dividend),
      ),
    earnings: () => script.names.flatMap((name) => reportsOf(script, name)),
    news: (symbols, from, to, asOf) =>
      headlines.filter(
        (item) => item.at >= from && item.at <= Math.min(to, asOf) && (symbols?.some((name) => item.symbols.includes(name)) ?? true),
      ),
    macro: () => ({
      dates: (script.macro ?? []).map(([day, event, time]) => ({ day: tradingDay(day), event, time })),
      complete: year,
    }),
    report: () => ({ heldQuotes: 0, assumedQuotes: 0, assumptions: [] }),
  };
}
