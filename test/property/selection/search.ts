// The stated objective of each strategy as a search over everything that is listed: written from the rules, not from the code.
import type { TradingDay } from '../../../src/domain/time.ts';
import { calendar, RATE } from '../../golden/strategies/world.ts';
import { type Listed, type Listing, type Right, sessionMinutes, termsOf, type Valued, valuedIn, yearsLeft } from './listing.ts';
import { insideOf, lineThrough, spotFor, touchOf, volatilityOf } from './own-math.ts';

/** Symbols of the contracts taken, sorted; undefined where nothing is. */
export type Found = readonly string[] | undefined;

const FEE = 0.05;

interface Limits {
  readonly spread: number;
  readonly interest: number;
  readonly volume: number;
}

const whole = (dollars: number): number => Math.round(dollars * 1e6);

/** The contract filter: spread, open interest with its date, volume, size on our side, standard and tradable. */
function trades(listing: Listing, row: Valued, side: 'buy' | 'sell', contracts: number, { spread, interest, volume }: Limits): boolean {
  const [bid, ask] = [whole(row.bid), whole(row.ask)];
  const oldest = calendar.offset(listing.day as TradingDay, -2).day;
  const size = side === 'buy' ? row.askSize : row.bidSize;
  return (
    row.standard &&
    row.tradable &&
    (ask - bid <= 50_000 || 2 * (ask - bid) <= spread * (ask + bid) * (1 + 1e-9)) &&
    row.openInterest !== null &&
    row.openInterestDay !== null &&
    row.openInterestDay >= oldest &&
    row.openInterest >= interest &&
    (volume === 0 || (row.volume !== null && row.volume >= volume)) &&
    size !== null &&
    size >= Math.min(contracts, 10)
  );
}

/** The row with the least of a figure; of equals the one that a second figure puts first. */
function least<T>(rows: readonly T[], ...by: readonly ((row: T) => number)[]): T | undefined {
  let best: T | undefined;
  for (const row of rows) {
    const difference = best === undefined ? -1 : by.map((of) => of(row) - of(best as T)).find((d) => Math.abs(d) > 1e-12);
    if (best === undefined || (difference ?? 0) < 0) best = row;
  }
  return best;
}

interface Window {
  readonly min: number;
  readonly target: number;
  readonly max: number;
  readonly later?: boolean;
  readonly monthly?: boolean;
}

/** Third Friday of the month, or the session before it. */
function isMonthly(expiry: string): boolean {
  const first = new Date(`${expiry.slice(0, 8)}01T00:00Z`);
  const friday = new Date(first.getTime() + (((5 - first.getUTCDay() + 7) % 7) + 14) * 86_400_000).toISOString().slice(0, 10) as TradingDay;
  return expiry === (calendar.session(friday) === undefined ? calendar.offset(friday, -1).day : friday);
}

/** Listed expiries of a window, nearest its target first. */
function expiriesIn({ rows }: Listing, { min, target, max, later = false, monthly = false }: Window): readonly string[] {
  const inside = [...new Map(rows.filter(({ dte }) => dte >= min && dte <= max).map(({ expiry, dte }) => [expiry, dte]))];
  const rank = ([expiry, dte]: readonly [string, number]): number =>
    (monthly && Math.abs(dte - target) <= 3 && isMonthly(expiry) ? -1_000 : 0) +
    Math.abs(dte - target) +
    (dte > target === later ? -0.5 : 0);
  return inside.sort((a, b) => rank(a) - rank(b)).map(([expiry]) => expiry);
}

const side = (right: Right, expiry: string | undefined) => (row: Listed) => row.right === right && row.expiry === expiry;
const within = (x: number, min: number, max: number): boolean => x >= min && x <= max;
const only = (row: { readonly symbol: string } | undefined): Found => (row === undefined ? undefined : [row.symbol]);

/** Nearest to a delta of those that pass; of equals the one further out. */
const nearest = (rows: readonly Valued[], delta: number): Valued | undefined =>
  least(
    rows,
    (row) => Math.abs(row.delta - delta),
    (row) => row.delta,
  );

