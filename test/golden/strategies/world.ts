// A small market on a real board and a real view: what a golden case needs to say is a few prices; the rest is healthy.
import type { Json } from '../../../src/domain/decision.ts';
import { type StrategyId, type Symbol, symbol } from '../../../src/domain/ids.ts';
import type { Option, Right } from '../../../src/domain/instrument.ts';
import { equity, occSymbol, parseOcc } from '../../../src/domain/instrument.ts';
import { netQty, price, usd } from '../../../src/domain/money.ts';
import type { Order } from '../../../src/domain/order.ts';
import type { Cycle, Position } from '../../../src/domain/position.ts';
import type { EpochMs } from '../../../src/domain/time.ts';
import { addDays, epochMs, monoMs, type Now, type TradingDay, tradingDay } from '../../../src/domain/time.ts';
import type { Trade } from '../../../src/domain/trade.ts';
import { type Board, createBoard } from '../../../src/market/board.ts';
import { usCalendar } from '../../../src/market/calendar.ts';
import { yearsToExpiry } from '../../../src/market/expiry.ts';
import type { ChainRow, Quote } from '../../../src/market/quote.ts';
import { defaultViewLimits, viewOf } from '../../../src/market/view.ts';
import { bsPrice } from '../../../src/pricing/black-scholes.ts';
import type { Context } from '../../../src/strategies/strategy.ts';

export const calendar = usCalendar({ from: tradingDay('2024-01-01'), to: tradingDay('2028-12-31') });
export const micros = (dollars: number): number => Math.round(dollars * 1e6);
export const RATE = 0.04;

export interface Account {
  readonly equity: number;
  readonly settledCash: number;
  readonly optionsBuyingPower: number;
  readonly ageMs: number;
}

export interface World {
  readonly day: TradingDay;
  readonly at: EpochMs;
  readonly board: Board;
  readonly yields: Map<string, number>;
  readonly account: Account;
  readonly positions: readonly Position[];
  readonly others: readonly Position[];
  readonly working: readonly Order[];
  readonly cycles: readonly Cycle[];
  readonly trades: readonly Trade[];
  readonly closedTrades: readonly Trade[];
  /** Trades of other strategies, open and closed. */
  readonly othersTrades: readonly Trade[];
  /** Half the quoted spreads of a trade's fills, dollars, by trade. */
  readonly penalties: ReadonlyMap<string, number>;
  readonly disputed: readonly Symbol[];
  readonly busy: readonly Symbol[];
  readonly memory: Json;
  readonly reserved: number;
  readonly putCollateral: number;
  readonly risks: readonly { readonly strategy: string; readonly underlying: string; readonly amount: number }[];
  readonly cashClaims: number;
  readonly flows: readonly { readonly day: TradingDay; readonly amount: number }[];
  readonly assumed: Map<string, readonly string[]>;
  readonly slot: string;
}

/** A world at a New York time of a day, with an empty market and a rested account of 100,000. */
export function world(day: string, hour = 16, minute = 0): World {
  const on = tradingDay(day);
  return {
    day: on,
    at: calendar.instant(on, hour, minute),
    board: createBoard(),
    yields: new Map(),
    positions: [],
    others: [],
    working: [],
    cycles: [],
    trades: [],
    closedTrades: [],
    othersTrades: [],
    penalties: new Map(),
    disputed: [],
    account: { equity: 100_000, settledCash: 100_000, optionsBuyingPower: 100_000, ageMs: 0 },
    busy: [],
    memory: null,
    reserved: 0,
    putCollateral: 0,
    risks: [],
    cashClaims: 0,
    flows: [],
    assumed: new Map(),
    slot: 'entry',
  };
}

export const nowOf = (w: World): Now => ({ exchange: w.at, mono: monoMs(1_000_000), speed: 1 });

function quote(w: World, of: Symbol, bid: number, ask: number, size: number | null): Quote {
  return {
    symbol: of,
    bid: price(micros(bid)),
    ask: price(micros(ask)),
    bidSize: size,
    askSize: size,
    at: w.at,
    seen: nowOf(w).mono,
    ageAtSightMs: 0,
    provenance: 'live',
  };
}

