// Is a contract traded well enough to be entered, and left again?

import type { Side } from '../../domain/legs.ts';
import { dollars } from '../../domain/money.ts';
import type { TradingDay } from '../../domain/time.ts';
import type { ChainRow, Quote } from '../../market/quote.ts';
import { atLeast, holds, refuse, type Trial } from './gates.ts';
import { relativeSpread, spread } from './limits.ts';

export interface LiquidityRule {
  readonly max_rel_spread: number;
  /** A spread this small is fair at any price, dollars. */
  readonly spread_always_ok_usd: number;
  readonly min_open_interest: number;
  readonly min_volume: number;
  /** The touch must hold our quantity, but never more than this is asked of it. */
  readonly touch_size_max_contracts: number;
}

export interface LiquidityAsk {
  readonly rule: LiquidityRule;
  readonly contracts: number;
  /** Open interest dated before this day is too old to count. */
  readonly openInterestFrom: TradingDay;
  /** Early in the session the previous one's volume counts. */
  readonly early: boolean;
}

/** A cent-rounded difference: floats of quotes carry noise in the last bits. */
const cents = (x: number): number => Math.round(x * 1e6) / 1e6;

/** What is sold leans on the bid, what is bought on the ask. Fails with the one code that says what is thin. */
export function* liquid(side: Side, row: ChainRow, quote: Quote, ask: LiquidityAsk): Trial<void> {
  const { rule } = ask;
  const { contract } = row;
  if (!contract.standard || !contract.tradable) {
    yield* refuse('standard contract', 'NONSTANDARD_CONTRACT', `${contract.option.symbol} does not deliver 100 shares or is not tradable`);
  }
  const narrow = cents(spread(quote)) <= rule.spread_always_ok_usd;
  const relative = relativeSpread(quote);
  yield holds(
    'relative spread',
    { observed: relative, threshold: rule.max_rel_spread, pass: narrow || cents(relative) <= rule.max_rel_spread },
    'SPREAD_TOO_WIDE',
    `spread ${dollars(quote.bid)} to ${dollars(quote.ask)} is more than ${rule.max_rel_spread} of the mid and more than ${rule.spread_always_ok_usd}`,
  );
  const { openInterest, openInterestDay } = contract;
  if (openInterest === null || openInterestDay === null || openInterestDay < ask.openInterestFrom) {
    yield* refuse(
      'open interest',
      'OI_UNKNOWN',
      `open interest of ${contract.option.symbol} is dated ${openInterestDay ?? 'nowhere'}, ${ask.openInterestFrom} or later is asked`,
      openInterestDay,
      ask.openInterestFrom,
    );
  }
  yield atLeast('open interest', rule.min_open_interest, openInterest ?? 0, 'OI_TOO_LOW');
  const volume = ask.early ? row.previousVolume : row.volume;
  yield holds(
    ask.early ? 'volume of the previous session' : 'volume',
    { observed: volume, threshold: rule.min_volume, pass: rule.min_volume === 0 || (volume !== null && volume >= rule.min_volume) },
    'VOLUME_TOO_LOW',
    volume === null ? 'volume is not known' : `volume is ${volume}, at least ${rule.min_volume} is asked`,
  );
  yield* deep(side, quote, Math.min(ask.contracts, rule.touch_size_max_contracts));
}

/** The touch we would trade against holds what we want of it. */
export function* deep(side: Side, quote: Quote, wanted: number): Trial<void> {
  const touch = side === 'buy' ? 'ask' : 'bid';
  const size = side === 'buy' ? quote.askSize : quote.bidSize;
  yield holds(
    `size at the ${touch}`,
    { observed: size, threshold: wanted, pass: size !== null && size >= wanted },
    'NBBO_SIZE_TOO_SMALL',
    size === null ? `the size at the ${touch} is not known` : `the ${touch} holds ${size}, ${wanted} is asked`,
  );
}
