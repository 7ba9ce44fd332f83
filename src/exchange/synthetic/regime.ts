// Kinds of weather for the synthetic market: what a regime does to the sessions from its first day on, and where its clock begins.
import type { EpochMs, TradingDay } from '../../domain/time.ts';
import { DAY } from '../../domain/time.ts';
import type { Calendar, Session } from '../../market/calendar.ts';
import type { SyntheticName } from './names.ts';
import { REFERENCE_DAY } from './session-index.ts';

export const regimeNames = ['calm', 'trend', 'gap', 'crash', 'expiry-day', 'half-day', 'dst-week'] as const;
export type RegimeName = (typeof regimeNames)[number];

export interface RegimeOptions {
  readonly name: RegimeName;
  /** The regime begins with the first session that suits it on or after this day; the reference day when absent. */
  readonly day?: TradingDay;
  /**
   * How strong it is, a fraction: of `calm` the movement that is left (0.35), of `trend` the way of each session (0.006), of `gap` the way
   * from one close to the next open (-0.06), of `crash` the fall of its session (0.09). The others have none.
   */
  readonly size?: number;
}

/** What a regime does to one session of one name; every figure a log but `vol` and `wiggle`, which are factors. */
export interface Tilt {
  /** From the close before to the open. */
  readonly gap: number;
  /** From the open to the close. */
  readonly move: number;
  /** On the chance part of the day's movement. */
  readonly vol: number;
  /** On the movement inside the session. */
  readonly wiggle: number;
  /** Added to the volatility level. */
  readonly tone: number;
}

export interface Regime {
  readonly name: RegimeName;
  readonly day: TradingDay;
  readonly size: number | null;
  /** Five minutes before the open of its first session, UTC milliseconds. */
  readonly start: number;
  /** @param after sessions since its first, negative before it */
  tilt(name: SyntheticName, after: number): Tilt;
}

export const NO_TILT: Tilt = { gap: 0, move: 0, vol: 1, wiggle: 1, tone: 0 };

const BEFORE_OPEN = 5 * 60_000;
/** Sessions that calm and trends last. */
const LASTS = 20;
/** Sessions for which a crash shakes the market after its day. */
const AFTERSHOCKS = 4;

/** Wilder names go further; none less than the regime says. */
const strength = ({ vol }: SyntheticName): number => Math.min(1.6, Math.max(1, vol / 0.25));

type Shape = (size: number, name: SyntheticName, after: number) => Tilt;

const shapes: Readonly<
  Record<RegimeName, { readonly size: number | null; readonly least: number; readonly most: number; readonly shape: Shape }>
> = {
  calm: {
    size: 0.35,
    least: 0,
    most: 1,
    shape: (size, _name, after) => (after < LASTS ? { ...NO_TILT, vol: size, wiggle: size, tone: after === 0 ? -0.3 : 0 } : NO_TILT),
  },
  trend: {
    size: 0.006,
    least: -0.05,
    most: 0.05,
    shape: (size, name, after) => (after < LASTS ? { ...NO_TILT, move: size * strength(name), vol: 0.5 } : NO_TILT),
  },
  gap: {
    size: -0.06,
    least: -0.4,
    most: 0.4,
    shape: (size, name, after) =>
      after === 0 ? { ...NO_TILT, gap: Math.log(1 + size) * strength(name), vol: 0.5, wiggle: 1.5, tone: 0.3 } : NO_TILT,
  },
  crash: {
    size: 0.09,
    least: 0.01,
    most: 0.4,
    shape: (size, name, after) => {
      if (after === 0) return { gap: 0, move: Math.log(1 - size) * strength(name), vol: 0.3, wiggle: 2.5, tone: 0.9 };
      return after <= AFTERSHOCKS ? { ...NO_TILT, vol: 1.5, wiggle: 1.5 } : NO_TILT;
    },
  },
  'expiry-day': { size: null, least: 0, most: 0, shape: () => NO_TILT },
  'half-day': { size: null, least: 0, most: 0, shape: () => NO_TILT },
  'dst-week': { size: null, least: 0, most: 0, shape: () => NO_TILT },
};

/** The time of day in UTC at which a session opens. */
const utcOpen = ({ open }: Session): number => open % DAY;
const weekday = (day: TradingDay): number => new Date(`${day}T00:00:00Z`).getUTCDay();
const dayOfMonth = (day: TradingDay): number => Number(day.slice(8));

/** Whether a session is one with which a regime can begin. */
function suits(name: RegimeName, session: Session, calendar: Calendar): boolean {
  switch (name) {
    case 'half-day':
      return session.early;
    case 'dst-week':
      return utcOpen(session) !== utcOpen(calendar.offset(session.day, 1));
    case 'expiry-day': {
      // The third Friday of a month, when the monthly series of every name end.
      return weekday(session.day) === 5 && dayOfMonth(session.day) >= 15 && dayOfMonth(session.day) <= 21;
    }
    default:
      return true;
  }
}

/** @throws Error for a size that the regime has not, or that is out of its range */
export function regimeOf({ name, day = REFERENCE_DAY, size }: RegimeOptions, calendar: Calendar): Regime {
  const known = shapes[name];
  if (size !== undefined && known.size === null) throw new Error(`regime ${name} has no size: leave it out`);
  if (size !== undefined && (!Number.isFinite(size) || size < known.least || size > known.most))
    throw new Error(`regime ${name}: a size from ${String(known.least)} to ${String(known.most)}, not ${String(size)}`);
  let session = calendar.offset(day, 0);
  while (!suits(name, session, calendar)) session = calendar.offset(session.day, 1);
  const strong = size ?? known.size;
  const start: EpochMs = session.open;
  return {
    name,
    day: session.day,
    size: strong,
    start: start - BEFORE_OPEN,
    tilt: (of, after) => (after < 0 ? NO_TILT : known.shape(strong ?? 0, of, after)),
  };
}
