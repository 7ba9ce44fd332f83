// What a data stream has to say since the last time, whatever it is a stream of.
import { MINUTE } from '../../domain/time.ts';
import type { Channel } from './data-subscriptions.ts';
import { kept } from './kept.ts';

export interface DataFrame {
  readonly channel: Channel;
  /** Goes to whoever asked for one of these, or for all. */
  readonly symbols: readonly string[];
  readonly fields: Readonly<Record<string, unknown>>;
  /** Its instants by key, UTC milliseconds, to be written as the client's encoding has them. */
  readonly stamps: Readonly<Record<string, number>>;
}

/**
 * The symbols of a channel over all subscriptions, sorted, without `*`; and whether anybody asked for `*`. The same function, and the
 * same answer of it, for as long as nobody's wishes change: what follows from them may be kept by it.
 */
export type Asked = (channel: Channel) => { readonly names: readonly string[]; readonly all: boolean };

export interface DataFeed {
  /** Frames up to an instant for all that is asked for. */
  next(now: number, asked: Asked): readonly DataFrame[];
}

/** Something unchanged that is still being renewed is repeated, and something costly looked up, at most this often, in wall time. */
export const REPEAT_MS = 250;
/** After a jump of the clock, minutes older than this are history: they are to be read, not streamed. */
const OLDEST_MINUTE = 30 * MINUTE;

/** The symbols a feed looks at, of those asked for; chosen once a channel for as long as nobody's wishes change. */
export function chosen(choose: (asked: ReturnType<Asked>) => readonly string[]): (asked: Asked, channel: Channel) => readonly string[] {
  let present: { readonly asked: Asked; readonly of: (channel: Channel) => readonly string[] } | undefined;
  return (asked, channel) => {
    if (present?.asked !== asked) present = { asked, of: kept((one: Channel) => choose(asked(one))) };
    return present.of(channel);
  };
}

/** Of a feed that is not always to be asked: calls that come sooner after the last one than `REPEAT_MS` of wall time are left out. */
export function paced(speed: () => number): (now: number) => boolean {
  let last: number | undefined;
  return (now) => {
    if (last !== undefined && now - last < REPEAT_MS * speed()) return false;
    last = now;
    return true;
  };
}

/** The whole minutes that have ended since the last call: [from, to), empty on the first. */
export function endedMinutes(): (now: number) => { readonly from: number; readonly to: number } {
  let until: number | undefined;
  return (now) => {
    const to = now - (now % MINUTE);
    const from = Math.max(until ?? to, to - OLDEST_MINUTE);
    until = to;
    return { from, to };
  };
}

/** A stream of something that this exchange does not have: it is subscribed to, and nothing comes. */
export const silentFeed: DataFeed = { next: () => [] };

/** The same, this many milliseconds late. */
export const delayedFeed = (feed: DataFeed, lag: number): DataFeed => ({ next: (now, asked) => feed.next(now - lag, asked) });
