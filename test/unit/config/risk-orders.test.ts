// The tables of `[risk]` about orders, ceilings and conduct: what ships, and what is refused.
import { describe, expect, it } from 'vitest';
import { loadConfig } from '../../../src/config/load.ts';
import { strategyCodes, strategyId } from '../../../src/domain/ids.ts';
import type { OrderLimits } from '../../../src/risk/limits-orders.ts';
import { workspace } from './workspace.ts';

const load = (text: string) => {
  const place = workspace();
  return loadConfig({ env: {}, cwd: place.dir, mode: 'paper', paths: [place.write('mine.toml', text)] });
};
const problems = (text: string): string => {
  const loaded = load(text);
  return loaded.ok ? '' : loaded.problems.join('\n');
};

describe('[risk.ceilings]', () => {
  it('ship for every strategy, by the measures and parts that each is specified with', () => {
    const loaded = load('');
    const ceilings: OrderLimits['ceilings'] = loaded.ok ? loaded.config.risk.orders.ceilings : new Map();
    expect([...ceilings.keys()].sort()).toEqual([...strategyCodes.keys()].sort());
    const told = Object.fromEntries([...ceilings].map(([id, c]) => [id, [c.measure, c.over, c.tradePct, c.strategyPct]]));
    expect(told).toEqual({
      dip: ['loss', 'open', 0.01, 0.03],
      mwk: ['loss', 'open', 0.01, 0.03],
      dcs: ['loss', 'open', 0.015, 0.1],
      leaps: ['loss', 'open', 0.06, 0.2],
      wheel: ['collateral', 'open', 0.1, 0.5],
      swing: ['loss', 'open', 0.01, 0.04],
      zdte: ['loss', 'day', 0.01, 0.02],
      earn: ['loss', 'open', 0.0075, 0.025],
      lotto: ['loss', 'week', 0.0025, 0.005],
      base: ['value', 'open', 0.04, 0.6],
    });
    expect(ceilings.get(strategyId('leaps'))?.atStop).toEqual({ part: 0.4, pct: 0.02 });
  });
  it('add up to no more than there is, the core aside', () => {
    expect(problems('[risk.ceilings.dip]\nstrategy_pct = 0.08\n')).toBe(''); // 0.95 and 0.05 more
    expect(problems('[risk.ceilings.dip]\nstrategy_pct = 0.081\n')).toContain('adds up to 1.0010');
    expect(problems('[risk.ceilings.base]\nstrategy_pct = 1.0\n')).toBe('');
  });
  it.each([
    ['dip = { measure = "loss", trade_pct = 0.01, strategy_pct = 0.03, stop_part = 0.4 }', 'stop_part and stop_pct go together'],
    ['wheel = { over = "day" }', 'only losses are counted over a day or a week'],
    ['dip = { trade_pct = 1.5 }', 'risk.ceilings.dip.trade_pct'],
    ['dip = { trade_pct = nan }', 'risk.ceilings.dip.trade_pct'],
    ['dip = { strategy_pct = 0 }', 'risk.ceilings.dip.strategy_pct'],
    ['dipp = { trade_pct = 0.1 }', 'dipp'],
  ])('refuses %s', (line, says) => {
    expect(problems(`[risk.ceilings]\n${line}\n`)).toContain(says);
  });
});

describe('the other tables', () => {
  it.each([
    ['orders', 'day_trade = "sometimes"', 'risk.orders.day_trade'],
    ['orders', 'spread_option_pct_of = { nobody = 0.1 }', 'nobody'],
    ['orders', 'deny = ["lower"]', 'risk.orders.deny'],
    ['rate', 'account_burst = 0', 'risk.rate.account_burst'],
    ['health', 'expectancy_t = 1.65', 'risk.health.expectancy_t'],
    ['errors', 'window = "1ms"', 'risk.errors.window'],
    ['events', 'macro_before = "2h"', 'risk.events.macro_before'],
  ])('[risk.%s] refuses %s', (table, line, says) => {
    expect(problems(`[risk.${table}]\n${line}\n`)).toContain(says);
  });
});
