// The line of a strategy's page that says what its payoff is drawn from:
// `<!-- payoff: buy call 185 8.31; sell call 195 3.80; spot 186.40; sigma 0.31; years 0.098; rate 0.04 -->`.
import { symbol } from '../../src/domain/ids.ts';
import { equity, type Instrument, occSymbol, parseOcc } from '../../src/domain/instrument.ts';
import { type Leg, type Legs, leg, sign } from '../../src/domain/legs.ts';
import { type Price, parsePrice, price } from '../../src/domain/money.ts';
import { tradingDay } from '../../src/domain/time.ts';

export interface Today {
  readonly spot: number;
  /** Annual volatility, a fraction; one for all legs. */
  readonly sigma: number;
  readonly years: number;
  /** Continuous, a fraction a year. */
  readonly rate: number;
}

export interface PayoffLine {
  readonly legs: Legs;
  /** What was paid for one package, per share of it; negative was collected. */
  readonly net: Price;
  /** The legs as they were written, for the heading. */
  readonly words: readonly string[];
  readonly spot: number | null;
  /** What the package is worth before expiry is drawn from; null when it is not asked for. */
  readonly today: Today | null;
}

/** A page whose line cannot be read; the message says which page, which line, and what is wanted. */
export class PayoffLineError extends Error {
  override readonly name = 'PayoffLineError';
}

// No payoff depends on which day this is: every option of a page expires on the same one.
const EXPIRY = tradingDay('2027-01-15');
const SHARE = symbol('XYZ');
const LEG = /^(buy|sell) (call|put) (\d+(?:\.\d{1,3})?) (\d+(?:\.\d{1,4})?)(?: x([1-9]\d{0,3}))?$/;
const SHARES = /^(buy|sell) share (\d+(?:\.\d{1,4})?)(?: x([1-9]\d{0,3}))?$/;
const FIGURE = /^(spot|sigma|years|rate) (-?\d+(?:\.\d+)?)$/;
const FORM =
  'write "buy|sell call|put STRIKE PRICE [xN]", "buy|sell share PRICE [xN]", or one of "spot", "sigma", "years", "rate" with its number';

interface Priced {
  readonly leg: Leg;
  readonly price: Price;
}

const priced = (instrument: Instrument, side: string, at: string, count: string | undefined): Priced => ({
  leg: leg(instrument, side === 'buy' ? 'buy' : 'sell', 'open', count === undefined ? 1 : Number(count)),
  price: parsePrice(at) ?? price(0),
});

function legOf(part: string): Priced | undefined {
  const shares = SHARES.exec(part);
  if (shares !== null) return priced(equity(SHARE), shares[1] ?? '', shares[2] ?? '', shares[3]);
  const match = LEG.exec(part);
  const strike = parsePrice(match?.[3] ?? '');
  if (match === null || strike === undefined || strike === 0) return undefined;
  const option = parseOcc(occSymbol(SHARE, EXPIRY, match[2] === 'call' ? 'call' : 'put', strike));
  return option === undefined ? undefined : priced(option, match[1] ?? '', match[4] ?? '', match[5]);
}

/** Shares that one package stands for: a hundred as soon as one leg is an option. */
export const sharesOf = (package_: Legs): number => Math.max(...package_.map(({ instrument }) => instrument.multiplier));

/** Cash paid for the package, spread over the shares that it stands for. */
function netOf(legs: readonly Priced[], package_: Legs): Price {
  const cash = legs.reduce((n, { leg: l, price: at }) => n + sign(l.side) * l.ratio * l.instrument.multiplier * at, 0);
  return price(Math.round(cash / sharesOf(package_)));
}

function todayOf(figures: ReadonlyMap<string, number>, refuse: (why: string) => never): Today | null {
  const [spot, sigma, years] = [figures.get('spot'), figures.get('sigma'), figures.get('years')];
  if (sigma === undefined && years === undefined) return null;
  if (spot === undefined || sigma === undefined || years === undefined)
    return refuse('the value before expiry needs spot, sigma and years together; rate is 0 when it is not given');
  if (!(sigma > 0 && sigma < 10 && years > 0 && years < 10)) return refuse('sigma and years lie between 0 and 10');
  return { spot, sigma, years, rate: figures.get('rate') ?? 0 };
}

/** @throws PayoffLineError naming `where` and the part that is wrong */
export function parsePayoff(text: string, where: string): PayoffLine {
  const refuse = (why: string): never => {
    throw new PayoffLineError(`${where}: ${why}`);
  };
  const legs: Priced[] = [];
  const words: string[] = [];
  const figures = new Map<string, number>();
  for (const [i, part] of text.split(';').map((p, n) => [n, p.trim().replace(/\s+/g, ' ')] as const)) {
    const figure = FIGURE.exec(part);
    const one = legOf(part);
    if (figure !== null) {
      const name = figure[1] ?? '';
      if (figures.has(name)) refuse(`part ${String(i + 1)}, "${part}": ${name} is given twice`);
      figures.set(name, Number(figure[2]));
    } else if (one !== undefined) {
      legs.push(one);
      words.push(part);
    } else refuse(`part ${String(i + 1)}, "${part}", is no leg and no figure: ${FORM}`);
  }
  const [first, ...rest] = legs.map((l) => l.leg);
  if (first === undefined) return refuse(`there is no leg: ${FORM}`);
  const package_: Legs = [first, ...rest];
  const spot = figures.get('spot') ?? null;
  if (spot !== null && !(spot > 0)) refuse('spot lies above 0');
  return { legs: package_, net: netOf(legs, package_), words, spot, today: todayOf(figures, refuse) };
}

/** The payoff line of a page; undefined for a page without one. */
export function payoffOfPage(page: string, path: string): PayoffLine | undefined {
  const found = page.split('\n').flatMap((line, i) => (/<[!]--\s*payoff\b/.test(line) ? [[i + 1, line] as const] : []));
  const [first, second] = found;
  if (first === undefined) return undefined;
  const where = `${path}:${String(first[0])}`;
  if (second !== undefined)
    throw new PayoffLineError(`${path}:${String(second[0])}: a second payoff line; the first is line ${String(first[0])}`);
  const text = /^<[!]-- payoff: (.+) -->$/.exec(first[1].trim())?.[1];
  if (text === undefined) throw new PayoffLineError(`${where}: write the whole of it on a line of its own: <!-- payoff: LEG; LEG; ... -->`);
  return parsePayoff(text, where);
}
