// The spread one would buy on a screened name: the best of the pairs about its two deltas, over the expiries nearest the target.
import type { Symbol } from '../../domain/ids.ts';
import { addDays, type TradingDay } from '../../domain/time.ts';
import type { Chain } from '../../market/quote.ts';
import { bestOf } from '../toolkit/best.ts';
import { settingOf } from '../toolkit/context.ts';
import { chooseExpiries, valuedSide } from '../toolkit/contracts.ts';
import { atMost, need, type Trial } from '../toolkit/gates.ts';
import { ivRankNow } from '../toolkit/iv-rank.ts';
import { noEarnings } from '../toolkit/name-gates.ts';
import { expiryOdds } from '../toolkit/odds.ts';
import { debitPairs } from '../toolkit/pairs.ts';
import { rowsOf, type Setting } from '../toolkit/select.ts';
import { horizon, plannedExit, type SpreadContext } from './context.ts';
import type { Screened } from './screen.ts';
import { type Frame, judgeSpread, longTarget, type Spread, shortTarget } from './spread.ts';

export interface Candidate {
  readonly name: Symbol;
  readonly spread: Spread;
  readonly trend: number;
  readonly ivRank: number;
  /** The day on which it is closed for its time. */
  readonly exitDay: TradingDay;
}

interface Ask {
  readonly chain: Chain;
  readonly setting: Setting;
  readonly trend: number;
  readonly ivRank: number;
}

/** The best pair of one expiry; no report may come before its planned exit, and its dividends must be known. */
function* bestOfExpiry(ctx: SpreadContext, { chain, setting, trend, ivRank }: Ask, expiry: TradingDay): Trial<Candidate> {
  const { params, market } = ctx;
  const name = chain.underlying;
  const exitDay = plannedExit(ctx, expiry).day;
  yield* noEarnings(ctx, name, exitDay);
  yield* need('dividends', market.dividends(name, addDays(ctx.day, 1), expiry));
  const rows = yield* valuedSide(ctx, rowsOf(chain.rows, 'call', expiry), setting);
  const odds = yield* need('smile', expiryOdds(market, chain, expiry, setting));
  const frame: Frame = { name, expiry, spot: setting.spot, odds, trend, ivRank };
  const candidates = yield* debitPairs(rows, longTarget(params), shortTarget(params));
  const spread = yield* bestOf<(typeof candidates)[number], Spread>({
    candidates,
    judge: (pair) => judgeSpread(ctx, pair, frame),
    score: (judged) => judged.score,
  });
  return { name, spread, trend, ivRank, exitDay };
}

/** The spread to buy on a screened name; where none will do, the reason of the preferred pair of the nearest expiry. */
export function* chooseSpread(ctx: SpreadContext, name: Symbol, screened: Screened): Trial<Candidate> {
  const { params } = ctx;
  const setting = settingOf(ctx, name, screened.quote, horizon(ctx));
  const chain = yield* need('chain', ctx.market.chain(name));
  const ivRank = yield* ivRankNow(ctx, { chain, setting, readings: screened.readings, horizon: horizon(ctx) });
  yield atMost('iv rank', params.iv_rank_max, ivRank, 'IV_RANK_OUT_OF_BAND');
  const window = { min: params.dte_min, target: params.dte_target, max: params.dte_max };
  const expiries = yield* chooseExpiries(ctx, chain, window, params.expiries_max);
  const ask: Ask = { chain, setting, trend: screened.trend, ivRank };
  return yield* bestOf<TradingDay, Candidate>({
    candidates: expiries,
    judge: (expiry) => bestOfExpiry(ctx, ask, expiry),
    score: ({ spread }) => spread.score,
  });
}
