// Which strikes an expiry has on a session: a coarse grid far out, a fine one near the money once the expiry is near.
import { addDays } from '../../domain/time.ts';
import type { DailyPath } from './daily-path.ts';
import type { SessionIndex } from './session-index.ts';

export interface ListedStrike {
  /** Dollars. */
  readonly strike: number;
  /** True on the coarse grid. */
  readonly round: boolean;
}

/** Dollars between strikes near the money and further out. */
interface Grid {
  readonly fine: number;
  readonly coarse: number;
}

/** Grids as exchanges draw them; funds with daily expiries list every dollar. */
function gridFor(spot: number, dailies: boolean): Grid {
  if (dailies) return { fine: 1, coarse: 5 };
  if (spot < 60) return { fine: 0.5, coarse: 1 };
  if (spot < 110) return { fine: 1, coarse: 5 };
  if (spot < 250) return { fine: 2.5, coarse: 5 };
  return { fine: 5, coarse: 10 };
}

const COARSE_REACH = 0.32;
const FINE_REACH = 0.14;
/** Fine strikes are added when an expiry comes this near. */
const FINE_DAYS = 60;

/** Closes between two sessions, both included: their lowest and highest. */
function range(path: DailyPath, from: number, to: number): readonly [number, number] {
  let low = Infinity;
  let high = -Infinity;
  for (let i = Math.max(0, from); i <= to; i++) {
    low = Math.min(low, path.step(i).close);
    high = Math.max(high, path.step(i).close);
  }
  return [Math.exp(low), Math.exp(high)];
}

function* multiples(step: number, low: number, high: number): Iterable<number> {
  for (let n = Math.max(1, Math.ceil(low / step)); n * step <= high; n++) yield n * step;
}

/**
 * Strikes of an expiry listed by a session, ascending: those around the closes from the listing to the session before. The set only grows,
 * and uses no close that was not known on the session's morning.
 * @param expiry number of the session on which the contracts expire
 */
export function strikesOf(
  path: DailyPath,
  sessions: SessionIndex,
  expiry: number,
  listedFrom: number,
  session: number,
): readonly ListedStrike[] {
  const last = Math.min(session, expiry) - 1;
  const grid = gridFor(Math.exp(path.step(Math.max(0, listedFrom - 1)).close), path.name.dailies);
  const [low, high] = range(path, listedFrom - 1, last);
  const all = new Map<number, boolean>();
  for (const strike of multiples(grid.coarse, low * (1 - COARSE_REACH), high * (1 + COARSE_REACH))) all.set(strike, true);
  const near = Math.max(listedFrom, sessions.from(addDays(sessions.session(expiry).day, -FINE_DAYS)));
  if (session >= near) {
    const [lowNear, highNear] = range(path, near - 1, last);
    for (const strike of multiples(grid.fine, lowNear * (1 - FINE_REACH), highNear * (1 + FINE_REACH))) {
      if (!all.has(strike)) all.set(strike, false);
    }
  }
  return [...all].map(([strike, round]) => ({ strike, round })).sort((a, b) => a.strike - b.strike);
}
