// This machine's time as the clock port, on virtual globals: what `systemClock` is to a real process.
import { epochMs, monoMs } from '../domain/time.ts';
import type { Clock } from '../ports/clock.ts';
import type { Life } from './virtual-globals.ts';

/** Speed 1; alarms belong to `life` and die with it. */
export const virtualClock = (life: Life): Clock => ({
  now: () => ({ exchange: epochMs(Date.now()), mono: monoMs(performance.now()), speed: 1 }),
  after: (ms, ring) => life.after(Math.max(0, ms), ring),
  wallUntil: (at) => Math.max(0, at - Date.now()),
});
