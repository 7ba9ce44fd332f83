// Which spreads are sold: the side the day leans away from, the short strike by its delta, the long one by its distance.
import type { Option, Right } from '../../domain/instrument.ts';
import { dollars } from '../../domain/money.ts';
import type { ReasonCode } from '../../domain/reasons.ts';
import type { TradingDay } from '../../domain/time.ts';
import type { Chain, ChainRow } from '../../market/quote.ts';
import { barred, census, reasonAgainst } from '../toolkit/census.ts';
import { micros } from '../toolkit/context.ts';
import { liquidityAsk, valuedOf } from '../toolkit/contracts.ts';
import { atLeast, figure, holds, need, type Outcome, refuse, replay, settle, type Trial } from '../toolkit/gates.ts';
import { liquid } from '../toolkit/liquidity.ts';
import type { ExpiryOdds } from '../toolkit/odds.ts';
import { byDelta, inDeltaBand, rowsOf, type Setting, type ValuedRow, valuedRows } from '../toolkit/select.ts';
import { entryLegs, packageMarket, type QuotedLeg } from '../toolkit/structure.ts';
import type { ZdteContext } from './screen.ts';

export type Kind = 'put' | 'call' | 'condor';

const SESSIONS_A_YEAR = 252;

export interface Lean {
  /** Dollars. */
  readonly spot: number;
  readonly vwap: number;
  /** Annual volatility at the money. */
  readonly sigma: number;
}

/** Where the share stands from the session's mean price, in deviations of one session. */
export const leanOf = ({ spot, vwap, sigma }: Lean): number => (spot - vwap) / (spot * sigma * Math.sqrt(1 / SESSIONS_A_YEAR));

/** Near its mean both sides are sold; above it puts, below it calls. */
export function kindOf(z: number, condorMax: number): Kind {
  if (Math.abs(z) < condorMax) return 'condor';
  return z > 0 ? 'put' : 'call';
}

/** Enough strikes of today out of the money on each side; NO_0DTE_LISTED else. */
export function* listedToday(ctx: ZdteContext, chain: Chain, spot: number): Trial<void> {
  const at = micros(spot);
  const count = (right: Right, outside: (strike: number) => boolean): number =>
    rowsOf(chain.rows, right, ctx.day).filter((row) => row.contract.tradable && outside(row.contract.option.strike)).length;
  const listed = { puts: count('put', (strike) => strike < at), calls: count('call', (strike) => strike > at) };
  for (const [side, strikes] of Object.entries(listed))
    yield atLeast(`${side} listed for today`, ctx.params.strikes_per_side_min, strikes, 'NO_0DTE_LISTED');
}

/** Volatility at the money: at the forward, from the out-of-the-money options around it. */
export const atTheMoney = ({ terms, sigmaAt }: ExpiryOdds): number =>
  sigmaAt(terms.spot * Math.exp((terms.rate - terms.dividendYield) * terms.years));

export interface Vertical {
  readonly right: Right;
  readonly short: ValuedRow;
  readonly long: Option;
  /** Between the strikes, dollars. */
  readonly width: number;
  /** The order that opens it, with its quotes. */
  readonly legs: readonly QuotedLeg[];
  /** Both legs at their mids, dollars a share. */
  readonly credit: number;
}

/** The wing: exactly the width away, else the next one further out, not beyond its limit. */
function* wingOf(ctx: ZdteContext, rows: readonly ChainRow[], short: ValuedRow): Trial<Option> {
  const { option } = short;
  const width = ctx.params.width_usd[option.underlying] ?? Number.POSITIVE_INFINITY;
  const away = (row: ChainRow): number =>
    option.right === 'put' ? option.strike - row.contract.option.strike : row.contract.option.strike - option.strike;
  const most = width * ctx.params.width_max_part;
  const [wing] = rows
    .filter((row) => row.contract.standard && row.contract.tradable && away(row) >= micros(width) && away(row) <= micros(most))
    .sort((a, b) => away(a) - away(b));
  const asked = `${width} to ${most}`;
  if (wing === undefined) {
    const why = `no ${option.right} is listed ${asked} from the short strike ${dollars(option.strike)}`;
    return yield* refuse(`${option.right} wing`, 'NO_STRIKE_IN_BAND', why, null, asked);
  }
  yield holds(
    `${option.right} wing`,
    { observed: dollars(wing.contract.option.strike), threshold: asked, pass: true },
    'NO_STRIKE_IN_BAND',
    '',
  );
  return wing.contract.option;
}

/** Short strikes of one side that have a delta in the band, nearest the target first, and what is asked of each. */
interface Shorts {
  readonly rows: readonly ValuedRow[];
  readonly inBand: readonly ValuedRow[];
  suits(row: ValuedRow): Trial<void>;
}

