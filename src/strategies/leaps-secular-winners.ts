// LEAPS on secular winners: deep calls a year and a half out on the leaders of growth themes, sold in parts as they gain and moved on
// before they decay. A share position on credit whose rate is the time value.

import type { Symbol } from '../domain/ids.ts';
import { MINUTE } from '../domain/time.ts';
import { exits } from './leaps-secular-winners/armed.ts';
import { evaluate, OPTIONS_LEVEL } from './leaps-secular-winners/entry.ts';
import { manage } from './leaps-secular-winners/manage.ts';
import { halfDone, recall } from './leaps-secular-winners/memory.ts';
import { type LeapsParams, leapsParams, universeOf } from './leaps-secular-winners/params.ts';
import { barsWanted, shortlist } from './leaps-secular-winners/signal.ts';
import { type DataNeeds, defineStrategy, type NeedsContext, noNeeds } from './strategy.ts';
import { contractsHeld, entryChains, longOptionWaiver } from './toolkit/needs.ts';
import { managing } from './toolkit/slots.ts';

type Needs = NeedsContext<LeapsParams>;

/** Names whose roll is half done: nothing of them is held for a moment. */
const rolling = (ctx: Needs): readonly Symbol[] =>
  halfDone(recall(ctx.memory, ctx.trades, ctx.day), ctx.trades, ctx.day).map(({ name }) => name);

function watches(ctx: Needs): DataNeeds {
  const { params } = ctx;
  const held = [...new Set<Symbol>([...ctx.trades.map((t) => t.underlying), ...rolling(ctx)])].sort();
  const entry = ctx.phase === 'entry';
  const names = entry ? [...new Set([...universeOf(params), ...held])] : held;
  const contracts = entry ? [] : contractsHeld(ctx);
  const daily = names.map((name) => ({ symbol: name, sessions: barsWanted(params) }));
  return {
    ...noNeeds,
    quotes: [...names, ...contracts],
    dailyBars: entry ? [...daily, { symbol: params.regime_index, sessions: params.regime_sma_sessions }] : daily,
    dividends: held,
    earnings: entry ? names : [],
  };
}

/** The chains of the best-scored names on the entry slot; of rolls, once the old call is gone. */
function chains(ctx: Needs): DataNeeds['chains'] {
  const { params } = ctx;
  const names = ctx.phase === 'entry' ? shortlist(ctx) : rolling(ctx).filter((name) => !ctx.busy.has(name));
  return entryChains([...names].sort(), params);
}

export const leapsSecularWinners = defineStrategy<LeapsParams>({
  id: 'leaps',
  title: 'LEAPS Secular Winners',
  version: 1,
  optionsLevel: OPTIONS_LEVEL,
  params: leapsParams,
  schedule: (params) => [
    { name: 'entry', phase: 'entry', at: [{ from: 'open', minutes: params.entry_minutes_after_open }] },
    managing(params.manage_every_minutes * MINUTE, 1, params.last_look_minutes_before_close),
    { name: 'last look', phase: 'manage', at: [{ from: 'close', minutes: -params.last_look_minutes_before_close }] },
  ],
  watches,
  chains,
  evaluate,
  manage,
  exits,
  protection: () => longOptionWaiver,
});
