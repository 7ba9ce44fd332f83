// One figure for a name's implied volatility: at the money, thirty days out; and where it stands in its own history.
import type { IvReading } from '../domain/event.ts';
import type { Symbol } from '../domain/ids.ts';
import type { Option, Right } from '../domain/instrument.ts';
import { dollars, type Price } from '../domain/money.ts';
import { absent, type Known, known } from '../domain/reasons.ts';
import { daysBetween, type EpochMs, type TradingDay } from '../domain/time.ts';
import { percentileWithin, rankWithin, type Standing } from '../pricing/volatility/rank.ts';
import { constantMaturity } from '../pricing/volatility/term.ts';
import type { Calendar } from './calendar.ts';
import { midOf } from './chain-check.ts';
import { yearsToExpiry } from './expiry.ts';
import { groupBy } from './group.ts';
import type { Bar, Chain, EarningsReport } from './quote.ts';
import { quotedVolatility } from './quoted-volatility.ts';

/** An option and what it costs, dollars a share: a quote's mid, or a bar's close. */
export interface PricedOption {
  readonly option: Option;
  readonly price: number;
}

/** What options are valued against. */
export interface IvTerms {
  readonly now: EpochMs;
  readonly calendar: Calendar;
  /** Dollars. */
  readonly spot: number;
  readonly rate: number;
  readonly dividendYield: number;
  /** False of options whose price is not to be used; all are when it is left out. Asked of few: those at the money. */
  readonly trusts?: (symbol: Symbol) => boolean;
}

export interface AtmIv {
  readonly expiry: TradingDay;
  readonly days: number;
  readonly iv: number;
}

const TARGET_DAYS = 30;
const DAYS_MIN = 7;
/** The two strikes about the forward may not be further apart than this share of it: beyond, a straight line between them says nothing. */
const STRIKE_GAP_MAX = 0.2;
/** A bar of fewer contracts is a stray print, not a market. */
const BAR_VOLUME_MIN = 50;

interface Strike {
  readonly strike: number;
  readonly iv: number;
}

/** The out-of-the-money option nearest the forward on one side whose price has an implied volatility. */
function nearestSolved(priced: readonly PricedOption[], right: Right, years: number, forward: number, terms: IvTerms): Strike | undefined {
  const side = priced
    .map(({ option, price }) => ({ symbol: option.symbol, right: option.right, strike: dollars(option.strike), price }))
    .filter((o) => o.right === right && (right === 'put' ? o.strike <= forward : o.strike > forward))
    .sort((a, b) => Math.abs(a.strike - forward) - Math.abs(b.strike - forward));
  for (const { symbol, strike, price } of side) {
    const { spot, rate, dividendYield } = terms;
    if (terms.trusts?.(symbol) === false) continue;
    const solved = quotedVolatility({ right, spot, strike, years, rate, dividendYield, price });
    if (solved.kind === 'solved') return { strike, iv: solved.sigma };
  }
  return undefined;
}

/**
 * At-the-money volatility of one expiry: straight in strike, at the forward, between the nearest out-of-the-money put at or
 * below it and the nearest call above it. CHAIN_EMPTY when a side is missing or the two are more than 20 % apart.
 */
export function atmIv(priced: readonly PricedOption[], expiry: TradingDay, terms: IvTerms): Known<AtmIv> {
  const years = yearsToExpiry(terms.now, expiry, terms.calendar);
  const days = daysBetween(terms.calendar.dayOf(terms.now), expiry);
  const forward = terms.spot * Math.exp((terms.rate - terms.dividendYield) * years);
  const below = nearestSolved(priced, 'put', years, forward, terms);
  const above = nearestSolved(priced, 'call', years, forward, terms);
  if (below === undefined || above === undefined) {
    return absent(
      'CHAIN_EMPTY',
      `${expiry}: no ${below === undefined ? 'put below' : 'call above'} the forward ${forward.toFixed(2)} has an implied volatility`,
    );
  }
  const gap = above.strike - below.strike;
  if (gap > STRIKE_GAP_MAX * forward) {
    return absent(
      'CHAIN_EMPTY',
      `${expiry}: ${String(below.strike)} and ${String(above.strike)} about the forward ${forward.toFixed(2)} are too far apart`,
    );
  }
  const weight = (forward - below.strike) / gap;
  return known({ expiry, days, iv: below.iv + weight * (above.iv - below.iv) });
}

/** The expiry nearest thirty days on one side that yields a volatility; the last absence met, when none does. */
function firstKnown(
  expiries: readonly TradingDay[],
  byExpiry: ReadonlyMap<TradingDay, readonly PricedOption[]>,
  terms: IvTerms,
): Known<AtmIv> {
  let last: Known<AtmIv> = absent('NO_EXPIRY_IN_RANGE', 'no expiry there');
  for (const expiry of expiries) {
    last = atmIv(byExpiry.get(expiry) ?? [], expiry, terms);
    if (last.known) return last;
  }
  return last;
}

