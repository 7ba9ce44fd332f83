// What risk may answer. A denial is a code and its numbers; docs/denials.md is tested against this union.
import type { Brand } from '../base/brand.ts';
import type { Intent } from './decision.ts';
import type { Symbol } from './ids.ts';
import type { Price, Qty, Usd } from './money.ts';

export const denialCodes = [
  'HALTED',
  'NOT_READY',
  'MODE',
  'SESSION',
  'INSTRUMENT',
  'SHAPE',
  'STALE',
  'DUPLICATE',
  'SELF_CROSS',
  'CONTRACT_CONFLICT',
  'FAT_FINGER',
  'COLLAR',
  'SPREAD_WIDE',
  'POSITION_PCT',
  'LOTTERY_CAP',
  'TRADE_RISK',
  'EXPOSURE',
  'OPEN_RISK',
  'STRATEGY_CAP',
  'OPTION_BUDGET',
  'CLUSTER',
  'SECTOR',
  'BUYING_POWER',
  'NAKED',
  'GREEKS',
  'VAR',
  'STRESS',
  'OVER_CLOSE',
  'EXIT_CAP',
  'DAILY_LOSS',
  'DRAWDOWN',
  'STRATEGY_PAUSED',
  'RATE',
  'ERRORS',
  'DAYTRADE',
  'EVENT',
  'VOLATILITY',
  'WASH',
  'KELLY',
] as const;
export type DenialCode = (typeof denialCodes)[number];

/** One rule's finding, kept whether it passed or not. `defer` is a denial that time alone lifts. `unit` says how to read the two figures. */
export interface RuleCheck {
  readonly rule: DenialCode;
  readonly result: 'pass' | 'deny' | 'resize' | 'defer' | 'skip';
  readonly observed: number | string | null;
  readonly limit: number | string | null;
  readonly unit: 'usd_micros' | 'price_micros' | 'ms' | 'count' | 'text' | 'part' | 'points';
}

export interface Denial {
  readonly code: DenialCode;
  readonly why: string;
  readonly check: RuleCheck;
}

/** Only risk/gate.ts mints one; the planner takes nothing else. */
export type Cleared = Brand<
  { readonly intent: Intent; readonly qty: Qty /** Cash set aside for one unit, positive. */; readonly reservePerUnit: Usd },
  'Cleared'
>;

export type Verdict =
  | {
      readonly kind: 'cleared';
      readonly cleared: Cleared;
      /** What of the quantity asked for may be sent in all: more than the order's own only where that is a slice of it. */
      readonly whole: Qty;
      readonly checks: readonly RuleCheck[];
    }
  | { readonly kind: 'denied'; readonly denial: Denial; readonly checks: readonly RuleCheck[] };

/** A two-sided market in one instrument, as the risk gate needs it. */
export interface Touch {
  readonly symbol: Symbol;
  readonly bid: Price;
  readonly ask: Price;
  readonly ageMs: number;
}
