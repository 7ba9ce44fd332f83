// Which tickets are bought: one decision for every name of the slot, the likeliest first, inside the week's plays and every ceiling.
import type { Decision, Open } from '../../domain/decision.ts';
import type { Forecast } from '../../domain/forecast.ts';
import { type StrategyId, type Symbol, strategyId } from '../../domain/ids.ts';
import { addDays, after, type EpochMs, MINUTE } from '../../domain/time.ts';
import { calendarYears } from '../../market/expiry.ts';
import type { Chain } from '../../market/quote.ts';
import { settingOf } from '../toolkit/context.ts';
import { beforeCutOff, pastCutOff } from '../toolkit/contracts.ts';
import { eventVolatility } from '../toolkit/event.ts';
import { touchForecast } from '../toolkit/forecasts.ts';
import { atLeast, atMost, figure, holds, need, refuse, type Trial, told } from '../toolkit/gates.ts';
import { accountReady, opraFeed, untouched } from '../toolkit/name-gates.ts';
import { entryPrice, openPackage } from '../toolkit/opening.ts';
import { enteredOn, openedInWeek } from '../toolkit/record.ts';
import { contractsFor, longRisk, type RiskRoom, roomAfter, roomNow } from '../toolkit/sizing.ts';
import type { QuotedLeg } from '../toolkit/structure.ts';
import { decideUniverse, type Judged } from '../toolkit/universe.ts';
import { type LottoContext, moving, reporting } from './signal.ts';
import { type Play, thesisJson } from './thesis.ts';
import {
  buyable,
  calendarSpan,
  chooseTicket,
  horizonMinutes,
  morningAfter,
  nightOdds,
  sessionClock,
  type Ticket,
  touchOdds,
} from './ticket.ts';

/** Long options need no more than this options level. */
export const OPTIONS_LEVEL = 2;
export const LOTTO: StrategyId = strategyId('lotto');
/** The slot in which reports are bet on; in every other one what moves is. */
export const EARNINGS_SLOT = 'earnings';

interface Candidate {
  readonly play: Play;
  readonly ticket: Ticket;
  readonly forecast: Forecast;
}

interface Room {
  readonly risk: RiskRoom;
  /** Plays that are left of this week. */
  readonly plays: number;
}

/** Plays opened this week, entries at work included. */
export function playsThisWeek(ctx: Pick<LottoContext, 'trades' | 'closedTrades' | 'busy' | 'day'>): number {
  const open = new Set<Symbol>(ctx.trades.map((t) => t.underlying));
  return openedInWeek(ctx, ctx.day) + [...ctx.busy].filter((name) => !open.has(name)).length;
}

function* mayPlay(ctx: LottoContext, name: Symbol): Trial<void> {
  const { params } = ctx;
  yield* accountReady(ctx, OPTIONS_LEVEL, params.account_age_ms_max);
  yield opraFeed(ctx.market);
  yield* untouched(ctx, name);
  const entered = enteredOn(ctx, name, ctx.day);
  yield holds(
    'entered today',
    { observed: entered, threshold: 0, pass: entered === 0 },
    'COOLDOWN',
    `${name} was played today: once a day`,
  );
  yield atMost('plays this week', params.plays_per_week_max - 1, playsThisWeek(ctx), 'WEEKLY_CAP');
}

/** The chain of the day's play; where the options of today are asked for and none is listed, that is the reason. */
function* chainFor(ctx: LottoContext, name: Symbol, play: Play): Trial<Chain> {
  const chain = ctx.market.chain(name);
  if (play === 'momentum' && !chain.known && chain.code === 'NO_EXPIRY_IN_RANGE')
    return yield* refuse('chain', 'NO_0DTE_LISTED', chain.why);
  return yield* need('chain', chain);
}

/** A ticket on what moves: cheap against the volatility that is forecast, likely enough in the time that is left. */
function* onMove(ctx: LottoContext, name: Symbol): Trial<Candidate> {
  const { params, day } = ctx;
  const { play, way, quote, forecast } = yield* moving(ctx, name);
  if (play === 'momentum') yield* beforeCutOff(ctx);
  const chain = yield* chainFor(ctx, name, play);
  const first = pastCutOff(ctx) ? addDays(day, 1) : day;
  const latest = addDays(day, play === 'catalyst' ? params.catalyst_dte_max : 0);
  const rows = chain.rows.filter(({ contract }) => contract.option.expiry >= first && contract.option.expiry <= latest);
  if (rows.length === 0) {
    const code = play === 'momentum' ? 'NO_0DTE_LISTED' : 'NO_EXPIRY_IN_RANGE';
    return yield* refuse('expiry', code, `nothing of ${name} expires by ${latest}`, null, latest);
  }
  const setting = settingOf(ctx, name, quote, latest);
  const ticket = yield* chooseTicket(ctx, { chain, rows, setting, way, clock: sessionClock(ctx), odds: touchOdds(ctx) });
  yield atLeast('forecast over implied volatility', params.edge_min, forecast / ticket.sigma, 'EDGE_TOO_SMALL');
  const by = after(ctx.now.exchange, Math.floor(horizonMinutes(ctx) * MINUTE));
  const touch = { name: 'multiple_in_time', method: 'own_quote', probability: ticket.pHit, level: ticket.level, by } as const;
  return { play, ticket, forecast: touchForecast(touch, setting) };
}

