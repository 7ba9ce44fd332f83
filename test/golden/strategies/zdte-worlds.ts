// The same-day seller's market: a fund at 600, a quiet morning, and a chain that expires at the close.
import type { Close, Decision, Gate, Open, Pass } from '../../../src/domain/decision.ts';
import { symbol } from '../../../src/domain/ids.ts';
import { MINUTE } from '../../../src/domain/time.ts';
import type { MacroEvent } from '../../../src/market/macro.ts';
import { type ZdteParams, zdteParams } from '../../../src/strategies/zero-dte-credit-spreads/params.ts';
import { type ChainTerms, calendar, contextOf, type Listed, list, stock, type World, world } from './world.ts';
import { dailyCloses, holding, intraday, level, macro, type TradeTold, trade } from './world-more.ts';

/** A Tuesday: at 10:00 the session has 360 minutes left. */
export const DAY = '2026-03-10';
export const SPOT = 600;
export const NAME = symbol('SPY');
export const YIELD = 0.012;

/** Volatility by strike: puts 0.210 at 594 and dearer below, calls 0.163 at 605 and cheaper above. */
export const sigmaOf = (strike: number): number => (strike <= SPOT ? 0.21 + 0.004 * (594 - strike) : 0.163 - 0.0018 * (strike - 605));

export interface Told {
  readonly day?: string;
  /** New York time. */
  readonly at?: readonly [hour: number, minute: number];
  readonly name?: string;
  readonly spot?: number;
  /** The price of every minute so far; the spot when left out. */
  readonly traded?: number;
  /** The first price of the session; `traded` when left out. */
  readonly opened?: number;
  readonly vix?: number | null;
  readonly events?: readonly MacroEvent[] | null;
  /** Listed expiry; the day itself when left out. */
  readonly expiry?: string;
  readonly strikes?: readonly Listed[];
  readonly chain?: ChainTerms;
  /** Swing of the daily closes about their mean. */
  readonly swing?: number;
}

/** Strikes a dollar apart around 600. */
export const strikes = (quoted: Readonly<Record<number, Pick<Listed, 'put' | 'call'>>> = {}, from = 570, to = 630): readonly Listed[] =>
  Array.from({ length: to - from + 1 }, (_, i) => ({ strike: from + i, sigma: sigmaOf(from + i), ...quoted[from + i] }));

function minutesOf(w: World, told: Told): void {
  const { name = 'SPY', traded = told.spot ?? SPOT, opened = traded } = told;
  const passed = Math.round((w.at - (calendar.session(w.day)?.open ?? w.at)) / MINUTE);
  for (const minutes of [1, 5] as const) {
    const today = Array.from({ length: Math.floor(passed / minutes) }, (_, i) => ({
      close: traded,
      open: i === 0 ? opened : traded,
      volume: 10_000,
    }));
    intraday(w, name, { minutes, today, usual: { close: traded, volume: () => 10_000 }, sessions: 1 });
  }
}

/** Puts one name on the board. */
export function addName(w: World, told: Told): void {
  const { name = 'SPY', spot = SPOT, swing = 0.004 } = told;
  stock(w, name, { spot, dividendYield: YIELD });
  dailyCloses(
    w,
    name,
    Array.from({ length: 60 }, (_, i) => spot * (1 + (i % 2 === 0 ? swing : -swing)) - 0.4),
  );
  minutesOf(w, told);
  list(w, name, spot, told.expiry ?? told.day ?? DAY, told.strikes ?? strikes(), { half: 0.0065, volume: 2_000, ...told.chain });
}

export function zdteWorld(told: Told = {}): World {
  const { day = DAY, at: [hour, minute] = [10, 0] } = told;
  const w = world(day, hour, minute);
  addName(w, told);
  if (told.vix !== null) level(w, 'VIX', told.vix ?? 18);
  if (told.events !== null) macro(w, told.events ?? []);
  return w;
}

/** A morning that leans away from the puts: the session's mean price lies three dollars under the share. */
export const risen = (told: Told = {}): World => zdteWorld({ traded: 597, ...told });

export const params = (parts: Partial<ZdteParams> = {}): ZdteParams => zdteParams.parse(parts);
export const ask = (w: World, parts: Partial<ZdteParams> = {}) => contextOf(w, params(parts));

const put = [
  { expiry: DAY, right: 'put', strike: 594, side: 'sell' },
  { expiry: DAY, right: 'put', strike: 589, side: 'buy' },
] as const;
const call = [
  { expiry: DAY, right: 'call', strike: 605, side: 'sell' },
  { expiry: DAY, right: 'call', strike: 610, side: 'buy' },
] as const;

/** Two put spreads 594/589 sold at 0.56 this morning. */
export const soldPuts = (parts: Partial<TradeTold> = {}) =>
  trade({ owner: 'zdte', name: 'SPY', legs: put, units: 2, entry: -0.56, openedDay: DAY, ...parts });

/** Two condors 589/594/605/610 sold at 1.15: 0.56 of it for the puts. */
export const soldCondors = (parts: Partial<TradeTold> = {}) =>
  trade({
    owner: 'zdte',
    name: 'SPY',
    legs: [...put, ...call],
    units: 2,
    entry: -1.15,
    openedDay: DAY,
    thesis: { kind: 'condor', putShare: 0.49, z: 0, edge: 1.3 },
    ...parts,
  });

/** A world at an hour in which puts, or condors, are held. */
export const held = (told: Told, ...trades: readonly ReturnType<typeof trade>[]): World =>
  holding({ ...zdteWorld(told), slot: 'manage' }, ...(trades.length > 0 ? trades : [soldPuts()]));

export const opensOf = (decisions: readonly Decision[]): readonly Open[] => decisions.filter((d) => d.kind === 'open');
export const closesIn = (decisions: readonly Decision[]): readonly Close[] => decisions.filter((d) => d.kind === 'close');
export const passesOf = (decisions: readonly Decision[]): readonly Pass[] => decisions.filter((d) => d.kind === 'pass');
export const gate = (of: { readonly gates: readonly Gate[] } | undefined, name: string): Gate['observed'] | undefined =>
  of?.gates.findLast((g) => g.name === name)?.observed;
export const memoryOf = (decisions: readonly Decision[]): World['memory'] => decisions.find((d) => d.kind === 'remember')?.memory ?? null;
