// The slots that most strategies have: a cadence of looking for entries, and one of managing what is held.
import type { Slot } from '../strategy.ts';

const FIRST_MINUTE = 1;
const LAST_MINUTE = 1;

type Named = Pick<Slot, 'name' | 'phase'>;

const within = (slot: Named, everyMs: number, afterOpen: number, beforeClose: number): Slot => ({
  ...slot,
  everyMs,
  start: { from: 'open', minutes: afterOpen },
  end: { from: 'close', minutes: -beforeClose },
});

/** Entries every `everyMs` exchange milliseconds, from so many minutes after the open until so many before the close. */
export const entering = (everyMs: number, afterOpen: number, beforeClose: number): Slot =>
  within({ name: 'entry', phase: 'entry' }, everyMs, afterOpen, beforeClose);

/** Management every `everyMs` exchange milliseconds, through the whole session but its first and last minute unless told otherwise. */
export const managing = (everyMs: number, afterOpen = FIRST_MINUTE, beforeClose = LAST_MINUTE): Slot =>
  within({ name: 'manage', phase: 'manage' }, everyMs, afterOpen, beforeClose);
