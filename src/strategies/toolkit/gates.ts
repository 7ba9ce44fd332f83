// Tests in a row: each leaves its numbers behind, and the first that fails names the reason. What follows it is not asked.
import { assert } from '../../base/assert.ts';
import type { Gate, Pass } from '../../domain/decision.ts';
import type { Symbol } from '../../domain/ids.ts';
import type { Known, ReasonCode } from '../../domain/reasons.ts';

/** One test as it went. `code` and `why` speak only when it failed. */
export interface Finding {
  readonly gate: Gate;
  readonly code: ReasonCode;
  readonly why: string;
}

/** A judgement written as straight code: it yields findings, goes on while they pass, and returns what it was after. */
export type Trial<T> = Generator<Finding, T, undefined>;

export type Outcome<T> =
  | { readonly ok: true; readonly value: T; readonly gates: readonly Gate[] }
  | { readonly ok: false; readonly code: ReasonCode; readonly why: string; readonly gates: readonly Gate[] };

/** Runs a trial to its end or to its first failed test. */
export function settle<T>(trial: Trial<T>): Outcome<T> {
  const gates: Gate[] = [];
  for (;;) {
    const step = trial.next();
    if (step.done === true) return { ok: true, value: step.value, gates };
    gates.push(step.value.gate);
    if (!step.value.gate.pass) return { ok: false, code: step.value.code, why: step.value.why, gates };
  }
}

/** Says again what a settled trial has found, and goes on with what it came to. */
export function* replay<T>(outcome: Outcome<T>): Trial<T> {
  for (const gate of outcome.gates) yield outcome.ok ? { gate, code: 'HOLD', why: '' } : { gate, code: outcome.code, why: outcome.why };
  return outcome.ok ? outcome.value : unreachable('what was replayed');
}

/** Model figures keep eight significant digits: enough for any threshold, and stable text in goldens. */
export const figure = (x: number): number => Number(x.toPrecision(8));

interface Test {
  readonly observed: Gate['observed'];
  readonly threshold: Gate['threshold'];
  readonly pass: boolean;
}

const shown = (value: string | number | null): string | number | null => (typeof value === 'number' ? figure(value) : value);

/** A finding in its general form; `code` and `why` are for when it fails. */
export const holds = (name: string, test: Test, code: ReasonCode, why: string): Finding => ({
  gate: { name, threshold: shown(test.threshold), observed: shown(test.observed), pass: test.pass },
  code,
  why,
});

export const atLeast = (name: string, threshold: number, observed: number, code: ReasonCode): Finding =>
  holds(name, { observed, threshold, pass: observed >= threshold }, code, `${name} is ${figure(observed)}, at least ${threshold} is asked`);

export const atMost = (name: string, threshold: number, observed: number, code: ReasonCode): Finding =>
  holds(
    name,
    { observed, threshold, pass: observed <= threshold },
    code,
    `${name} is ${figure(observed)}, at most ${threshold} is allowed`,
  );

/** The value of something known; a typed absence fails the trial with the absence's own reason. */
export function* need<T>(name: string, value: Known<T>): Trial<T> {
  if (value.known) return value.value;
  yield holds(name, { observed: null, threshold: 'known', pass: false }, value.code, value.why);
  return unreachable(name);
}

/** Ends the trial here, for a reason. */
export function* refuse(
  name: string,
  code: ReasonCode,
  why: string,
  observed: Gate['observed'] = null,
  threshold: Gate['threshold'] = null,
): Trial<never> {
  yield holds(name, { observed, threshold, pass: false }, code, why);
  return unreachable(name);
}

function unreachable(name: string): never {
  assert(false, `a trial went on after ${name} had failed`);
}

/** A pass: nothing is done about the subject, for a reason. */
export const pass = (subject: Symbol, code: ReasonCode, why: string, gates: readonly Gate[] = [], assumed: readonly string[] = []): Pass =>
  assumed.length > 0 ? { kind: 'pass', subject, code, why, gates, assumed } : { kind: 'pass', subject, code, why, gates };

/** A gate that only records a number: nothing was asked of it. */
export const noted = (name: string, observed: Gate['observed']): Gate => ({
  name,
  threshold: null,
  observed: shown(observed),
  pass: true,
});

/** A finding that only records a number: nothing was asked of it, so nothing can fail. */
export const told = (name: string, observed: Gate['observed']): Finding => ({ gate: noted(name, observed), code: 'HOLD', why: '' });

/** The gate of a rule of an exit: its reason is the exit's own. */
export const weighed = (name: string, threshold: Gate['threshold'], observed: Gate['observed'], pass: boolean): Gate =>
  holds(name, { threshold, observed, pass }, 'HOLD', '').gate;

/** A gate of an exit: what was asked for has happened. */
export const met = (name: string, threshold: Gate['threshold'], observed: Gate['observed']): Gate =>
  weighed(name, threshold, observed, true);
