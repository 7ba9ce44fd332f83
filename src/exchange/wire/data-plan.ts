// What the data subscription of every account includes: feeds, and how much of each a stream may hold.

/** Feeds that a plan may lack. */
export type PaidFeed = 'sip' | 'opra' | 'boats' | 'overnight';

export interface DataPlan {
  /** Symbols a stream of shares may hold in trades and quotes together. */
  readonly stockSymbols: number;
  /** Quotes a stream of options may hold. */
  readonly optionQuotes: number;
  /** Feeds that are refused for want of a subscription: their streams, and over REST what is recent of them. */
  readonly withheld: readonly PaidFeed[];
}

export const dataPlans = {
  /** Every feed, within the limits of the free plan. */
  open: { stockSymbols: 30, optionQuotes: 200, withheld: [] },
  basic: { stockSymbols: 30, optionQuotes: 200, withheld: ['sip', 'opra', 'boats', 'overnight'] },
  plus: { stockSymbols: Number.POSITIVE_INFINITY, optionQuotes: 1000, withheld: [] },
} as const satisfies Readonly<Record<string, DataPlan>>;
