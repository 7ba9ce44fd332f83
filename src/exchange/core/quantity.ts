// Quantities: whole units, or fractions of a share to nine decimals. Only this file does arithmetic on a fraction: it goes through
// integers of a thousand-millionth, so that equal quantities are equal numbers.

const NANO = 1_000_000_000;
/** Beyond this many shares nine decimals no longer fit a double: no fraction is traded there. */
export const MOST_FRACTIONAL = 4_000_000;

const nano = (qty: number): number => Math.round(qty * NANO);
export const isWhole = (qty: number): boolean => Number.isSafeInteger(qty);
/** True of a quantity that nine decimals hold exactly. */
export const isQuantity = (qty: number): boolean => isWhole(qty) || (Math.abs(qty) <= MOST_FRACTIONAL && nano(qty) / NANO === qty);

export const plus = (a: number, b: number): number => (isWhole(a) && isWhole(b) ? a + b : (nano(a) + nano(b)) / NANO);
export const minus = (a: number, b: number): number => plus(a, -b);

/** `qty` times `to / from`, to nine decimals, what is beyond them cut off. */
export function proportion(qty: number, { from, to }: { readonly from: number; readonly to: number }): number {
  const whole = (qty * to) / from;
  if (isWhole(whole)) return whole;
  return Number((BigInt(nano(qty)) * BigInt(to)) / BigInt(from)) / NANO;
}

/** Micros that `qty` units cost at `price` micros each; a fraction's are rounded half up. */
export function cashOf(qty: number, price: number): number {
  if (isWhole(qty)) return qty * price;
  const tenfold = BigInt(nano(Math.abs(qty))) * BigInt(price) * 10n;
  const cash = Number((tenfold + 5n * BigInt(NANO)) / (10n * BigInt(NANO)));
  return qty < 0 ? -cash : cash;
}

/** The most units, to nine decimals, that `amount` micros pay for at `price` micros each. */
export const unitsFor = (amount: number, price: number): number => Number((BigInt(amount) * BigInt(NANO)) / BigInt(price)) / NANO;
