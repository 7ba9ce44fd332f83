// What is bought: calls on the best-ranked dips inside the room that is left. One decision for every name of the universe.
import type { Decision } from '../../domain/decision.ts';
import { type Symbol, strategyId } from '../../domain/ids.ts';
import { after, type EpochMs, epochMs } from '../../domain/time.ts';
import { settingOf } from '../toolkit/context.ts';
import { dayOut } from '../toolkit/contracts.ts';
import { holds, need, noted, type Trial } from '../toolkit/gates.ts';
import { accountReady, opraFeed, untouched } from '../toolkit/name-gates.ts';
import { entryPrice, openPackage } from '../toolkit/opening.ts';
import { enteredOn } from '../toolkit/record.ts';
import { noReportNear } from '../toolkit/report-guard.ts';
import { contractsFor, longRisk, type RiskRoom, roomAfter, roomNow } from '../toolkit/sizing.ts';
import type { QuotedLeg } from '../toolkit/structure.ts';
import { decideUniverse, type Judged, type UniverseAsk } from '../toolkit/universe.ts';
import { type Candidate, chooseCall, type DipContext, suits } from './call.ts';
import { odds } from './odds.ts';
import { setup } from './signal.ts';

/** Calls need no more than this options level. */
export const OPTIONS_LEVEL = 2;

function* judge(ctx: DipContext, name: Symbol): Trial<Candidate> {
  const { params, market } = ctx;
  yield* accountReady(ctx, OPTIONS_LEVEL, params.account_age_ms_max);
  yield opraFeed(market);
  yield* untouched(ctx, name);
  const today = enteredOn(ctx, name, ctx.day);
  yield holds('not entered today', { observed: today, threshold: 0, pass: today === 0 }, 'COOLDOWN', `${name} was entered today already`);
  const found = yield* setup(ctx, name);
  yield* noReportNear(ctx, name, { back: 1, ahead: params.earnings_guard_sessions });
  return yield* chooseCall(ctx, name, found);
}

/** The same minute of the session in which the holding time ends, or its close where that comes first. */
function holdingEnd(ctx: DipContext): EpochMs {
  const last = ctx.sessionAt(ctx.day, ctx.params.max_hold_sessions);
  const at = after(last.open, ctx.now.exchange - ctx.session.open);
  return epochMs(Math.min(at, last.close));
}

type Allotted = ReturnType<UniverseAsk<Candidate, RiskRoom>['allot']>;

function* allot(ctx: DipContext, { name, candidate }: Judged<Candidate>, room: RiskRoom): Allotted {
  const { params, market } = ctx;
  const { call } = candidate;
  const legs: readonly QuotedLeg[] = [{ option: call.option, side: 'buy', ratio: 1, quote: call.quote }];
  const { limit } = entryPrice(market, name, legs, params.entry_cap_part);
  const size = { name, unitRisk: longRisk(limit, params.fee_per_contract_usd) };
  const units = yield* contractsFor(size, params, room);
  yield* suits(ctx, candidate.spot, call, units);
  const quote = yield* need('quote', market.quote(name));
  const setting = settingOf(ctx, name, quote, dayOut(ctx, params.dte_max));
  const { gates, forecasts } = odds(params, candidate, setting, limit, holdingEnd(ctx));
  for (const gate of [noted('limit', limit), ...gates]) yield { gate, code: 'HOLD', why: '' };
  const percent = (part: number): string => `${(100 * part).toFixed(2)} %`;
  const open = openPackage(market, {
    name,
    key: name,
    why: `${percent(candidate.dip)} on the day after a run of ${percent(candidate.run)}`,
    legs,
    units,
    rule: params,
    unitRisk: size.unitRisk,
    thesis: {
      run: candidate.run,
      dip: candidate.dip,
      reference: candidate.reference,
      spot: candidate.spot,
      sigma: call.sigma,
      delta: call.delta,
    },
    forecasts,
  });
  return { open, room: roomAfter(room, size, units) };
}

/** Exactly one decision a name. */
export function evaluate(ctx: DipContext): readonly Decision[] {
  const names = ctx.params.universe;
  return decideUniverse<Candidate, RiskRoom>({
    market: ctx.market,
    names,
    judge: (name) => judge(ctx, name),
    score: (candidate) => candidate.score,
    room: roomNow(ctx, strategyId('dip'), ctx.params, names),
    allot: (judged, room) => allot(ctx, judged, room),
  });
}
