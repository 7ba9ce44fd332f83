// The contract of the ten: zod params, a schedule in session time, and two pure functions. Same context, same decisions.
import type { z } from 'zod';
import type { Decision, Json } from '../domain/decision.ts';
import type { Phase } from '../domain/event.ts';
import type { ExitRule } from '../domain/exit-rule.ts';
import type { StrategyId, Symbol } from '../domain/ids.ts';
import type { Usd } from '../domain/money.ts';
import type { Order } from '../domain/order.ts';
import type { Cycle, Position } from '../domain/position.ts';
import type { Now, TradingDay } from '../domain/time.ts';
import type { Trade } from '../domain/trade.ts';
import type { Calendar, Session } from '../market/calendar.ts';
import type { BarMinutes } from '../market/intraday.ts';
import type { MarketView } from '../market/view.ts';

export type { MarketView };

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
  /** Sessions count the running one. */
  readonly intradayBars: readonly { readonly symbol: Symbol; readonly minutes: BarMinutes; readonly sessions: number }[];
  /** Indices by name, e.g. VIX. */
  readonly indexValues: readonly Symbol[];
  readonly news: readonly Symbol[];
  readonly macro: boolean;
}
export const noNeeds: DataNeeds = {
  quotes: [],
  dailyBars: [],
  chains: [],
  ivHistory: [],
  earnings: [],
  dividends: [],
  intradayBars: [],
  indexValues: [],
  news: [],
  macro: false,
};

export interface AccountView {
  readonly equity: Usd;
  readonly cash: Usd;
  readonly settledCash: Usd;
  readonly optionsBuyingPower: Usd;
  readonly optionsLevel: number;
  /** Wall milliseconds since the broker said so. */
  readonly ageMs: number;
}

/** A part of what the book can lose: whose it is, and on which name. */
export interface RiskShare {
  readonly strategy: StrategyId;
  readonly underlying: Symbol;
  /** Positive. */
  readonly amount: Usd;
}

/** The book beyond this strategy's own positions. */
export interface BookView {
  /** Names whose ledger and broker disagree now: only risk-reducing orders there. */
  readonly disputed: ReadonlySet<Symbol>;
  /** Cash set aside for the live opening orders of all strategies. */
  readonly reserved: Usd;
  /** Sum of strike x 100 over all short puts held and working, all strategies. */
  readonly putCollateral: Usd;
  /** Cash other strategies count on: collateral and maximum losses that S10 must leave in place. */
  readonly cashClaims: Usd;
  /** What each open trade and each live opening order can still lose, all strategies. */
  readonly risks: readonly RiskShare[];
  /** All positions of all owners. */
  readonly positions: readonly Position[];
  /** Trades of all strategies that are open or were closed in the last 45 calendar days, the one opened first in front. */
  readonly trades: readonly Trade[];
  /** By trade: half the spread that was quoted as each of its fills was decided, all of them together, positive. One not quoted, and the trade is left out. */
  readonly penalties: ReadonlyMap<string, Usd>;
  /** Deposits (positive) and withdrawals of the last thirty days, as the ledger booked them, oldest first. */
  readonly flows: readonly { readonly day: TradingDay; readonly amount: Usd }[];
}

export interface Context<P> {
  readonly now: Now;
  readonly day: TradingDay;
  readonly session: Session;
  /** For time to expiry and the standard expiries; the same sessions `sessionAt` counts. */
  readonly calendar: Calendar;
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
  /** Own open trades, the one opened first in front. */
  readonly trades: readonly Trade[];
  /** Own trades closed in the last 45 calendar days, the one closed first in front. */
  readonly closedTrades: readonly Trade[];
  /** Subjects with a ladder of ours still walking. */
  readonly busy: ReadonlySet<Symbol>;
  readonly memory: Json;
  /** The session `n` sessions after (or, negative, before) a day. */
  sessionAt(day: TradingDay, n: number): Session;
}

/** What the exits of an open trade are reckoned from. */
export type ExitContext<P> = Pick<
  Context<P>,
  'now' | 'day' | 'session' | 'calendar' | 'params' | 'market' | 'positions' | 'memory' | 'sessionAt'
>;

export interface NeedsContext<P> {
  readonly params: P;
  readonly now: Now;
  readonly day: TradingDay;
  readonly calendar: Calendar;
  readonly phase: Phase;
  readonly positions: readonly Position[];
  readonly book: Pick<BookView, 'positions'>;
  /** Own open trades, the one opened first in front. */
  readonly trades: readonly Trade[];
  readonly equity: Usd;
  readonly market: MarketView;
  /** Subjects with a ladder of ours still walking. */
  readonly busy: ReadonlySet<Symbol>;
  /** What the strategy last remembered: it may be half-way through something in a name it no longer holds. */
  readonly memory: Json;
}

export interface Strategy<P> {
  readonly id: StrategyId;
  readonly title: string;
  /** Grows whenever the rules change; stamped on every decision. */
  readonly version: number;
  /** The options level it needs; 0 for shares only. */
  readonly optionsLevel: 0 | 1 | 2 | 3;
  readonly params: z.ZodType<P>;
  /** Its short options may run into assignment at expiry where cash or shares cover them; all others are closed before. */
  readonly mayBeAssigned?: boolean;
  schedule(params: P): readonly Slot[];
  /** Fetched first: cheap figures for the whole universe. */
  watches(context: NeedsContext<P>): DataNeeds;
  /** Fetched second, judged on the first: the chains worth their cost. */
  chains(context: NeedsContext<P>): DataNeeds['chains'];
  /** Entries; called in entry and daily slots. One decision per universe symbol. */
  evaluate(context: Context<P>): readonly Decision[];
  /** Every open position, on every manage slot, in halts too. */
  manage(context: Context<P>): readonly Decision[];
  /**
   * What would close an open trade, by the levels that `manage` judges it by: each reason once, with every condition that is enough for it.
   * Asked after each execution and each tick, and kept in the ledger wherever it changed.
   */
  exits(context: ExitContext<P>, trade: Trade): readonly ExitRule[];
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
