// The volatility surface: one level per name and instant, bent by strike, term and the reports that lie ahead.
import { DAY } from '../../domain/time.ts';
import { type DailyPath, reportMove } from './daily-path.ts';
import { RATE } from './names.ts';
import type { Moment } from './session-index.ts';

/** A name at an instant, as its options see it. */
export interface NameView {
  readonly moment: Moment;
  /** Dollars. */
  readonly spot: number;
  /** Log of the volatility level over the name's typical one. */
  readonly tone: number;
}

/** Buyers of options pay for reports somewhat more than reports turn out to move. */
const REPORT_RICHNESS = 1.15;
const MONTH = 30 / 365;
const WEEK = 7 / 365;
/** Strikes further out than this many deviations are priced as if they were there. */
const WIDEST = 4;

export const YEAR = 365 * DAY;

/** Funds on the market carry a steeper skew than single names. */
const slopeOf = (path: DailyPath): number => (path.name.earnings === null ? -0.13 : -0.08);
const CURVE = 0.02;

/** How much of the present tone an option of a term feels: all of it at 30 days, somewhat more below, little at two years. */
const toneWeight = (years: number): number => 1 / (1 + (years - MONTH) / 0.5);

/** Volatility at the forward for a term, reports left out. */
function forwardVol(path: DailyPath, view: NameView, years: number): number {
  return path.name.vol * Math.exp(view.tone * toneWeight(years));
}

/** Sessions left from which an option's variance runs by the calendar alone; with one left it runs by the session alone. */
const WEEK_OF_SESSIONS = 5;
const SESSIONS_A_YEAR = 252;

/**
 * How much faster than the calendar the variance of a short option runs. The share moves while the market is open: the six hours an
 * expiring option has left hold most of a day's movement, and no seller would price them as a quarter of one.
 */
function paceOf({ moment }: NameView, years: number, expiryIndex: number): number {
  if (years <= 0) return 1;
  const left = expiryIndex - moment.index + 1 - moment.fraction;
  const weight = Math.min(1, Math.max(0, (WEEK_OF_SESSIONS - left) / (WEEK_OF_SESSIONS - 1)));
  return 1 + weight * (left / SESSIONS_A_YEAR / years - 1);
}

/**
 * The volatility that prices one option, on the clock of calendar years.
 * @param strike dollars
 * @param years to expiry, above 0
 * @param expiryIndex number of the session on which it expires: reports up to it add their variance
 */
export function sigmaOf(path: DailyPath, view: NameView, strike: number, years: number, expiryIndex: number): number {
  const level = forwardVol(path, view, years);
  const forward = view.spot * Math.exp((RATE - path.name.yield) * years);
  const reach = Math.log(strike / forward) / (level * Math.sqrt(Math.max(years, WEEK)));
  const z = Math.min(WIDEST, Math.max(-WIDEST, reach));
  const bent = level * Math.max(0.6, 1 + slopeOf(path) * z + CURVE * z * z);
  const reports = path.events.gapsUpTo(expiryIndex) - path.events.gapsUpTo(view.moment.index);
  const steady = bent * bent * paceOf(view, years, expiryIndex);
  if (reports === 0) return Math.sqrt(steady);
  const variance = reports * (REPORT_RICHNESS * reportMove(path.name)) ** 2;
  return Math.sqrt(steady + variance / Math.max(years, 0.25 / 365));
}

/** The tone at a moment: on the straight line from the last close's to this session's. */
export function toneAt(path: DailyPath, moment: Moment): number {
  const before = path.step(Math.max(0, moment.index - 1)).tone;
  return before + moment.fraction * (path.step(moment.index).tone - before);
}

/** Volatility at the forward 30 days out, a fraction a year: what a volatility index of the name would show. */
export const monthVol = (path: DailyPath, view: NameView): number => forwardVol(path, view, MONTH);
