// The cash dividends that matter to an option: in order, and no two within the same day.
import type { BsInput } from '../../black-scholes.ts';
import { exp } from '../../elementary.ts';
import type { AmericanInput, CashDividend } from '../contract.ts';

/** Ex-dates are days: two nearer than half a day are one, at the earlier moment. */
const SAME_DAY = 0.5 / 365;
/** No more ex-dates are told apart, those of two years of weeks: of more, neighbours within an even part of the time are one. */
const MOST_EX_DATES = 120;
/** Less than this part of the spot, in today's dollars, moves no price. */
const NEGLIGIBLE = 1e-14;

function matters({ rate, dividendYield, spot, years: expiry }: AmericanInput, { years, amount }: CashDividend): boolean {
  if (!(amount > 0 && years > 0 && years <= expiry)) return false;
  return amount * exp(Math.max(0, -dividendYield) * (expiry - years) - rate * years) > NEGLIGIBLE * spot;
}

/**
 * The dividends with an ex-date after now and not after expiry that are not next to nothing, the earliest first, those of one day added
 * up. The input must be without fault.
 */
export function scheduleOf(input: AmericanInput): readonly CashDividend[] {
  const coming = (input.dividends ?? []).filter((dividend) => matters(input, dividend)).sort((a, b) => a.years - b.years);
  const within = (span: number): readonly CashDividend[] => {
    const days: { readonly years: number; amount: number }[] = [];
    for (const { years, amount } of coming) {
      const last = days.at(-1);
      if (last !== undefined && years - last.years < span) last.amount += amount;
      else days.push({ years, amount });
    }
    return days;
  };
  const days = within(SAME_DAY);
  return days.length <= MOST_EX_DATES ? days : within(Math.max(SAME_DAY, input.years / MOST_EX_DATES));
}

/** What the schedule is worth today, dollars per share. */
export const presentValue = (schedule: readonly CashDividend[], rate: number): number =>
  schedule.reduce((sum, { years, amount }) => sum + amount * exp(-rate * years), 0);

/** The contract and its ex-dates `by` years later in calendar time, earlier if negative. */
export const later = (input: BsInput, schedule: readonly CashDividend[], by: number): readonly [BsInput, readonly CashDividend[]] => [
  { ...input, years: input.years - by },
  schedule.map(({ years, amount }) => ({ years: Math.max(0, years - by), amount })),
];

/** Before an ex-date that comes within this part of the time to expiry the share has no time to move. */
const AT_ONCE = 1e-10;
export const isAtOnce = ({ years }: CashDividend, toExpiry: number): boolean => years <= AT_ONCE * toExpiry;
