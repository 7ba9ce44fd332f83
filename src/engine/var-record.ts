// Does the value at risk keep its promise? Each session's result beside what was promised for it, and the test of them once a month.
import type { LossRecord, VarDay } from '../domain/losses.ts';
import type { Usd } from '../domain/money.ts';
import { type BackTest, kupiec } from '../risk/portfolio/kupiec.ts';
import { type Draft, note } from './draft.ts';
import type { Look } from './loss-watch.ts';

/** A year of sessions is looked at, and a quarter is the least that says anything. */
const DAYS_MAX = 250;
const DAYS_MIN = 60;
const LEVEL = 0.99;

/** What the end of a session leaves of it: its result against the promise of the close before, and the promise for the next one. */
export function promiseKept(
  { day, promised, varDays }: LossRecord,
  { dayPnl }: Look,
  var99: Usd | null,
): Pick<LossRecord, 'promised' | 'varDays'> {
  if (promised === null || !dayPnl.known) return { promised: var99, varDays };
  return { promised: var99, varDays: [...varDays, { day, promised, pnl: dayPnl.value }].slice(-DAYS_MAX) };
}

export interface VarBackTest extends BackTest {
  readonly days: number;
  /** Sessions that lost more than was promised. */
  readonly failures: number;
}

/** The test of a value at risk over the sessions on record; undefined while they are too few to say anything. */
export function backTestOf(days: readonly VarDay[]): VarBackTest | undefined {
  if (days.length < DAYS_MIN) return undefined;
  const failures = days.filter(({ promised, pnl }) => !(-pnl <= promised)).length;
  return { days: days.length, failures, ...kupiec(failures, days.length, LEVEL) };
}

/** Says how the promises fared, once a month. One that fails the test wants a person: limits rest on it. */
export function sayBackTest(draft: Draft, varDays: readonly VarDay[]): void {
  const found = backTestOf(varDays);
  if (found === undefined) return;
  const { days, failures, ratio, verdict } = found;
  note(draft, 'var.tested', verdict === 'reject' ? 'major' : 'info', { days, failures, ratio, verdict });
}
