// What every answer of a tape draws on: the folder, the calendar, the operator's assumptions, and the notes it leaves.
import type { EpochMs, TradingDay } from '../../domain/time.ts';
import type { Calendar, Session } from '../../market/calendar.ts';
import type { AssumeFile } from './assume.ts';
import type { TapeFolder } from './folder.ts';
import type { Notes } from './notes.ts';

export interface TapeContext {
  readonly folder: TapeFolder;
  readonly calendar: Calendar;
  readonly assume: AssumeFile | undefined;
  readonly notes: Notes;
  /** The New York date of an instant. */
  dayOf(at: number): TradingDay;
  /** The session of the block that is running, its opening and closing instants included; undefined when there is none. */
  running(at: number): Session | undefined;
  /** The last session that has closed by an instant. */
  closed(at: number): Session;
}

export function tapeContext(folder: TapeFolder, calendar: Calendar, assume: AssumeFile | undefined, notes: Notes): TapeContext {
  const { first, last } = folder.block;
  const closed = (at: number): Session => calendar.lastClosed(at as EpochMs);
  return {
    folder,
    calendar,
    assume,
    notes,
    dayOf: (at) => calendar.dayOf(at as EpochMs),
    closed,
    running(at) {
      const before = closed(at);
      const session = before.close === at ? before : calendar.inSession(at as EpochMs);
      return session !== undefined && session.day >= first && session.day <= last ? session : undefined;
    },
  };
}
