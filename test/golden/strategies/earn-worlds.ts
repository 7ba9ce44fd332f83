// Worlds that the worked examples of the report trades share: one name at 250 that reports tonight, its last reports, two expiries.
import { type Symbol, symbol } from '../../../src/domain/ids.ts';
import { price } from '../../../src/domain/money.ts';
import { type TradingDay, tradingDay } from '../../../src/domain/time.ts';
import type { Trade } from '../../../src/domain/trade.ts';
import { yearsToExpiry } from '../../../src/market/expiry.ts';
import type { EarningsReport } from '../../../src/market/quote.ts';
import { gapOf } from '../../../src/market/report-gap.ts';
import { bsPrice } from '../../../src/pricing/black-scholes.ts';
import { type EarnParams, earningsProtectionParams } from '../../../src/strategies/earnings-protection/params.ts';
import { type ChainTerms, calendar, type Listed, list, micros, nowOf, RATE, type Stock, stock, type World, world } from './world.ts';
import { holding, trade } from './world-more.ts';

export const NAME = symbol('XYZ');
export const TUESDAY = '2027-01-26';
export const WEDNESDAY = '2027-01-27';
export const FRONT = '2027-01-29';
export const BACK = '2027-02-26';
export const SPOT = 250;
export const BASE = 0.28;
export const EVENT = 0.065;
export const params = (over: Record<string, unknown> = {}): EarnParams =>
  earningsProtectionParams.parse({ universe: ['XYZ'], mleg_calendar: true, ...over });

/** Volatility of an expiry so many calendar days out that holds the event once. */
export const sigmaOf = (days: number, base = BASE, event = EVENT): number => Math.sqrt(base ** 2 + (event ** 2 * 365) / days);

/** Eight reports, the newest in October, whose absolute log moves have a mean of 4.10 %. */
const PAST_DAYS = ['2025-01-28', '2025-04-29', '2025-07-29', '2025-10-28', '2026-01-27', '2026-04-28', '2026-07-28', '2026-10-27'];
export const PAST_MOVES = [0.05, -0.032, 0.028, 0.061, -0.045, 0.022, -0.057, 0.033];

export const report = (name: Symbol, day: string, time: EarningsReport['time'], more: Partial<EarningsReport> = {}): EarningsReport => ({
  symbol: name,
  day: tradingDay(day),
  time,
  sources: ['one', 'two'],
  confirmed: true,
  ...more,
});

export interface Told {
  readonly day?: string;
  readonly hour?: number;
  readonly minute?: number;
  readonly spot?: number;
  readonly stock?: Partial<Stock>;
  /** Log moves of the last reports, the newest last. */
  readonly moves?: readonly number[];
  readonly next?: readonly EarningsReport[];
  readonly strikes?: readonly number[];
  readonly front?: { readonly expiry?: string; readonly sigma?: number; readonly terms?: ChainTerms; readonly quoted?: readonly Listed[] };
  readonly back?: { readonly expiry?: string; readonly sigma?: number; readonly terms?: ChainTerms };
}

/** From 200 to 300 by 2.50. */
export const STRIKES = Array.from({ length: 41 }, (_, i) => 200 + 2.5 * i);

/** Daily bars that close at the spot throughout and open away from it after each past report. */
function bars(w: World, name: Symbol, spot: number, past: readonly EarningsReport[], moves: readonly number[]): void {
  const opens = new Map<TradingDay, number>(
    past.flatMap((r, i) => {
      const gap = gapOf(r, calendar);
      return gap === undefined ? [] : [[gap.after.day, spot * Math.exp(moves[i] ?? 0)] as const];
    }),
  );
  const sessions = 540;
  w.board.setDailyBars(
    name,
    Array.from({ length: sessions }, (_, i) => {
      const session = calendar.offset(w.day, i - sessions);
      const [open, close] = [price(micros(opens.get(session.day) ?? spot)), price(micros(spot))];
      const [low, high] = open < close ? [open, close] : [close, open];
      return { at: session.open, day: session.day, open, high, low, close, volume: 5_000_000 };
    }),
    nowOf(w).mono,
  );
}

const boards = new WeakMap<World['board'], EarningsReport[]>();

