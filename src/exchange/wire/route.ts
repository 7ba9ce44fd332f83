// A route and what its handler is given.
import { AssertionError } from '../../base/assert.ts';
import type { TradingDay } from '../../domain/time.ts';
import type { Calendar, Session } from '../../market/calendar.ts';
import type { ExchangeClock } from '../clock.ts';
import type { ExchangeMarket } from '../market.ts';
import type { ExchangeCore } from '../types.ts';
import type { DataPlan } from './data-plan.ts';
import type { Listing } from './listing.ts';
import { badRequest, type WireResponse } from './message.ts';
import type { Query } from './query.ts';

/** The exchange as its wire sees it. */
export interface WireContext {
  readonly core: ExchangeCore;
  readonly market: ExchangeMarket;
  readonly calendar: Calendar;
  readonly clock: ExchangeClock;
  readonly listing: Listing;
  readonly plan: DataPlan;
  /** Destroys every open connection now. */
  readonly cut: () => void;
}

/** One authenticated request at one instant, to which the core has been advanced. */
export interface Call extends WireContext {
  readonly account: string;
  readonly now: number;
  readonly query: Query;
  /** What the path's groups matched, percent-decoded. */
  readonly path: readonly string[];
  readonly body: string | null;
}

export interface Route {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE';
  readonly path: RegExp;
  /** Whose request budget a call counts against. */
  readonly budget: 'trading' | 'data' | 'none';
  readonly handle: (call: Call) => WireResponse;
}

const segment = '([^/]+)';

/** A route from a path in which `*` stands for one segment. */
export function route(method: Route['method'], path: string, budget: Route['budget'], handle: Route['handle']): Route {
  const source = path
    .split('*')
    .map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'))
    .join(segment);
  return { method, path: new RegExp(`^${source}$`), budget, handle };
}

/** The first group of the path. */
export const firstOf = (call: Call): string => call.path[0] ?? '';

/** The `symbols` parameter; a refusal when it is absent or names more than `most`. */
export function wantedSymbols(call: Call, most: number): readonly string[] {
  const symbols = call.query.list('symbols');
  if (symbols === undefined) throw badRequest(400, 40010001, 'symbols is required');
  if (symbols.length > most) throw badRequest(400, 40010001, `too many symbols: at most ${String(most)}`);
  return symbols;
}

/** The sessions of a window a client named; a refusal when it reaches beyond the calendar. */
export function sessionsBetween(call: Call, from: TradingDay, to: TradingDay): readonly Session[] {
  try {
    return call.calendar.between(from, to);
  } catch (error) {
    throw error instanceof AssertionError ? badRequest(422, 40010001, error.message) : error;
  }
}
