// Everything one contract's quote says: values, derivatives, volatilities, chances, and what a short position must expect.
import type { Option } from '../../domain/instrument.ts';
import { dollars } from '../../domain/money.ts';
import { DAY, type EpochMs } from '../../domain/time.ts';
import type { Calendar } from '../../market/calendar.ts';
import { dte, expirySession, yearsToExpiry } from '../../market/expiry.ts';
import type { Derivatives } from '../../pricing/black-scholes.ts';
import { expectedMove } from '../../pricing/expected-move.ts';
import { type Style, type Terms, valueAt, volatilityAt } from '../valuation.ts';
import { assignmentFlags, type ExDividend, type Flag } from './assignment.ts';
import { chanceBeyond } from './chances.ts';
import { absent, type Figure, from, type Missing, refusedFigure, value } from './figure.ts';

export interface ReportInput {
  readonly option: Option;
  readonly style: Style;
  readonly now: EpochMs;
  readonly calendar: Calendar;
  /** Dollars a share, as quoted or given. */
  readonly spot: Figure;
  readonly bid: Figure;
  readonly ask: Figure;
  /** A price to judge by in place of the middle of bid and ask; null takes that middle. */
  readonly price: number | null;
  readonly rate: number;
  readonly dividendYield: number;
  /** Cash dividends the valuation counts, beside the yield. */
  readonly cash: readonly ExDividend[];
  /** Ex-dates up to the expiry; null when nobody said. */
  readonly exDates: readonly ExDividend[] | null;
}

/** Desk units: theta and charm a calendar day; vega, vanna, rho and phi a point (0.01); volga a point of vega a point. */
export interface DeskFigures {
  readonly price: Figure;
  readonly delta: Figure;
  readonly gamma: Figure;
  readonly theta: Figure;
  readonly vega: Figure;
  readonly rho: Figure;
  readonly phi: Figure;
  readonly vanna: Figure;
  readonly volga: Figure;
  readonly charm: Figure;
}

export interface OptionReport {
  readonly expired: boolean;
  readonly days: number;
  readonly years: number;
  readonly price: Figure;
  readonly volatility: { readonly bid: Figure; readonly mid: Figure; readonly ask: Figure; readonly wide: boolean };
  /** By the contract's own exercise, and as if it were European; both at the middle volatility. */
  readonly own: DeskFigures;
  readonly european: DeskFigures;
  readonly intrinsic: Figure;
  readonly extrinsic: Figure;
  readonly extrinsicAtBid: Figure;
  readonly breakEven: Figure;
  readonly probabilityItm: Figure;
  /** Of whoever bought at the price; a seller's is the rest. */
  readonly probabilityOfProfit: Figure;
  /** One standard deviation of the share to the expiry, dollars. */
  readonly expectedMove: Figure;
  readonly flags: readonly Flag[];
}

const DAYS_A_YEAR = 365;
const POINTS = 100;
/** Bid and ask volatilities further apart than this say little about the one between them. */
const WIDE = 0.1;

const units: Readonly<Record<keyof DeskFigures, number>> = {
  price: 1,
  delta: 1,
  gamma: 1,
  theta: DAYS_A_YEAR,
  vega: POINTS,
  rho: POINTS,
  phi: POINTS,
  vanna: POINTS,
  volga: POINTS * POINTS,
  charm: DAYS_A_YEAR,
};

type Raw = { readonly kind: 'valued'; readonly derivatives: Derivatives } | Missing;
type Asked = { readonly kind: 'asked'; readonly terms: Terms } | Missing;

const everyFigure = (of: (name: keyof DeskFigures) => Figure): DeskFigures =>
  Object.fromEntries(Object.keys(units).map((name) => [name, of(name as keyof DeskFigures)])) as unknown as DeskFigures;

const deskFigures = (raw: Raw): DeskFigures =>
  everyFigure((name) => (raw.kind === 'absent' ? raw : value(raw.derivatives[name] / units[name])));

/** Years to the open of an ex-date on the clock by which the contract's own time is reckoned; an ex-date that has begun is past. */
function yearsTo(day: ExDividend['day'], { now, option, calendar }: ReportInput, years: number): number {
  const opens = (calendar.session(day) ?? calendar.offset(day, 0)).open;
  if (opens <= now) return 0;
  if (dte(calendar.dayOf(now), option.expiry) >= 2) return (opens - now) / (DAYS_A_YEAR * DAY);
  return years - yearsToExpiry(opens, option.expiry, calendar);
}

/** The contract as the formulas take it; without the spot, why not. */
function termsOf(input: ReportInput, years: number): Asked {
  const { option, spot, rate, dividendYield } = input;
  if (spot.kind === 'absent') return spot;
  const dividends = input.cash
    .map(({ day, amount }) => ({ years: yearsTo(day, input, years), amount }))
    .filter((d) => d.years > 0 && d.years < years);
  const terms = { right: option.right, spot: spot.value, strike: dollars(option.strike), years, rate, dividendYield, dividends };
  return { kind: 'asked', terms };
}

