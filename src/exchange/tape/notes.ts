// What a tape had to stand in for, counted and named as it happens.
import type { Mark, MarketReport } from '../market.ts';

export interface Notes {
  /** A quote was given out. */
  quoted(mark: Mark): void;
  /** An assumption was relied on; said once however often it is used. */
  assume(words: string): void;
  report(): MarketReport;
}

export function notes(): Notes {
  const words = new Set<string>();
  let held = 0;
  let assumed = 0;
  return {
    quoted(mark) {
      if (mark === 'held') held++;
      if (mark === 'assumed') assumed++;
    },
    assume: (text) => void words.add(text),
    report: () => ({ heldQuotes: held, assumedQuotes: assumed, assumptions: [...words].sort() }),
  };
}
