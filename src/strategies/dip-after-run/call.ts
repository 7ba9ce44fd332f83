// Which call: the listed expiry nearest a month, and the strike nearest 5 % over the price that trades well enough.
import type { Symbol } from '../../domain/ids.ts';
import { dollars } from '../../domain/money.ts';
import type { ChainRow } from '../../market/quote.ts';
import { percentileWithin } from '../../pricing/volatility/rank.ts';
import { outOfTheMoneySmile } from '../../pricing/volatility/smile.ts';
import type { Context } from '../strategy.ts';
import { type Field, firstSuited, notValued, reasonAgainst } from '../toolkit/census.ts';
import { settingOf } from '../toolkit/context.ts';
import { chooseExpiry, dayOut, fieldOf, liquidityAsk, valuedSide } from '../toolkit/contracts.ts';
import { atLeast, holds, need, refuse, settle, type Trial } from '../toolkit/gates.ts';
import { mid, relativeSpread } from '../toolkit/limits.ts';
import { liquid } from '../toolkit/liquidity.ts';
import type { ValuedRow } from '../toolkit/select.ts';
import type { DipParams } from './params.ts';
import type { Setup } from './signal.ts';

export type DipContext = Context<DipParams>;

const moneyness = (row: ValuedRow, spot: number): number => dollars(row.option.strike) / spot - 1;

/** Everything asked of one strike, for so many contracts. */
export function* suits(ctx: DipContext, spot: number, row: ValuedRow, contracts: number): Trial<void> {
  const { params } = ctx;
  const out = moneyness(row, spot);
  yield holds(
    'out of the money by',
    {
      observed: out,
      threshold: `${params.otm_min_pct} to ${params.otm_max_pct}`,
      pass: out >= params.otm_min_pct && out <= params.otm_max_pct,
    },
    'NO_STRIKE_IN_BAND',
    'the strike lies outside the band around the price',
  );
  yield holds(
    'delta',
    {
      observed: row.delta,
      threshold: `${params.delta_min} to ${params.delta_max}`,
      pass: row.delta >= params.delta_min && row.delta <= params.delta_max,
    },
    'NO_STRIKE_IN_BAND',
    'its delta lies outside the band',
  );
  yield atLeast('premium', params.premium_min_usd, mid(row.quote), 'PREMIUM_TOO_LOW');
  yield* liquid('buy', row.row, row.quote, liquidityAsk(ctx, params, contracts));
}

/** Why a listed strike was tried in vain. */
function vain(ctx: DipContext, spot: number, { setting }: Field, row: ChainRow, value: ValuedRow | undefined): string {
  const strike = dollars(row.contract.option.strike);
  if (value === undefined) return `${strike}: ${notValued(ctx.market, row, setting) ?? 'QUOTE_MISSING'}`;
  const outcome = settle(suits(ctx, spot, value, 1));
  return `${strike}: ${outcome.ok ? 'suits' : `${outcome.code}, ${outcome.why}`}`;
}

/** The nearest listed strikes in turn, one without a price tried in vain; of two equally near the higher, which risks less. */
function* strike(ctx: DipContext, spot: number, field: Field, rows: readonly ValuedRow[]): Trial<ValuedRow> {
  const target = spot * (1 + ctx.params.otm_target_pct);
  const away = ({ contract: { option } }: ChainRow): number => Math.abs(dollars(option.strike) - target);
  const listed = field.chain.rows.filter(({ contract: { option } }) => option.right === field.right && field.wanted(option.expiry));
  const tried = listed
    .sort((a, b) => away(a) - away(b) || b.contract.option.strike - a.contract.option.strike)
    .slice(0, ctx.params.strike_tries);
  const priced = new Map(rows.map((row) => [row.row, row]));
  const judged = (row: ValuedRow): Trial<void> => suits(ctx, spot, row, 1);
  const candidates = tried.flatMap((row) => priced.get(row) ?? []);
  const chosen = yield* firstSuited(ctx, { field, rows, candidates, suits: judged, outside: (row) => reasonAgainst(judged(row)) });
  if (chosen !== undefined) {
    yield* judged(chosen);
    return chosen;
  }
  const failures = tried.map((row) => vain(ctx, spot, field, row, priced.get(row)));
  return yield* refuse('strike', 'NO_STRIKE_IN_BAND', failures.join('; '), tried.length, ctx.params.strike_tries);
}

export interface Candidate extends Setup {
  readonly call: ValuedRow;
  readonly score: number;
  /** The volatility that calls out of the money are quoted at, by level. */
  readonly sigmaAt: (level: number) => number;
}

/** Rank among several: the run and the dip, each worth at most twice its threshold, and a tight market. */
export const score = (params: DipParams, setup: Setup, relative: number): number =>
  0.4 * Math.min(2, setup.run / params.run_min_pct) +
  0.4 * Math.min(2, Math.abs(setup.dip / params.dip_max_pct)) +
  0.2 * Math.max(0, 1 - relative / params.max_rel_spread);

/** Where the call's volatility stands among the name's own; said where a history is kept, and never a reason to stay out. */
function* advisory(ctx: DipContext, name: Symbol, call: ValuedRow): Trial<void> {
  const { iv_percentile_advisory } = ctx.params;
  const history = ctx.market.ivHistory(name);
  const standing = history.known
    ? percentileWithin(
        history.value.map((r) => r.iv30),
        call.sigma,
      )
    : undefined;
  const percentile = standing?.kind === 'standing' ? 100 * standing.share : null;
  const said = percentile !== null && percentile > iv_percentile_advisory ? `above ${iv_percentile_advisory}: dear` : 'advisory';
  yield holds('iv percentile', { observed: percentile, threshold: said, pass: true }, 'HOLD', '');
}

const smileOf = (rows: readonly ValuedRow[], spot: number, call: ValuedRow): Candidate['sigmaAt'] => {
  const points = rows.map(({ option, sigma }) => ({ strike: dollars(option.strike), right: option.right, sigma }));
  const smile = outOfTheMoneySmile(points, spot);
  return smile.kind === 'smile' ? smile.sigmaAt : () => call.sigma;
};

/** The call to buy, with its rank. */
export function* chooseCall(ctx: DipContext, name: Symbol, found: Setup): Trial<Candidate> {
  const { params, market } = ctx;
  const quote = yield* need('quote', market.quote(name));
  const chain = yield* need('chain', market.chain(name));
  const window = { min: params.dte_min, target: params.dte_target, max: params.dte_max, laterOnTie: true };
  const expiry = yield* chooseExpiry(ctx, chain, window);
  const setting = settingOf(ctx, name, quote, dayOut(ctx, params.dte_max));
  const field = fieldOf(ctx.day, { chain, right: 'call', setting }, window, expiry);
  const rows = yield* valuedSide(ctx, field);
  const call = yield* strike(ctx, found.spot, field, rows);
  yield* advisory(ctx, name, call);
  const rank = score(params, found, relativeSpread(call.quote));
  yield holds('score', { observed: rank, threshold: null, pass: true }, 'HOLD', '');
  return { ...found, call, score: rank, sigmaAt: smileOf(rows, found.spot, call) };
}
