// The durable record of losses as others than the look at equity change it: flows, halts that were lifted, the value of a unit.
import { type Halt, scopeText } from '../domain/halt.ts';
import type { LossBase, LossCause, LossRecord, Waiver } from '../domain/losses.ts';
import { minus, plus, type Usd } from '../domain/money.ts';
import { absent } from '../domain/reasons.ts';
import { monthOf, type TradingDay, weekOf } from '../domain/time.ts';
import { stepLadder } from '../risk/ladder.ts';
import { type LossFigures, lossOf } from '../risk/losses.ts';
import type { Draft } from './draft.ts';
import type { State } from './state.ts';

/** Changes the record, in memory and in the turn. */
export function keepRecord(state: State, draft: Draft, record: LossRecord): void {
  state.losses = record;
  draft.losses = record;
}

const withFlow = (base: LossBase, amount: Usd): LossBase => ({ ...base, flows: plus(base.flows, amount) });

/** Something came in from outside, or went out: no profit and no loss, whatever it is measured against. */
export function recordFlow(state: State, draft: Draft, amount: Usd): void {
  const { losses } = state;
  if (losses === null || amount === 0) return;
  const { base } = losses;
  keepRecord(state, draft, {
    ...losses,
    base: { day: withFlow(base.day, amount), week: withFlow(base.week, amount), month: withFlow(base.month, amount) },
    close: losses.close === null ? null : withFlow(losses.close, amount),
    pending: plus(losses.pending, amount),
  });
}

/** The session, week or month that a limit speaks of. */
export function periodOf(cause: LossCause, day: TradingDay): string | null {
  if (cause === 'DAY_HALT' || cause === 'DAY_FLATTEN') return day;
  if (cause === 'WEEK_HALT') return weekOf(day);
  return cause === 'MONTH_HALT' ? monthOf(day) : null;
}

const unknown = absent('EQUITY_UNKNOWN', 'equity has not been looked at yet');
export const noFigures: LossFigures = { day: unknown, week: unknown, month: unknown, drawdown: unknown };

/** A person lifted halts that losses had set: each limit speaks again only when as much is lost once more, and size starts small. */
export function waive(state: State, draft: Draft, lifted: readonly Halt[]): void {
  const { losses } = state;
  const figures = state.watch.look?.figures ?? noFigures;
  const waivers = lifted.flatMap(({ cause, scope }): readonly Waiver[] => {
    if (cause === undefined || losses === null) return [];
    const loss = lossOf(cause, figures);
    return [{ cause, scope: scopeText(scope), from: loss.known ? loss.value : 0, period: periodOf(cause, losses.day) }];
  });
  if (losses === null || waivers.length === 0) return;
  const others = losses.waivers.filter((w) => !waivers.some((n) => n.cause === w.cause && n.scope === w.scope));
  keepRecord(state, draft, { ...losses, waivers: [...others, ...waivers] });
  resetLadder(state, draft);
}

/** Value of a unit now; by the broker's word where nothing has been reckoned in this process yet. */
export function navNow(state: State, losses: LossRecord): number {
  const { account, watch } = state;
  return watch.nav ?? (account === null ? losses.peak : minus(account.equity, losses.pending) / losses.units);
}

/** A halt that a loss had set is gone: what follows is begun small. */
export function resetLadder(state: State, draft: Draft): void {
  const { losses } = state;
  if (losses === null) return;
  const event = { kind: 'reset', day: losses.day, nav: navNow(state, losses) } as const;
  keepRecord(state, draft, { ...losses, ladder: stepLadder(losses.ladder, event, 1) });
}
