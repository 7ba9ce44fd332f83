// What would close a trade: each reason with the levels at which it speaks, armed for as long as the trade lives.
import type { ClientOrderId, StrategyId } from './ids.ts';
import type { ReasonCode } from './reasons.ts';
import type { EpochMs } from './time.ts';

/** One condition. Its figures are those the strategy itself compares, so that a row and an exit cannot disagree. */
export interface ExitTerm {
  /** What is watched: `mark`, `bid`, `cost to close`, `share price`, `days to expiry`, ... */
  readonly measure: string;
  /** How it is held against the level; `from` is for days and hours, `is` for what is there or not. */
  readonly side: 'at or below' | 'at or above' | 'below' | 'above' | 'from' | 'is';
  readonly level: number | string;
  /** `dollars a share`, `days`, `minutes`, `day`, `New York time`, ... */
  readonly unit: string;
}

/** A reason to close a trade, or a part of it, and the conditions of which any one is enough. */
export interface ExitRule {
  /** What the closing is recorded as. At most one rule of a trade has it. */
  readonly code: ReasonCode;
  readonly when: readonly [ExitTerm, ...ExitTerm[]];
  /** Packages it closes; all that are left when null. */
  readonly units: number | null;
}

/** A rule of an open trade as it stands: written with the turn that changed it, and read back at every start. */
export interface ArmedExit extends ExitRule {
  /** The trade's id. With the code it names the rule. */
  readonly trade: string;
  readonly owner: StrategyId;
  /** The resting order that carries it out at the broker; null while the daemon itself watches. */
  readonly order: ClientOrderId | null;
  /** Since when it stands at these levels. */
  readonly armedAt: EpochMs;
  /** How often it began to close something, and when it last did. */
  readonly fired: number;
  readonly firedAt: EpochMs | null;
  /** When it ceased to apply: its trade ended, or what it waits for cannot come any more. Null while it is armed. */
  readonly disarmedAt: EpochMs | null;
}

export const exitKinds = ['stop', 'target', 'trail', 'time', 'event'] as const;
export type ExitKind = (typeof exitKinds)[number];

/** The family of a reason to close. */
export function exitKind(code: ReasonCode): ExitKind {
  switch (code) {
    case 'STOP':
    case 'THESIS_STOP':
    case 'PROTECT':
      return 'stop';
    case 'TARGET':
    case 'SCALE_OUT':
    case 'DELTA_EXIT':
    case 'REBALANCE':
      return 'target';
    case 'TRAIL':
      return 'trail';
    case 'TIME_STOP':
    case 'FLAT_TIME':
    case 'EXPIRY_DEADLINE':
      return 'time';
    default:
      return 'event';
  }
}

/** `mark at or below 1.425 dollars a share`. */
export const termText = ({ measure, side, level, unit }: ExitTerm): string =>
  `${measure} ${side} ${String(level)}${unit === '' ? '' : ` ${unit}`}`;
