// The calibration report: forecasts of closed trades by strategy and question, judged, scored, and the unknown counted by its reason.
import type { ForecastName } from '../../domain/forecast.ts';
import type { StrategyId } from '../../domain/ids.ts';
import { type Calibration, calibration, type Judged } from '../../pricing/calibration.ts';
import type { ForetoldTrade } from '../../store/forecasts.ts';
import { type Evidence, type Foreteller, outcomeOf, type UnknownReason } from './outcome.ts';

/** Fewer judged forecasts than this, or fewer than five of either outcome, and no bucket says anything. */
export const ENOUGH = 30;
export const ENOUGH_OF_EACH = 5;

/** One strategy's answers to one question. */
export interface Answers {
  readonly strategy: StrategyId;
  readonly question: ForecastName;
  readonly foretold: number;
  /** Of those judged: how many by the ledger alone. */
  readonly byLedger: number;
  /** null where nothing could be judged. */
  readonly calibration: Calibration | null;
  readonly unknown: Readonly<Partial<Record<UnknownReason, number>>>;
  readonly tooFew: boolean;
}

export interface CalibrationReport {
  readonly trades: number;
  /** Trades whose decision foretold nothing, by strategy. */
  readonly silent: Readonly<Record<string, number>>;
  readonly answers: readonly Answers[];
}

/** Every forecast with what is needed to judge it. */
export const foretellersOf = ({ trade, saidAt, forecasts }: ForetoldTrade): readonly Foreteller[] =>
  forecasts.map((forecast) => ({ underlying: trade.underlying, saidAt, forecast }));

const counted = <K extends string>(keys: readonly K[]): Readonly<Partial<Record<K, number>>> => {
  const counts: Partial<Record<K, number>> = {};
  for (const key of [...keys].sort()) counts[key] = (counts[key] ?? 0) + 1;
  return counts;
};

function enough(found: Calibration | null): boolean {
  if (found === null || found.count < ENOUGH) return false;
  const happened = Math.round(found.baseRate * found.count);
  return Math.min(happened, found.count - happened) >= ENOUGH_OF_EACH;
}

function answersOf(strategy: StrategyId, question: ForecastName, of: readonly Foreteller[], evidence: Evidence): Answers {
  const judged: Judged[] = [];
  const unknown: UnknownReason[] = [];
  let byLedger = 0;
  for (const one of of) {
    const outcome = outcomeOf(one, evidence);
    if (outcome.kind === 'unknown') unknown.push(outcome.reason);
    else {
      judged.push({ predicted: one.forecast.probability, happened: outcome.happened });
      if (outcome.from === 'ledger') byLedger += 1;
    }
  }
  const found = calibration(judged);
  const scored = found.kind === 'calibration' ? found.calibration : null;
  return {
    strategy,
    question,
    foretold: of.length,
    byLedger,
    calibration: scored,
    unknown: counted(unknown),
    tooFew: !enough(scored),
  };
}

/** Closed trades and what became of what was foretold of them. */
export function calibrationReport(trades: readonly ForetoldTrade[], evidence: Evidence): CalibrationReport {
  const groups = new Map<string, { readonly strategy: StrategyId; readonly question: ForecastName; readonly of: Foreteller[] }>();
  for (const foretold of trades) {
    for (const one of foretellersOf(foretold)) {
      const strategy = foretold.trade.owner;
      const question = one.forecast.name;
      const key = `${strategy} ${question}`;
      const group = groups.get(key) ?? { strategy, question, of: [] };
      group.of.push(one);
      groups.set(key, group);
    }
  }
  const silent = counted(trades.filter((t) => t.forecasts.length === 0).map((t): string => t.trade.owner));
  return {
    trades: trades.length,
    silent: silent as Readonly<Record<string, number>>,
    answers: [...groups]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([, { strategy, question, of }]) => answersOf(strategy, question, of, evidence)),
  };
}
