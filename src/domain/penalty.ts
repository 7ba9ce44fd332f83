// What a fill would have cost half a spread further on: the second price of every execution, by which strategies are judged.
import type { Symbol } from './ids.ts';
import { type Price, type Usd, usd } from './money.ts';

/** A market as a decision found it, or that there was none. */
type Seen = { readonly kind: 'quoted'; readonly symbol: Symbol; readonly bid: Price; readonly ask: Price } | { readonly kind: 'absent' };

/** Half the quoted spread of each symbol, micros a share; a symbol without a quote is absent. */
export type HalfSpreads = Readonly<Record<string, number>>;

/** Half the spreads of the market that a decision was made in. */
export const halfSpreadsOf = (quotes: readonly Seen[]): HalfSpreads =>
  Object.fromEntries(quotes.flatMap((quote) => (quote.kind === 'quoted' ? [[quote.symbol, (quote.ask - quote.bid) / 2]] : [])));

/** A penalty with that of a further fill, positive; null once a fill had no quote to be judged by. */
export const withFill = (
  before: Usd | null,
  halfSpread: number | undefined,
  fill: { readonly qty: number; readonly multiplier: number },
): Usd | null =>
  before === null || halfSpread === undefined ? null : usd(before + Math.round(halfSpread * Math.abs(fill.qty) * fill.multiplier));
