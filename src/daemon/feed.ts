// What the feeds share: their surroundings, what becomes of an answer, and the rule that one kind of data is asked for one request at a time.
import type { Board } from '../market/board.ts';
import type { Calendar } from '../market/calendar.ts';
import type { Answer } from '../ports/broker.ts';
import type { Clock } from '../ports/clock.ts';
import type { MarketData } from '../ports/market-data.ts';

export interface FeedOptions {
  readonly board: Board;
  readonly data: MarketData;
  readonly calendar: Calendar;
  readonly clock: Clock;
  /** Told what a source did not give, and why. */
  readonly missing: (what: string, why: string) => void;
}

/** Keeps what was answered; what was not is said to be missing. True when it was answered. */
export function kept<T>({ missing }: FeedOptions, what: string, answer: Answer<T>, keep: (value: T) => void): boolean {
  if (answer.ok) keep(answer.value);
  else missing(what, answer.why);
  return answer.ok;
}

/** Runs tasks one after another: the second of two who need the same finds it on the board. */
export function oneAtATime(): (task: () => Promise<void>) => Promise<void> {
  let last: Promise<void> = Promise.resolve();
  return (task) => {
    const mine = last.then(task, task);
    last = mine;
    return mine;
  };
}

/** What a source did not have is asked for again after this much wall time. */
export const ASK_AGAIN_MS = 30_000;
