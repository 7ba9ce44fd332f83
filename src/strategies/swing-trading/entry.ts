// What is bought: options on the strongest setups inside the room that is left. One decision for every name of the universe.

import type { Decision } from '../../domain/decision.ts';
import { type Symbol, strategyId } from '../../domain/ids.ts';
import { addDays } from '../../domain/time.ts';
import type { Context } from '../strategy.ts';
import { settingOf } from '../toolkit/context.ts';
import { chooseExpiry, fieldOf, valuedSide } from '../toolkit/contracts.ts';
import { holds, need, refuse, type Trial } from '../toolkit/gates.ts';
import { nearestDelta, openLong } from '../toolkit/long-option.ts';
import { accountReady, opraFeed, untouched } from '../toolkit/name-gates.ts';
import { namesTaken } from '../toolkit/needs.ts';
import { lossStreak } from '../toolkit/record.ts';
import type { ValuedRow } from '../toolkit/select.ts';
import { type RiskRoom, roomNow } from '../toolkit/sizing.ts';
import { decideUniverse, type Judged, type UniverseAsk } from '../toolkit/universe.ts';
import { rightOf, wordOf } from '../toolkit/way.ts';
import type { SwingParams } from './params.ts';
import { type Setup, setup } from './signal.ts';
import { thesisOf } from './thesis.ts';

/** Long options need no more than this options level. */
export const OPTIONS_LEVEL = 2;

export type SwingContext = Context<SwingParams>;

interface Candidate {
  readonly setup: Setup;
  readonly option: ValuedRow;
}

interface Room {
  readonly risk: RiskRoom;
  /** One of the names that count as one was served in this evaluation. */
  readonly oneNameTaken: boolean;
}

/** Not after too many losses in a row: what worked has stopped working, or never did. */
function* notPaused(ctx: SwingContext): Trial<void> {
  const { params } = ctx;
  const { losses, lastDay } = lossStreak(ctx, params.fee_per_contract_usd);
  const until = lastDay === null ? undefined : ctx.calendar.offset(lastDay, params.pause_sessions).day;
  yield holds(
    'losses in a row',
    { observed: losses, threshold: params.loss_streak, pass: losses < params.loss_streak || until === undefined || ctx.day > until },
    'LOSS_STREAK_PAUSE',
    `${losses} losses in a row, the last on ${lastDay ?? ''}: entries rest until after ${until ?? ''}`,
  );
}

/** Of the names that move as one, none other is held or worked. */
function* aloneOfItsKind(ctx: SwingContext, name: Symbol): Trial<void> {
  const { one_name } = ctx.params;
  if (!one_name.includes(name)) return;
  const held = namesTaken(ctx);
  const other = one_name.find((kin) => kin !== name && held.has(kin));
  yield holds(
    'none like it held',
    { observed: other ?? 'none', threshold: 'none', pass: other === undefined },
    'ALREADY_HELD',
    `${other ?? ''} is held or worked, and moves as ${name} does`,
  );
}

/** The option to buy for a setup. */
export function* chooseOption(ctx: SwingContext, name: Symbol, found: Setup): Trial<ValuedRow> {
  const { params, market } = ctx;
  const quote = yield* need('quote', market.quote(name));
  const chain = yield* need('chain', market.chain(name));
  const window = { min: params.dte_min, target: params.dte_target, max: params.dte_max };
  const expiry = yield* chooseExpiry(ctx, chain, window);
  const setting = settingOf(ctx, name, quote, addDays(ctx.day, params.dte_max));
  const field = fieldOf(ctx.day, { chain, right: rightOf(found.way), setting }, window, expiry);
  return yield* nearestDelta(ctx, field, yield* valuedSide(ctx, field), params);
}

function* judge(ctx: SwingContext, name: Symbol): Trial<Candidate> {
  const { params, market } = ctx;
  yield* accountReady(ctx, OPTIONS_LEVEL, params.account_age_ms_max);
  yield opraFeed(market);
  yield* notPaused(ctx);
  yield* untouched(ctx, name);
  yield* aloneOfItsKind(ctx, name);
  const found = yield* setup(ctx, name);
  return { setup: found, option: yield* chooseOption(ctx, name, found) };
}

type Allotted = ReturnType<UniverseAsk<Candidate, Room>['allot']>;

function* allot(ctx: SwingContext, { name, candidate }: Judged<Candidate>, room: Room): Allotted {
  const { params } = ctx;
  const { setup: found, option } = candidate;
  const one = params.one_name.includes(name);
  if (one && room.oneNameTaken)
    return yield* refuse('none like it taken', 'RANKED_OUT', `a stronger setup in a name that moves as ${name} does was served`);
  const why = `${found.kind} ${wordOf(found.way)} of strength ${found.strength.toFixed(1)} on ${found.rvol.toFixed(2)} times the usual volume`;
  const part = params.leveraged.includes(name) ? params.leveraged_part : 1;
  const opening = { name, key: `${found.kind}:${name}`, why, option, thesis: thesisOf(found), part };
  const { open, room: risk } = yield* openLong(ctx, opening, params, room.risk);
  return { open, room: { risk, oneNameTaken: room.oneNameTaken || one } };
}

/** Exactly one decision a name. */
export function evaluate(ctx: SwingContext): readonly Decision[] {
  const names = ctx.params.universe;
  return decideUniverse<Candidate, Room>({
    market: ctx.market,
    names,
    judge: (name) => judge(ctx, name),
    score: (candidate) => candidate.setup.strength,
    room: { risk: roomNow(ctx, strategyId('swing'), ctx.params, names), oneNameTaken: false },
    allot: (judged, room) => allot(ctx, judged, room),
  });
}
