// What the engine is built from: configuration and the read-only services it asks. No clock, no I/O.
import type { Symbol } from '../domain/ids.ts';
import type { Price } from '../domain/money.ts';
import type { Now } from '../domain/time.ts';
import type { ExecutionBudgets } from '../execution/budgets.ts';
import type { Calendar } from '../market/calendar.ts';
import type { MarketView } from '../market/view.ts';
import type { Approvals } from '../risk/conduct.ts';
import type { Relimit } from '../risk/limit-keys.ts';
import type { RiskLimits } from '../risk/limits.ts';
import type { AnyStrategy } from '../strategies/strategy.ts';

export interface Enlisted {
  readonly strategy: AnyStrategy;
  /** Parsed by the strategy's own schema. */
  readonly params: unknown;
  /** False: it opens nothing, but what it holds is still managed. */
  readonly enabled: boolean;
  /** Left out of this run by name: no switch lets it open. */
  readonly leftOut?: boolean;
}

export interface World {
  readonly strategies: readonly Enlisted[];
  readonly calendar: Calendar;
  /** As configured; in a turn, as they stand after what people set. */
  readonly limits: RiskLimits;
  /** The limits with some set anew; absent where nobody can set any. */
  readonly relimit?: Relimit;
  /** How far each strategy may go; absent where nobody keeps approvals. */
  readonly approvals?: Approvals;
  /** Sector by ticker; a name that is not listed has none that is known. */
  readonly sectors?: ReadonlyMap<string, string>;
  /** What the broker's answers may take; absent where nothing is sent. */
  readonly execution?: ExecutionBudgets;
  /** The board as of now, frozen for the length of a turn by the turn being synchronous. */
  readonly market: (now: Now) => MarketView;
  /** Price grid of a symbol at a price, micros. */
  readonly tick: (symbol: Symbol, price: Price) => Price;
}