export interface Stock {
  readonly spot: number;
  readonly dividendYield?: number;
  /** Where its closes stood a year ago; they run straight to the spot. */
  readonly from?: number;
  readonly volume?: number;
  /** Implied volatilities run from the first to the second over the sessions stored. */
  readonly iv?: readonly [number, number];
  readonly ivSessions?: number;
  /** Calendar days from now to the next report, and its time. */
  readonly earningsIn?: number;
  readonly earningsTime?: 'BMO' | 'AMC' | 'UNKNOWN';
  readonly tradable?: boolean;
  readonly size?: number | null;
}

/** A healthy stock: two-sided, liquid, rising, with a year of bars and volatilities, and its next report far away. */
export function stock(w: World, name: string, s: Stock): Symbol {
  const of = symbol(name);
  const half = 0.01;
  w.board.setQuote(quote(w, of, s.spot - half, s.spot + half, 500));
  w.board.setAsset(of, { tradable: s.tradable ?? true, options: true });
  if (s.dividendYield !== undefined) w.yields.set(name, s.dividendYield);
  const start = s.from ?? s.spot * 0.9;
  const sessions = 260;
  w.board.setDailyBars(
    of,
    Array.from({ length: sessions }, (_, i) => {
      const session = calendar.offset(w.day, i - sessions);
      const close = price(micros(Math.round((start + ((s.spot - start) * (i + 1)) / sessions) * 100) / 100));
      return { at: session.open, day: session.day, open: close, high: close, low: close, close, volume: s.volume ?? 5_000_000 };
    }),
    nowOf(w).mono,
  );
  const [low, high] = s.iv ?? [0.2, 0.5];
  const stored = s.ivSessions ?? 252;
  w.board.addIvReadings(
    Array.from({ length: stored }, (_, i) => ({
      symbol: of,
      day: calendar.offset(w.day, i - stored).day,
      iv30: low + ((high - low) * i) / stored,
      quality: 'quotes' as const,
      flags: [],
    })),
  );
  w.board.setEarnings([
    ...(earnings.get(w.board) ?? []),
    { symbol: of, day: addDays(w.day, s.earningsIn ?? 80), time: s.earningsTime ?? 'UNKNOWN', sources: ['test'], confirmed: true },
  ]);
  earnings.set(w.board, [
    ...(earnings.get(w.board) ?? []),
    { symbol: of, day: addDays(w.day, s.earningsIn ?? 80), time: s.earningsTime ?? 'UNKNOWN', sources: ['test'], confirmed: true },
  ]);
  return of;
}
const earnings = new WeakMap<
  Board,
  readonly { symbol: Symbol; day: TradingDay; time: 'BMO' | 'AMC' | 'UNKNOWN'; sources: string[]; confirmed: boolean }[]
>();

export interface Listed {
  readonly strike: number;
  readonly sigma: number;
  /** Given quotes; else the model's price and `half` on each side. */
  readonly put?: readonly [number, number];
  readonly call?: readonly [number, number];
}

export interface ChainTerms {
  readonly half?: number;
  readonly openInterest?: number | null;
  readonly volume?: number | null;
  readonly size?: number | null;
  readonly pennyProgram?: boolean | null;
}

function row(w: World, option: Option, bid: number, ask: number, terms: ChainTerms): ChainRow {
  const size = terms.size === undefined ? 50 : terms.size;
  return {
    contract: {
      option,
      tradable: true,
      style: 'american',
      standard: true,
      pennyProgram: terms.pennyProgram === undefined ? true : terms.pennyProgram,
      openInterest: terms.openInterest === undefined ? 1_000 : terms.openInterest,
      openInterestDay: calendar.offset(w.day, -1).day,
    },
    quote: quote(w, option.symbol, bid, ask, size),
    volume: terms.volume === undefined ? 100 : terms.volume,
    previousVolume: terms.volume === undefined ? 100 : terms.volume,
  };
}

const chains = new WeakMap<Board, Map<Symbol, ChainRow[]>>();

