// A report that moves the price over the coming night: which it is, what it moved in the past, and what its options say it may move.
import type { Symbol } from '../../domain/ids.ts';
import { dollars } from '../../domain/money.ts';
import { absent, type Known, known } from '../../domain/reasons.ts';
import type { EpochMs, TradingDay } from '../../domain/time.ts';
import { calendarYears, tradingMinutesLeft } from '../../market/expiry.ts';
import type { Chain, EarningsReport } from '../../market/quote.ts';
import { quotedVolatility } from '../../market/quoted-volatility.ts';
import { eventReport, firstAffectedExpiry, gapOf, movesWithin, type ReportGap } from '../../market/report-gap.ts';
import { type EventVariance, eventVariance } from '../../pricing/volatility/event.ts';
import { outOfTheMoneySmile } from '../../pricing/volatility/smile.ts';
import type { MarketView } from '../strategy.ts';
import type { AnyContext } from './context.ts';
import { holds, need, refuse, type Trial, told } from './gates.ts';
import { mid } from './limits.ts';
import type { ExpiryOdds } from './odds.ts';
import { endTerms, type Setting } from './select.ts';

/** A report and the night over which it moves the price. */
export interface NightEvent {
  readonly report: EarningsReport;
  readonly gap: ReportGap;
}

type Dated = Pick<AnyContext, 'market' | 'day' | 'calendar'>;

/**
 * The report between this session's close and the next open, confirmed and with a gap of its own. NO_EVENT when there is none;
 * EARNINGS_UNKNOWN, EARNINGS_DATE_CONFLICT and EARNINGS_TIME_UNKNOWN as the calendar has it; EARNINGS_WINDOW for a report during a session.
 */
export function* eventTonight(ctx: Dated, name: Symbol): Trial<NightEvent> {
  const today = ctx.calendar.offset(ctx.day, 0);
  const next = ctx.calendar.offset(ctx.day, 1);
  const reports = yield* need('earnings calendar', ctx.market.earnings(name, today.day, next.day));
  const tonight = reports.filter((report) => movesWithin(report, today.close, next.open, ctx.calendar));
  const report = yield* need('report date', eventReport(tonight));
  if (report === null)
    return yield* refuse('report tonight', 'NO_EVENT', `no report of ${name} moves the price before the open of ${next.day}`, 'none');
  const gap = gapOf(report, ctx.calendar);
  if (gap === undefined)
    return yield* refuse('report tonight', 'EARNINGS_WINDOW', `${name} reports on ${report.day} during the session: no night to trade`);
  yield holds(
    'report tonight',
    { observed: `${report.day} ${report.time}`, threshold: 'confirmed', pass: report.confirmed },
    'EARNINGS_UNKNOWN',
    `the report of ${name} on ${report.day} is not confirmed`,
  );
  return { report, gap };
}

export interface PastAsk {
  readonly reports: number;
  readonly atLeast: number;
}

/** Logarithm of the first price after a report over the last one before it, for each report whose two sessions have bars. */
function movesOf(market: MarketView, name: Symbol, gaps: readonly ReportGap[], sessions: number): Known<readonly number[]> {
  const bars = market.dailyBars(name, sessions);
  if (!bars.known) return bars;
  const byDay = new Map(bars.value.map((bar) => [bar.day, bar]));
  return known(
    gaps.flatMap(({ before, after }) => {
      const [from, to] = [byDay.get(before.day), byDay.get(after.day)];
      return from === undefined || to === undefined ? [] : [Math.log(dollars(to.open) / dollars(from.close))];
    }),
  );
}

/**
 * Signed log moves of the last reports, the newest last. Where the daily bars do not reach back to the oldest of them it is left out;
 * EARNINGS_HISTORY_SHORT when fewer than `atLeast` can be measured, the bars' own reason when there are none to measure with.
 */
export function pastMoves(ctx: Pick<AnyContext, 'market' | 'calendar' | 'now'>, name: Symbol, ask: PastAsk): Known<readonly number[]> {
  const reports = ctx.market.earningsHistory(name, ask.reports, ask.atLeast);
  if (!reports.known) return reports;
  const gaps = reports.value.flatMap((report) => gapOf(report, ctx.calendar) ?? []);
  const last = ctx.calendar.lastClosed(ctx.now.exchange).day;
  let found: Known<readonly number[]> = absent('EARNINGS_HISTORY_SHORT', `${name}: no past report can be measured`);
  for (let skipped = 0; gaps.length - skipped >= ask.atLeast; skipped++) {
    const [oldest, ...others] = gaps.slice(skipped);
    if (oldest === undefined) break;
    found = movesOf(ctx.market, name, [oldest, ...others], ctx.calendar.between(oldest.before.day, last).length);
    if (found.known) break;
  }
  if (!found.known || found.value.length >= ask.atLeast) return found;
  return absent('EARNINGS_HISTORY_SHORT', `${name}: bars for ${found.value.length} past reports, needed are ${ask.atLeast}`);
}

