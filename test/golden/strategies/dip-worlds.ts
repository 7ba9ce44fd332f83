// The dip buyer's market: a strong stock, a hard day after its run, minutes that confirm it, and a chain of month-long calls.
import type { Close, Decision, Gate, Open, Pass } from '../../../src/domain/decision.ts';
import { symbol } from '../../../src/domain/ids.ts';
import { MINUTE } from '../../../src/domain/time.ts';
import { type DipParams, dipParams } from '../../../src/strategies/dip-after-run/params.ts';
import { calendar, contextOf, list, type Stock, stock, type World, world } from './world.ts';
import { dailyCloses, intraday, type TradeTold, trade } from './world-more.ts';

/** A Monday at the close: expiries on Fridays lie 18, 25, 32, 39 and 53 days out. */
export const DAY = '2026-05-04';
export const NEAR = '2026-06-05';
export const RUN = [100, 100.8, 101.5, 102.9, 103.4, 105.1, 106, 107.8, 109.1, 110.6, 112];
export const SPOT = 108.08;
export const SIGMA = 0.36;
export const NAME = symbol('XYZ');

export const params = (parts: Partial<DipParams> = {}): DipParams => dipParams.parse({ universe: ['XYZ'], ...parts });

export interface Told {
  readonly closes?: readonly number[];
  readonly spot?: number;
  /** Closes of the last completed minutes; the spot when left out. */
  readonly minutes?: readonly number[];
  readonly stock?: Partial<Stock>;
  readonly name?: string;
  /** Given quotes of the call at 113. */
  readonly call?: readonly [number, number];
}

/** Twenty quiet sessions, then the run; volumes of a large name. */
export const closesOf = (run: readonly number[]): readonly number[] => [...Array.from({ length: 20 }, () => run[0] as number), ...run];

export const FRIDAYS = ['2026-05-22', '2026-05-29', NEAR, '2026-06-12', '2026-06-26'];

/** A whole day of minutes that ends with those told. */
function minutesOf(w: World, last: readonly number[]): readonly number[] {
  const open = calendar.session(w.day)?.open ?? w.at;
  const before = Math.max(0, (w.at - open) / MINUTE - last.length);
  return [...Array.from({ length: before }, () => last[0] as number), ...last];
}

/** Puts one name on the board of a world. */
export function addName(w: World, told: Told): void {
  const { spot = SPOT, closes = RUN, name = 'XYZ' } = told;
  stock(w, name, { spot, ...told.stock });
  dailyCloses(w, name, closesOf(closes));
  intraday(w, name, {
    minutes: 1,
    today: minutesOf(w, told.minutes ?? [spot]).map((close) => ({ close, volume: 10_000 })),
    usual: { close: closes.at(-1) as number, volume: () => 10_000 },
    sessions: 1,
  });
  const strikes = Array.from({ length: 21 }, (_, i) => ({ strike: Math.round(spot) - 8 + i, sigma: SIGMA }));
  for (const expiry of FRIDAYS) {
    const listed = strikes.map((s) => (s.strike === 113 && expiry === NEAR && told.call !== undefined ? { ...s, call: told.call } : s));
    list(w, name, spot, expiry, listed, { half: 0.03 });
  }
}

export function dipWorld(told: Told = {}): World {
  const w = world(DAY);
  stock(w, 'SPY', { spot: 700 });
  addName(w, told);
  return w;
}

/** Calls at 113 of five Fridays on, bought the day before the world's. */
export const bought = (units: number, parts: Partial<TradeTold> = {}) =>
  trade({
    owner: 'dip',
    name: 'XYZ',
    legs: [{ expiry: NEAR, right: 'call', strike: 113, side: 'buy' }],
    units,
    entry: 2.8,
    openedDay: DAY,
    ...parts,
  });

export const ask = (w: World, parts: Partial<DipParams> = {}) => contextOf(w, params(parts));
export const opensOf = (decisions: readonly Decision[]): readonly Open[] => decisions.filter((d) => d.kind === 'open');
export const closesIn = (decisions: readonly Decision[]): readonly Close[] => decisions.filter((d) => d.kind === 'close');
export const passesOf = (decisions: readonly Decision[]): readonly Pass[] => decisions.filter((d) => d.kind === 'pass');
export const gate = (of: { readonly gates: readonly Gate[] } | undefined, name: string): Gate['observed'] | undefined =>
  of?.gates.findLast((g) => g.name === name)?.observed;
export const memoryOf = (decisions: readonly Decision[]): World['memory'] => decisions.find((d) => d.kind === 'remember')?.memory ?? null;
