// Worlds that the worked examples of the debit call spreads share: one trending name at 186.40, a smile, and a spread held in it.
import type { Json } from '../../../src/domain/decision.ts';
import { symbol } from '../../../src/domain/ids.ts';
import { price } from '../../../src/domain/money.ts';
import { tradingDay } from '../../../src/domain/time.ts';
import type { Trade } from '../../../src/domain/trade.ts';
import { type DebitCallSpreadsParams, debitCallSpreadsParams } from '../../../src/strategies/debit-call-spreads/params.ts';
import { type ChainTerms, type Listed, list, micros, nowOf, type Stock, stock, type World, world } from './world.ts';
import { holding, trade } from './world-more.ts';

export const NAME = 'NVDA';
export const EXPIRY = '2026-04-17';
export const params = (over: Record<string, unknown> = {}): DebitCallSpreadsParams =>
  debitCallSpreadsParams.parse({ universe: [NAME], ...over });

/** Strikes of the examples, and others that keep the chain whole. */
export const smile: readonly Listed[] = [
  { strike: 165, sigma: 0.346 },
  { strike: 170, sigma: 0.337 },
  { strike: 175, sigma: 0.328 },
  { strike: 180, sigma: 0.319 },
  { strike: 185, sigma: 0.31 },
  { strike: 190, sigma: 0.302 },
  { strike: 195, sigma: 0.295 },
  { strike: 200, sigma: 0.29 },
  { strike: 205, sigma: 0.287 },
  { strike: 210, sigma: 0.285 },
];

type Calls = Readonly<Record<number, readonly [number, number]>>;

/** The quotes of the second example. */
export const quoted: Calls = { 185: [8.2, 8.42], 195: [3.74, 3.86] };

export const withCalls = (calls: Calls, strikes = smile): readonly Listed[] =>
  strikes.map((row) => {
    const call = calls[row.strike];
    return call === undefined ? row : { ...row, call };
  });

export function dividends(w: World, paid: readonly { readonly exDay: string; readonly amount: number }[] = [], name = NAME): void {
  w.board.setDividends(symbol(name), {
    from: tradingDay('2026-03-01'),
    to: tradingDay('2026-08-01'),
    dividends: paid.map((d) => ({ symbol: symbol(name), exDay: tradingDay(d.exDay), amount: price(micros(d.amount)) })),
    seen: nowOf(w),
  });
}

export interface Told {
  readonly strikes?: readonly Listed[];
  readonly stock?: Partial<Stock>;
  readonly terms?: ChainTerms;
  readonly spot?: number;
  readonly day?: string;
  /** New York time; the close when left out. */
  readonly hour?: number;
  readonly minute?: number;
}

/** Thursday 2026-03-12 at the close, unless told otherwise: the monthly of April is exactly 36 days away. */
export function marketOn(told: Told = {}): World {
  const w = world(told.day ?? '2026-03-12', told.hour ?? 16, told.minute ?? 0);
  const spot = told.spot ?? 186.4;
  stock(w, NAME, { spot, ...told.stock });
  stock(w, 'SPY', { spot: 600 });
  dividends(w);
  const strikes = told.strikes ?? withCalls(quoted);
  list(w, NAME, spot, '2026-04-02', smile, told.terms);
  list(w, NAME, spot, EXPIRY, strikes, told.terms);
  return w;
}

export interface HeldTold {
  readonly long?: number;
  readonly short?: number;
  readonly units?: number;
  readonly debit?: number;
  readonly openedDay?: string;
}

/** A spread entered two sessions earlier. */
export const spread = (told: HeldTold = {}): Trade =>
  trade({
    owner: 'dcs',
    name: NAME,
    legs: [
      { expiry: EXPIRY, right: 'call', strike: told.long ?? 185, side: 'buy' },
      { expiry: EXPIRY, right: 'call', strike: told.short ?? 195, side: 'sell' },
    ],
    units: told.units ?? 3,
    entry: told.debit ?? 4.54,
    openedDay: told.openedDay ?? '2026-03-10',
  });

/** A memory in which the stop of a trade was first seen so many seconds ago. */
export const stopSeen = (w: World, of: Trade, secondsAgo: number): Json => ({
  v: 1,
  trades: { [of.id]: { stopSince: w.at - secondsAgo * 1_000, peak: null } },
});

/** The market with a spread held in it, its call quotes as told. */
export const heldMarket = (calls: Calls, told: Told = {}, of: Trade = spread()): World =>
  holding(marketOn({ ...told, strikes: withCalls(calls, told.strikes) }), of);
