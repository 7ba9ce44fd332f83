// The cash dividends that matter to an option: in order, and no two within the same day.
import { exp } from '../../elementary.ts';
import type { AmericanInput, CashDividend } from '../contract.ts';

/** Ex-dates are days: two nearer than half a day are one, at the earlier moment. */
const SAME_DAY = 0.5 / 365;

/** The dividends with an ex-date after now and not after expiry, the earliest first, those of one day added up. */
export function scheduleOf(input: AmericanInput): readonly CashDividend[] {
  const coming = (input.dividends ?? []).filter(({ years, amount }) => amount > 0 && years > 0 && years <= input.years);
  const days: { readonly years: number; amount: number }[] = [];
  for (const { years, amount } of coming.sort((a, b) => a.years - b.years)) {
    const last = days.at(-1);
    if (last !== undefined && years - last.years < SAME_DAY) last.amount += amount;
    else days.push({ years, amount });
  }
  return days;
}

/** What the schedule is worth today, dollars per share. */
export const presentValue = (schedule: readonly CashDividend[], rate: number): number =>
  schedule.reduce((sum, { years, amount }) => sum + amount * exp(-rate * years), 0);
