// The strategies there are, in the order in which they are judged when room is short.
import type { StrategyId } from '../domain/ids.ts';
import { debitCallSpreads } from './debit-call-spreads.ts';
import { dipAfterRun } from './dip-after-run.ts';
import { earningsProtection } from './earnings-protection.ts';
import { indexBaseline } from './index-baseline.ts';
import { leapsSecularWinners } from './leaps-secular-winners.ts';
import { lottoScanner } from './lotto-scanner.ts';
import { momentumWeeklies } from './momentum-weeklies.ts';
import type { AnyStrategy } from './strategy.ts';
import { swingTrading } from './swing-trading.ts';
import { wheel } from './wheel.ts';
import { zeroDteCreditSpreads } from './zero-dte-credit-spreads.ts';

export const strategies: readonly AnyStrategy[] = [
  zeroDteCreditSpreads,
  wheel,
  debitCallSpreads,
  earningsProtection,
  dipAfterRun,
  momentumWeeklies,
  swingTrading,
  leapsSecularWinners,
  lottoScanner,
  indexBaseline,
];

/** The strategy of an id; undefined when there is none. */
export const strategyById = (id: StrategyId): AnyStrategy | undefined => strategies.find((s) => s.id === id);
