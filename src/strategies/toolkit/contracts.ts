// From a chain to the contracts one may trade: the expiry inside a window, the rows that can be valued, the first that trades well enough.

import { addDays, daysBetween, type TradingDay } from '../../domain/time.ts';
import type { Chain, ChainRow } from '../../market/quote.ts';
import { barred, census, type Field } from './census.ts';
import { type AnyContext, minutesFromOpen, minutesToClose } from './context.ts';
import { holds, need, refuse, replay, settle, type Trial } from './gates.ts';
import type { LiquidityAsk, LiquidityRule } from './liquidity.ts';
import { byStrike, expiriesInside, type Setting, type ValuedRow, valued, valuedRows } from './select.ts';

export interface ExpiryWindow {
  /** Calendar days to expiry. */
  readonly min: number;
  readonly target: number;
  readonly max: number;
  /** A standard monthly this close to the target is preferred; 0 when not given. */
  readonly monthlyWithin?: number;
  /** Of two equally near, the later. */
  readonly laterOnTie?: boolean;
}

/** Up to `count` listed expiries of a chain inside a window, nearest its target first; NO_EXPIRY_IN_RANGE when none is listed there. */
export function* chooseExpiries(
  ctx: Pick<AnyContext, 'day' | 'calendar'>,
  chain: Chain,
  window: ExpiryWindow,
  count: number,
): Trial<readonly [TradingDay, ...TradingDay[]]> {
  const listed = chain.rows.map((row) => row.contract.option.expiry);
  const { min, max, monthlyWithin = 0, ...rest } = window;
  const [first, ...others] = expiriesInside(listed, { day: ctx.day, calendar: ctx.calendar, min, max, monthlyWithin, ...rest });
  const asked = `${min} to ${max}`;
  if (first === undefined) yield* census(chain.rows, [], () => 'NO_EXPIRY_IN_RANGE');
  if (first === undefined)
    return yield* refuse('expiry', 'NO_EXPIRY_IN_RANGE', `no expiry between ${min} and ${max} days out`, null, asked);
  const chosen = [first, ...others.slice(0, count - 1)] as const;
  yield holds('expiry', { observed: chosen.join(' '), threshold: asked, pass: true }, 'NO_EXPIRY_IN_RANGE', '');
  return [...chosen];
}

/** The listed expiry of a chain inside a window, nearest its target; NO_EXPIRY_IN_RANGE when none is listed there. */
export function* chooseExpiry(ctx: Pick<AnyContext, 'day' | 'calendar'>, chain: Chain, window: ExpiryWindow): Trial<TradingDay> {
  const [expiry] = yield* chooseExpiries(ctx, chain, window, 1);
  return expiry;
}

/** One right of one expiry, of those inside a window. */
export const fieldOf = (
  day: TradingDay,
  of: Pick<Field, 'chain' | 'right' | 'setting'>,
  window: ExpiryWindow,
  expiry: TradingDay,
): Field => ({ ...of, wanted: (listed) => listed === expiry, reach: inWindow(day, window) });

/** True of the expiries inside a window. */
export const inWindow =
  (day: TradingDay, { min, max }: Pick<ExpiryWindow, 'min' | 'max'>): Field['reach'] =>
  (expiry) =>
    daysBetween(day, expiry) >= min && daysBetween(day, expiry) <= max;

/** The rows that can be valued; where none can, the reason of the first. */
export function* valuedOf(ctx: Pick<AnyContext, 'market'>, rows: readonly ChainRow[], setting: Setting): Trial<readonly ValuedRow[]> {
  const result = valuedRows(rows, setting, (symbol) => ctx.market.entryQuote(symbol));
  if (result.length > 0) return result;
  const [first] = rows;
  if (first === undefined) return yield* refuse('strikes', 'CHAIN_EMPTY', 'the expiry lists no strike');
  const quote = yield* need('strikes', ctx.market.entryQuote(first.contract.option.symbol));
  yield* need('strikes', valued(first.contract.option, quote, setting));
  return yield* refuse('strikes', 'QUOTE_MISSING', `none of ${rows.length} strikes has a bid`);
}

/** The rows of a field that can be valued; where none can, what became of each contract, and the reason of the first. */
export function* valuedSide(ctx: Pick<AnyContext, 'market'>, field: Field): Trial<readonly ValuedRow[]> {
  const { chain, right, wanted, setting } = field;
  const rows = byStrike(chain.rows.filter(({ contract: { option } }) => option.right === right && wanted(option.expiry)));
  const found = settle(valuedOf(ctx, rows, setting));
  if (!found.ok) yield* census(chain.rows, [], (row) => barred(ctx.market, field, row) ?? found.code);
  return yield* replay(found);
}

/** Open interest is published for the evening before; one session older may still be the newest there is. */
const OPEN_INTEREST_SESSIONS = -2;

/** What of the liquidity asked for is the same for every row of a tick. */
export const liquidityAsk = (
  ctx: Pick<AnyContext, 'day' | 'sessionAt' | 'now' | 'session'>,
  rule: LiquidityRule & { readonly volume_minutes_after_open: number },
  contracts: number,
): LiquidityAsk => ({
  rule,
  contracts,
  openInterestFrom: ctx.sessionAt(ctx.day, OPEN_INTEREST_SESSIONS).day,
  early: minutesFromOpen(ctx) < rule.volume_minutes_after_open,
});

/** Minutes before the close from which what expires today is only closed: the broker refuses to open it soon after. */
const CUT_OFF_MINUTES = 60;

/** May what expires today no longer be opened? */
export const pastCutOff = (ctx: Pick<AnyContext, 'now' | 'session'>): boolean => minutesToClose(ctx) <= CUT_OFF_MINUTES;

/** What expires today may still be opened; OUTSIDE_WINDOW in its last hour. */
export function* beforeCutOff(ctx: Pick<AnyContext, 'now' | 'session'>): Trial<void> {
  const observed = minutesToClose(ctx);
  yield holds(
    'minutes to the close of what expires today',
    { observed, threshold: `more than ${CUT_OFF_MINUTES}`, pass: !pastCutOff(ctx) },
    'OUTSIDE_WINDOW',
    `${observed} minutes before the close what expires today is only closed`,
  );
}

/** The day `dte` calendar days out. */
export const dayOut = (ctx: Pick<AnyContext, 'day'>, dte: number): TradingDay => addDays(ctx.day, dte);
