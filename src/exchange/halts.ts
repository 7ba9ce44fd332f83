// When trading in a symbol is halted and when its quotes stand still: what was planned, and what a seed brings on.
import { hash32, seededRng } from '../base/rng.ts';
import { parseOcc } from '../domain/instrument.ts';
import { epochMs, MINUTE } from '../domain/time.ts';
import type { Calendar } from '../market/calendar.ts';
import type { ExchangeMarket } from './market.ts';

/** From an instant, included, to another, excluded. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** The halt of a symbol that an instant falls in; undefined when there is none. */
export type HaltSource = (symbol: string, at: number) => Span | undefined;

export interface HaltBoard {
  halt(symbol: string, span: Span): void;
  /** Lets the quotes of a symbol stand still while trading goes on. */
  freeze(symbol: string, span: Span): void;
  isHalted(symbol: string, at: number): boolean;
  /** Since when the quotes of a symbol stand still; undefined when they do not. */
  stillSince(symbol: string, at: number): number | undefined;
}

const within = (spans: readonly Span[] | undefined, at: number): Span | undefined => spans?.find(({ from, to }) => from <= at && at < to);
/** What trades or stands still together: an option does as what it is written on does. */
const nameOf = (symbol: string): string => parseOcc(symbol)?.underlying.replace(/\d$/, '') ?? symbol;

/** A board on which halts are written up; `chance` adds halts of its own. */
export function haltBoard(chance: HaltSource = () => undefined): HaltBoard {
  const halts = new Map<string, Span[]>();
  const frozen = new Map<string, Span[]>();
  const add = (to: Map<string, Span[]>, symbol: string, span: Span): void => void to.set(symbol, [...(to.get(symbol) ?? []), span]);
  const haltOf = (symbol: string, at: number): Span | undefined => {
    const name = nameOf(symbol);
    return within(halts.get(symbol), at) ?? within(halts.get(name), at) ?? chance(name, at);
  };
  return {
    halt: (symbol, span) => add(halts, symbol, span),
    freeze: (symbol, span) => add(frozen, symbol, span),
    isHalted: (symbol, at) => haltOf(symbol, at) !== undefined,
    stillSince: (symbol, at) => {
      const spans = [haltOf(symbol, at), within(frozen.get(symbol), at), within(frozen.get(nameOf(symbol)), at)];
      const starts = spans.flatMap((span) => (span === undefined ? [] : [span.from]));
      return starts.length === 0 ? undefined : Math.min(...starts);
    },
  };
}

/** A trading pause of the limit-up limit-down kind lasts this long. */
const PAUSE = 5 * MINUTE;
const PAUSED_ONE_IN = 10;

/** On one day in ten a symbol is paused once, for five minutes, at a minute that the seed, the symbol and the day decide. */
export function seededHalts(seed: number, calendar: Calendar): HaltSource {
  const known = new Map<string, Span | null>();
  return (symbol, at) => {
    const session = calendar.inSession(epochMs(at));
    if (session === undefined) return undefined;
    const key = `${symbol}:${session.day}`;
    let span = known.get(key);
    if (span === undefined) {
      const rng = seededRng(hash32(`halt:${key}`, seed));
      const minutes = Math.floor((session.close - session.open - PAUSE) / MINUTE);
      const from = session.open + rng.int(0, minutes) * MINUTE;
      span = rng.chance(1, PAUSED_ONE_IN) ? { from, to: from + PAUSE } : null;
      known.set(key, span);
    }
    return span !== null && span.from <= at && at < span.to ? span : undefined;
  };
}

/** A market whose quotes stand still while the board says so; a halted symbol prints no minutes either. */
export const marketOnBoard = (market: ExchangeMarket, board: HaltBoard): ExchangeMarket => ({
  ...market,
  quote: (symbol, at) => market.quote(symbol, board.stillSince(symbol, at) ?? at),
  minuteBars: (symbol, from, to, asOf) => market.minuteBars(symbol, from, to, asOf).filter((bar) => !board.isHalted(symbol, bar.at)),
});
