// How the venue treats orders: how fast it is, how much of a touch it gives, what it refuses. One named object a behaviour.
import type { Rng } from '../../base/rng.ts';
import type { XOrder } from '../types.ts';

export const fillModelNames = ['exact', 'paper', 'adverse'] as const;
export type FillModelName = (typeof fillModelNames)[number];

/** Exchange milliseconds from submission to the venue's word and to the first attempt, and from a cancel to its confirmation. */
export interface VenueDelays {
  readonly ack: number;
  /** Later than `ack`: an order is known before it trades. */
  readonly match: number;
  readonly cancel: number;
}

/**
 * Whatever it answers depends on the order's own stream of chance alone. Every model crosses the spread: a taker pays the touch, and a
 * limit that had to wait fills at its own price, never better.
 */
export interface FillModel {
  readonly name: FillModelName | 'house';
  /** An execution takes no more than the touch shows, less what others of this exchange took of it; else any size trades at the touch. */
  readonly displayedSizes: boolean;
  /** A limit that waits has what was shown at its price before it ahead of it. */
  readonly queues: boolean;
  delays(rng: Rng): VenueDelays;
  /** Units that fill before the rest does; null when it fills in one piece as far as the touch allows. */
  firstPart(units: number, rng: Rng): number | null;
  /** Why the venue turns the order down when it arrives; null when it does not. */
  refusal(rng: Rng): string | null;
  /** Milliseconds from the guarantee of a trade to its print, while the order is `stopped`; null when it prints at once. */
  stopped(rng: Rng): number | null;
  /** An order that meets a halt is `suspended` until it ends, and one that lives through the night is `done_for_day` and then `calculated`. */
  readonly tellsPauses: boolean;
}

const PROMPT: VenueDelays = { ack: 10, match: 30, cancel: 20 };

/** One in `in` of the orders that can, fills in two parts. */
const sometimesInParts = (units: number, rng: Rng, oneIn: number): number | null => (rng.chance(1, oneIn) ? rng.int(1, units - 1) : null);

/** Nothing is left to chance: the touch as it is shown, and the queue before a limit that waits. */
const exact: FillModel = {
  name: 'exact',
  displayedSizes: true,
  queues: true,
  delays: () => PROMPT,
  firstPart: () => null,
  refusal: () => null,
  stopped: () => null,
  tellsPauses: false,
};

/** As the broker documents its paper accounts: size is not compared with the touch, there is no queue, one order in ten fills in two parts. */
const paper: FillModel = {
  name: 'paper',
  displayedSizes: false,
  queues: false,
  delays: () => PROMPT,
  firstPart: (units, rng) => sometimesInParts(units, rng, 10),
  refusal: () => null,
  stopped: () => null,
  tellsPauses: false,
};

/** One acknowledgement in this many is slow, and one order in this many is turned down. */
const SLOW_ONE_IN = 5;
const REFUSED_ONE_IN = 25;
/** One trade in this many is guaranteed before it is printed, and is printed this many milliseconds later. */
const STOPPED_ONE_IN = 15;
const PRINT_MS = { least: 200, most: 2_000 };

/** A bad day: slow acknowledgements and cancels that fills overtake, parts, and orders turned down for no reason of theirs. */
const adverse: FillModel = {
  name: 'adverse',
  displayedSizes: true,
  queues: true,
  delays(rng) {
    const slow = rng.chance(1, SLOW_ONE_IN);
    const ack = slow ? rng.int(500, 5_000) : rng.int(20, 250);
    return { ack, match: ack + rng.int(20, 500), cancel: slow ? rng.int(500, 5_000) : rng.int(20, 400) };
  },
  firstPart: (units, rng) => sometimesInParts(units, rng, 3),
  refusal: (rng) => (rng.chance(1, REFUSED_ONE_IN) ? 'rejected by the venue' : null),
  stopped: (rng) => (rng.chance(1, STOPPED_ONE_IN) ? rng.int(PRINT_MS.least, PRINT_MS.most) : null),
  tellsPauses: true,
};

export const fillModels: Readonly<Record<FillModelName, FillModel>> = { exact, paper, adverse };

/** What a house that names no model gives: prompt, without a queue, the rest as it says. */
export const houseFills = (house: { readonly partialFills: boolean; readonly displayedSizes: boolean }): FillModel => ({
  ...paper,
  name: 'house',
  displayedSizes: house.displayedSizes,
  firstPart: house.partialFills ? paper.firstPart : () => null,
});

/** The delays of an order: the same whenever they are asked for. */
export const delaysOf = (model: FillModel, rng: Rng, { ordinal }: Pick<XOrder, 'ordinal'>): VenueDelays =>
  model.delays(rng.fork(`delays:${String(ordinal)}`));
