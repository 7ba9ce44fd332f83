// What a strategy may say. Every decision names its subject, its reason and the gates it was judged by.
import type { Forecast } from './forecast.ts';
import type { ClientOrderId, Symbol } from './ids.ts';
import type { Legs } from './legs.ts';
import type { Price, Qty, Usd } from './money.ts';
import type { ReasonCode } from './reasons.ts';

export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

/** One test a decision was put to: what was asked, what was seen. */
export interface Gate {
  readonly name: string;
  readonly threshold: string | number | null;
  readonly observed: string | number | null;
  readonly pass: boolean;
}

/**
 * The limits an order walks through: one order per rung, each cancelled and confirmed before the next.
 * Net price of one package: positive pays, negative collects. `stepMs` is exchange time.
 */
export interface PricePlan {
  readonly rungs: readonly [Price, ...Price[]];
  readonly stepMs: number;
  /** Equities in a flatten end at the market; nothing else ever does. */
  readonly last?: 'market';
}

export interface Reasoned {
  readonly subject: Symbol;
  readonly code: ReasonCode;
  readonly why: string;
  readonly gates: readonly Gate[];
  /** Names of assumed inputs that this decision rests on (`--assume`), stamped for good. */
  readonly assumed?: readonly string[];
}

export type Open = Reasoned & {
  readonly kind: 'open';
  /** What makes this intent the same intent: same strategy, slot and key is a duplicate. */
  readonly key: string;
  readonly legs: Legs;
  readonly qty: Qty;
  readonly prices: PricePlan;
  /** Worst loss of the whole order, positive. */
  readonly maxLoss: Usd;
  /** Numbers the strategy wants back for as long as the trade lives: kept with it, and read by nobody else. */
  readonly thesis?: Json;
  /** The probabilities it was chosen by, with their events: kept with the decision, so that they can be held against what happened. */
  readonly forecasts?: readonly Forecast[];
};
export type Close = Reasoned & {
  readonly kind: 'close';
  readonly key: string;
  readonly legs: Legs;
  readonly qty: Qty;
  readonly prices: PricePlan;
};
export type Pass = Reasoned & { readonly kind: 'pass' };
/** An order of ours, with the walk it is a rung of; or the walk itself, which between two rungs has no order. */
export type CancelTarget =
  | { readonly order: ClientOrderId }
  /** Walks in the decision's subject, one way; of the intent with this `key` alone where one is given. */
  | { readonly walk: 'open' | 'close'; readonly key?: string };
/** Takes back what works: the order is cancelled, nothing more of its walk is placed, what filled is kept. */
export type CancelDecision = Reasoned & { readonly kind: 'cancel' } & CancelTarget;
export type Remember = { readonly kind: 'remember'; readonly memory: Json };

export type Decision = Open | Close | Pass | CancelDecision | Remember;
export type Intent = Open | Close;
