// The shape of a rule: one question, asked of one intent against everything known, answered with its numbers.
import type { Intent } from '../domain/decision.ts';
import type { Owner, StrategyId, Symbol } from '../domain/ids.ts';
import type { Price, Usd } from '../domain/money.ts';
import type { Order } from '../domain/order.ts';
import type { Position } from '../domain/position.ts';
import type { Known } from '../domain/reasons.ts';
import type { Now } from '../domain/time.ts';
import type { Trade } from '../domain/trade.ts';
import type { DenialCode, RuleCheck } from '../domain/verdict.ts';
import type { Session } from '../market/calendar.ts';
import type { Quote } from '../market/quote.ts';
import type { Conduct } from './conduct.ts';
import type { RiskLimits } from './limits.ts';
import type { LossStanding } from './losses.ts';
import type { Portfolio } from './portfolio/portfolio.ts';

/** Everything the rules look at. Built once for each judgement, never changed while it is judged. */
export interface RuleContext {
  readonly intent: Intent;
  readonly strategy: StrategyId;
  /** The limit it would be sent at first; null for a market order. */
  readonly net: Price | null;
  readonly qty: number;
  readonly now: Now;
  readonly session: Session | undefined;
  readonly limits: RiskLimits;
  /** Modes and halts that stand against this kind of order, named; empty when none does. */
  readonly obstacles: readonly string[];
  readonly halts: readonly string[];
  readonly quote: (symbol: Symbol) => Known<Quote>;
  readonly tick: (symbol: Symbol, price: Price) => Price;
  readonly equity: Usd;
  readonly cash: Usd;
  readonly brokerRoom: Usd;
  readonly accountAgeMs: number;
  readonly reconcileAgeMs: number;
  readonly positions: readonly Position[];
  readonly live: readonly Order[];
  /** Orders of the duplicate window, live or not. */
  readonly recent: readonly Order[];
  /** The walk it is a rung of, whose own fills are part of the same trade. */
  readonly ladder: string | null;
  /** Trades open, and those closed not long ago, of all strategies. */
  readonly trades: readonly Trade[];
  /** Exit walks of the same position in the last ten minutes. */
  readonly exitLadders: number;
  readonly shuttingDown: boolean;
  /** A close of what expires today, at the engine's own word. */
  readonly deadline?: boolean;
  /** A resting stop: judged as an exit, far from the market by design and allowed to wait for the next session. */
  readonly protective: boolean;
  /** How this strategy and the account have behaved, and what is known of the instrument. */
  readonly conduct: Conduct;
  /** The book valued now; absent where any part of it cannot be, and for exits, which are not judged by it. */
  readonly portfolio: Known<Portfolio>;
  /** What was lost since when, where the halt ladder stands, and how nervous the market is. */
  readonly losses: LossStanding;
}

export type Finding =
  | { readonly kind: 'pass'; readonly check: RuleCheck }
  | { readonly kind: 'deny'; readonly check: RuleCheck; readonly why: string }
  /** Not now: the next time of asking may find it allowed. */
  | { readonly kind: 'defer'; readonly check: RuleCheck; readonly why: string }
  | { readonly kind: 'resize'; readonly check: RuleCheck; readonly qty: number; readonly why: string };

export type Rule = (context: RuleContext) => Finding;

type Figures = Pick<RuleCheck, 'observed' | 'limit' | 'unit'>;

export const pass = (rule: DenialCode, figures: Figures): Finding => ({ kind: 'pass', check: { rule, result: 'pass', ...figures } });
export const skip = (rule: DenialCode, why: string): Finding => ({
  kind: 'pass',
  check: { rule, result: 'skip', observed: why, limit: null, unit: 'text' },
});
export const deny = (rule: DenialCode, figures: Figures, why: string): Finding => ({
  kind: 'deny',
  check: { rule, result: 'deny', ...figures },
  why,
});
export const defer = (rule: DenialCode, figures: Figures, why: string): Finding => ({
  kind: 'defer',
  check: { rule, result: 'defer', ...figures },
  why,
});
export const resize = (rule: DenialCode, figures: Figures, qty: number, why: string): Finding => ({
  kind: 'resize',
  check: { rule, result: 'resize', ...figures },
  qty,
  why,
});

/** Net quantity an owner holds in a symbol. */
export const heldBy = (positions: readonly Position[], owner: Owner, symbol: Symbol): number =>
  positions.find((p) => p.owner === owner && p.instrument.symbol === symbol)?.qty ?? 0;

/** Units of an order that may still trade. */
export const openQty = (order: Order): number => order.qty - order.cumQty;
