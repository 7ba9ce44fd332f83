// What the engine is built from: configuration and the read-only services it asks. No clock, no I/O.
import type { Symbol } from '../domain/ids.ts';
import type { Price } from '../domain/money.ts';
import type { Now } from '../domain/time.ts';
import type { Calendar } from '../market/calendar.ts';
import type { MarketView } from '../market/view.ts';
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
  readonly limits: RiskLimits;
  /** The board as of now, frozen for the length of a turn by the turn being synchronous. */
  readonly market: (now: Now) => MarketView;
  /** Price grid of a symbol at a price, micros. */
  readonly tick: (symbol: Symbol, price: Price) => Price;
}
