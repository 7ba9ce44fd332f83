// What a structure is expected to bring on the morning after: over the moves of the past, and over the move its own price expects.

import type { Forecast } from '../../domain/forecast.ts';
import { dollars } from '../../domain/money.ts';
import { addDays } from '../../domain/time.ts';
import { ivPercentile } from '../../market/iv.ts';
import { meanValueAfter } from '../../pricing/scenario.ts';
import { jumpDeviation } from '../../pricing/volatility/event.ts';
import { bestOf } from '../toolkit/best.ts';
import { census, reasonAgainst } from '../toolkit/census.ts';
import { settingOf } from '../toolkit/context.ts';
import { type EventVolatility, eventVolatility } from '../toolkit/event.ts';
import { gainForecast } from '../toolkit/forecasts.ts';
import { atLeast, figure, holds, need, replay, settle, type Trial, told } from '../toolkit/gates.ts';
import { netOf, packageOdds } from '../toolkit/odds.ts';
import { entryPrice } from '../toolkit/opening.ts';
import { condorRisk, debitVerticalRisk } from '../toolkit/sizing.ts';
import { orderLegs } from '../toolkit/structure.ts';
import type { EarnParams } from './params.ts';
import { type EarnContext, exitInstant, type Screened } from './screen.ts';
import { type Frame, type Kind, legsAt, type Structure, structureOf, whyNot } from './structures.ts';

export interface Outlook {
  /** Mean gain over jumps as large as the past ones and as the priced one, dollars a share. */
  readonly past: number;
  readonly priced: number;
  /** The most it can lose, dollars a share. */
  readonly risk: number;
}

/** The most a structure can lose when it was opened for `net` (paid positive), dollars a share. */
export const riskOf = ({ kind, width }: Pick<Structure, 'kind' | 'width'>, net: number): number =>
  kind === 'calendar' ? net : width + net;

export interface Morning {
  readonly frame: Frame;
  readonly pastMove: number;
  readonly exit: Frame['setting']['now'];
}

/** Every leg repriced on the morning after, without the event, over jumps of two sizes. */
export function outlookOf(structure: Structure, net: number, { frame, pastMove, exit }: Morning): Outlook {
  const { setting, volatility } = frame;
  const legs = legsAt(structure.legs, exit, setting.calendar);
  const { spot, rate, dividendYield } = volatility.frontOdds.terms;
  const market = { spot, rate, dividendYield, sigma: volatility.event.baseSigma };
  return {
    past: meanValueAfter(legs, market, jumpDeviation(pastMove)) - net,
    priced: meanValueAfter(legs, market, volatility.event.deviation) - net,
    risk: riskOf(structure, net),
  };
}

/** A structure one would open, judged at the last rung of its ladder. */
export interface Prospect {
  readonly structure: Structure;
  readonly frame: Frame;
  /** Net dollars a share at the last rung: paid positive. */
  readonly limit: number;
  /** Mean gain over past moves of the risk. */
  readonly edge: number;
  /** Worst loss of one unit with its fees, dollars. */
  readonly unitRisk: number;
  readonly forecasts: readonly Forecast[];
}

const unitRiskOf = ({ kind, width }: Structure, limit: number, { fee_per_contract_usd: fee }: EarnParams): number =>
  kind === 'calendar' ? debitVerticalRisk(limit, fee) : condorRisk(width, -limit, fee);

/** The model and the quotes agree: over the move they price, the mid is about fair. */
function* consistent(params: EarnParams, { priced, risk }: Outlook): Trial<void> {
  const part = priced / risk;
  yield holds(
    'mean gain over the priced move, of the risk',
    { observed: part, threshold: params.consistency_max, pass: risk > 0 && Math.abs(part) <= params.consistency_max },
    'EVENT_PRICING_INCONSISTENT',
    `over the move it prices the structure gains ${figure(100 * part)} % of its risk at the mid, ${figure(100 * params.consistency_max)} % either way are allowed`,
  );
}

/** The chance of a gain at expiry of a structure of one expiry: reported. */
function* chanceOf({ kind, legs }: Structure, limit: number, { volatility, setting }: Frame): Trial<readonly Forecast[]> {
  if (kind !== 'condor') return [];
  const odds = yield* need('chance of a gain', packageOdds(orderLegs(legs, 'open'), netOf(limit), volatility.frontOdds));
  yield told('chance of a gain at expiry', odds.pop);
  return [gainForecast(odds, volatility.front, setting)];
}

