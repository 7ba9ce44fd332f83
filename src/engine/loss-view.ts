// Equity, losses and the ladder for people: as they were last looked at, and nothing where they were not.
import type { LadderStep } from '../domain/losses.ts';
import type { Usd } from '../domain/money.ts';
import type { Known } from '../domain/reasons.ts';
import { ladderStep } from './loss-standing.ts';
import type { State } from './state.ts';

export interface LossView {
  /** By our own marks; null while something held has no price. */
  readonly equity: Usd | null;
  /** Since the previous close, flows taken out. */
  readonly dayPnl: Usd | null;
  /** Fractions, losses negative. */
  readonly day: number | null;
  readonly week: number | null;
  readonly month: number | null;
  readonly drawdown: number | null;
  readonly step: LadderStep;
  /** Part of each opening that is left. */
  readonly factor: number | null;
}

const valueOf = <T>(figure: Known<T> | undefined): T | null => (figure?.known === true ? figure.value : null);

export function lossView(state: State): LossView {
  const { look } = state.watch;
  return {
    equity: valueOf(look?.ours)?.equity ?? null,
    dayPnl: valueOf(look?.dayPnl),
    day: valueOf(look?.figures.day),
    week: valueOf(look?.figures.week),
    month: valueOf(look?.figures.month),
    drawdown: valueOf(look?.figures.drawdown),
    step: ladderStep(state),
    factor: state.losses?.factor ?? null,
  };
}
