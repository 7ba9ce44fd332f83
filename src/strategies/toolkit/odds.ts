// What the smile of one expiry says of a package: the volatility at any level, and the chance that the package gains.
import type { Legs } from '../../domain/legs.ts';
import { dollars, type Price, price } from '../../domain/money.ts';
import { absent, type Known, known } from '../../domain/reasons.ts';
import type { TradingDay } from '../../domain/time.ts';
import type { Chain } from '../../market/quote.ts';
import { payoffAtExpiry, type Stretch } from '../../pricing/payoff.ts';
import { type EndTerms, probabilityOfProfit } from '../../pricing/probability.ts';
import { outOfTheMoneySmile } from '../../pricing/volatility/smile.ts';
import type { MarketView } from '../strategy.ts';
import { micros } from './context.ts';
import { endTerms, rowsOf, type Setting, valuedRows } from './select.ts';

/** One expiry as the market prices its end: the terms of the share, and the volatility at each level of it. */
export interface ExpiryOdds {
  readonly terms: EndTerms;
  /** Straight in strike between quoted out-of-the-money strikes, flat beyond the outermost. */
  readonly sigmaAt: (level: number) => number;
}

/** The odds of one expiry from the mids of its out-of-the-money options; CHAIN_EMPTY where none of them can be valued. */
export function expiryOdds(market: Pick<MarketView, 'entryQuote'>, chain: Chain, expiry: TradingDay, setting: Setting): Known<ExpiryOdds> {
  const terms = endTerms(setting, expiry);
  const rows = [...rowsOf(chain.rows, 'put', expiry), ...rowsOf(chain.rows, 'call', expiry)].filter((row) => row.contract.standard);
  const quoted = valuedRows(rows, setting, (symbol) => market.entryQuote(symbol)).map(({ option, sigma }) => ({
    right: option.right,
    strike: dollars(option.strike),
    sigma,
  }));
  const forward = terms.spot * Math.exp((terms.rate - terms.dividendYield) * terms.years);
  const smile = outOfTheMoneySmile(quoted, forward);
  if (smile.kind === 'refused') return absent('CHAIN_EMPTY', `${chain.underlying} ${expiry}: no smile from its quotes (${smile.reason})`);
  return known({ terms, sigmaAt: smile.sigmaAt });
}

export interface PackageOdds {
  /** Share prices at which the package comes out even, dollars. */
  readonly breakEvens: readonly number[];
  /** Where it gains, ascending and apart. */
  readonly gainsWithin: readonly Stretch[];
  /** Risk-neutral chance that it gains at expiry, reckoned at each break-even with that level's own volatility. */
  readonly pop: number;
}

/** The chance that a package of one expiry gains when it was bought for `net` a share. ODDS_INCONSISTENT where the smile contradicts itself. */
export function packageOdds(legs: Legs, net: Price, odds: ExpiryOdds): Known<PackageOdds> {
  const { breakEvens, gainsWithin } = payoffAtExpiry(legs, net);
  const chance = probabilityOfProfit(gainsWithin, odds.terms, odds.sigmaAt);
  if (chance.kind === 'refused') return absent('ODDS_INCONSISTENT', `the chance of a gain cannot be reckoned: ${chance.reason}`);
  return known({ breakEvens, gainsWithin, pop: chance.probability });
}

/** Dollars a share as a price, to the micro. */
export const netOf = (dollarsAShare: number): Price => price(micros(dollarsAShare));