export const meanAbsolute = (moves: readonly number[]): number => moves.reduce((sum, x) => sum + Math.abs(x), 0) / moves.length;

/** The odds of one expiry as `expiryOdds` has them, on the calendar clock whatever is left of it. CHAIN_EMPTY where none of it can be valued. */
export function calendarOdds(market: MarketView, chain: Chain, expiry: TradingDay, setting: Setting): Known<ExpiryOdds> {
  const terms = { ...endTerms(setting, expiry), years: calendarYears(setting.now, expiry, setting.calendar) };
  const quoted = chain.rows.flatMap(({ contract: { option, standard } }) => {
    if (option.expiry !== expiry || !standard) return [];
    const quote = market.entryQuote(option.symbol);
    if (!quote.known || quote.value.bid <= 0) return [];
    const strike = dollars(option.strike);
    const solved = quotedVolatility({ ...terms, right: option.right, strike, price: mid(quote.value) });
    return solved.kind === 'solved' ? [{ right: option.right, strike, sigma: solved.sigma }] : [];
  });
  const smile = outOfTheMoneySmile(quoted, terms.spot * Math.exp((terms.rate - terms.dividendYield) * terms.years));
  if (smile.kind === 'refused') return absent('CHAIN_EMPTY', `${chain.underlying} ${expiry}: no smile from its quotes (${smile.reason})`);
  return known({ terms, sigmaAt: smile.sigmaAt });
}

/** Volatility at the forward. */
export const atTheForward = ({ terms, sigmaAt }: ExpiryOdds): number =>
  sigmaAt(terms.spot * Math.exp((terms.rate - terms.dividendYield) * terms.years));

export interface EventVolatility {
  /** The first expiry that lives through the night long enough to be left on the morning after. */
  readonly front: TradingDay;
  readonly next: TradingDay;
  /** On the calendar clock. */
  readonly frontOdds: ExpiryOdds;
  readonly frontSigma: number;
  readonly nextSigma: number;
  readonly event: EventVariance;
}

export interface EventAsk {
  readonly chain: Chain;
  readonly setting: Setting;
  readonly gap: ReportGap;
  /** When the position is to be left, and the minutes of regular session that the front expiry must then still have. */
  readonly exit: EpochMs;
  readonly minutesLeftMin: number;
}

/** The volatility of the night from the term structure: NO_EXPIRY_IN_RANGE without two expiries after it, EVENT_VOL_UNSOLVABLE where it splits into nothing. */
export function* eventVolatility(ctx: Pick<AnyContext, 'market'>, ask: EventAsk): Trial<EventVolatility> {
  const { chain, setting, gap, exit } = ask;
  const listed = [...new Set(chain.rows.map((row) => row.contract.option.expiry))].sort();
  const lasting = listed.filter((expiry) => tradingMinutesLeft(exit, expiry, setting.calendar) > ask.minutesLeftMin);
  const front = firstAffectedExpiry(gap, lasting);
  const next = lasting.find((expiry) => front !== undefined && expiry > front);
  if (front === undefined || next === undefined)
    return yield* refuse('expiries', 'NO_EXPIRY_IN_RANGE', `no two expiries are listed after ${gap.after.day}`, listed.join(' '), 2);
  yield told('expiries', `${front} ${next}`);
  const frontOdds = yield* need('front smile', calendarOdds(ctx.market, chain, front, setting));
  const nextOdds = yield* need('next smile', calendarOdds(ctx.market, chain, next, setting));
  const [frontSigma, nextSigma] = [atTheForward(frontOdds), atTheForward(nextOdds)];
  yield told('front volatility', frontSigma);
  yield told('next volatility', nextSigma);
  const event = eventVariance({ years: frontOdds.terms.years, sigma: frontSigma }, { years: nextOdds.terms.years, sigma: nextSigma });
  if (event.kind === 'refused')
    return yield* refuse('event variance', 'EVENT_VOL_UNSOLVABLE', `the two expiries hold no event between them (${event.reason})`);
  yield told('base volatility', event.baseSigma);
  yield told('event deviation', event.deviation);
  yield told('expected move', event.expectedMove);
  return { front, next, frontOdds, frontSigma, nextSigma, event };
}
