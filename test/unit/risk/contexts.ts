// A healthy moment to judge an intent in: every rule passes a plain share purchase until a test changes something.
import type { Close, Open } from '../../../src/domain/decision.ts';
import { type Symbol, strategyCodes, strategyId, symbol } from '../../../src/domain/ids.ts';
import { type Instrument, instrumentOf } from '../../../src/domain/instrument.ts';
import { type Legs, leg, legs } from '../../../src/domain/legs.ts';
import { netQty, type Price, price, qty, usd } from '../../../src/domain/money.ts';
import type { Position } from '../../../src/domain/position.ts';
import { absent, known } from '../../../src/domain/reasons.ts';
import { epochMs, MINUTE, monoMs, type Now, tradingDay } from '../../../src/domain/time.ts';
import { usCalendar } from '../../../src/market/calendar.ts';
import type { Quote } from '../../../src/market/quote.ts';
import { instrumentTick } from '../../../src/market/ticks.ts';
import type { Conduct } from '../../../src/risk/conduct.ts';
import type { RiskLimits } from '../../../src/risk/limits.ts';
import type { Ceiling, OrderLimits } from '../../../src/risk/limits-orders.ts';
import type { LossStanding } from '../../../src/risk/losses.ts';
import { portfolioOf } from '../../../src/risk/portfolio/portfolio.ts';
import type { RuleContext } from '../../../src/risk/rule.ts';
import { stillMarket, terms, wideExposure } from './portfolio/still-market.ts';

export const micros = (dollars: number): number => Math.round(dollars * 1e6);
export const calendar = usCalendar({ from: tradingDay('2025-01-01'), to: tradingDay('2027-12-31') });
export const day = tradingDay('2026-03-10');
export const owner = strategyId('base');

/** A ceiling that nothing reaches. */
export const wideCeiling: Ceiling = { measure: 'loss', over: 'open', tradePct: 1_000, strategyPct: 1_000, atStop: null };

/** Limits that no order of a test reaches unless it sets them: each rule's own table states those it is about. */
export const wideOrders: OrderLimits = {
  denied: [],
  marketOrderMax: usd(micros(5_000)),
  volumePctMax: 1,
  openInterestPctMax: 1,
  spreadMin: usd(micros(1_000)),
  spreadSharePct: 1,
  spreadOptionPct: 1,
  spreadOptionPctOf: new Map(),
  openingsPerSession: new Map([...strategyCodes.keys()].map((id) => [id, 1_000])),
  gapPct: 0.35,
  gapIndexFundPct: 0.15,
  ceilings: new Map([...strategyCodes.keys()].map((id) => [id, wideCeiling])),
  budget: { strategies: [], longPremiumPct: 1, shortLossPct: 1, nearExpiryPct: 1, nearExpiryDays: 7 },
  rate: {
    account: { perMinute: 60_000, burst: 1_000 },
    strategy: { perMinute: 60_000, burst: 1_000 },
    symbol: { perMinute: 60_000, burst: 1_000 },
    dayOpeningsMax: 100_000,
  },
  health: { lossesInARow: 1_000, expectancyTrades: 1_000, expectancyT: -1.65, dayLossPct: 1 },
  errors: { errorsMax: 1_000, rejectsMax: 1_000, windowMs: MINUTE, pauseMs: 10 * MINUTE },
  events: {
    earningsSessions: new Map(),
    earningsUntilExpiry: [],
    exDividendSessions: 1,
    macroBeforeMs: 2 * MINUTE,
    macroAfterMs: 2 * MINUTE,
    macroExempt: [],
  },
  dayTrade: { policy: 'off', excessPctMin: 0.1 },
  wash: { days: 30, deny: false },
  kelly: { tradesMin: 50, part: 0.25 },
};

