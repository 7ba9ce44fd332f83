// The secular winners' market: a leader that has risen for a year and a half, and calls 541 days out.
import type { Close, Decision, Gate, Open, Pass } from '../../../src/domain/decision.ts';
import { symbol } from '../../../src/domain/ids.ts';
import type { Trade } from '../../../src/domain/trade.ts';
import { type LeapsParams, leapsParams } from '../../../src/strategies/leaps-secular-winners/params.ts';
import { type ChainTerms, contextOf, list, type Stock, stock, type World, world } from './world.ts';
import { dailyCloses, holding, type TradeTold, trade } from './world-more.ts';

/** A Wednesday; 2027-09-17 lies 541 days after it. */
export const DAY = '2026-03-25';
export const FAR = '2027-09-17';
export const SIGMA = 0.38;
export const NAME = symbol('XYZ');

const nobody = { ai: ['ZZZZ'], cloud: ['ZZZZ'], electric_mobility: ['ZZZZ'], cybersecurity: ['ZZZZ'], fintech: ['ZZZZ'] };
type Themes = Partial<Record<keyof LeapsParams['themes'], readonly string[]>>;
export const params = (parts: Partial<LeapsParams> = {}, themes: Themes = { ai: ['XYZ'] }): LeapsParams =>
  leapsParams.parse({ ...parts, themes: { ...nobody, ...themes } });

/** Closes on a straight line. */
export const rising = (sessions: number, from: number, to: number): readonly number[] =>
  Array.from({ length: sessions }, (_, i) => Math.round((from + ((to - from) * (i + 1)) / sessions) * 100) / 100);

export interface Told {
  readonly name?: string;
  readonly spot?: number;
  readonly closes?: readonly number[];
  readonly strikes?: readonly number[];
  /** Given quotes of the call at 115. */
  readonly call115?: readonly [number, number];
  readonly stock?: Partial<Stock>;
  readonly terms?: ChainTerms;
  readonly hour?: number;
  readonly minute?: number;
  readonly equity?: number;
}

const STRIKES = [95, 100, 105, 110, 115, 120, 125, 130, 140, 150];

export function addName(w: World, { name = 'XYZ', spot = 142, closes = rising(400, 100, 142), strikes = STRIKES, ...told }: Told): void {
  stock(w, name, { spot, ...told.stock });
  dailyCloses(w, name, closes);
  const listed = strikes.map((strike) => ({
    strike,
    sigma: SIGMA,
    ...(strike === 115 && told.call115 !== undefined ? { call: told.call115 } : {}),
  }));
  list(w, name, spot, FAR, listed, { half: 0.05, ...told.terms });
}

export function leapsWorld(told: Told = {}): World {
  const w = world(DAY, told.hour ?? 16, told.minute ?? 0);
  stock(w, 'SPY', { spot: 700 });
  addName(w, told);
  const { equity = 100_000 } = told;
  return { ...w, account: { equity, settledCash: equity, optionsBuyingPower: equity, ageMs: 0 } };
}

interface Tranche {
  readonly expiry?: string;
  readonly strike?: number;
  readonly units?: number;
  readonly left?: number;
  readonly entry?: number;
  readonly openedDay?: string;
  readonly closed?: TradeTold['closed'];
}

/** Calls bought a while ago. */
export const tranche = ({ expiry = FAR, strike = 115, units = 4, entry = 40, openedDay = '2026-01-15', ...rest }: Tranche = {}): Trade =>
  trade({ owner: 'leaps', name: 'XYZ', legs: [{ expiry, right: 'call', strike, side: 'buy' }], units, entry, openedDay, ...rest });

export interface HeldTold extends Tranche {
  readonly closes?: readonly number[];
  /** Of the held call; the model's when left out. */
  readonly quote?: readonly [number, number];
  readonly hour?: number;
  readonly minute?: number;
  readonly spot?: number;
}

/** A world that holds a tranche, in the forenoon unless told. */
export function heldWorld({ closes = rising(400, 100, 142), quote, hour = 11, minute = 0, spot = 142, ...parts }: HeldTold): World {
  const w = world(DAY, hour, minute);
  stock(w, 'XYZ', { spot });
  dailyCloses(w, 'XYZ', closes);
  const { expiry = FAR, strike = 115 } = parts;
  list(w, 'XYZ', spot, expiry, [{ strike, sigma: SIGMA, ...(quote === undefined ? {} : { call: quote }) }]);
  return holding(w, tranche(parts));
}

export const ask = (w: World, parts: Partial<LeapsParams> = {}, themes?: Themes) => {
  const wanted = params(parts, themes);
  return contextOf(w, wanted);
};
const told = (decisions: readonly Decision[]) => decisions.filter((d) => d.kind === 'remember' || d.subject !== 'ZZZZ');
export const opensOf = (decisions: readonly Decision[]): readonly Open[] => decisions.filter((d) => d.kind === 'open');
export const closesIn = (decisions: readonly Decision[]): readonly Close[] => decisions.filter((d) => d.kind === 'close');
export const passesOf = (decisions: readonly Decision[]): readonly Pass[] => told(decisions).filter((d) => d.kind === 'pass');
export const gate = (of: { readonly gates: readonly Gate[] } | undefined, name: string): Gate['observed'] | undefined =>
  of?.gates.findLast((g) => g.name === name)?.observed;
export const memoryOf = (decisions: readonly Decision[]): World['memory'] => decisions.find((d) => d.kind === 'remember')?.memory ?? null;
