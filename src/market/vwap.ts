// The price at which the session's volume changed hands.

import { dollars } from '../domain/money.ts';
import { absent, type Known, known } from '../domain/reasons.ts';
import type { TradingDay } from '../domain/time.ts';
import type { Bar } from './quote.ts';

/**
 * VWAP of a session so far, dollars a share: the mean of typical prices (high + low + close) / 3, weighted by volume, over
 * its regular bars from the open on. BARS_MISSING when nothing has been traded.
 */
export function vwap(bars: readonly Bar[], day: TradingDay): Known<number> {
  let cash = 0;
  let volume = 0;
  for (const bar of bars) {
    if (bar.day !== day) continue;
    cash += ((dollars(bar.high) + dollars(bar.low) + dollars(bar.close)) / 3) * bar.volume;
    volume += bar.volume;
  }
  return volume === 0 ? absent('BARS_MISSING', `nothing is known to have been traded on ${day}`) : known(cash / volume);
}