export const limits: RiskLimits = {
  openBufferMs: 5 * MINUTE,
  closeBufferMs: 10 * MINUTE,
  equityQuoteAgeMsMax: 5_000,
  optionQuoteAgeMsMax: 15_000,
  accountAgeMsMax: 30_000,
  reconcileAgeMsMax: 20 * MINUTE,
  orderNotionalMax: usd(micros(25_000)),
  orderEquityPctMax: 0.1,
  indexFundEquityPctMax: 0.25,
  indexFunds: ['SPY', 'QQQ'],
  contractsMax: 20,
  collarShareMin: usd(micros(0.05)),
  collarIndexFundPct: 0.01,
  collarSharePct: 0.03,
  collarOptionMin: usd(micros(0.1)),
  collarOptionPct: 0.15,
  cashBufferPct: 0.05,
  duplicateWindowMs: MINUTE,
  exitLaddersMax: 3,
  exitRungsMax: 12,
  losses: {
    dayHaltPct: 0.01,
    dayFlattenPct: 0.02,
    weekHaltPct: 0.03,
    monthHaltPct: 0.08,
    drawdownHalfPct: 0.05,
    drawdownHaltPct: 0.1,
    drawdownFlattenPct: 0.15,
    flattenStrategies: ['mwk', 'swing', 'zdte', 'lotto'].map(strategyId),
    cautiousFactor: 0.5,
    restrictedFactor: 0.25,
    restrictedSessions: 2,
    refreshMs: 5_000,
    maxAgeMs: 60_000,
  },
  volatility: { levels: [20, 25, 35, 45], factors: [1, 0.75, 0.5, 0.25, 0], cautiousFrom: 25, dayRisePct: 0.3, unknownFactor: 0.5 },
  lottery: { strategies: [strategyId('lotto')], tradePct: 0.0025, dayPct: 0.005, weekPct: 0.005, weekTradesMax: 2 },
  exposure: wideExposure,
  orders: wideOrders,
};

/** A Tuesday at a New York time. */
export const nowAt = (hour: number, minute = 0): Now => ({
  exchange: calendar.instant(day, hour, minute),
  mono: monoMs(1_000_000),
  speed: 1,
});

export const quoteOf = (of: string, bid: number, ask: number, ageMs = 0): Quote => ({
  symbol: symbol(of),
  bid: price(micros(bid)),
  ask: price(micros(ask)),
  bidSize: 100,
  askSize: 100,
  at: epochMs(0),
  seen: monoMs(1_000_000),
  ageAtSightMs: ageMs,
  provenance: 'live',
});

const quotes: readonly Quote[] = [
  quoteOf('ABC', 179.9, 180.1),
  quoteOf('SPY', 599.9, 600.1),
  quoteOf('ABC260417P00170000', 2, 2.1),
  quoteOf('ABC260417P00160000', 1, 1.1),
  quoteOf('ABC260417C00190000', 2, 2.1),
  quoteOf('ABC260417C00200000', 1, 1.1),
];

export const positionOf = (of: string, n: number, by: Position['owner'] = owner): Position => ({
  owner: by,
  instrument: instrumentOf(symbol(of)),
  qty: netQty(n),
  cost: usd(0),
  openedDay: day,
});

interface Asked {
  readonly qty?: number;
  readonly rungs?: readonly number[];
}

/** Net limits in dollars: positive pays, negative collects. */
const plan = (rungs: readonly number[]) => ({
  rungs: rungs.map((r) => price(micros(r))) as unknown as readonly [Price, ...Price[]],
  stepMs: 10_000,
});
const reasoned = (subject: Instrument) => ({ subject: subject.underlying, code: 'ENTRY' as const, why: 'a test', gates: [], key: 'key' });

export const opening = (package_: Legs, asked: Asked): Open => ({
  ...reasoned(package_[0].instrument),
  kind: 'open',
  legs: package_,
  qty: qty(asked.qty ?? 1),
  prices: plan(asked.rungs ?? [1]),
  maxLoss: usd(0),
});
export const closing = (package_: Legs, asked: Asked): Close => ({
  ...reasoned(package_[0].instrument),
  kind: 'close',
  legs: package_,
  qty: qty(asked.qty ?? 1),
  prices: plan(asked.rungs ?? [1]),
});
const named = (of: string) => instrumentOf(symbol(of));
export const buy = (of: string, limit: number, n = 1): Open => opening(legs(leg(named(of), 'buy', 'open')), { qty: n, rungs: [limit] });
export const write = (of: string, limit: number, n = 1): Open => opening(legs(leg(named(of), 'sell', 'open')), { qty: n, rungs: [-limit] });
export const sell = (of: string, limit: number, n = 1): Close =>
  closing(legs(leg(named(of), 'sell', 'close')), { qty: n, rungs: [-limit] });
