// From a chain to the contracts one may trade: the expiry inside a window, the rows that can be valued, the first that trades well enough.

import type { Side } from '../../domain/legs.ts';
import { addDays, type TradingDay } from '../../domain/time.ts';
import type { Chain, ChainRow } from '../../market/quote.ts';
import { type AnyContext, minutesFromOpen } from './context.ts';
import { holds, need, refuse, settle, type Trial } from './gates.ts';
import { type LiquidityAsk, type LiquidityRule, liquid } from './liquidity.ts';
import { expiriesInside, type Setting, type ValuedRow, valued, valuedRows } from './select.ts';

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

/** The rows of an expiry that can be valued; where none can, the reason of the first. */
export function* valuedSide(ctx: Pick<AnyContext, 'market'>, rows: readonly ChainRow[], setting: Setting): Trial<readonly ValuedRow[]> {
  const result = valuedRows(rows, setting, (symbol) => ctx.market.quote(symbol));
  if (result.length > 0) return result;
  const [first] = rows;
  if (first === undefined) return yield* refuse('strikes', 'CHAIN_EMPTY', 'the expiry lists no strike');
  const quote = yield* need('strikes', ctx.market.quote(first.contract.option.symbol));
  yield* need('strikes', valued(first.contract.option, quote, setting));
  return yield* refuse('strikes', 'QUOTE_MISSING', `none of ${rows.length} strikes has a bid`);
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

/** Of the candidates, best first, the first that trades well enough; else the reason of the best. */
export function* firstLiquid(side: Side, candidates: readonly ValuedRow[], ask: (row: ValuedRow) => LiquidityAsk): Trial<ValuedRow> {
  const trial = (row: ValuedRow): Trial<void> => liquid(side, row.row, row.quote, ask(row));
  const chosen = candidates.find((row) => settle(trial(row)).ok) ?? candidates[0];
  if (chosen === undefined) return yield* refuse('strike', 'NO_STRIKE_IN_BAND', 'no contract to choose from');
  yield* trial(chosen);
  return chosen;
}

/** The day `dte` calendar days out. */
export const dayOut = (ctx: Pick<AnyContext, 'day'>, dte: number): TradingDay => addDays(ctx.day, dte);
