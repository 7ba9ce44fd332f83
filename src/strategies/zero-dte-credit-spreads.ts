// Same-day credit spreads: sells defined-risk premium that expires at the close, when implied volatility is dear against what the share
// does, on the side the day leans away from. The income is the gap between the two volatilities; the wings bound what a trend costs.
import type { Symbol } from '../domain/ids.ts';
import { SECOND } from '../domain/time.ts';
import { type DataNeeds, defineStrategy, type NeedsContext, noNeeds } from './strategy.ts';
import { settle } from './toolkit/gates.ts';
import { managing } from './toolkit/slots.ts';
import { exits } from './zero-dte-credit-spreads/armed.ts';
import { evaluate } from './zero-dte-credit-spreads/entry.ts';
import { manage } from './zero-dte-credit-spreads/manage.ts';
import { recall, stoppedToday } from './zero-dte-credit-spreads/memory.ts';
import { type ZdteParams, zdteParams } from './zero-dte-credit-spreads/params.ts';
import { screen, sessionsWanted, VIX } from './zero-dte-credit-spreads/screen.ts';

type Needs = NeedsContext<ZdteParams>;

/** Names that nothing stands against yet: not held, not stopped out today. */
function candidates(ctx: Needs): readonly Symbol[] {
  const held = new Set<Symbol>(ctx.positions.map((p) => p.instrument.underlying));
  const memory = recall(ctx.memory, ctx.day, ctx.trades);
  return ctx.params.universe.filter((name) => !held.has(name) && !stoppedToday(memory, name, ctx.day));
}

function watches(ctx: Needs): DataNeeds {
  if (ctx.phase === 'manage')
    return { ...noNeeds, quotes: [...new Set(ctx.positions.flatMap((p) => [p.instrument.underlying, p.instrument.symbol]))].sort() };
  const names = candidates(ctx);
  if (names.length === 0) return noNeeds;
  return {
    ...noNeeds,
    quotes: names,
    dailyBars: names.map((symbol) => ({ symbol, sessions: sessionsWanted(ctx.params) })),
    intradayBars: names.flatMap((symbol) => [
      { symbol, minutes: 1 as const, sessions: 1 },
      { symbol, minutes: 5 as const, sessions: 1 },
    ]),
    indexValues: [VIX],
    macro: true,
  };
}

export const zeroDteCreditSpreads = defineStrategy<ZdteParams>({
  id: 'zdte',
  title: 'Zero-DTE Credit Spreads',
  version: 1,
  optionsLevel: 3,
  params: zdteParams,
  schedule: (params) => [
    ...params.entry_windows_minutes_after_open.map(([from, to], i) => ({
      name: i === 0 ? 'entry' : `entry-${String(i + 1)}`,
      phase: 'entry' as const,
      everyMs: params.entry_every_seconds * SECOND,
      start: { from: 'open' as const, minutes: from },
      end: { from: 'open' as const, minutes: to },
    })),
    managing(params.manage_every_seconds * SECOND),
  ],
  watches,
  chains: (ctx) =>
    ctx.phase === 'entry'
      ? candidates(ctx)
          .filter((name) => settle(screen(ctx, name)).ok)
          .map((underlying) => ({ underlying, dteFrom: 0, dteTo: 0 }))
      : [],
  evaluate,
  manage,
  exits,
  protection: () => ({
    kind: 'waiver',
    why: 'no share is held by intent: what an assignment delivers is sold in the first minute of the next session',
  }),
});
