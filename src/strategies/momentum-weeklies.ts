// Momentum weeklies: buys a short-dated option when a liquid name turns, breaks out or moves on news with volume, and sells it the same day.

import type { Symbol } from '../domain/ids.ts';
import { MINUTE, SECOND } from '../domain/time.ts';
import { exits } from './momentum-weeklies/armed.ts';
import { evaluate, OPTIONS_LEVEL } from './momentum-weeklies/entry.ts';
import { manage } from './momentum-weeklies/manage.ts';
import { type MwkParams, mwkParams } from './momentum-weeklies/params.ts';
import { setup } from './momentum-weeklies/signal.ts';
import { type DataNeeds, defineStrategy, type NeedsContext, noNeeds } from './strategy.ts';
import { settle } from './toolkit/gates.ts';
import { contractsHeld, entryChains, longOptionWaiver, namesTaken, namesTraded } from './toolkit/needs.ts';
import { entering, managing } from './toolkit/slots.ts';

type Needs = NeedsContext<MwkParams>;

/** Nothing is fetched for names that are held or worked: they get no entry. */
const free = (ctx: Needs): readonly Symbol[] => {
  const taken = namesTaken(ctx);
  return ctx.params.universe.filter((name) => !taken.has(name)).sort();
};

function entryNeeds(ctx: Needs): DataNeeds {
  const names = free(ctx);
  const { rvol_sessions, dollar_volume_sessions } = ctx.params;
  return {
    ...noNeeds,
    quotes: names,
    dailyBars: names.map((symbol) => ({ symbol, sessions: dollar_volume_sessions })),
    intradayBars: names.flatMap((symbol) => [
      { symbol, minutes: 5 as const, sessions: rvol_sessions },
      { symbol, minutes: 15 as const, sessions: rvol_sessions },
    ]),
    earnings: names,
    dividends: names,
    news: names,
  };
}

/** What is held, its share, and the 15-minute closes that a breakout is held against. */
function manageNeeds(ctx: Needs): DataNeeds {
  const names = namesTraded(ctx);
  return {
    ...noNeeds,
    quotes: [...names, ...contractsHeld(ctx)],
    intradayBars: names.map((symbol) => ({ symbol, minutes: 15, sessions: 1 })),
  };
}

export const momentumWeeklies = defineStrategy<MwkParams>({
  id: 'mwk',
  title: 'Momentum Weeklies',
  version: 1,
  optionsLevel: OPTIONS_LEVEL,
  params: mwkParams,
  schedule: (params) => [
    entering(params.entry_every_minutes * MINUTE, params.entry_start_minutes_after_open, params.entry_end_minutes_before_close),
    managing(params.manage_every_seconds * SECOND),
  ],
  watches: (ctx) => (ctx.phase === 'entry' ? entryNeeds(ctx) : manageNeeds(ctx)),
  chains: (ctx) =>
    ctx.phase !== 'entry'
      ? []
      : entryChains(
          free(ctx).filter((name) => settle(setup(ctx, name)).ok),
          ctx.params,
        ),
  evaluate,
  manage,
  exits,
  protection: () => longOptionWaiver,
});
