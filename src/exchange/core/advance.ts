// The passage of time: every instant at which something happens, in order.
import { runTimed } from './day-roll.ts';
import { rests } from './matching.ts';
import { nextDue, runDue } from './order-steps.ts';
import { nextSample, nextTimed, samplingStep } from './timeline.ts';
import type { Venue } from './venue.ts';

function anyRests(venue: Venue): boolean {
  for (const row of venue.truth.open()) if (rests(row)) return true;
  return false;
}

/** Brings the truth up to an instant; nothing for an instant already passed. With no order resting a night is four steps. */
export function advanceTo(venue: Venue, to: number): void {
  const { truth, calendar } = venue;
  const step = samplingStep(to - truth.scalars.at);
  let timed = nextTimed(calendar, truth.scalars.at);
  while (truth.scalars.at < to) {
    const sample = anyRests(venue) ? nextSample(calendar, truth.scalars.at, step) : null;
    const due = nextDue(venue);
    const at = Math.max(truth.scalars.at, Math.min(to, timed.at, due ?? to, sample ?? to));
    truth.setAt(at);
    runDue(venue, at, at === sample);
    if (at !== timed.at) continue;
    runTimed(venue, timed);
    timed = nextTimed(calendar, at);
  }
}

/** The first instant after `after` at which something other than a price will happen. */
export function nextEventAfter(venue: Venue, after: number): number {
  const timed = nextTimed(venue.calendar, after).at;
  const due = nextDue(venue);
  return due !== null && due > after ? Math.min(due, timed) : timed;
}
