// The market jumps that a book is put through: a grid of index and volatility moves, and days that happened.
import type { Jumps } from './revalue.ts';
import { spotFactor } from './revalue.ts';

/** The market's move and the relative move of every volatility, both at once: -0.2 is a fall of 20 %. */
export interface Scenario {
  readonly name: string;
  readonly index: number;
  readonly volatility: number;
}

const SPOTS = [-0.2, -0.1, -0.07, -0.05, -0.03, 0, 0.03, 0.05, 0.1] as const;
const VOLATILITIES = [-0.3, 0, 0.25, 0.5, 1] as const;

const percent = (part: number): string => `${part > 0 ? '+' : ''}${String(Math.round(part * 100))}%`;

/** 45 points: nine moves of the index, five of volatility. */
export const gridScenarios: readonly Scenario[] = SPOTS.flatMap((index) =>
  VOLATILITIES.map((volatility) => ({ name: `index ${percent(index)}, volatility ${percent(volatility)}`, index, volatility })),
);

/** Index and volatility moves of single days, and a calm in which options lose their dearness. */
export const namedScenarios: readonly Scenario[] = [
  { name: '1987-10-19', index: -0.205, volatility: 1.5 },
  { name: '2008-10-15', index: -0.09, volatility: 0.256 },
  { name: '2018-02-05', index: -0.041, volatility: 1.156 },
  { name: '2020-03-16', index: -0.12, volatility: 0.43 },
  { name: '2024-08-05', index: -0.03, volatility: 0.65 },
  { name: '2025-04-04', index: -0.06, volatility: 0.51 },
  { name: 'volatility crush', index: 0, volatility: -0.3 },
];

export const scenarios: readonly Scenario[] = [...gridScenarios, ...namedScenarios];

/** The jumps of a share with a beta in each scenario: its price by beta times the index (no further down than 95 %), its volatility as all. */
export const jumpsOf = (beta: number, through: readonly Scenario[] = scenarios): Jumps => ({
  spot: Float64Array.from(through, (s) => spotFactor(beta, s.index)),
  sigma: Float64Array.from(through, (s) => 1 + s.volatility),
});

/** One name alone falls, and its volatility rises. */
export const gapJump = (fall: number, volatility: number): Jumps => ({
  spot: Float64Array.of(1 - fall),
  sigma: Float64Array.of(1 + volatility),
});
