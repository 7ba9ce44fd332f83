// Insurance for shares that any strategy, or the operator, holds into a report: a put under the price for one night.
import type { Symbol } from '../../domain/ids.ts';
import { dollars } from '../../domain/money.ts';
import type { Position } from '../../domain/position.ts';
import type { ReasonCode } from '../../domain/reasons.ts';
import { daysBetween } from '../../domain/time.ts';
import type { ChainRow } from '../../market/quote.ts';
import { firstAffectedExpiry } from '../../market/report-gap.ts';
import type { MarketView } from '../strategy.ts';
import { census } from '../toolkit/census.ts';
import { liquidityAsk } from '../toolkit/contracts.ts';
import { eventTonight } from '../toolkit/event.ts';
import { atLeast, atMost, figure, holds, need, refuse, type Trial, told } from '../toolkit/gates.ts';
import { mid } from '../toolkit/limits.ts';
import { liquid } from '../toolkit/liquidity.ts';
import { tradable } from '../toolkit/name-gates.ts';
import { entryPrice } from '../toolkit/opening.ts';
import { rowsOf } from '../toolkit/select.ts';
import { longRisk } from '../toolkit/sizing.ts';
import type { QuotedLeg } from '../toolkit/structure.ts';
import { frameOf } from './prospect.ts';
import type { EarnContext } from './screen.ts';
import type { Frame } from './structures.ts';

const SHARES_A_CONTRACT = 100;
/** Above this part of their price, time value in calls held through a report is worth a word. */
const TIME_VALUE_WORTH_A_WORD = 0.15;

/** Shares of a name that all owners hold together; short ones count against long ones. */
export const sharesHeld = (positions: readonly Position[], name: Symbol): number =>
  positions.reduce((n, { instrument, qty }) => n + (instrument.kind === 'equity' && instrument.symbol === name ? qty : 0), 0);

/** Names of which shares enough for one contract are held, sorted. */
export const namesWithShares = (positions: readonly Position[]): readonly Symbol[] => {
  const names = new Set(positions.flatMap(({ instrument }) => (instrument.kind === 'equity' ? [instrument.symbol] : [])));
  return [...names].filter((name) => sharesHeld(positions, name) >= SHARES_A_CONTRACT).sort();
};

/** Is what is held of a name large enough to be insured? Undecided, and so true, while the price is not known. */
export function worthProtecting(ctx: Pick<EarnContext, 'market' | 'account' | 'book' | 'params'>, name: Symbol): boolean {
  const shares = sharesHeld(ctx.book.positions, name);
  if (shares < SHARES_A_CONTRACT) return false;
  const quote = ctx.market.quote(name);
  return !quote.known || shares * mid(quote.value) >= ctx.params.protect_value_min_pct * dollars(ctx.account.equity);
}

export interface Insurance {
  readonly legs: readonly QuotedLeg[];
  /** Contracts: one for each hundred shares. */
  readonly contracts: number;
  readonly limit: number;
  readonly unitRisk: number;
  readonly frame: Frame;
}

/** The put: the first listed strike at or under the expected low, of the first expiry after the report with days enough left. */
function* putFor(ctx: EarnContext, { chain, setting, volatility }: Frame, gap: Parameters<typeof firstAffectedExpiry>[0]) {
  const { params } = ctx;
  const listed = [...new Set(chain.rows.map((row) => row.contract.option.expiry))];
  const expiry = firstAffectedExpiry(
    gap,
    listed.filter((day) => daysBetween(ctx.day, day) >= params.protect_dte_min),
  );
  if (expiry === undefined)
    return yield* refuse('put expiry', 'NO_EXPIRY_IN_RANGE', `no expiry is listed ${params.protect_dte_min} days out or more`);
  const floor = setting.spot * (1 - volatility.event.deviation);
  const whyNot = ({ contract: { option, standard, tradable } }: ChainRow): ReasonCode => {
    if (option.right !== 'put') return 'WRONG_RIGHT';
    if (option.expiry !== expiry) return 'NO_EXPIRY_IN_RANGE';
    if (!standard || !tradable) return 'NONSTANDARD_CONTRACT';
    return dollars(option.strike) <= floor ? 'RANKED_OUT' : 'NO_STRIKE_IN_BAND';
  };
  const row = rowsOf(chain.rows, 'put', expiry)
    .filter((listed) => whyNot(listed) === 'RANKED_OUT')
    .at(-1);
  yield* census(chain.rows, row === undefined ? [] : [row.contract.option.symbol], whyNot);
  if (row === undefined)
    return yield* refuse('put strike', 'NO_STRIKE_IN_BAND', `no put of ${expiry} is listed at or under ${figure(floor)}`);
  yield told('put', row.contract.option.symbol);
  return row;
}

