// When the night's trade is left: the morning after, in two paces; before the close where the reason for it has gone.
import type { Gate } from '../../domain/decision.ts';
import { dollars } from '../../domain/money.ts';
import { MINUTE, SECOND } from '../../domain/time.ts';
import { calendarYears } from '../../market/expiry.ts';
import { quotedVolatility } from '../../market/quoted-volatility.ts';
import { movesWithin } from '../../market/report-gap.ts';
import type { Exit } from '../toolkit/closing.ts';
import { minutesFromOpen, settingOf } from '../toolkit/context.ts';
import { figure, met, noted } from '../toolkit/gates.ts';
import type { Held } from '../toolkit/holding.ts';
import { mid } from '../toolkit/limits.ts';
import { endTerms } from '../toolkit/select.ts';
import type { EarnContext } from './screen.ts';
import type { Thesis } from './thesis.ts';

/** Rungs that follow the first of a patient walk. */
const PATIENT_STEPS = 5;

export type Leaving = Pick<Exit, 'code' | 'why' | 'gates' | 'pace'>;

/** The opening gap of today as a part of the last close; undefined while the share has no quote or no close is known. */
function gapToday(ctx: EarnContext, name: Held['name']): number | undefined {
  const quote = ctx.market.quote(name);
  const bars = ctx.market.dailyBars(name, 1);
  const last = bars.known ? bars.value.at(-1) : undefined;
  return quote.known && last !== undefined ? mid(quote.value) / dollars(last.close) - 1 : undefined;
}

/** A patient walk begun now is over before the hour at which nobody is patient any more. */
const timeForPatience = ({ params, now, session }: EarnContext): boolean =>
  now.exchange + PATIENT_STEPS * params.exit_patient_step_seconds * SECOND <=
  session.open + params.exit_natural_minutes_after_open * MINUTE;

/** The morning after: patient from the first quiet quarter of an hour, at what the market pays from the next half hour on. */
function morning(ctx: EarnContext, held: Held, thesis: Thesis | undefined): Leaving | undefined {
  const { params } = ctx;
  const minutes = minutesFromOpen(ctx);
  const { exit_natural_minutes_after_open: natural, exit_start_minutes_after_open: start, exit_gap_minutes_after_open: early } = params;
  if (minutes >= natural || (thesis !== undefined && ctx.day > thesis.exitDay))
    return {
      code: 'FLAT_TIME',
      why: 'the report is out: all of it goes now',
      gates: [met('minutes after the open', natural, minutes)],
      pace: 'urgent',
    };
  if (!timeForPatience(ctx)) return undefined;
  if (minutes >= start)
    return {
      code: 'TIME_STOP',
      why: 'the report is out, and the volatility with it',
      gates: [met('minutes after the open', start, minutes)],
      pace: 'patient',
    };
  const moved = gapToday(ctx, held.name);
  if (thesis === undefined || moved === undefined || minutes < early) return undefined;
  const most = params.exit_gap_deviations * thesis.deviation;
  if (Math.abs(moved) <= most) return undefined;
  const why = `the price has moved ${figure(100 * moved)} %, beyond ${figure(100 * most)} %: nothing to wait for`;
  return { code: 'INVALIDATION', why, gates: [met('move since the close', figure(most), figure(moved))], pace: 'patient' };
}

/** Mean total variance of the sold options by their own mids; undefined where a quote explains none. */
function varianceNow(ctx: EarnContext, held: Held): number | undefined {
  const share = ctx.market.quote(held.name);
  if (!share.known) return undefined;
  // The legs are those of the closing order: what is bought there is what was sold.
  const sold = held.legs.filter((leg) => leg.side === 'buy');
  const parts = sold.map(({ option, quote }) => {
    const setting = settingOf(ctx, held.name, share.value, option.expiry);
    const years = calendarYears(setting.now, option.expiry, ctx.calendar);
    const solved = quotedVolatility({
      ...endTerms(setting, option.expiry),
      years,
      right: option.right,
      strike: dollars(option.strike),
      price: mid(quote),
    });
    return solved.kind === 'solved' ? solved.sigma ** 2 * years : Number.NaN;
  });
  const mean = parts.reduce((sum, x) => sum + x, 0) / parts.length;
  return Number.isFinite(mean) ? mean : undefined;
}

/** Most of the event's variance has gone before the event: the company has spoken already. */
function spokenAlready(ctx: EarnContext, held: Held, thesis: Thesis): Leaving | undefined {
  if (thesis.kind === 'protect') return undefined;
  const variance = varianceNow(ctx, held);
  const least = thesis.variance - ctx.params.collapse_part * thesis.deviation ** 2;
  if (variance === undefined || variance >= least) return undefined;
  const why = `the options sold hold a total variance of ${figure(variance)}, ${figure(thesis.variance)} at the entry: the news is out already`;
  return { code: 'INVALIDATION', why, gates: [met('total variance sold', figure(least), figure(variance))], pace: 'urgent' };
}

/** The calendar no longer knows a report over the coming night. What it cannot say changes nothing. */
function reportMoved(ctx: EarnContext, held: Held, thesis: Thesis): Leaving | undefined {
  const next = ctx.sessionAt(ctx.day, 1);
  const reports = ctx.market.earnings(held.name, ctx.day, next.day);
  if (!reports.known || reports.value.some((report) => movesWithin(report, ctx.session.close, next.open, ctx.calendar))) return undefined;
  return {
    code: 'INVALIDATION',
    why: `the report of ${held.name} no longer comes before the open of ${thesis.exitDay}`,
    gates: [met('report tonight', 'one', 'none')],
    pace: 'urgent',
  };
}

/** The evening before: nothing, unless the report was moved or is out already. */
const evening = (ctx: EarnContext, held: Held, thesis: Thesis): Leaving | undefined =>
  reportMoved(ctx, held, thesis) ?? spokenAlready(ctx, held, thesis);

/** Whether a trade is to be left now, and at what pace. */
export function leaving(ctx: EarnContext, held: Held, thesis: Thesis | undefined): Leaving | undefined {
  return thesis !== undefined && ctx.day < thesis.exitDay ? evening(ctx, held, thesis) : morning(ctx, held, thesis);
}

/** The numbers that stand beside every decision about a trade. */
export const standing = (ctx: EarnContext, held: Held, thesis: Thesis | undefined): readonly Gate[] => [
  noted('units', held.units),
  noted('entry', held.entry),
  noted('mark', held.mark),
  noted('value at once', held.executable),
  noted('gain a share', held.value - held.entry),
  noted('move since the last close', gapToday(ctx, held.name) ?? null),
  noted('left on', thesis?.exitDay ?? 'the first morning'),
];
