// A calendar date as files write it.
import { dayNumber, dayOfNumber, type TradingDay, tradingDay } from '../domain/time.ts';

/** The date that `YYYY-MM-DD` names; undefined when the text has another form or no such day exists. */
export function dayFromText(text: string): TradingDay | undefined {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return undefined;
  const day = tradingDay(text);
  return dayOfNumber(dayNumber(day)) === day ? day : undefined;
}
