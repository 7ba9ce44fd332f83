// Everything about one invented name: its path, its quotes and bars, and what is listed on it.

import type { TradingDay } from '../../domain/time.ts';
import { SECOND } from '../../domain/time.ts';
import type { BarAdjustment, MarketBar, MarketQuote } from '../market.ts';
import { inNewShares } from '../splits.ts';
import { type DailyPath, dailyPath } from './daily-path.ts';
import { draw, streamOf } from './draws.ts';
import type { Expiries } from './expiries.ts';
import { type Intraday, intraday } from './intraday.ts';
import { type Listing, listing } from './listing.ts';
import type { SyntheticName } from './names.ts';
import { type OptionFlow, optionFlow } from './option-market.ts';
import type { Tilt } from './regime.ts';
import type { Moment, SessionIndex } from './session-index.ts';
import { type ShareBasis, shareBasis, type WantedSplit } from './share-basis.ts';
import { type NameView, toneAt } from './surface.ts';

export interface NameMarket {
  readonly name: SyntheticName;
  /** In shares of the first day, whatever has been split since. */
  readonly path: DailyPath;
  readonly basis: ShareBasis;
  readonly listing: Listing;
  readonly flow: OptionFlow;
  /** The name at an instant, taken at the last whole second; undefined when the market is closed. */
  view(at: number): NameView | undefined;
  /** The name at the open or the close of a session. */
  viewAtOpen(index: number): NameView;
  viewAtClose(index: number): NameView;
  quote(at: number): MarketQuote | undefined;
  /** As traded, as are all bars but those that are asked for otherwise. */
  bar(index: number): MarketBar;
  barSoFar(moment: Moment): MarketBar;
  /** Completed bars of sessions with day in [from, to], and the running one so far. */
  dailyBars(from: TradingDay, to: TradingDay, asOf: number, today: TradingDay, adjustment: BarAdjustment): readonly MarketBar[];
  minuteBars(from: number, to: number, asOf: number): readonly MarketBar[];
}

const CENT = 10_000;
/** Above this many dollars a share's spread is now and then two cents. */
const WIDE_ABOVE = 150;

function shareQuote(view: NameView, stream: number): MarketQuote {
  const { at } = view.moment;
  const second = Math.floor(at / SECOND);
  const bits = draw(stream, second % 0x7fffffff);
  const spread = view.spot > WIDE_ABOVE && bits % 3 === 0 ? 2 : 1;
  const bid = Math.floor(view.spot * 100 - spread / 2 + 0.5);
  return {
    bid: bid * CENT,
    ask: (bid + spread) * CENT,
    bidSize: 100 * (2 + ((bits >>> 4) % 24)),
    askSize: 100 * (2 + ((bits >>> 16) % 24)),
    at,
    mark: 'live',
  };
}

/** Views by whole second: the last one is kept, because a chain asks for it hundreds of times. */
function viewer(path: DailyPath, way: Intraday, sessions: SessionIndex, basis: ShareBasis): (at: number) => NameView | undefined {
  let last: NameView | undefined;
  return (at) => {
    const second = at - (((at % SECOND) + SECOND) % SECOND);
    if (last?.moment.at === second) return last;
    const moment = sessions.moment(second);
    if (moment === undefined) return undefined;
    last = { moment, spot: Math.exp(way.at(moment)) / basis.factor(moment.index), tone: toneAt(path, moment) };
    return last;
  };
}

/** A bar as it was traded: in the shares of its session, on whole cents. */
function asTraded(bar: MarketBar, factor: number): MarketBar {
  if (factor === 1) return bar;
  const cents = (micros: number): number => Math.max(CENT, Math.round(micros / factor / CENT) * CENT);
  const { open, high, low, close, volume } = bar;
  return { ...bar, open: cents(open), high: cents(high), low: cents(low), close: cents(close), volume: Math.round(volume * factor) };
}

/** What the session's own way says, in the shares of the session. */
function traded(way: Intraday, basis: ShareBasis): Pick<Intraday, 'bar' | 'barSoFar' | 'minutes'> {
  return {
    bar: (index) => asTraded(way.bar(index), basis.factor(index)),
    barSoFar: (moment) => asTraded(way.barSoFar(moment), basis.factor(moment.index)),
    minutes(index, from, to, asOf) {
      const factor = basis.factor(index);
      const bars = way.minutes(index, from, to, asOf);
      return factor === 1 ? bars : bars.map((bar) => asTraded(bar, factor));
    },
  };
}

export function nameMarket(
  seed: number,
  name: SyntheticName,
  sessions: SessionIndex,
  expiries: Expiries,
  midnight: (index: number) => number,
  tilt?: (index: number) => Tilt,
  wanted: readonly WantedSplit[] = [],
): NameMarket {
  const path = dailyPath(seed, name, sessions, tilt);
  const basis = shareBasis(seed, path, sessions, wanted);
  const inside = intraday(seed, path, sessions, midnight);
  const way = traded(inside, basis);
  const quotes = streamOf(seed, `${name.symbol}/quotes`);
  const view = viewer(path, inside, sessions, basis);
  const edge = (index: number, fraction: 0 | 1): NameView => {
    const session = sessions.session(index);
    const at = fraction === 0 ? session.open : session.close;
    const moment: Moment = { at, index, session, fraction };
    const step = path.step(index);
    return { moment, spot: Math.exp(fraction === 0 ? step.open : step.close) / basis.factor(index), tone: toneAt(path, moment) };
  };
  return {
    name,
    path,
    basis,
    listing: listing(path, sessions, expiries, basis, (index) => way.bar(index).close),
    flow: optionFlow(seed, path, basis),
    view,
    viewAtOpen: (index) => edge(index, 0),
    viewAtClose: (index) => edge(index, 1),
    quote(at) {
      const now = view(at);
      return now === undefined ? undefined : shareQuote(now, quotes);
    },
    bar: way.bar,
    barSoFar: way.barSoFar,
    dailyBars(from, to, asOf, today, adjustment) {
      const now = adjustment === 'raw' ? null : basis.factorOn(today);
      const shown = (bar: MarketBar, index: number): MarketBar => (now === null ? bar : inNewShares(bar, now / basis.factor(index)));
      const bars: MarketBar[] = [];
      for (let i = sessions.from(from); sessions.session(i).day <= to && sessions.session(i).close <= asOf; i++)
        bars.push(shown(way.bar(i), i));
      const running = sessions.moment(asOf);
      if (running !== undefined && asOf < running.session.close && running.session.day >= from && running.session.day <= to)
        bars.push(shown(way.barSoFar(running), running.index));
      return bars;
    },
    minuteBars(from, to, asOf) {
      const bars: MarketBar[] = [];
      const first = Math.max(0, sessions.closedBy(from));
      for (let i = first; sessions.session(i).open <= Math.min(to, asOf); i++) bars.push(...way.minutes(i, from, to, asOf));
      return bars;
    },
  };
}
