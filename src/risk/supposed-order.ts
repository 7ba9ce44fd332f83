// An order that nobody has decided on: what would risk say to it?
import type { Close, Open } from '../domain/decision.ts';
import type { StrategyId } from '../domain/ids.ts';
import type { Legs } from '../domain/legs.ts';
import { type Price, type Qty, type Usd, usd } from '../domain/money.ts';
import type { Verdict } from '../domain/verdict.ts';
import { maxLossOf } from './portfolio/risk-amount.ts';

export interface SupposedOrder {
  readonly strategy: StrategyId;
  readonly legs: Legs;
  readonly qty: Qty;
  /** Net limits of its walk, one after another: positive pays, negative collects. */
  readonly rungs: readonly [Price, ...Price[]];
}

/** What a verdict says, as figures and words. */
export interface Judged {
  readonly outcome: 'cleared' | 'deferred' | 'denied';
  readonly asked: number;
  /** What may be sent as one order, and what of the whole may be sent in all; 0 where nothing may. */
  readonly qty: number;
  readonly whole: number;
  readonly code: string | null;
  readonly why: string | null;
  readonly checks: Verdict['checks'];
}

/** Micros, the largest amount that can be counted where a loss has no bound. */
const boundless = (micros: number): Usd => usd(Math.min(micros, Number.MAX_SAFE_INTEGER));

/** The order as an intent; it opens as soon as one of its legs does. */
export function intentOf({ strategy, legs, qty, rungs }: SupposedOrder): Open | Close {
  const common = {
    subject: legs[0].instrument.underlying,
    code: 'OPERATOR',
    why: 'what would risk say to it',
    gates: [],
    key: `supposed-${strategy}`,
    legs,
    qty,
    prices: { rungs, stepMs: 0 },
  } as const;
  if (legs.every((leg) => leg.effect === 'close')) return { ...common, kind: 'close' };
  return { ...common, kind: 'open', maxLoss: boundless(maxLossOf(legs, Math.max(...rungs), qty)) };
}

/** The verdict on a supposed order in words. */
export function judgedOf(asked: number, verdict: Verdict): Judged {
  const { checks } = verdict;
  if (verdict.kind === 'cleared')
    return { outcome: 'cleared', asked, qty: verdict.cleared.qty, whole: verdict.whole, code: null, why: null, checks };
  const { code, why, check } = verdict.denial;
  return { outcome: check.result === 'defer' ? 'deferred' : 'denied', asked, qty: 0, whole: 0, code, why, checks };
}