/**
 * Why no call helps to pay for the put: it would be covered by shares that are another's. Assigned, it would deliver them, and until it is
 * bought back their owner could not sell them, while an exit never waits for another strategy. What an assignment brought in here is on its way out.
 */
function* noCollar({ book }: EarnContext, name: Symbol): Trial<void> {
  const owners = book.positions.flatMap(({ owner, instrument, qty }) =>
    instrument.kind === 'equity' && instrument.symbol === name && qty > 0 ? [`${qty} of ${owner}`] : [],
  );
  yield told('shares that would cover a call', owners.sort().join(', '));
  yield told('collar', 'COVER_NOT_OURS');
}

/** The insurance of what is held of a name. */
export function* insurance(ctx: EarnContext, name: Symbol): Trial<Insurance> {
  const { params, market } = ctx;
  const event = yield* eventTonight(ctx, name);
  yield* tradable(market, name);
  const quote = yield* need('quote', market.quote(name));
  const shares = sharesHeld(ctx.book.positions, name);
  const value = shares * mid(quote);
  yield told('shares held', shares);
  yield atLeast('value held', params.protect_value_min_pct * dollars(ctx.account.equity), value, 'EDGE_TOO_SMALL');
  const frame = yield* frameOf(ctx, { event, quote });
  yield atLeast('event deviation', params.protect_deviation_min, frame.volatility.event.deviation, 'EDGE_TOO_SMALL');
  const row = yield* putFor(ctx, frame, event.gap);
  const { option } = row.contract;
  const leg: QuotedLeg = { option, side: 'buy', ratio: 1, quote: yield* need('put quote', market.entryQuote(option.symbol)) };
  const contracts = Math.floor(shares / SHARES_A_CONTRACT);
  yield* liquid('buy', row, leg.quote, liquidityAsk(ctx, params, contracts));
  const { limit } = entryPrice(market, name, [leg], params.entry_cap_part);
  yield* noCollar(ctx, name);
  yield atMost('cost of the put, of the price', params.protect_cost_max_pct, limit / mid(quote), 'PREMIUM_TOO_HIGH');
  return { legs: [leg], contracts, limit, unitRisk: longRisk(limit, params.fee_per_contract_usd), frame };
}

/** Time value of calls that others hold through a report, as a part of their price: said, never acted on. */
export function* callsHeld(ctx: EarnContext, name: Symbol): Trial<void> {
  const quote = ctx.market.quote(name);
  for (const { owner, instrument, qty } of ctx.book.positions) {
    if (instrument.kind !== 'option' || instrument.underlying !== name || instrument.right !== 'call' || qty <= 0 || owner === 'earn')
      continue;
    const part = quote.known ? timeValuePart(ctx.market, instrument.symbol, mid(quote.value) - dollars(instrument.strike)) : undefined;
    if (part === undefined || part <= TIME_VALUE_WORTH_A_WORD) continue;
    yield holds(`time value of ${instrument.symbol}`, { observed: part, threshold: TIME_VALUE_WORTH_A_WORD, pass: true }, 'HOLD', '');
  }
}

function timeValuePart(market: MarketView, symbol: Symbol, intrinsic: number): number | undefined {
  const quote = market.quote(symbol);
  if (!quote.known) return undefined;
  const price = mid(quote.value);
  return (price - Math.max(0, intrinsic)) / price;
}
