// Volume of the last bars against the same clock slots of earlier sessions: an open is always busy, a busy open is news.
import { absent, type Known, known } from '../domain/reasons.ts';
import type { TradingDay } from '../domain/time.ts';
import type { Calendar } from './calendar.ts';
import { groupBy } from './group.ts';
import type { Bar } from './quote.ts';

/** Sessions looked back over, and how many of them must have the slots. */
const SESSIONS = 20;
const SESSIONS_MIN = 15;

/** Minutes and milliseconds are alike here: a slot is a distance from its session's open. */
function volumesBySlot(bars: readonly Bar[], open: number): ReadonlyMap<number, number> {
  return new Map(bars.map((bar) => [bar.at - open, bar.volume]));
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
  const days: ReadonlyMap<TradingDay, readonly Bar[]> = groupBy(bars, (bar) => bar.day);
  const sums: number[] = [];
  for (let back = 1; back <= SESSIONS; back++) {
    const before = calendar.offset(session.day, -back);
    const volumes = before.early ? undefined : volumesBySlot(days.get(before.day) ?? [], before.open);
    if (volumes === undefined || !slots.every((slot) => volumes.has(slot))) continue;
    sums.push(slots.reduce((sum, slot) => sum + (volumes.get(slot) ?? 0), 0));
  }
  const mean = sums.reduce((sum, volume) => sum + volume, 0) / Math.max(1, sums.length);
  if (sums.length < SESSIONS_MIN || mean === 0)
    return absent(
      'RVOL_HISTORY_SHORT',
      `${String(sums.length)} of the last ${String(SESSIONS)} sessions have volume in these slots, needed are ${String(SESSIONS_MIN)}`,
    );
  return known(recent.reduce((sum, bar) => sum + bar.volume, 0) / mean);
}