/** The two expiries about thirty days (one, when it falls on the day itself), each at least seven days out. */
function bracket(priced: readonly PricedOption[], name: Symbol, terms: IvTerms): Known<readonly [AtmIv, AtmIv]> {
  const today = terms.calendar.dayOf(terms.now);
  const groups = groupBy(priced, (p) => p.option.expiry);
  const days = (expiry: TradingDay): number => daysBetween(today, expiry);
  const expiries = [...groups.keys()].filter((e) => days(e) >= DAYS_MIN).sort();
  const near = firstKnown(expiries.filter((e) => days(e) <= TARGET_DAYS).reverse(), groups, terms);
  if (!near.known) return absent(near.code, `${name}, ${String(DAYS_MIN)} to ${String(TARGET_DAYS)} days: ${near.why}`);
  if (near.value.days === TARGET_DAYS) return known([near.value, near.value]);
  const far = firstKnown(
    expiries.filter((e) => days(e) > TARGET_DAYS),
    groups,
    terms,
  );
  if (!far.known) return absent(far.code, `${name}, beyond ${String(TARGET_DAYS)} days: ${far.why}`);
  return known([near.value, far.value]);
}

function reading(
  priced: readonly PricedOption[],
  name: Symbol,
  quality: IvReading['quality'],
  reports: Known<readonly EarningsReport[]>,
  terms: IvTerms,
): Known<IvReading> {
  const pair = bracket(priced, name, terms);
  if (!pair.known) return pair;
  const [near, far] = pair.value;
  const thirty = constantMaturity(near, far, TARGET_DAYS);
  if (thirty.kind === 'absent') return absent('CHAIN_INCONSISTENT', `${name}, thirty days: ${thirty.reason}`);
  const between = reports.known && reports.value.some((r) => r.day > near.expiry && r.day <= far.expiry);
  const used = [`LEGS ${near.expiry} ${far.expiry}`];
  return known({
    symbol: name,
    day: terms.calendar.dayOf(terms.now),
    iv30: thirty.iv,
    quality,
    flags: [...used, ...(thirty.fallingVariance ? ['FALLING_VARIANCE'] : []), ...(between ? ['EARNINGS_BETWEEN'] : [])],
  });
}

/**
 * Today's thirty-day volatility from a chain's mids: standard contracts quoted on both sides.
 * @param reports the name's earnings; one between the two expiries is flagged, an unknown calendar flags nothing
 */
export function iv30FromChain(chain: Chain, reports: Known<readonly EarningsReport[]>, terms: IvTerms): Known<IvReading> {
  const priced = chain.rows.flatMap(({ contract, quote }) =>
    contract.standard && quote !== null && quote.bid > 0 && quote.ask > quote.bid ? [{ option: contract.option, price: midOf(quote) }] : [],
  );
  return reading(priced, chain.underlying, 'quotes', reports, terms);
}

/** One contract's bar of the session in question. */
export interface OptionBar {
  readonly option: Option;
  readonly bar: Pick<Bar, 'close' | 'volume'>;
}

/**
 * A past session's thirty-day volatility from daily option bars of at least 50 contracts beside the underlying's close.
 * Quality `bars`: trades of different minutes stand side by side, so it is noisier than quotes.
 */
export function iv30FromBars(
  name: Symbol,
  bars: readonly OptionBar[],
  close: Price,
  reports: Known<readonly EarningsReport[]>,
  terms: Omit<IvTerms, 'spot'>,
): Known<IvReading> {
  const priced = bars.filter(({ bar }) => bar.volume >= BAR_VOLUME_MIN).map(({ option, bar }) => ({ option, price: dollars(bar.close) }));
  return reading(priced, name, 'bars', reports, { ...terms, spot: dollars(close) });
}

/** A standing as a figure of 0 to 100, or what its history lacks. */
function outOfHundred(standing: Standing, observations: number): Known<number> {
  if (standing.kind === 'standing') return known(100 * standing.share);
  return absent('IV_HISTORY_SHORT', `${String(observations)} observations of implied volatility: ${standing.reason}`);
}

/** Where today's volatility stands between the lowest and the highest of its history, 0 to 100. IV_HISTORY_SHORT when they are one. */
export const ivRank = (history: readonly number[], today: number): Known<number> =>
  outOfHundred(rankWithin(history, today), history.length);

/** The share of history below today's volatility, 0 to 100. IV_HISTORY_SHORT without a history. */
export const ivPercentile = (history: readonly number[], today: number): Known<number> =>
  outOfHundred(percentileWithin(history, today), history.length);
