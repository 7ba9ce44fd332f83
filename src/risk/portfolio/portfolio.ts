// The book valued now: what is held, of every owner, and what works and may yet fill.
import { once } from '../../base/once.ts';
import type { Owner, Symbol } from '../../domain/ids.ts';
import type { Instrument, Option } from '../../domain/instrument.ts';
import { type Legs, sign } from '../../domain/legs.ts';
import { dollars, type Usd } from '../../domain/money.ts';
import type { Order } from '../../domain/order.ts';
import type { Position } from '../../domain/position.ts';
import { absent, type Known, known } from '../../domain/reasons.ts';
import { type Book, bookOf, type Holding, type LineOf } from './book.ts';
import { type Close, historyOf } from './history.ts';
import type { Line } from './line.ts';
import { isThin, type Names, type NameTerms, namesOf } from './names.ts';

/** A figure of the market, and what it stands in for where it is not of this moment. */
export interface Mark {
  /** Dollars a share of a price, a fraction a year of a volatility. */
  readonly value: number;
  readonly standIn: string | null;
}

/** The market as risk reads it. */
export interface RiskMarket {
  readonly spot: (name: Symbol) => Known<Mark>;
  /** The volatility an option's price means at this price of its share. */
  readonly volatility: (option: Option, spot: number) => Known<Mark>;
  /** Years to expiry by the two clocks (market/expiry.ts); 0 once expired. */
  readonly years: (option: Option) => number;
  /** Expires today or on the next calendar day. */
  readonly isLastDay: (option: Option) => boolean;
  readonly rate: number;
  readonly dividendYield: (name: Symbol) => number;
  /** Official closes, oldest first; empty where none are known. */
  readonly closes: (name: Symbol) => readonly Close[];
}

export interface PortfolioTerms extends NameTerms {
  readonly equity: Usd;
}

export interface Portfolio {
  /** Dollars. */
  readonly equity: number;
  /** As held and, where orders work that may open more, as it would be were all of them to fill. A limit must hold in each. */
  readonly books: readonly [held: Book, filled?: Book];
  readonly names: Names;
  /** What stands in for figures of this moment, in alphabetical order. */
  readonly standIns: readonly string[];
  /** One unit of a package, as it would stand in its owner's book. */
  readonly unitOf: (owner: Owner, package_: Legs) => Known<Book>;
}

const holdingsOf = (owner: Owner, package_: Legs, units: number): readonly Holding[] =>
  package_.map(({ instrument, side, ratio }) => ({ owner, instrument, qty: sign(side) * ratio * units }));

/**
 * What live orders may yet add: packages with a leg that opens, whole, as far as they are not filled. An order of uncertain fate counts
 * like one that works: all of it may turn out to be there. Exits are left out: until they fill they free nothing.
 */
export const workingHoldings = (live: readonly Order[]): readonly Holding[] =>
  live.filter((o) => o.legs.some((l) => l.effect === 'open')).flatMap((o) => holdingsOf(o.strategy, o.legs, o.qty - o.cumQty));

/** Lines of instruments, worked out once for each; what stood in for a figure is told. */
function linesOf(market: RiskMarket, names: Names, tell: (standIn: string) => void): LineOf {
  const heard = (mark: Known<Mark>): Known<number> => {
    if (!mark.known) return mark;
    if (mark.value.standIn !== null) tell(mark.value.standIn);
    return known(mark.value.value);
  };
  const spotOf = once((name: Symbol) => heard(market.spot(name)));
  const unit = (instrument: Instrument): Known<Line> => {
    const { underlying } = instrument;
    const spot = spotOf(underlying);
    if (!spot.known) return spot;
    if (names.isAssumed(underlying)) tell(`beta:${underlying}`);
    const terms = {
      instrument,
      qty: 1,
      spot: spot.value,
      rate: market.rate,
      dividendYield: market.dividendYield(underlying),
      beta: names.beta(underlying),
    };
    if (instrument.kind === 'equity') return known({ ...terms, sigma: 0, years: 0, isLastDay: false });
    const years = market.years(instrument);
    // What has expired has no volatility left, and needs none.
    const sigma = years > 0 ? heard(market.volatility(instrument, spot.value)) : known(0);
    return sigma.known ? known({ ...terms, sigma: sigma.value, years, isLastDay: market.isLastDay(instrument) }) : sigma;
  };
  const units = new Map<Symbol, Known<Line>>();
  return (instrument, qty) => {
    const line = units.get(instrument.symbol) ?? unit(instrument);
    units.set(instrument.symbol, line);
    return line.known ? known({ ...line.value, qty }) : line;
  };
}

/**
 * The book valued now; BOOK_UNVALUED with the instrument's name and the reason when any part of it cannot be valued: a book with a hole
 * in it has no risk figures. Nothing but the market is looked at, and the order of positions and orders changes nothing but last bits.
 */
export function portfolioOf(
  positions: readonly Position[],
  live: readonly Order[],
  market: RiskMarket,
  terms: PortfolioTerms,
): Known<Portfolio> {
  const names = namesOf(historyOf(terms.marketIndex, market.closes), terms);
  const standIns = new Set<string>();
  const lineOf = linesOf(market, names, (standIn) => standIns.add(standIn));
  const unvalued = (why: string): Known<never> => absent('BOOK_UNVALUED', `the book cannot be valued: ${why}`);
  const held = bookOf(positions, lineOf, names);
  if (!held.known) return unvalued(held.why);
  const working = workingHoldings(live);
  const filled = working.length === 0 ? undefined : bookOf([...positions, ...working], lineOf, names);
  if (filled !== undefined && !filled.known) return unvalued(filled.why);
  if (positions.length + working.length > 0 && isThin(names)) standIns.add(`history:${terms.marketIndex}`);
  const units = once((owner: Owner) => once((package_: Legs) => bookOf(holdingsOf(owner, package_, 1), lineOf, names)));
  return known({
    equity: dollars(terms.equity),
    books: filled === undefined ? [held.value] : [held.value, filled.value],
    names,
    standIns: [...standIns].sort(),
    unitOf: (owner, package_) => units(owner)(package_),
  });
}
