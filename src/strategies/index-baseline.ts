// The index baseline: tells the truth about the other strategies. It keeps what the same money would be worth in an index fund, and
// may hold such a fund as the core of the account.
import type { Decision } from '../domain/decision.ts';
import { dollars } from '../domain/money.ts';
import { MINUTE } from '../domain/time.ts';
import { exits } from './index-baseline/armed.ts';
import { type BaselineContext, benchmarkValue, rebalance } from './index-baseline/core.ts';
import { finishHarvest, harvestNow } from './index-baseline/harvesting.ts';
import { asJson, changed, type Ledger, recall } from './index-baseline/ledger.ts';
import { markDay } from './index-baseline/mark.ts';
import { type BaselineParams, baselineParams } from './index-baseline/params.ts';
import { type DataNeeds, defineStrategy, type NeedsContext, noNeeds } from './strategy.ts';
import { noted, pass, settle, weighed } from './toolkit/gates.ts';
import { managing } from './toolkit/slots.ts';

const MARK = 'mark';
const CHECK = 'check';

function watches({ params, phase }: NeedsContext<BaselineParams>): DataNeeds {
  const { benchmarks } = params;
  if (phase !== 'daily') return { ...noNeeds, quotes: benchmarks };
  return { ...noNeeds, dailyBars: benchmarks.map((symbol) => ({ symbol, sessions: 1 })), dividends: benchmarks };
}

const rememberIf = (ctx: BaselineContext, book: Ledger): readonly Decision[] =>
  changed(ctx.memory, book) ? [{ kind: 'remember', memory: asJson(book) }] : [];

/** The check's decision about the core: a loss to be taken comes first, and then the day has had its trade. */
function check(ctx: BaselineContext, before: Ledger): ReturnType<typeof rebalance> {
  if (!ctx.params.harvest) return rebalance(ctx, before);
  const harvest = harvestNow(ctx, before);
  if ('decision' in harvest) return harvest;
  const { decision, book } = rebalance(ctx, before);
  return { decision: decision.kind === 'remember' ? decision : { ...decision, gates: [...decision.gates, harvest.gate] }, book };
}

/** At the mark: one pass a benchmark, and one a strategy. At the check: the core's decision, and a pass for every other benchmark. */
function evaluate(ctx: BaselineContext): readonly Decision[] {
  const before = recall(ctx.memory);
  if (ctx.slot === MARK) {
    const { decisions, book } = markDay(ctx, before);
    return [...decisions, ...rememberIf(ctx, book)];
  }
  const { decision, book } = check(ctx, before);
  const traded = decision.kind === 'remember' ? ctx.params.instrument : decision.subject;
  const others = ctx.params.benchmarks
    .filter((benchmark) => benchmark !== traded)
    .map((benchmark) =>
      pass(benchmark, 'HOLD', `measured against, not traded: the core holds ${traded}`, [
        weighed('fund of the core', traded, benchmark, false),
      ]),
    );
  return [decision, ...others, ...rememberIf(ctx, book)];
}

/** The second half of a harvest, if there is one, and what is held. */
function manage(ctx: BaselineContext): readonly Decision[] {
  const before = recall(ctx.memory);
  const { decisions, book } = finishHarvest(ctx, before);
  const weight = settle(benchmarkValue(ctx));
  const held = ctx.positions.map(({ instrument, qty }) => {
    const gates = [
      noted('shares', qty),
      noted('weight of index funds', weight.ok ? weight.value / dollars(ctx.account.equity) : null),
      noted('target weight', ctx.params.enabled ? ctx.params.target_weight : null),
    ];
    return pass(instrument.symbol, 'HOLD', 'held; the weight is checked once a day', gates, ctx.market.assumptions(instrument.symbol));
  });
  return [...decisions, ...held, ...(book === before ? [] : rememberIf(ctx, book))];
}

export const indexBaseline = defineStrategy<BaselineParams>({
  id: 'base',
  title: 'Index Baseline',
  version: 2,
  optionsLevel: 0,
  params: baselineParams,
  schedule: (params) => [
    { name: CHECK, phase: 'entry', at: [{ from: 'close', minutes: -params.check_minutes_before_close }] },
    { name: MARK, phase: 'daily', at: [{ from: 'close', minutes: params.mark_minutes_after_close }] },
    managing(params.manage_every_minutes * MINUTE),
  ],
  watches,
  chains: () => [],
  evaluate,
  manage,
  exits,
  protection: (params) => ({ kind: 'stop', belowClosePct: params.stop_below_close_pct }),
});
