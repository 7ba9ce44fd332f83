// What the record of our own trades says: entered today, stopped today, losses in a row, plays in a week.
import type { Symbol } from '../../domain/ids.ts';
import { dollars } from '../../domain/money.ts';
import type { ReasonCode } from '../../domain/reasons.ts';
import { type TradingDay, weekOf } from '../../domain/time.ts';
import type { Trade } from '../../domain/trade.ts';
import type { AnyContext } from './context.ts';

type Book = Pick<AnyContext, 'trades' | 'closedTrades'>;

/** All trades in sight, open and closed. */
export const allTrades = (book: Book): readonly Trade[] => [...book.closedTrades, ...book.trades];

/** Trades of a name entered on a day. */
export const enteredOn = (book: Book, name: Symbol, day: TradingDay): number =>
  allTrades(book).filter((t) => t.underlying === name && t.openedDay === day).length;

/** Was a trade of a name closed on a day for one of these reasons? */
export const closedFor = (book: Book, name: Symbol, day: TradingDay, codes: readonly ReasonCode[]): boolean =>
  book.closedTrades.some((t) => t.underlying === name && t.closedDay === day && t.exit !== null && codes.includes(t.exit));

/** Trades opened in the ISO week of a day. */
export const openedInWeek = (book: Book, day: TradingDay): number =>
  allTrades(book).filter((t) => weekOf(t.openedDay) === weekOf(day)).length;

/** What a trade won, dollars, less the fees of all its contracts, both ways; `fee` is one contract, one side. */
export const netGain = (trade: Trade, fee: number): number =>
  dollars(trade.realized) - 2 * fee * trade.units * trade.legs.reduce((total, l) => total + l.ratio, 0);

/** The last trades in a row that lost after fees, and the day on which the newest of them closed. */
export function lossStreak(book: Book, fee = 0): { readonly losses: number; readonly lastDay: TradingDay | null } {
  const newestFirst = [...book.closedTrades].sort((a, b) => (b.closedAt ?? 0) - (a.closedAt ?? 0));
  let losses = 0;
  for (const trade of newestFirst) {
    if (netGain(trade, fee) >= 0) break;
    losses++;
  }
  return { losses, lastDay: losses > 0 ? (newestFirst[0]?.closedDay ?? null) : null };
}
