// Which option is the ticket: of those that cost little and trade well, the one most likely to be worth a multiple of its price in time.
import type { Option } from '../../domain/instrument.ts';
import { dollars } from '../../domain/money.ts';
import type { ReasonCode } from '../../domain/reasons.ts';
import { after, type EpochMs, MINUTE } from '../../domain/time.ts';
import { tradingMinutesLeft } from '../../market/expiry.ts';
import type { Chain, ChainRow, Quote } from '../../market/quote.ts';
import { quotedVolatility } from '../../market/quoted-volatility.ts';
import type { BsInput } from '../../pricing/black-scholes.ts';
import { normalCdf } from '../../pricing/normal.ts';
import { reachOdds, spotWorth } from '../../pricing/touch.ts';
import type { EventVariance } from '../../pricing/volatility/event.ts';
import { census, reasonAgainst } from '../toolkit/census.ts';
import { minutesToClose } from '../toolkit/context.ts';
import { liquidityAsk } from '../toolkit/contracts.ts';
import { atLeast, figure, need, refuse, replay, settle, type Trial, told } from '../toolkit/gates.ts';
import { mid } from '../toolkit/limits.ts';
import { liquid } from '../toolkit/liquidity.ts';
import { endTerms, type Setting } from '../toolkit/select.ts';
import { rightOf } from '../toolkit/way.ts';
import type { LottoParams } from './params.ts';
import type { LottoContext, Way } from './signal.ts';

export interface Ticket {
  readonly row: ChainRow;
  readonly option: Option;
  readonly quote: Quote;
  /** Its own annual volatility. */
  readonly sigma: number;
  /** Chance of the multiple by the horizon, and the share price it takes then. */
  readonly pHit: number;
  readonly level: number;
}

/** What a ticket's odds are, or why there are none. */
export type OddsOf = (input: BsInput, price: number) => { readonly level: number; readonly pHit: number } | 'inconsistent' | undefined;

const MINUTES_A_YEAR = 252 * 390;

/** Minutes over which the multiple is to be reached. */
export const horizonMinutes = (ctx: LottoContext): number =>
  Math.max(0, Math.min(ctx.params.horizon_part * minutesToClose(ctx), ctx.params.horizon_minutes_max));

/** The chance that the share touches, within the horizon, the price at which the option is worth the multiple at its end. */
export const touchOdds =
  (ctx: LottoContext): OddsOf =>
  (input, price) => {
    const found = reachOdds(input, { entry: price, multiple: ctx.params.multiple, horizon: horizonMinutes(ctx) / MINUTES_A_YEAR });
    if (found.kind === 'odds') return { level: found.level, pHit: found.probability };
    return found.reason === 'odds_inconsistent' ? 'inconsistent' : undefined;
  };

/**
 * The chance that the jump of a report takes the share beyond the price at which the option is worth `multiple` times its entry on the
 * morning after: the logarithm of the jump is normal(-e^2 / 2, e), in the option's own direction alone.
 * @param option as it stands on the morning after: `years` that are then left, `sigma` without the event
 * @param worth dollars a share
 */
export function jumpOdds(option: BsInput, worth: number, deviation: number): { readonly level: number; readonly pHit: number } | undefined {
  const level = spotWorth(option, worth);
  if (level === undefined || !(deviation > 0)) return undefined;
  if (level <= 0) return { level: 0, pHit: 0 };
  const z = (Math.log(level / option.spot) + deviation ** 2 / 2) / deviation;
  return { level, pHit: normalCdf(option.right === 'call' ? -z : z) };
}

/** Jump odds of a ticket that expires at `expiresAt`, left at `exit`; bounded by 1 / multiple as every fair price is. */
export const nightOdds =
  (params: LottoParams, event: EventVariance, lost: number): OddsOf =>
  (input, price) => {
    const found = jumpOdds(
      { ...input, years: Math.max(0, input.years - lost), sigma: event.baseSigma },
      params.multiple * price,
      event.deviation,
    );
    if (found === undefined) return undefined;
    return found.pHit > Math.exp(input.rate * lost) / params.multiple ? 'inconsistent' : found;
  };

