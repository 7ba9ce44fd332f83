// A book that somebody states, as the rules see one: to ask what they would say to an order, without a daemon.
//
// What is not stated is absent, and the rule that wants it says so: a figure that is no number fits nowhere.
import type { StrategyId, Symbol } from '../domain/ids.ts';
import { instrumentOf } from '../domain/instrument.ts';
import { type Legs, leg } from '../domain/legs.ts';
import { netQty, type Price, sum, type Usd, usd } from '../domain/money.ts';
import type { Position } from '../domain/position.ts';
import { absent, type Known, known, type ReasonCode } from '../domain/reasons.ts';
import { type EpochMs, monoMs, type Now } from '../domain/time.ts';
import type { Trade } from '../domain/trade.ts';
import type { Calendar } from '../market/calendar.ts';
import { earningsIn } from '../market/earnings.ts';
import type { EarningsReport, Quote } from '../market/quote.ts';
import { judgeQuote } from '../market/quote-check.ts';
import { instrumentTick } from '../market/ticks.ts';
import { defaultViewLimits } from '../market/view.ts';
import type { Conduct } from './conduct.ts';
import type { RiskLimits } from './limits.ts';
import { floorsOf, type LossFigures, type LossStanding } from './losses.ts';
import { riskMarketOf } from './portfolio/market.ts';
import { type PortfolioTerms, portfolioOf } from './portfolio/portfolio.ts';
import { maxLossOf } from './portfolio/risk-amount.ts';
import type { RuleContext } from './rule.ts';
import { intentOf, type SupposedOrder } from './supposed-order.ts';

export interface StatedQuote {
  readonly bid: Price;
  readonly ask: Price;
  readonly ageMs: number;
}

/** A null is a figure that was not stated. */
export interface SupposedBook {
  readonly at: EpochMs;
  readonly equity: Usd;
  readonly cash: Usd;
  readonly settled: Usd | null;
  readonly buyingPower: Usd | null;
  readonly optionsLevel: number | null;
  readonly dayTrades: number | null;
  readonly positions: readonly Position[];
  readonly quotes: ReadonlyMap<Symbol, StatedQuote>;
  /** Of options, fractions a year; without one it is what the quote means. */
  readonly volatilities: ReadonlyMap<Symbol, number>;
  readonly betas: ReadonlyMap<Symbol, number>;
  readonly sectors: ReadonlyMap<string, string>;
  readonly rate: number;
  readonly dividendYields: ReadonlyMap<string, number>;
  /** Underlyings whose options trade in pennies. */
  readonly pennies: ReadonlySet<Symbol>;
  readonly losses: Readonly<Record<keyof LossFigures, number | null>>;
  readonly vix: number | null;
  readonly vixRise: number | null;
  /** What strategies have won today. */
  readonly results: ReadonlyMap<StrategyId, Usd>;
  readonly reports: readonly EarningsReport[] | null;
  readonly halts: readonly string[];
}

const BEGINNING = monoMs(0);
const unstated = (figure: number | null): number => figure ?? Number.NaN;
const stated = (figure: number | null, code: ReasonCode, what: string): Known<number> =>
  figure === null ? absent(code, `the book does not state ${what}`) : known(figure);

const gcd = (a: number, b: number): number => (b === 0 ? a : gcd(b, a % b));

/** What one owner holds in one name as one trade: its shares, or its options as one package. */
function tradeOf(id: string, owner: StrategyId, parts: readonly [Position, ...Position[]], at: EpochMs): Trade {
  const units = parts.reduce((n, p) => gcd(n, Math.abs(p.qty)), 0);
  const [first, ...rest] = parts.map((p) => leg(p.instrument, p.qty > 0 ? 'buy' : 'sell', 'open', Math.abs(p.qty) / units));
  const legs: Legs = [first as Legs[0], ...rest];
  const entryCash = sum(parts.map((p) => p.cost));
  const each = -entryCash / (units * parts[0].instrument.multiplier);
  return {
    id,
    owner,
    underlying: parts[0].instrument.underlying,
    legs,
    code: 'HOLD',
    why: 'stated',
    maxLoss: usd(Math.min(maxLossOf(legs, each, units), Number.MAX_SAFE_INTEGER)),
    thesis: null,
    openedAt: at,
    // The latest day of any part: what may count as opened today does.
    openedDay:
      parts
        .map((p) => p.openedDay)
        .sort()
        .at(-1) ?? parts[0].openedDay,
    units,
    entryCash,
    held: parts.map((p) => ({ instrument: p.instrument, qty: netQty(p.qty), cash: p.cost })),
    realized: usd(0),
    closedAt: null,
    closedDay: null,
    exit: null,
  };
}

