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

/**
 * The volatility that prices one option.
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
  if (reports === 0) return bent;
  const variance = reports * (REPORT_RICHNESS * reportMove(path.name)) ** 2;
  return Math.sqrt(bent * bent + variance / Math.max(years, 0.25 / 365));
}

/** The tone at a moment: on the straight line from the last close's to this session's. */
export function toneAt(path: DailyPath, moment: Moment): number {
  const before = path.step(Math.max(0, moment.index - 1)).tone;
  return before + moment.fraction * (path.step(moment.index).tone - before);
}

/** Volatility at the forward 30 days out, a fraction a year: what a volatility index of the name would show. */
export const monthVol = (path: DailyPath, view: NameView): number => forwardVol(path, view, MONTH);
