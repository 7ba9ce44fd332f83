// What losses and a nervous market make of an opening, as rows of the gate's table.
import { known } from '../../../src/domain/reasons.ts';
import { buy, noLosses } from './contexts.ts';

export const lossRows = [
  ['DAILY_LOSS: a day of -3.5 % (G-9)', buy('ABC', 180), { losses: { ...noLosses, day: known(-0.035) } }, 'DAILY_LOSS'],
  ['DRAWDOWN: a tenth below the highest close', buy('ABC', 180), { losses: { ...noLosses, drawdown: known(-0.1) } }, 'DRAWDOWN'],
  ['VOLATILITY: above the last level', buy('ABC', 180), { losses: { ...noLosses, volatility: known(46) } }, 'VOLATILITY'],
] as const;
