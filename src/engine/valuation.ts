// What the book is worth by our own marks: cash, and everything held at the middle of its market, or on the side it could be closed at.
import type { BrokerSnapshot } from '../domain/account.ts';
import type { Symbol } from '../domain/ids.ts';
import { plus, type Usd, usd } from '../domain/money.ts';
import type { Position } from '../domain/position.ts';
import { absent, type Known, known } from '../domain/reasons.ts';
import type { MonoMs } from '../domain/time.ts';
import type { MarketView } from '../market/view.ts';
import type { LastTouch, Valuation } from './loss-watch.ts';
import type { State } from './state.ts';

/** Mid of a two-sided market; with nobody bidding, what a long position brings at once (nothing) and what a short one costs. */
const markOf = ({ bid, ask }: LastTouch, qty: number): number => (bid > 0 ? Math.round((bid + ask) / 2) : qty > 0 ? 0 : ask);

/** Remembers the broker's marks of what has not been quoted to us since. */
export function keepBrokerMarks(state: State, snapshot: BrokerSnapshot): void {
  const at = snapshot.takenAt.mono;
  for (const { symbol, mark } of snapshot.positions) {
    const before = state.watch.touches.get(symbol);
    if (mark !== null && (before === undefined || before.at < at)) state.watch.touches.set(symbol, { bid: mark, ask: mark, at });
  }
}

/** The market of a symbol: a fresh quote, else the last one that is not older than allowed, wall milliseconds. */
function touchOf(state: State, view: MarketView, symbol: Symbol, now: MonoMs, maxAgeMs: number): Known<LastTouch> {
  const quote = view.quote(symbol);
  if (quote.known) {
    const { bid, ask, seen, ageAtSightMs } = quote.value;
    const touch: LastTouch = { bid, ask, at: (seen - ageAtSightMs) as MonoMs };
    state.watch.touches.set(symbol, touch);
    return known(touch);
  }
  const last = state.watch.touches.get(symbol);
  if (last === undefined) return quote;
  const age = now - last.at;
  return age <= maxAgeMs ? known(last) : absent('QUOTE_STALE', `${symbol}: its last mark is ${String(Math.round(age / 1000))} s old`);
}

/** Markets of what is no longer held are forgotten. */
function forget(state: State, positions: readonly Position[]): void {
  const { touches } = state.watch;
  if (touches.size <= positions.length) return;
  const held = new Set(positions.map((p) => p.instrument.symbol));
  for (const symbol of [...touches.keys()]) if (!held.has(symbol)) touches.delete(symbol);
}

/**
 * The whole account, whoever owns what, in micros. Absent while anything held has no mark: missing is not zero.
 * @param maxAgeMs wall milliseconds for which a mark holds; infinite for the last word of a session
 */
export function valueBook(state: State, view: MarketView, cash: Usd, now: MonoMs, maxAgeMs: number): Known<Valuation> {
  const positions = [...state.positions.values()];
  forget(state, positions);
  let [long, short, options, cost] = [0, 0, 0, 0];
  let missing: Known<never> | null = null;
  for (const { instrument, qty, cost: paid } of positions) {
    const touch = touchOf(state, view, instrument.symbol, now, maxAgeMs);
    if (!touch.known) {
      missing ??= absent('EQUITY_UNKNOWN', touch.why);
      continue;
    }
    const value = markOf(touch.value, qty) * qty * instrument.multiplier;
    if (qty > 0) long += value;
    else short += value;
    if (instrument.kind === 'option') options += value;
    cost += paid;
  }
  if (missing !== null) return missing;
  const worth = usd(long + short);
  return known({
    equity: plus(cash, worth),
    long: usd(long),
    short: usd(short),
    options: usd(options),
    unrealised: usd(long + short + cost),
  });
}
