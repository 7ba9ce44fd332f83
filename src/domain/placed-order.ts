// An order with the instants of its way to the broker and back, as the journal of turns has them, and the markets it was judged in.
import type { ClientOrderId, StrategyId } from './ids.ts';
import type { Legs } from './legs.ts';
import type { Price, Usd } from './money.ts';
import type { OrderState, OrderType, Purpose } from './order.ts';
import type { EpochMs } from './time.ts';
import type { SeenQuote } from './turn.ts';

/** A turn's two clocks, and the run whose monotonic clock it was: of two runs they cannot be compared. */
export interface TurnInstant {
  readonly seq: number;
  readonly at: EpochMs;
  readonly mono: number;
  readonly run: number;
}

/** What one turn booked of one leg. */
export interface LegExecution {
  readonly legNo: number;
  /** Signed: sold is negative. */
  readonly qty: number;
  /** Signed: paid is negative. */
  readonly cash: Usd;
  /** The turn in which we heard of it. */
  readonly heard: TurnInstant;
}

export interface PlacedOrder {
  readonly id: ClientOrderId;
  readonly strategy: StrategyId;
  readonly purpose: Purpose;
  readonly legs: Legs;
  readonly type: OrderType;
  readonly stop: Price | null;
  readonly state: OrderState;
  /** Broker's or our words for a refusal, rejection or drop. */
  readonly reason: string | null;
  /** Its own judgement, rung by rung; null where no decision of it is on record. */
  readonly decided: TurnInstant | null;
  /** The market it was judged in, the last on record before its bytes left; null where that was not kept. */
  readonly quotes: readonly SeenQuote[] | null;
  /** The market in which the first order of its walk was judged: that of the decision itself. */
  readonly firstQuotes: readonly SeenQuote[] | null;
  /** From here on its bytes may have left; null while none may. */
  readonly submitted: TurnInstant | null;
  /** The first we heard of its being there. */
  readonly acknowledged: TurnInstant | null;
  /** In the order in which they were heard. */
  readonly executions: readonly LegExecution[];
}
