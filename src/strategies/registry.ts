// The strategies there are, in the order in which they are judged when room is short.
import type { StrategyId } from '../domain/ids.ts';
import { indexBaseline } from './index-baseline.ts';
import type { AnyStrategy } from './strategy.ts';
import { wheel } from './wheel.ts';

export const strategies: readonly AnyStrategy[] = [wheel, indexBaseline];

/** The strategy of an id; undefined when there is none. */
export const strategyById = (id: StrategyId): AnyStrategy | undefined => strategies.find((s) => s.id === id);