/** The volatility at any level from what is quoted out of the money. */
function smileOf(listing: Listing, expiry: string): ((level: number) => number) | undefined {
  const forward = listing.spot * Math.exp(RATE * yearsLeft(listing, expiry));
  const rows = valuedIn(listing, (row) => row.expiry === expiry && row.standard && (row.right === 'put') === row.strike <= forward);
  return rows.length === 0 ? undefined : lineThrough(rows.map(({ strike, sigma }) => [strike, sigma] as const));
}

/** S1: of the strikes of the expiry nearest a month, the nearest to 5 % over the price that fits; three are tried. */
export function dip(listing: Listing): Found {
  const [expiry] = expiriesIn(listing, { min: 21, target: 30, max: 45, later: true });
  const away = (row: Listed): number => Math.abs(row.strike - 1.05 * listing.spot);
  const tried = listing.rows.filter(side('call', expiry)).sort((a, b) => away(a) - away(b) || b.strike - a.strike);
  const fits = (row: Valued): boolean =>
    within(row.strike / listing.spot - 1, 0.03, 0.07) &&
    within(row.delta, 0.2, 0.45) &&
    row.mid >= 0.3 &&
    trades(listing, row, 'buy', 1, { spread: 0.1, interest: 500, volume: 50 });
  return only(
    tried
      .slice(0, 3)
      .flatMap(({ symbol }) => valuedIn(listing, (row) => row.symbol === symbol))
      .find(fits),
  );
}

/** S2: the soonest expiry two to nine days out with two sessions left; nearest 0.40 in 0.30 to 0.50, at most half a deviation out. */
export const momentum =
  (right: Right) =>
  (listing: Listing): Found => {
    const next = calendar.offset(listing.day as TradingDay, 1).day;
    const friday = (Date.parse(next) - Date.parse(listing.day)) / 86_400_000 >= 3;
    const open = calendar.session(listing.day as TradingDay)?.open ?? listing.now;
    const late = friday && listing.now - open >= 210 * 60_000;
    const expiry = [...new Set(listing.rows.filter(({ dte }) => within(dte, 2, 9)).map((row) => row.expiry))]
      .filter((day) => calendar.between(listing.day as TradingDay, day as TradingDay).length >= 2 && !(late && day === next))
      .sort()[0];
    const smile = expiry === undefined ? undefined : smileOf(listing, expiry);
    if (expiry === undefined || smile === undefined) return undefined;
    const reach = 0.5 * listing.spot * smile(listing.spot) * Math.sqrt(yearsLeft(listing, expiry));
    const fits = (row: Valued): boolean =>
      within(row.delta, 0.3, 0.5) &&
      (right === 'call' ? 1 : -1) * (row.strike - listing.spot) <= reach &&
      row.mid >= 0.5 &&
      trades(listing, row, 'buy', 1, { spread: 0.08, interest: 250, volume: 100 });
    return only(nearest(valuedIn(listing, side(right, expiry)).filter(fits), 0.4));
  };

/** S6: the expiry nearest 17 of 7 to 30 days; nearest 0.50 in 0.40 to 0.60. */
export const swing =
  (right: Right) =>
  (listing: Listing): Found => {
    const [expiry] = expiriesIn(listing, { min: 7, target: 17, max: 30 });
    const fits = (row: Valued): boolean =>
      within(row.delta, 0.4, 0.6) && row.mid >= 0.5 && trades(listing, row, 'buy', 1, { spread: 0.08, interest: 250, volume: 50 });
    return only(nearest(valuedIn(listing, side(right, expiry)).filter(fits), 0.5));
  };

/** S4: the expiry nearest 540 of 400 to 800 days; nearest 0.80 in 0.70 to 0.88 with at most 8 % of time value a year. */
export function leaps(listing: Listing): Found {
  const [expiry] = expiriesIn(listing, { min: 400, target: 540, max: 800, later: true });
  const fits = (row: Valued): boolean =>
    within(row.delta, 0.7, 0.88) &&
    (row.mid - Math.max(0, listing.spot - row.strike)) / listing.spot / yearsLeft(listing, row.expiry) <= 0.08 &&
    trades(listing, row, 'buy', 1, { spread: 0.05, interest: 100, volume: 0 });
  return only(nearest(valuedIn(listing, side('call', expiry)).filter(fits), 0.8));
}

