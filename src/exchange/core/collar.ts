// How far above a price an order that names no limit may pay: the broker's own guard against a thin book.
const FIFTY_DOLLARS = 50_000_000;

/** 4 % above a price under $50, 2.5 % from there. Micros. */
export const withCollar = (price: number): number => Math.ceil(price * (price < FIFTY_DOLLARS ? 1.04 : 1.025));
