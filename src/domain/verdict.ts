// What risk may answer. A denial is a code and its numbers; docs/denials.md is tested against this union.
import type { Brand } from '../base/brand.ts';
import type { Intent } from './decision.ts';
import type { Symbol } from './ids.ts';
import type { Price, Qty, Usd } from './money.ts';

export const denialCodes = [
  'HALTED',
  'NOT_READY',
  'SESSION',
  'SHAPE',
  'STALE',
  'DUPLICATE',
  'SELF_CROSS',
  'CONTRACT_CONFLICT',
  'FAT_FINGER',
  'COLLAR',
  'LOTTERY_CAP',
  'BUYING_POWER',
  'NAKED',
  'OVER_CLOSE',
  'EXIT_CAP',
] as const;
export type DenialCode = (typeof denialCodes)[number];

/** One rule's finding, kept whether it passed or not. `unit` says how to read the two figures. */
export interface RuleCheck {
  readonly rule: DenialCode;
  readonly result: 'pass' | 'deny' | 'resize' | 'skip';
  readonly observed: number | string | null;
  readonly limit: number | string | null;
  readonly unit: 'usd_micros' | 'price_micros' | 'ms' | 'count' | 'text';
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
  | { readonly kind: 'cleared'; readonly cleared: Cleared; readonly checks: readonly RuleCheck[] }
  | { readonly kind: 'denied'; readonly denial: Denial; readonly checks: readonly RuleCheck[] };

/** A two-sided market in one instrument, as the risk gate needs it. */
export interface Touch {
  readonly symbol: Symbol;
  readonly bid: Price;
  readonly ask: Price;
  readonly ageMs: number;
}