const WHEEL: Limits = { spread: 0.1, interest: 250, volume: 25 };

/** A sale is asked for on the grid: nickels from three dollars, cents under it, upwards. */
function askedFor(price: number): number {
  const grid = price < 3 ? 10_000 : 50_000;
  return (Math.ceil(Math.round(price * 1e6) / grid - 1e-9) * grid) / 1e6;
}

/** S5: the expiry nearest 38 of 28 to 45 days, a monthly within three days first; the put nearest 0.25 in 0.15 to 0.30, if it pays. */
export function wheelPut(listing: Listing): Found {
  const [expiry] = expiriesIn(listing, { min: 28, target: 38, max: 45, monthly: true });
  const fits = (row: Valued): boolean =>
    within(row.delta, 0.15, 0.3) && trades(listing, row, 'sell', Math.floor((0.1 * listing.equity) / (row.strike * 100)), WHEEL);
  const put = nearest(valuedIn(listing, side('put', expiry)).filter(fits), 0.25);
  if (put === undefined) return undefined;
  const credit = askedFor(put.mid - 0.175 * (put.ask - put.bid));
  const annual = ((credit * 100 - FEE) / (put.strike * 100 - credit * 100)) * (365 / put.dte);
  return credit >= 0.5 - 1e-9 && annual >= 0.12 ? [put.symbol] : undefined;
}

/** S5: on shares of a basis, the call nearest 0.30 in 0.20 to 0.35 that is no cheaper than they were. */
export const wheelCall =
  (basis: number, contracts: number) =>
  (listing: Listing): Found => {
    const [expiry] = expiriesIn(listing, { min: 21, target: 30, max: 45, monthly: true });
    const fits = (row: Valued): boolean =>
      row.strike >= basis && within(row.delta, 0.2, 0.35) && trades(listing, row, 'sell', contracts, WHEEL);
    const call = nearest(valuedIn(listing, side('call', expiry)).filter(fits), 0.3);
    if (call === undefined) return undefined;
    const credit = askedFor(call.mid - 0.175 * (call.ask - call.bid));
    const annual = ((credit * 100 - FEE) / (listing.spot * 100)) * (365 / call.dte);
    return credit >= 0.5 - 1e-9 || annual >= 0.08 ? [call.symbol] : undefined;
  };

export interface Old {
  readonly strike: number;
  readonly expiry: string;
  /** Of the buy-back, dollars a share. */
  readonly cost: number;
  /** Chance that it would have expired worthless. */
  readonly safe: number;
}

/** S5: rolled 28 to 45 days on, no higher, safer, for a tenth more than the buy-back: of those that trade the lowest. */
export const wheelRoll =
  (old: Old) =>
  (listing: Listing): Found => {
    const later = (expiry: string): number => (Date.parse(expiry) - Date.parse(old.expiry)) / 86_400_000;
    const rows = valuedIn(listing, (row) => row.right === 'put' && within(later(row.expiry), 28, 45) && row.strike <= old.strike);
    const fits = rows.filter(
      (row) => 1 - row.inside > old.safe && row.bid - old.cost >= 0.1 - 1e-9 && trades(listing, row, 'sell', 1, WHEEL),
    );
    return only(
      least(
        fits,
        (row) => row.strike,
        (row) => -row.bid,
        (row) => row.dte,
      ),
    );
  };

const DEBIT: Limits = { spread: 0.08, interest: 250, volume: 25 };
const clamp = (x: number): number => Math.min(1, Math.max(0, x));

