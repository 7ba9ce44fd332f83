// What every part of the exchange works on: the truth, the market it trades in, and where its events go.

import type { Rng } from '../../base/rng.ts';
import { parseOcc } from '../../domain/instrument.ts';
import type { Calendar } from '../../market/calendar.ts';
import type { ExchangeMarket, ListedContract, ListedEquity } from '../market.ts';
import type { XTradeEvent } from '../types.ts';
import type { FeeSchedule } from './fee-rates.ts';
import type { FillModel } from './fill-model.ts';
import type { QuoteDesk } from './quotes.ts';
import type { Truth } from './truth.ts';

/** A probability as a fraction of integers. */
export interface Rational {
  readonly numerator: number;
  readonly denominator: number;
}

export interface Venue {
  readonly truth: Truth;
  readonly market: ExchangeMarket;
  readonly calendar: Calendar;
  readonly desk: QuoteDesk;
  /** Never drawn from directly, only forked by name: chance then does not depend on what was asked before. */
  readonly rng: Rng;
  /** How the venue treats an account's orders. */
  fillsOf(account: string): FillModel;
  /** True while trading in a symbol is halted; of an option, while it is in what it is written on. */
  isHalted(symbol: string, at: number): boolean;
  readonly earlyPerNight: Rational;
  /** What is charged beside the price; null for nothing. */
  readonly fees: FeeSchedule | null;
  /** Shares may be borrowed, to be sold short. */
  readonly lends: boolean;
  /** The stream is also told the steps that a paper broker keeps to itself. */
  readonly everyStep: boolean;
  /** Keeps an event until the change it reports is on disk. */
  emit(event: XTradeEvent): void;
  /** A fresh identifier, shaped as a UUID. */
  uuid(): string;
  /** A fresh identifier that sorts after all earlier ones. */
  sortedUuid(): string;
  listedEquity(symbol: string): ListedEquity | undefined;
}

/** The facts of a contract: as the market lists it, or as they stood when it was first traded here. */
export const contractOf = (venue: Venue, symbol: string): ListedContract | undefined =>
  venue.truth.contract(symbol) ?? venue.market.contract(symbol, venue.truth.scalars.at);

/** Shares that one unit of a symbol stands for. */
export const multiplierOf = (symbol: string): 1 | 100 => (parseOcc(symbol) === undefined ? 1 : 100);

export const assetClassOf = (symbol: string): 'us_equity' | 'us_option' => (multiplierOf(symbol) === 1 ? 'us_equity' : 'us_option');
