// The contract of the ten: zod params, a schedule in session time, and two pure functions. Same context, same decisions.
import type { z } from 'zod';
import type { Decision, Json } from '../domain/decision.ts';
import type { IvReading, Phase } from '../domain/event.ts';
import type { StrategyId, Symbol } from '../domain/ids.ts';
import type { Usd } from '../domain/money.ts';
import type { Order } from '../domain/order.ts';
import type { Cycle, Position } from '../domain/position.ts';
import type { Known } from '../domain/reasons.ts';
import type { Now, TradingDay } from '../domain/time.ts';
import type { Session } from '../market/calendar.ts';
import type { Bar, Chain, Contract, Dividend, EarningsReport, Quote } from '../market/quote.ts';

/** A moment of a session that moves with an early close: minutes after the open, or (negative) before the close. */
export interface SessionTime {
  readonly from: 'open' | 'close';
  readonly minutes: number;
}

/** Fixed instants of a session, or a cadence inside a window of it. */
export type Slot =
  | { readonly name: string; readonly phase: Phase; readonly at: readonly SessionTime[] }
  | { readonly name: string; readonly phase: Phase; readonly everyMs: number; readonly start: SessionTime; readonly end: SessionTime };

/** What must be on the board before a tick; the feeder fetches it, stamps its age, and never invents it. */
export interface DataNeeds {
  readonly quotes: readonly Symbol[];
  readonly dailyBars: readonly { readonly symbol: Symbol; readonly sessions: number }[];
  readonly chains: readonly { readonly underlying: Symbol; readonly dteFrom: number; readonly dteTo: number }[];
  readonly ivHistory: readonly Symbol[];
  readonly earnings: readonly Symbol[];
  readonly dividends: readonly Symbol[];
}
export const noNeeds: DataNeeds = { quotes: [], dailyBars: [], chains: [], ivHistory: [], earnings: [], dividends: [] };

/** Frozen reads of one tick. A typed absence, with its reason, for whatever is not known or not fresh. */
export interface MarketView {
  /** Two-sided and fresh: QUOTE_MISSING, QUOTE_STALE or QUOTE_CROSSED otherwise. A zero bid is allowed for options. */
  quote(symbol: Symbol): Known<Quote>;
  /** Completed daily bars, oldest first, last one the previous session's (or today's after the close), as traded and split-adjusted. */
  dailyBars(symbol: Symbol, sessions: number): Known<readonly Bar[]>;
  chain(underlying: Symbol): Known<Chain>;
  contract(symbol: Symbol): Contract | undefined;
  /** Up to the last 252 stored sessions, oldest first, today's excluded. */
  ivHistory(symbol: Symbol): Known<readonly IvReading[]>;
  /** Reports inside [from, to]; EARNINGS_UNKNOWN when the calendar cannot say. */
  earnings(symbol: Symbol, from: TradingDay, to: TradingDay): Known<readonly EarningsReport[]>;
  /** Announced dividends with ex-date in [from, to]; DIVIDEND_UNKNOWN when not fetched. */
  dividends(symbol: Symbol, from: TradingDay, to: TradingDay): Known<readonly Dividend[]>;
  /** Risk-free rate, a fraction a year. */
  rate(): number;
  /** Continuous dividend yield, a fraction a year; 0 where none is known. */
  dividendYield(symbol: Symbol): number;
  /** Names of assumed inputs behind a symbol's figures; empty for live data. */
  assumptions(symbol: Symbol): readonly string[];
  /** Exchange's asset record: tradable, optionable; undefined when not fetched. */
  asset(symbol: Symbol): { readonly tradable: boolean; readonly options: boolean } | undefined;
}

export interface AccountView {
  readonly equity: Usd;
  readonly cash: Usd;
  readonly settledCash: Usd;
  readonly optionsBuyingPower: Usd;
  readonly optionsLevel: number;
  /** Wall milliseconds since the broker said so. */
  readonly ageMs: number;
}

/** The book beyond this strategy's own positions. */
export interface BookView {
  /** Names whose ledger and broker disagree now: only risk-reducing orders there. */
  readonly disputed: ReadonlySet<Symbol>;
  /** Cash set aside for all live opening orders and short puts of all strategies. */
  readonly reserved: Usd;
  /** Sum of strike x 100 over all short puts held and working, all strategies. */
  readonly putCollateral: Usd;
  /** Cash other strategies count on: collateral and maximum losses that S10 must leave in place. */
  readonly cashClaims: Usd;
  /** All positions of all owners. */
  readonly positions: readonly Position[];
}

export interface Context<P> {
  readonly now: Now;
  readonly day: TradingDay;
  readonly session: Session;
  /** Name of the slot that is due. */
  readonly slot: string;
  readonly params: P;
  readonly market: MarketView;
  readonly account: AccountView;
  readonly book: BookView;
  /** Own positions, live orders and cycles. */
  readonly positions: readonly Position[];
  readonly working: readonly Order[];
  readonly cycles: readonly Cycle[];
  /** Subjects with a ladder of ours still walking. */
  readonly busy: ReadonlySet<Symbol>;
  readonly memory: Json;
  /** The session `n` sessions after (or, negative, before) a day. */
  sessionAt(day: TradingDay, n: number): Session;
}

export interface NeedsContext<P> {
  readonly params: P;
  readonly day: TradingDay;
  readonly phase: Phase;
  readonly positions: readonly Position[];
  readonly equity: Usd;
  readonly market: MarketView;
}

export interface Strategy<P> {
  readonly id: StrategyId;
  readonly title: string;
  /** Grows whenever the rules change; stamped on every decision. */
  readonly version: number;
  /** The options level it needs; 0 for shares only. */
  readonly optionsLevel: 0 | 1 | 2 | 3;
  readonly params: z.ZodType<P>;
  schedule(params: P): readonly Slot[];
  /** Fetched first: cheap figures for the whole universe. */
  watches(context: NeedsContext<P>): DataNeeds;
  /** Fetched second, judged on the first: the chains worth their cost. */
  chains(context: NeedsContext<P>): DataNeeds['chains'];
  /** Entries; called in entry and daily slots. One decision per universe symbol. */
  evaluate(context: Context<P>): readonly Decision[];
  /** Every open position, on every manage slot, in halts too. */
  manage(context: Context<P>): readonly Decision[];
  /** How a held share position is protected while we are away: a resting stop this far below the last close, or a recorded waiver. */
  protection(params: P): { readonly kind: 'stop'; readonly belowClosePct: number } | { readonly kind: 'waiver'; readonly why: string };
}

/** Any of the ten, its params type forgotten; the registry pairs it with parsed params again. */
// biome-ignore lint/suspicious/noExplicitAny: the registry is the one place where ten param types meet
export type AnyStrategy = Strategy<any>;

export const defineStrategy = <P>(spec: Omit<Strategy<P>, 'id'> & { readonly id: string }): Strategy<P> => ({
  ...spec,
  id: spec.id as StrategyId,
});
