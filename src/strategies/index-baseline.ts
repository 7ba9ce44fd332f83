// The index baseline: tells the truth about the other strategies. It keeps what the same money would be worth in an index fund, and
// may hold such a fund as the core of the account.
import type { Decision } from '../domain/decision.ts';
import { dollars } from '../domain/money.ts';
import { MINUTE } from '../domain/time.ts';
import { type BaselineContext, benchmarkValue, rebalance } from './index-baseline/core.ts';
import { asJson, changed, type Ledger, recall } from './index-baseline/ledger.ts';
import { markDay } from './index-baseline/mark.ts';
import { type BaselineParams, baselineParams } from './index-baseline/params.ts';
import { type DataNeeds, defineStrategy, type NeedsContext, noNeeds } from './strategy.ts';
import { noted, pass, settle } from './toolkit/gates.ts';

const MARK = 'mark';
const CHECK = 'check';

function watches({ params, phase }: NeedsContext<BaselineParams>): DataNeeds {
  const { benchmarks } = params;
  if (phase !== 'daily') return { ...noNeeds, quotes: benchmarks };
  return { ...noNeeds, dailyBars: benchmarks.map((symbol) => ({ symbol, sessions: 1 })), dividends: benchmarks };
}

const rememberIf = (ctx: BaselineContext, book: Ledger): readonly Decision[] =>
  changed(ctx.memory, book) ? [{ kind: 'remember', memory: asJson(book) }] : [];

/** At the mark: one pass a benchmark. At the check: the core's decision, and a pass for every other benchmark. */
function evaluate(ctx: BaselineContext): readonly Decision[] {
  const before = recall(ctx.memory);
  if (ctx.slot === MARK) {
    const { decisions, book } = markDay(ctx, before);
    return [...decisions, ...rememberIf(ctx, book)];
  }
  const { decision, book } = rebalance(ctx, before);
  const others = ctx.params.benchmarks
    .filter((benchmark) => benchmark !== ctx.params.instrument)
    .map((benchmark) => pass(benchmark, 'HOLD', `measured against, not traded: the core holds ${ctx.params.instrument}`));
  return [decision, ...others, ...rememberIf(ctx, book)];
}

function manage(ctx: BaselineContext): readonly Decision[] {
  const weight = settle(benchmarkValue(ctx));
  return ctx.positions.map(({ instrument, qty }) => {
    const gates = [
      noted('shares', qty),
      noted('weight of index funds', weight.ok ? weight.value / dollars(ctx.account.equity) : null),
      noted('target weight', ctx.params.enabled ? ctx.params.target_weight : null),
    ];
    return pass(instrument.symbol, 'HOLD', 'held; the weight is checked once a day', gates, ctx.market.assumptions(instrument.symbol));
  });
}

export const indexBaseline = defineStrategy<BaselineParams>({
  id: 'base',
  title: 'Index Baseline',
  version: 1,
  optionsLevel: 0,
  params: baselineParams,
  schedule: (params) => [
    { name: CHECK, phase: 'entry', at: [{ from: 'close', minutes: -params.check_minutes_before_close }] },
    { name: MARK, phase: 'daily', at: [{ from: 'close', minutes: params.mark_minutes_after_close }] },
    {
      name: 'manage',
      phase: 'manage',
      everyMs: params.manage_every_minutes * MINUTE,
      start: { from: 'open', minutes: 1 },
      end: { from: 'close', minutes: -1 },
    },
  ],
  watches,
  chains: () => [],
  evaluate,
  manage,
  protection: (params) => ({ kind: 'stop', belowClosePct: params.stop_below_close_pct }),
});
