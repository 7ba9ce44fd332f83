// Short days for tests: from a quarter past three, so that little is left of the day.
import { type SwarmOptions, untroubled } from '../../src/lab/swarm.ts';

/** A calm afternoon; `parts` says what is different. */
export const afternoon = (parts: Partial<SwarmOptions> = {}): SwarmOptions => ({
  seed: 7,
  days: 1,
  speed: 60,
  startSession: 0,
  startMinutes: 345,
  ends: 'afternoon',
  wheel: {
    universe: ['F'],
    iv_rank_min: 0,
    trend_sessions: 50,
    new_names_per_day: 2,
    entry_minutes_after_open: [45, 210],
    entry_cap_part: 1,
  },
  also: [],
  universes: {},
  listing: 'full',
  ...untroubled,
  ...parts,
});

/** A wheel that sells what it can, some days out, whatever the premium. */
export const hasty: SwarmOptions['wheel'] = {
  universe: ['PFE', 'BAC'],
  iv_rank_min: 0,
  trend_sessions: 20,
  credit_min_usd: 5,
  yield_min: 0,
  dte_min: 2,
  dte_target: 5,
  dte_max: 9,
  put_delta_target: 0.45,
  put_delta_max: 0.6,
  entry_cap_part: 1,
};
