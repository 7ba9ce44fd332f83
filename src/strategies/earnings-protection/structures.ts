// The two structures that gain when the volatility of a report is gone: a calendar about the price, a condor beyond the expected move.
import type { Right } from '../../domain/instrument.ts';
import { dollars } from '../../domain/money.ts';
import type { ReasonCode } from '../../domain/reasons.ts';
import { daysBetween, type TradingDay } from '../../domain/time.ts';
import { calendarYears } from '../../market/expiry.ts';
import type { Chain, ChainRow } from '../../market/quote.ts';
import type { ScenarioLeg } from '../../pricing/scenario.ts';
import { liquidityAsk } from '../toolkit/contracts.ts';
import { atTheForward, calendarOdds, type EventVolatility } from '../toolkit/event.ts';
import { atLeast, figure, holds, need, refuse, settle, type Trial } from '../toolkit/gates.ts';
import { liquid } from '../toolkit/liquidity.ts';
import { expiriesInside, rowsOf, type Setting } from '../toolkit/select.ts';
import { entryLegs, type QuotedLeg } from '../toolkit/structure.ts';
import type { EarnParams } from './params.ts';
import type { EarnContext } from './screen.ts';

export type Kind = 'calendar' | 'condor';

/** A structure on the table: its legs with quotes, and the widest of its wings (0 for a calendar). */
export interface Structure {
  readonly kind: Kind;
  readonly legs: readonly QuotedLeg[];
  /** Dollars. */
  readonly width: number;
}

export interface Frame {
  readonly chain: Chain;
  readonly setting: Setting;
  readonly volatility: EventVolatility;
}

const strikeOf = (row: ChainRow): number => dollars(row.contract.option.strike);
const usable = (rows: readonly ChainRow[]): readonly ChainRow[] => rows.filter(({ contract }) => contract.standard && contract.tradable);

interface Wanted {
  readonly row: ChainRow;
  readonly side: QuotedLeg['side'];
}

/** Quotes of nearly one moment for all of it, and each leg traded well enough by itself. */
function* quotedAll(ctx: EarnContext, wanted: readonly Wanted[], contracts: number): Trial<readonly QuotedLeg[]> {
  const legs = wanted.map(({ row, side }) => ({ option: row.contract.option, side, ratio: 1 }));
  const quoted = yield* need('quotes of all legs', entryLegs(ctx.market, legs));
  yield* tradedWell(ctx, wanted, contracts);
  return quoted;
}

function* tradedWell(ctx: EarnContext, wanted: readonly Wanted[], contracts: number): Trial<void> {
  for (const { row, side } of wanted) {
    const quote = yield* need('quote', ctx.market.entryQuote(row.contract.option.symbol));
    yield* liquid(side, row, quote, liquidityAsk(ctx, ctx.params, contracts));
  }
}

/** Each leg holds so many units. */
export function* deepEnough(ctx: EarnContext, { legs }: Structure, chain: Chain, units: number): Trial<void> {
  const wanted = legs.flatMap((leg) => {
    const row = chain.rows.find(({ contract }) => contract.option.symbol === leg.option.symbol);
    return row === undefined ? [] : [{ row, side: leg.side }];
  });
  yield* tradedWell(ctx, wanted, units);
}

/** The expiry that a calendar buys. */
function* backExpiry(ctx: EarnContext, { chain, volatility, setting }: Frame): Trial<TradingDay> {
  const { params } = ctx;
  const lead = daysBetween(ctx.day, volatility.front);
  const [back] = expiriesInside(
    chain.rows.map((row) => row.contract.option.expiry),
    {
      day: ctx.day,
      calendar: setting.calendar,
      min: lead + params.back_days_min,
      target: lead + params.back_days_target,
      max: lead + params.back_days_max,
      monthlyWithin: 0,
    },
  );
  const asked = `${params.back_days_min} to ${params.back_days_max} days after ${volatility.front}`;
  if (back === undefined) return yield* refuse('back expiry', 'NO_EXPIRY_IN_RANGE', `no expiry lies ${asked}`, null, asked);
  yield holds('back expiry', { observed: back, threshold: asked, pass: true }, 'NO_EXPIRY_IN_RANGE', '');
  return back;
}

/** The contracts of a structure, before a price is asked of any of them. */
interface Plan {
  readonly wanted: readonly Wanted[];
  /** Dollars. */
  readonly width: number;
}