/** A name that reports after today's close, on a board that may hold others already. */
export function addName(w: World, of: string, told: Told = {}): void {
  const name = symbol(of);
  const spot = told.spot ?? SPOT;
  stock(w, of, { spot, iv: [0.2, 0.5], ...told.stock });
  const moves = told.moves ?? PAST_MOVES;
  const past = PAST_DAYS.slice(-moves.length).map((day) => report(name, day, 'AMC'));
  bars(w, name, spot, past, moves);
  const known = [...(boards.get(w.board) ?? []), ...past, ...(told.next ?? [report(name, w.day, 'AMC')])];
  boards.set(w.board, known);
  w.board.setEarnings(known);
  const [front, back] = [told.front ?? {}, told.back ?? {}];
  const strikes = (told.strikes ?? STRIKES).map((strike) => (strike * spot) / SPOT);
  const at = (sigma: number, quoted: readonly Listed[] = []): readonly Listed[] =>
    strikes.map((strike) => quoted.find((q) => q.strike === strike) ?? { strike, sigma });
  list(w, of, spot, front.expiry ?? FRONT, at(front.sigma ?? sigmaOf(3), front.quoted), { half: 0.01, ...front.terms });
  list(w, of, spot, back.expiry ?? BACK, at(back.sigma ?? sigmaOf(31)), { half: 0.01, ...back.terms });
  w.board.setDividends(name, { from: tradingDay('2027-01-01'), to: tradingDay('2027-06-01'), dividends: [], seen: nowOf(w) });
}

/** Tuesday at the close: the front expiry is three calendar days away, the back one thirty-one. */
export function evening(told: Told = {}): World {
  const w = world(told.day ?? TUESDAY, told.hour ?? 16, told.minute ?? 0);
  addName(w, 'XYZ', told);
  return w;
}

export interface HeldTold {
  readonly kind?: 'calendar' | 'condor' | 'protect';
  readonly units?: number;
  readonly entry?: number;
  readonly exitDay?: string;
  readonly variance?: number;
  readonly openedDay?: string;
}

const legsOf = {
  calendar: [
    { expiry: BACK, right: 'call', strike: 250, side: 'buy' },
    { expiry: FRONT, right: 'call', strike: 250, side: 'sell' },
  ],
  condor: [
    { expiry: FRONT, right: 'put', strike: 227.5, side: 'buy' },
    { expiry: FRONT, right: 'put', strike: 232.5, side: 'sell' },
    { expiry: FRONT, right: 'call', strike: 267.5, side: 'sell' },
    { expiry: FRONT, right: 'call', strike: 272.5, side: 'buy' },
  ],
  protect: [{ expiry: BACK, right: 'put', strike: 232.5, side: 'buy' }],
} as const;
const entries = { calendar: 3.82, condor: -1.25, protect: 1.6 };

/** A trade opened this evening for the night. */
export const opened = (told: HeldTold = {}): Trade => {
  const kind = told.kind ?? 'condor';
  return trade({
    owner: 'earn',
    name: 'XYZ',
    legs: legsOf[kind],
    units: told.units ?? 2,
    entry: told.entry ?? entries[kind],
    openedDay: told.openedDay ?? TUESDAY,
    openedAt: '15:20',
    thesis: {
      kind,
      exitDay: told.exitDay ?? WEDNESDAY,
      deviation: EVENT,
      edge: 0.13,
      variance: told.variance ?? (kind === 'protect' ? 0 : (sigmaOf(3) ** 2 * 3) / 365),
    },
  });
};

/** Quotes of the front expiry on the morning after: the model's, and somebody who bids a cent for what is worth nothing. */
function bidFor(w: World, spot: number, half: number): readonly Listed[] {
  const years = yearsToExpiry(w.at, tradingDay(FRONT), calendar);
  return STRIKES.map((strike) => {
    const quoted = (['put', 'call'] as const).map((right) => {
      const model = bsPrice({ right, spot, strike, years, rate: RATE, dividendYield: 0, sigma: BASE });
      const bid = Math.max(0.01, Math.round((model - half) * 1e6) / 1e6);
      return [right, [bid, Math.max(bid + 0.01, Math.round((model + half) * 1e6) / 1e6)]] as const;
    });
    return { strike, sigma: BASE, ...Object.fromEntries(quoted) };
  });
}

export interface MorningTold {
  readonly half?: number;
  /** Nobody bids for what is worth nothing. */
  readonly unbid?: boolean;
}

/** The morning after, the event gone from volatility, at a spot. */
export function morning(spot: number, hour: number, minute: number, of: Trade, told: MorningTold = {}): World {
  const w = world(WEDNESDAY, hour, minute);
  const terms: ChainTerms = { half: told.half ?? 0.01 };
  addName(w, 'XYZ', {
    spot,
    next: [report(NAME, TUESDAY, 'AMC'), report(NAME, '2027-04-27', 'AMC')],
    front: { sigma: BASE, terms, ...(told.unbid === true ? {} : { quoted: bidFor(w, spot, told.half ?? 0.01) }) },
    back: { sigma: BASE, terms },
    strikes: STRIKES.map((strike) => (strike * SPOT) / spot),
  });
  const yesterday = w.board.dailyBars(NAME)?.bars.at(-1);
  if (yesterday !== undefined) {
    const close = price(micros(SPOT));
    const all = (w.board.dailyBars(NAME)?.bars ?? []).slice(0, -1);
    w.board.setDailyBars(NAME, [...all, { ...yesterday, open: close, high: close, low: close, close }], nowOf(w).mono);
  }
  return holding(w, of);
}