function shortsOf(ctx: ZdteContext, rows: readonly ValuedRow[]): Shorts {
  const { short_delta_min: min, short_delta_max: max, short_delta_target } = ctx.params;
  return {
    rows,
    inBand: rows.filter((row) => inDeltaBand(row, min, max)).sort(byDelta(short_delta_target)),
    suits: (row) => liquid('sell', row.row, row.quote, liquidityAsk(ctx, ctx.params, 1)),
  };
}

const suited = ({ inBand, suits }: Shorts): ValuedRow | undefined => inBand.find((row) => settle(suits(row)).ok);

/** The strike nearest its delta that trades well enough; else the reason of the nearest. */
function* shortOf({ params }: ZdteContext, right: Right, shorts: Shorts): Trial<ValuedRow> {
  const band = `${params.short_delta_min} to ${params.short_delta_max}`;
  const nearest = [...shorts.rows].sort(byDelta(params.short_delta_target)).slice(0, 3);
  const deltas = nearest.map((row) => figure(Math.abs(row.delta))).join(' ');
  const short = suited(shorts) ?? shorts.inBand[0];
  if (short === undefined) {
    const why = `no ${right} has a delta of ${band}; the nearest are ${deltas}`;
    return yield* refuse(`${right} delta`, 'NO_STRIKE_IN_BAND', why, deltas, band);
  }
  yield* shorts.suits(short);
  yield holds(`${right} delta`, { observed: short.delta, threshold: band, pass: true }, 'NO_STRIKE_IN_BAND', '');
  return short;
}

/** The rows of one side of today that can be valued. */
const sideToday = (ctx: ZdteContext, chain: Chain, setting: Setting, right: Right): readonly ValuedRow[] =>
  valuedRows(rowsOf(chain.rows, right, ctx.day), setting, (symbol) => ctx.market.entryQuote(symbol));

/** One side: its short strike, and the wing. */
function* verticalOf(ctx: ZdteContext, chain: Chain, setting: Setting, right: Right): Trial<Vertical> {
  const shorts = shortsOf(ctx, yield* valuedOf(ctx, rowsOf(chain.rows, right, ctx.day), setting));
  const short = yield* shortOf(ctx, right, shorts);
  const long = yield* wingOf(ctx, rowsOf(chain.rows, right, ctx.day), short);
  const legs = yield* need(
    `${right} quotes`,
    entryLegs(ctx.market, [
      { option: long, side: 'buy', ratio: 1 },
      { option: short.option, side: 'sell', ratio: 1 },
    ]),
  );
  const width = dollars(short.option.strike) - dollars(long.strike);
  return { right, short, long, width: Math.abs(width), legs, credit: -packageMarket(legs).mid };
}

/** Why a contract is no leg of what is sold; `failed` is the reason of the side that stops the whole, where one does. */
function whyNot(
  ctx: ZdteContext,
  chain: Chain,
  setting: Setting,
  outcomes: ReadonlyMap<Right, Outcome<Vertical>>,
): (row: ChainRow) => ReasonCode {
  const shorts = new Map([...outcomes.keys()].map((right) => [right, shortsOf(ctx, sideToday(ctx, chain, setting, right))]));
  const failed = [...outcomes.values()].flatMap((outcome) => (outcome.ok ? [] : [outcome.code]))[0];
  const today = (expiry: TradingDay): boolean => expiry === ctx.day;
  return (row) => {
    const { option } = row.contract;
    const side = shorts.get(option.right);
    if (side === undefined) return 'WRONG_RIGHT';
    const code = barred(ctx.market, { chain, right: option.right, wanted: today, reach: today, setting }, row);
    if (code !== undefined) return code;
    const value = side.inBand.find((one) => one.option.symbol === option.symbol);
    if (value === undefined) return 'NO_STRIKE_IN_BAND';
    const against = reasonAgainst(side.suits(value));
    return against === 'RANKED_OUT' && value === suited(side) ? (failed ?? against) : against;
  };
}

/** The sides of a kind, puts first. Those of a condor are chosen each by itself. */
export function* verticalsOf(ctx: ZdteContext, chain: Chain, setting: Setting, kind: Kind): Trial<readonly [Vertical, ...Vertical[]]> {
  const [first, ...others] = kind === 'condor' ? (['put', 'call'] as const) : ([kind] as const);
  const outcomes = new Map([first, ...others].map((right) => [right, settle(verticalOf(ctx, chain, setting, right))] as const));
  const found = [...outcomes.values()].flatMap((outcome) => (outcome.ok ? [outcome.value] : []));
  const taken = found.length === outcomes.size ? found.flatMap(({ legs }) => legs.map((l) => l.option.symbol)) : [];
  yield* census(chain.rows, taken, whyNot(ctx, chain, setting, outcomes));
  const sides: Vertical[] = [];
  for (const outcome of outcomes.values()) sides.push(yield* replay(outcome));
  return sides as [Vertical, ...Vertical[]];
}