/** Sells the front call nearest the price, buys the same strike weeks later: what is paid is all it can lose. */
function* calendarPlan(ctx: EarnContext, frame: Frame): Trial<Plan> {
  const { chain, setting, volatility } = frame;
  const back = yield* backExpiry(ctx, frame);
  const sigma = atTheForward(yield* need('back smile', calendarOdds(ctx.market, chain, back, setting)));
  yield atLeast('front over back volatility', ctx.params.iv_ratio_min, volatility.frontSigma / sigma, 'EDGE_TOO_SMALL');
  const later = usable(rowsOf(chain.rows, 'call', back));
  const pairs = usable(rowsOf(chain.rows, 'call', volatility.front)).flatMap((front) => {
    const behind = later.find((row) => row.contract.option.strike === front.contract.option.strike);
    return behind === undefined ? [] : [{ front, back: behind }];
  });
  const away = (row: ChainRow): number => Math.abs(strikeOf(row) - setting.spot);
  const [nearest] = pairs.sort((a, b) => away(a.front) - away(b.front) || strikeOf(a.front) - strikeOf(b.front));
  if (nearest === undefined)
    return yield* refuse('strike', 'NO_STRIKE_IN_BAND', `no strike is listed both for ${volatility.front} and ${back}`);
  const wanted: readonly Wanted[] = [
    { row: nearest.back, side: 'buy' },
    { row: nearest.front, side: 'sell' },
  ];
  return { wanted, width: 0 };
}

interface Wing {
  readonly short: ChainRow;
  readonly long: ChainRow;
}

/** The first strike at or beyond the sold distance, and the first one a width further out. */
function* wingOf(params: EarnParams, { chain, setting, volatility }: Frame, right: Right): Trial<Wing> {
  const out = right === 'call' ? 1 : -1;
  const { spot } = setting;
  const away = (row: ChainRow): number => out * (strikeOf(row) - spot);
  const rows = [...usable(rowsOf(chain.rows, right, volatility.front))].sort((a, b) => away(a) - away(b));
  const distance = params.short_distance_deviations * volatility.event.deviation * spot;
  const short = rows.find((row) => away(row) >= distance);
  const widest = params.wing_min_pct * spot;
  // A width that is met but for the last bits of its floats is met.
  const long = short === undefined ? undefined : rows.find((row) => away(row) - away(short) >= widest - 1e-9);
  if (short === undefined || long === undefined) {
    const why = `no ${right}s are listed ${figure(distance)} from ${figure(spot)} and ${figure(widest)} further out`;
    return yield* refuse(`${right} strikes`, 'NO_STRIKE_IN_BAND', why, null, figure(distance));
  }
  return { short, long };
}

/** Sells a put and a call beyond the expected move and buys one of each further out: it loses its width less what it brought. */
function* condorPlan(ctx: EarnContext, frame: Frame): Trial<Plan> {
  const put = yield* wingOf(ctx.params, frame, 'put');
  const call = yield* wingOf(ctx.params, frame, 'call');
  const wanted: readonly Wanted[] = [put, call].flatMap(({ short, long }) => [
    { row: long, side: 'buy' as const },
    { row: short, side: 'sell' as const },
  ]);
  const widths = [put, call].map(({ short, long }) => Math.abs(strikeOf(long) - strikeOf(short)));
  return { wanted, width: Math.max(...widths) };
}

const planOf = (ctx: EarnContext, kind: Kind, frame: Frame): Trial<Plan> =>
  kind === 'calendar' ? calendarPlan(ctx, frame) : condorPlan(ctx, frame);

/** A structure of a kind, with its quotes. */
export function* structureOf(ctx: EarnContext, kind: Kind, frame: Frame): Trial<Structure> {
  const { wanted, width } = yield* planOf(ctx, kind, frame);
  return { kind, legs: yield* quotedAll(ctx, wanted, 1), width };
}

/** Why a contract of the chain is no leg of what is opened; `against` is what stands against each kind that is not. */
export function whyNot(ctx: EarnContext, frame: Frame, against: ReadonlyMap<Kind, ReasonCode>): (row: ChainRow) => ReasonCode {
  const { volatility, setting } = frame;
  const distance = ctx.params.short_distance_deviations * volatility.event.deviation * setting.spot;
  const plans = [...against].flatMap(([kind, code]) => {
    const plan = settle(planOf(ctx, kind, frame));
    return plan.ok ? plan.value.wanted.map(({ row }) => ({ row, code, expiry: row.contract.option.expiry })) : [];
  });
  return (row) => {
    const { option, standard, tradable } = row.contract;
    const planned = plans.find((plan) => plan.row === row);
    if (planned !== undefined) return planned.code;
    const front = option.expiry === volatility.front;
    if (!front && !plans.some(({ expiry }) => expiry === option.expiry)) return 'NO_EXPIRY_IN_RANGE';
    if (!front && option.right === 'put') return 'WRONG_RIGHT';
    if (!standard || !tradable) return 'NONSTANDARD_CONTRACT';
    const out = (option.right === 'call' ? 1 : -1) * (strikeOf(row) - setting.spot);
    return out >= distance || (against.has('calendar') && option.right === 'call') ? 'RANKED_OUT' : 'NO_STRIKE_IN_BAND';
  };
}

/** The legs as they stand at an instant. */
export const legsAt = (legs: readonly QuotedLeg[], at: Setting['now'], calendar: Setting['calendar']): readonly ScenarioLeg[] =>
  legs.map(({ option, side, ratio }) => ({
    right: option.right,
    strike: dollars(option.strike),
    years: calendarYears(at, option.expiry, calendar),
    weight: side === 'buy' ? ratio : -ratio,
  }));