function tradesOf({ positions, at }: SupposedBook): readonly Trade[] {
  const groups = new Map<string, [Position, ...Position[]]>();
  for (const position of positions) {
    const { owner, instrument } = position;
    if (owner === 'EXTERNAL') continue;
    const key = `${owner}|${instrument.kind}|${instrument.underlying}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [position]);
    else group.push(position);
  }
  return [...groups].map(([key, parts]) => tradeOf(key, parts[0].owner as StrategyId, parts, at));
}

const quoteOf = (symbol: Symbol, { bid, ask, ageMs }: StatedQuote, at: EpochMs): Quote => ({
  symbol,
  bid,
  ask,
  bidSize: null,
  askSize: null,
  at,
  seen: BEGINNING,
  ageAtSightMs: ageMs,
  provenance: 'assumed',
});

function lossesOf({ losses, vix, vixRise }: SupposedBook, limits: RiskLimits): LossStanding {
  const loss = (which: keyof LossFigures): Known<number> => stated(losses[which], 'EQUITY_UNKNOWN', `losses.${which}`);
  return {
    day: loss('day'),
    week: loss('week'),
    month: loss('month'),
    drawdown: loss('drawdown'),
    step: 'normal',
    floors: floorsOf(limits.losses, []),
    volatility: stated(vix, 'VIX_UNKNOWN', 'vix'),
    volatilityRise: stated(vixRise, 'VIX_UNKNOWN', 'vix_rise'),
  };
}

function conductOf(book: SupposedBook, strategy: StrategyId, calendar: Calendar): Conduct {
  const today = calendar.dayOf(book.at);
  const { reports, settled, results } = book;
  const unheard = (code: ReasonCode, what: string): Known<never> => absent(code, `the book does not state ${what}`);
  return {
    approval: null,
    optionsLevel: book.optionsLevel,
    tradable: () => null,
    averageVolume: () => null,
    openInterest: () => null,
    sent: [],
    faults: [],
    strategyDay: () => unstated(results.get(strategy) ?? null),
    previousSession: calendar.offset(today, -1).day,
    roundTrips: () => ({ done: unstated(book.dayTrades), working: 0 }),
    settled: unstated(settled) as Usd,
    calendar,
    market: {
      earnings: (name, from, to) =>
        reports === null
          ? unheard('EARNINGS_UNKNOWN', 'reports')
          : earningsIn(
              reports.filter((r) => r.symbol === name),
              name,
              from,
              to,
              today,
            ),
      dividends: () => unheard('DIVIDEND_UNKNOWN', 'dividends'),
      macro: () => unheard('MACRO_UNKNOWN', 'macro events'),
    },
  };
}

/** The book valued: at its quotes, by the volatilities and betas it states, without a history of closes. */
function portfolioIn(
  book: SupposedBook,
  quote: RuleContext['quote'],
  now: Now,
  limits: RiskLimits,
  calendar: Calendar,
): RuleContext['portfolio'] {
  const view = {
    quote,
    rate: () => book.rate,
    dividendYield: (name: Symbol) => book.dividendYields.get(name) ?? 0,
    dailyBars: () => absent('BARS_MISSING', 'the book states no closes'),
  };
  const market = riskMarketOf(view, now, calendar, { last: new Map(), ageMsMax: 0 });
  const { gapPct, gapIndexFundPct } = limits.orders;
  const { sectors, betas, equity } = book;
  const terms: PortfolioTerms = { ...limits.exposure, gapPct, gapIndexFundPct, indexFunds: limits.indexFunds, sectors, betas, equity };
  const volatility: typeof market.volatility = (option, spot) => {
    const sigma = book.volatilities.get(option.symbol);
    return sigma === undefined ? market.volatility(option, spot) : known({ value: sigma, standIn: null });
  };
  return portfolioOf(book.positions, [], { ...market, volatility }, terms);
}

/**
 * Everything the rules look at, for a supposed order on a stated book. Nothing works, nothing was sent today, and the figures of the
 * account are of the instant that the book is of.
 */
export function contextIn(book: SupposedBook, order: SupposedOrder, limits: RiskLimits, calendar: Calendar): RuleContext {
  const now: Now = { exchange: book.at, mono: BEGINNING, speed: 1 };
  const today = calendar.dayOf(book.at);
  const ages = {
    ...defaultViewLimits,
    stockQuoteMaxAgeMs: limits.equityQuoteAgeMsMax,
    optionQuoteMaxAgeMs: limits.optionQuoteAgeMsMax,
  };
  const quote = (symbol: Symbol): Known<Quote> => {
    const found = book.quotes.get(symbol);
    return judgeQuote(found && quoteOf(symbol, found, book.at), symbol, today, now, ages);
  };
  return {
    intent: intentOf(order),
    strategy: order.strategy,
    net: order.rungs[0],
    qty: order.qty,
    now,
    session: calendar.inSession(book.at),
    limits,
    obstacles: [],
    halts: book.halts,
    quote,
    tick: (symbol, at) => {
      const instrument = instrumentOf(symbol);
      return instrumentTick(instrument, book.pennies.has(instrument.underlying) ? true : null, Math.abs(at) as Price);
    },
    equity: book.equity,
    cash: book.cash,
    brokerRoom: unstated(book.buyingPower) as Usd,
    accountAgeMs: 0,
    reconcileAgeMs: 0,
    positions: book.positions,
    live: [],
    recent: [],
    ladder: null,
    trades: tradesOf(book),
    exitLadders: 0,
    shuttingDown: false,
    protective: false,
    conduct: conductOf(book, order.strategy, calendar),
    portfolio: portfolioIn(book, quote, now, limits, calendar),
    losses: lossesOf(book, limits),
  };
}