/** The volatility of a price. */
function volatilityOf(style: Style, asked: Asked, price: Figure): Figure {
  if (price.kind === 'absent') return price;
  if (asked.kind === 'absent') return asked;
  const found = volatilityAt(style, asked.terms, price.value);
  return found.kind === 'solved' ? value(found.sigma) : refusedFigure(found.reason);
}

/** Value and derivatives at a volatility, raw. */
function rawAt(style: Style, asked: Asked, sigma: Figure): Raw {
  if (sigma.kind === 'absent') return sigma;
  if (asked.kind === 'absent') return asked;
  const found = valueAt(style, asked.terms, sigma.value);
  return found.kind === 'valued' ? found : refusedFigure(found.reason);
}

/** The price to judge by: given, or the middle of a quote that is not crossed. */
function middle({ bid, ask, price }: ReportInput): Figure {
  if (price !== null) return value(price);
  const crossed = crossing(bid, ask);
  return crossed ?? from([bid, ask], (b = 0, a = 0) => (b + a) / 2);
}

function crossing(bid: Figure, ask: Figure): Missing | null {
  if (bid.kind === 'absent' || ask.kind === 'absent' || bid.value <= ask.value) return null;
  return absent('crossed_quote', `bid ${String(bid.value)} is above ask ${String(ask.value)}`);
}

/** An amount of the option that is in the money already: S - K or K - S, not below 0. */
const intrinsicOf = ({ option, spot }: ReportInput): Figure =>
  from([spot], (s = 0) => Math.max(0, option.right === 'call' ? s - dollars(option.strike) : dollars(option.strike) - s));

/** Where buyer and seller are quits at expiry: the strike plus a call's price, less a put's. */
const breakEvenOf = ({ option }: ReportInput, price: Figure): Figure =>
  from([price], (p = 0) => dollars(option.strike) + (option.right === 'call' ? p : -p));

/** One standard deviation to the expiry by the contract's own volatility. */
function moveOf(spot: Figure, sigma: Figure, years: number): Figure {
  if (spot.kind === 'absent') return spot;
  if (sigma.kind === 'absent') return sigma;
  const move = expectedMove(spot.value, sigma.value, years);
  return move.kind === 'move' ? value(move.oneSd) : absent('undefined', move.reason);
}

/** The report of an expired contract: what its price meant, and no more. */
function afterTheEnd(input: ReportInput, days: number): OptionReport {
  const gone = absent('expired', `it expired on ${input.option.expiry}`);
  const nothing = everyFigure(() => gone);
  const price = middle(input);
  return {
    expired: true,
    days,
    years: 0,
    price,
    volatility: { bid: gone, mid: gone, ask: gone, wide: false },
    own: nothing,
    european: nothing,
    intrinsic: gone,
    extrinsic: gone,
    extrinsicAtBid: gone,
    breakEven: breakEvenOf(input, price),
    probabilityItm: gone,
    probabilityOfProfit: gone,
    expectedMove: gone,
    flags: [],
  };
}

function flagsOf(input: ReportInput, intrinsic: Figure, extrinsic: Figure, delta: Figure): readonly Flag[] {
  const { option, style, now, calendar, exDates } = input;
  const session = calendar.currentOrNext(now).day;
  return assignmentFlags({
    option,
    style,
    session,
    nextSession: calendar.offset(session, 1).day,
    today: calendar.dayOf(now),
    lastSession: expirySession(option.expiry, calendar).day,
    intrinsic,
    extrinsic,
    delta,
    exDates,
  });
}

/** Every figure of the contract; those that do not exist say why. */
export function optionReport(input: ReportInput): OptionReport {
  const { option, style, now, calendar, bid, ask } = input;
  const years = yearsToExpiry(now, option.expiry, calendar);
  const days = dte(calendar.dayOf(now), option.expiry);
  if (years <= 0) return afterTheEnd(input, days);
  const asked = termsOf(input, years);
  const crossed = crossing(bid, ask);
  const price = middle(input);
  const volatility = (of: Figure): Figure => volatilityOf(style, asked, of);
  const [low, mid, high] = [volatility(crossed ?? bid), volatility(price), volatility(crossed ?? ask)];
  const own = deskFigures(rawAt(style, asked, mid));
  const intrinsic = intrinsicOf(input);
  const less = (of: Figure): Figure => from([of, intrinsic], (p = 0, i = 0) => p - i);
  const extrinsic = less(price);
  const extrinsicAtBid = crossed ?? (bid.kind === 'absent' ? extrinsic : less(bid));
  const breakEven = breakEvenOf(input, price);
  const chance = (level: Figure): Figure => (asked.kind === 'absent' ? asked : chanceBeyond(asked.terms, level, mid));
  return {
    expired: false,
    days,
    years,
    price,
    volatility: { bid: low, mid, ask: high, wide: low.kind === 'value' && high.kind === 'value' && high.value - low.value > WIDE },
    own,
    european: style === 'european' ? own : deskFigures(rawAt('european', asked, mid)),
    intrinsic,
    extrinsic,
    extrinsicAtBid,
    breakEven,
    probabilityItm: chance(value(dollars(option.strike))),
    probabilityOfProfit: chance(breakEven),
    expectedMove: moveOf(input.spot, mid, years),
    flags: flagsOf(input, intrinsic, extrinsicAtBid, own.delta),
  };
}
