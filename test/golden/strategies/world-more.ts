// What the faster strategies need of a world: bars of minutes, an index level, headlines, macro events, and trades of their own.
import type { Json } from '../../../src/domain/decision.ts';
import { type StrategyId, symbol } from '../../../src/domain/ids.ts';
import { type Option, occSymbol, parseOcc, type Right } from '../../../src/domain/instrument.ts';
import { type Legs, leg, type Side, sign } from '../../../src/domain/legs.ts';
import { netQty, price, usd } from '../../../src/domain/money.ts';
import type { Position } from '../../../src/domain/position.ts';
import type { ReasonCode } from '../../../src/domain/reasons.ts';
import { epochMs, MINUTE, tradingDay } from '../../../src/domain/time.ts';
import type { Trade } from '../../../src/domain/trade.ts';
import type { BarMinutes } from '../../../src/market/intraday.ts';
import type { MacroEvent } from '../../../src/market/macro.ts';
import type { Bar } from '../../../src/market/quote.ts';
import { calendar, micros, nowOf, type World } from './world.ts';

/** One bar of the day, prices in dollars; open, high and low follow the close where they are left out. */
export interface Shape {
  readonly close: number;
  readonly open?: number;
  readonly high?: number;
  readonly low?: number;
  readonly volume: number;
}

const barAt = (at: number, day: string, s: Shape, before: number): Bar => {
  const open = s.open ?? before;
  return {
    at: epochMs(at),
    day: tradingDay(day),
    open: price(micros(open)),
    high: price(micros(s.high ?? Math.max(open, s.close))),
    low: price(micros(s.low ?? Math.min(open, s.close))),
    close: price(micros(s.close)),
    volume: s.volume,
  };
};

export interface Intraday {
  readonly minutes: BarMinutes;
  /** Bars of today, oldest first, the last one ending now. */
  readonly today: readonly Shape[];
  /** Volume of each bar of the sessions before, by its place in the day (0 is the open); flat at this close. */
  readonly usual: { readonly close: number; volume(slot: number): number };
  /** Sessions before today; 20 when left out. */
  readonly sessions?: number;
}

/** Puts bars of a few minutes on the board: earlier sessions of a usual day, and today as told, ending at the world's instant. */
export function intraday(w: World, name: string, told: Intraday): void {
  const of = symbol(name);
  const length = told.minutes * MINUTE;
  const bars: Bar[] = [];
  for (let back = told.sessions ?? 20; back >= 1; back--) {
    const session = calendar.offset(w.day, -back);
    const slots = Math.floor((session.close - session.open) / length);
    for (let i = 0; i < slots; i++) {
      bars.push(barAt(session.open + i * length, session.day, { close: told.usual.close, volume: told.usual.volume(i) }, told.usual.close));
    }
  }
  const first = w.at - told.today.length * length;
  let before = told.today[0]?.open ?? told.today[0]?.close ?? told.usual.close;
  for (const [i, shape] of told.today.entries()) {
    bars.push(barAt(first + i * length, w.day, shape, before));
    before = shape.close;
  }
  const oldest = bars[0];
  w.board.setIntradayBars(of, told.minutes, { bars, from: oldest?.at ?? w.at, seen: nowOf(w).mono });
}

/** Daily closes that end at the session before today, oldest first; high and low at the close unless `range` widens them. */
export function dailyCloses(w: World, name: string, closes: readonly number[], volume = 5_000_000, range = 0): void {
  const of = symbol(name);
  w.board.setDailyBars(
    of,
    closes.map((close, i) => {
      const session = calendar.offset(w.day, i - closes.length);
      const [c, up, down] = [close, close + range, close - range].map((x) => price(micros(x))) as [Bar['close'], Bar['high'], Bar['low']];
      return { at: session.open, day: session.day, open: c, high: up, low: down, close: c, volume };
    }),
    nowOf(w).mono,
  );
}

/** The level of an index, in points. */
export const level = (w: World, name: string, points: number): void =>
  w.board.setIndexLevel(symbol(name), { value: points, at: w.at, seen: nowOf(w).mono, ageAtSightMs: 0 });

