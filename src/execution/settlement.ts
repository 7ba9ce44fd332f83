// When cash settles, and what of the account's cash has. Shares and options settle on the session after the trade (17 CFR 240.15c6-1).
import { type Usd, usd } from '../domain/money.ts';
import type { Movement } from '../domain/position.ts';
import { addDays, type TradingDay } from '../domain/time.ts';
import type { Calendar } from '../market/calendar.ts';

/** No trade takes longer to settle, holidays and weekends included: calendar days. */
const LONGEST_DAYS = 10;

/** What is delivered against payment; deposits, dividends, interest, fees and corrections are cash at once. */
const delivered: ReadonlySet<Movement['kind']> = new Set(['fill', 'assignment', 'exercise']);

/** The day on which the cash of a movement is there: the session after its trade for what was bought or sold, its own day for the rest. */
export const settleDay = ({ kind, day }: Pick<Movement, 'kind' | 'day'>, calendar: Pick<Calendar, 'offset'>): TradingDay =>
  delivered.has(kind) ? calendar.offset(day, 1).day : day;

/**
 * Cash that may be spent without owing it to a sale that has not settled: what was paid is gone at once, what is to come counts from
 * its settle day. Signed micros.
 * @param cash all cash of the ledger
 * @param recent movements of the last days, those of settled days may be among them
 */
export function settledCash(cash: Usd, recent: readonly Movement[], today: TradingDay, calendar: Pick<Calendar, 'offset'>): Usd {
  const oldest = addDays(today, -LONGEST_DAYS);
  let coming = 0;
  for (const row of recent) if (row.cash > 0 && row.day >= oldest && settleDay(row, calendar) > today) coming += row.cash;
  return usd(cash - coming);
}
