// Quotes, trades and open interest of a listed contract, worked out from its underlying and the surface.
import { hash32 } from '../../base/rng.ts';
import { bsPrice } from '../../pricing/black-scholes.ts';
import type { MarketBar } from '../market.ts';
import type { DailyPath } from './daily-path.ts';
import { draw, normal, streamOf, uniform } from './draws.ts';
import type { SyntheticContract } from './listing.ts';
import { RATE } from './names.ts';
import type { ShareBasis } from './share-basis.ts';
import { type NameView, sigmaOf, YEAR } from './surface.ts';

/** Micros. */
const CENT = 10_000;
const NICKEL = 50_000;
const DIME = 100_000;
const THREE_DOLLARS = 3_000_000;

/** The least step of a price of this size: fund options trade in cents throughout, wide classes in nickels and dimes. */
export function optionTick(path: DailyPath, micros: number): number {
  if (path.name.dailies) return CENT;
  if (path.name.pennyProgram) return micros < THREE_DOLLARS ? CENT : NICKEL;
  return micros < THREE_DOLLARS ? NICKEL : DIME;
}

export interface Valuation {
  /** Model value, dollars per share. */
  readonly value: number;
  readonly sigma: number;
  readonly years: number;
}

/** A contract's model value at a moment. */
export function valueOf(path: DailyPath, view: NameView, contract: SyntheticContract): Valuation {
  const years = Math.max(0, contract.end - view.moment.at) / YEAR;
  const sigma = sigmaOf(path, view, contract.strike, years, contract.expiryIndex);
  const each = bsPrice({
    right: contract.right,
    spot: view.spot,
    strike: contract.strike,
    years,
    rate: RATE,
    dividendYield: path.name.yield,
    sigma,
  });
  return { value: contract.parts * each, sigma, years };
}

/** Deviations between a strike and the spot, for trade and spreads that thin out away from the money. */
function distance(path: DailyPath, spot: number, contract: SyntheticContract, years: number): number {
  return Math.abs(Math.log(contract.strike / spot)) / (path.name.vol * Math.sqrt(Math.max(years, 4 / 365)));
}

/** The touch: a spread of 2 to 4 % of the value about it, out to whole ticks; nobody bids for what is worth less than a tick. */
export function touchOf(path: DailyPath, view: NameView, contract: SyntheticContract): { readonly bid: number; readonly ask: number } {
  const { value, years } = valueOf(path, view, contract);
  const micros = value * 1_000_000;
  const part = 0.02 + 0.02 * Math.min(1, distance(path, view.spot, contract, years) / 2.5);
  const half = Math.max(optionTick(path, micros), part * micros) / 2;
  const down = optionTick(path, Math.max(0, micros - half));
  const up = optionTick(path, micros + half);
  const bid = Math.max(0, Math.floor((micros - half) / down) * down);
  const ask = Math.max(Math.ceil((micros + half) / up) * up, bid + up);
  return { bid, ask };
}

const CLASS_WEIGHT = { daily: 0.6, weekly: 1, monthly: 2.5, january: 3 } as const;

export interface OptionFlow {
  /** Open interest on the morning of a session. */
  openInterest(contract: SyntheticContract, session: number): number;
  /** Contracts traded in a whole session. */
  volume(contract: SyntheticContract, session: number): number;
  /** Contracts at the bid and at the ask; changes with the minute. */
  sizes(contract: SyntheticContract, minute: number): readonly [number, number];
  /** Milliseconds into a five-minute stretch at which its last trade falls. */
  tradeOffset(contract: SyntheticContract, stretch: number): number;
  /** A finished session's bar; undefined when nothing traded. */
  bar(contract: SyntheticContract, underlying: MarketBar, open: NameView, close: NameView, volume: number): MarketBar | undefined;
}

/** A trade prints in cents, never at nothing. */
const printed = (value: number): number => Math.max(1, Math.round(value * 100)) * CENT;

export function optionFlow(seed: number, path: DailyPath, basis: ShareBasis): OptionFlow {
  const stream = streamOf(seed, `${path.name.symbol}/options`);
  const ids = new Map<string, number>();
  const idOf = (contract: SyntheticContract): number => {
    const id = ids.get(contract.symbol) ?? hash32(contract.symbol);
    ids.set(contract.symbol, id);
    return id;
  };
  function openInterest(contract: SyntheticContract, session: number): number {
    const before = basis.path(session).step(Math.max(0, session - 1));
    const years = Math.max(1, contract.expiryIndex - session + 1) / 252;
    const z = distance(path, Math.exp(before.close), contract, years);
    const age = session - contract.listedFrom;
    const scale = path.name.openInterest * CLASS_WEIGHT[contract.expiryClass] * (contract.round ? 1.3 : 0.8);
    const taste = 0.55 + 0.9 * uniform(stream, idOf(contract), 0);
    return Math.floor(scale * taste * Math.exp(-0.5 * (z / 1.4) ** 2) * (1 - Math.exp(-(age + 2) / 5)));
  }
  function volume(contract: SyntheticContract, session: number): number {
    const years = Math.max(1, contract.expiryIndex - session + 1) / 252;
    const z = distance(path, Math.exp(basis.path(session).step(Math.max(0, session - 1)).close), contract, years);
    const turnover = 0.2 * Math.exp(0.4 * normal(stream, idOf(contract), session + 1) - 0.3 * z);
    return Math.floor((openInterest(contract, session) + 0.1 * path.name.openInterest * Math.exp(-z * z)) * turnover);
  }
  return {
    openInterest,
    volume,
    sizes(contract, minute) {
      const bits = draw(stream, idOf(contract), minute);
      const depth = 12 + Math.floor(path.name.openInterest / 100);
      return [12 + (bits % depth), 12 + ((bits >>> 12) % depth)];
    },
    tradeOffset: (contract, stretch) => draw(stream, idOf(contract), stretch + 7) % 300_000,
    bar(contract, underlying, open, close, traded) {
      if (traded === 0) return undefined;
      const first = printed(valueOf(path, open, contract).value);
      const last = printed(valueOf(path, close, contract).value);
      const best = contract.right === 'call' ? underlying.high : underlying.low;
      const worst = contract.right === 'call' ? underlying.low : underlying.high;
      const high = printed(valueOf(path, { ...open, spot: best / 1_000_000 }, contract).value);
      const low = printed(valueOf(path, { ...close, spot: worst / 1_000_000 }, contract).value);
      return {
        at: underlying.at,
        day: underlying.day,
        open: first,
        high: Math.max(first, last, high),
        low: Math.min(first, last, low),
        close: last,
        volume: traded,
      };
    },
  };
}
