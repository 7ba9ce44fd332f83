// What enters the engine, and what it asks the outside to do.
import type { BrokerSnapshot } from './account.ts';
import type { ControlDenial, ControlRequest, ShutdownPolicy } from './control.ts';
import type { HaltScope } from './halt.ts';
import type { ClientOrderId, StrategyId, Symbol } from './ids.ts';
import type { OrderReport, ReportStatus } from './order-report.ts';
import type { EpochMs, TradingDay } from './time.ts';

export type { HaltScope, OrderReport, ReportStatus, ShutdownPolicy };

/** Refused is proven: it does not exist there. Unsent is proven: no byte left. Unknown is never guessed at, but asked about. */
export type SubmitOutcome =
  | { readonly kind: 'accepted'; readonly report: OrderReport }
  | { readonly kind: 'refused'; readonly code: string; readonly message: string }
  | { readonly kind: 'duplicate' } // "client_order_id must be unique": it exists, so look it up
  | { readonly kind: 'unsent'; readonly because: string }
  | { readonly kind: 'mismatch'; readonly report: OrderReport }
  | { readonly kind: 'unknown'; readonly because: string };

export type CancelAnswer = 'requested' | 'too_late' | 'absent' | 'unknown';
/** `unknown` is a look-up that failed: no evidence either way. */
export type FindAnswer =
  | { readonly kind: 'found'; readonly report: OrderReport }
  | { readonly kind: 'absent' }
  | { readonly kind: 'unknown'; readonly because: string };

export type OperatorAction =
  | { readonly action: 'halt'; readonly scope: HaltScope; readonly reason: string }
  | { readonly action: 'resume'; readonly scope: HaltScope; readonly reason: string }
  | { readonly action: 'reconcile' }
  | {
      readonly action: 'shutdown';
      readonly policy: ShutdownPolicy;
      readonly reason: string;
      readonly marketOpen: boolean;
      readonly budgetMs: number;
    }
  | { readonly action: 'hurry' }; // a second signal: stop waiting, report what is left

export interface IvReading {
  readonly symbol: Symbol;
  readonly day: TradingDay;
  /** Annualised, 0.31 is 31 %. */
  readonly iv30: number;
  readonly quality: 'quotes' | 'bars' | 'assumed';
  readonly flags: readonly string[];
}

export type Phase = 'entry' | 'manage' | 'daily';

/** What a strategy is asked for. */
export type StrategyCall = 'watches' | 'chains' | 'evaluate' | 'manage' | 'exits' | 'protection';
/** A strategy threw: which call, what it said, and where. */
export interface StrategyFault {
  readonly call: StrategyCall;
  readonly why: string;
  readonly at: string;
}

export type EngineEvent =
  | { readonly kind: 'boot'; readonly epoch: number; readonly uncleanBoots: number; readonly account: string }
  | {
      readonly kind: 'tick';
      readonly strategy: StrategyId;
      readonly phase: Phase;
      readonly slot: string;
      readonly slotAt: EpochMs;
      /** It failed to say what data it wants for this tick. */
      readonly fault?: StrategyFault;
    }
  | { readonly kind: 'send'; readonly id: ClientOrderId }
  | { readonly kind: 'submitted'; readonly id: ClientOrderId; readonly attempt: number; readonly outcome: SubmitOutcome }
  | { readonly kind: 'cancel_answered'; readonly id: ClientOrderId; readonly answer: CancelAnswer }
  | { readonly kind: 'found'; readonly id: ClientOrderId; readonly answer: FindAnswer }
  | { readonly kind: 'report'; readonly report: OrderReport }
  | { readonly kind: 'snapshot'; readonly snapshot: BrokerSnapshot }
  | { readonly kind: 'snapshot_failed'; readonly because: string }
  | { readonly kind: 'link'; readonly link: 'orders' | 'quotes'; readonly up: boolean; readonly why: string }
  | { readonly kind: 'breaker'; readonly lane: string; readonly state: 'open' | 'half_open' | 'closed' }
  | { readonly kind: 'clock'; readonly good: boolean; readonly skewMs: number }
  | { readonly kind: 'iv'; readonly readings: readonly IvReading[] }
  | { readonly kind: 'wake' }
  | { readonly kind: 'operator'; readonly order: OperatorAction }
  | { readonly kind: 'control'; readonly request: ControlRequest }
  | { readonly kind: 'control_denied'; readonly denial: ControlDenial };

export type Command =
  | { readonly kind: 'send'; readonly id: ClientOrderId } // come back with a `send` event: the second commit of the two-step submit
  | { readonly kind: 'post'; readonly id: ClientOrderId; readonly attempt: number }
  | { readonly kind: 'cancel'; readonly id: ClientOrderId }
  | { readonly kind: 'find'; readonly id: ClientOrderId }
  | { readonly kind: 'reconcile'; readonly because: string }
  | { readonly kind: 'stop'; readonly exitCode: number; readonly remainder: readonly Remainder[] };

/** What a stop leaves behind, and why. */
export interface Remainder {
  readonly what: 'position' | 'order' | 'unresolved';
  readonly symbol: Symbol;
  readonly qty: number;
  readonly protection: string;
  readonly why: string;
}
