// Earnings protection: sells the volatility of a report over one night in structures of bounded loss, where options are dear against what
// past reports did; and insures shares that are held into a report. The edge claimed is that reports move less than their price says.

import type { Symbol } from '../domain/ids.ts';
import { SECOND } from '../domain/time.ts';
import { exits } from './earnings-protection/armed.ts';
import { EARN, evaluate, OPTIONS_LEVEL } from './earnings-protection/entry.ts';
import { manage } from './earnings-protection/manage.ts';
import { type EarnParams, earningsProtectionParams } from './earnings-protection/params.ts';
import { lastDte } from './earnings-protection/prospect.ts';
import { namesWithShares } from './earnings-protection/protect.ts';
import { screen } from './earnings-protection/screen.ts';
import { type DataNeeds, defineStrategy, type NeedsContext, noNeeds } from './strategy.ts';
import { eventTonight } from './toolkit/event.ts';
import { settle } from './toolkit/gates.ts';
import { contractsHeld, namesTaken, namesTraded } from './toolkit/needs.ts';
import { managing } from './toolkit/slots.ts';

type Needs = NeedsContext<EarnParams>;

/** Everything that is asked about: the universe, and whatever shares are held. */
const asked = (ctx: Needs): readonly Symbol[] => [...new Set([...ctx.params.universe, ...namesWithShares(ctx.book.positions)])].sort();

/** Names that report tonight, with nothing of ours in them: on most evenings none, so that nothing is fetched. */
function tonight(ctx: Needs): readonly Symbol[] {
  const taken = namesTaken(ctx);
  return asked(ctx).filter((name) => !taken.has(name) && settle(eventTonight(ctx, name)).ok);
}

function entryNeeds(ctx: Needs): DataNeeds {
  const names = tonight(ctx);
  const { history_sessions } = ctx.params;
  const calls = ctx.book.positions.flatMap(({ owner, instrument: i, qty }) =>
    i.kind === 'option' && i.right === 'call' && qty > 0 && owner !== EARN && names.includes(i.underlying) ? [i.symbol] : [],
  );
  return {
    ...noNeeds,
    quotes: [...names, ...calls],
    dailyBars: names.map((symbol) => ({ symbol, sessions: history_sessions })),
    ivHistory: names,
    earnings: asked(ctx),
    dividends: names,
  };
}

/** What is held, its share, the last close, and whether the report still stands. */
function manageNeeds(ctx: Needs): DataNeeds {
  const names = namesTraded(ctx);
  return {
    ...noNeeds,
    quotes: [...names, ...contractsHeld(ctx)],
    dailyBars: names.map((symbol) => ({ symbol, sessions: 1 })),
    earnings: names,
    dividends: names,
  };
}

/** Chains of the names that pass every cheap question, and of those whose shares may want insurance. */
function chains(ctx: Needs): DataNeeds['chains'] {
  if (ctx.phase !== 'entry') return [];
  const shares = new Set<Symbol>(namesWithShares(ctx.book.positions));
  return tonight(ctx)
    .filter((name) => shares.has(name) || settle(screen(ctx, name)).ok)
    .map((underlying) => ({ underlying, dteFrom: 1, dteTo: lastDte(ctx.params) }));
}

export const earningsProtection = defineStrategy<EarnParams>({
  id: 'earn',
  title: 'Earnings Protection',
  version: 1,
  optionsLevel: OPTIONS_LEVEL,
  params: earningsProtectionParams,
  schedule: (params) => [
    {
      name: 'entry',
      phase: 'entry',
      everyMs: params.entry_every_seconds * SECOND,
      start: { from: 'close', minutes: -params.entry_start_minutes_before_close },
      end: { from: 'close', minutes: -params.entry_end_minutes_before_close },
    },
    managing(params.manage_every_seconds * SECOND),
  ],
  watches: (ctx) => (ctx.phase === 'entry' ? entryNeeds(ctx) : manageNeeds(ctx)),
  chains,
  evaluate,
  manage,
  exits,
  protection: () => ({
    kind: 'waiver',
    why: 'its loss is bounded by its structure, no stop works over a night, and shares of an assignment are closed at once',
  }),
});
