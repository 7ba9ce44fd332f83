// What a tape answers about one recorded contract at an instant.
import type { TradingDay } from '../../domain/time.ts';
import type { Calendar, Session } from '../../market/calendar.ts';
import { quotedVolatility } from '../../market/quoted-volatility.ts';
import { bsGreeks } from '../../pricing/black-scholes.ts';
import type { ListedContract, MarketBar, OptionStats } from '../market.ts';
import { lastIndex, lastPoint, type OptionPoint, type RecordedContract } from './option-book.ts';

const YEAR = 365 * 86_400_000;
const MICROS = 1_000_000;

export const noStats: OptionStats = { volume: null, previousVolume: null, last: null, iv: null, greeks: null };

/** The point that stands at an instant of a session: the last one of that session; undefined before its first. */
function standing(contract: RecordedContract, session: Session, at: number): OptionPoint | undefined {
  const point = lastPoint(contract.points, at);
  return point !== undefined && point.day === session.day && contract.expiry >= session.day ? point : undefined;
}

/** The quote that stands at an instant of a session: a row that tells of a trade alone, and of neither side, leaves the one before it. */
export function standingQuote(contract: RecordedContract, session: Session, at: number): OptionPoint | undefined {
  const { points, expiry } = contract;
  let i = lastIndex(points, at);
  while (points[i]?.day === session.day && points[i]?.bid === null && points[i]?.ask === null) i--;
  const point = points[i];
  return point?.day === session.day && expiry >= session.day ? point : undefined;
}

/**
 * Volatility and greeks of a recorded quote's middle, by our own inversion at the time it was recorded: European, dividends left out.
 * @param spot micros
 */
function solve(
  contract: RecordedContract,
  point: OptionPoint,
  spot: number,
  end: number,
  rate: number,
): Pick<OptionStats, 'iv' | 'greeks'> {
  const nothing = { iv: null, greeks: null };
  if (point.bid === null || point.ask === null || point.bid === 0 || point.ask < point.bid) return nothing;
  const terms = {
    right: contract.right,
    spot: spot / MICROS,
    strike: contract.strike / MICROS,
    years: (end - point.at) / YEAR,
    rate,
    dividendYield: 0,
  };
  if (terms.years <= 0) return nothing;
  const solved = quotedVolatility({ ...terms, price: (point.bid + point.ask) / 2 / MICROS });
  if (solved.kind !== 'solved') return nothing;
  const { delta, gamma, theta, vega, rho } = bsGreeks({ ...terms, sigma: solved.sigma });
  return { iv: solved.sigma, greeks: { delta, gamma, theta, vega, rho } };
}

export interface StatsInputs {
  readonly calendar: Calendar;
  /** The underlying when the record itself does not carry it, micros. */
  spotAt(at: number): number | undefined;
  rate(day: TradingDay): number;
}

/**
 * The newest trade on record, whatever its day: rows that carry on the price and the volume of the row before them traded nothing. A price
 * of which no volume of its day tells has no size.
 */
function lastTrade({ points }: RecordedContract, at: number): OptionStats['last'] {
  const sameDay = (i: number): OptionPoint | undefined => (points[i - 1]?.day === points[i]?.day ? points[i - 1] : undefined);
  let i = points.findLastIndex((point) => point.at <= at && point.last !== null);
  while (i > 0 && sameDay(i)?.last === points[i]?.last && sameDay(i)?.volume === points[i]?.volume) i--;
  const point = points[i];
  if (point === undefined || point.last === null) return null;
  const before = sameDay(i);
  const traded = point.volume === null || before?.volume === null ? 0 : point.volume - (before?.volume ?? 0);
  return { price: point.last, at: point.at, size: traded > 0 ? traded : null };
}

/** Volume belongs to the session that `session` names. */
export function recordedStats(contract: RecordedContract, session: Session, at: number, inputs: StatsInputs): OptionStats {
  const point = standing(contract, session, at);
  const quoted = standingQuote(contract, session, at);
  const last = lastTrade(contract, at);
  const before = inputs.calendar.offset(session.day, -1);
  const end = inputs.calendar.session(contract.expiry)?.close;
  const spot = quoted === undefined ? undefined : (quoted.spot ?? inputs.spotAt(quoted.at));
  const model =
    quoted === undefined || spot === undefined || end === undefined ? noStats : solve(contract, quoted, spot, end, inputs.rate(quoted.day));
  return { volume: point?.volume ?? null, previousVolume: wholeDay(contract, before), last, iv: model.iv, greeks: model.greeks };
}

/** A session's volume when the record reaches its close; null when it stops earlier, as an afternoon snapshot does. */
function wholeDay(contract: RecordedContract, session: Session): number | null {
  const point = contract.points.findLast((p) => p.day === session.day);
  return point !== undefined && point.at >= session.close ? point.volume : null;
}

/** Facts of a contract as known at an instant; open interest is that of the session before its record. */
export function recordedContract(contract: RecordedContract, penny: boolean, at: number, calendar: Calendar): ListedContract {
  const point = contract.points.findLast((p) => p.at <= at && p.openInterest !== null);
  return {
    symbol: contract.symbol,
    underlying: contract.underlying,
    expiry: contract.expiry,
    right: contract.right,
    strike: contract.strike,
    style: contract.style,
    settlement: contract.style === 'european' ? 'cash' : 'physical',
    pennyProgram: penny,
    openInterest: point?.openInterest ?? null,
    openInterestDay: point === undefined ? null : calendar.offset(point.day, -1).day,
  };
}

/** Bars of finished sessions from recorded trades; days whose record is a snapshot or two have none. */
export function recordedBars(
  contract: RecordedContract,
  sessions: readonly Session[],
  midnight: (day: TradingDay) => number,
  asOf: number,
): readonly MarketBar[] {
  return sessions.flatMap((session): readonly MarketBar[] => {
    const day = contract.points.filter((p) => p.day === session.day && p.source === 'minute');
    const prices = day.flatMap((p) => (p.last === null ? [] : [p.last]));
    const [open] = prices;
    const close = prices[prices.length - 1];
    if (session.close > asOf || open === undefined || close === undefined) return [];
    const volume = day[day.length - 1]?.volume ?? 0;
    return [{ at: midnight(session.day), day: session.day, open, high: Math.max(...prices), low: Math.min(...prices), close, volume }];
  });
}
