// What whoever is short the contract must expect of its holders: each flag with its answer and the figures behind it.
import type { Option } from '../../domain/instrument.ts';
import type { TradingDay } from '../../domain/time.ts';
import type { Figure } from './figure.ts';

export interface ExDividend {
  readonly day: TradingDay;
  /** Dollars a share. */
  readonly amount: number;
}

export interface AssignmentInput {
  readonly option: Option;
  readonly style: 'american' | 'european';
  /** The session in progress or the next one, and the one after it. */
  readonly session: TradingDay;
  readonly nextSession: TradingDay;
  readonly today: TradingDay;
  /** The last session in which the contract trades. */
  readonly lastSession: TradingDay;
  readonly intrinsic: Figure;
  /** Time value at the bid, or at the given price where there is no bid. */
  readonly extrinsic: Figure;
  readonly delta: Figure;
  /** Ex-dates up to the expiry; null when nobody said. */
  readonly exDates: readonly ExDividend[] | null;
}

export interface Flag {
  readonly name: 'expires_today' | 'deep_in_the_money' | 'dividend_call' | 'spent_put';
  readonly state: 'yes' | 'no' | 'unknown';
  readonly why: string;
}

/** From here on an option moves as the share does. */
const DEEP_DELTA = 0.95;
/** Dollars of time value that do not keep a holder from exercising a put. */
const SPENT_EXTRINSIC = 0.05;

const text = (n: number): string => n.toFixed(4);

/** Whether the option moves as the share does. A price without time value has no volatility and no delta: in the money it counts as one. */
function deep({ delta, intrinsic, extrinsic }: AssignmentInput): Flag {
  const name = 'deep_in_the_money';
  if (delta.kind === 'value') {
    const size = Math.abs(delta.value);
    return { name, state: size >= DEEP_DELTA ? 'yes' : 'no', why: `delta ${text(delta.value)} against ${String(DEEP_DELTA)}` };
  }
  if (intrinsic.kind === 'value' && extrinsic.kind === 'value' && intrinsic.value > 0 && extrinsic.value <= 0)
    return { name, state: 'yes', why: 'in the money, and no time value at all' };
  return { name, state: 'unknown', why: delta.why };
}

/** A call is exercised on the eve of an ex-date when the dividend is worth more than the time value given up. */
function dividendCall({ option, style, session, nextSession, intrinsic, extrinsic, exDates }: AssignmentInput): Flag {
  const name = 'dividend_call';
  if (style === 'european') return { name, state: 'no', why: 'European exercise' };
  if (exDates === null) return { name, state: 'unknown', why: 'nobody said what the name pays' };
  const ahead = exDates.filter(({ day }) => day > session && day <= option.expiry);
  const tomorrow = ahead.find(({ day }) => day <= nextSession);
  if (tomorrow === undefined) {
    const next = ahead[0];
    return { name, state: 'no', why: next === undefined ? 'no ex-date before the expiry' : `the next ex-date is ${next.day}` };
  }
  if (intrinsic.kind === 'absent') return { name, state: 'unknown', why: intrinsic.why };
  if (extrinsic.kind === 'absent') return { name, state: 'unknown', why: extrinsic.why };
  const expected = intrinsic.value > 0 && tomorrow.amount > extrinsic.value;
  const why = `dividend ${text(tomorrow.amount)} on ${tomorrow.day} against time value ${text(extrinsic.value)}`;
  return { name, state: expected ? 'yes' : 'no', why: intrinsic.value > 0 ? why : `out of the money; ${why}` };
}

/** A put without time value is exercised for the interest on its strike. */
function spentPut(input: AssignmentInput, moves: Flag): Flag {
  const name = 'spent_put';
  const { style, extrinsic } = input;
  if (style === 'european') return { name, state: 'no', why: 'European exercise' };
  if (extrinsic.kind === 'absent') return { name, state: 'unknown', why: extrinsic.why };
  const why = `time value ${text(extrinsic.value)} against ${String(SPENT_EXTRINSIC)}, ${moves.why}`;
  if (extrinsic.value > SPENT_EXTRINSIC) return { name, state: 'no', why };
  return { name, state: moves.state, why };
}

/** The flags that apply to the contract, in a fixed order. */
export function assignmentFlags(input: AssignmentInput): readonly Flag[] {
  const { option, today, lastSession } = input;
  const last: Flag = { name: 'expires_today', state: today === lastSession ? 'yes' : 'no', why: `the last session is ${lastSession}` };
  const moves = deep(input);
  return [last, moves, option.right === 'call' ? dividendCall(input) : spentPut(input, moves)];
}