/** Lists both rights of every strike at one expiry, priced by the European model at its sigma unless quotes are given. */
export function list(w: World, name: string, spot: number, expiry: string, strikes: readonly Listed[], terms: ChainTerms = {}): void {
  const of = symbol(name);
  const on = tradingDay(expiry);
  const years = yearsToExpiry(w.at, on, calendar);
  const half = terms.half ?? 0.02;
  const rows = strikes.flatMap(({ strike, sigma, put, call }) =>
    (['put', 'call'] as const satisfies readonly Right[]).flatMap((right) => {
      const option = parseOcc(occSymbol(of, on, right, price(micros(strike))));
      if (option === undefined) throw new Error('not an option');
      const model = bsPrice({ right, spot, strike, years, rate: RATE, dividendYield: w.yields.get(name) ?? 0, sigma });
      const given = right === 'put' ? put : call;
      const [bid, ask] = given ?? [Math.max(0, model - half), model + half];
      return [row(w, option, bid, ask, terms)];
    }),
  );
  const board = chains.get(w.board) ?? new Map<Symbol, ChainRow[]>();
  chains.set(w.board, board);
  const all = [...(board.get(of) ?? []), ...rows];
  board.set(of, all);
  w.board.setChain({ underlying: of, from: w.day, to: addDays(w.day, 120), rows: all, seen: nowOf(w).mono });
}

/** Strikes around a spot with a sigma that falls as the strike rises. */
export const grid = (spot: number, sigma: number, step = 1, count = 8): readonly Listed[] =>
  Array.from({ length: 2 * count + 1 }, (_, i) => Math.round(spot) + (i - count) * step)
    .filter((strike) => strike > 0)
    .map((strike) => ({ strike, sigma: sigma - 0.2 * (strike / spot - 1) }));

export const optionPosition = (
  name: string,
  expiry: string,
  right: Right,
  strike: number,
  contracts: number,
  credit: number,
  opened: string,
  owner = 'wheel',
): Position => {
  const option = parseOcc(occSymbol(symbol(name), tradingDay(expiry), right, price(micros(strike))));
  if (option === undefined) throw new Error('not an option');
  return {
    owner: owner as StrategyId,
    instrument: option,
    qty: netQty(-contracts),
    cost: usd(micros(credit) * 100 * contracts),
    openedDay: tradingDay(opened),
  };
};

export const sharePosition = (name: string, count: number, paid: number, opened: string, owner = 'wheel'): Position => ({
  owner: owner as StrategyId,
  instrument: equity(symbol(name)),
  qty: netQty(count),
  cost: usd(-micros(paid) * count),
  openedDay: tradingDay(opened),
});

/** The context a strategy gets of a world. */
export function contextOf<P>(w: World, params: P): Context<P> {
  const now = nowOf(w);
  const market = viewOf(w.board, {
    now,
    calendar,
    rate: RATE,
    dividendYields: w.yields,
    limits: { ...defaultViewLimits, ivObservationsMin: 10 },
    assumed: w.assumed,
    optionFeed: 'opra',
  });
  const session = calendar.session(w.day);
  if (session === undefined) throw new Error(`${w.day} is no session`);
  return {
    now,
    day: w.day,
    session,
    calendar,
    slot: w.slot,
    params,
    market,
    account: {
      equity: usd(micros(w.account.equity)),
      cash: usd(micros(w.account.settledCash)),
      settledCash: usd(micros(w.account.settledCash)),
      optionsBuyingPower: usd(micros(w.account.optionsBuyingPower)),
      optionsLevel: 3,
      ageMs: w.account.ageMs,
    },
    book: {
      disputed: new Set(w.disputed),
      reserved: usd(micros(w.reserved)),
      putCollateral: usd(micros(w.putCollateral)),
      risks: w.risks.map((r) => ({ strategy: r.strategy as StrategyId, underlying: symbol(r.underlying), amount: usd(micros(r.amount)) })),
      cashClaims: usd(micros(w.cashClaims)),
      positions: [...w.positions, ...w.others],
      trades: [...w.closedTrades, ...w.trades, ...w.othersTrades],
      penalties: new Map([...w.penalties].map(([trade, amount]) => [trade, usd(micros(amount))])),
      flows: w.flows.map((f) => ({ day: f.day, amount: usd(micros(f.amount)) })),
    },
    positions: w.positions,
    working: w.working,
    cycles: w.cycles,
    trades: w.trades,
    closedTrades: w.closedTrades,
    busy: new Set(w.busy),
    memory: w.memory,
    sessionAt: (day, n) => calendar.offset(day, n),
  };
}

export const instant = (ms: number): EpochMs => epochMs(ms);
