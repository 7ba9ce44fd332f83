// What a dry run says of one strategy, and which end of the command that asks for.
import type { Phase } from '../../domain/event.ts';
import type { StrategyId, Symbol } from '../../domain/ids.ts';
import type { ReasonCode } from '../../domain/reasons.ts';
import type { EpochMs } from '../../domain/time.ts';
import type { Turn } from '../../domain/turn.ts';
import type { DenialCode } from '../../domain/verdict.ts';
import type { Need } from './needs.ts';

export interface Said {
  readonly subject: Symbol;
  readonly kind: 'open' | 'close' | 'pass' | 'cancel';
  readonly code: ReasonCode;
  readonly why: string;
  /** null for what needs no verdict. */
  readonly verdict: 'cleared' | 'denied' | null;
  readonly denial: { readonly code: DenialCode; readonly why: string } | null;
}

/** A strategy that threw: which call, what it said, and where. */
export interface Fault {
  readonly call: string;
  readonly why: string;
  readonly at: string;
}

export interface Evaluation {
  readonly slot: string;
  readonly phase: Phase;
  readonly at: EpochMs;
  readonly said: readonly Said[];
  readonly fault: Fault | null;
}

/** `failed` threw or said nothing, `lacks` is enabled and needs what is not to be had, `invalid` cannot be configured so. */
export type StrategyState = 'ok' | 'lacks' | 'failed' | 'invalid';

export interface StrategyReport {
  readonly id: StrategyId;
  readonly title: string;
  readonly version: number;
  readonly optionsLevel: number;
  /** null when its section could not be read. */
  readonly enabled: boolean | null;
  readonly state: StrategyState;
  /** What is wrong in its section of the configuration. */
  readonly problems: readonly string[];
  readonly needs: readonly Need[];
  readonly evaluations: readonly Evaluation[];
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

/** The decisions of a tick, and what was thrown on the way to them. */
export function evaluationOf(turn: Turn, slot: string, phase: Phase): Evaluation {
  const failure = turn.notes.find(({ event }) => event === 'strategy.failed')?.detail;
  const said = turn.decisions.map(({ decision: { subject, kind, code, why }, verdict, denial }): Said => {
    const refused = denial === null ? null : { code: denial.code, why: denial.why };
    return { subject, kind, code, why, verdict, denial: refused };
  });
  const thrown = failure === undefined ? null : { call: textOf(failure['call']), why: textOf(failure['why']), at: textOf(failure['at']) };
  // A universe is never empty, and each of its names is owed a decision.
  const silent = thrown === null && phase !== 'manage' && said.length === 0;
  const fault = silent ? { call: 'evaluate', why: 'it said nothing about any name', at: '' } : thrown;
  return { slot, phase, at: turn.at.exchange, said, fault };
}

/** How a strategy stands after its ticks. `trades` says that it may open positions. */
export function stateOf(trades: boolean, needs: readonly Need[], evaluations: readonly Evaluation[]): StrategyState {
  if (evaluations.some(({ fault }) => fault !== null)) return 'failed';
  return trades && needs.some(({ state }) => state === 'absent') ? 'lacks' : 'ok';
}

/** 20 when a section is invalid, 1 when a strategy failed or an enabled one cannot have what it needs, else 0. */
export function exitCodeOf(reports: readonly Pick<StrategyReport, 'state'>[]): 0 | 1 | 20 {
  if (reports.some(({ state }) => state === 'invalid')) return 20;
  return reports.every(({ state }) => state === 'ok') ? 0 : 1;
}
