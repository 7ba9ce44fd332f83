// Lotto scanner: tiny bets that an option multiplies, on what moves with volume, on news, and on reports that options underrate. Each is
// bought to be lost whole; its size is its stop.

import type { Symbol } from '../domain/ids.ts';
import { MINUTE, SECOND } from '../domain/time.ts';
import { exits } from './lotto-scanner/armed.ts';
import { EARNINGS_SLOT, evaluate, namesOf, OPTIONS_LEVEL } from './lotto-scanner/entry.ts';
import { manage } from './lotto-scanner/manage.ts';
import { type LottoParams, lottoScannerParams } from './lotto-scanner/params.ts';
import { moving, reporting, sessionsWanted } from './lotto-scanner/signal.ts';
import { type DataNeeds, defineStrategy, type NeedsContext, noNeeds } from './strategy.ts';
import { eventTonight } from './toolkit/event.ts';
import { settle } from './toolkit/gates.ts';
import { contractsHeld, longOptionWaiver, namesTaken, namesTraded } from './toolkit/needs.ts';
import { openedInWeek } from './toolkit/record.ts';
import { entering, managing } from './toolkit/slots.ts';

type Needs = NeedsContext<LottoParams>;

/** Which of the two entry windows an instant belongs to: after the end of the first it is the second's. */
function slotNow({ calendar, now, day, params }: Needs): string {
  const close = calendar.session(day)?.close ?? now.exchange;
  return close - now.exchange < params.entry_end_minutes_before_close * MINUTE ? EARNINGS_SLOT : 'entry';
}

/** Names that may be played now: none once the week's open plays are all there are, none that is held or worked. */
function free(ctx: Needs, slot: string): readonly Symbol[] {
  if (openedInWeek({ trades: ctx.trades, closedTrades: [] }, ctx.day) >= ctx.params.plays_per_week_max) return [];
  const taken = namesTaken(ctx);
  return namesOf(ctx.params, slot)
    .filter((name) => !taken.has(name))
    .sort();
}

const reportsTonight = (ctx: Needs): readonly Symbol[] => free(ctx, EARNINGS_SLOT).filter((name) => settle(eventTonight(ctx, name)).ok);

function reportNeeds(ctx: Needs): DataNeeds {
  const names = reportsTonight(ctx);
  const sessions = ctx.params.history_sessions;
  return {
    ...noNeeds,
    quotes: names,
    dailyBars: names.map((symbol) => ({ symbol, sessions })),
    earnings: ctx.params.earnings_universe,
    dividends: names,
  };
}

function moveNeeds(ctx: Needs): DataNeeds {
  const { params } = ctx;
  const names = free(ctx, 'entry');
  const catalysts = names.filter((name) => params.catalyst_universe.includes(name));
  return {
    ...noNeeds,
    quotes: names,
    dailyBars: names.map((symbol) => ({ symbol, sessions: sessionsWanted(params) })),
    intradayBars: [
      ...names.map((symbol) => ({ symbol, minutes: 5 as const, sessions: params.rvol_sessions })),
      ...catalysts.map((symbol) => ({ symbol, minutes: 1 as const, sessions: 1 })),
    ],
    earnings: catalysts,
    dividends: names,
    news: catalysts,
  };
}

const manageNeeds = (ctx: Needs): DataNeeds => ({
  ...noNeeds,
  quotes: [...namesTraded(ctx), ...contractsHeld(ctx)].sort(),
});

/** Chains of names that pass every cheap question: today's options, this week's, or those about a report. */
function chains(ctx: Needs): DataNeeds['chains'] {
  const { params } = ctx;
  if (ctx.phase !== 'entry') return [];
  if (slotNow(ctx) === EARNINGS_SLOT)
    return reportsTonight(ctx)
      .filter((name) => settle(reporting(ctx, name)).ok)
      .map((underlying) => ({ underlying, dteFrom: 1, dteTo: params.earnings_dte_max + params.next_days_max }));
  return free(ctx, 'entry').flatMap((underlying) => {
    const found = settle(moving(ctx, underlying));
    if (!found.ok) return [];
    return [{ underlying, dteFrom: 0, dteTo: found.value.play === 'catalyst' ? params.catalyst_dte_max : 0 }];
  });
}

export const lottoScanner = defineStrategy<LottoParams>({
  id: 'lotto',
  title: 'Lotto Scanner',
  version: 1,
  optionsLevel: OPTIONS_LEVEL,
  params: lottoScannerParams,
  schedule: (params) => [
    entering(params.entry_every_seconds * SECOND, params.entry_start_minutes_after_open, params.entry_end_minutes_before_close),
    {
      name: EARNINGS_SLOT,
      phase: 'entry',
      everyMs: params.entry_every_seconds * SECOND,
      start: { from: 'close', minutes: -params.earnings_start_minutes_before_close },
      end: { from: 'close', minutes: -params.earnings_end_minutes_before_close },
    },
    managing(params.manage_every_seconds * SECOND),
  ],
  watches: (ctx) => {
    if (ctx.phase !== 'entry') return manageNeeds(ctx);
    return slotNow(ctx) === EARNINGS_SLOT ? reportNeeds(ctx) : moveNeeds(ctx);
  },
  chains,
  evaluate,
  manage,
  exits,
  protection: () => longOptionWaiver,
});
