// What the debit call spreads open: one spread a name and day, the best first, inside every ceiling. One decision for every name.
import type { Decision } from '../../domain/decision.ts';
import { type StrategyId, type Symbol, strategyId } from '../../domain/ids.ts';
import { dollars } from '../../domain/money.ts';
import { figure, holds, type Trial } from '../toolkit/gates.ts';
import { sharesDelivered } from '../toolkit/leftover.ts';
import { accountReady, opraFeed, untouched } from '../toolkit/name-gates.ts';
import { openPackage } from '../toolkit/opening.ts';
import { enteredOn } from '../toolkit/record.ts';
import { contractsFor, debitVerticalRisk, type RiskRoom, roomAfter, roomNow } from '../toolkit/sizing.ts';
import { decideUniverse, type Judged } from '../toolkit/universe.ts';
import { type Candidate, chooseSpread } from './choice.ts';
import type { SpreadContext } from './context.ts';
import { marketRises, screen } from './screen.ts';

/** Spreads need an account of this options level. */
export const OPTIONS_LEVEL = 3;
const ID: StrategyId = strategyId('dcs');

/** Nothing of ours stands in a name: no assigned spread to be undone, nothing held, nothing worked, nothing entered today. */
function* free(ctx: SpreadContext, name: Symbol): Trial<void> {
  const delivered = ctx.trades.filter((t) => t.underlying === name).reduce((n, t) => n + sharesDelivered(t), 0);
  yield holds(
    'no assigned spread',
    { observed: delivered, threshold: 0, pass: delivered === 0 },
    'ASSIGNED',
    `${delivered} shares of an assigned spread in ${name} are to be closed first`,
  );
  yield* untouched(ctx, name);
  const entered = enteredOn(ctx, name, ctx.day);
  yield holds(
    'entered today',
    { observed: entered, threshold: 0, pass: entered === 0 },
    'COOLDOWN',
    `a spread in ${name} was entered today: one a day`,
  );
}

function* judge(ctx: SpreadContext, name: Symbol): Trial<Candidate> {
  yield* accountReady(ctx, OPTIONS_LEVEL, ctx.params.account_age_ms_max);
  yield opraFeed(ctx.market);
  yield* free(ctx, name);
  yield* marketRises(ctx);
  return yield* chooseSpread(ctx, name, yield* screen(ctx, name));
}

function* allot(ctx: SpreadContext, { name, candidate }: Judged<Candidate>, room: RiskRoom) {
  const { params, market } = ctx;
  const { spread, exitDay, trend, ivRank, forecast } = candidate;
  const { last, width, bound, legs } = spread;
  const ask = { name, unitRisk: debitVerticalRisk(last.debit, params.fee_per_contract_usd) };
  const units = yield* contractsFor(ask, params, room);
  const profit = (width - last.debit) * 100 * units;
  yield holds('greatest profit, dollars', { observed: profit, threshold: null, pass: true }, 'RANKED_OUT', '');
  const strikes = legs.map((l) => dollars(l.option.strike)).join('/');
  const open = openPackage(market, {
    name,
    key: `spread:${name}`,
    why: `call spread ${strikes} of ${spread.expiry} for at most ${last.debit}: chance of a gain ${figure(last.pop)}, reward to risk ${figure(last.rewardRisk)}`,
    legs,
    units,
    rule: params,
    bound,
    unitRisk: ask.unitRisk,
    thesis: {
      v: 1,
      width,
      pop: figure(last.pop),
      reward_risk: figure(last.rewardRisk),
      break_even: figure(last.breakEven),
      trend: figure(trend),
      iv_rank: figure(ivRank),
      exit_day: exitDay,
    },
    forecasts: [forecast],
  });
  return { open, room: roomAfter(room, ask, units) };
}

/** One decision for every name of the universe. */
export function evaluate(ctx: SpreadContext): readonly Decision[] {
  const names = ctx.params.universe;
  return decideUniverse<Candidate, RiskRoom>({
    market: ctx.market,
    names,
    judge: (name) => judge(ctx, name),
    score: ({ spread }) => spread.score,
    room: roomNow(ctx, ID, ctx.params, names),
    allot: (judged, room) => allot(ctx, judged, room),
  });
}
