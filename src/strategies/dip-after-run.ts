// Dip after a run: buys a short-dated call on a strong stock's first hard down day, for the bounce of the next session or two.

import { SECOND } from '../domain/time.ts';
import { exits } from './dip-after-run/armed.ts';
import { evaluate, OPTIONS_LEVEL } from './dip-after-run/entry.ts';
import { manage } from './dip-after-run/manage.ts';
import { type DipParams, dipParams } from './dip-after-run/params.ts';
import { dailyNeeds, run, setup } from './dip-after-run/signal.ts';
import { type DataNeeds, defineStrategy, type NeedsContext, noNeeds } from './strategy.ts';
import { settle } from './toolkit/gates.ts';
import { contractsHeld, entryChains, longOptionWaiver, namesTaken } from './toolkit/needs.ts';
import { entering, managing } from './toolkit/slots.ts';

type Needs = NeedsContext<DipParams>;

/** Minutes and dividends are asked for where the run is there: it is known from yesterday's close, and rare. */
function entryNeeds(ctx: Needs): DataNeeds {
  const { params } = ctx;
  const running = params.universe.filter((name) => settle(run(ctx, name)).ok);
  return {
    ...noNeeds,
    quotes: params.universe,
    dailyBars: dailyNeeds(params),
    intradayBars: running.map((symbol) => ({ symbol, minutes: 1, sessions: 1 })),
    dividends: running,
    earnings: params.universe,
    ivHistory: params.universe,
  };
}

function manageNeeds(ctx: Needs): DataNeeds {
  const held = contractsHeld(ctx);
  const names = [...namesTaken(ctx)].sort();
  return {
    ...noNeeds,
    quotes: [...names, ...held],
    dailyBars: names.map((symbol) => ({ symbol, sessions: 1 })),
    dividends: names,
    earnings: names,
  };
}

function chains(ctx: Needs): DataNeeds['chains'] {
  if (ctx.phase !== 'entry') return [];
  const { params } = ctx;
  const taken = namesTaken(ctx);
  const dips = params.universe.filter((name) => !taken.has(name) && settle(setup(ctx, name)).ok).sort();
  return entryChains(dips, params);
}

export const dipAfterRun = defineStrategy<DipParams>({
  id: 'dip',
  title: 'Dip After Run',
  version: 1,
  optionsLevel: OPTIONS_LEVEL,
  params: dipParams,
  schedule: (params) => [
    entering(params.entry_every_seconds * SECOND, params.entry_start_minutes_after_open, params.entry_end_minutes_before_close),
    managing(params.manage_every_seconds * SECOND),
  ],
  watches: (ctx) => (ctx.phase === 'entry' ? entryNeeds(ctx) : manageNeeds(ctx)),
  chains,
  evaluate,
  manage,
  exits,
  protection: () => longOptionWaiver,
});