/** Years to the last trade of an expiry, on the clock that the odds are reckoned with. */
export type ClockOf = (expiry: Option['expiry']) => number;

/** Regular minutes over those of a year: within hours nothing else moves a price. */
export const sessionClock =
  (ctx: LottoContext): ClockOf =>
  (expiry) =>
    tradingMinutesLeft(ctx.now.exchange, expiry, ctx.calendar) / MINUTES_A_YEAR;

export interface TicketAsk {
  /** All that was looked at. */
  readonly chain: Chain;
  /** Of it, the expiries that are played. */
  readonly rows: readonly ChainRow[];
  readonly setting: Setting;
  readonly way: Way;
  readonly clock: ClockOf;
  readonly odds: OddsOf;
}

const far = (option: Option, spot: number): number => Math.abs(dollars(option.strike) - spot);

interface Priced {
  readonly row: ChainRow;
  readonly quote: Quote;
  readonly price: number;
}

/** Why no contract of a right has a price: the reason of the first that is listed, or that nobody bids. */
function* unbid(ctx: LottoContext, rows: readonly ChainRow[], right: Option['right']): Trial<never> {
  const first = rows.find(({ contract }) => contract.option.right === right);
  if (first !== undefined) yield* need('quotes', ctx.market.entryQuote(first.contract.option.symbol));
  return yield* refuse('contracts', 'QUOTE_MISSING', `none of ${rows.length} contracts is a ${right} that is bid for`);
}

/** Rows of the direction with a price inside the band; the reason of those beside it where there is none. */
function* affordable(ctx: LottoContext, { rows, way }: TicketAsk): Trial<readonly Priced[]> {
  const { premium_min_usd: least, premium_max_usd: most } = ctx.params;
  const right = rightOf(way);
  const priced = rows.flatMap((row): readonly Priced[] => {
    if (row.contract.option.right !== right || !row.contract.standard) return [];
    const quote = ctx.market.entryQuote(row.contract.option.symbol);
    if (!quote.known || quote.value.bid <= 0) return [];
    return [{ row, quote: quote.value, price: mid(quote.value) }];
  });
  const inside = priced.filter(({ price }) => price >= least && price <= most);
  if (inside.length > 0) return inside;
  if (priced.length === 0) return yield* unbid(ctx, rows, right);
  const cheapest = Math.min(...priced.map(({ price }) => price));
  const code = cheapest > most ? 'PREMIUM_TOO_HIGH' : 'PREMIUM_TOO_LOW';
  return yield* refuse(
    'premium',
    code,
    `no ${right} costs ${least} to ${most}; the cheapest costs ${figure(cheapest)}`,
    cheapest,
    `${least} to ${most}`,
  );
}

/** A row with a price as a ticket, or why it is none. */
function ticketOf(ask: TicketAsk, { row, quote, price }: Priced): Ticket | ReasonCode {
  const { option } = row.contract;
  const terms = {
    ...endTerms(ask.setting, option.expiry),
    years: ask.clock(option.expiry),
    right: option.right,
    strike: dollars(option.strike),
  };
  const solved = quotedVolatility({ ...terms, price });
  if (solved.kind !== 'solved') return solved.code;
  const odds = ask.odds({ ...terms, sigma: solved.sigma }, price);
  if (odds === undefined) return 'NO_STRIKE_IN_BAND';
  return odds === 'inconsistent' ? 'ODDS_INCONSISTENT' : { row, option, quote, sigma: solved.sigma, ...odds };
}

/** The most likely first, of equals the nearer. */
const likelier =
  ({ setting: { spot } }: TicketAsk) =>
  (a: Ticket, b: Ticket): number =>
    b.pHit - a.pHit || far(a.option, spot) - far(b.option, spot) || (a.option.symbol < b.option.symbol ? -1 : 1);

