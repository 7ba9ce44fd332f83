// What is bought once a day: calls on the best-scored names that have a place. One decision for every name of every theme.
import type { Decision, Open } from '../../domain/decision.ts';
import type { Symbol } from '../../domain/ids.ts';
import type { Trade } from '../../domain/trade.ts';
import { atLeast, holds, noted, refuse, type Trial } from '../toolkit/gates.ts';
import { accountReady, opraFeed, untouched } from '../toolkit/name-gates.ts';
import { entryPrice, openPackage } from '../toolkit/opening.ts';
import { noReportNear } from '../toolkit/report-guard.ts';
import { longRisk } from '../toolkit/sizing.ts';
import type { QuotedLeg } from '../toolkit/structure.ts';
import { decideUniverse } from '../toolkit/universe.ts';
import { type Candidate, chooseCall, type LeapsContext, suits } from './call.ts';
import { universeOf } from './params.ts';
import type { Scores } from './scores.ts';
import { shortlist, winner } from './signal.ts';
import { contractsFor, place, type Room, roomAfter, roomNow } from './sizing.ts';

/** Calls need no more than this options level. */
export const OPTIONS_LEVEL = 2;

interface Judgement {
  readonly scores: Scores;
  readonly candidate: Candidate;
}

/** Sessions from a day to this one. */
const sessionsSince = (ctx: LeapsContext, trade: Trade): number => Math.max(0, ctx.calendar.between(trade.openedDay, ctx.day).length - 1);

/** A name already held may be bought once more, after its spacing; one that is not must be free of anything of ours. */
function* free(ctx: LeapsContext, name: Symbol): Trial<void> {
  const { tranches, tranche_spacing_sessions } = ctx.params;
  const own = ctx.trades.filter((t) => t.underlying === name);
  yield* untouched(own.length === 0 ? ctx : { ...ctx, trades: [], positions: [] }, name);
  if (own.length === 0) return;
  yield holds(
    'tranches held',
    { observed: own.length, threshold: tranches, pass: own.length < tranches },
    'ALREADY_HELD',
    `${name} is held in ${own.length} tranches already`,
  );
  const since = Math.min(...own.map((trade) => sessionsSince(ctx, trade)));
  yield atLeast('sessions since the last tranche', tranche_spacing_sessions, since, 'COOLDOWN');
}

/** Account and feed, before anything is bought. */
export function* ready(ctx: LeapsContext): Trial<void> {
  yield* accountReady(ctx, OPTIONS_LEVEL, ctx.params.account_age_ms_max);
  yield opraFeed(ctx.market);
}

function* judge(ctx: LeapsContext, name: Symbol, chosen: ReadonlySet<Symbol>): Trial<Judgement> {
  yield* ready(ctx);
  yield* free(ctx, name);
  const scores = yield* winner(ctx, name);
  yield* noReportNear(ctx, name, { back: 0, ahead: ctx.params.earnings_guard_sessions });
  yield* place(ctx, name, roomNow(ctx));
  if (!chosen.has(name)) yield* refuse('rank', 'RANKED_OUT', `${ctx.params.chains_max} names have better scores`);
  return { scores, candidate: yield* chooseCall(ctx, name) };
}

interface Purchase {
  readonly name: Symbol;
  readonly key: string;
  readonly why: string;
  readonly candidate: Candidate;
  /** No more than these; what the ceilings allow when not given. */
  readonly atMost?: number;
  /** Null in a roll, which asked for it before the first half. */
  readonly composite: number | null;
}

/** The order for a call, sized to its room. */
export function* buy(
  ctx: LeapsContext,
  purchase: Purchase,
  room: Room,
): Trial<{ readonly open: Omit<Open, 'gates'>; readonly room: Room }> {
  const { params, market } = ctx;
  const { name, candidate } = purchase;
  const { call, spot } = candidate;
  yield* place(ctx, name, room);
  const legs: readonly QuotedLeg[] = [{ option: call.option, side: 'buy', ratio: 1, quote: call.quote }];
  const { limit } = entryPrice(market, name, legs, params.entry_cap_part);
  const allowed = yield* contractsFor(ctx, name, limit, room);
  const units = Math.min(allowed, purchase.atMost ?? allowed);
  yield* suits(ctx, candidate, units);
  const unitRisk = longRisk(limit, params.fee_per_contract_usd);
  const lost = params.stop_frac_loss * limit * 100 * units;
  const leverage = (call.delta * spot) / limit;
  for (const gate of [noted('limit', limit), noted('lost at the stop', lost), noted('leverage', leverage)])
    yield { gate, code: 'HOLD', why: '' };
  const open = openPackage(market, {
    name,
    key: purchase.key,
    why: purchase.why,
    legs,
    units,
    rule: params,
    unitRisk,
    thesis: { composite: purchase.composite, delta: call.delta, sigma: call.sigma, spot },
  });
  return { open, room: roomAfter(room, name, unitRisk * units) };
}

/** Exactly one decision a name. */
export function evaluate(ctx: LeapsContext): readonly Decision[] {
  const names = universeOf(ctx.params);
  const chosen = new Set(shortlist(ctx));
  return decideUniverse<Judgement, Room>({
    market: ctx.market,
    names,
    judge: (name) => judge(ctx, name, chosen),
    score: ({ scores }) => scores.composite,
    room: roomNow(ctx),
    allot: ({ name, candidate: { candidate, scores } }, room) =>
      buy(
        ctx,
        {
          name,
          key: name,
          why: `composite ${scores.composite.toFixed(2)}, entry timing ${scores.timing.entry.toFixed(2)}`,
          candidate,
          composite: scores.composite,
        },
        room,
      ),
  });
}
