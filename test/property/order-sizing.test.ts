// S-40: what the gate lets through is a whole number, never above what was asked for or any ceiling, grows with equity and never with risk,
// and is nothing where an input is missing. Orders that a single one's cap would slice are another matter: here none is.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type StrategyId, strategyId } from '../../src/domain/ids.ts';
import { type Usd, usd } from '../../src/domain/money.ts';
import { known } from '../../src/domain/reasons.ts';
import { judge } from '../../src/risk/gate.ts';
import { buy, conduct, contextOf, quoteOf } from '../unit/risk/contexts.ts';
import { wideExposure } from '../unit/risk/portfolio/still-market.ts';
import { shippedLimits } from '../unit/risk/shipped.ts';
import { bought, tradeOf } from '../unit/risk/trades.ts';

const call = 'ABC260417C00190000';
const limits = { ...shippedLimits, exposure: wideExposure };
const plenty = usd(10_000_000_000_000);

interface Ask {
  readonly by: StrategyId;
  /** Premium in nickels. */
  readonly nickels: number;
  readonly qty: number;
  readonly equity: number;
  /** Put at stake by the strategy already, dollars. */
  readonly used: number;
}

const ask = fc
  .record({
    by: fc.constantFrom('dip', 'mwk', 'dcs', 'leaps', 'swing').map(strategyId),
    nickels: fc.integer({ min: 60, max: 400 }),
    qty: fc.integer({ min: 1, max: 20 }),
    equity: fc.integer({ min: 1_000, max: 1_000_000 }),
    used: fc.integer({ min: 0, max: 5_000 }),
  })
  // Not more than one order may be worth: nothing is sliced.
  .filter(({ nickels, qty, equity }) => nickels * 5 * qty <= Math.min(25_000, equity / 10));

/** Units that go through; none when it is denied. */
function sized({ by, nickels, qty, equity, used }: Ask, money: Usd = usd(equity * 1_000_000)): number {
  const limit = nickels / 20;
  const quote = quoteOf(call, limit - 0.05, limit);
  const verdict = judge(
    contextOf(buy(call, limit, qty), {
      strategy: by,
      limits,
      equity: money,
      cash: plenty,
      brokerRoom: plenty,
      quote: () => known(quote),
      trades: used === 0 ? [] : [tradeOf(-used, { owner: by, legs: bought('XYZ260417C00100000'), openedDay: '2026-03-02' as never })],
      conduct: { ...conduct, settled: plenty, market: { ...conduct.market, earnings: () => known([]) } },
    }),
  );
  return verdict.kind === 'cleared' ? verdict.cleared.qty : 0;
}

describe('S-40: the size that the gate leaves', () => {
  it('is whole, at least half of what was asked for, never more, and inside every ceiling', () => {
    fc.assert(
      fc.property(ask, (a) => {
        const n = sized(a);
        expect(Number.isInteger(n)).toBe(true);
        expect(n === 0 || (n * 2 >= a.qty && n <= a.qty)).toBe(true);
        const ceiling = limits.orders.ceilings.get(a.by);
        const stake = a.nickels * 5 * n;
        expect(stake).toBeLessThanOrEqual((ceiling?.tradePct ?? 0) * a.equity);
        expect(n === 0 || stake + a.used <= (ceiling?.strategyPct ?? 0) * a.equity).toBe(true);
      }),
      { numRuns: 150 },
    );
  });
  it('is rounded down: one more unit would be above what it was cut by', () => {
    fc.assert(
      fc.property(ask, (a) => {
        const n = sized({ ...a, used: 0 });
        if (n === 0 || n === a.qty) return;
        const { tradePct = 0, atStop = null } = limits.orders.ceilings.get(a.by) ?? {};
        const unit = a.nickels * 5;
        const most = Math.min(
          tradePct,
          atStop === null ? 1 : atStop.pct / atStop.part,
          a.by === 'leaps' ? 1 : limits.orders.budget.longPremiumPct,
        );
        expect(unit * (n + 1)).toBeGreaterThan(most * a.equity - 1e-6);
      }),
      { numRuns: 150 },
    );
  });
  it('does not fall when equity grows, nor grow with what is at stake already', () => {
    fc.assert(
      fc.property(ask, fc.integer({ min: 0, max: 500_000 }), fc.integer({ min: 0, max: 5_000 }), (a, more, beside) => {
        expect(sized({ ...a, equity: a.equity + more })).toBeGreaterThanOrEqual(sized(a));
        expect(sized({ ...a, used: a.used + beside })).toBeLessThanOrEqual(sized(a));
      }),
      { numRuns: 100 },
    );
  });
  it('is nothing without equity', () => {
    fc.assert(
      fc.property(ask, fc.constantFrom(0, -1, Number.NaN, Number.NEGATIVE_INFINITY), (a, none) => {
        expect(sized(a, none as Usd)).toBe(0);
      }),
      { numRuns: 40 },
    );
  });
});
