// The way from a session's open to its close, as quotes and bars see it.
import { MINUTE, SECOND } from '../../domain/time.ts';
import type { MarketBar } from '../market.ts';
import type { DailyPath } from './daily-path.ts';
import { streamOf } from './draws.ts';
import { type MinutePath, minutePath, type Profile, profileOf } from './minute-path.ts';
import type { Moment, SessionIndex } from './session-index.ts';

export interface Intraday {
  /** Log of the price at a moment: constant over each second, the close at the closing instant. */
  at(moment: Moment): number;
  /** A session's bar, whole. */
  bar(index: number): MarketBar;
  /** A running session's bar so far; the whole bar at the closing instant. */
  barSoFar(moment: Moment): MarketBar;
  /** The minute bars of a session that start in [from, to] and have ended by `asOf`. */
  minutes(index: number, from: number, to: number, asOf: number): readonly MarketBar[];
}

/** Sessions of minutes kept per name: the present one and a few that a history request walked through. */
const KEPT = 4;

const cents = (log: number): number => Math.round(Math.exp(log) * 100) * 10_000;

/** Whole minutes and seconds since the open. */
function elapsed(moment: Moment): readonly [number, number] {
  const seconds = Math.floor((moment.at - moment.session.open) / SECOND);
  return [Math.floor(seconds / 60), seconds % 60];
}

/** Sessions' minutes on demand, the last few kept. */
function minuteStore(seed: number, path: DailyPath, minutesIn: (index: number) => number): (index: number) => MinutePath {
  const { symbol } = path.name;
  const streams = {
    minutes: streamOf(seed, `${symbol}/minutes`),
    seconds: streamOf(seed, `${symbol}/seconds`),
    volumes: streamOf(seed, `${symbol}/minute-volumes`),
  };
  const profiles = new Map<number, Profile>();
  const kept = new Map<number, MinutePath>();
  return (index) => {
    const found = kept.get(index);
    if (found !== undefined) return found;
    const count = minutesIn(index);
    const profile = profiles.get(count) ?? profileOf(count);
    profiles.set(count, profile);
    const made = minutePath(profile, path.step(index), streams, index);
    if (kept.size >= KEPT) kept.delete(kept.keys().next().value as number);
    kept.set(index, made);
    return made;
  };
}

/** Highest and lowest log price of minutes [0, whole) and of the running minute's seconds [0, seconds]. */
function extent(found: MinutePath, whole: number, seconds: number): readonly [number, number] {
  let high = found.points[0] as number;
  let low = high;
  for (let m = 0; m < whole; m++) {
    high = Math.max(high, found.highs[m] as number);
    low = Math.min(low, found.lows[m] as number);
  }
  for (let s = 0; s <= seconds; s++) {
    const price = found.second(whole, s);
    high = Math.max(high, price);
    low = Math.min(low, price);
  }
  return [high, low];
}

/** @param midnight the New York midnight of a session's day, which daily bars carry */
export function intraday(seed: number, path: DailyPath, sessions: SessionIndex, midnight: (index: number) => number): Intraday {
  const minutesIn = (index: number): number => {
    const { open, close } = sessions.session(index);
    return Math.round((close - open) / MINUTE);
  };
  const minutesOf = minuteStore(seed, path, minutesIn);
  const bars = new Map<number, MarketBar>();

  function sum(index: number, whole: number, seconds: number): MarketBar {
    const found = minutesOf(index);
    const [high, low] = extent(found, whole, seconds);
    const before = found.tradedBefore(whole);
    const traded = before + (seconds / 60) * (found.tradedBefore(whole + 1) - before);
    return {
      at: midnight(index),
      day: sessions.session(index).day,
      open: cents(found.points[0] as number),
      high: cents(high),
      low: cents(low),
      close: cents(found.second(whole, seconds)),
      volume: Math.floor(path.step(index).volume * traded),
    };
  }
  function bar(index: number): MarketBar {
    const found = bars.get(index) ?? sum(index, minutesIn(index), 0);
    bars.set(index, found);
    return found;
  }
  return {
    at: (moment) => minutesOf(moment.index).second(...elapsed(moment)),
    bar,
    barSoFar: (moment) => (moment.fraction >= 1 ? bar(moment.index) : sum(moment.index, ...elapsed(moment))),
    minutes(index, from, to, asOf) {
      const { open, day } = sessions.session(index);
      const found = minutesOf(index);
      const { volume } = path.step(index);
      const result: MarketBar[] = [];
      for (let m = 0; m < found.count; m++) {
        const at = open + m * MINUTE;
        if (at < from || at > to) continue;
        if (at + MINUTE > asOf) break;
        const traded = Math.floor(volume * found.tradedBefore(m + 1)) - Math.floor(volume * found.tradedBefore(m));
        const [first, high, low, last] = [found.points[m], found.highs[m], found.lows[m], found.points[m + 1]] as [
          number,
          number,
          number,
          number,
        ];
        result.push({ at, day, open: cents(first), high: cents(high), low: cents(low), close: cents(last), volume: traded });
      }
      return result;
    },
  };
}
