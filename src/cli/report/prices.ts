// The prices that forecasts are judged by, read from the mode's market after the fact.
import type { Config } from '../../config/load.ts';
import { dollars } from '../../domain/money.ts';
import { after, type EpochMs, MINUTE, type TradingDay } from '../../domain/time.ts';
import type { Calendar } from '../../market/calendar.ts';
import { type BarMinutes, completedBars } from '../../market/intraday.ts';
import type { Bar } from '../../market/quote.ts';
import type { Answer } from '../../ports/broker.ts';
import type { MarketData } from '../../ports/market-data.ts';
import { connect, hostsOf, secretsOf } from '../connect.ts';
import { fail } from '../exit.ts';
import type { Foreteller, PriceBar, Prices } from './outcome.ts';

export interface MarketPrices {
  readonly prices: Prices;
  readonly source: string;
  /** The market's own time when it was asked. */
  readonly now: EpochMs;
}

const READY_MS = 5_000;
/** Within one session by the minute; over several, where a level is touched in any five of them says as much. */
const minutesFor = (from: EpochMs, to: EpochMs, calendar: Calendar): BarMinutes => (calendar.dayOf(from) === calendar.dayOf(to) ? 1 : 5);
/** Before an instant that is asked about: enough for the last bar before it. */
const LEAD_MS = 10 * MINUTE;

/** The answer, or the end of the command: 24 when the keys were refused, 5 when nothing usable came. */
function had<T>(answer: Answer<T>, what: string): T {
  if (answer.ok) return answer.value;
  if (answer.auth) return fail(24, 'wsb: the broker refused the API key. Check APCA_API_KEY_ID and APCA_API_SECRET_KEY.');
  return fail(5, `wsb: ${what} could not be read: ${answer.why}`);
}

const priceBar = (bar: Bar, minutes: number): PriceBar => ({
  at: bar.at,
  minutes,
  high: dollars(bar.high),
  low: dollars(bar.low),
  close: dollars(bar.close),
});

/** Daily closes of every name that something was foretold of, over all its days. */
async function closesOf(data: MarketData, foretold: readonly Foreteller[], calendar: Calendar, now: EpochMs) {
  const days = foretold.flatMap(({ saidAt, forecast: { event } }) => [
    ...(saidAt === null ? [] : [calendar.dayOf(saidAt)]),
    ...(event.kind === 'ends' ? [event.day] : []),
  ]);
  const [from] = [...days].sort();
  if (from === undefined) return new Map<string, number>();
  const names = [...new Set(foretold.map((f) => f.underlying))].sort();
  const bars = had(await data.dailyBars(names, from, calendar.dayOf(now)), 'the daily bars');
  return new Map([...bars].flatMap(([name, rows]) => rows.map((bar) => [`${name} ${bar.day}`, dollars(bar.close)] as const)));
}

/** The regular hours that a forecast speaks of, by the minute; none where it asks for a day's end alone. */
async function pathOf(data: MarketData, { underlying, saidAt, forecast: { event } }: Foreteller, calendar: Calendar, now: EpochMs) {
  if (event.kind === 'ends' || saidAt === null) return [];
  const to = event.kind === 'touches' ? event.by : event.at;
  if (to > now) return [];
  const from = event.kind === 'touches' ? saidAt : after(event.at, -LEAD_MS);
  const minutes = minutesFor(from, to, calendar);
  const bars = had(await data.intradayBars([underlying], minutes, from, to), 'the minute bars').get(underlying) ?? [];
  return completedBars(bars, minutes, calendar, to).map((bar) => priceBar(bar, minutes));
}

/** All that these forecasts ask for, read once. */
export async function readPrices(data: MarketData, foretold: readonly Foreteller[], calendar: Calendar, now: EpochMs): Promise<Prices> {
  const closes = await closesOf(data, foretold, calendar, now);
  const paths = new Map<string, Map<number, PriceBar>>();
  for (const one of foretold) {
    const kept = paths.get(one.underlying) ?? new Map<number, PriceBar>();
    for (const bar of await pathOf(data, one, calendar, now)) {
      const there = kept.get(bar.at);
      // Of two bars that begin together the shorter says more.
      if (there === undefined || there.minutes > bar.minutes) kept.set(bar.at, bar);
    }
    paths.set(one.underlying, kept);
  }
  const ended = (day: TradingDay): boolean => (calendar.session(day)?.close ?? Number.POSITIVE_INFINITY) <= now;
  return {
    close: (symbol, day) => (ended(day) ? closes.get(`${symbol} ${day}`) : undefined),
    bars: (symbol, from, to) =>
      [...(paths.get(symbol)?.values() ?? [])]
        .filter((bar) => bar.at >= from && after(bar.at, bar.minutes * MINUTE) <= to)
        .sort((a, b) => a.at - b.at),
  };
}

/** Asks the mode's market; exit 2 where the mode has none that remembers, 5 or 24 where it does not answer. */
export async function marketPrices(config: Config, foretold: readonly Foreteller[], calendar: Calendar): Promise<MarketPrices> {
  if (config.run.mode === 'sim' && config.exchange === null)
    return fail(2, 'wsb: in sim there is no market to ask once the daemon has stopped: name a running exchange with --exchange URL.');
  const hosts = hostsOf(config, config.exchange);
  const { data, broker, clock, followed } = connect({ config, secrets: secretsOf(config), hosts, log: () => {} });
  try {
    if (followed !== null) await followed.ready(READY_MS).catch((error: Error) => fail(5, `wsb: ${error.message}`));
    const now = clock.now().exchange;
    return { prices: await readPrices(data, foretold, calendar, now), source: hosts.data, now };
  } finally {
    await data.close();
    await broker.close();
    followed?.close();
  }
}
