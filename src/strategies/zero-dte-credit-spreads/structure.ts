// Which spreads are sold: the side the day leans away from, the short strike by its delta, the long one by its distance.
import type { Option, Right } from '../../domain/instrument.ts';
import { dollars } from '../../domain/money.ts';
import type { Chain, ChainRow } from '../../market/quote.ts';
import { micros } from '../toolkit/context.ts';
import { firstLiquid, liquidityAsk, valuedSide } from '../toolkit/contracts.ts';
import { atLeast, figure, holds, need, refuse, type Trial } from '../toolkit/gates.ts';
import type { ExpiryOdds } from '../toolkit/odds.ts';
import { byDelta, inDeltaBand, rowsOf, type Setting, type ValuedRow } from '../toolkit/select.ts';
import { packageMarket, type QuotedLeg, quotedLegs } from '../toolkit/structure.ts';
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

/** One side: the strike nearest its delta that trades well enough, and its wing. */
function* verticalOf(ctx: ZdteContext, chain: Chain, setting: Setting, right: Right): Trial<Vertical> {
  const { params } = ctx;
  const listed = rowsOf(chain.rows, right, ctx.day);
  const rows = yield* valuedSide(ctx, listed, setting);
  const { short_delta_min: min, short_delta_max: max } = params;
  const inBand = rows.filter((row) => inDeltaBand(row, min, max)).sort(byDelta(params.short_delta_target));
  const band = `${min} to ${max}`;
  const nearest = [...rows].sort(byDelta(params.short_delta_target)).slice(0, 3);
  const deltas = nearest.map((row) => figure(Math.abs(row.delta))).join(' ');
  if (inBand.length === 0)
    yield* refuse(`${right} delta`, 'NO_STRIKE_IN_BAND', `no ${right} has a delta of ${band}; the nearest are ${deltas}`, deltas, band);
  const short = yield* firstLiquid('sell', inBand, () => liquidityAsk(ctx, params, 1));
  yield holds(`${right} delta`, { observed: short.delta, threshold: band, pass: true }, 'NO_STRIKE_IN_BAND', '');
  const long = yield* wingOf(ctx, listed, short);
  const legs = yield* need(
    `${right} quotes`,
    quotedLegs(ctx.market, [
      { option: long, side: 'buy', ratio: 1 },
      { option: short.option, side: 'sell', ratio: 1 },
    ]),
  );
  const width = dollars(short.option.strike) - dollars(long.strike);
  return { right, short, long, width: Math.abs(width), legs, credit: -packageMarket(legs).mid };
}

/** The sides of a kind, puts first. Those of a condor are chosen each by itself. */
export function* verticalsOf(ctx: ZdteContext, chain: Chain, setting: Setting, kind: Kind): Trial<readonly [Vertical, ...Vertical[]]> {
  if (kind !== 'condor') return [yield* verticalOf(ctx, chain, setting, kind)];
  return [yield* verticalOf(ctx, chain, setting, 'put'), yield* verticalOf(ctx, chain, setting, 'call')];
}