/** The share stands beyond the ticket's level on the morning after. */
const jumpForecast = ({ option, pHit, level }: Ticket, spot: number, at: EpochMs): Forecast => ({
  name: 'multiple_after_report',
  method: 'quoted_event',
  probability: figure(pHit),
  spot: figure(spot),
  event: { kind: 'stands', side: option.right === 'call' ? 'above' : 'below', level: figure(level), at },
});

/** A ticket on tonight's report, where its options expect less than the past ones brought. */
function* onReport(ctx: LottoContext, name: Symbol): Trial<Candidate> {
  const { params, day, now } = ctx;
  const { event, way, quote, pastMove } = yield* reporting(ctx, name);
  const latest = addDays(day, params.earnings_dte_max);
  const setting = settingOf(ctx, name, quote, addDays(latest, params.next_days_max));
  const chain = yield* need('chain', ctx.market.chain(name));
  const exit = morningAfter(event.gap.after.open, params);
  const night = yield* eventVolatility(ctx, { chain, setting, gap: event.gap, exit, minutesLeftMin: params.front_minutes_left_min });
  yield holds(
    'front expiry',
    { observed: night.front, threshold: latest, pass: night.front <= latest },
    'NO_EXPIRY_IN_RANGE',
    `the first expiry after the report is ${night.front}, ${latest} is the last that is taken`,
  );
  yield atMost('expected over past move', params.cheap_max, night.event.expectedMove / pastMove, 'EDGE_TOO_SMALL');
  const rows = chain.rows.filter(({ contract }) => contract.option.expiry === night.front);
  const ticket = yield* chooseTicket(ctx, {
    chain,
    rows,
    setting,
    way,
    clock: (expiry) => calendarYears(now.exchange, expiry, ctx.calendar),
    odds: nightOdds(params, night.event, calendarSpan(now.exchange, exit)),
  });
  return { play: 'earnings', ticket, forecast: jumpForecast(ticket, setting.spot, exit) };
}

function* judge(ctx: LottoContext, name: Symbol): Trial<Candidate> {
  yield* mayPlay(ctx, name);
  return ctx.slot === EARNINGS_SLOT ? yield* onReport(ctx, name) : yield* onMove(ctx, name);
}

function* allot(ctx: LottoContext, { name, candidate }: Judged<Candidate>, room: Room): Trial<{ open: Omit<Open, 'gates'>; room: Room }> {
  const { params, market } = ctx;
  const { play, ticket, forecast } = candidate;
  yield atLeast('plays left this week', 1, room.plays, 'WEEKLY_CAP');
  const legs: readonly QuotedLeg[] = [{ option: ticket.option, side: 'buy', ratio: 1, quote: ticket.quote }];
  const { limit } = entryPrice(market, name, legs, params.entry_cap_part);
  const ask = { name, unitRisk: longRisk(limit, params.fee_per_contract_usd) };
  const units = yield* contractsFor(ask, params, room.risk);
  yield* buyable(ctx, ticket, units);
  yield told('limit', limit);
  const open = openPackage(market, {
    name,
    key: `${play}:${name}`,
    why: `${play}: ${figure(100 * ticket.pHit)} % to be worth ${params.multiple} times its price`,
    legs,
    units,
    rule: params,
    unitRisk: ask.unitRisk,
    thesis: thesisJson({ play, pHit: figure(ticket.pHit), level: figure(ticket.level) }),
    forecasts: [forecast],
  });
  return { open, room: { risk: roomAfter(room.risk, ask, units), plays: room.plays - 1 } };
}

/** Names that a slot decides about. */
export const namesOf = ({ universe, catalyst_universe, earnings_universe }: LottoContext['params'], slot: string): readonly Symbol[] =>
  slot === EARNINGS_SLOT ? earnings_universe : [...universe, ...catalyst_universe];

/** One decision for every name of the slot. */
export function evaluate(ctx: LottoContext): readonly Decision[] {
  const names = namesOf(ctx.params, ctx.slot);
  return decideUniverse<Candidate, Room>({
    market: ctx.market,
    names,
    judge: (name) => judge(ctx, name),
    score: ({ ticket }) => ticket.pHit,
    room: { risk: roomNow(ctx, LOTTO, ctx.params, names), plays: ctx.params.plays_per_week_max - playsThisWeek(ctx) },
    allot: (judged, room) => allot(ctx, judged, room),
  });
}
