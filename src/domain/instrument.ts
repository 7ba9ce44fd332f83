// What can be traded: shares and listed options, and the OCC symbol that names an option.
import { assert } from '../base/assert.ts';
import { type Symbol, symbol } from './ids.ts';
import { type Price, price } from './money.ts';
import { type TradingDay, tradingDay } from './time.ts';

export type Right = 'call' | 'put';

export interface Equity {
  readonly kind: 'equity';
  readonly symbol: Symbol;
  readonly underlying: Symbol;
  readonly multiplier: 1;
}
export interface Option {
  readonly kind: 'option';
  readonly symbol: Symbol;
  readonly underlying: Symbol;
  readonly multiplier: 100;
  readonly right: Right;
  /** Micros per share. */
  readonly strike: Price;
  readonly expiry: TradingDay;
}
export type Instrument = Equity | Option;

export const equity = (ticker: Symbol): Equity => ({ kind: 'equity', symbol: ticker, underlying: ticker, multiplier: 1 });

const occ = /^([A-Z]{1,6}\d?)(\d{2})(\d{2})(\d{2})([CP])(\d{8})$/;

/** The OCC symbol, unpadded: root, yymmdd, C or P, strike x 1000 in 8 digits. Throws AssertionError for a strike it cannot hold. */
export function occSymbol(root: Symbol, expiry: TradingDay, right: Right, strike: Price): Symbol {
  assert(strike > 0 && strike % 1000 === 0, `strike is not a multiple of 0.001: ${String(strike)}`);
  const thousandths = strike / 1000;
  assert(thousandths < 1e8, 'strike too large for an OCC symbol');
  const date = expiry.slice(2, 4) + expiry.slice(5, 7) + expiry.slice(8, 10);
  return symbol(`${root.replace('.', '')}${date}${right === 'call' ? 'C' : 'P'}${String(thousandths).padStart(8, '0')}`);
}

/** The option an OCC symbol names; undefined when the text is not one. The root is taken as the underlying. */
export function parseOcc(text: string): Option | undefined {
  const match = occ.exec(text);
  if (match === null) return undefined;
  const [, root = '', yy = '', mm = '', dd = '', cp = '', thousandths = ''] = match;
  if (Number(mm) < 1 || Number(mm) > 12 || Number(dd) < 1 || Number(dd) > 31 || Number(thousandths) === 0) return undefined;
  return {
    kind: 'option',
    symbol: symbol(text),
    underlying: symbol(root),
    multiplier: 100,
    right: cp === 'C' ? 'call' : 'put',
    strike: price(Number(thousandths) * 1000),
    expiry: tradingDay(`20${yy}-${mm}-${dd}`),
  };
}

/** The instrument any symbol names: an option when it reads as an OCC symbol, else shares. */
export const instrumentOf = (ticker: Symbol): Instrument => parseOcc(ticker) ?? equity(ticker);

/** An adjusted contract's root ends in a digit (`AAPL1`): its deliverable is not 100 shares, so we never trade it. */
export const isAdjusted = (option: Option): boolean => /\d$/.test(option.underlying);