/** Each with its own volatility and odds, best first; ODDS_INCONSISTENT where one breaks its bound. */
function* ranked(ctx: LottoContext, ask: TicketAsk, priced: readonly Priced[]): Trial<readonly Ticket[]> {
  const tickets = priced.map((one) => ({ one, ticket: ticketOf(ask, one) }));
  const broken = tickets.find(({ ticket }) => ticket === 'ODDS_INCONSISTENT');
  if (broken !== undefined) {
    const why = `${broken.one.row.contract.option.symbol} at ${broken.one.price}: odds beyond 1 in ${ctx.params.multiple}, its data is wrong`;
    return yield* refuse('odds', 'ODDS_INCONSISTENT', why);
  }
  return tickets.flatMap(({ ticket }) => (typeof ticket === 'string' ? [] : [ticket])).sort(likelier(ask));
}

/** Everything asked of a ticket by itself. */
function* worthIt(ctx: LottoContext, ticket: Ticket): Trial<void> {
  yield* buyable(ctx, ticket, 1);
  yield atLeast(`chance of ${ctx.params.multiple} times the price`, ctx.params.p_hit_min, ticket.pHit, 'P_HIT_TOO_LOW');
}

/** Why a contract of the chain is not the ticket; `refused` is the reason that nothing is. */
const whyNot =
  (ctx: LottoContext, ask: TicketAsk, refused: ReasonCode | undefined) =>
  (row: ChainRow): ReasonCode => {
    const { option, standard } = row.contract;
    const { premium_min_usd: least, premium_max_usd: most } = ctx.params;
    if (option.right !== rightOf(ask.way)) return 'WRONG_RIGHT';
    if (!ask.rows.includes(row)) return 'NO_EXPIRY_IN_RANGE';
    if (!standard) return 'NONSTANDARD_CONTRACT';
    const quote = ctx.market.entryQuote(option.symbol);
    if (!quote.known) return quote.code;
    if (quote.value.bid <= 0) return 'QUOTE_MISSING';
    const price = mid(quote.value);
    if (price < least) return 'PREMIUM_TOO_LOW';
    if (price > most) return 'PREMIUM_TOO_HIGH';
    const ticket = ticketOf(ask, { row, quote: quote.value, price });
    if (typeof ticket === 'string') return ticket;
    const against = reasonAgainst(worthIt(ctx, ticket));
    return against === 'RANKED_OUT' ? (refused ?? against) : against;
  };

/** It trades well enough for so many contracts. */
export const buyable = (ctx: LottoContext, { row, quote }: Pick<Ticket, 'row' | 'quote'>, contracts: number): Trial<void> =>
  liquid('buy', row, quote, liquidityAsk(ctx, ctx.params, contracts));

/** The most likely ticket that trades well enough; where none does, the most likely. */
function* likeliest(ctx: LottoContext, ask: TicketAsk): Trial<Ticket> {
  const tickets = yield* ranked(ctx, ask, yield* affordable(ctx, ask));
  const chosen = tickets.find((ticket) => settle(buyable(ctx, ticket, 1)).ok) ?? tickets[0];
  if (chosen === undefined) return yield* refuse('tickets', 'NO_STRIKE_IN_BAND', 'no contract in the premium band has a volatility', 0, 1);
  yield told('tickets', tickets.length);
  yield told('ticket', chosen.option.symbol);
  yield told('implied volatility', chosen.sigma);
  yield told('share price it takes', chosen.level);
  return chosen;
}

/** The most likely ticket that trades well enough; where none does, the reason of the most likely. P_HIT_TOO_LOW under the least odds. */
export function* chooseTicket(ctx: LottoContext, ask: TicketAsk): Trial<Ticket> {
  const found = settle(likeliest(ctx, ask));
  const good = found.ok && settle(worthIt(ctx, found.value)).ok;
  yield* census(ask.chain.rows, good ? [found.value.option.symbol] : [], whyNot(ctx, ask, found.ok ? undefined : found.code));
  const chosen = yield* replay(found);
  yield* worthIt(ctx, chosen);
  return chosen;
}

/** Years of calendar between now and an instant. */
export const calendarSpan = (from: EpochMs, to: EpochMs): number => (to - from) / (365 * 24 * 60 * MINUTE);

/** The instant on the morning after a report at which a ticket is valued. */
export const morningAfter = (open: EpochMs, params: Pick<LottoParams, 'scenario_minutes_after_open'>): EpochMs =>
  after(open, params.scenario_minutes_after_open * MINUTE);