/** Headlines about a name, minutes ago. */
export const headlines = (
  w: World,
  name: string,
  items: readonly { readonly minutesAgo: number; readonly text: string; readonly symbols?: readonly string[] }[],
): void =>
  w.board.setNews(symbol(name), {
    items: items.map((item, i) => ({
      id: `item-${i + 1}`,
      at: epochMs(w.at - item.minutesAgo * MINUTE),
      headline: item.text,
      symbols: (item.symbols ?? [name]).map(symbol),
    })),
    from: epochMs(w.at - 24 * 60 * MINUTE),
    seen: nowOf(w),
  });

/** A confirmed macro calendar around today. */
export const macro = (w: World, events: readonly MacroEvent[]): void =>
  w.board.setMacro({
    events,
    confirmed: w.day,
    complete: { from: calendar.offset(w.day, -20).day, to: calendar.offset(w.day, 60).day },
  });

export const optionOf = (name: string, expiry: string, right: Right, strike: number): Option => {
  const option = parseOcc(occSymbol(symbol(name), tradingDay(expiry), right, price(micros(strike))));
  if (option === undefined) throw new Error('not an option');
  return option;
};

export interface TradeTold {
  readonly owner: string;
  readonly name: string;
  readonly legs: readonly {
    readonly expiry: string;
    readonly right: Right;
    readonly strike: number;
    readonly side: Side;
    readonly ratio?: number;
  }[];
  readonly units: number;
  /** Packages left; all of them when left out, none closes the trade. */
  readonly left?: number;
  /** Net paid (positive) or collected (negative) for one package, dollars a share. */
  readonly entry: number;
  readonly openedDay: string;
  /** New York time `HH:MM`. */
  readonly openedAt?: string;
  readonly thesis?: Json;
  readonly closed?: { readonly day: string; readonly at?: string; readonly exit: ReasonCode; readonly realized: number };
}

const instantOf = (day: string, at = '10:00'): number => {
  const [hour, minute] = at.split(':').map(Number);
  return calendar.instant(tradingDay(day), hour as number, minute as number);
};

/** A trade of a strategy, open or closed. */
export function trade(told: TradeTold): Trade {
  const legs = told.legs.map((l) => leg(optionOf(told.name, l.expiry, l.right, l.strike), l.side, 'open', l.ratio ?? 1)) as unknown as Legs;
  const left = told.closed === undefined ? (told.left ?? told.units) : 0;
  const cash = usd(-micros(told.entry) * 100 * told.units);
  return {
    id: `${told.owner}:entry:${told.openedDay}:${told.name}`,
    owner: told.owner as StrategyId,
    underlying: symbol(told.name),
    legs,
    code: 'ENTRY',
    why: 'as the case tells',
    maxLoss: usd(Math.abs(cash)),
    thesis: told.thesis ?? null,
    openedAt: epochMs(instantOf(told.openedDay, told.openedAt)),
    openedDay: tradingDay(told.openedDay),
    units: told.units,
    entryCash: cash,
    held: left === 0 ? [] : legs.map((l) => ({ instrument: l.instrument, qty: netQty(sign(l.side) * l.ratio * left), cash: usd(0) })),
    realized: usd(micros(told.closed?.realized ?? 0)),
    closedAt: told.closed === undefined ? null : epochMs(instantOf(told.closed.day, told.closed.at)),
    closedDay: told.closed === undefined ? null : tradingDay(told.closed.day),
    exit: told.closed?.exit ?? null,
  };
}

/** The positions an open trade stands for. */
export const positionsOf = (t: Trade): readonly Position[] =>
  t.held.map((h) => ({ owner: t.owner, instrument: h.instrument, qty: h.qty, cost: h.cash, openedDay: t.openedDay }));

/** A world that holds trades of a strategy, with the positions they stand for. */
export const holding = (w: World, ...trades: readonly Trade[]): World => ({
  ...w,
  trades: trades.filter((t) => t.closedAt === null),
  closedTrades: trades.filter((t) => t.closedAt !== null),
  positions: [...w.positions, ...trades.flatMap(positionsOf)],
});
