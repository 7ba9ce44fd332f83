// Many executions: sums, percentiles, refusals; and the budgets that the daemon holds them to.
import { describe, expect, it } from 'vitest';
import { clientOrderId, strategyId } from '../../../src/domain/ids.ts';
import { budgetFigures } from '../../../src/execution/budgets.ts';
import { executionReport } from '../../../src/execution/execution-report.ts';
import { executed, instant, placed } from './placed.ts';

const wheel = strategyId('wheel');
/** Sent, acknowledged after some milliseconds, one share bought at a price. */
function bought(n: number, ackMs: number, dollars: number, over: Parameters<typeof placed>[0] = {}) {
  const order = placed({ id: clientOrderId(`wsb1-${n}`), acknowledged: instant(100 + n, 1_004 + ackMs), ...over });
  return { ...order, executions: [executed(order, 0, 1, dollars, instant(200 + n, 1_100 + ackMs))] };
}
const refused = placed({
  id: clientOrderId('wsb1-r'),
  state: 'refused',
  reason: '40310000: insufficient buying power',
  acknowledged: null,
});

describe('the execution report', () => {
  const orders = [
    bought(1, 20, 500.04),
    bought(2, 80, 500.06),
    bought(3, 50, 500.02, { strategy: wheel }),
    bought(4, 40, 500.04, { strategy: wheel, quotes: null }),
    refused,
    placed({ id: clientOrderId('wsb1-p'), state: 'rejected' }),
    placed({ id: clientOrderId('wsb1-u'), state: 'dropped', submitted: null, acknowledged: null }),
    placed({ id: clientOrderId('wsb1-d'), state: 'refused', reason: 'DRY_RUN: dry-run: nothing leaves', acknowledged: null }),
  ];
  const report = executionReport(orders);

  it('counts what left, what of it was turned down, and what cannot be priced', () => {
    expect(report.all).toMatchObject({ strategy: null, orders: 6, refused: 2, refusedPart: 2 / 6, executions: 4, unpriced: 1 });
    expect(report.strategies.map((s) => [s.strategy, s.orders, s.refused, s.executions, s.unpriced])).toEqual([
      ['base', 4, 2, 2, 0],
      ['wheel', 2, 0, 2, 1],
    ]);
  });
  it('adds slippage up, and weighs it by value', () => {
    expect(report.all.slippage).toBe(-20_000 - 40_000 + 0);
    expect(report.all.slippageBps).toBeCloseTo((-10_000 * 0.06) / (3 * 500.02), 9);
    expect(report.all.improvement).toBe(0 - 20_000 + 20_000);
    expect(report.all.bps).toMatchObject({ n: 3, max: 0 });
    expect(report.all.spreadPaid?.min).toBeCloseTo(0, 12);
    expect(report.all.spreadPaid?.max).toBeCloseTo(2, 9);
  });
  it('shows how every delay lies', () => {
    expect(report.all.submitToAckMs).toMatchObject({ n: 5, min: 20, p50: 41, p95: 80, max: 80 });
    expect(report.all.decideToSubmitMs).toMatchObject({ n: 6, p50: 4 });
    expect(report.all.ackToFillMs).toMatchObject({ n: 4, p50: 96 });
  });
  it('lists executions in the order in which they were heard', () => {
    expect(report.executions.map((e) => e.order)).toEqual(['wsb1-1', 'wsb1-2', 'wsb1-3', 'wsb1-4']);
  });
  it('of nothing has no part of anything', () => {
    const { all } = executionReport([]);
    expect(all).toMatchObject({ orders: 0, refusedPart: null, slippageBps: null, bps: null, submitToAckMs: null });
  });
});

describe('the budgets', () => {
  const budgets = { windowOrders: 50, windowOrdersMin: 4, ackP95MsMax: 100, refusedMax: 0.1 };
  const heard = (ackMs: number | null, isRefused = false) => ({ ackMs, refused: isRefused });
  it('are judged by the 95th of a hundred, and by the part that was refused', () => {
    expect(budgetFigures([heard(10), heard(20), heard(30), heard(40), heard(null, true)], budgets)).toEqual({
      ack: { p95Ms: 40, orders: 4 },
      refused: { part: 0.2, orders: 5 },
    });
  });
  it('say nothing of too few', () => {
    expect(budgetFigures([heard(10), heard(20), heard(30)], budgets)).toEqual({ ack: null, refused: null });
    expect(budgetFigures([heard(10), heard(20), heard(30), heard(null, true)], budgets)).toEqual({
      ack: null,
      refused: { part: 0.25, orders: 4 },
    });
  });
});
