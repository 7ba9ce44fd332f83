// Whether a fault strikes now: counted, drawn from its own stream of chance, and bounded in exchange time.
import { seededRng } from '../../base/rng.ts';
import { DAY, HOUR, MINUTE, SECOND } from '../../domain/time.ts';
import type { Fault } from './plan.ts';

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: SECOND, m: MINUTE, h: HOUR, d: DAY };

/** The instant that a plan writes, `+15m` counted from `origin`. */
export function instantOf(text: string, origin: number): number {
  const span = /^\+([\d.]+)(\D+)$/.exec(text);
  return span === null ? Date.parse(text) : origin + Math.round(Number(span[1]) * (UNITS[span[2] ?? ''] ?? Number.NaN));
}

export interface Trigger {
  /** When it may strike first; -Infinity when at any time. */
  readonly from: number;
  /** Asked once for each request or frame that the fault could strike. */
  strikes(now: number): boolean;
}

/** @param index the fault's place in its plan, the address of its draws */
export function triggerOf(fault: Fault, index: number, seed: number, origin: number): Trigger {
  const from = fault.at === undefined ? -Infinity : instantOf(fault.at, origin);
  const until = fault.until === undefined ? Infinity : instantOf(fault.until, origin);
  const most = fault.count ?? (fault.nth === undefined ? Infinity : 1);
  const rng = seededRng(seed).fork(`fault:${String(index)}`);
  let met = 0;
  let struck = 0;
  return {
    from,
    strikes(now) {
      if (now < from || now >= until || struck >= most) return false;
      met += 1;
      if (met < (fault.nth ?? 1)) return false;
      if (fault.probability !== undefined && rng.float() >= fault.probability) return false;
      struck += 1;
      return true;
    },
  };
}
