// The price and volume of one scripted name: straight lines between the anchors of a session, minute by minute, before it the closes.
import { ensure } from '../../../src/base/assert.ts';
import { epochMs, MINUTE, SECOND, type TradingDay } from '../../../src/domain/time.ts';
import type { MarketBar } from '../../../src/exchange/market.ts';
import type { Session } from '../../../src/market/calendar.ts';
import { at, calendar, type Day, minutesIn, sessionAfter, sessionOf, sessionsFrom, type Time, type When } from './clock.ts';

/** A price at a New York time of a session, on a whole minute. */
export type Anchor = readonly [Time, number];

export interface PathScript {
  readonly symbol: string;
  /** Closes of the sessions before the story, the eve's last. */
  readonly history: readonly number[];
  /** Past opens that jump from the close before, by day and as a part of it: what a report did. */
  readonly gaps?: Readonly<Record<Day, number>>;
  /** Anchors by session. The first price holds from the open, the last to the close; a session left out stands at the close before it. */
  readonly days: Readonly<Record<Day, readonly Anchor[]>>;
  /** Shares of a usual session, spread as volume is: busy at both ends. 20 million when not said. */
  readonly volume?: number;
  /** Stretches with a multiple of the usual volume: [from, to), times. */
  readonly surges?: readonly (readonly [When, When, number])[];
  /** How far minutes between anchors stray from the straight line, as a part of the price; 0.0002 when not said. */
  readonly wiggle?: number;
  /** Stretches without any quote or trade: [from, to). */
  readonly dark?: readonly (readonly [When, When])[];
}

export interface Path {
  /** Dollars, to the second; undefined outside sessions, in the dark, and before the history. */
  price(instant: number): number | undefined;
  /** Official prices of a session, dollars, whether or not it has come to them yet: who asks must not be told the future. */
  closeOf(day: TradingDay): number | undefined;
  openOf(day: TradingDay): number | undefined;
  dailyBars(from: TradingDay, to: TradingDay, asOf: number): readonly MarketBar[];
  minuteBars(from: number, to: number, asOf: number): readonly MarketBar[];
}

interface SessionPath {
  readonly session: Session;
  /** Dollars between minutes: one more than there are minutes. */
  readonly points: readonly number[];
  readonly volumes: readonly number[];
}

const USUAL_VOLUME = 20_000_000;
const WIGGLE = 0.0002;
/** Strays add up to nothing, so that no minute drifts. */
const strays = [0.6, -0.4, 1, -0.8, 0.3, -1, 0.7, -0.4] as const;
/** Micros, on the cent. */
const cents = (dollars: number): number => Math.round(dollars * 100) * 10_000;

/** 1 at midday, 3 at the open and at the close. */
const bustle = (part: number): number => 1 + 2 * (2 * part - 1) ** 2;

/** The days that have a path: their anchors in minutes after the open. */
type Plan = ReadonlyMap<TradingDay, readonly (readonly [minute: number, price: number])[]>;

function minuteOf(session: Session, time: Time, symbol: string): number {
  const minute = (at(`${session.day} ${time}`) - session.open) / MINUTE;
  if (!Number.isInteger(minute) || minute < 0 || minute > minutesIn(session))
    throw new Error(`${symbol}: ${session.day} ${time} is not a minute of that session`);
  return minute;
}

function planOf({ symbol, history, gaps = {}, days }: PathScript, from: Day, to: Day): Plan {
  const plan = new Map<TradingDay, readonly (readonly [number, number])[]>();
  let last: number | undefined;
  for (const [i, close] of history.entries()) {
    const session = sessionOf(sessionAfter(from, i - history.length));
    const open = (last ?? close) * (1 + (gaps[session.day] ?? 0));
    plan.set(session.day, [
      [0, open],
      [minutesIn(session), close],
    ]);
    last = close;
  }
  const story = sessionsFrom(from, to);
  for (const day of Object.keys(days))
    if (!story.some((s) => s.day === day)) throw new Error(`${symbol}: ${day} is no session of the story`);
  for (const session of story) {
    const anchors = days[session.day]?.map(([time, price]) => [minuteOf(session, time, symbol), price] as const);
    if (anchors?.some(([minute], i) => i > 0 && minute <= (anchors[i - 1]?.[0] ?? 0)) === true)
      throw new Error(`${symbol}: the anchors of ${session.day} are not in order`);
    const own = anchors ?? [[0, ensure(last, `${symbol}: a price on ${session.day}, or a history before it`)] as const];
    plan.set(session.day, own);
    last = own.at(-1)?.[1];
  }
  return plan;
}

/** The price on a straight line between anchors, flat before the first and after the last. */
function onLine(anchors: readonly (readonly [number, number])[], minute: number): number {
  const next = anchors.findIndex(([m]) => m >= minute);
  const [m2, p2] = ensure(next === -1 ? anchors.at(-1) : anchors[next], 'an anchor');
  const [m1, p1] = anchors[next - 1] ?? [m2, p2];
  return next <= 0 || m2 === m1 ? p2 : p1 + ((minute - m1) / (m2 - m1)) * (p2 - p1);
}

type Spans = readonly (readonly [from: number, to: number, times: number])[];