/** One kind of structure on a screened name, all the way to its edge. */
function* judgeKind(ctx: EarnContext, kind: Kind, morning: Morning): Trial<Prospect> {
  const { params, market } = ctx;
  const { frame } = morning;
  const structure = yield* structureOf(ctx, kind, frame);
  yield told('structure', `${kind} ${structure.legs.map((l) => `${l.side} ${l.option.symbol}`).join(', ')}`);
  const { market: net, limit } = entryPrice(market, frame.chain.underlying, structure.legs, params.entry_cap_part);
  yield holds(
    'something to gain',
    { observed: net.mid, threshold: 0, pass: (kind === 'calendar') === net.mid > 0 && riskOf(structure, limit) > 0 },
    'EVENT_PRICING_INCONSISTENT',
    `a ${kind} at ${figure(net.mid)} is no ${kind}: its quotes contradict each other`,
  );
  yield* consistent(params, outlookOf(structure, net.mid, morning));
  const outlook = outlookOf(structure, limit, morning);
  yield told('last price', limit);
  yield told('mean gain over past moves', outlook.past);
  yield told('risk', outlook.risk);
  const forecasts = yield* chanceOf(structure, limit, frame);
  const edge = outlook.past / outlook.risk;
  yield atLeast('mean gain over past moves, of the risk', params.edge_min, edge, 'EDGE_TOO_SMALL');
  return { structure, frame, limit, edge, unitRisk: unitRiskOf(structure, limit, params), forecasts };
}

/** Dear against the name's own history, large enough, and dear against what its reports did. */
function* worthSelling(ctx: EarnContext, screened: Screened, { event, frontSigma }: EventVolatility): Trial<void> {
  const { params, market } = ctx;
  const assumed = market.assumedIvRank(screened.event.report.symbol);
  const history = screened.readings.map((reading) => reading.iv30);
  const percentile = assumed ?? (yield* need('iv percentile', ivPercentile(history, frontSigma)));
  yield atLeast('iv percentile', params.iv_percentile_min, percentile, 'IV_RANK_OUT_OF_BAND');
  yield atLeast('expected move', params.expected_move_min, event.expectedMove, 'EDGE_TOO_SMALL');
  yield atLeast('richness', params.richness_min, event.expectedMove / screened.pastMove, 'RICHNESS_TOO_LOW');
}

/** Last day of any expiry that is looked at. */
export const lastDte = (params: EarnParams): number =>
  params.front_dte_max + (params.mleg_calendar ? Math.max(params.back_days_max, params.next_days_max) : params.next_days_max);

/** Chain, terms and the night's volatility of a screened name. */
export function* frameOf(ctx: EarnContext, { event, quote }: Pick<Screened, 'event' | 'quote'>): Trial<Frame> {
  const { params, market } = ctx;
  const name = event.report.symbol;
  const setting = settingOf(ctx, name, quote, addDays(ctx.day, lastDte(params)));
  const chain = yield* need('chain', market.chain(name));
  const exit = exitInstant(event, params);
  const ask = { chain, setting, gap: event.gap, exit, minutesLeftMin: params.front_minutes_left_min };
  const volatility = yield* eventVolatility(ctx, ask);
  const latest = addDays(ctx.day, params.front_dte_max);
  yield holds(
    'front expiry',
    { observed: volatility.front, threshold: latest, pass: volatility.front <= latest },
    'NO_EXPIRY_IN_RANGE',
    `the first expiry after the report is ${volatility.front}, ${latest} is the last that is taken`,
  );
  return { chain, setting, volatility };
}

/** The structure with the larger edge; a calendar only where the broker is known to take one. */
export function* chooseStructure(ctx: EarnContext, screened: Screened): Trial<Prospect> {
  const frame = yield* frameOf(ctx, screened);
  yield* worthSelling(ctx, screened, frame.volatility);
  const morning: Morning = { frame, pastMove: screened.pastMove, exit: exitInstant(screened.event, ctx.params) };
  const { mleg_calendar } = ctx.params;
  yield told('calendar', mleg_calendar ? 'allowed' : 'CAPABILITY_OFF');
  const candidates: readonly Kind[] = mleg_calendar ? ['calendar', 'condor'] : ['condor'];
  const found = settle(bestOf<Kind, Prospect>({ candidates, judge: (kind) => judgeKind(ctx, kind, morning), score: ({ edge }) => edge }));
  const against = new Map(candidates.map((kind) => [kind, reasonAgainst(judgeKind(ctx, kind, morning))] as const));
  const taken = found.ok ? found.value.structure.legs.map(({ option }) => option.symbol) : [];
  yield* census(frame.chain.rows, taken, whyNot(ctx, frame, against));
  return yield* replay(found);
}

/** Mean total variance of the options that are sold: what the night's news takes away. */
export const nightVariance = ({ legs }: Pick<Structure, 'legs'>, { frontOdds: { terms, sigmaAt } }: EventVolatility): number => {
  const sold = legs.filter((leg) => leg.side === 'sell');
  return sold.reduce((sum, { option }) => sum + sigmaAt(dollars(option.strike)) ** 2 * terms.years, 0) / sold.length;
};
