// Would whoever holds the other side of a short option exercise it before its time? The arithmetic, without a clock or a book.
import type { Option } from '../domain/instrument.ts';
import { dollars } from '../domain/money.ts';

/** A short option and its market, dollars a share. */
export interface ShortOption {
  readonly option: Option;
  readonly mid: number;
  readonly spot: number;
  /** What goes ex on the next session; 0 where nothing does. */
  readonly dividend: number;
  /** Calendar years to expiry. */
  readonly years: number;
  /** Risk-free, continuous, a fraction a year. */
  readonly rate: number;
}

/** Why it may be exercised tonight, dollars a share: what the holder gains by it against the time value given up. */
export interface AssignmentDanger {
  readonly cause: 'dividend' | 'interest' | 'time_value';
  readonly gain: number;
  readonly timeValue: number;
}

/** A put in the money with less time value than this is exercised by whoever has a use for the cash. */
const PUT_TIME_VALUE_MIN = 0.05;
/** Prices are whole cents; what is left after the subtraction of two is compared in millionths. */
const exact = (x: number): number => Math.round(x * 1e6) / 1e6;

/**
 * The danger that a short option in the money is assigned tonight. A call: the dividend of the next session is worth more than the time
 * value (Merton 1973: only just before an ex-date does early exercise of a call pay). A put: under five cents of time value, or the
 * interest on its strike to expiry, K(1 - e^(-rT)), is worth more. Undefined where there is none; NaN in any figure counts as danger.
 */
export function assignmentDanger({ option, mid, spot, dividend, years, rate }: ShortOption): AssignmentDanger | undefined {
  const strike = dollars(option.strike);
  const intrinsic = option.right === 'call' ? spot - strike : strike - spot;
  if (intrinsic <= 0) return undefined;
  const timeValue = exact(mid - intrinsic);
  if (option.right === 'call') {
    if (dividend === 0 || timeValue >= dividend) return undefined;
    return { cause: 'dividend', gain: dividend, timeValue };
  }
  const interest = strike * (1 - Math.exp(-rate * years));
  if (!(timeValue >= PUT_TIME_VALUE_MIN)) return { cause: 'time_value', gain: PUT_TIME_VALUE_MIN, timeValue };
  return timeValue >= interest ? undefined : { cause: 'interest', gain: interest, timeValue };
}
