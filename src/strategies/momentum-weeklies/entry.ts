// What is bought: weekly options on the best-ranked setups inside the room that is left. One decision for every name of the universe.
import type { Decision } from '../../domain/decision.ts';
import { type Symbol, strategyId } from '../../domain/ids.ts';
import { atMost, holds, type Trial, told } from '../toolkit/gates.ts';
import { openLong } from '../toolkit/long-option.ts';
import { accountReady, opraFeed, untouched } from '../toolkit/name-gates.ts';
import { closedFor, openedInWeek } from '../toolkit/record.ts';
import type { ValuedRow } from '../toolkit/select.ts';
import { type RiskRoom, roomNow } from '../toolkit/sizing.ts';
import { decideUniverse, type Judged, type UniverseAsk } from '../toolkit/universe.ts';
import { wordOf } from '../toolkit/way.ts';
import { chooseWeekly, type MwkContext } from './contract.ts';
import { type Setup, score } from './patterns.ts';
import { setup } from './signal.ts';
import { thesisOf } from './thesis.ts';

/** Long options need no more than this options level. */
export const OPTIONS_LEVEL = 2;

interface Candidate {
  readonly setup: Setup;
  readonly option: ValuedRow;
  readonly score: number;
}

/** Not stopped out of this name today, and not too often in it this week. */
function* rested(ctx: MwkContext, name: Symbol): Trial<void> {
  const stopped = closedFor(ctx, name, ctx.day, ['STOP', 'INVALIDATION']);
  yield holds(
    'not stopped today',
    { observed: String(!stopped), threshold: 'true', pass: !stopped },
    'COOLDOWN',
    `a trade in ${name} was stopped today: none is begun in it before the next session`,
  );
  const own = {
    trades: ctx.trades.filter((t) => t.underlying === name),
    closedTrades: ctx.closedTrades.filter((t) => t.underlying === name),
  };
  yield atMost('entries this week', ctx.params.entries_per_week_max - 1, openedInWeek(own, ctx.day), 'WEEKLY_CAP');
}

function* judge(ctx: MwkContext, name: Symbol): Trial<Candidate> {
  const { params, market } = ctx;
  yield* accountReady(ctx, OPTIONS_LEVEL, params.account_age_ms_max);
  yield opraFeed(market);
  yield* untouched(ctx, name);
  yield* rested(ctx, name);
  const found = yield* setup(ctx, name);
  const option = yield* chooseWeekly(ctx, name, found);
  const rank = score(found, params);
  yield told('rank', rank);
  return { setup: found, option, score: rank };
}

type Allotted = ReturnType<UniverseAsk<Candidate, RiskRoom>['allot']>;

function* allot(ctx: MwkContext, { name, candidate }: Judged<Candidate>, room: RiskRoom): Allotted {
  const { setup: found, option } = candidate;
  const percent = (100 * found.momentum).toFixed(2);
  const why = `${found.kind} ${wordOf(found.way)}: ${percent} % on ${found.rvol.toFixed(2)} times the usual volume`;
  const opening = { name, key: `${found.kind}:${name}`, why, option, thesis: thesisOf(found) };
  return yield* openLong(ctx, opening, ctx.params, room);
}

/** Exactly one decision a name. */
export function evaluate(ctx: MwkContext): readonly Decision[] {
  const names = ctx.params.universe;
  return decideUniverse<Candidate, RiskRoom>({
    market: ctx.market,
    names,
    judge: (name) => judge(ctx, name),
    score: (candidate) => candidate.score,
    room: roomNow(ctx, strategyId('mwk'), ctx.params, names),
    allot: (judged, room) => allot(ctx, judged, room),
  });
}