/** S3: over two expiries nearest 35 of 25 to 50 days, the pair about 0.55 and 0.30 with the best score of those that fit. */
export const debitSpread =
  (trend: number, rank: number) =>
  (listing: Listing): Found => {
    let best: { readonly score: number; readonly legs: Found } | undefined;
    for (const expiry of expiriesIn(listing, { min: 25, target: 35, max: 50 }).slice(0, 2)) {
      const rows = [...valuedIn(listing, side('call', expiry))].sort((a, b) => a.strike - b.strike);
      const smile = smileOf(listing, expiry);
      if (smile === undefined) continue;
      const around = (delta: number): readonly Valued[] => {
        const center = nearest(rows, delta);
        const enclosed = rows.some((row) => row.delta >= delta) && rows.some((row) => row.delta <= delta);
        if (center === undefined || !enclosed) return [];
        const at = rows.indexOf(center);
        return [center, rows[at - 1], rows[at + 1]].filter((row) => row !== undefined);
      };
      for (const long of around(0.55))
        for (const short of around(0.3)) {
          const score = scoreOf(listing, long, short, smile, trend, rank);
          if (score !== undefined && (best === undefined || score > best.score + 1e-12))
            best = { score, legs: [long.symbol, short.symbol].sort() };
        }
    }
    return best?.legs;
  };

function scoreOf(
  listing: Listing,
  long: Valued,
  short: Valued,
  smile: (level: number) => number,
  trend: number,
  rank: number,
): number | undefined {
  const width = short.strike - long.strike;
  const debit = Math.floor(Math.round((long.mid - short.mid) * 1e6) / 10_000 + 1e-9) / 100;
  const natural = long.ask - short.bid;
  const even = long.strike + debit;
  const reward = (width - debit) / debit;
  const pop = insideOf(termsOf(listing, { right: 'call', strike: even, expiry: long.expiry }), smile(even));
  const units = Math.max(1, Math.min(10, Math.floor((0.015 * listing.equity) / (debit * 100 + 4 * FEE))));
  const fits =
    within(long.delta, 0.5, 0.65) &&
    within(short.delta, 0.2, 0.4) &&
    within(width / listing.spot, 0.025, 0.1) &&
    (natural - (long.mid - short.mid)) / width <= 0.05 &&
    debit >= 0.25 &&
    reward >= 1.2 &&
    pop >= 0.4 &&
    trades(listing, long, 'buy', units, DEBIT) &&
    trades(listing, short, 'sell', units, DEBIT);
  if (!fits) return undefined;
  const interest = Math.min(long.openInterest ?? 0, short.openInterest ?? 0);
  return (
    0.35 * trend +
    0.25 * clamp((pop - 0.35) / 0.25) +
    0.2 * clamp((reward - 1) / 1.5) +
    0.1 * clamp(interest / 1_000) +
    0.1 * (1 - rank / 100)
  );
}

/** S7, one side: nearest 0.20 in 0.10 to 0.30 of what expires today, and a wing the width away, or up to half as much again. */
function vertical(listing: Listing, right: Right, width: number): Found {
  const fits = (row: Valued): boolean =>
    within(row.delta, 0.1, 0.3) && trades(listing, row, 'sell', 1, { spread: 0.1, interest: 500, volume: 500 });
  const short = nearest(valuedIn(listing, side(right, listing.day)).filter(fits), 0.2);
  if (short === undefined) return undefined;
  const away = (row: Listed): number => Math.round((right === 'put' ? short.strike - row.strike : row.strike - short.strike) * 1e6) / 1e6;
  const wing = least(
    listing.rows.filter((row) => side(right, listing.day)(row) && row.standard && row.tradable && within(away(row), width, 1.5 * width)),
    away,
  );
  return wing === undefined || wing.quote === null ? undefined : [short.symbol, wing.symbol];
}

/** S7: a put spread, a call spread, or both. */
export const sameDay =
  (kind: Right | 'condor', width: number) =>
  (listing: Listing): Found => {
    const sides = (kind === 'condor' ? (['put', 'call'] as const) : [kind]).map((right) => vertical(listing, right, width));
    return sides.some((found) => found === undefined) ? undefined : sides.flatMap((found) => found ?? []).sort();
  };

