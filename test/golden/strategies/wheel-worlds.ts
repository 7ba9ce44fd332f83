// Worlds and readings that the wheel's worked examples share.
import type { Close, Decision, Open, Pass } from '../../../src/domain/decision.ts';
import { type StrategyId, symbol } from '../../../src/domain/ids.ts';
import { usd } from '../../../src/domain/money.ts';
import type { Cycle } from '../../../src/domain/position.ts';
import { tradingDay } from '../../../src/domain/time.ts';
import { type WheelParams, wheelParams } from '../../../src/strategies/wheel/params.ts';
import { type Listed, list, micros, type Stock, stock, type World, world } from './world.ts';

export const XYZ = symbol('XYZ');
/** The worked examples stand at the close of a session: rolls are not kept from it. */
export const params = (over: Record<string, unknown> = {}): WheelParams =>
  wheelParams.parse({ universe: ['XYZ'], roll_end_minutes_before_close: 0, ...over });
export const opensOf = (decisions: readonly Decision[]): readonly Open[] => decisions.filter((d) => d.kind === 'open');
export const closesOf = (decisions: readonly Decision[]): readonly Close[] => decisions.filter((d) => d.kind === 'close');
export const passesOf = (decisions: readonly Decision[]): readonly Pass[] => decisions.filter((d) => d.kind === 'pass');
export const gate = (d: Decision | undefined, name: string): number | string | null | undefined =>
  d !== undefined && d.kind !== 'remember' ? d.gates.find((g) => g.name === name)?.observed : undefined;
export const memoryOf = (decisions: readonly Decision[]) => decisions.find((d) => d.kind === 'remember')?.memory ?? null;

/** Strikes of the first example, and others that keep the chain whole. */
export const smile: readonly Listed[] = [
  { strike: 40, sigma: 0.48 },
  { strike: 41, sigma: 0.475 },
  { strike: 42, sigma: 0.465 },
  { strike: 43, sigma: 0.455 },
  { strike: 44, sigma: 0.44 },
  { strike: 45, sigma: 0.43 },
  { strike: 46, sigma: 0.42 },
  { strike: 47, sigma: 0.415 },
  { strike: 48, sigma: 0.41 },
  { strike: 49, sigma: 0.405 },
  { strike: 50, sigma: 0.4 },
  { strike: 51, sigma: 0.4 },
];

/** Tuesday 2026-03-10 at the close: the monthly of April is exactly 38 days away. */
export function cashWorld(over: Partial<Stock> = {}, strikes: readonly Listed[] = smile): World {
  const w = world('2026-03-10');
  const spot = 48.2;
  stock(w, 'XYZ', { spot, dividendYield: 0.01, ...over });
  list(w, 'XYZ', spot, '2026-04-02', smile);
  list(w, 'XYZ', spot, '2026-04-17', strikes);
  return w;
}

export const withQuote = (strike: number, put: readonly [number, number]): readonly Listed[] =>
  smile.map((row) => (row.strike === strike ? { ...row, put } : row));

export const cycle = (premium: number, stockCash: number, since: string | null): Cycle => ({
  owner: 'wheel' as StrategyId,
  underlying: XYZ,
  startedDay: tradingDay('2026-02-05'),
  premium: usd(micros(premium)),
  stock: usd(micros(stockCash)),
  contractsTraded: 2,
  sharesSinceDay: since === null ? null : tradingDay(since),
});