export const cover = (of: string, limit: number, n = 1): Close => closing(legs(leg(named(of), 'buy', 'close')), { qty: n, rungs: [limit] });
/** Sells the first put and buys the second, for a net credit. */
export const putSpread = (short: string, long: string, net: number, n = 1): Open =>
  opening(legs(leg(named(short), 'sell', 'open'), leg(named(long), 'buy', 'open')), { qty: n, rungs: [net] });

/** Nothing sent, nothing refused, nothing known of reports, and an account that may trade packages. */
export const conduct: Conduct = {
  approval: null,
  optionsLevel: 3,
  tradable: () => true,
  averageVolume: () => null,
  openInterest: () => null,
  sent: [],
  faults: [],
  strategyDay: () => 0,
  previousSession: tradingDay('2026-03-09'),
  roundTrips: () => ({ done: 0, working: 0 }),
  settled: usd(micros(1_000_000)),
  calendar,
  market: {
    earnings: () => absent('EARNINGS_UNKNOWN', 'no calendar'),
    dividends: () => absent('DIVIDEND_UNKNOWN', 'not fetched'),
    macro: () => absent('MACRO_UNKNOWN', 'no calendar'),
  },
};

/** The book of what is given, in a market that quotes everything: what a rule makes of a missing quote is not this one's to find out. */
const bookIn = ({ positions = [], live = [], equity = usd(micros(100_000)) }: Partial<RuleContext>): RuleContext['portfolio'] => {
  const spot = (of: Symbol): number => {
    const found = quotes.find((q) => q.symbol === of);
    return found === undefined ? 100 : (found.bid + found.ask) / 2e6;
  };
  const market = { ...stillMarket({ spots: {}, sigma: 0.3 }), spot: (of: Symbol) => known({ value: spot(of), standIn: null }) };
  return portfolioOf(positions, live, market, terms({ equity }));
};

/** An even account in a calm market. */
export const noLosses: LossStanding = {
  day: known(0),
  week: known(0),
  month: known(0),
  drawdown: known(0),
  step: 'normal',
  floors: { day: -0.01, week: -0.03, month: -0.08, drawdown: -0.1 },
  volatility: known(16),
  volatilityRise: known(0),
};

/** Everything healthy at noon with equity and cash of 100,000, but for what is given. */
export function contextOf(intent: Open | Close, over: Partial<RuleContext> = {}): RuleContext {
  const now = over.now ?? nowAt(12);
  return {
    intent,
    strategy: owner,
    net: intent.prices.rungs[0],
    qty: intent.qty,
    now,
    session: Number.isFinite(now.exchange) ? calendar.inSession(now.exchange) : calendar.session(day),
    limits,
    obstacles: [],
    halts: [],
    quote: (of: Symbol) => {
      const found = quotes.find((q) => q.symbol === of);
      return found === undefined ? absent('QUOTE_MISSING', 'no quote') : known(found);
    },
    tick: (of, at) => instrumentTick(instrumentOf(of), true, price(Math.abs(at))),
    equity: usd(micros(100_000)),
    cash: usd(micros(100_000)),
    brokerRoom: usd(micros(100_000)),
    accountAgeMs: 0,
    reconcileAgeMs: 0,
    positions: [],
    live: [],
    recent: [],
    ladder: null,
    trades: [],
    exitLadders: 0,
    shuttingDown: false,
    protective: false,
    losses: noLosses,
    conduct,
    portfolio: bookIn(over),
    ...over,
  };
}