/** S9: of what costs 0.10 to 2.00 and trades, the likeliest to be worth three times its price in time; nothing where odds break their bound. */
export const ticket =
  (right: Right, dteMax: number) =>
  (listing: Listing): Found => {
    const minutes = sessionMinutes(listing, listing.day);
    const horizon = Math.min(0.5 * minutes, 150) / (252 * 390);
    const priced = listing.rows.flatMap((row) => {
      if (row.right !== right || row.dte > dteMax || !row.standard || row.quote === null || !(row.quote.bid > 0)) return [];
      const mid = (row.quote.bid + row.quote.ask) / 2;
      const terms = { ...termsOf(listing, row), years: sessionMinutes(listing, row.expiry) / (252 * 390) };
      const sigma = within(mid, 0.1, 2) ? volatilityOf(terms, mid) : undefined;
      if (sigma === undefined) return [];
      const level = spotFor({ ...terms, years: terms.years - Math.min(horizon, terms.years) }, sigma, 3 * mid);
      const there = level !== undefined && (right === 'call' ? listing.spot >= level : listing.spot <= level);
      const odds = level === undefined ? 0 : there ? 1 : touchOf(terms, level, sigma, Math.min(horizon, terms.years));
      return [{ row: { ...row, ...row.quote, mid, sigma, delta: 0, inside: 0 }, odds, bound: Math.exp(RATE * horizon) / 3 }];
    });
    if (priced.some(({ odds, bound }) => odds > bound * (1 + 1e-9))) return undefined;
    const best = least(
      priced.filter(({ row }) => trades(listing, row, 'buy', 1, { spread: 0.15, interest: 500, volume: 200 })),
      ({ odds }) => -odds,
      ({ row }) => Math.abs(row.strike - listing.spot),
    );
    return best === undefined || best.odds < 0.12 ? undefined : [best.row.symbol];
  };

const REPORT: Limits = { spread: 0.08, interest: 250, volume: 25 };

/** A listed row with its prices, whether or not a volatility explains them. */
const priced = (row: Listed): Valued[] =>
  row.quote === null ? [] : [{ ...row, ...row.quote, mid: (row.quote.bid + row.quote.ask) / 2, sigma: 0, delta: 0, inside: 0 }];

function wholly(listing: Listing, legs: readonly (readonly [row: Listed | undefined, side: 'buy' | 'sell'])[]): Found {
  const symbols = legs.flatMap(([row, way]) =>
    row === undefined ? [] : priced(row).flatMap((one) => (trades(listing, one, way, 1, REPORT) ? [one.symbol] : [])),
  );
  return symbols.length === legs.length ? symbols.sort() : undefined;
}

/** S8, calendar: the strike nearest the price that is listed in both expiries, the later one 21 to 45 days after the first, nearest 28. */
export const calendarLegs =
  (front: string) =>
  (listing: Listing): Found => {
    const lead = listing.rows.find((row) => row.expiry === front)?.dte ?? 0;
    const [back] = expiriesIn(listing, { min: lead + 21, target: lead + 28, max: lead + 45 });
    const usable = (expiry: string | undefined): readonly Listed[] =>
      listing.rows.filter((row) => side('call', expiry)(row) && row.standard && row.tradable);
    const twins = usable(front).flatMap((near) => {
      const far = usable(back).find((row) => row.strike === near.strike);
      return far === undefined ? [] : [{ near, far }];
    });
    const pair = least(
      twins,
      ({ near }) => Math.abs(near.strike - listing.spot),
      ({ near }) => near.strike,
    );
    return wholly(listing, [
      [pair?.far, 'buy'],
      [pair?.near, 'sell'],
    ]);
  };

/** S8, condor: sold at 1.05 deviations of the event or beyond, bought a fiftieth of the price further out. */
export const condorLegs =
  (front: string, deviation: number) =>
  (listing: Listing): Found =>
    wholly(
      listing,
      (['put', 'call'] as const).flatMap((right) => {
        const rows = listing.rows.filter((row) => side(right, front)(row) && row.standard && row.tradable);
        const out = (row: Listed): number => (right === 'call' ? 1 : -1) * (row.strike - listing.spot);
        const short = least(
          rows.filter((row) => out(row) >= 1.05 * deviation * listing.spot),
          out,
        );
        const long =
          short === undefined
            ? undefined
            : least(
                rows.filter((row) => out(row) - out(short) >= 0.02 * listing.spot - 1e-9),
                out,
              );
        return [
          [short, 'sell'],
          [long, 'buy'],
        ] as const;
      }),
    );
