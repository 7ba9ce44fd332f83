// Swing trading: buys an option of two weeks on a breakout, a run or a turn of intraday bars, and sells it by thirds, the same day if it can.

import type { Symbol } from '../domain/ids.ts';
import { MINUTE, SECOND } from '../domain/time.ts';
import { type DataNeeds, defineStrategy, type NeedsContext, noNeeds } from './strategy.ts';
import { exits } from './swing-trading/armed.ts';
import { evaluate, OPTIONS_LEVEL } from './swing-trading/entry.ts';
import { manage } from './swing-trading/manage.ts';
import { type SwingParams, swingParams } from './swing-trading/params.ts';
import { setup } from './swing-trading/signal.ts';
import { settle } from './toolkit/gates.ts';
import { contractsHeld, entryChains, longOptionWaiver, namesTaken, namesTraded } from './toolkit/needs.ts';
import { entering, managing } from './toolkit/slots.ts';

type Needs = NeedsContext<SwingParams>;

/** Nothing is fetched for names that are held or worked: they get no entry. */
const free = (ctx: Needs): readonly Symbol[] => {
  const taken = namesTaken(ctx);
  return ctx.params.universe.filter((name) => !taken.has(name)).sort();
};

const reporting = (ctx: Needs, names: readonly Symbol[]): readonly Symbol[] =>
  names.filter((name) => !ctx.params.no_reports.includes(name));

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
    earnings: reporting(ctx, names),
    dividends: names,
  };
}

/** What is held, its share, and the closes that its setup is held against. */
function manageNeeds(ctx: Needs): DataNeeds {
  const names = namesTraded(ctx);
  return {
    ...noNeeds,
    quotes: [...names, ...contractsHeld(ctx)],
    intradayBars: names.flatMap((symbol) => [
      { symbol, minutes: 5 as const, sessions: 2 },
      { symbol, minutes: 15 as const, sessions: 1 },
    ]),
    earnings: reporting(ctx, names),
  };
}

export const swingTrading = defineStrategy<SwingParams>({
  id: 'swing',
  title: 'Swing Trading',
  version: 1,
  optionsLevel: OPTIONS_LEVEL,
  params: swingParams,
  schedule: (params) => [
    entering(params.entry_every_minutes * MINUTE, params.entry_start_minutes_after_open, params.entry_end_minutes_before_close),
    managing(params.manage_every_seconds * SECOND, params.manage_start_minutes_after_open),
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
