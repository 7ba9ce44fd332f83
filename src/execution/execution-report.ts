// The quality of many executions: how slippage, spread and every delay lie, how much was refused, in all and by strategy.
import { type Percentiles, percentilesOf } from '../base/percentiles.ts';
import type { StrategyId } from '../domain/ids.ts';
import { type Usd, usd } from '../domain/money.ts';
import type { PlacedOrder } from '../domain/placed-order.ts';
import { elapsed, type FillQuality, fillQuality } from './fill-quality.ts';

export interface ExecutionSummary {
  readonly strategy: StrategyId | null;
  /** Orders whose bytes may have left, and those of them that the broker turned down at once or later. */
  readonly orders: number;
  readonly refused: number;
  readonly refusedPart: number | null;
  readonly executions: number;
  /** Executions whose market is not known: they are in no figure of price. */
  readonly unpriced: number;
  readonly slippage: Usd;
  /** All slippage over all value, in ten-thousandths: large executions count for more. */
  readonly slippageBps: number | null;
  readonly improvement: Usd;
  readonly bps: Percentiles | null;
  /** Parts of the half spread. */
  readonly spreadPaid: Percentiles | null;
  /** Wall milliseconds: the first two of orders, the last of executions. */
  readonly decideToSubmitMs: Percentiles | null;
  readonly submitToAckMs: Percentiles | null;
  readonly ackToFillMs: Percentiles | null;
}

export interface ExecutionReport {
  readonly all: ExecutionSummary;
  readonly strategies: readonly ExecutionSummary[];
  readonly executions: readonly FillQuality[];
}

/** Answered by a dry run itself, in place of a broker: it never left. */
export const isDryRun = ({ reason }: Pick<PlacedOrder, 'reason'>): boolean => reason?.startsWith('DRY_RUN:') === true;

const left = (order: PlacedOrder): boolean => order.submitted !== null && !isDryRun(order);

/** The broker turned it down: when it was sent, or after it had been taken. */
export const isRefused = ({ state }: Pick<PlacedOrder, 'state'>): boolean => state === 'refused' || state === 'rejected';

const numbers = (values: readonly (number | null)[]): readonly number[] => values.filter((value) => value !== null);
const total = (values: readonly (Usd | null)[]): Usd => usd(values.reduce<number>((sum, value) => sum + (value ?? 0), 0));

function summaryOf(strategy: StrategyId | null, orders: readonly PlacedOrder[], executions: readonly FillQuality[]): ExecutionSummary {
  const sent = orders.filter(left);
  const refused = sent.filter(isRefused).length;
  const slippage = total(executions.map((e) => e.slippage));
  const value = total(executions.map((e) => e.value));
  return {
    strategy,
    orders: sent.length,
    refused,
    refusedPart: sent.length === 0 ? null : refused / sent.length,
    executions: executions.length,
    unpriced: executions.filter((e) => e.slippage === null).length,
    slippage,
    slippageBps: value > 0 ? (10_000 * slippage) / value : null,
    improvement: total(executions.map((e) => e.improvement)),
    bps: percentilesOf(numbers(executions.map((e) => e.slippageBps))),
    spreadPaid: percentilesOf(numbers(executions.map((e) => e.spreadPaid))),
    decideToSubmitMs: percentilesOf(numbers(sent.map((o) => elapsed(o.decided, o.submitted)))),
    submitToAckMs: percentilesOf(numbers(sent.map((o) => elapsed(o.submitted, o.acknowledged)))),
    ackToFillMs: percentilesOf(numbers(executions.map((e) => e.ackToFillMs))),
  };
}

/** The report of some orders; strategies by name. */
export function executionReport(orders: readonly PlacedOrder[]): ExecutionReport {
  const executions = orders.flatMap(fillQuality).sort((a, b) => a.heard.seq - b.heard.seq);
  const strategies = [...new Set(orders.map((order) => order.strategy))].sort();
  return {
    all: summaryOf(null, orders, executions),
    strategies: strategies.map((strategy) =>
      summaryOf(
        strategy,
        orders.filter((order) => order.strategy === strategy),
        executions.filter((execution) => execution.strategy === strategy),
      ),
    ),
    executions,
  };
}
