// Debit call spreads: buys a call near the money and sells a further one against it, in names that trend while volatility is cheap. The
// most it can lose is what it pays. The edge claimed is the trend; a fair spread has none of its own.
import type { Symbol } from '../domain/ids.ts';
import { daysBetween, SECOND } from '../domain/time.ts';
import { exits } from './debit-call-spreads/armed.ts';
import { namesHeld } from './debit-call-spreads/context.ts';
import { evaluate, OPTIONS_LEVEL } from './debit-call-spreads/entry.ts';
import { manage } from './debit-call-spreads/manage.ts';
import { type DebitCallSpreadsParams, debitCallSpreadsParams } from './debit-call-spreads/params.ts';
import { barsWanted, marketRises, screen } from './debit-call-spreads/screen.ts';
import { type DataNeeds, defineStrategy, type NeedsContext, noNeeds } from './strategy.ts';
import { settle } from './toolkit/gates.ts';
import { managing } from './toolkit/slots.ts';

type Needs = NeedsContext<DebitCallSpreadsParams>;
type ChainNeed = DataNeeds['chains'][number];

/** Every contract an open trade holds, and the shares that one of them delivered. */
const heldSymbols = (ctx: Needs): readonly Symbol[] => ctx.trades.flatMap((t) => [t.underlying, ...t.held.map((h) => h.instrument.symbol)]);

function watches(ctx: Needs): DataNeeds {
  const { params } = ctx;
  const held = namesHeld(ctx);
  const entry = ctx.phase === 'entry' ? params.universe : [];
  const names = [...new Set<Symbol>([...entry, ...held])].sort();
  const index = { symbol: params.regime_index, sessions: params.regime_sma_sessions };
  return {
    ...noNeeds,
    quotes: [...new Set<Symbol>([...entry, ...heldSymbols(ctx)])].sort(),
    dailyBars: [...names.map((symbol) => ({ symbol, sessions: barsWanted(params) })), ...(ctx.phase === 'entry' ? [index] : [])],
    ivHistory: entry,
    earnings: names,
    dividends: names,
  };
}

/** The chains of names that pass every cheap question; twice a day those of held names, so that an adjusted contract is seen. */
function chains(ctx: Needs): DataNeeds['chains'] {
  const { params, day } = ctx;
  if (ctx.phase !== 'entry') return [];
  const taken = new Set<Symbol>([...namesHeld(ctx), ...ctx.busy]);
  const rising = settle(marketRises(ctx)).ok;
  const wanted = rising ? params.universe.filter((name) => !taken.has(name) && settle(screen(ctx, name)).ok) : [];
  const fresh = wanted.map((underlying): ChainNeed => ({ underlying, dteFrom: params.iv_dte_min, dteTo: params.iv_dte_max }));
  const held = ctx.trades.flatMap((trade): readonly ChainNeed[] => {
    const [{ instrument }] = trade.legs;
    if (instrument.kind !== 'option') return [];
    const left = daysBetween(day, instrument.expiry);
    return [{ underlying: trade.underlying, dteFrom: left, dteTo: left }];
  });
  return [...fresh, ...held].sort((a, b) => (a.underlying < b.underlying ? -1 : 1));
}

export const debitCallSpreads = defineStrategy<DebitCallSpreadsParams>({
  id: 'dcs',
  title: 'Debit Call Spreads',
  version: 1,
  optionsLevel: OPTIONS_LEVEL,
  params: debitCallSpreadsParams,
  schedule: (params) => [
    {
      name: 'entry',
      phase: 'entry',
      at: [
        ...params.entry_minutes_after_open.map((minutes) => ({ from: 'open' as const, minutes })),
        ...params.entry_minutes_before_close.map((minutes) => ({ from: 'close' as const, minutes: -minutes })),
      ],
    },
    managing(params.manage_every_seconds * SECOND, params.manage_minutes_after_open),
  ],
  watches,
  chains,
  evaluate,
  manage,
  exits,
  protection: () => ({ kind: 'waiver', why: 'its loss is bounded by what it paid, and shares of an assignment are closed at once' }),
});
