// The wheel: sells cash-secured puts on stocks one is willing to own, takes the shares when assigned, and sells covered calls until
// they are called away. The income is short volatility plus long equity; it is worth having when premium is rich and the trend holds.
import { type Symbol, symbol } from '../domain/ids.ts';
import { dollars } from '../domain/money.ts';
import { addDays, daysBetween, SECOND, type TradingDay, tradingDay } from '../domain/time.ts';
import { type DataNeeds, defineStrategy, type NeedsContext, noNeeds } from './strategy.ts';
import { settle } from './toolkit/gates.ts';
import { managing } from './toolkit/slots.ts';
import { exits } from './wheel/armed.ts';
import { evaluate } from './wheel/entry.ts';
import { namesHeld } from './wheel/holding.ts';
import { manage } from './wheel/manage.ts';
import { recall } from './wheel/memory.ts';
import { type WheelParams, wheelParams } from './wheel/params.ts';
import { barsWanted, screen } from './wheel/screen.ts';

type Needs = NeedsContext<WheelParams>;
type ChainNeed = DataNeeds['chains'][number];

/** Names held, and names whose roll is half done: there nothing may be held for a moment. */
const held = (ctx: Needs): readonly Symbol[] =>
  [
    ...new Set<Symbol>([
      ...namesHeld({ positions: ctx.positions, working: [] }),
      ...(Object.keys(recall(ctx.memory, ctx.day).rolls) as Symbol[]),
    ]),
  ].sort();

function watches(ctx: Needs): DataNeeds {
  const names = ctx.phase === 'entry' ? [...new Set([...ctx.params.universe, ...held(ctx)])].sort() : held(ctx);
  const options = ctx.positions.flatMap((p) => (p.instrument.kind === 'option' ? [p.instrument.symbol] : []));
  const entry = ctx.phase === 'entry' ? names : [];
  return {
    ...noNeeds,
    quotes: [...names, ...options],
    dailyBars: names.map((symbol) => ({ symbol, sessions: barsWanted(ctx.params) })),
    ivHistory: entry,
    earnings: entry,
    dividends: names,
  };
}

const rollWindow = (ctx: Needs, underlying: Symbol, expiry: TradingDay): ChainNeed => {
  const dte = daysBetween(ctx.day, expiry);
  return { underlying, dteFrom: dte + ctx.params.roll_dte_min, dteTo: dte + ctx.params.roll_dte_max };
};

/** The expiries a held option could be rolled to, when it is near enough to its own and not in profit, and those of rolls half done. */
function rollChains(ctx: Needs): readonly ChainNeed[] {
  const troubled = ctx.positions.flatMap(({ instrument, qty, cost }) => {
    if (instrument.kind !== 'option' || qty >= 0) return [];
    const dte = daysBetween(ctx.day, instrument.expiry);
    const quote = ctx.market.quote(instrument.symbol);
    if (dte > ctx.params.manage_dte || dte <= 0 || !quote.known) return [];
    return quote.value.ask * 100 * -qty < cost ? [] : [rollWindow(ctx, instrument.underlying, instrument.expiry)];
  });
  const halfDone = Object.entries(recall(ctx.memory, ctx.day).rolls).map(([name, roll]) =>
    rollWindow(ctx, symbol(name), tradingDay(roll.expiry)),
  );
  return [...troubled, ...halfDone];
}

function entryChains(ctx: Needs): readonly ChainNeed[] {
  const { params, market, day } = ctx;
  const around = { params, market, day, equityDollars: dollars(ctx.equity), previousDay: undefined };
  const until: TradingDay = addDays(day, params.dte_min);
  const taken = new Set<Symbol>(ctx.positions.map((p) => p.instrument.underlying));
  const puts = params.universe.filter((name) => !taken.has(name) && settle(screen(around, name, until)).ok);
  const covered = ctx.positions.filter((p) => p.instrument.kind === 'equity' && p.qty >= 100).map((p) => p.instrument.underlying);
  return [
    ...puts.map((underlying) => ({
      underlying,
      dteFrom: Math.min(params.iv_dte_min, params.dte_min),
      dteTo: Math.max(params.iv_dte_max, params.dte_max),
    })),
    ...covered.map((underlying) => ({ underlying, dteFrom: params.call_dte_min, dteTo: params.call_dte_max })),
  ];
}

/** One window for each name: the widest of those asked for. */
function merged(needs: readonly ChainNeed[]): readonly ChainNeed[] {
  const byName = new Map<Symbol, ChainNeed>();
  for (const need of needs) {
    const known = byName.get(need.underlying) ?? need;
    byName.set(need.underlying, {
      underlying: need.underlying,
      dteFrom: Math.min(known.dteFrom, need.dteFrom),
      dteTo: Math.max(known.dteTo, need.dteTo),
    });
  }
  return [...byName.values()].sort((a, b) => (a.underlying < b.underlying ? -1 : 1));
}

export const wheel = defineStrategy<WheelParams>({
  id: 'wheel',
  title: 'Wheel',
  version: 1,
  mayBeAssigned: true,
  optionsLevel: 1,
  params: wheelParams,
  schedule: (params) => [
    {
      name: 'entry',
      phase: 'entry',
      at: [
        ...params.entry_minutes_after_open.map((minutes) => ({ from: 'open' as const, minutes })),
        ...params.entry_minutes_before_close.map((minutes) => ({ from: 'close' as const, minutes: -minutes })),
      ],
    },
    managing(params.manage_every_seconds * SECOND),
  ],
  watches,
  chains: (ctx) => merged(ctx.phase === 'entry' ? entryChains(ctx) : rollChains(ctx)),
  evaluate,
  manage,
  exits,
  protection: () => ({ kind: 'waiver', why: 'a resting stop would lock the shares that cover calls' }),
});
