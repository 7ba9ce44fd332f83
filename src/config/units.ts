// The leaf types of the configuration: text that carries its unit, parsed to the unit the program counts in.
import { z } from 'zod';
import { strategyCodes, strategyId } from '../domain/ids.ts';
import { parseUsd, type Usd } from '../domain/money.ts';
import { HOUR, MINUTE, SECOND } from '../domain/time.ts';

const factors: Readonly<Record<string, number>> = { ms: 1, s: SECOND, m: MINUTE, h: HOUR };

/** Milliseconds of a duration such as `250ms`, `15s`, `20m`, `2h`; undefined when the text is not one. */
export function parseDuration(text: string): number | undefined {
  const match = /^(\d{1,9})(ms|s|m|h)$/.exec(text);
  if (match === null) return undefined;
  return Number(match[1]) * (factors[match[2] ?? ''] ?? Number.NaN);
}

/** A duration in [min, max] milliseconds, written as text with its unit. */
export const duration = (min: number, max: number) =>
  z.string({ error: 'expected a duration as text with its unit, e.g. "15s"' }).transform((text, context): number => {
    const ms = parseDuration(text);
    if (ms === undefined) context.addIssue('not a duration: write a whole number and ms, s, m or h, e.g. "15s"');
    else if (ms < min || ms > max) context.addIssue(`out of range: from ${formatDuration(min)} to ${formatDuration(max)}`);
    return ms ?? 0;
  });

/** The shortest text of a duration that parses back to the same milliseconds. */
export function formatDuration(ms: number): string {
  for (const unit of ['h', 'm', 's']) {
    const factor = factors[unit] ?? 1;
    if (ms >= factor && ms % factor === 0) return `${ms / factor}${unit}`;
  }
  return `${ms}ms`;
}

/** An amount of dollars above zero, written as exact decimal text, so that no float stands between the file and the ledger. */
export const money = () =>
  z.string({ error: 'expected money as decimal text, e.g. "2500.00"' }).transform((text, context): Usd => {
    const amount = parseUsd(text);
    if (amount === undefined) context.addIssue('not an amount of dollars: write decimal text, e.g. "2500.00"');
    else if (amount <= 0) context.addIssue('must be above zero');
    return amount ?? (0 as Usd);
  });

/** A part of something, written as a fraction above 0 up to `max`: 0.05 is 5 %. Whoever writes 5 is told, not believed. */
export const part = (max: number) => z.number().gt(0).max(max, `out of range: write a fraction up to ${max}, e.g. 0.05 for 5 %`);

/** A count in [min, max]. */
export const count = (min: number, max: number) => z.int().min(min).max(max);

/** An absolute URL of one of the given schemes, without credentials, query or fragment. */
export const url = (...schemes: readonly string[]) =>
  z.string().transform((text, context): string => {
    const parsed = URL.canParse(text) ? new URL(text) : null;
    if (parsed === null || !schemes.includes(parsed.protocol)) {
      context.addIssue(`not a URL that starts with ${schemes.map((scheme) => `${scheme}//`).join(' or ')}`);
    } else if (parsed.username !== '' || parsed.password !== '') {
      context.addIssue('a URL here carries no user name and no password: keys come from the environment or a secret file');
    } else if (parsed.search !== '' || parsed.hash !== '') {
      context.addIssue('a URL here carries no query and no fragment');
    }
    return text.replace(/\/+$/, '');
  });

/** A ticker as the exchange writes it. */
export const ticker = () => z.string().regex(/^[A-Z]{1,5}(\.[A-Z])?$/, 'not a ticker: one to five capital letters, e.g. SPY or BRK.B');

/** The id of one of the strategies. */
export const strategy = () =>
  z
    .string()
    .refine((text) => strategyCodes.has(strategyId(text)), `not a strategy: one of ${[...strategyCodes.keys()].join(', ')}`)
    .transform(strategyId);

/** A calendar date that exists. */
export const day = () => z.iso.date({ error: 'not a date: write YYYY-MM-DD' });
