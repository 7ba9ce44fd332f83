// Where a fault stops being thrown: a read's failure as the port's answer.
import type { Answer } from '../ports/broker.ts';
import { AlpacaFault } from './faults.ts';

/** A fault as the answer of a read. Anything else is a bug, and goes on. */
export function answerOf(error: unknown): Extract<Answer<never>, { ok: false }> {
  if (!(error instanceof AlpacaFault)) throw error;
  return { ok: false, fault: error.code, auth: error.kind === 'auth', why: error.line };
}

/** Runs a read; what fails becomes an answer. */
export async function answered<T>(read: () => Promise<T>): Promise<Answer<T>> {
  try {
    return { ok: true, value: await read() };
  } catch (error) {
    return answerOf(error);
  }
}