function walk(script: PathScript, surges: Spans, session: Session, anchors: readonly (readonly [number, number])[]): SessionPath {
  const { volume = USUAL_VOLUME, wiggle = WIGGLE } = script;
  const count = minutesIn(session);
  const exact = new Set([0, count, ...anchors.map(([minute]) => minute)]);
  const points = Array.from({ length: count + 1 }, (_, m) => {
    const stray = exact.has(m) ? 0 : wiggle * (strays[m % strays.length] ?? 0);
    return onLine(anchors, m) * (1 + stray);
  });
  const weights = Array.from({ length: count }, (_, m) => bustle((m + 0.5) / count));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const times = (instant: number): number => surges.find(([a, b]) => instant >= a && instant < b)?.[2] ?? 1;
  const volumes = weights.map((weight, m) => Math.round(((volume * weight) / total) * times(session.open + m * MINUTE)));
  return { session, points, volumes };
}

/** Of minutes [0, whole) and of the running one up to a part of it. */
function barOf({ session, points, volumes }: SessionPath, whole: number, part: number): MarketBar {
  const here = (points[whole] ?? 0) + part * ((points[whole + 1] ?? 0) - (points[whole] ?? 0));
  const seen = [...points.slice(0, whole + 1), here];
  const traded = volumes.slice(0, whole).reduce((sum, v) => sum + v, 0) + part * (volumes[whole] ?? 0);
  return {
    at: calendar.instant(session.day, 0, 0),
    day: session.day,
    open: cents(points[0] ?? 0),
    high: cents(Math.max(...seen)),
    low: cents(Math.min(...seen)),
    close: cents(here),
    volume: Math.floor(traded),
  };
}

function minuteBar({ session, points, volumes }: SessionPath, m: number): MarketBar {
  const [open, close] = [cents(points[m] ?? 0), cents(points[m + 1] ?? 0)];
  const [high, low] = [Math.max(open, close), Math.min(open, close)];
  return { at: session.open + m * MINUTE, day: session.day, open, high, low, close, volume: volumes[m] ?? 0 };
}

/** @param from first session of the story @param to its last: afterwards the price stands still */
export function pathOf(script: PathScript, from: Day, to: Day): Path {
  const plan = planOf(script, from, to);
  const dark = (script.dark ?? []).map(([a, b]) => [at(a), at(b)] as const);
  const isDark = (instant: number): boolean => dark.some(([a, b]) => instant >= a && instant < b);
  const surges = (script.surges ?? []).map(([a, b, times]) => [at(a), at(b), times] as const);
  const last = [...plan.values()].at(-1)?.at(-1)?.[1];
  const walked = new Map<TradingDay, SessionPath>();
  const whole = new Map<TradingDay, MarketBar>();
  const sessionPath = (session: Session): SessionPath | undefined => {
    const known = walked.get(session.day);
    if (known !== undefined) return known;
    const anchors = plan.get(session.day) ?? (session.day > to && last !== undefined ? [[0, last] as const] : undefined);
    if (anchors === undefined) return undefined;
    const made = walk(script, surges, session, anchors);
    walked.set(session.day, made);
    return made;
  };
  const elapsed = (session: Session, instant: number): readonly [number, number] => {
    const seconds = Math.floor((Math.min(instant, session.close) - session.open) / SECOND);
    return [Math.floor(seconds / 60), (seconds % 60) / 60];
  };
  const wholeBar = (found: SessionPath): MarketBar => {
    const { day } = found.session;
    const known = whole.get(day) ?? barOf(found, minutesIn(found.session), 0);
    whole.set(day, known);
    return known;
  };
  const edge = (day: TradingDay, pick: (points: readonly number[]) => number | undefined): number | undefined => {
    const session = calendar.session(day);
    const found = session === undefined ? undefined : sessionPath(session);
    return found === undefined ? undefined : pick(found.points);
  };
  return {
    price(instant) {
      const session = calendar.session(calendar.dayOf(epochMs(instant)));
      if (session === undefined || instant < session.open || instant > session.close || isDark(instant)) return undefined;
      const found = sessionPath(session);
      if (found === undefined) return undefined;
      const [minute, part] = elapsed(session, instant);
      const here = found.points[minute] ?? 0;
      return here + part * ((found.points[minute + 1] ?? here) - here);
    },
    openOf: (day) => edge(day, (points) => points[0]),
    closeOf: (day) => edge(day, (points) => points.at(-1)),
    dailyBars: (first, until, asOf) =>
      calendar.between(first, until).flatMap((session) => {
        const found = session.open <= asOf ? sessionPath(session) : undefined;
        if (found === undefined) return [];
        return [session.close <= asOf ? wholeBar(found) : barOf(found, ...elapsed(session, asOf))];
      }),
    minuteBars: (first, until, asOf) =>
      calendar.between(calendar.dayOf(epochMs(first)), calendar.dayOf(epochMs(Math.min(until, asOf)))).flatMap((session) => {
        const found = session.open <= asOf ? sessionPath(session) : undefined;
        if (found === undefined) return [];
        const from = Math.max(0, Math.ceil((first - session.open) / MINUTE));
        const end = Math.min(found.volumes.length, Math.floor((Math.min(until, session.close) - session.open) / MINUTE) + 1);
        const ended = Math.min(end, Math.floor((asOf - session.open) / MINUTE));
        return Array.from({ length: Math.max(0, ended - from) }, (_, i) => minuteBar(found, from + i)).filter((bar) => !isDark(bar.at));
      }),
  };
}
