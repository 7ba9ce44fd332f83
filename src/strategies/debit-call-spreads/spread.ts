// One pair of calls as a spread one might buy: what it costs on the first and on the last rung, what it may bring, and how likely.
import type { Symbol } from '../../domain/ids.ts';
import { dollars } from '../../domain/money.ts';
import type { TradingDay } from '../../domain/time.ts';
import { liquidityAsk } from '../toolkit/contracts.ts';
import { atLeast, atMost, figure, holds, need, type Trial } from '../toolkit/gates.ts';
import { netTick } from '../toolkit/limits.ts';
import type { LiquidityAsk } from '../toolkit/liquidity.ts';
import { liquid } from '../toolkit/liquidity.ts';
import { type ExpiryOdds, netOf, type PackageOdds, packageOdds } from '../toolkit/odds.ts';
import { entryPrice } from '../toolkit/opening.ts';
import { type DeltaTarget, type Pair, pairInBands } from '../toolkit/pairs.ts';
import { debitVerticalRisk } from '../toolkit/sizing.ts';
import { entryLegs, orderLegs, packageGrid, packageMarket, type QuotedLeg } from '../toolkit/structure.ts';
import { clamp01 } from '../toolkit/trend.ts';
import type { SpreadContext } from './context.ts';
import type { DebitCallSpreadsParams } from './params.ts';

/** What all pairs of one name and expiry are judged against. */
export interface Frame {
  readonly name: Symbol;
  readonly expiry: TradingDay;
  /** Dollars. */
  readonly spot: number;
  readonly odds: ExpiryOdds;
  /** 0 to 1. */
  readonly trend: number;
  /** 0 to 100. */
  readonly ivRank: number;
}

/** What a spread promises at one debit. */
export interface Prospect {
  readonly debit: number;
  /** (width - debit) / debit. */
  readonly rewardRisk: number;
  /** Dollars. */
  readonly breakEven: number;
  /** Annual, at the break-even. */
  readonly sigma: number;
  /** Risk-neutral chance to end beyond the break-even. */
  readonly pop: number;
  readonly gainsWithin: PackageOdds['gainsWithin'];
}

export interface Spread {
  readonly legs: readonly QuotedLeg[];
  readonly expiry: TradingDay;
  /** Dollars a share. */
  readonly width: number;
  /** On the first rung, where it is filtered and ranked. */
  readonly first: Prospect;
  /** On the last rung, which its size and its risk are reckoned from. */
  readonly last: Prospect;
  /** The most that is paid, dollars a share: where reward to risk or the chance would fall under its least. */
  readonly bound: number;
  readonly score: number;
}

export const longTarget = (p: DebitCallSpreadsParams): DeltaTarget => ({
  target: p.long_delta_target,
  min: p.long_delta_min,
  max: p.long_delta_max,
});
export const shortTarget = (p: DebitCallSpreadsParams): DeltaTarget => ({
  target: p.short_delta_target,
  min: p.short_delta_min,
  max: p.short_delta_max,
});

/** Share of its greatest loss that a spread can win. Dollars a share, debit above 0. */
export const rewardRisk = (width: number, debit: number): number => (width - debit) / debit;

export interface ScoreParts {
  readonly trend: number;
  readonly pop: number;
  readonly rewardRisk: number;
  /** The smaller of the two legs. */
  readonly openInterest: number;
  readonly ivRank: number;
}

/** Rank of a spread, 0 to 1: 0.35 trend, 0.25 chance, 0.20 reward to risk, 0.10 open interest, 0.10 cheap volatility. */
export const spreadScore = (s: ScoreParts): number =>
  0.35 * s.trend +
  0.25 * clamp01((s.pop - 0.35) / 0.25) +
  0.2 * clamp01((s.rewardRisk - 1) / 1.5) +
  0.1 * clamp01(s.openInterest / 1_000) +
  0.1 * (1 - s.ivRank / 100);

/** What a pair promises at a debit; ODDS_INCONSISTENT where its smile contradicts itself. */
export function* prospectAt(legs: readonly QuotedLeg[], width: number, debit: number, odds: ExpiryOdds): Trial<Prospect> {
  const { pop, breakEvens, gainsWithin } = yield* need('chance of a gain', packageOdds(orderLegs(legs, 'open'), netOf(debit), odds));
  const breakEven = breakEvens[0] ?? Number.POSITIVE_INFINITY;
  return { debit, rewardRisk: rewardRisk(width, debit), breakEven, sigma: odds.sigmaAt(breakEven), pop, gainsWithin };
}

