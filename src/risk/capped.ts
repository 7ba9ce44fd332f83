// An amount against its ceiling: passed, cut to the whole units that fit, or denied when none does.
import type { DenialCode } from '../domain/verdict.ts';
import { deny, type Finding, pass, resize, skip } from './rule.ts';

export interface Ask {
  /** Used already, micros. */
  readonly used: number;
  /** What one unit adds, micros. */
  readonly unit: number;
  readonly qty: number;
  /** Micros. */
  readonly limit: number;
}

/** Whole units under a ceiling, rounded down; a quantity that adds nothing passes whatever is used. */
export function capped(rule: DenialCode, { used, unit, qty, limit }: Ask, why: string): Finding {
  if (unit === 0) return skip(rule, 'adds nothing');
  const observed = used + unit * qty;
  const figures = { observed, limit, unit: 'usd_micros' } as const;
  if (observed <= limit) return pass(rule, figures);
  // What is no number fits nowhere: every comparison with it is false.
  const fits = Math.floor((limit - used) / unit);
  return fits >= 1 && fits < qty ? resize(rule, figures, fits, why) : deny(rule, figures, why);
}
