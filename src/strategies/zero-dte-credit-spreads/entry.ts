// What is sold today: one decision for every name, and of those that pass the one whose volatility is dearest is served first.
import type { Decision, Open } from '../../domain/decision.ts';
import type { Forecast } from '../../domain/forecast.ts';
import type { StrategyId, Symbol } from '../../domain/ids.ts';
import { dollars } from '../../domain/money.ts';
import type { Chain } from '../../market/quote.ts';
import { probabilityBeyond } from '../../pricing/probability.ts';
import { touchProbability } from '../../pricing/touch.ts';
import { minutesFromOpen, settingOf } from '../toolkit/context.ts';
import { beforeCutOff } from '../toolkit/contracts.ts';
import { gainForecast, touchForecast } from '../toolkit/forecasts.ts';
import { atLeast, figure, holds, need, refuse, type Trial, told } from '../toolkit/gates.ts';
import { deep } from '../toolkit/liquidity.ts';
import { accountReady, untouched } from '../toolkit/name-gates.ts';
import { type ExpiryOdds, expiryOdds, netOf, type PackageOdds, packageOdds } from '../toolkit/odds.ts';
import { entryPrice, openPackage } from '../toolkit/opening.ts';
import { allTrades, closedFor } from '../toolkit/record.ts';
import { condorRisk, contractsFor, creditVerticalRisk, type RiskRoom, roomAfter, roomNow } from '../toolkit/sizing.ts';
import { orderLegs, type QuotedLeg } from '../toolkit/structure.ts';
import { decideUniverse, type Judged } from '../toolkit/universe.ts';
import { recall, stoppedToday } from './memory.ts';
import { type Screened, screen, type ZdteContext } from './screen.ts';
import { atTheMoney, type Kind, kindOf, leanOf, listedToday, type Vertical, verticalsOf } from './structure.ts';
import type { Thesis } from './thesis.ts';

const ZDTE = 'zdte' as StrategyId;
const OPTIONS_LEVEL = 3;

interface Candidate {
  readonly kind: Kind;
  readonly sides: readonly [Vertical, ...Vertical[]];
  readonly legs: readonly QuotedLeg[];
  /** At the end of the ladder, dollars a share. */
  readonly credit: number;
  /** Worst loss of one spread with its fees, dollars. */
  readonly unitRisk: number;
  /** Implied over forecast volatility. */
  readonly edge: number;
  readonly z: number;
  readonly forecasts: readonly Forecast[];
}

/** The account, the day and the name, before any price is asked for. */
function* mayEnter(ctx: ZdteContext, name: Symbol): Trial<void> {
  const { params, session, day } = ctx;
  yield holds(
    'full session',
    { observed: String(!session.early), threshold: 'true', pass: !session.early },
    'EARLY_CLOSE_DAY',
    `${day} closes early: the hours that pay for this are missing`,
  );
  yield* accountReady(ctx, OPTIONS_LEVEL, params.account_age_ms_max);
  yield* untouched(ctx, name);
  const stopped = stoppedToday(recall(ctx.memory, day, ctx.trades), name, day) || closedFor(ctx, name, day, ['STOP']);
  yield holds(
    'not stopped out today',
    { observed: String(!stopped), threshold: 'true', pass: !stopped },
    'COOLDOWN',
    `${name} was stopped out today: no second try on the same day`,
  );
}

/** The least credit at the end of the ladder, the chance of a gain, and what else one wants to know of it. */
function* worthSelling(
  ctx: ZdteContext,
  kind: Kind,
  legs: readonly QuotedLeg[],
  limit: number,
  odds: ExpiryOdds,
  width: number,
): Trial<PackageOdds> {
  const { params } = ctx;
  const credit = -limit;
  yield atLeast('credit', params.credit_min_usd, credit, 'CREDIT_TOO_LOW');
  yield atLeast('credit of the width', params.credit_width_min, figure(credit / width), 'CREDIT_TOO_LOW');
  const found = yield* need('chance of a gain', packageOdds(orderLegs(legs, 'open'), netOf(limit), odds));
  for (const level of found.breakEvens) yield told('break-even', level);
  yield atLeast('chance of a gain', kind === 'condor' ? params.pop_condor_min : params.pop_min, found.pop, 'POP_TOO_LOW');
  return found;
}

/** The chances of a side: to keep the whole credit, to lose the whole width, and, returned, to see the short strike touched. */
function* chancesOf(ctx: ZdteContext, { right, short, long }: Vertical, { terms, sigmaAt }: ExpiryOdds): Trial<Forecast> {
  const barrier = dollars(short.option.strike);
  const last = dollars(long.strike);
  yield told(`${right}: chance to end beyond the short strike`, short.pItm);
  yield told(
    `${right}: chance to lose the whole width`,
    probabilityBeyond(right === 'put' ? 'below' : 'above', last, terms, sigmaAt(last)),
  );
  const probability = touchProbability({ ...terms, barrier, sigma: short.sigma });
  yield told(`${right}: chance that the short strike is touched`, probability);
  return touchForecast({ name: 'strike_touched', method: 'own_quote', probability, level: barrier, by: ctx.session.close }, terms);
}

