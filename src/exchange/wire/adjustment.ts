// Bars of shares as a client wants them: as traded, or with splits and dividends taken out as of the present day.
import { addDays, type EpochMs, type TradingDay } from '../../domain/time.ts';
import type { CashDividend, MarketBar, ShareSplit } from '../market.ts';
import { inNewShares, ratioBetween } from '../splits.ts';
import { badRequest } from './message.ts';
import type { Call } from './route.ts';

/** What is taken out of prices. Spin-offs may be asked for; this market knows none, so nothing is left to take out. */
export interface Adjustment {
  readonly splits: boolean;
  readonly dividends: boolean;
}

const names = ['raw', 'split', 'dividend', 'spin-off', 'all'] as const;

/** `adjustment`, one or several of its names; `raw` when absent. */
export function adjustmentOf(call: Call): Adjustment {
  const asked = call.query.list('adjustment') ?? ['raw'];
  const unknown = asked.find((name) => !names.some((one) => one === name));
  if (unknown !== undefined) throw badRequest(400, 40010001, `invalid adjustment: ${unknown}`);
  const all = asked.includes('all');
  return { splits: all || asked.includes('split'), dividends: all || asked.includes('dividend') };
}

/** How far back the close before an ex-day is looked for, in calendar days. */
const LOOK_BACK_DAYS = 10;

/** Of a dividend that went ex: the part of a price that was left of it. 1 where no close before it is known. */
function partLeft(call: Call, { symbol, exDay, perShare }: CashDividend): number {
  const before = call.market.dailyBars(symbol, addDays(exDay, -LOOK_BACK_DAYS), addDays(exDay, -1), call.now, 'raw').at(-1);
  return before === undefined || before.close <= perShare ? 1 : 1 - perShare / before.close;
}

/** Takes splits, and then dividends, out of bars as traded; prices on whole hundredths of a cent where a dividend was taken out. */
export function adjuster(call: Call, symbol: string, first: TradingDay, { splits, dividends }: Adjustment): (bar: MarketBar) => MarketBar {
  const today = call.calendar.dayOf(call.now as EpochMs);
  const own = <T extends { readonly symbol: string }>(rows: readonly T[]): readonly T[] => rows.filter((row) => row.symbol === symbol);
  const ratios: readonly ShareSplit[] = splits ? own(call.market.splits(first, today, call.now)) : [];
  const parts = dividends
    ? own(call.market.dividends(first, today, call.now)).map((dividend) => ({ exDay: dividend.exDay, left: partLeft(call, dividend) }))
    : [];
  if (ratios.length === 0 && parts.length === 0) return (bar) => bar;
  return (bar) => {
    const counted = inNewShares(bar, ratioBetween(ratios, bar.day, today));
    const left = parts.reduce((product, part) => (part.exDay > bar.day ? product * part.left : product), 1);
    if (left === 1) return counted;
    const by = (micros: number): number => Math.round((micros * left) / 100) * 100;
    return { ...counted, open: by(counted.open), high: by(counted.high), low: by(counted.low), close: by(counted.close) };
  };
}
