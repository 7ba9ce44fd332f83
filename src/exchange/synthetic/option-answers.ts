// What the invented market answers about one listed contract at an instant.
import type { TradingDay } from '../../domain/time.ts';
import { bsGreeks } from '../../pricing/black-scholes.ts';
import type { ListedContract, MarketBar, MarketQuote, OptionStats } from '../market.ts';
import type { SyntheticContract } from './listing.ts';
import type { NameMarket } from './name-market.ts';
import { RATE } from './names.ts';
import { touchOf, valueOf } from './option-market.ts';
import type { SessionIndex } from './session-index.ts';
import type { NameView } from './surface.ts';

const MINUTE = 60_000;
const STRETCH = 5 * MINUTE;
const MICROS = 1_000_000;
/** Below half an hour to expiry a quote's tick is worth more than any volatility could be. */
const SHORTEST = 0.5 / (24 * 365);

/** Part of a session's option volume traded by a fraction of it: busy at both ends. */
const tradedBy = (x: number): number => (x + ((2 * x - 1) ** 3 + 1) / 3) / (5 / 3);

export function optionQuote(market: NameMarket, contract: SyntheticContract, at: number): MarketQuote | undefined {
  const view = market.view(at);
  if (view === undefined || view.moment.at > contract.end) return undefined;
  const { bid, ask } = touchOf(market.path, view, contract);
  const [bidSize, askSize] = market.flow.sizes(contract, Math.floor(view.moment.at / MINUTE) % 0x7fffffff);
  return { bid, ask, bidSize: bid === 0 ? 0 : bidSize, askSize, at: view.moment.at, mark: 'live' };
}

/**
 * The last print at or before a view: one falls somewhere in every five-minute stretch of a contract that trades at all, and stands for
 * what has been traded since the one before it, a contract at least.
 */
function lastTrade(market: NameMarket, contract: SyntheticContract, view: NameView): OptionStats['last'] {
  const { index, session } = view.moment;
  const elapsed = view.moment.at - session.open;
  const offsetIn = (stretch: number): number => stretch * STRETCH + market.flow.tradeOffset(contract, index * 128 + stretch);
  const tradedAt = (offset: number): number =>
    Math.floor(market.flow.volume(contract, index) * tradedBy(offset / (session.close - session.open)));
  for (let stretch = Math.floor(elapsed / STRETCH); stretch >= 0; stretch--) {
    const offset = offsetIn(stretch);
    if (offset > elapsed) continue;
    const at = session.open + offset;
    const then = market.view(at);
    if (then === undefined) return null;
    const size = Math.max(1, tradedAt(offset) - (stretch === 0 ? 0 : tradedAt(offsetIn(stretch - 1))));
    return { price: Math.max(1, Math.round(valueOf(market.path, then, contract).value * 100)) * (MICROS / 100), at, size };
  }
  return null;
}

/** Volatility and greeks of the present quote; null when nobody bids or expiry is too near for a quote to tell. */
function modelled(market: NameMarket, contract: SyntheticContract, view: NameView): Pick<OptionStats, 'iv' | 'greeks'> {
  const { sigma, years } = valueOf(market.path, view, contract);
  if (years < SHORTEST || touchOf(market.path, view, contract).bid === 0) return { iv: null, greeks: null };
  const { delta, gamma, theta, vega, rho } = bsGreeks({
    right: contract.right,
    spot: view.spot,
    strike: contract.strike,
    years,
    rate: RATE,
    dividendYield: market.name.yield,
    sigma,
  });
  const { parts } = contract;
  const greeks = { delta: delta * parts, gamma: gamma * parts, theta: theta * parts, vega: vega * parts, rho: rho * parts };
  return { iv: sigma, greeks };
}

/**
 * @param session number of today's session or, on a closed day, of the last one before it
 */
export function optionStats(
  market: NameMarket,
  contract: SyntheticContract,
  at: number,
  session: number,
  sessions: SessionIndex,
): OptionStats {
  if (session > contract.expiryIndex) return { volume: 0, previousVolume: null, last: null, iv: null, greeks: null };
  const view = market.view(at);
  const done = at >= sessions.session(session).close ? 1 : (view?.moment.fraction ?? 0);
  const volume = Math.floor(market.flow.volume(contract, session) * tradedBy(done));
  const previousVolume = session > contract.listedFrom ? market.flow.volume(contract, session - 1) : 0;
  const seen = done === 1 ? market.viewAtClose(session) : view;
  const last = volume === 0 || seen === undefined ? null : lastTrade(market, contract, seen);
  return { volume, previousVolume, last, ...(view === undefined ? { iv: null, greeks: null } : modelled(market, contract, view)) };
}

/** Bars of the sessions in [from, to] that have ended by `asOf`, and the running one so far; none for a session without a trade. */
export function optionBars(
  market: NameMarket,
  contract: SyntheticContract,
  from: TradingDay,
  to: TradingDay,
  asOf: number,
  sessions: SessionIndex,
): readonly MarketBar[] {
  const bars: MarketBar[] = [];
  const first = Math.max(sessions.from(from), contract.listedFrom);
  for (let i = first; i <= contract.expiryIndex; i++) {
    const { day, open, close } = sessions.session(i);
    if (day > to || open > asOf) break;
    const bar = close <= asOf ? wholeBar(market, contract, i) : runningBar(market, contract, asOf);
    if (bar !== undefined) bars.push(bar);
  }
  return bars;
}

const wholeBar = (market: NameMarket, contract: SyntheticContract, index: number): MarketBar | undefined =>
  market.flow.bar(contract, market.bar(index), market.viewAtOpen(index), market.viewAtClose(index), market.flow.volume(contract, index));

function runningBar(market: NameMarket, contract: SyntheticContract, asOf: number): MarketBar | undefined {
  const view = market.view(asOf);
  if (view === undefined) return undefined;
  const { index, fraction } = view.moment;
  const traded = Math.floor(market.flow.volume(contract, index) * tradedBy(fraction));
  return market.flow.bar(contract, market.barSoFar(view.moment), market.viewAtOpen(index), view, traded);
}

/** Static facts of a contract on the morning of a session. */
export function listedContract(market: NameMarket, contract: SyntheticContract, session: number, sessions: SessionIndex): ListedContract {
  const asOf = Math.min(session, contract.expiryIndex);
  return {
    symbol: contract.symbol,
    underlying: market.name.symbol,
    expiry: contract.expiry,
    right: contract.right,
    strike: Math.round(contract.listedStrike * MICROS),
    style: 'american',
    settlement: 'physical',
    pennyProgram: market.name.pennyProgram,
    openInterest: market.flow.openInterest(contract, asOf),
    openInterestDay: sessions.session(Math.max(0, asOf - 1)).day,
    ...(contract.deliverable === undefined ? {} : { deliverable: contract.deliverable }),
  };
}
