// Wakes the engine for its looks at equity while a session runs, and keeps the level of the volatility index fresh that openings are sized by.
import type { EngineEvent } from '../domain/event.ts';
import { MINUTE, SECOND } from '../domain/time.ts';
import { VOLATILITY_INDEX } from '../engine/loss-sessions.ts';
import type { Board } from '../market/board.ts';
import type { Calendar } from '../market/calendar.ts';
import type { Clock } from '../ports/clock.ts';
import type { Feeder } from './feeder.ts';

export interface LooksOptions {
  readonly clock: Clock;
  readonly board: Board;
  readonly calendar: Calendar;
  readonly feeder: Feeder;
  readonly push: (event: EngineEvent) => void;
}

export interface Looks {
  /** Wall milliseconds between two looks: the engine does nothing where nothing is due. */
  readonly everyMs: number;
  look(): Promise<void>;
  /** Longer where the source has shown no level: it may have none for us. */
  volatilityEveryMs(): number;
  volatility(): Promise<void>;
}

const LEVEL_EVERY_MS = 20 * SECOND;

export function createLooks({ clock, board, calendar, feeder, push }: LooksOptions): Looks {
  let wasOpen = false;
  return {
    everyMs: SECOND,
    look: () => {
      const open = calendar.inSession(clock.now().exchange) !== undefined;
      // Once more after the close: the end of a session is marked.
      if (open || wasOpen) push({ kind: 'wake' });
      wasOpen = open;
      return Promise.resolve();
    },
    volatilityEveryMs: () => (board.indexLevel(VOLATILITY_INDEX) === undefined ? MINUTE : LEVEL_EVERY_MS),
    volatility: () => feeder.indexValues([VOLATILITY_INDEX]),
  };
}
