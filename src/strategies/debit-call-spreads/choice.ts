// The spread one would buy on a screened name: the best of the pairs about its two deltas, over the expiries nearest the target.
import type { Forecast } from '../../domain/forecast.ts';
import type { Symbol } from '../../domain/ids.ts';
import type { ReasonCode } from '../../domain/reasons.ts';
import { addDays, type TradingDay } from '../../domain/time.ts';
import type { Chain, ChainRow } from '../../market/quote.ts';
import { bestOf } from '../toolkit/best.ts';
import { barred, census, type Field, reasonAgainst } from '../toolkit/census.ts';
import { settingOf } from '../toolkit/context.ts';
import { chooseExpiries, inWindow, valuedOf } from '../toolkit/contracts.ts';
import { gainForecast } from '../toolkit/forecasts.ts';
import { atMost, need, type Outcome, replay, settle, type Trial } from '../toolkit/gates.ts';
import { ivRankNow } from '../toolkit/iv-rank.ts';
import { noEarnings } from '../toolkit/name-gates.ts';
import { expiryOdds } from '../toolkit/odds.ts';
import { debitPairs, type Pair } from '../toolkit/pairs.ts';
import { inDeltaBand, rowsOf, type Setting, type ValuedRow } from '../toolkit/select.ts';
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
  /** At the last rung. */
  readonly forecast: Forecast;
}

interface Ask {
  readonly chain: Chain;
  readonly setting: Setting;
  readonly trend: number;
  readonly ivRank: number;
}

/** What the pairs of one expiry are judged from. */
interface Sheet {
  readonly rows: readonly ValuedRow[];
  readonly pairs: readonly Pair[];
  readonly frame: Frame;
}

/** The pairs of one expiry; no report may come before its planned exit, and its dividends must be known. */
function* sheetOf(ctx: SpreadContext, { chain, setting, trend, ivRank }: Ask, expiry: TradingDay): Trial<Sheet> {
  const { params, market } = ctx;
  const name = chain.underlying;
  yield* noEarnings(ctx, name, plannedExit(ctx, expiry).day);
  yield* need('dividends', market.dividends(name, addDays(ctx.day, 1), expiry));
  const rows = yield* valuedOf(ctx, rowsOf(chain.rows, 'call', expiry), setting);
  const odds = yield* need('smile', expiryOdds(market, chain, expiry, setting));
  const pairs = yield* debitPairs(rows, longTarget(params), shortTarget(params));
  return { rows, pairs, frame: { name, expiry, spot: setting.spot, odds, trend, ivRank } };
}

/** The best pair of one expiry. */
function* bestOfExpiry(ctx: SpreadContext, ask: Ask, expiry: TradingDay): Trial<Candidate> {
  const { setting, trend, ivRank } = ask;
  const { pairs: candidates, frame } = yield* sheetOf(ctx, ask, expiry);
  const spread = yield* bestOf<Pair, Spread>({
    candidates,
    judge: (pair) => judgeSpread(ctx, pair, frame),
    score: (judged) => judged.score,
  });
  const exitDay = plannedExit(ctx, expiry).day;
  return { name: frame.name, spread, trend, ivRank, exitDay, forecast: gainForecast(spread.last, expiry, setting) };
}

/** Of the contracts that pairs were made of: that another was better, where one of their pairs passes; else why their first pair does not. */
function againstPairs(ctx: SpreadContext, { pairs, frame }: Sheet): ReadonlyMap<Symbol, ReasonCode> {
  const against = new Map<Symbol, ReasonCode>();
  for (const pair of pairs) {
    const code = reasonAgainst(judgeSpread(ctx, pair, frame));
    for (const { option } of [pair.long, pair.short])
      if (code === 'RANKED_OUT' || !against.has(option.symbol)) against.set(option.symbol, code);
  }
  return against;
}

/** Why a contract of the chain is in no spread that is bought. */
function whyNot(
  ctx: SpreadContext,
  { chain, setting }: Ask,
  reach: Field['reach'],
  sheets: ReadonlyMap<TradingDay, Outcome<Sheet>>,
): (row: ChainRow) => ReasonCode {
  const field: Field = { chain, right: 'call', wanted: (expiry) => sheets.has(expiry), reach, setting };
  const against = new Map(
    [...sheets].map(([expiry, sheet]) => [expiry, sheet.ok ? againstPairs(ctx, sheet.value) : new Map<Symbol, ReasonCode>()] as const),
  );
  const bands = [longTarget(ctx.params), shortTarget(ctx.params)];
  return (row) => {
    const { option } = row.contract;
    const sheet = sheets.get(option.expiry);
    const code = barred(ctx.market, field, row);
    if (code !== undefined || sheet === undefined) return code ?? 'NO_EXPIRY_IN_RANGE';
    if (!sheet.ok) return sheet.code;
    const value = sheet.value.rows.find((valued) => valued.option.symbol === option.symbol);
    const inBand = value !== undefined && bands.some(({ min, max }) => inDeltaBand(value, min, max));
    return against.get(option.expiry)?.get(option.symbol) ?? (inBand ? 'RANKED_OUT' : 'NO_STRIKE_IN_BAND');
  };
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
  const found = settle(
    bestOf<TradingDay, Candidate>({
      candidates: expiries,
      judge: (expiry) => bestOfExpiry(ctx, ask, expiry),
      score: ({ spread }) => spread.score,
    }),
  );
  const taken = found.ok ? found.value.spread.legs.map((l) => l.option.symbol) : [];
  const sheets = new Map(expiries.map((expiry) => [expiry, settle(sheetOf(ctx, ask, expiry))]));
  yield* census(chain.rows, taken, whyNot(ctx, ask, inWindow(ctx.day, window), sheets));
  return yield* replay(found);
}