/** Implied against forecast volatility: only what is dear is sold. */
function* dearEnough(ctx: ZdteContext, screened: Screened, sigma: number): Trial<number> {
  const { forecast } = screened;
  yield told('implied volatility at the money', sigma);
  yield told('forecast volatility', forecast.sigma);
  const edge = sigma / forecast.sigma;
  yield atLeast('implied over forecast volatility', ctx.params.edge_min, edge, 'EDGE_TOO_SMALL');
  return edge;
}

function* chainOfToday(ctx: ZdteContext, name: Symbol): Trial<Chain> {
  const chain = ctx.market.chain(name);
  // Only today's expiries were asked for: where none is listed, none expires today.
  if (!chain.known && chain.code === 'NO_EXPIRY_IN_RANGE') return yield* refuse('chain', 'NO_0DTE_LISTED', chain.why);
  return yield* need('chain', chain);
}

/** A name, all the way to the spread that would be sold on it. */
function* judge(ctx: ZdteContext, name: Symbol): Trial<Candidate> {
  yield* mayEnter(ctx, name);
  yield* beforeCutOff(ctx);
  const screened = yield* screen(ctx, name, minutesFromOpen(ctx));
  const setting = settingOf(ctx, name, screened.quote, ctx.day);
  const chain = yield* chainOfToday(ctx, name);
  yield* listedToday(ctx, chain, setting.spot);
  const odds = yield* need('smile', expiryOdds(ctx.market, chain, ctx.day, setting));
  const sigma = atTheMoney(odds);
  const edge = yield* dearEnough(ctx, screened, sigma);
  const z = leanOf({ spot: setting.spot, vwap: screened.vwap, sigma });
  yield told('deviations from the session mean', z);
  const kind = kindOf(z, ctx.params.condor_z_max);
  const sides = yield* verticalsOf(ctx, chain, setting, kind);
  const legs = sides.flatMap((side) => side.legs);
  const { limit } = entryPrice(ctx.market, name, legs, ctx.params.entry_cap_part);
  const width = Math.max(...sides.map((side) => side.width));
  const gain = yield* worthSelling(ctx, kind, legs, limit, odds, width);
  const forecasts: Forecast[] = [gainForecast(gain, ctx.day, setting)];
  for (const side of sides) forecasts.push(yield* chancesOf(ctx, side, odds));
  const fee = ctx.params.fee_per_contract_usd;
  const unitRisk = kind === 'condor' ? condorRisk(width, -limit, fee) : creditVerticalRisk(width, -limit, fee);
  return { kind, sides, legs, credit: -limit, unitRisk, edge, z, forecasts };
}

/** The touch of every leg holds what we want of it. */
function* deepEnough(ctx: ZdteContext, legs: readonly QuotedLeg[], units: number): Trial<void> {
  for (const { side, quote } of legs) yield* deep(side, quote, Math.min(units, ctx.params.touch_size_max_contracts));
}

const strikesOf = ({ sides }: Candidate): string =>
  sides.map(({ right, short, long }) => `${dollars(short.option.strike)}/${dollars(long.strike)} ${right}`).join(' and ');

function* allot(ctx: ZdteContext, judged: Judged<Candidate>, room: RiskRoom): Trial<{ open: Omit<Open, 'gates'>; room: RiskRoom }> {
  const { name, candidate } = judged;
  const { params } = ctx;
  const ask = { name, unitRisk: candidate.unitRisk };
  const units = yield* contractsFor(ask, { ...params, max_positions: params.entries_per_day_max }, room);
  yield* deepEnough(ctx, candidate.legs, units);
  const total = candidate.sides.reduce((sum, side) => sum + side.credit, 0);
  const thesis: Thesis = {
    kind: candidate.kind,
    putShare: figure((candidate.sides.find((side) => side.right === 'put')?.credit ?? 0) / total),
    z: figure(candidate.z),
    edge: figure(candidate.edge),
  };
  const open = openPackage(ctx.market, {
    name,
    key: `${name}:${strikesOf(candidate)}`,
    why: `sells ${units} x ${strikesOf(candidate)} for ${figure(candidate.credit)} or more: implied is ${figure(candidate.edge)} times forecast volatility`,
    legs: candidate.legs,
    units,
    rule: params,
    unitRisk: candidate.unitRisk,
    thesis: { ...thesis },
    forecasts: candidate.forecasts,
  });
  return { open, room: roomAfter(room, ask, units) };
}

/** What is left of the day: its entries, and of its budget what closed trades of today have not used up. */
function roomToday(ctx: ZdteContext): RiskRoom {
  const { params } = ctx;
  const room = roomNow(ctx, ZDTE, { ...params, max_positions: params.entries_per_day_max }, params.universe);
  const today = allTrades(ctx).filter((t) => t.openedDay === ctx.day);
  const open = new Set<Symbol>(ctx.trades.map((t) => t.underlying));
  const entering = [...ctx.busy].filter((name) => !open.has(name)).length;
  const spent = ctx.closedTrades.filter((t) => t.openedDay === ctx.day).reduce((sum, t) => sum + dollars(t.maxLoss), 0);
  return { ...room, strategy: room.strategy - spent, positions: params.entries_per_day_max - today.length - entering };
}

export const evaluate = (ctx: ZdteContext): readonly Decision[] =>
  decideUniverse<Candidate, RiskRoom>({
    market: ctx.market,
    names: ctx.params.universe,
    judge: (name) => judge(ctx, name),
    score: ({ edge }) => edge,
    room: roomToday(ctx),
    allot: (judged, room) => allot(ctx, judged, room),
  });
