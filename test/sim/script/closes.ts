// Closes of the sessions before a story, in shapes that strategies look for. Shapes are joined by spreading one after another.
import { hash32, seededRng } from '../../../src/base/rng.ts';

const YEAR = 252;

/**
 * A way from one price to another with the daily noise of a volatility; it ends exactly on `to`. The same arguments, the same way.
 * @param sessions how many closes
 * @param vol annual, 0.2 is 20 %: what a realised volatility of these closes comes near to
 */
export function way(sessions: number, from: number, to: number, vol = 0.15): readonly number[] {
  const rng = seededRng(hash32(`${String(sessions)} ${String(from)} ${String(to)} ${String(vol)}`));
  const free: number[] = [];
  for (let i = 0; i < sessions; i++) free.push((free.at(-1) ?? 0) + (vol / Math.sqrt(YEAR)) * rng.normal());
  const end = free.at(-1) ?? 0;
  const drift = Math.log(to / from);
  return free.map((level, i) => {
    const part = (i + 1) / sessions;
    return Math.round(from * Math.exp(part * drift + level - part * end) * 100) / 100;
  });
}

/** The same price on and on. */
export const flat = (sessions: number, price: number): readonly number[] => Array.from({ length: sessions }, () => price);
