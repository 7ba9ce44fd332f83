// Volume of the last bars against the same clock slots of earlier sessions: an open is always busy, a busy open is news.
import { absent, type Known, known } from '../domain/reasons.ts';
import type { Calendar, Session } from './calendar.ts';
import type { Bar } from './quote.ts';

/** Sessions looked back over, and how many of them must have the slots. */
const SESSIONS = 20;
const SESSIONS_MIN = 15;

/** The place of the first bar that starts at an instant or later. */
function firstFrom(bars: readonly Bar[], at: number): number {
  let [low, high] = [0, bars.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((bars[middle]?.at ?? at) < at) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** What was traded in the slots of a session, distances from its open, oldest first; undefined when one of them has no bar. */
function volumeIn(bars: readonly Bar[], { open }: Session, slots: readonly number[]): number | undefined {
  let sum = 0;
  let place = firstFrom(bars, open + (slots[0] ?? 0));
  for (const slot of slots) {
    while ((bars[place]?.at ?? Infinity) < open + slot) place += 1;
    const bar = bars[place];
    if (bar?.at !== open + slot) return undefined;
    sum += bar.volume;
  }
  return sum;
}

/**
 * RVOL(t, k): the volume of the last `k` bars of the newest session over the mean volume of the same clock slots in the
 * previous 20 sessions, half days left out. A session in which one of the slots has no bar is not counted.
 * @param bars completed regular bars of one length, oldest first, the newest session last
 * @param k bars looked at, 1 or more
 * @returns BARS_MISSING without bars, BARS_SHORT when the newest session has fewer than `k`, RVOL_HISTORY_SHORT when fewer
 * than 15 sessions count or nothing was traded in them
 */
export function relativeVolume(bars: readonly Bar[], k: number, calendar: Calendar): Known<number> {
  const newest = bars.at(-1);
  const session = newest === undefined ? undefined : calendar.session(newest.day);
  if (newest === undefined || session === undefined) return absent('BARS_MISSING', 'no bar to take the volume of');
  const recent = bars.slice(-k).filter((bar) => bar.day === session.day);
  if (recent.length < k)
    return absent('BARS_SHORT', `${String(recent.length)} bars of ${session.day} so far, the volume of ${String(k)} is asked for`);
  const slots = recent.map((bar) => bar.at - session.open);
  const sums: number[] = [];
  for (let back = 1; back <= SESSIONS; back++) {
    const before = calendar.offset(session.day, -back);
    const sum = before.early ? undefined : volumeIn(bars, before, slots);
    if (sum !== undefined) sums.push(sum);
  }
  const mean = sums.reduce((sum, volume) => sum + volume, 0) / Math.max(1, sums.length);
  if (sums.length < SESSIONS_MIN || mean === 0)
    return absent(
      'RVOL_HISTORY_SHORT',
      `${String(sums.length)} of the last ${String(SESSIONS)} sessions have volume in these slots, needed are ${String(SESSIONS_MIN)}`,
    );
  return known(recent.reduce((sum, bar) => sum + bar.volume, 0) / mean);
}
