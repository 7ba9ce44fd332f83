// The monthly verdict on a strategy, from its closed trades at penalised prices. Few trades allow none.
import { absent, type Known, known } from '../../domain/reasons.ts';
import { tradeStats } from '../../pricing/performance.ts';
import type { Standing } from './standing.ts';

export interface TradeRecord {
  /** Results of closed trades, each exit and entry half a spread worse and after fees, dollars. */
  readonly penalised: readonly number[];
  /** Largest fall of the penalised equity of the strategy, dollars. */
  readonly drawdown: number;
  /** What the strategy may have at risk, dollars. */
  readonly ceiling: number;
}

export interface VerdictRule {
  readonly tradesMin: number;
  readonly probationT: number;
  readonly suspendT: number;
  /** Drawdown in ceilings. */
  readonly suspendDrawdown: number;
}

export const verdictRule: VerdictRule = { tradesMin: 30, probationT: -1, suspendT: -2, suspendDrawdown: 2 };

/** SUSPEND stops entries, PROBATION halves them. Losses that could be chance (t above -1) leave the standing as it was: absent. */
export function monthlyVerdict(record: TradeRecord, rule: VerdictRule): Known<Standing> {
  const { penalised, drawdown, ceiling } = record;
  if (penalised.length < rule.tradesMin)
    return absent('INSUFFICIENT_OBS', `${penalised.length} closed trades, ${rule.tradesMin} are needed for a verdict`);
  const stats = tradeStats(penalised);
  if (!stats.known) return stats;
  const { expectancy, t } = stats.value;
  if (drawdown > rule.suspendDrawdown * ceiling || (t !== null && t < rule.suspendT)) return known('SUSPEND');
  if (expectancy > 0) return known('ACTIVE');
  if (t !== null && t < rule.probationT) return known('PROBATION');
  return absent('INSUFFICIENT_OBS', `expectancy ${expectancy} could be chance (t ${String(t)}): the standing stays`);
}
