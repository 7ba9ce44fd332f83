// The refusals the exchange knows how to say: HTTP status, code and text as Alpaca's clients expect them.
import type { XRefusal } from '../types.ts';

type Extra = Readonly<Record<string, unknown>>;

const refusal = (status: XRefusal['status'], code: number, message: string, extra?: Extra): XRefusal =>
  extra === undefined ? { ok: false, status, code, message } : { ok: false, status, code, message, extra };

/** The request itself is wrong: a field is missing, of the wrong form, or not allowed beside another. */
export const invalid = (message: string): XRefusal => refusal(422, 40010001, message);

/** The request is well formed, but cannot be carried out as it stands. */
export const unprocessable = (message: string): XRefusal => refusal(422, 42210000, message);

/** The account may not do this now: buying power, quantity, level, wash trade. */
export const forbidden = (message: string, extra?: Extra): XRefusal => refusal(403, 40310000, message, extra);

/** Nothing of that name in this account. */
export const notFound = (message: string): XRefusal => refusal(404, 40410000, message);
