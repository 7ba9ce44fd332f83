// What is remembered between two looks at equity, in this process alone: a restart begins to look anew.
import type { Symbol } from '../domain/ids.ts';
import type { LadderStep } from '../domain/losses.ts';
import type { Usd } from '../domain/money.ts';
import type { Known } from '../domain/reasons.ts';
import type { MonoMs } from '../domain/time.ts';
import type { LossFigures } from '../risk/losses.ts';

/** The last market seen of what is held, micros a share; the broker's own mark, on both sides, where nothing is quoted to us. */
export interface LastTouch {
  readonly bid: number;
  readonly ask: number;
  /** Wall instant of the market itself. */
  readonly at: MonoMs;
}

/** The whole account by our own marks; market values are signed. */
export interface Valuation {
  readonly equity: Usd;
  readonly long: Usd;
  readonly short: Usd;
  readonly options: Usd;
  readonly unrealised: Usd;
}

/** The last look. */
export interface Look {
  readonly at: MonoMs;
  readonly ours: Known<Valuation>;
  readonly figures: LossFigures;
  readonly dayPnl: Known<Usd>;
}

export interface LossWatch {
  readonly touches: Map<Symbol, LastTouch>;
  look: Look | null;
  /** The step that was last said. */
  step: LadderStep | null;
  /** Value of a unit as last reckoned. */
  nav: number | null;
  /** When our own equity was last known, and whether its absence was said. */
  knownAt: MonoMs | null;
  stale: boolean;
  /** The last row that was kept: its minute of exchange time, and when. */
  row: { readonly minute: number; readonly at: MonoMs } | null;
  /** What of a turn has been looked at already. */
  counted: { readonly seq: number; readonly rows: number; readonly closures: number };
  /** Value at risk (99 %) of the book as last reckoned; null where that was not known. */
  var99: Usd | null;
  /** Since when the stream of quotes is gone. */
  quotesDownSince: MonoMs | null;
}

export const newLossWatch = (): LossWatch => ({
  touches: new Map(),
  look: null,
  step: null,
  nav: null,
  knownAt: null,
  stale: false,
  row: null,
  counted: { seq: 0, rows: 0, closures: 0 },
  var99: null,
  quotesDownSince: null,
});