const CENT = 0.01;

/** The dearest rung that still promises enough, and the bound of the ladder: the search goes down to the first rung, which does. */
function* dearest(
  ctx: SpreadContext,
  legs: readonly QuotedLeg[],
  frame: Frame,
  { first, width }: Pick<Spread, 'first' | 'width'>,
): Trial<Pick<Spread, 'last' | 'bound'>> {
  const { params, market } = ctx;
  const bound = width / (1 + params.reward_risk_min);
  const end = entryPrice(market, frame.name, legs, params.entry_cap_part, bound).limit;
  for (let debit = end; debit > first.debit; debit = Math.round((debit - CENT) * 100) / 100) {
    const last = yield* prospectAt(legs, width, debit, frame.odds);
    if (last.pop >= params.pop_min) return { last, bound: debit < end ? debit : bound };
  }
  return { last: first, bound: end > first.debit ? first.debit : bound };
}

/** Both legs trade well enough for what the budget would buy. */
function* tradedWell(ctx: SpreadContext, pair: Pair, debit: number): Trial<void> {
  const { params } = ctx;
  const budget = params.risk_pct * dollars(ctx.account.equity);
  const wanted = Math.floor(budget / debitVerticalRisk(debit, params.fee_per_contract_usd));
  const ask: LiquidityAsk = liquidityAsk(ctx, params, Math.max(1, Math.min(wanted, params.max_contracts)));
  yield* liquid('buy', pair.long.row, pair.long.quote, ask);
  yield* liquid('sell', pair.short.row, pair.short.quote, ask);
}

const priced = (name: string, observed: number): ReturnType<typeof holds> =>
  holds(name, { observed, threshold: null, pass: true }, 'RANKED_OUT', '');

/** A pair as a spread worth buying, with every number it was judged by. */
export function* judgeSpread(ctx: SpreadContext, pair: Pair, frame: Frame): Trial<Spread> {
  const { params, market } = ctx;
  yield* pairInBands(pair, longTarget(params), shortTarget(params));
  const width = (pair.short.option.strike - pair.long.option.strike) / 1e6;
  const widthPct = width / frame.spot;
  const band = `${params.width_min_pct} to ${params.width_max_pct}`;
  yield holds(
    'width of spot',
    { observed: widthPct, threshold: band, pass: widthPct >= params.width_min_pct && widthPct <= params.width_max_pct },
    'NO_STRIKE_IN_BAND',
    `the strikes lie ${figure(widthPct)} of the spot apart, asked are ${band}`,
  );
  const legs = yield* need(
    'quotes of both legs',
    entryLegs(market, [
      { option: pair.long.option, side: 'buy', ratio: 1 },
      { option: pair.short.option, side: 'sell', ratio: 1 },
    ]),
  );
  const net = packageMarket(legs);
  yield atMost('slippage of width', params.slippage_max, (net.natural - net.mid) / width, 'SLIPPAGE_TOO_HIGH');
  const start = dollars(netTick(net.mid, packageGrid(market, frame.name, legs)));
  yield atLeast('first price', params.debit_min_usd, start, 'PREMIUM_TOO_LOW');
  yield atLeast('reward to risk', params.reward_risk_min, rewardRisk(width, start), 'RR_TOO_LOW');
  const first = yield* prospectAt(legs, width, start, frame.odds);
  yield atLeast('chance of a gain', params.pop_min, first.pop, 'POP_TOO_LOW');
  yield* tradedWell(ctx, pair, start);
  const { last, bound } = yield* dearest(ctx, legs, frame, { first, width });
  yield priced('last price', last.debit);
  yield priced('reward to risk at the last price', last.rewardRisk);
  yield priced('break-even at the last price', last.breakEven);
  yield priced('volatility at that break-even', last.sigma);
  yield priced('chance of a gain at the last price', last.pop);
  const openInterest = Math.min(pair.long.row.contract.openInterest ?? 0, pair.short.row.contract.openInterest ?? 0);
  const score = spreadScore({ ...frame, pop: first.pop, rewardRisk: first.rewardRisk, openInterest });
  yield priced('score', score);
  return { legs, expiry: frame.expiry, width, first, last, bound, score };
}
