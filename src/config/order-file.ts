// An order as a person states it, to ask what risk would say to it: `wsb risk check --order FILE`, and the body of the route behind it.
import { z } from 'zod';
import { symbol } from '../domain/ids.ts';
import { instrumentOf, parseOcc } from '../domain/instrument.ts';
import { type Legs, leg, sign } from '../domain/legs.ts';
import { type Price, parsePrice, price, qty } from '../domain/money.ts';
import { dayNumber, dayOfNumber } from '../domain/time.ts';
import type { SupposedOrder } from '../risk/supposed-order.ts';
import { count, strategy } from './units.ts';

const TICKER = /^[A-Z]{1,5}(\.[A-Z])?$/;
const isOption = (text: string): boolean => {
  const expiry = parseOcc(text)?.expiry;
  return expiry !== undefined && dayOfNumber(dayNumber(expiry)) === expiry;
};

/** A ticker, or an option by its OCC symbol without padding. */
export const symbolText = () =>
  z
    .string()
    .refine(
      (text) => TICKER.test(text) || isOption(text),
      'not a symbol: a ticker such as SPY, or an option such as SPY260417P00480000 (name, yymmdd, C or P, strike x 1000 in eight digits)',
    );

/** Above it no price of a share or a package is meant, and amounts could not be counted exactly any more. */
const PRICE_MAX = 1_000_000_000_000;

/** Exact decimal text, or a number that is written as one. @param least micros */
export const decimal = (least: number, most: number, what: string) =>
  z.union([z.string(), z.number()], { error: `expected ${what} as decimal text, e.g. "180.00"` }).transform((written, context): number => {
    const micros = parsePrice(String(written).trim());
    if (micros === undefined) context.addIssue(`not ${what}: write decimal text with at most six decimals, e.g. "180.00"`);
    else if (micros < least || micros > most) context.addIssue(`out of range: from ${String(least / 1e6)} to ${String(most / 1e6)}`);
    return micros ?? 0;
  });

const limit = () => decimal(-PRICE_MAX, PRICE_MAX, 'a price').transform((micros) => price(micros));

const legSchema = z.strictObject({
  symbol: symbolText(),
  side: z.enum(['buy', 'sell']),
  effect: z.enum(['open', 'close']),
  ratio: count(1, 100).default(1),
});

type LegText = z.output<typeof legSchema>;

const QTY_MAX = 1_000_000;
const LEGS_MAX = 4;
const RUNGS_MAX = 12;

const legsOf = (stated: readonly LegText[]): Legs => {
  const [first, ...rest] = stated.map((l) => leg(instrumentOf(symbol(l.symbol)), l.side, l.effect, l.ratio));
  return [first as Legs[0], ...rest];
};

/** Of one leg the price as it is quoted, which a sale collects; of a package the net as it is paid, a credit below zero. */
function netOf(legs: Legs, stated: Price): Price {
  return legs.length > 1 ? stated : price(stated * sign(legs[0].side));
}

const fields = z.strictObject({
  strategy: strategy(),
  legs: z
    .array(legSchema)
    .min(1, 'at least one leg')
    .max(LEGS_MAX, `at most ${String(LEGS_MAX)} legs`),
  qty: count(1, QTY_MAX),
  limit: limit().optional(),
  limits: z
    .array(limit())
    .min(1, 'at least one limit')
    .max(RUNGS_MAX, `at most ${String(RUNGS_MAX)} limits`)
    .optional(),
});

/** The schema of an order file. */
export const orderSchema = fields.transform((stated, context): SupposedOrder => {
  const { limit: one, limits: many } = stated;
  const prices = many ?? (one === undefined ? [] : [one]);
  const [first, ...rest] = prices;
  if (first === undefined || (one !== undefined && many !== undefined)) {
    context.addIssue({ code: 'custom', path: ['limit'], message: 'state one limit, or a list of them as limits' });
    return z.NEVER;
  }
  const legs = legsOf(stated.legs);
  if (legs.length === 1 && prices.some((p) => !(p > 0))) {
    context.addIssue({
      code: 'custom',
      path: [many === undefined ? 'limit' : 'limits'],
      message: 'must be above zero: of one leg it is the price as quoted, whether it is bought or sold',
    });
    return z.NEVER;
  }
  return { strategy: stated.strategy, legs, qty: qty(stated.qty), rungs: [netOf(legs, first), ...rest.map((p) => netOf(legs, p))] };
});
