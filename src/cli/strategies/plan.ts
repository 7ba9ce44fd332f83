// When each slot of each strategy is rehearsed.
import type { StrategyConfig } from '../../config/load.ts';
import type { EpochMs } from '../../domain/time.ts';
import type { Calendar } from '../../market/calendar.ts';
import { nextInstant } from '../../market/schedule.ts';
import type { Slot } from '../../strategies/strategy.ts';
import type { Cue } from './rehearsal.ts';

/** A slot that no session of a week has is rehearsed at the present instant. */
const SESSIONS_AHEAD = 5;

export interface Planned {
  readonly of: StrategyConfig;
  readonly slot: Slot;
  readonly at: EpochMs;
}

/** The next instant of a slot; the present one where no session of the next week has it. */
function nextOf(slot: Slot, calendar: Calendar, now: EpochMs): EpochMs {
  const first = calendar.currentOrNext(now);
  for (let n = 0; n <= SESSIONS_AHEAD; n++) {
    const at = nextInstant(slot, n === 0 ? first : calendar.offset(first.day, n), now);
    if (at !== undefined) return at;
  }
  return now;
}

/** Each slot of each strategy once: where time can be moved at its next instant, soonest first, else now. What is held is managed right after. */
export function planned(strategies: readonly StrategyConfig[], calendar: Calendar, now: EpochMs, hops: boolean): readonly Planned[] {
  const plans = strategies.flatMap((of, order) => {
    const slots = of.strategy.schedule(of.params);
    const at = (slot: Slot): EpochMs => (hops ? nextOf(slot, calendar, now) : now);
    const asked = slots.filter(({ phase }) => phase !== 'manage').map((slot) => ({ of, slot, at: at(slot), order }));
    const first = asked.toSorted((a, b) => a.at - b.at)[0]?.at ?? now;
    return [...asked, ...slots.filter(({ phase }) => phase === 'manage').map((slot) => ({ of, slot, at: first, order }))];
  });
  return plans.toSorted((a, b) => a.at - b.at || a.order - b.order);
}

export const cueOf = ({ of, slot, at }: Planned): Cue => ({ strategy: of.strategy.id, phase: slot.phase, slot: slot.name, slotAt: at });
