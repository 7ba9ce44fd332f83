// Words for strategy parameters: bounds that every strategy shares, units in the names that use them.
import { z } from 'zod';
import type { Symbol } from '../../domain/ids.ts';

/** A ticker as the broker writes it. */
export const ticker = z
  .string()
  .regex(/^[A-Z]{1,5}(\.[A-Z])?$/, 'not a ticker: one to five capital letters, such as BAC or BRK.B')
  .transform((text) => text as Symbol);

/** A universe: distinct tickers, at least one. */
export const universe = z
  .array(ticker)
  .min(1)
  .max(500)
  .refine((list) => new Set(list).size === list.length, 'a ticker stands in it twice: remove one');

/** A fraction of something, 0 to 1: 0.05 is 5 %. */
export const fraction = z.number().min(0).max(1);

/** Calendar days to an expiry. */
export const dte = z.int().min(0).max(1_500);

/** Minutes of a session, counted from its open or its close. */
export const sessionMinutes = z.int().min(1).max(390);

/** A price ladder's pause between two rungs, exchange seconds. */
export const stepSeconds = z.int().min(1).max(600);

/**
 * What `refine` wants to hold parameters in order: each at most the next. The finding stands at the second of them, which is the one in
 * the middle where there are three.
 */
export const rising = <Name extends string>(
  ...names: readonly [Name, Name, ...Name[]]
): [check: (params: Readonly<Record<Name, number>>) => boolean, finding: { readonly path: string[]; readonly message: string }] => [
  (params) => names.every((name, i) => i === 0 || params[names[i - 1] as Name] <= params[name]),
  { path: [names[1]], message: `${names.join(' <= ')} must hold` },
];
