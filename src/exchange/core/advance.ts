// The passage of time: every instant at which something happens, in order.
import { runTimed } from './day-roll.ts';
import { liquidate, nextLiquidation } from './liquidation.ts';
import { rests } from './matching.ts';
import { nextDue, runDue } from './order-steps.ts';
import { nextExtendedSample, nextSample, nextTimed, samplingStep } from './timeline.ts';
import type { Venue } from './venue.ts';

function anyRests(venue: Venue, extendedOnly: boolean): boolean {
  for (const row of venue.truth.open()) if (rests(row) && (row.order.extendedHours || !extendedOnly)) return true;
  return false;
}

/** Brings the truth up to an instant; nothing for an instant already passed. With no order resting a night is four steps. */
export function advanceTo(venue: Venue, to: number): void {
  const { truth, calendar } = venue;
  const step = samplingStep(to - truth.scalars.at);
  let timed = nextTimed(calendar, truth.scalars.at);
  while (truth.scalars.at < to) {
    const now = truth.scalars.at;
    const sample = anyRests(venue, false) ? nextSample(calendar, now, step) : null;
    const extended = sample !== null && anyRests(venue, true) ? nextExtendedSample(calendar, now, step) : null;
    const sale = nextLiquidation(venue, now);
    const at = Math.max(now, Math.min(to, timed.at, nextDue(venue) ?? to, sample ?? to, extended ?? to, sale ?? to));
    truth.setAt(at);
    runDue(venue, at, at === sample ? 'all' : at === extended ? 'extended' : 'none');
    if (at === sale) liquidate(venue, at);
    if (at !== timed.at) continue;
    runTimed(venue, timed);
    timed = nextTimed(calendar, at);
  }
}

/** The first instant after `after` at which something other than a price will happen. */
export function nextEventAfter(venue: Venue, after: number): number {
  const timed = nextTimed(venue.calendar, after).at;
  const [due, sale] = [nextDue(venue), nextLiquidation(venue, after)];
  return Math.min(timed, due !== null && due > after ? due : timed, sale ?? timed);
}
