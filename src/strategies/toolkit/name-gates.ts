// The questions asked of an account and of a name before any contract is looked at; every strategy asks them in the same words.
import type { Symbol } from '../../domain/ids.ts';
import { dollars } from '../../domain/money.ts';
import { absent, type Known, known } from '../../domain/reasons.ts';
import type { TradingDay } from '../../domain/time.ts';
import type { Bar, EarningsReport } from '../../market/quote.ts';
import type { MarketView } from '../strategy.ts';
import { type AnyContext, closesAgainstMean } from './context.ts';
import { atLeast, atMost, type Finding, holds, need, refuse, type Trial } from './gates.ts';

/** The account allows this kind of option, and was read a moment ago. */
export function* accountReady(ctx: Pick<AnyContext, 'account'>, level: number, ageMsMax: number): Trial<void> {
  yield atLeast('options level', level, ctx.account.optionsLevel, 'LEVEL_TOO_LOW');
  yield atMost('account age, ms', ageMsMax, ctx.account.ageMs, 'ACCOUNT_STALE');
}

/** Quotes of options are the consolidated ones: an altered and delayed feed is no ground for an entry. */
export const opraFeed = (market: MarketView): Finding =>
  holds(
    'option feed',
    { observed: market.optionFeed(), threshold: 'opra', pass: market.optionFeed() === 'opra' },
    'FEED_NOT_OPRA',
    'option quotes come from the indicative feed: set broker.option_feed = "opra" with a data plan that serves it',
  );

/** The broker trades the name and lists options on it. */
export function* tradable(market: MarketView, name: Symbol): Trial<void> {
  const asset = market.asset(name);
  if (asset === undefined) yield* refuse('asset', 'SYMBOL_NOT_TRADABLE', `the broker's record of ${name} is not known`);
  yield holds(
    'tradable',
    { observed: String(asset?.tradable), threshold: 'true', pass: asset?.tradable === true },
    'SYMBOL_NOT_TRADABLE',
    `the broker does not trade ${name}`,
  );
  yield holds(
    'options',
    { observed: String(asset?.options), threshold: 'true', pass: asset?.options === true },
    'OPTIONS_NOT_ENABLED',
    `the broker lists no options on ${name}`,
  );
}

/** Mean of close x volume over the last sessions, dollars; BARS_SHORT when there are too few. */
export function meanDollarVolume(bars: readonly Bar[], sessions: number): Known<number> {
  if (bars.length < sessions) return absent('BARS_SHORT', `${bars.length} daily bars, ${sessions} are needed for the dollar volume`);
  const recent = bars.slice(-sessions);
  return known(recent.reduce((total, bar) => total + dollars(bar.close) * bar.volume, 0) / sessions);
}

/** A name that trades for at least so many dollars a session. */
export function* liquidName(
  bars: readonly Bar[],
  rule: { readonly min_dollar_volume_usd: number; readonly dollar_volume_sessions: number },
): Trial<void> {
  const volume = yield* need('daily bars', meanDollarVolume(bars, rule.dollar_volume_sessions));
  yield atLeast('dollar volume', rule.min_dollar_volume_usd, volume, 'UNDERLYING_ILLIQUID');
}

/** The broad market stands above its long mean at the previous close. */
export function* regime(market: MarketView, index: Symbol, sessions: number): Trial<void> {
  const bars = yield* need(`daily bars of ${index}`, market.dailyBars(index, sessions));
  const [now] = yield* need(`daily bars of ${index}`, closesAgainstMean(bars, sessions, 1));
  const close = now?.close ?? 0;
  const mean = now?.mean ?? Number.POSITIVE_INFINITY;
  yield holds(
    `${index} above its mean`,
    { observed: close, threshold: mean, pass: close > mean },
    'REGIME_BLOCK',
    `${index} closed at ${close}, not above its ${sessions}-session mean ${mean}`,
  );
}

/** Does the gap of a report lie between now and the close of a day? What may lie there counts as lying there. */
export const gapInside = (report: EarningsReport, today: TradingDay, until: TradingDay): boolean =>
  !(report.day === today && report.time === 'BMO') && !(report.day === until && report.time === 'AMC');

/** No earnings gap from now until a day: EARNINGS_UNKNOWN where the calendar cannot say, EARNINGS_WINDOW where there is one. */
export function* noEarnings(ctx: Pick<AnyContext, 'market' | 'day'>, name: Symbol, until: TradingDay): Trial<void> {
  const reports = yield* need('earnings calendar', ctx.market.earnings(name, ctx.day, until));
  const inside = reports.find((report) => gapInside(report, ctx.day, until));
  yield holds(
    'no earnings before',
    { observed: inside?.day ?? 'none', threshold: until, pass: inside === undefined },
    'EARNINGS_WINDOW',
    `${name} reports on ${inside?.day ?? ''} (${inside?.time ?? ''}), before ${until}`,
  );
}

/** Nothing of ours is held, worked or in dispute in a name. */
export function* untouched(ctx: Pick<AnyContext, 'positions' | 'working' | 'trades' | 'busy' | 'book'>, name: Symbol): Trial<void> {
  const disputed = ctx.book.disputed.has(name);
  yield holds(
    'ledger agrees',
    { observed: String(!disputed), threshold: 'true', pass: !disputed },
    'RECON_PENDING',
    `positions and ledger disagree in ${name}: only what reduces risk is done`,
  );
  const held = ctx.trades.some((t) => t.underlying === name) || ctx.positions.some((p) => p.instrument.underlying === name);
  yield holds('nothing held', { observed: String(!held), threshold: 'true', pass: !held }, 'ALREADY_HELD', `${name} is held already`);
  const busy = ctx.busy.has(name) || ctx.working.some((o) => o.legs[0].instrument.underlying === name);
  yield holds(
    'no order working',
    { observed: String(!busy), threshold: 'true', pass: !busy },
    'ORDER_WORKING',
    `an order of ours is at work in ${name}`,
  );
}
